"""Stories by SMS alone: real processes, real gammu-smsd, a dummy phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.dialogue import Player
from tests.support.modem_world import ModemWorld
from tests.support.processes import wait_until
from tests.support.smsd import Modem

pytestmark = pytest.mark.processes

SRI = "+6281234567001"
STORIES = Path(__file__).parents[1] / "stories"


@pytest.fixture
def world(tmp_path: Path, modem: Modem) -> Iterator[ModemWorld]:
    world = ModemWorld(tmp_path / "var", modem)
    yield world
    world.close()


@pytest.mark.timeout(180)
def test_a_whole_order_through_a_modem(world: ModemWorld) -> None:
    name = "by_sms_alone"
    Player(world).play((STORIES / f"{name}.txt").read_text(encoding="utf-8"), name)
    texts = [(sms.to, sms.text) for sms in world.modem.sent()]
    assert len(texts) == len(set(texts)), "a message was sent twice"


def test_people_are_answered_once_though_smsd_is_killed(world: ModemWorld) -> None:
    """Three write while it is down, three while it works, and it is killed between."""
    phones = [f"+628123456700{number}" for number in range(6)]
    world.modem.kill()
    for phone in phones[:3]:
        world.send(phone, "BANTU")
    world.modem.start()
    wait_until(lambda: world.modem.sent(), world.patience)
    world.modem.kill()
    world.modem.run("UPDATE outbox SET SendingTimeOut = '2000-01-01 00:00:00'")  # a minute later
    for phone in phones[3:]:
        world.send(phone, "BANTU")
    world.modem.start()
    answers = [world.receive(phone, 0) for phone in phones]
    assert len(set(answers)) == 1
    assert world.count(phones[0]) == 1
    assert sorted(sms.to for sms in world.modem.sent()) == phones


def test_a_long_sms_is_answered_as_one(world: ModemWorld) -> None:
    world.send(SRI, f"DAFTAR{' ' * 200}Inaq Sri#Durian")
    answer = world.receive(SRI, 0)
    assert "Inaq Sri" in answer
    assert "Durian" in answer
    assert world.count(SRI) == 1
