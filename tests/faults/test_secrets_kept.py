"""A code that somebody types is nowhere in what lasts: not in the database, its WAL, or the log.

Each safeguard has a twin that takes it away: then the code is found.
"""

import re
from pathlib import Path

import pytest

from menus.commands import answer
from settings import Settings
from store import codes, sealing
from tests.support.worlds import LocalWorld

SRI, BUDI = "+6281234567001", "+6281234567002"
CODE = "48217"
"""As well-formed as the true one, and no part of anything else."""

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
    "tidak tahu {spaced}",
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
    return {CODE, true}


def found(world: LocalWorld, log: str, code: str) -> list[str]:
    """Where the files and the log have the code, whole and by itself."""
    alone = re.compile(rb"(?<![0-9A-Za-z])" + code.encode() + rb"(?![0-9A-Za-z])")
    places = {path.name: path.read_bytes() for path in Path(world.shop.settings.data_dir).iterdir()}
    places["log"] = log.encode()
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
