"""worker.py alone, as a real process: how it starts, works with and without Redis, and ends."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Self

import pytest

import settings as configuration
from deploy.redis_server import RedisServer
from gateway.doorbell import Doorbell
from menus.opening import open_shop
from store import heartbeats, outbox
from store.shop import Shop
from tests.support.at_faults import Faults, always
from tests.support.at_server import AfricasTalkingServer
from tests.support.processes import wait_until

pytestmark = pytest.mark.processes

PHONES = [f"+62812345{number:05d}" for number in range(30)]
PROMPT = 5.0
"""Seconds within which a worker that was asked to end must have ended, on a busy machine."""


class Worker:
    """One `python worker.py` on a database that is there already."""

    def __init__(self, environ: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "worker.py"], env=environ, stdout=file, stderr=file
            )

    def end(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Asks it to end; the seconds that it took. It must end well, without a traceback."""
        began = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(30) == 0, self.log.read_text()
        assert "Traceback" not in self.log.read_text(), self.log.read_text()
        return time.monotonic() - began

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()


class Site:
    """A database, a provider, and the environment that workers share."""

    def __init__(self, folder: Path, at: AfricasTalkingServer) -> None:
        self.folder, self.at = folder, at
        self.environ = {
            "PASAR_DATA_DIR": str(folder / "var"),
            "PASAR_SMS_PROVIDER": "africastalking",
            "PASAR_AT_USERNAME": "sandbox",
            "PASAR_AT_API_KEY": "test-key",
            "PASAR_AT_BASE_URL": at.base_url,
            "PASAR_SWEEP_EVERY": "1s",
            "PASAR_LEASE": "3s",
            "PASAR_REPORT_WITHIN": "1s",
            "PASAR_SEND_AT_ONCE": "8",
        }
        self.shop: Shop = open_shop(configuration.load(self.environ))[0]
        self.shop.migrate()

    def worker(self, **settings: str) -> Worker:
        path = {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"}
        return Worker(path | self.environ | settings, self.folder / "worker.log")

    def write(self, phones: list[str], text: str = "Halo") -> None:
        """Messages to send, without a ring."""
        with self.shop.write() as tx:
            for phone in phones:
                outbox.put(tx, phone, text, notice="test", kind="order")

    def states(self) -> Counter[str]:
        with self.shop.read() as tx:
            return Counter(row["state"] for row in tx.rows("SELECT state FROM outbox"))

    def has_worker(self) -> bool:
        with self.shop.read() as tx:
            return heartbeats.seen_lately(tx)

    def wait_until(self, what: Callable[[], Any], seconds: float = 20) -> None:
        wait_until(what, seconds)


@pytest.fixture
def site(tmp_path: Path, at: AfricasTalkingServer) -> Site:
    return Site(tmp_path, at)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_worker_ends_at_once(
    site: Site, server: RedisServer, number: signal.Signals
) -> None:
    with site.worker(PASAR_REDIS_URL=server.url) as worker:
        site.wait_until(site.has_worker)
        assert worker.end(number) < PROMPT


def test_what_is_being_sent_is_recorded_before_the_end(site: Site) -> None:
    site.at.faults = Faults(slow=always, slow_seconds=1.0)
    site.write(PHONES)
    with site.worker() as worker:
        site.wait_until(lambda: len(site.at.sent) >= 8)
        assert worker.end() < PROMPT
    assert site.states() == {"accepted": len(site.at.sent), "queued": 30 - len(site.at.sent)}
    assert all(sms.answered for sms in site.at.sent)


def test_a_provider_that_hangs_does_not_hold_up_the_end(site: Site) -> None:
    site.at.faults = Faults(hang=always, hang_seconds=60)
    site.write(PHONES[:8])
    with site.worker() as worker:
        site.wait_until(lambda: [each.method for each in site.at.requests].count("POST") == 8)
        assert worker.end() < PROMPT
    assert site.states() == {"sending": 8}, "an unknown outcome must not look like a known one"

    site.at.faults = Faults()
    with site.worker():
        site.wait_until(lambda: site.states() == {"accepted": 8})
    assert Counter(sms.to for sms in site.at.sent) == Counter(PHONES[:8])


def test_a_worker_under_a_storm_of_rings_ends_at_once(site: Site, server: RedisServer) -> None:
    ring = Doorbell(server.url)
    for _ in range(3):
        with site.worker(PASAR_REDIS_URL=server.url) as worker:
            site.wait_until(site.has_worker)
            until = time.monotonic() + 1.0
            while time.monotonic() < until:
                ring(["inbox", "outbox"])
            assert worker.end() < PROMPT
        with site.shop.write() as tx:
            tx.execute("DELETE FROM heartbeats")


def test_a_frozen_redis_does_not_hold_up_the_end(site: Site, server: RedisServer) -> None:
    with site.worker(PASAR_REDIS_URL=server.url) as worker:
        site.write(PHONES[:1])
        site.wait_until(lambda: site.states() == {"accepted": 1})
        server.freeze()
        try:
            assert worker.end() < PROMPT
        finally:
            server.thaw()


def test_redis_that_is_never_there_is_not_needed(site: Site) -> None:
    nowhere = f"unix://{site.folder}/nowhere.sock"
    with site.worker(PASAR_REDIS_URL=nowhere) as worker:
        site.write(PHONES)
        site.wait_until(lambda: site.states() == {"accepted": 30})
        time.sleep(3)
        assert worker.end() < PROMPT
        assert worker.log.read_text().count("Redis is away") == 1, "it is said once"


def test_redis_that_comes_later_and_comes_back_is_heard(site: Site, tmp_path: Path) -> None:
    server = RedisServer(tmp_path / "doorbell")
    with site.worker(PASAR_REDIS_URL=server.url, PASAR_SWEEP_EVERY="1h"):
        site.wait_until(site.has_worker)
        for phone in PHONES[:2]:
            with server:
                ring = Doorbell(server.url)
                site.write([phone])
                site.wait_until(partial(_heard, site, phone, ring), 30)
            server = RedisServer(tmp_path / "doorbell")


def _heard(site: Site, phone: str, ring: Doorbell) -> bool:
    ring(["outbox"])
    return site.at.to(phone) == ["Halo"]


def test_two_workers_share_the_work_and_send_nothing_twice(site: Site) -> None:
    site.at.faults = Faults(slow=always, slow_seconds=1.0)
    with site.worker() as one, site.worker() as two:
        site.wait_until(lambda: len(_names(site)) == 2)
        site.write(PHONES)
        site.wait_until(lambda: sum(not sms.answered for sms in site.at.sent) == 8)
        site.wait_until(lambda: site.states() == {"accepted": 30})
        assert one.end() < PROMPT
        assert two.end() < PROMPT
    assert Counter(sms.to for sms in site.at.sent) == Counter(PHONES)


def _names(site: Site) -> set[str]:
    with site.shop.read() as tx:
        return {row["name"] for row in tx.rows("SELECT name FROM heartbeats")}
