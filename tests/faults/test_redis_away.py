"""Redis is a doorbell: without it everything arrives all the same, only a little later."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.redis_server import RedisServer
from tests.support.at_server import AfricasTalkingServer
from tests.support.dialogue import Player
from tests.support.worlds import RealWorld

pytestmark = pytest.mark.processes

STORY = Path(__file__).parents[1] / "stories" / "first_purchase.txt"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path / "doorbell") as server:
        yield server


@pytest.fixture
def world(tmp_path: Path, redis: RedisServer) -> Iterator[RealWorld]:
    with AfricasTalkingServer() as at:
        market = RealWorld(tmp_path / "var", at, PASAR_REDIS_URL=redis.url)
        yield market
        market.close()


def test_redis_killed_before_the_order(world: RealWorld, redis: RedisServer) -> None:
    before, after = STORY.read_text(encoding="utf-8").split("# Seven requests")
    player = Player(world).play(before)
    redis.kill()
    player.play("# Seven requests" + after)  # every message within RealWorld.patience: 15 s


def test_a_frozen_redis_holds_up_no_request(world: RealWorld, redis: RedisServer) -> None:
    before, after = STORY.read_text(encoding="utf-8").split("# Seven requests")
    player = Player(world).play(before)
    redis.freeze()
    try:
        began = time.monotonic()
        player.play("# Seven requests" + after)
        assert time.monotonic() - began < 60
    finally:
        redis.thaw()


def test_redis_that_comes_back_is_rung_again(world: RealWorld, redis: RedisServer) -> None:
    before, after = STORY.read_text(encoding="utf-8").split("# Seven requests")
    player = Player(world).play(before)
    redis.kill()
    time.sleep(1)
    redis.start()
    player.play("# Seven requests" + after)


def test_twin_without_the_sweeper_nothing_would_arrive(tmp_path: Path, redis: RedisServer) -> None:
    """What the tests above rely on: a worker that only listened to the bell would sleep on."""
    with AfricasTalkingServer() as at:
        world = RealWorld(tmp_path / "var", at, PASAR_REDIS_URL=redis.url, PASAR_SWEEP_EVERY="1h")
        try:
            world.send("+6281234567001", "BANTU")
            assert world.receive("+6281234567001", 0)
            assert world.count("+6281234567001") == 1  # the second look after that ring is over
            redis.kill()
            world.send("+6281234567001", "BANTU")
            world.patience = 8.0
            with pytest.raises(AssertionError, match="no SMS number 2"):
                world.receive("+6281234567001", 1)
        finally:
            world.close()
