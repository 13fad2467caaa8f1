"""What buyers think of their sellers."""

from datetime import timedelta

import pytest
from sqlite_utils.utils import sqlite3

from store import catalogue, check, orders, ratings
from store.errors import Refused
from store.orders import Order
from store.people import Person
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import (
    BUDI,
    DEWI,
    SRI,
    code_of_order,
    events,
    order,
    register,
    run_timers,
    sell,
    texts_to,
    trade,
)

LAST_CHANGE = timedelta(days=8) - timedelta(hours=9)
"""From nine o'clock to the end of the seventh day that follows."""


def rate(shop: Shop, buyer: Person, number: str, stars: int) -> ratings.Rating:
    with shop.write() as tx:
        return ratings.rate(tx, buyer, number, stars)[1]


def stars(shop: Shop, of: Order) -> int | None:
    with shop.read() as tx:
        rating = ratings.of_order(tx, of)
    return rating.stars if rating else None


def average(shop: Shop, seller: Person) -> tuple[float, int] | None:
    with shop.read() as tx:
        found = ratings.of_seller(tx, seller.id)
    return (found.average, found.count) if found else None


def bought(shop: Shop, buyer: Person, seller: Person, listing: catalogue.Listing) -> Order:
    """An order whose goods were handed over."""
    placed = order(shop, buyer, listing, again=True)
    with shop.write() as tx:
        orders.accept(tx, seller, placed.number)
        return orders.receive(tx, buyer, placed.number)


@pytest.fixture
def handed_over(shop: Shop) -> tuple[Person, Person, Order]:
    """Sri has Budi's rice."""
    sri, budi, rice = trade(shop)
    return sri, budi, bought(shop, sri, budi, rice)


def test_an_order_is_rated_once_and_nobody_is_sent_anything(shop: Shop, handed_over) -> None:
    sri, budi, got = handed_over
    sent = texts_to(shop, SRI), texts_to(shop, BUDI)
    assert average(shop, budi) is None
    rate(shop, sri, got.number, 4)
    assert (stars(shop, got), average(shop, budi)) == (4, (4.0, 1))
    rate(shop, sri, got.number, 2)
    assert (stars(shop, got), average(shop, budi)) == (2, (2.0, 1))
    assert events(shop)[-2:] == [(SRI, "order.rate")] * 2
    assert (texts_to(shop, SRI), texts_to(shop, BUDI)) == sent
    assert check.first_fault(shop) is None


def test_a_done_order_can_be_rated(shop: Shop, clock: TurnableClock, handed_over) -> None:
    sri, _, got = handed_over
    clock.turn(days=30)
    run_timers(shop)
    rate(shop, sri, got.number, 5)
    assert stars(shop, got) == 5


def test_a_rating_can_be_changed_for_seven_days_from_the_first(
    shop: Shop, clock: TurnableClock, handed_over
) -> None:
    sri, _, got = handed_over
    first = rate(shop, sri, got.number, 1)
    clock.turn(LAST_CHANGE - timedelta(microseconds=1))
    assert rate(shop, sri, got.number, 5) == ratings.Rating(5, first.change_until)
    with shop.read() as tx:
        assert ratings.can_rate(tx, got)
    clock.turn(timedelta(microseconds=1))
    with pytest.raises(Refused, match="rated"):
        rate(shop, sri, got.number, 1)
    with shop.read() as tx:
        assert not ratings.can_rate(tx, got)
    assert stars(shop, got) == 5


def test_what_was_not_handed_over_is_not_rated(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    placed = order(shop, sri, rice)

    def refused() -> None:
        with pytest.raises(Refused, match="not_now"):
            rate(shop, sri, placed.number, 5)
        assert stars(shop, placed) is None

    refused()
    with shop.write() as tx:
        orders.accept(tx, budi, placed.number)
    refused()
    with shop.write() as tx:
        orders.send(tx, budi, placed.number)
    refused()
    code = code_of_order(shop, placed)
    with shop.write() as tx:
        orders.hand_over(tx, budi, placed.number, code)
    rate(shop, sri, placed.number, 5)


def test_only_its_buyer_rates_an_order(shop: Shop, handed_over) -> None:
    _, budi, got = handed_over
    for other in (budi, register(shop, DEWI)):
        with pytest.raises(Refused, match="no_order"):
            rate(shop, other, got.number, 5)


@pytest.mark.parametrize("wrong", [0, 6, -1, 10_000])
def test_there_are_one_to_five_stars(shop: Shop, handed_over, wrong: int) -> None:
    sri, _, got = handed_over
    with pytest.raises(Refused, match="bad_stars"):
        rate(shop, sri, got.number, wrong)
    with pytest.raises(sqlite3.IntegrityError), shop.write() as tx:
        tx.execute("INSERT INTO ratings VALUES (?, ?, ?)", (got.id, wrong, tx.moment))


def test_a_seller_has_the_average_of_all_their_orders(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    dewi = register(shop, DEWI)
    honey = sell(shop, budi, "Madu", price=20_000)
    other = sell(shop, sri, "Kopi")
    given = [(sri, rice, 5), (dewi, rice, 4), (sri, honey, 5)]
    for buyer, listing, many in given:
        rate(shop, buyer, bought(shop, buyer, budi, listing).number, many)
    rate(shop, budi, bought(shop, budi, sri, other).number, 1)
    assert average(shop, budi) == (4.7, 3)
    assert average(shop, sri) == (1.0, 1)
