"""Stories by SMS alone: real processes, real gammu-smsd, a dummy phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.dialogue import Player
from tests.support.modem_world import ModemWorld
from tests.support.smsd import Modem

pytestmark = pytest.mark.processes

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
