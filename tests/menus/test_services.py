"""JASA and BELI as people write them, and what their answers say."""

import pytest

from settings import Settings
from store import catalogue
from store.catalogue import Listing
from tests.support import market
from tests.support.market import BUDI, SRI
from tests.support.worlds import LocalWorld


@pytest.fixture
def world(settings: Settings) -> LocalWorld:
    world = LocalWorld(settings)
    market.register(world.shop, BUDI, "Amaq Budi")
    market.register(world.shop, SRI)
    return world


def answer(world: LocalWorld, msisdn: str, text: str) -> str:
    world.send(msisdn, text)
    return world.texts(msisdn)[-1]


def listings(world: LocalWorld) -> list[Listing]:
    with world.shop.read() as tx:
        rows = tx.rows("SELECT id FROM listings ORDER BY id")
        return [catalogue.by_id(tx, row["id"]) for row in rows]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("JASA kaligrafi#150rb/lembar#7hr", ("Kaligrafi", "lembar", 7, 5, 0)),
        ("JASA kaligrafi#150rb/lembar#7hr#3", ("Kaligrafi", "lembar", 7, 3, 0)),
        ("JASA kaligrafi#150rb/lembar#2 minggu#3#50%", ("Kaligrafi", "lembar", 14, 3, 50)),
        ("JASA kaligrafi#150rb/lembar#1mg#100%", ("Kaligrafi", "lembar", 7, 5, 100)),
        ("js kaligrafi 150rb/lbr 7 3", ("Kaligrafi", "lembar", 7, 3, 0)),
        ("SERVICE jahit baju#90k#10 days", ("Jahit baju", "buah", 10, 5, 0)),
    ],
)
def test_a_service_is_offered(
    text: str, kept: tuple[str, str, int, int, int], world: LocalWorld
) -> None:
    told = answer(world, BUDI, text)
    (found,) = listings(world)
    assert (found.title, found.unit, found.lead_days, found.stock, found.deposit) == kept
    assert f"Jasa {found.number}" in told
    assert (f"uang muka {found.deposit}%" in told) == (found.deposit > 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("JASA", "ketik JASA nama#"),
        ("JASA kaligrafi#150rb/lembar", "ketik JASA nama#"),
        ("JASA kaligrafi#150rb/lembar#besok", "ketik JASA nama#"),
        ("JASA kaligrafi#150rb/lembar#7hr#3#4", "ketik JASA nama#"),
        ("JASA kaligrafi#150rb/lembar#7hr#3#120%", "ketik JASA nama#"),
        ("JASA kaligrafi#150rb/lembar#100hr", "1 sampai 90 hari"),
        ("JASA kaligrafi#150rb/lembar#20 minggu", "1 sampai 90 hari"),
    ],
)
def test_what_is_not_understood_is_told(text: str, told: str, world: LocalWorld) -> None:
    assert told in answer(world, BUDI, text)


@pytest.mark.parametrize(
    ("typed", "spec"),
    [
        ("1 ayat kursi ukuran A3", "ayat kursi ukuran A3"),
        ("1 lembar ayat kursi", "ayat kursi"),
        ("1 lbr ayat kursi", "ayat kursi"),
        ("1 ayat kursi LAGI", "ayat kursi"),
    ],
)
def test_what_is_wanted_stands_behind_the_quantity(
    typed: str, spec: str, world: LocalWorld
) -> None:
    answer(world, BUDI, "JASA kaligrafi#150rb/lembar#7hr")
    (art,) = listings(world)
    answer(world, SRI, f"BELI {art.number} {typed}")
    with world.shop.read() as tx:
        assert tx.value("SELECT spec FROM orders") == spec


def test_fields_of_their_own_may_hold_commas(world: LocalWorld) -> None:
    answer(world, BUDI, "JASA kaligrafi#150rb/lembar#7hr")
    (art,) = listings(world)
    answer(world, SRI, f"BELI#{art.number}#1#ayat kursi, A3, hitam")
    with world.shop.read() as tx:
        assert tx.value("SELECT spec FROM orders") == "ayat kursi, A3, hitam"


@pytest.mark.parametrize("typed", ["1", "1 lembar", "1 A3", "1 " + "panjang " * 6])
def test_without_a_wish_that_fits_the_answer_teaches_the_form(
    typed: str, world: LocalWorld
) -> None:
    answer(world, BUDI, "JASA kaligrafi#150rb/lembar#7hr")
    (art,) = listings(world)
    assert f"ketik BELI {art.number} 1 lalu pesanannya" in answer(
        world, SRI, f"BELI {art.number} {typed}"
    )


def test_the_price_of_a_service_tells_its_time_and_deposit(world: LocalWorld) -> None:
    answer(world, BUDI, "JASA kaligrafi#150rb/lembar#7hr#5#50%")
    (art,) = listings(world)
    told = answer(world, SRI, f"HARGA {art.number}")
    assert "selesai 7 hari, uang muka 50%" in told
    assert "100 per minggu" in answer(world, BUDI, f"STOK {art.number} 100")
    answer(world, BUDI, "TUTUP 3")
    told = answer(world, SRI, f"HARGA {art.number}")
    assert "selesai 7 hari. Tutup sampai 25 Nov" in told
