"""Where stories take place behind a real Kannel: the market's real processes, and phones that can
only send and receive SMS."""

import shlex
import sqlite3
import urllib.request
import uuid
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bench.kannel import Kannel
from tests.support.processes import Market, free_port, wait_until

TOKEN = "hook-token-of-the-tests"


class KannelWorld:
    """`make run`'s processes, and Kannel between them and the phones."""

    patience = 15.0
    """Seconds in which every message must have arrived."""

    def __init__(
        self, folder: Path, kannel: Kannel, through: int | None = None, **settings: str
    ) -> None:
        """`through`: the port on which Kannel reaches us, if it is not the market's own."""
        self.kannel = kannel
        self._settings = settings
        self._folder = folder
        self.port = free_port()
        self._public = f"http://127.0.0.1:{through or self.port}"
        self.open()
        kannel.start(f"{self._public}/hooks/http/{TOKEN}")

    def open(self) -> None:
        """Opens the market: its port and its data are always the same."""
        settings = {
            **self.kannel.account,
            "PASAR_PUBLIC_URL": self._public,
            "PASAR_HOOK_TOKENS": TOKEN,
            **self._settings,
        }
        self.market = Market(self._folder / "var", self.port, **settings)
        self.market.wait_until_open()

    def hop(self, msisdn: str, session_id: str, service_code: str, text: str) -> str:
        raise AssertionError("phones behind Kannel can only send SMS")

    def send(self, msisdn: str, text: str) -> None:
        self.kannel.phones.send(msisdn, text)

    def bring(self, msisdn: str, text: str) -> None:
        """The same as Kannel brings it, when there is no Kannel."""
        sms = {"id": str(uuid.uuid4()), "from": msisdn, "text": text, "coding": "0"}
        hooks = f"http://127.0.0.1:{self.port}/hooks/http/{TOKEN}"
        with urllib.request.urlopen(f"{hooks}/sms?{urlencode(sms)}", timeout=10) as answer:
            assert answer.status == 200

    def receive(self, msisdn: str, index: int) -> str:
        try:
            return self.kannel.phones.wait_for(msisdn, index, self.patience)
        except TimeoutError as error:
            raise AssertionError(str(error)) from None

    def count(self, msisdn: str) -> int:
        self.settle()
        return len(self.kannel.phones.to(msisdn))

    def settle(self) -> None:
        """Waits until nothing waits any more, in the market."""
        wait_until(self._is_quiet, self.patience * 2)

    def _is_quiet(self) -> bool:
        return not self.states("inbox") - {"answered"} and not self.states("outbox") - {"delivered"}

    def states(self, table: str) -> set[str]:
        """The states that something in this table is in."""
        return {state for (state,) in self.rows(f"SELECT DISTINCT state FROM {table}")}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:

        with closing(
            sqlite3.connect(f"file:{self._folder / 'var' / 'pasar.db'}?mode=ro", uri=True)
        ) as db:
            return db.execute(sql).fetchall()

    def turn(self, span: timedelta) -> None:
        pytest.skip("real processes have no clock to turn")

    def run(self, command: str) -> str:
        return self.market.run(*shlex.split(command))

    def close(self) -> None:
        """Stops everything."""
        self.market.clear()
        self.kannel.stop()
