"""What is typed while the database is held is in no file either: not while it waits in the spool,
not when it is set aside there, and not once it was read back."""

from pathlib import Path

import pytest

from gateway import desk as desks
from gateway import spool as spooling
from menus.screen import SCREENS
from settings import Settings
from store import database
from tests.faults.secrets.test_twins import Open
from tests.support import payloads
from tests.support.canaries import CODE, NEW, PIN, Watched
from tests.support.held import held
from tests.support.money import PHONES

SECRET = sorted(
    name for name, screen in SCREENS.items() if screen.durable and screen.ask and screen.ask.secret
)
"""Screens on which a secret is typed that does something."""

MESSAGES = {
    "SERAH {number} {code}": PHONES["seller"],
    "SERAH {number} {hand_over}": PHONES["seller"],
    "BAYAR {number} {seller}": PHONES["custodian"],
    "PIN {new}": PHONES["stranger"],
    "PIN#{new}#{pin}": PHONES["stranger"],
    "{pin}": PHONES["buyer"],
}


@pytest.fixture
def world(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Watched:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    monkeypatch.setattr(desks, "PATIENCE", 0.1)
    return Watched(settings, monkeypatch)


def spooled(world: Watched) -> list[Path]:
    return sorted(world.shop.settings.spool_path.iterdir())


def type_while_held(world: Watched) -> None:
    """Secrets by SMS and on screens, none of which can be answered now."""
    values = world.at("due")
    open_sessions = [
        (world.come_to(name, PHONES["custodian"], world.chosen(values)), secret)
        for name in SECRET
        for secret in (PIN, values["seller"])
    ]
    with held(world.shop.settings.database_path):
        for message, phone in MESSAGES.items():
            text = message.format(code=CODE, pin=PIN, new=NEW, **values)
            assert world.post("sms", payloads.sms(phone, text)) == (200, "OK")
        for session_id, secret in open_sessions:
            hop = payloads.hop(PHONES["custodian"], session_id, "*123*45#", f"1*{secret}")
            status, answer = world.post("ussd", hop)
            assert (status, answer[:11]) == (200, "END Mohon t")
    assert len(spooled(world)) == len(MESSAGES) + len(open_sessions)


def test_screens_are_found() -> None:
    assert len(SECRET) >= 2


def test_no_secret_is_in_the_spool(world: Watched, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    type_while_held(world)
    assert any("spool" in name for name in world.kept(""))
    assert world.leaks(caplog.text) == []


def test_nor_is_it_kept_once_it_was_read_back(
    world: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    type_while_held(world)
    world.work()
    assert spooled(world) == []
    with world.shop.read() as tx:
        rows = tx.rows("SELECT DISTINCT kind, state FROM inbox WHERE state <> 'answered'")
    assert rows == []
    assert world.leaks(caplog.text) == []


def test_nor_in_what_is_set_aside(world: Watched, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    type_while_held(world)
    for path in spooled(world):
        path.write_bytes(path.read_bytes()[:-9])
    world.work()
    assert {path.suffix for path in spooled(world)} == {".corrupt"}
    assert world.leaks(caplog.text) == []


def test_nor_is_it_told_when_it_cannot_be_taken(
    world: Watched, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object, **named: object) -> None:
        raise ValueError(f"not right: {given[1:]!r}")

    caplog.set_level("DEBUG")
    type_while_held(world)
    monkeypatch.setattr(desks.inbox, "keep", fail)
    world.work()
    assert "not right: " in caplog.text
    assert world.leaks(caplog.text) == []


def test_twin_a_spool_that_is_open(
    world: Watched, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooling, "sealing", Open)
    type_while_held(world)
    assert any("spool" in place for place in world.leaks(caplog.text))
