"""STOP and MULAI: what a phone agrees to be sent."""

import pytest

from menus.commands import account
from settings import Settings
from store import consents, outbox
from tests.support.market import SRI
from tests.support.worlds import LocalWorld

NEWS, REMINDERS, BOTH = {"news"}, {"reminders"}, {"news", "reminders"}


@pytest.fixture
def world(settings: Settings) -> LocalWorld:
    return LocalWorld(settings)


def given(world: LocalWorld) -> set[str]:
    with world.shop.read() as tx:
        return {purpose for purpose in consents.PURPOSES if consents.given(tx, SRI, purpose)}


@pytest.mark.parametrize(
    ("texts", "left", "said"),
    [
        (("STOP",), REMINDERS, account.STOPPED),
        (("STOP SEMUA",), set(), account.ALL_STOPPED),
        (("stop all",), set(), account.ALL_STOPPED),
        (("STOP KABAR",), REMINDERS, account.STOPPED),
        (("STOP", "STOP SEMUA"), set(), account.ALL_STOPPED),
        (("STOP SEMUA", "STOP"), set(), account.STOPPED),
        (("STOP SEMUA", "MULAI"), BOTH, account.STARTED),
        (("STOP", "STOP"), REMINDERS, account.STOPPED),
    ],
)
def test_what_is_left_after_it(
    world: LocalWorld, texts: tuple[str, ...], left: set[str], said: str
) -> None:
    """Somebody who is not registered can say so as well."""
    assert given(world) == BOTH
    for text in texts:
        world.send(SRI, text)
    assert given(world) == left
    assert world.texts(SRI)[-1] == said


def test_ones_own_orders_are_told_all_the_same(world: LocalWorld) -> None:
    world.send(SRI, "STOP SEMUA")
    before = world.count(SRI)
    with world.shop.write() as tx:
        for kind in ("order", "security", "reply", "reminder", "broadcast"):
            outbox.notify(tx, SRI, "message_incomplete", kind=kind)
    world.work()
    assert world.count(SRI) == before + 3


def test_each_word_of_it_is_in_the_log_of_consent(world: LocalWorld) -> None:
    for text in ("STOP SEMUA", "MULAI"):
        world.send(SRI, text)
    with world.shop.read() as tx:
        rows = tx.rows("SELECT action FROM events WHERE subject = ?", (f"phone:{SRI}",))
    said = [row["action"] for row in rows]
    assert said == ["consent.withdrawn"] * 2 + ["consent.given"] * 2
