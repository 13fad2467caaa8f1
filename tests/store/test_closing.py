"""A shop that is closed for some days."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from store import calendar, catalogue, closing, limits, orders, people
from store.errors import Refused
from store.people import Person
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, events, look, order, sell, trade

LOMBOK = ZoneInfo("Asia/Makassar")


def close(shop: Shop, seller: Person, days: int = 1) -> str:
    """Closes the shop; its last day as people write it."""
    with shop.write() as tx:
        seller = closing.close(tx, seller, days)
    return f"{calendar.last_moment(seller.closed_until).astimezone(LOMBOK):%d %b %H:%M}"


def found(shop: Shop, buyer: Person | None = None) -> list[str]:
    """What a search and the shelf give, which is the same."""
    with shop.read() as tx:
        searched = [each.title for each in catalogue.search(tx, "beras", buyer)]
        assert [each.title for each in catalogue.in_category(tx, "staples", buyer)] == searched
    return searched


@pytest.mark.parametrize(
    ("days", "last"), [(1, "23 Nov 23:59"), (3, "25 Nov 23:59"), (30, "22 Dec 23:59")]
)
def test_it_is_closed_until_the_last_day_is_over(
    shop: Shop, clock: TurnableClock, days: int, last: str
) -> None:
    sri, budi, rice = trade(shop)
    assert close(shop, budi, days) == last
    clock.turn(timedelta(days=days) - timedelta(hours=9, microseconds=1))  # it is nine o'clock
    assert found(shop) == []
    with pytest.raises(Refused, match="closed"):
        order(shop, sri, rice)
    clock.turn(timedelta(microseconds=1))
    assert found(shop) == ["Beras medium"]
    assert order(shop, sri, rice).state == "waiting"


def test_who_orders_is_told_until_which_day(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    close(shop, budi, 2)
    with pytest.raises(Refused) as refused:
        order(shop, sri, rice)
    assert refused.value.values["listing"] == rice.number
    assert f"{refused.value.values['day'].astimezone(LOMBOK):%d %b}" == "24 Nov"


def test_it_opens_before_its_time(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    close(shop, budi, 9)
    with shop.write() as tx:
        closing.open_again(tx, budi)
    assert found(shop) == ["Beras medium"]
    assert order(shop, sri, rice).state == "waiting"
    assert [action for actor, action in events(shop) if actor == BUDI][-2:] == [
        "shop.closed",
        "shop.opened",
    ]


def test_a_shop_that_is_open_stays_so(shop: Shop, clock: TurnableClock) -> None:
    _, budi, _ = trade(shop)
    close(shop, budi)
    clock.turn(days=1)
    before = events(shop)
    with shop.write() as tx:
        closing.open_again(tx, budi)
    assert found(shop) == ["Beras medium"]
    assert events(shop) == before


def test_the_last_word_counts(shop: Shop) -> None:
    _, budi, _ = trade(shop)
    assert close(shop, budi, 30) == "22 Dec 23:59"
    assert close(shop, budi, 2) == "24 Nov 23:59"


@pytest.mark.parametrize("days", [-1, 0, limits.CLOSED_DAYS + 1])
def test_it_is_closed_for_a_day_at_least_and_not_for_ever(shop: Shop, days: int) -> None:
    _, budi, _ = trade(shop)
    with pytest.raises(Refused, match="bad_closing"):
        close(shop, budi, days)
    assert found(shop) == ["Beras medium"]


def test_only_the_shop_of_that_seller_is_closed(shop: Shop) -> None:
    sri, budi, _ = trade(shop)
    sell(shop, sri, "Beras merah")
    close(shop, budi)
    assert found(shop) == ["Beras merah"]
    with shop.read() as tx:
        assert people.of_phone(tx, SRI).closed_until is None


def test_orders_that_were_placed_go_on(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    placed = order(shop, sri, rice)
    close(shop, budi)
    with shop.write() as tx:
        orders.accept(tx, budi, placed.number)
        orders.send(tx, budi, placed.number)
        orders.receive(tx, sri, placed.number)
    assert look(shop, placed).state == "handed over"


def test_the_goods_are_known_by_their_number(shop: Shop) -> None:
    _, budi, rice = trade(shop)
    close(shop, budi)
    with shop.read() as tx:
        listing = catalogue.find(tx, rice.number)
        assert closing.is_closed(tx, listing.closed_until)


def test_closed_shops_do_not_hide_open_ones(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are left out before the newest are taken, not after."""
    monkeypatch.setattr(catalogue.finding, "_CANDIDATES", 2)
    sri, budi, _ = trade(shop)
    sell(shop, sri, "Beras merah")
    for n in range(3):
        sell(shop, budi, f"Beras {n}")
    close(shop, budi)
    assert found(shop) == ["Beras merah"]


def test_a_search_reads_the_closed_shops_once_and_from_their_index(shop: Shop) -> None:
    with shop.read() as tx:
        plan = " ".join(
            row["detail"]
            for row in tx.rows(
                "EXPLAIN QUERY PLAN SELECT id FROM listings WHERE stock > 0"
                + catalogue.finding._IN_AN_OPEN_SHOP,
                {"now": tx.moment},
            )
        )
    assert "people_closed (closed_until>?)" in plan
    assert "CORRELATED" not in plan
