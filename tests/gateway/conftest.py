"""What the tests of the gateway share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from deploy.redis_server import RedisServer
from settings import Settings
from tests.support import rings
from tests.support.at_server import AfricasTalkingServer
from tests.support.gateway import Gateway
from tests.support.worlds import LocalWorld

SRI, BUDI = "+6281234567001", "+6281234567002"


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    return Gateway(tmp_path / "var")


@pytest.fixture
def world(settings: Settings) -> LocalWorld:
    """Sri and Budi, and what Budi sells."""
    world = LocalWorld(settings, "africastalking")
    for phone, name in ((SRI, "Inaq Sri"), (BUDI, "Amaq Budi")):
        world.send(phone, f"DAFTAR {name}#Durian")
        world.send(phone, "YA")
    world.send(BUDI, "JUAL beras medium#12rb/kg#50")
    return world


@pytest.fixture
def at() -> Iterator[AfricasTalkingServer]:
    with AfricasTalkingServer() as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis for the tests of one file."""
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis(server: RedisServer) -> Iterator[Redis]:
    """That Redis, running and empty, and no bell rung."""
    if server.ended() is not None:
        server.start()
    rings.silence()
    with Redis.from_url(server.url) as client:
        client.flushall()
        yield client
