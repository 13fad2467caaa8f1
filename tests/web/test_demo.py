"""`flask --app app demo load`: something to try, and never among real people."""

import re

import pytest

from settings import Settings
from store import catalogue, check, demo, limits, orders, people, phones
from store.data_files import data_rows
from store.shop import Shop
from tests.support import market
from tests.web.conftest import shell_of


def rows(shop: Shop, sql: str) -> list[dict]:
    with shop.read() as tx:
        return tx.rows(sql)


def test_it_prints_whom_to_be_and_what_to_buy(shop: Shop, run) -> None:
    result = run("demo", "load")
    assert result.exit_code == 0
    assert "23 demonstration people, 36 listings" in result.output
    assert "examples, not market data" in result.output
    buyer = re.search(r"^buyer +(\+\d+) ", result.output, re.MULTILINE)[1]
    seller = re.search(r"^seller +(\+\d+) ", result.output, re.MULTILINE)[1]
    number = re.search(r"^listing +(\d+) ", result.output, re.MULTILINE)[1]
    with shop.write() as tx:
        listing = catalogue.find(tx, number)
        assert listing.seller_msisdn == seller
        order = orders.place(tx, people.of_phone(tx, buyer), listing, 2)
    assert f"*{number}*2#" in result.output
    assert order.total == 2 * listing.price


def test_every_good_is_offered_in_its_village(shop: Shop) -> None:
    demo.load(shop)
    offered = rows(
        shop,
        "SELECT listings.title, listings.unit, listings.price, listings.stock, listings.category,"
        " listings.kind, listings.lead_days, listings.deposit,"
        " people.village_code, people.demo FROM listings"
        " JOIN people ON people.id = listings.seller_id ORDER BY listings.id",
    )
    wanted = [row for row in data_rows("goods.csv") if row["origin_code"].count(".") == 3]
    assert len(wanted) > 30
    for row, listing in zip(wanted, offered, strict=True):
        assert row["name"].startswith(listing["title"])
        assert listing["village_code"] == row["origin_code"]
        assert listing["price"] % 500 == 0
        assert int(row["price_low"]) - 250 <= listing["price"] <= int(row["price_high"]) + 250
        if row["kind"] == "jasa":
            assert (listing["kind"], listing["category"]) == ("service", "services")
            assert 3 <= listing["stock"] <= 10
            assert listing["lead_days"] == int(row["lead_days"])
        else:
            assert (listing["kind"], listing["lead_days"], listing["deposit"]) == ("goods", 0, 0)
            assert listing["category"] != "services"
            assert 20 <= listing["stock"] <= 50
        assert listing["demo"] == 1
    titles = [listing["title"] for listing in offered]
    assert "Tenun Bima" in titles, "what stands in brackets goes first"
    assert max(map(len, titles)) <= limits.TITLE
    assert check.first_fault(shop) is None


def test_its_people_are_valid_and_in_villages_that_there_are(shop: Shop) -> None:
    demo.load(shop)
    everybody = rows(shop, "SELECT msisdn, name, village_code FROM people ORDER BY id")
    assert [row["msisdn"] for row in everybody] == [
        f"+62810000000{n:02d}" for n in range(1, len(everybody) + 1)
    ]
    for row in everybody:
        typed = "0" + row["msisdn"].removeprefix("+62")
        assert phones.parse_phone(typed) == row["msisdn"]
    assert len({row["name"] for row in everybody}) == len(everybody)
    villages = {row["code"]: row["name"] for row in data_rows("ntb_villages.csv")}
    assert {row["village_code"] for row in everybody} <= set(villages)
    assert villages[demo.BUYER[1]] == "Puyung"


def test_the_same_chance_makes_the_same_market(settings: Settings, shop: Shop) -> None:
    demo.load(shop)
    other = market.open_shop(
        settings, shop.clock, database_url=f"sqlite:///{settings.data_dir}/other.db"
    )
    demo.load(other)
    mine = "SELECT title, price, stock FROM listings ORDER BY id"
    assert rows(shop, mine) == rows(other, mine)


def test_real_people_are_left_alone(shop: Shop, run) -> None:
    market.register(shop, market.SRI)
    before = market.everything(shop)
    result = run("demo", "load")
    assert result.exit_code == 1
    assert "real people are registered here" in result.output
    assert result.output.count("\n") == 1
    assert market.everything(shop) == before


def test_if_empty_does_nothing_where_anybody_is(shop: Shop, run) -> None:
    market.register(shop, market.SRI)
    before = market.everything(shop)
    result = run("demo", "load", "--if-empty")
    assert result.exit_code == 0
    assert result.output.count("\n") == 1
    assert market.everything(shop) == before


def test_if_empty_loads_where_nobody_is(shop: Shop, run) -> None:
    assert run("demo", "load", "--if-empty").exit_code == 0
    assert rows(shop, "SELECT 1 FROM people")


def test_loading_again_only_tells_again(shop: Shop, run) -> None:
    first = run("demo", "load")
    before = market.everything(shop)
    assert run("demo", "load").output == first.output
    assert market.everything(shop) == before


def test_real_phones_could_get_its_messages_and_that_is_said(settings: Settings) -> None:
    shop = market.open_shop(settings, sms_provider=("africastalking", "simulator"))
    result = shell_of(shop)("demo", "load")
    assert "SMS to them would leave through africastalking, simulator" in result.stderr


def test_without_a_schema_it_says_what_to_do(settings: Settings) -> None:
    result = shell_of(Shop(settings, market.plain))("demo", "load")
    assert result.exit_code == 1
    assert "run `flask --app app db migrate`" in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(
    ("low", "high", "middle"),
    [(35_000, 35_000, 35_000), (10_000, 40_000, 20_000), (1_400, 1_850, 1_500), (1, 2, 500)],
)
def test_prices_are_midway_in_steps_of_500(low: int, high: int, middle: int) -> None:
    assert demo._price(low, high) == middle
