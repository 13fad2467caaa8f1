"""`/healthz` and `/readyz`: what a load balancer and an operator are told."""

import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import settings as configuration
from app import create_app
from deploy.redis_server import RedisServer
from store import database, heartbeats
from store.clock import to_text
from store.shop import Shop
from tests.support.held import held

pytestmark = pytest.mark.processes


class Site:
    """The application with a worker seen just now."""

    def __init__(self, folder: Path, *, migrated: bool = True, **values: str) -> None:
        settings = configuration.load({"PASAR_DATA_DIR": str(folder), **values})
        app = create_app(settings)
        self.client: FlaskClient = app.test_client()
        self.shop: Shop = app.extensions["shop"]
        if migrated:
            self.shop.migrate()
            heartbeats.beat(self.shop, "worker")

    def ready(self) -> tuple[int, dict[str, Any]]:
        answer = self.client.get("/readyz")
        return answer.status_code, answer.get_json()


@pytest.fixture
def site(tmp_path: Path, server: RedisServer) -> Site:
    return Site(tmp_path / "var", PASAR_REDIS_URL=server.url)


def parts(state: dict[str, Any]) -> tuple[str, str, str, str]:
    return state["status"], state["database"], state["redis"], state["worker"]


def test_healthz_needs_nothing(tmp_path: Path) -> None:
    answer = Site(tmp_path / "var", migrated=False).client.get("/healthz")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"ok\n", "text/plain")


def test_all_is_well(site: Site) -> None:
    status, state = site.ready()
    assert status == 200
    assert parts(state) == ("ok", "ok", "ok", "ok")
    assert state["sqlite"] == database.sqlite_version()
    assert state["journal"].startswith("wal" if database.wal_is_safe() else "rollback")
    assert state["spool"] == "empty"
    assert len(state) == 7, "a part more wants a test more"


def test_what_waits_in_the_spool_is_told(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "var" / "spool"
    folder.mkdir()
    for name in ("1.event", "2.event", "3.new", "4.corrupt"):
        (folder / name).touch()
    status, state = site.ready()
    assert (status, state["spool"]) == (200, "2 waiting")
    shutil.rmtree(folder)
    folder.touch()
    status, state = site.ready()
    assert (status, state["spool"]) == (200, "cannot be read: Not a directory")


def test_without_redis_it_is_only_slower(tmp_path: Path) -> None:
    for url in ("", f"unix://{tmp_path}/nowhere.sock"):
        status, state = Site(tmp_path / "var", PASAR_REDIS_URL=url).ready()
        assert (status, parts(state)) == (200, ("degraded", "ok", "away", "ok"))


def test_a_frozen_redis_does_not_hold_it_up(site: Site, server: RedisServer) -> None:
    server.freeze()
    try:
        began = time.monotonic()
        status, state = site.ready()
        assert time.monotonic() - began < 1
        assert (status, parts(state)) == (200, ("degraded", "ok", "away", "ok"))
    finally:
        server.thaw()


def test_without_a_worker_it_is_not_ready(site: Site) -> None:
    with site.shop.write() as tx:
        tx.execute("DELETE FROM heartbeats")
    status, state = site.ready()
    assert (status, parts(state)) == (503, ("unavailable", "ok", "ok", "not seen lately"))


@pytest.mark.parametrize(("ago", "status"), [(25, 200), (35, 503)])
def test_a_worker_counts_for_half_a_minute(site: Site, ago: int, status: int) -> None:
    with site.shop.write() as tx:
        seen = to_text(tx.now - timedelta(seconds=ago))
        tx.execute("UPDATE heartbeats SET at = ?", (seen,))
    assert site.ready()[0] == status


def test_while_another_program_holds_the_database_it_is_not_ready(site: Site) -> None:
    with held(site.shop.database.path):
        began = time.monotonic()
        status, state = site.ready()
        assert time.monotonic() - began < 5
    assert (status, state["status"]) == (503, "unavailable")
    assert (state["database"], state["redis"]) == ("cannot be written", "ok")
    assert site.ready()[0] == 200


def test_a_database_without_its_schema_is_not_ready(tmp_path: Path) -> None:
    status, state = Site(tmp_path / "var", migrated=False).ready()
    assert (status, state["database"]) == (503, "cannot be written")


def test_a_database_that_is_none_is_not_ready(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff" * 5000)
    site = Site(tmp_path / "var", migrated=False, PASAR_DATABASE_URL=f"sqlite:///{path}")
    status, state = site.ready()
    assert (status, state["database"]) == (503, "cannot be written")


def test_a_database_in_a_folder_that_is_gone_is_not_ready(tmp_path: Path) -> None:
    gone = f"sqlite:///{tmp_path}/gone/pasar.db"
    status, state = Site(tmp_path / "var", migrated=False, PASAR_DATABASE_URL=gone).ready()
    assert (status, state["database"]) == (503, "cannot be written")


def test_it_tells_no_secret(site: Site) -> None:
    settings = site.shop.settings
    told = site.client.get("/readyz").get_data(as_text=True)
    for secret in (*settings.hook_tokens, settings.pepper, settings.secret_key, settings.redis_url):
        assert secret
        assert secret not in told
