"""A PIN that somebody sends or types is nowhere in what lasts, where one belongs.

Each safeguard has a twin that takes it away: then a PIN is found.
"""

from collections.abc import Callable
from typing import Any

import pytest

from menus.screen import SCREENS
from menus.screens import pin as pin_screens
from settings import Settings
from store import confirmations, pins, sealing, sessions
from tests.support.canaries import NEW, NEWCOMER, PIN, WRONG, Watched, shapes
from tests.support.money import PHONES

DEWI = PHONES["stranger"]

MESSAGES = (
    "PIN {new}",
    "PIN {new} {old}",
    "pin#{new}#{old}",
    "PIN.{new}.{old}",
    "PIN*{new}*{old}",
    "PIN{new}",
    "GANTIPIN {new} {old}",
    "PIN PIN {new}",
    "PIN baru {new} lama {old}",
    "PNI {new} {old}",
    "IPN {old}",
    "HAPUS {old}",
    "HAPUS#{old}",
    "HAPUS PIN {old}",
    "HAPUS pin saya {old}",
    "HAPSU {old}",
)


def type_pins(world: Watched) -> None:
    """Sends and types canaries wherever a PIN belongs, right ones and wrong."""
    world.send(DEWI, f"PIN {PIN}")
    world.confirm(DEWI)
    assert "PIN sudah disimpan" in world.texts(DEWI)[-1]
    for phone in (DEWI, PHONES["agent"], NEWCOMER):
        for old in (*shapes(WRONG), PIN):
            for message in MESSAGES:
                world.send(phone, message.format(new=NEW, old=old))
        world.confirm(phone)
        world.turn(world.shop.settings.pin_lock)
    chosen = world.chosen(world.at("waiting"))
    for name, screen in SCREENS.items():
        if screen.ask and screen.ask.secret and "pin" in name:
            for typed in (WRONG, PIN, "-".join(NEW), f"{NEW}*{PIN}", NEW):
                world.type_at(name, DEWI, chosen, typed)


@pytest.fixture
def world(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(settings, monkeypatch)


def test_no_pin_is_kept(world: Watched, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    type_pins(world)
    assert world.leaks(caplog.text) == []
    with world.shop.read() as tx:
        actions = {row["action"] for row in tx.rows("SELECT action FROM events")}
    assert {"pin.set", "pin.wrong", "pin.locked"} <= actions, "they were looked at"
    assert "Traceback" not in caplog.text


def in_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is sealed twice there: by itself, and with all that the session keeps."""
    monkeypatch.setattr(pin_screens, "_seal", lambda talk, pin: f" {pin} ")
    monkeypatch.setattr(pin_screens, "_unseal", lambda talk, pin: pin.strip())
    monkeypatch.setattr(sessions, "sealing", Open)


def in_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    check = pins.check

    def telling(tx: Any, person: Any, pin: str) -> None:
        tx.event(person.msisdn, "pin.checked", f"person:{person.id}", pin=pin)
        check(tx, person, pin)

    monkeypatch.setattr(pins, "check", telling)


def what_waits_unsealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirmations, "sealing", Open)


def unhashed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain:
        hash = staticmethod(lambda peppered, salt: peppered.decode())
        verify = staticmethod(lambda kept, peppered: kept == peppered.decode())

    monkeypatch.setattr(pins, "_HASHER", Plain)
    monkeypatch.setattr(pins, "_peppered", lambda tx, pin: pin.encode())


class Open:
    """What seals nothing."""

    seal = staticmethod(lambda pepper, text: text)
    unseal = staticmethod(lambda pepper, text: text)
    fingerprint = staticmethod(sealing.fingerprint)


@pytest.mark.parametrize(
    "safeguard_gone", [in_the_session, in_the_event, what_waits_unsealed, unhashed]
)
def test_twin_a_pin_is_kept(
    safeguard_gone: Callable[[pytest.MonkeyPatch], None],
    world: Watched,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    safeguard_gone(monkeypatch)
    type_pins(world)
    assert world.leaks(caplog.text)
