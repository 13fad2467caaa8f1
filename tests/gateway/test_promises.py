"""A hop that cannot be played in time: promised an SMS, played once when the database is back."""

import json
import re
import time
from pathlib import Path

import pytest

from gateway import desk
from store import database, sealing
from tests.support import payloads
from tests.support.at_server import AfricasTalkingServer
from tests.support.dialogue import Player
from tests.support.held import held
from tests.support.worlds import LocalWorld, RealWorld, at_once

SRI, BUDI, DEWI = "+6281234567001", "+6281234567002", "+6281234567003"
CODE = "*123*45#"
SESSION = "ATUid_1"
PROMISE = "END Mohon tunggu, jaringan sedang sibuk. Jawabannya kami kirim lewat SMS."
IN_ENGLISH = "END Please wait, the network is busy. We will send you the answer by SMS."
SORRY = "END Maaf, sedang ada gangguan. Mohon hubungi *123*45# lagi."


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for the database; what is spooled does not keep it from being tried."""
    monkeypatch.setattr(database, "PATIENCE", 0.3)
    monkeypatch.setattr(desk, "PATIENCE", 0.3)
    monkeypatch.setattr(desk, "LEAVE_ALONE", 0.0)


@pytest.fixture
def listing(world: LocalWorld) -> str:
    """Sri is asked whether to order 2 kg of it; its number."""
    with world.shop.read() as tx:
        number = str(tx.value("SELECT number FROM listings"))
    assert "2 kg" in world.hop(SRI, SESSION, f"*123*45*{number}*2#", "")
    return number


def confirm(world: LocalWorld, typed: str = "1", session: str = SESSION) -> str:
    status, answer = world.post("ussd", payloads.hop(SRI, session, CODE, typed))
    assert status == 200
    return answer


def end_session(world: LocalWorld, status: str = "success") -> None:
    body = payloads.body(f"ussd-end-event-{status}", phoneNumber=SRI, sessionId=SESSION)
    assert world.post("session", body) == (200, "OK")


def orders(world: LocalWorld) -> list[str]:
    with world.shop.read() as tx:
        return [row["number"] for row in tx.rows("SELECT number FROM orders")]


def check_one_order_and_one_sms(world: LocalWorld, before: int) -> None:
    (number,) = orders(world)
    told = world.texts(SRI)[before:]
    assert len(told) == 1, told
    assert f"Pesanan {number}" in told[0]
    assert sum(f"Pesanan {number}" in text for text in world.texts(BUDI)) == 1


def spooled(world: LocalWorld) -> list[Path]:
    folder = world.shop.settings.spool_path
    return list(folder.iterdir()) if folder.is_dir() else []


@pytest.mark.slow
def test_the_promise_is_made_within_five_seconds(
    world: LocalWorld, listing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 3.0)
    before = world.count(SRI)
    with held(world.shop.settings.database_path):
        began = time.monotonic()
        assert confirm(world) == PROMISE
        assert time.monotonic() - began < 5
    assert orders(world) == []
    world.work()
    check_one_order_and_one_sms(world, before)


def test_in_the_language_of_the_phone(world: LocalWorld, listing: str) -> None:
    world.send(SRI, "BAHASA EN")
    before = world.count(SRI)
    with held(world.shop.settings.database_path):
        assert confirm(world) == IN_ENGLISH
    world.work()
    (told,) = world.texts(SRI)[before:]
    assert f"Order {orders(world)[0]}" in told


def test_a_hop_that_is_repeated_makes_one_order(world: LocalWorld, listing: str) -> None:
    before = world.count(SRI)
    with held(world.shop.settings.database_path):
        assert at_once([lambda: confirm(world)] * 2) == [PROMISE] * 2
        assert confirm(world) == PROMISE
    world.work()
    check_one_order_and_one_sms(world, before)
    told = world.texts(SRI)[-1]
    assert confirm(world) == f"END {told}", "and a late repeat the same answer"
    world.work()
    check_one_order_and_one_sms(world, before)


def test_one_that_is_repeated_when_the_database_is_back(world: LocalWorld, listing: str) -> None:
    """It is answered on the screen, too, before what waits was looked at."""
    before = world.count(SRI)
    with held(world.shop.settings.database_path):
        assert confirm(world) == PROMISE
    assert confirm(world).startswith("END Pesanan")
    world.work()
    check_one_order_and_one_sms(world, before)


@pytest.mark.parametrize("event", ["success", "incomplete"])
@pytest.mark.parametrize("back", [True, False], ids=["after the outage", "during it"])
def test_the_end_of_the_session_does_not_break_the_promise(
    world: LocalWorld, listing: str, event: str, back: bool
) -> None:
    """The promise ended the session, and the provider says so before the hop is played."""
    before = world.count(SRI)
    with held(world.shop.settings.database_path):
        assert confirm(world) == PROMISE
        if not back:
            end_session(world, event)
    if back:
        end_session(world, event)
        assert confirm(world).startswith("END Sesi sudah selesai"), "a late repeat"
    world.work()
    check_one_order_and_one_sms(world, before)


def test_whoever_dialled_again_meanwhile_does_not_order_twice(
    world: LocalWorld, listing: str
) -> None:
    with held(world.shop.settings.database_path):
        assert confirm(world) == PROMISE
    world.post("ussd", payloads.hop(SRI, "ATUid_2", f"*123*45*{listing}*2#", ""))
    assert confirm(world, session="ATUid_2").startswith("END Pesanan")
    world.work()
    (number,) = orders(world)
    told = world.texts(SRI)[-1]
    assert f"Pesanan {number} sudah ada" in told
    assert told.endswith(f"hubungi {CODE}")
    assert "1. " not in told


def test_what_was_sold_meanwhile_is_told(world: LocalWorld, listing: str) -> None:
    with held(world.shop.settings.database_path):
        assert confirm(world) == PROMISE
    with world.shop.write() as tx:
        tx.execute("UPDATE listings SET stock = 1")
    world.work()
    assert orders(world) == []
    told = world.texts(SRI)[-1]
    assert "stok" in told.lower() or "tinggal" in told.lower(), told
    assert told.endswith(f"hubungi {CODE}")


def test_a_screen_that_changes_nothing_is_promised_nothing(world: LocalWorld) -> None:
    world.hop(SRI, SESSION, CODE, "")
    with held(world.shop.settings.database_path):
        assert confirm(world) == SORRY
        assert confirm(world, "").startswith("CON "), "what was answered before is answered again"
    assert spooled(world) == []


def test_what_cannot_be_kept_is_not_promised(world: LocalWorld, listing: str) -> None:
    world.shop.settings.spool_path.write_text("not a folder")
    with held(world.shop.settings.database_path):
        assert confirm(world) == SORRY
    world.shop.settings.spool_path.unlink()
    assert confirm(world).startswith("END Pesanan"), "the phone may try again"
    assert len(orders(world)) == 1


def test_what_was_typed_is_sealed_until_it_is_played(world: LocalWorld, listing: str) -> None:
    typed = "1*739164"
    with held(world.shop.settings.database_path):
        assert confirm(world, typed) == PROMISE
    (file,) = spooled(world)
    for text in (file.name, file.read_text()):
        assert "739164" not in text
        assert SRI not in text
    world.answer_next = lambda: False
    desk.Desk(world.shop, world.wording).read_back()
    with world.shop.read() as tx:
        row = tx.row("SELECT * FROM inbox WHERE kind = 'hop'")
    assert "739164" not in repr(row)
    assert json.loads(sealing.unseal(world.shop.settings.pepper, row["text"]))["text"] == typed


def test_nothing_of_it_is_kept_afterwards(world: LocalWorld, listing: str) -> None:
    with held(world.shop.settings.database_path):
        confirm(world, "1*739164")
    world.work()
    with world.shop.read() as tx:
        row = tx.row("SELECT text, state FROM inbox WHERE kind = 'hop'")
    assert row == {"text": sealing.MASK, "state": "answered"}
    assert spooled(world) == []


def test_a_session_of_long_texts_is_played_whole(world: LocalWorld, listing: str) -> None:
    typed = "é" * 400  # each is six characters of JSON
    with held(world.shop.settings.database_path):
        assert confirm(world, typed) == PROMISE
    world.work()
    with world.shop.read() as tx:
        assert tx.value("SELECT state FROM inbox WHERE kind = 'hop'") == "answered"


def test_a_hop_of_a_session_that_is_forgotten_shows_the_menu(
    world: LocalWorld, listing: str
) -> None:
    with held(world.shop.settings.database_path):
        assert confirm(world) == PROMISE
    with world.shop.write() as tx:
        tx.execute("DELETE FROM sessions")
    world.work()
    assert orders(world) == []
    assert world.texts(SRI)[-1].endswith(f"hubungi {CODE}")


@pytest.mark.processes
def test_in_real_processes_on_a_network_that_repeats_everything(
    tmp_path: Path, at: AfricasTalkingServer
) -> None:
    """While another program holds the database, somebody confirms on the screen, and somebody else
    orders by SMS; each three times."""
    world = RealWorld(tmp_path / "var", at)
    try:
        start = "{0} is {1}\n{0} registers as {2}#Durian\n"
        player = Player(world).play(
            start.format("Budi", BUDI, "Amaq Budi")
            + start.format("Sri", SRI, "Inaq Sri")
            + start.format("Dewi", DEWI, "Inaq Dewi")
            + "Budi sends JUAL beras medium#12rb/kg#50\nBudi receives\n  Barang {listing}\n"
        )
        listing = player.caught["listing"]
        dialled = f"*123*45*{listing}*2#"
        assert world.hop(SRI, SESSION, dialled, "").startswith("CON 2 kg")
        with held(tmp_path / "var" / "pasar.db"):
            began = time.monotonic()
            assert at_once([lambda: world.hop(SRI, SESSION, dialled, "1")] * 2) == [PROMISE] * 2
            assert time.monotonic() - began < 5
            body = payloads.sms(DEWI, f"BELI {listing} 3")
            assert at_once([lambda: world.post("sms", body)] * 2) == [(200, "OK")] * 2
            assert list((tmp_path / "var" / "spool").glob("*.event"))
        ended = payloads.body("ussd-end-event-success", phoneNumber=SRI, sessionId=SESSION)
        assert world.post("session", ended) == (200, "OK")
        assert world.post("sms", body) == (200, "OK")
        player.play("Sri receives\n  Pesanan {first}\nDewi receives\n  Pesanan {second}\n")
        assert world.hop(SRI, SESSION, dialled, "1").startswith("END Pesanan")
        player.play("Sri receives nothing\nDewi receives nothing\n")
        placed = {number for text in at.to(BUDI) for number in re.findall(r"Pesanan (\d+)", text)}
        assert placed == {player.caught["first"], player.caught["second"]}
        assert world.run("db check").startswith("ok: ")
        assert list((tmp_path / "var" / "spool").iterdir()) == []
    finally:
        world.close()
