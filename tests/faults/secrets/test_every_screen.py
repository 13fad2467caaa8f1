"""Whatever is typed on a screen is not kept: a PIN or a code as the answer to any question, by the
right person and by others, as it is and among words.

Amounts are no secrets, nor is what everybody may read: the name, the unit and the price of
something for sale.
"""

from collections.abc import Iterator

import pytest

from menus.screen import SCREENS
from settings import Settings
from tests.support.canaries import CODE, NEWCOMER, PIN, Watched, shapes
from tests.support.money import PHONES

MOMENTS = {
    "deny": ("seller", "opened"),
    "desk deposit": ("custodian", "unpaid"),
    "desk deposit amount": ("custodian", "unpaid"),
    "desk hand over": ("agent", "at agent"),
    "desk hand over code": ("agent", "at agent"),
    "desk inspect": ("agent", "sent"),
    "desk pay": ("custodian", "due"),
    "desk pay code": ("custodian", "due"),
    "desk refund": ("custodian", "refund due"),
    "desk refund code": ("custodian", "refund due"),
    "desk remit": ("custodian", "held"),
    "desk remit phone": ("custodian", "held"),
    "hand over": ("seller", "sent"),
    "register": (NEWCOMER, "waiting"),
    "register village": (NEWCOMER, "waiting"),
    "rule": ("judge", "with agent"),
    "search": ("buyer", "waiting"),
    "spec": ("buyer", "waiting"),
}
"""Who comes to a screen, and when; to all others an agent, or a seller, when nothing is sent."""

PUBLIC = {"sell", "sell unit", "sell price", "price"}
"""Questions for what everybody may read."""

QUESTIONS = [name for name, screen in SCREENS.items() if screen.ask]


def answers(secrets: tuple[str, ...]) -> Iterator[str]:
    """The secrets in all shapes, alone, among words, and with more behind them."""
    for secret in secrets:
        yield from shapes(secret)
        yield from (f"rusak {secret}", f"{secret} tipu", f"1#{secret}", f"{secret}*{PIN}")


def type_everywhere(world: Watched, screen: str) -> None:
    """Answers the question in every shape, and goes on to where what was answered is used."""
    more = ("su", "1", "1") if screen in ("register", "desk name") else ("1", "1")
    usual = ("agent" if screen.startswith("desk") else "seller", "waiting")
    who, moment = MOMENTS.get(screen, usual)
    right = PHONES.get(who, who)
    for phone in (right, PHONES["buyer"], PHONES["stranger"]):
        values = world.at(moment)
        secrets = (CODE, PIN, values["hand_over"], values["seller"], values["buyer"])
        for typed in answers(secrets):
            data = world.chosen(values)
            if screen in ("spec", "slots", "sell lead", "sell slots"):
                data |= {"listing": values["service"], "own": values["service"], "kind": "service"}
            world.type_at(screen, phone, data, typed, *more)


@pytest.fixture
def world(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(settings, monkeypatch)


@pytest.mark.parametrize("screen", sorted({*QUESTIONS} - PUBLIC))
def test_no_secret_typed_on_a_screen_is_kept(
    screen: str, world: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    type_everywhere(world, screen)
    assert world.leaks(caplog.text) == []
    assert "Traceback" not in caplog.text


def test_no_secret_that_is_dialled_is_kept(
    world: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for number, dialled in enumerate((CODE, PIN, f"{CODE}*2", f"117*{PIN}")):
        world.hop(PHONES["buyer"], f"s{number}", "*123*45#", dialled)
        world.hop(PHONES["buyer"], f"t{number}", f"*123*45*{dialled}#", "")
    assert world.leaks(caplog.text) == []
