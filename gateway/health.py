"""`/healthz`: the process is up. `/readyz`: it can serve."""

import logging
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify
from redis import RedisError

from gateway import spool
from gateway.doorbell import connect
from store import heartbeats
from store.database import sqlite_version, wal_is_safe
from store.errors import Unavailable, traced
from store.shop import Shop

_log = logging.getLogger(__name__)


def blueprint(shop: Shop) -> Blueprint:
    """The two pages."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    @health.get("/readyz")
    def readyz() -> tuple[Response, int]:
        found = state(shop)
        return jsonify(found), 503 if found["status"] == "unavailable" else 200

    return health


def state(shop: Shop) -> dict[str, Any]:
    """What works. Without the database there is no service; without Redis it is only slower."""
    database = worker = False
    try:
        with shop.write(durable=False) as tx:
            tx.execute("DELETE FROM heartbeats WHERE name = ''")
            database, worker = True, heartbeats.seen_lately(tx)
    except Unavailable:
        pass  # told by the page itself
    except Exception as error:  # a page that fails would not tell which part it was
        _log.error("the database does not work\n%s", traced(error))
    redis = _redis_answers(shop.settings.redis_url)
    status = "ok" if redis else "degraded"
    return {
        "status": status if database and worker else "unavailable",
        "database": "ok" if database else "cannot be written",
        "redis": "ok" if redis else "away",
        "worker": "ok" if worker else "not seen lately",
        "spool": _spooled(shop.settings.spool_path),
        "sqlite": sqlite_version(),
        "journal": "wal" if wal_is_safe() else "rollback: this SQLite can corrupt a WAL",
    }


def _spooled(folder: Path) -> str:
    """Whether something waits for the database as a file; a worker takes it in seconds."""
    try:
        count = len(spool.waiting(folder))
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return f"{count} waiting" if count else "empty"


def _redis_answers(url: str | None) -> bool:
    try:
        return bool(url and connect(url).ping())
    except (RedisError, OSError):
        return False
