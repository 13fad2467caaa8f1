"""Whole stories over a real Kannel: the phones send SMS, the market's real processes answer, and
Kannel reports every message delivered. Kannel brings again what we were not there to take."""

import contextlib
import http.server
import os
import re
import signal
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bench.kannel import Kannel
from tests.support.dialogue import Player
from tests.support.kannel_world import KannelWorld
from tests.support.processes import wait_until

pytestmark = pytest.mark.processes

STORIES = Path(__file__).parents[1] / "stories"
PHONES = [f"+62812345671{number:02}" for number in range(20)]


@pytest.fixture
def world(tmp_path: Path, kannel: Kannel) -> Iterator[KannelWorld]:
    world = KannelWorld(tmp_path, kannel)
    yield world
    world.close()


@pytest.mark.parametrize("story", ["by_sms_alone", "escrow_happy_path"])
def test_story_over_kannel(story: str, world: KannelWorld) -> None:
    Player(world).play((STORIES / f"{story}.txt").read_text(encoding="utf-8"), story)
    world.settle()
    got = [(sms.to, sms.text) for sms in world.kannel.phones.got]
    assert len(got) == len(set(got)), "a message was sent twice"
    assert world.states("outbox") == {"delivered"}
    assert len({found for _, text in got for found in re.findall(r"Pesanan (\d+)", text)}) == 1
    assert world.rows("SELECT COUNT(*) FROM attempts") == [(len(got),)]


def test_what_is_sent_while_the_market_is_closed_is_answered_once_when_it_opens(
    world: KannelWorld,
) -> None:
    world.market.finish(signal.SIGINT)
    for phone in PHONES:
        world.send(phone, "BANTUAN")
    time.sleep(3)
    assert world.kannel.phones.got == []
    assert world.kannel.failures > len(PHONES), "it tried, and tried again"
    world.open()
    assert_each_has_one_answer(world)


def test_a_web_server_that_is_killed_again_and_again_answers_each_once(world: KannelWorld) -> None:
    ended = threading.Event()

    def kill() -> None:
        while not ended.is_set():
            wait_until(world.market.is_healthy)
            for process in world.market.everybody():
                with contextlib.suppress(psutil.NoSuchProcess):  # it was killed before
                    if any("granian" in word for word in process.cmdline()):
                        process.kill()
            ended.wait(0.2)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        for phone in PHONES:
            world.send(phone, "BANTUAN")
            time.sleep(0.1)
    finally:
        ended.set()
        killer.join()
    wait_until(world.market.is_healthy)
    assert world.kannel.failures > 0
    assert_each_has_one_answer(world)


def test_answers_wait_while_kannel_is_away(world: KannelWorld) -> None:
    world.kannel.smsbox.stop()
    for phone in PHONES:
        world.bring(phone, "BANTUAN")
    wait_until(lambda: world.rows("SELECT COUNT(*) FROM links WHERE failures >= 3") == [(1,)])
    world.kannel.start_smsbox()
    assert_each_has_one_answer(world)


def test_a_kannel_that_hangs_is_given_nothing_twice(tmp_path: Path, kannel: Kannel) -> None:
    world = KannelWorld(tmp_path, kannel, PASAR_HTTP_TIMEOUT="1s")
    try:
        os.kill(kannel.bearerbox.pid, signal.SIGSTOP)
        for phone in PHONES:
            world.bring(phone, "BANTUAN")
        wait_until(lambda: "unknown" in world.states("outbox"))
        os.kill(kannel.bearerbox.pid, signal.SIGCONT)
        assert_each_has_one_answer(world)
        [(unknown,)] = world.rows("SELECT COUNT(*) FROM attempts WHERE outcome = 'unknown'")
        assert unknown > 0, "the reports settled them: they name our reference"
    finally:
        world.close()


class Deaf(http.server.BaseHTTPRequestHandler):
    """Between Kannel and the market: passes all on, but what the market says to the first call of
    each kind gets lost, so that Kannel calls again."""

    server: "DeafServer"

    def do_GET(self) -> None:
        first = self.path not in self.server.seen
        self.server.seen.add(self.path)
        path = self.path if first or not self.server.renames else self.path.replace("id=", "id=x")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.server.market}{path}") as answer:
                assert (answer.status, answer.read()) == (200, b"")
        except OSError:
            return
        if not first:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


class DeafServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    market = 0

    def __init__(self, renames: bool) -> None:
        super().__init__(("127.0.0.1", 0), Deaf)
        self.seen: set[str] = set()
        self.renames = renames


@pytest.fixture
def deaf(request: pytest.FixtureRequest) -> Iterator[DeafServer]:
    with DeafServer(getattr(request, "param", False)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def deaf_world(tmp_path: Path, kannel: Kannel, deaf: DeafServer) -> Iterator[KannelWorld]:
    world = KannelWorld(tmp_path, kannel, deaf.server_port)
    deaf.market = world.port
    yield world
    world.close()


def test_story_where_kannel_brings_everything_twice(deaf_world: KannelWorld) -> None:
    name = "by_sms_alone"
    Player(deaf_world).play((STORIES / f"{name}.txt").read_text(encoding="utf-8"), name)
    deaf_world.settle()
    got = [(sms.to, sms.text) for sms in deaf_world.kannel.phones.got]
    assert len(got) == len(set(got)), "a message was sent twice"
    [(came,)] = deaf_world.rows("SELECT COUNT(*) FROM inbox")
    assert deaf_world.kannel.failures >= came
    assert deaf_world.states("outbox") == {"delivered"}


@pytest.mark.parametrize("deaf", [True], indirect=True)
def test_twin_a_name_that_changes_is_answered_twice(deaf_world: KannelWorld) -> None:
    """What the test above sees."""
    deaf_world.send(PHONES[0], "BANTUAN")
    deaf_world.receive(PHONES[0], 1)


def assert_each_has_one_answer(world: KannelWorld) -> None:
    phones = world.kannel.phones
    wait_until(lambda: {sms.to for sms in phones.got} == set(PHONES), 30)
    world.settle()
    assert sorted(sms.to for sms in phones.got) == PHONES
    assert world.rows("SELECT COUNT(*) FROM inbox") == [(len(PHONES),)]
    assert world.states("outbox") == {"delivered"}
