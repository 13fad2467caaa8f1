"""The story through HTTP alone: web, worker and Redis as real processes, every message seen at a
local Africa's Talking server, sent there by the real SDK."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import payloads
from tests.support.at_server import AfricasTalkingServer
from tests.support.dialogue import Player
from tests.support.worlds import RealWorld, RepeatingWorld, at_once

pytestmark = pytest.mark.processes

STORIES = Path(__file__).parent
SRI, BUDI = "+6281234567001", "+6281234567002"


@pytest.fixture
def at() -> Iterator[AfricasTalkingServer]:
    with AfricasTalkingServer() as server:
        yield server


@pytest.fixture
def world(tmp_path: Path, at: AfricasTalkingServer) -> Iterator[RealWorld]:
    market = RealWorld(tmp_path / "var", at)
    yield market
    market.close()


def read(name: str) -> str:
    return (STORIES / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "story",
    ["first_purchase", "by_sms_alone", "dropped_at_confirm", "in_english", "escrow_happy_path"],
)
def test_story_in_real_processes(story: str, world: RealWorld) -> None:
    Player(world).play(read(story), story)
    requests = world.at.requests
    assert requests
    assert all(
        request.headers["User-Agent"].startswith("africastalking-python") for request in requests
    )


@pytest.mark.parametrize("story", ["first_purchase", "by_sms_alone", "escrow_happy_path"])
def test_story_on_a_network_that_repeats_everything(
    story: str, tmp_path: Path, at: AfricasTalkingServer
) -> None:
    world = RepeatingWorld(tmp_path / "var", at)
    try:
        Player(world).play(read(story), story)
        orders = {found for sms in at.sent for found in re.findall(r"Pesanan (\d+)", sms.text)}
        assert len(orders) == 1
        texts = [(sms.to, sms.text) for sms in at.sent]
        assert len(texts) == len(set(texts)), "a message was sent twice"
    finally:
        world.close()


def test_the_same_sms_at_the_same_moment_makes_one_order(world: RealWorld) -> None:
    player = Player(world).play(read("dropped_at_confirm").split("Sri dials")[0])
    listing = player.caught["listing"]
    body = payloads.sms(SRI, f"BELI {listing} 2")
    assert at_once([lambda: world.post("sms", body)] * 6) == [(200, "OK")] * 6
    assert "Pesanan" in world.receive(BUDI, 3)
    assert world.count(BUDI) == 4
    assert world.count(SRI) == 3


def test_a_last_hop_from_many_connections_at_once_makes_one_order(world: RealWorld) -> None:
    player = Player(world).play(read("dropped_at_confirm").split("Sri dials")[0])
    session = payloads.new_session_id()
    code = f"*123*45*{player.caught['listing']}*2#"
    assert world.hop(SRI, session, code, "").startswith("CON 2 kg")
    answers = at_once([lambda: world.hop(SRI, session, code, "1")] * 8)
    assert len(set(answers)) == 1
    assert answers[0].startswith("END Pesanan")
    assert world.hop(SRI, session, code, "").startswith("CON 2 kg"), "a late repeat of the dial"
    assert world.hop(SRI, session, code, "1") == answers[0]
    world.receive(BUDI, 3)
    assert world.count(BUDI) == 4


def test_a_captured_hop_of_a_foreign_sandbox_number_is_answered(world: RealWorld) -> None:
    for payload_id in ("ussd-begin", "ussd-begin-2022-log", "ussd-sequence-1", "ussd-sequence-2"):
        status, answer = world.post("ussd", payloads.body(payload_id))
        assert status == 200
        assert answer.startswith("CON ")


def test_ready_says_what_works(world: RealWorld) -> None:
    import json
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{world.market.port}/readyz") as answer:
        state = json.load(answer)
    assert state["status"] == "ok", state


def test_a_session_that_drops_is_offered_by_sms(tmp_path: Path, at: AfricasTalkingServer) -> None:
    """The story of it, without its waits: they are a second here."""
    story = read("dropped_and_told").split("Dewi dials")[0]
    story = re.sub(r"(?m)^(later .+|Sri receives nothing)\n", "", story)
    world = RealWorld(tmp_path / "var", at, PASAR_RESUME_DROPPED="1s")
    try:
        Player(world).play(story)
        assert world.count(SRI) == 4
    finally:
        world.close()
