"""The web application in this process, as providers see it."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

import settings as configuration
from app import create_app
from menus.notices import NOTICES
from menus.wording import Wording
from settings import Settings
from store import sealing
from store.shop import Shop
from tests.support import payloads

NEW, OLD = "n" * 22, "o" * 22
"""The two tokens of its hooks."""


class Gateway:
    """The application, and its shop."""

    def __init__(self, folder: Path, **values: str) -> None:
        environ = {"PASAR_DATA_DIR": str(folder), "PASAR_HOOK_TOKENS": f"{NEW},{OLD}", **values}
        self.settings: Settings = configuration.load(environ)
        self.app: Flask = create_app(self.settings)
        self.client: FlaskClient = self.app.test_client()
        self.shop: Shop = self.app.extensions["shop"]
        self.shop.migrate()
        self.wording = Wording(self.settings.zone, NOTICES)

    def post(
        self, what: str, body: str | bytes, token: str = NEW, provider: str = "africastalking",
        **values: Any,
    ) -> tuple[int, str]:  # fmt: skip
        values = {"headers": payloads.HEADERS, **values}
        path = f"/hooks/{provider}/{token}/{what}"
        answer = self.client.post(path, data=body, **values)
        return answer.status_code, answer.get_data(as_text=True)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.shop.read() as tx:
            return [tuple(row.values()) for row in tx.rows(sql)]

    def texts(self) -> list[str]:
        """The incoming SMS that wait, as they were written."""
        pepper = self.settings.pepper
        return [sealing.unseal(pepper, text) for (text,) in self.rows("SELECT text FROM inbox")]
