"""What is for sale, and who finds it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from store import catalogue, gsm7, limits
from store.errors import Refused
from store.people import Person
from store.shop import Shop
from tests.support.market import BUDI, DEWI, SRI, events, look, order, register, sell, trade


def found(shop: Shop, query: str, person: Person | None = None) -> list[str]:
    with shop.read() as tx:
        return [listing.title for listing in catalogue.search(tx, query, person)]


@pytest.fixture
def budi(shop: Shop) -> Person:
    """Sells madu and beras."""
    budi = register(shop, BUDI, "Amaq Budi")
    for title in ("Madu hutan Sumbawa", "Madu trigona", "Beras merah"):
        sell(shop, budi, title)
    return budi


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("madu", {"Madu hutan Sumbawa", "Madu trigona"}),
        ("MADU", {"Madu hutan Sumbawa", "Madu trigona"}),
        ("mad", {"Madu hutan Sumbawa", "Madu trigona"}),
        ("madu hut", {"Madu hutan Sumbawa"}),
        ("hutan madu", {"Madu hutan Sumbawa"}),
        ("madú", {"Madu hutan Sumbawa", "Madu trigona"}),
        ("kopi merah", {"Beras merah"}),
        ("beras madu", {"Madu hutan Sumbawa", "Madu trigona", "Beras merah"}),
        ("sapi", set()),
        ("", set()),
        ("*", set()),
        ('"', set()),
        ("_ madu", {"Madu hutan Sumbawa", "Madu trigona"}),
        ("madu NOT hutan", {"Madu hutan Sumbawa", "Madu trigona"}),
    ],
)
def test_a_search_finds_words_and_their_beginnings(
    shop: Shop, budi: Person, query: str, titles: set[str]
) -> None:
    assert set(found(shop, query)) == titles


@given(query=st.text(max_size=40))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_search_fails(shop: Shop, query: str) -> None:
    with shop.read() as tx:
        catalogue.search(tx, query, None)


def test_nobody_finds_their_own_goods(shop: Shop, budi: Person) -> None:
    assert found(shop, "madu", budi) == []
    with shop.read() as tx:
        assert catalogue.in_category(tx, "prepared", budi) == []


def test_what_is_sold_out_is_not_found_but_known_by_its_number(shop: Shop, budi: Person) -> None:
    honey = sell(shop, budi, "Madu putih", stock=1)
    assert "Madu putih" in found(shop, "madu")
    with shop.write() as tx:
        catalogue.set_stock(tx, budi, honey.number, 0)
    assert "Madu putih" not in found(shop, "madu")
    with shop.read() as tx:
        assert catalogue.find(tx, honey.number).stock == 0


def test_the_nearest_comes_first(shop: Shop) -> None:
    places = ["Labuhan Haji, Labuhan Haji", "Kopang Rembiga, Kopang", "Bonjeruk, Jonggat"]
    for n, place in enumerate([*places, "Sukarara, Jonggat"]):
        seller = register(shop, f"+62812345671{n:02d}", "Amaq Budi", place)
        sell(shop, seller, f"Kopi {n}", category="staples")
    sri = register(shop, SRI, village="Sukarara, Jonggat")
    wanted = ["Kopi 3", "Kopi 2", "Kopi 1", "Kopi 0"]
    assert found(shop, "kopi", sri) == wanted
    with shop.read() as tx:
        listed = catalogue.in_category(tx, "staples", sri)
    assert [listing.title for listing in listed] == wanted


def test_of_equally_near_ones_what_sells_comes_first(shop: Shop) -> None:
    budi = register(shop, BUDI)
    kopi = [sell(shop, budi, f"Kopi {n}") for n in range(3)]
    with shop.write() as tx:
        tx.execute("UPDATE listings SET sold = 9 WHERE id = ?", (kopi[1].id,))
    assert found(shop, "kopi") == ["Kopi 1", "Kopi 2", "Kopi 0"]


def test_a_page_of_results_has_an_end(shop: Shop) -> None:
    budi = register(shop, BUDI)
    with shop.write() as tx:
        for n in range(30):
            catalogue.sell(tx, budi, title=f"Kopi {n}", price=1, unit="kg", stock=1)
    assert len(found(shop, "kopi")) == catalogue.MOST_FOUND


def test_old_goods_that_are_sold_out_do_not_hide_new_ones(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue.finding, "_CANDIDATES", 5)
    budi = register(shop, BUDI)
    with shop.write() as tx:
        for n in range(10):
            old = catalogue.sell(tx, budi, title=f"Kopi {n}", price=1, unit="kg", stock=1)
            catalogue.set_stock(tx, budi, old.number, 0)
    sell(shop, budi, "Kopi baru", category="staples")
    assert found(shop, "kopi") == ["Kopi baru"]
    with shop.read() as tx:
        assert len(catalogue.in_category(tx, "staples", None)) == 1


@pytest.mark.parametrize(
    ("title", "category", "perishable"),
    [
        ("Cabai rawit", "produce", True),
        ("Telur ayam kampung", "animal", True),
        ("Beras medium", "staples", False),
        ("Madu hutan", "prepared", False),
        ("Kain songket", "crafts", False),
        ("Jasa kaligrafi", "services", False),
        ("Sepeda", "other", False),
    ],
)
def test_a_title_suggests_its_shelf(
    shop: Shop, title: str, category: str, perishable: bool
) -> None:
    listing = sell(shop, register(shop, BUDI), title)
    assert (listing.category, listing.perishable) == (category, perishable)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  beras   MEDIUM ", "Beras MEDIUM"),
        ("àpel malang", "Apel malang"),
        ("ßß", "SSß"),
        ("madu [asli]", "Madu (asli)"),
        ("x" * 24, "X" + "x" * 23),
        ("ß" + "x" * 23, None),
        ("x" * 25, None),
        ("12", None),
        ("..", None),
    ],
)
def test_titles_are_kept_as_any_phone_can_show_them(typed: str, kept: str | None) -> None:
    assert catalogue.clean_title(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("KG", "kg"), (" bungkus 200g ", "bungkus 200g"), ("Çuval", "cuval"), ("", None), ("/", None),
     ("x" * 12, "x" * 12), ("x" * 13, None)],
)  # fmt: skip
def test_units_are_short_and_small(typed: str, kept: str | None) -> None:
    assert catalogue.clean_unit(typed) == kept


@given(st.text(max_size=30))
def test_whatever_is_typed_as_a_title_or_unit_fits_its_column_and_gsm_7(typed: str) -> None:
    for kept, most in (
        (catalogue.clean_title(typed), limits.TITLE),
        (catalogue.clean_unit(typed), limits.UNIT),
    ):
        assert kept is None or (len(kept) <= most and gsm7.septets(kept) == len(kept))


@pytest.mark.parametrize(
    ("reason", "part"),
    [
        ("bad_title", {"title": "1"}),
        ("bad_unit", {"unit": ""}),
        ("bad_price", {"price": 0}),
        ("bad_price", {"price": limits.RUPIAH + 1}),
        ("bad_stock", {"stock": 0}),
        ("bad_stock", {"stock": limits.QUANTITY + 1}),
    ],
)
def test_what_cannot_be_sold(shop: Shop, reason: str, part: dict[str, Any]) -> None:
    budi = register(shop, BUDI)
    with pytest.raises(Refused, match=reason):
        sell(shop, budi, **part)
    assert events(shop) == [(BUDI, "person.registered")]


def test_what_is_sold_keeps_its_largest_values(shop: Shop) -> None:
    listing = sell(shop, register(shop, BUDI), price=limits.RUPIAH, stock=limits.QUANTITY)
    assert (listing.price, listing.stock) == (limits.RUPIAH, limits.QUANTITY)


def test_only_the_seller_changes_stock_and_price(shop: Shop) -> None:
    _, budi, rice = trade(shop)
    dewi = register(shop, DEWI)
    for change in (catalogue.set_stock, catalogue.set_price):
        with pytest.raises(Refused, match="not_yours"), shop.write() as tx:
            change(tx, dewi, rice.number, 5)
        with shop.write() as tx:
            change(tx, budi, rice.number, 5)
    assert (look(shop, rice).stock, look(shop, rice).price) == (5, 5)
    assert events(shop)[-2:] == [(BUDI, "listing.stock"), (BUDI, "listing.price")]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (catalogue.set_stock, -1),
        (catalogue.set_stock, limits.QUANTITY + 1),
        (catalogue.set_price, 0),
        (catalogue.set_price, limits.RUPIAH + 1),
    ],
)
def test_stock_and_price_stay_within_bounds(shop: Shop, change, wrong: int) -> None:
    _, budi, rice = trade(shop)
    with pytest.raises(Refused, match="bad_"), shop.write() as tx:
        change(tx, budi, rice.number, wrong)
    assert look(shop, rice) == rice


def test_a_number_of_nothing_is_refused(shop: Shop) -> None:
    _, budi, _ = trade(shop)
    with pytest.raises(Refused, match="no_listing"), shop.write() as tx:
        catalogue.set_price(tx, budi, "99999", 5)


def test_a_new_price_is_that_of_later_orders_only(shop: Shop) -> None:
    sri, budi, rice = trade(shop, price=10_000)
    before = order(shop, sri, rice, 2)
    with shop.write() as tx:
        catalogue.set_price(tx, budi, rice.number, 11_000)
    after = order(shop, sri, rice, 3)
    assert (look(shop, before).total, after.total) == (20_000, 33_000)


def test_a_seller_sees_their_goods_sold_out_or_not(shop: Shop, budi: Person) -> None:
    gone = sell(shop, budi, "Kopi")
    with shop.write() as tx:
        catalogue.set_stock(tx, budi, gone.number, 0)
    with shop.read() as tx:
        titles = [listing.title for listing in catalogue.of_seller(tx, budi)]
    assert titles == ["Kopi", "Beras merah", "Madu trigona", "Madu hutan Sumbawa"]
