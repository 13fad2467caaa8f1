"""PIN and HAPUS by SMS: asked back, so that a forged number changes nothing and locks nothing."""

import re
from dataclasses import replace

import pytest

from menus.commands import answer, privacy, trust
from menus.commands.registry import HANDLERS
from menus.page import BUDGET, width
from menus.wording import languages
from settings import Settings
from store import people, pins
from store.errors import Refused
from tests.support.market import SRI, events
from tests.support.widest import say
from tests.support.worlds import LocalWorld

PIN, OTHER = "9517", "62840"


@pytest.fixture
def world(settings: Settings) -> LocalWorld:
    world = LocalWorld(settings)
    world.send(SRI, "DAFTAR Inaq Sri#Durian")
    world.send(SRI, "YA")
    return world


def confirmed(world: LocalWorld, text: str) -> str:
    """The answer to an SMS whose number is sent back."""
    world.send(SRI, text)
    asked = re.search(r"YA (\d{5})$", world.texts(SRI)[-1])
    assert asked, world.texts(SRI)[-1]
    world.send(SRI, f"YA {asked[1]}")
    return world.texts(SRI)[-1]


def fits(world: LocalWorld, pin: str) -> bool:
    with world.shop.write() as tx:
        person = people.of_phone(tx, SRI)
        assert person
        try:
            pins.check(tx, person, pin)
        except Refused:
            return False
    return True


def kept(world: LocalWorld) -> list[str]:
    """The messages in, as they are kept."""
    with world.shop.read() as tx:
        return [row["text"] for row in tx.rows("SELECT text FROM inbox ORDER BY id")]


@pytest.mark.parametrize(
    "text", ["PIN 9517", "pin#9517", "PIN9517", "GANTIPIN 9517", "PIN PIN 9517"]
)
def test_a_first_pin_in_the_shapes_that_people_write(world: LocalWorld, text: str) -> None:
    assert "PIN sudah disimpan" in confirmed(world, text)
    assert fits(world, PIN)
    assert kept(world)[-2:] == ["PIN *****", "*****"]


@pytest.mark.parametrize("text", ["PIN#62840#9517", "PIN 62840 9517", "pin*62840*9517"])
def test_another_pin_behind_which_the_old_one_stands(world: LocalWorld, text: str) -> None:
    confirmed(world, f"PIN {PIN}")
    assert "PIN sudah disimpan" in confirmed(world, text)
    assert fits(world, OTHER)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("PIN", "ketik PIN baru#lama"),
        ("PIN saya", "ketik PIN baru#lama"),
        ("PIN 123", "ketik PIN baru#lama"),
        ("PIN 9 5 1 7", "ketik PIN baru#lama"),
        ("PIN 1234", "mudah ditebak"),
        ("PIN 7001", "mudah ditebak"),
        ("HAPUS beras", "ketik HAPUS, atau HAPUS dan PIN"),
    ],
)
def test_what_cannot_be_is_answered_at_once(world: LocalWorld, text: str, told: str) -> None:
    world.send(SRI, text)
    assert told in world.texts(SRI)[-1]
    assert kept(world)[-1] in ("PIN", "PIN *****", "HAPUS *****")


def test_a_forged_number_locks_nobodys_pin(world: LocalWorld) -> None:
    """Whoever forges it does not see the number that comes back."""
    confirmed(world, f"PIN {PIN}")
    for _ in range(4):
        world.send(SRI, f"PIN#{OTHER}#62841")
        world.send(SRI, "HAPUS 62841")
    assert ("pin.wrong" in [action for _, action in events(world.shop)]) is False
    assert fits(world, PIN)


def test_being_forgotten_takes_the_pin_of_whoever_has_one(world: LocalWorld) -> None:
    confirmed(world, f"PIN {PIN}")
    world.send(SRI, "HAPUS")
    assert "ketik HAPUS, lalu PIN" in world.texts(SRI)[-1]
    assert "PIN tidak cocok" in confirmed(world, f"HAPUS {OTHER}")
    assert "sudah dihapus" in confirmed(world, f"HAPUS PIN {PIN}")
    with world.shop.read() as tx:
        assert people.of_phone(tx, SRI) is None


def test_its_answer_is_in_the_language_that_was_chosen(world: LocalWorld) -> None:
    world.send(SRI, "BAHASA EN")
    world.send(SRI, "FORGET")
    asked = re.search(r"YES (\d{5})$", world.texts(SRI)[-1])
    assert asked
    world.send(SRI, asked[1])
    assert world.texts(SRI)[-1].startswith("Your data is erased")


def test_a_command_that_needs_no_number_is_done_at_once(
    world: LocalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = replace(HANDLERS["PIN"], confirm=lambda talk, command: None)
    monkeypatch.setitem(HANDLERS, "PIN", handler)
    world.send(SRI, f"PIN {PIN}")
    assert "PIN sudah disimpan" in world.texts(SRI)[-1]


def test_what_waits_is_not_done_for_somebody_who_is_not_registered_any_more(
    world: LocalWorld,
) -> None:
    world.send(SRI, f"PIN {PIN}")
    number = world.texts(SRI)[-1][-5:]
    with world.shop.write() as tx:
        tx.execute("UPDATE people SET msisdn = '+6281234567099'")
    world.send(SRI, f"YA {number}")
    assert "belum terdaftar" in world.texts(SRI)[-1]


@pytest.mark.parametrize("text", ["VER#081234567002#Durian#9517", "VER 081234567002 Durian 9517"])
def test_a_pin_that_an_agent_writes_last_is_left_out(world: LocalWorld, text: str) -> None:
    world.send("+6281234567002", "DAFTAR Amaq Budi#Durian")
    world.send("+6281234567002", "YA")
    world.run(f"agents appoint {SRI}")
    assert "kini dikenal" in confirmed(world, text)
    assert PIN not in " ".join(kept(world))
    confirmed(world, "BEKU#081234567002#tipu#9517")
    assert world.texts("+6281234567002")[-1].count("tipu") == 1
    assert PIN not in world.texts("+6281234567002")[-1]


@pytest.mark.parametrize("lang", languages())
def test_what_is_asked_back_is_one_sms(lang: str) -> None:
    asked = say(lang, answer.CONFIRM)
    for would in (privacy.CHANGE, privacy.ERASE, trust.VOUCH, trust.FREEZE):
        assert width(f"{say(lang, would)} {asked}") <= BUDGET, would
