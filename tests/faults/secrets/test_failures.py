"""A failure does not tell the secret it failed with: neither in the log nor on the way out, and the
message that could not be answered is kept without it."""

import traceback
from typing import Any

import pytest

from gateway import trouble
from menus import engine
from menus.screen import SCREENS
from settings import Settings
from store import inbox, orders, payouts, pins, timers
from tests.support.canaries import CODE, NEW, PIN, Watched
from tests.support.money import PHONES

MESSAGES = {
    "SERAH {number} {code}": PHONES["seller"],
    "BAYAR {number} {code}": PHONES["custodian"],
    "KEMBALI {number} {code}": PHONES["custodian"],
    "PIN {new}": PHONES["stranger"],
    "PIN#{new}#{pin}": PHONES["stranger"],
}
"""Messages with a secret that somebody looks at, and from whom."""


def failing(*given: Any, **named: Any) -> None:
    """Says all that it was given."""
    raise ValueError(f"not right: {given[1:]!r} {named!r}")


def fail(world: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at a code or a PIN fails, in commands and on screens."""
    values = world.at("due")
    for module, name in (
        (orders, "hand_over"),
        (payouts, "pay"),
        (payouts, "expected"),
        (pins, "check"),
        (pins, "choose"),
        (pins, "must_be_good"),
    ):
        monkeypatch.setattr(module, name, failing)
    for message, phone in MESSAGES.items():
        world.send(phone, message.format(code=CODE, pin=PIN, new=NEW, **values))
        for _ in range(inbox.MOST_ATTEMPTS + 1):
            world.turn(world.shop.settings.sweep_every * 10)
    for name, screen in SCREENS.items():
        if screen.ask and screen.ask.secret:
            for typed in (CODE, PIN, NEW):
                world.type_at(name, PHONES["custodian"], world.chosen(values), typed)


@pytest.fixture
def world(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(settings, monkeypatch)


def test_a_failure_does_not_tell_what_it_failed_with(
    world: Watched,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level("DEBUG")
    fail(world, monkeypatch)
    assert "'*****'" in caplog.text
    assert caplog.text.count("message ") >= len(MESSAGES) * inbox.MOST_ATTEMPTS
    assert "hop not answered" in caplog.text
    assert world.leaks(caplog.text + "".join(capfd.readouterr())) == []


def test_a_timer_that_fails_does_not_tell_what_it_failed_with(
    world: Watched, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def handle(tx: Any, subject: str) -> None:
        raise ValueError(f"{subject}: {CODE}")

    monkeypatch.setitem(timers.HANDLERS, "fail", handle)
    with world.shop.write() as tx:
        timers.set_timer(tx, "fail", "egg", tx.moment)
    assert timers.run_next(world.shop)
    assert "timer fail of egg failed" in caplog.text
    assert world.leaks(caplog.text) == []


@pytest.mark.parametrize("module", [engine, inbox])
def test_twin_a_traceback_as_it_is(
    module: object,
    world: Watched,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "traced", lambda error: "".join(traceback.format_exception(error)))
    fail(world, monkeypatch)
    assert world.leaks(caplog.text)


def test_work_that_fails_does_not_tell_what_it_failed_with(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = trouble.Trouble(engine._log, "inbox goes on")
    log.failed("inbox failed", ValueError(f"with {CODE}"))
    assert "with *****" in caplog.text
