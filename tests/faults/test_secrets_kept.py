"""A code or PIN that somebody types is nowhere in what lasts: not in the database, its WAL, the
files of Redis, the log, or what is told of a failure.

Each safeguard has a twin that takes it away: then the code is found.
"""

import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from menus import engine
from menus.commands import answer
from menus.screen import SCREENS
from menus.screens import pin as pin_screens
from settings import Settings
from store import codes, confirmations, inbox, pins, sealing, sessions
from tests.support import payloads
from tests.support.at_server import AfricasTalkingServer
from tests.support.market import everything
from tests.support.worlds import LocalWorld, RealWorld

SRI, BUDI = "+6281234567001", "+6281234567002"
CODE = "48217"
"""As well-formed as the true one, and no part of anything else."""

PIN, NEW, WRONG = "739164", "815926", "580317"
"""Of a person, another that they choose, and one that is nobody's."""

MESSAGES = (
    "SERAH {number} {code}",
    "serah#{number}#{code}",
    "SERAH {code} {number}",
    "SERAH {number} {spaced}",
    "SERHA {number} {code}",
    "KODE {code}",
    "{code}",
    "kodenya {code} pak",
    "{number} {code}",
    "PIN {code} {code}",
    "TITIP {number} 250rb {code}",
    "BAYAR {number} {code}",
    "WAKIL 081234567003 SERAH {number} {code}",
    "tidak tahu {spaced}",
)


PIN_MESSAGES = (
    "PIN {new}",
    "PIN {new} {old}",
    "pin#{new}#{old}",
    "PIN.{new}.{old}",
    "PIN*{new}*{old}",
    "PIN{new}",
    "GANTIPIN {new} {old}",
    "PIN PIN {new}",
    "PIN baru {new} lama {old}",
    "PIN {spaced}",
    "PNI {new} {old}",
    "IPN {old}",
    "HAPUS {old}",
    "HAPUS#{old}",
    "HAPUS PIN {old}",
    "HAPUS pin saya {old}",
    "HAPSU {old}",
    "HAPUS {spaced}",
    "VER 081234567001 Durian {old}",
    "VER#081234567001#Durian#{old}",
    "BEKU#081234567001#tipu#{old}",
    "BEKU 081234567009 tipu {old}",
    "TITIP#1234#250rb#{old}",
    "KAS#{old}",
    "{old}",
    "{spaced}",
    "pin saya {old}",
)


def sent_order(world: LocalWorld) -> str:
    """The number of an order that is on its way."""
    for phone, name in ((SRI, "Inaq Sri"), (BUDI, "Amaq Budi")):
        world.send(phone, f"DAFTAR {name}#Durian")
        world.send(phone, "YA")
    world.send(BUDI, "JUAL beras medium#12rb/kg#50")
    (listing,) = re.findall(r"Barang (\d+) dijual", world.texts(BUDI)[-1])
    world.send(SRI, f"BELI {listing} 2")
    (number,) = re.findall(r"Pesanan (\d+)", world.texts(SRI)[-1])
    world.send(BUDI, f"YA {number}")
    world.send(BUDI, f"KIRIM {number}")
    return number


def type_codes(world: LocalWorld) -> set[str]:
    """Sends and types a canary wherever a code could come in, and then the true one."""
    number = sent_order(world)
    for message in MESSAGES[:4]:
        world.send(BUDI, message.format(number=number, code=CODE, spaced=" ".join(CODE)))
    for phone in (SRI, BUDI, "+6281234567009"):
        for message in MESSAGES[4:]:
            world.send(phone, message.format(number=number, code=CODE, spaced="-".join(CODE)))
    with world.shop.read() as tx:
        row = tx.row("SELECT id, code_nonce FROM orders")
    true = codes.hand_over_code(world.shop.settings.pepper, row["id"], row["code_nonce"])
    assert any(true in text for text in world.texts(SRI)), "the buyer was told"
    typed = ""
    for key in ("", "3", "1", "1", CODE[:4], true):
        typed = f"{typed}*{key}" if typed else key
        reply = world.hop(BUDI, "s1", "*123*45#", typed)
    assert reply.startswith("END Pesanan"), reply
    world.hop(BUDI, "s1", "*123*45#", typed)
    world.send(BUDI, f"SERAH {number} {true}")
    world.send(SRI, f"TERIMA {number} {true}")
    return {CODE, true}


def type_pins(world: LocalWorld) -> set[str]:
    """Sends and types canaries wherever a PIN could come in, right ones and wrong."""
    number = sent_order(world)
    with world.shop.write() as tx:
        person = tx.row("SELECT id FROM people WHERE msisdn = ?", (SRI,))
        assert person
        agents = "INSERT INTO agents (person_id, role, cap, appointed_at) VALUES (?, ?, 1, ?)"
        tx.execute(agents, (person["id"], "coordinator", tx.moment))
    world.send(SRI, f"PIN {PIN}")
    confirm(world, SRI)
    assert "PIN sudah disimpan" in world.texts(SRI)[-1]
    for phone in (SRI, BUDI, "+6281234567009"):
        for old in (PIN, WRONG):
            for message in PIN_MESSAGES:
                world.send(phone, message.format(new=NEW, old=old, spaced=" ".join(old)))
        confirm(world, phone)
        world.turn(world.shop.settings.pin_lock)
    for name, screen in SCREENS.items():
        if screen.ask and screen.ask.secret:
            for typed in (WRONG, PIN, "-".join(NEW), f"{NEW}*{PIN}", NEW):
                type_at(world, name, number, typed)
    return {PIN, NEW, WRONG}


def confirm(world: LocalWorld, phone: str) -> None:
    """Sends back the last number that the phone was told."""
    told = [asked[1] for text in world.texts(phone) if (asked := re.search(r"YA (\d{5})$", text))]
    for number in told[-1:]:
        world.send(phone, f"YA {number}")


def type_at(world: LocalWorld, screen: str, order: str, typed: str) -> str:
    """Types at a screen, in a session that has come there in whatever way."""
    session_id = payloads.new_session_id()
    home = {"screen": "home", "data": {}, "at": 0, "shown": [], "next": 0, "trusted": False}
    pepper = world.shop.settings.pepper
    data = {
        "order": order,
        "number": order,
        "new": sealing.seal(pepper, NEW),
        "gate": {"screen": "home", "data": {}},
    }
    with world.shop.write() as tx:
        session = sessions.Session("simulator", session_id, SRI, frames=[home])
        session.frames.append({**home, "screen": screen, "data": data})
        sessions.save(tx, session.after(tx, "1"), "1", "CON ")
    return world.hop(SRI, session_id, "*123*45#", f"1*{typed}")


def found(world: LocalWorld, log: str, code: str) -> list[str]:
    """Where the files, the rows and the log have the code: one of 5 digits whole and by itself,
    because these may be a part of anything.

    In a file the next column may begin right behind it, so the rows are looked at as well.
    """
    bounds = (rb"(?<![0-9A-Za-z])", rb"(?![0-9A-Za-z])") if len(code) == 5 else (b"", b"")
    alone = re.compile(code.encode().join(bounds))
    places = {path.name: path.read_bytes() for path in Path(world.shop.settings.data_dir).iterdir()}
    places["log"] = log.encode()
    places["rows"] = repr(everything(world.shop)).encode()
    return [
        f"{name}: {kept[each.start() - 60 : each.end() + 20]!r}"
        for name, kept in places.items()
        for each in alone.finditer(kept)
    ]


@pytest.fixture
def world(settings: Settings) -> LocalWorld:
    return LocalWorld(settings)


def test_no_code_is_kept(world: LocalWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for code in type_codes(world):
        assert found(world, caplog.text, code) == []
    assert any("-wal" in path.name for path in Path(world.shop.settings.data_dir).iterdir())


def test_twin_a_text_that_is_not_sealed(
    world: LocalWorld, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "seal", lambda pepper, text: text)
    monkeypatch.setattr(sealing, "unseal", lambda pepper, text: text)
    assert any(found(world, caplog.text, code) for code in type_codes(world))


def test_twin_a_text_that_is_kept_as_it_was_written(
    world: LocalWorld, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "without_secrets", lambda text, read, done: text)
    assert any(found(world, caplog.text, code) for code in type_codes(world))


def test_twin_a_hop_that_is_kept_as_it_was_typed(
    world: LocalWorld, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "fingerprint", lambda pepper, text: text)
    assert any(found(world, caplog.text, code) for code in type_codes(world))


def test_twin_a_message_with_the_code_itself(
    world: LocalWorld, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pepper = world.shop.settings.pepper
    placeholder = codes.placeholder
    monkeypatch.setattr(
        codes, "placeholder", lambda *order: codes.reveal(placeholder(*order), pepper)
    )
    assert any(found(world, caplog.text, code) for code in type_codes(world))


def test_no_pin_is_kept(world: LocalWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for pin in type_pins(world):
        assert found(world, caplog.text, pin) == []
    with world.shop.read() as tx:
        actions = {row["action"] for row in tx.rows("SELECT action FROM events")}
    assert {"pin.set", "pin.wrong", "pin.locked"} <= actions, "they were looked at"
    assert "Traceback" not in caplog.text


Twin = Callable[[pytest.MonkeyPatch], None]


def unsealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "seal", lambda pepper, text: text)
    monkeypatch.setattr(sealing, "unseal", lambda pepper, text: text)


def as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "without_secrets", lambda text, read, done: text)


def in_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pin_screens, "_seal", lambda talk, pin: f" {pin} ")
    monkeypatch.setattr(pin_screens, "_unseal", lambda talk, pin: pin.strip())


def in_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    check = pins.check

    def telling(tx: Any, person: Any, pin: str) -> None:
        tx.event(person.msisdn, "pin.checked", f"person:{person.id}", pin=pin)
        check(tx, person, pin)

    monkeypatch.setattr(pins, "check", telling)


def what_waits_unsealed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Open:
        seal = staticmethod(lambda pepper, text: text)
        unseal = staticmethod(lambda pepper, text: text)

    monkeypatch.setattr(confirmations, "sealing", Open)


def unhashed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Plain:
        hash = staticmethod(lambda peppered, salt: peppered.decode())
        verify = staticmethod(lambda kept, peppered: kept == peppered.decode())

    monkeypatch.setattr(pins, "_HASHER", Plain)
    monkeypatch.setattr(pins, "_peppered", lambda tx, pin: pin.encode())


@pytest.mark.parametrize(
    "safeguard_gone",
    [unsealed, as_written, in_the_session, in_the_event, what_waits_unsealed, unhashed],
)
def test_twin_a_pin_is_kept(
    safeguard_gone: Twin,
    world: LocalWorld,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    safeguard_gone(monkeypatch)
    assert any(found(world, caplog.text, pin) for pin in type_pins(world))


def fail_with_pins(world: LocalWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at a PIN fails, and says with which."""

    def fail(*given: Any) -> None:
        raise ValueError(f"not a PIN: {given[2]!r}")

    number = sent_order(world)
    for name in ("check", "choose"):
        monkeypatch.setattr(pins, name, fail)
    monkeypatch.setattr(pins, "must_be_good", lambda person, new: fail(None, person, new))
    world.send(SRI, f"PIN {NEW}")
    monkeypatch.setattr(pins, "must_be_good", lambda person, new: None)
    world.send(SRI, f"PIN#{NEW}#{PIN}")
    for _ in range(inbox.MOST_ATTEMPTS + 1):
        world.turn(world.shop.settings.sweep_every * 10)
    confirm(world, SRI)
    for name, screen in SCREENS.items():
        if screen.ask and screen.ask.secret:
            type_at(world, name, number, NEW)


def test_a_failure_does_not_tell_the_pin_it_failed_with(
    world: LocalWorld,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail_with_pins(world, monkeypatch)
    assert "not a PIN: '*****'" in caplog.text
    told = caplog.text + "".join(capfd.readouterr())
    for pin in (PIN, NEW):
        assert found(world, told, pin) == []


def test_twin_a_traceback_as_it_is(
    world: LocalWorld, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (engine, inbox):
        monkeypatch.setattr(
            module, "traced", lambda error: "".join(traceback.format_exception(error))
        )
    fail_with_pins(world, monkeypatch)
    assert found(world, caplog.text, NEW)


@pytest.mark.processes
def test_no_pin_is_in_what_the_processes_leave_behind(tmp_path: Path) -> None:
    """Database, WAL and Redis of the real market, in which a PIN was sent, typed, and wrong."""
    with AfricasTalkingServer() as at:
        world = RealWorld(tmp_path / "var", at)
        try:
            for text, answered in (
                ("DAFTAR Inaq Sri#Durian", "Setuju?"),
                ("YA", "sudah terdaftar"),
                (f"PIN {PIN}", "Ganti PIN?"),
            ):
                world.send(SRI, text)
                told = at.wait_for(SRI, answered).text
            (number,) = re.findall(r"YA (\d{5})$", told)
            world.send(SRI, f"YA {number}")
            at.wait_for(SRI, "PIN sudah disimpan")
            typed = ""
            for key in ("", "5", "4", WRONG, PIN, NEW, NEW):
                typed = f"{typed}*{key}" if typed else key
                reply = world.hop(SRI, "s1", "*123*45#", typed)
            assert "PIN sudah disimpan" in reply
        finally:
            world.close()
    for path in (tmp_path / "var").iterdir():
        if path.is_file():
            for pin in (PIN, NEW, WRONG):
                assert pin.encode() not in path.read_bytes(), path.name
