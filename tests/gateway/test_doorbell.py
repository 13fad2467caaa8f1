"""The doorbell, on a real Redis: it wakes workers and holds nobody up."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from rq import Queue
from rq.exceptions import StopRequested

from deploy.redis_server import RedisServer
from gateway import doorbell
from gateway.doorbell import MOST_WAITING, Doorbell, Listener, ring_here
from tests.support.rings import listen_once, rung, silence, waiting

pytestmark = pytest.mark.processes


def seconds(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


# Ringing


@pytest.mark.parametrize("kinds", [{"outbox"}, {"inbox"}, {"inbox", "outbox"}])
def test_a_ring_wakes_those_it_is_for(server: RedisServer, redis: Redis, kinds: set[str]) -> None:
    Doorbell(server.url)(kinds)
    assert rung() == set()
    listen_once(server)
    assert rung() == kinds
    assert [key for key in redis.keys("rq:job:*")] == [], "a ring that was heard leaves nothing"


def test_a_worker_rings_for_itself_without_redis() -> None:
    silence()
    ring_here(["outbox"])
    assert rung() == {"outbox"}


def test_rings_of_one_moment_are_one(
    server: RedisServer, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "TOGETHER", 1e6)
    bell = Doorbell(server.url)
    for _ in range(20):
        bell(["outbox", "inbox"])
    assert waiting(redis) == 2
    listen_once(server)
    assert rung() == {"outbox", "inbox"}
    Doorbell(server.url)(["outbox"])
    assert waiting(redis) == 1, "another's counts again, once the first was heard"


def test_rings_of_different_moments_are_several(server: RedisServer, redis: Redis) -> None:
    bell = Doorbell(server.url)
    for _ in range(3):
        bell(["outbox"])
        time.sleep(doorbell.TOGETHER)
    assert waiting(redis) == 3


def test_rings_that_nobody_hears_do_not_pile_up(
    server: RedisServer, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "TOGETHER", 1e-9)
    bell = Doorbell(server.url)
    for _ in range(MOST_WAITING * 2):
        bell(["inbox", "outbox"])
    assert waiting(redis) == MOST_WAITING
    assert all(0 < redis.ttl(key) <= 30 for key in redis.keys("rq:job:*"))
    assert seconds(lambda: listen_once(server)) < 10
    assert rung() == {"inbox", "outbox"}


def test_many_threads_ring_at_once(
    server: RedisServer, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    bell = Doorbell(server.url)
    ready = threading.Barrier(16)

    def visitor() -> None:
        ready.wait()
        for _ in range(20):
            bell(["inbox", "outbox"])

    threads = [threading.Thread(target=visitor) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert caplog.records == []
    listen_once(server)
    assert rung() == {"inbox", "outbox"}


# Redis away


def test_a_ring_without_redis_returns_at_once_and_the_next_are_spared(
    server: RedisServer,
    redis: Redis,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr(doorbell, "_LEAVE_ALONE", 1.0)
    bell = Doorbell(server.url)
    bell(["outbox"])
    server.kill()
    assert seconds(lambda: bell(["inbox", "outbox"])) < 0.5
    server.start()
    redis.flushall()
    bell(["outbox"])
    assert waiting(redis) == 0, "it is left alone for a while"

    time.sleep(1.1)
    bell(["outbox"])
    assert waiting(redis) == 1
    assert [record.message for record in caplog.records] == [
        "Redis is away; workers look by themselves (ConnectionError)",
        "Redis is back",
    ]


def test_an_outage_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(doorbell, "_LEAVE_ALONE", 0.0)
    bell = Doorbell(f"unix://{tmp_path}/nowhere.sock")
    for _ in range(5):
        assert seconds(lambda: bell(["outbox"])) < 0.5
    assert len(caplog.records) == 1


def test_a_frozen_redis_holds_nobody_up(server: RedisServer, redis: Redis) -> None:
    bell = Doorbell(server.url)
    fresh = Doorbell(server.url)
    bell(["outbox"])
    server.freeze()
    try:
        assert seconds(lambda: bell(["inbox", "outbox"])) < 0.5, "on the connection that it has"
        assert seconds(lambda: fresh(["inbox", "outbox"])) < 0.5, "on a new connection"
        assert seconds(lambda: fresh(["inbox", "outbox"])) < 0.05
    finally:
        server.thaw()


def test_twin_without_short_time_outs_it_would(
    server: RedisServer, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "connect", lambda url: Redis.from_url(url, socket_timeout=1.0))
    bell = Doorbell(server.url)
    server.freeze()
    try:
        assert seconds(lambda: bell(["outbox"])) > 0.9
    finally:
        server.thaw()


def test_a_redis_that_wants_a_password_is_as_good_as_none(
    server: RedisServer, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    redis.config_set("requirepass", "open-sesame")
    try:
        Doorbell(server.url)(["outbox"])
        assert len(caplog.records) == 1
        Doorbell(f"{server.url}?password=open-sesame")(["outbox"])
        Doorbell(f"{server.url}?password=0pen-sesame")(["outbox"])
        assert "open-sesame" not in caplog.text
        assert "0pen-sesame" not in caplog.text
    finally:
        redis.config_set("requirepass", "")
    assert waiting(redis) == 1


# Listening


def test_it_listens_again_soon_however_long_redis_was_away(
    server: RedisServer, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 6:
            raise StopRequested

    def away(*args: Any, **kwargs: Any) -> None:
        raise RedisConnectionError

    listener = Listener(server.url)
    monkeypatch.setattr(Queue, "dequeue_any", away)
    monkeypatch.setattr(time, "sleep", sleep)
    with pytest.raises(StopRequested):
        listener.dequeue_job_and_maintain_ttl(30)
    assert max(waits) <= 2


def test_the_worker_works_in_any_thread(server: RedisServer, redis: Redis) -> None:
    Doorbell(server.url)(["outbox"])
    thread = threading.Thread(target=listen_once, args=(server,))
    thread.start()
    thread.join(10)
    assert rung() == {"outbox"}
