"""`python -m deploy.run` opens the whole market, keeps it open and leaves nothing behind."""

import signal
import socket

import pytest

from deploy.redis_server import RedisServer
from tests.support.processes import PATIENCE, Market, is_alive, wait_until

pytestmark = pytest.mark.processes


@pytest.fixture
def start(tmp_path):
    markets = []

    def start(data_dir=tmp_path / "data", **settings):
        markets.append(Market(data_dir, **settings))
        return markets[-1]

    yield start
    for market in markets:
        market.clear()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_closes_everything_within_ten_seconds(start, number):
    market = start().wait_until_open()
    assert market.child("web")
    assert market.child("worker")
    assert market.child("redis")
    # two web processes besides the three children
    wait_until(lambda: len(market.everybody()) >= 5)

    took, left_over = market.finish(number)

    assert market.process.returncode == 0, market.lines
    assert took < 10
    assert left_over == []


def test_nothing_outlives_a_run_command_that_was_killed(start):
    market = start().wait_until_open()

    _, left_over = market.finish(signal.SIGKILL)

    wait_until(lambda: not any(is_alive(process) for process in left_over), 10)


@pytest.mark.parametrize("part", ["web", "worker", "redis"])
def test_a_part_that_was_killed_comes_back_and_the_others_stay(start, part):
    market = start().wait_until_open()
    before = {name: market.child(name) for name in ("web", "worker", "redis")}
    market.everybody()

    before[part].kill()
    wait_until(lambda: market.child(part) not in (None, before[part]), 10)

    wait_until(market.is_healthy, 20)
    for name in before.keys() - {part}:
        assert market.child(name) == before[name]
    assert market.said(f"{part:<6} | ended with signal 9; starting it again in 1 s")
    assert market.finish()[1] == []


def test_a_web_process_that_was_killed_comes_back(start):
    market = start().wait_until_open()
    web = market.child("web")
    wait_until(lambda: len(web.children()) == 2)
    market.everybody()
    killed = web.children()[0]

    killed.kill()

    wait_until(lambda: len(set(web.children()) - {killed}) == 2, 20)
    wait_until(market.is_healthy)
    assert market.child("web") == web
    assert market.finish()[1] == []


def test_it_says_where_the_market_is(start):
    market = start().wait_until_open()
    token = (market.data_dir / "hook_token.secret").read_text()
    wait_until(lambda: market.said("--app app phone +62"), 5)
    assert market.said(f"http://127.0.0.1:{market.port}/")
    assert market.said(f"http://127.0.0.1:{market.port}/hooks/simulator/{token}/ussd")


def test_a_redis_elsewhere_is_used_and_none_started(start, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with RedisServer(elsewhere) as redis:
        market = start(PASAR_REDIS_URL=redis.url).wait_until_open()
        assert market.child("redis") is None
        assert market.readiness()["redis"] == "ok"
        assert market.finish()[1] == []
        assert redis.answers()


def test_it_opens_again_on_the_same_data(start):
    first = start().wait_until_open()
    assert first.finish()[1] == []
    second = start(port=first.port).wait_until_open()
    assert second.finish()[1] == []


def test_a_taken_port_is_one_line_that_names_the_setting(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        market = start(port=taken.getsockname()[1])
        assert market.process.wait(PATIENCE) == 1
    wait_until(lambda: market.said("PASAR_PORT"), 5)
    assert len(market.lines) == 1


def test_a_second_one_on_the_same_data_is_refused_and_harms_nothing(start):
    first = start().wait_until_open()
    second = start()
    assert second.process.wait(PATIENCE) == 1
    wait_until(lambda: second.said("another Redis is using"), 5)
    assert first.is_healthy()
    assert first.child("redis")
