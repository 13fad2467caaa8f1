"""Fifty buyers, each a process of its own, want the last five of something at the same moment.

Each has seen that there are five before anybody buys, as on a screen that was drawn a moment ago.
The twins take away what stands between that and the shelf: then too many are sold, or the schema
has to stop them.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3

from settings import Settings
from store import catalogue, check, orders, people
from store.catalogue import Listing
from store.database import Connection
from store.errors import Refused, Unavailable
from store.shop import Shop
from tests.support import market
from tests.support.market import BUDI, SUKARARA, code_of, offer, order, plain, register, sell
from tests.support.rivals import Crowd

pytestmark = [pytest.mark.slow, pytest.mark.processes]

BUYERS, LEFT, ROUNDS = 50, 5, 100

ON_THE_SHELF = " AND stock >= :quantity"
IN_THE_WEEK = (
    "WHERE slots.taken + excluded.taken <= (SELECT stock FROM listings WHERE id = :listing)"
)
CHECKS = "PRAGMA ignore_check_constraints = ON"


def phone(n: int) -> str:
    return f"+62812300{n:05d}"


def buyer_in(settings: Settings, n: int, without: tuple[str, ...]) -> Callable[..., str]:
    """What one buyer does in a round; what they got of it.

    `without` are conditions taken out of every statement, or pragmas to begin with.
    """
    shop = Shop(settings, plain)
    execute = Connection.execute

    def unguarded(self: Connection, sql: str, values: Any = ()) -> int:
        for guard in without:
            sql = sql.replace(guard, "")
        return execute(self, sql, values)

    if CHECKS in without:
        shop.database.connection().raw.execute(CHECKS)
    Connection.execute = unguarded  # type: ignore[method-assign]

    def buy(ready: Any, number: str) -> str:
        with shop.read() as tx:
            me, seen = people.of_phone(tx, phone(n)), catalogue.find(tx, number)
        assert me
        ready.wait(60)
        while True:
            try:
                with shop.write() as tx:
                    return orders.place(tx, me, seen, 1, spec="ayat kursi").state
            except Refused as refused:
                return refused.reason
            except Unavailable:
                continue  # the queue was long: they try again
            except sqlite3.IntegrityError:
                return "stopped by the schema"

    return buy


def crowd(shop: Shop, *without: str, buyers: int = BUYERS) -> Crowd:
    """Buyers, who are registered first."""
    with shop.write() as tx:
        for n in range(buyers):
            people.register(tx, phone(n), f"Pembeli {n}", code_of(SUKARARA))
    return Crowd(buyer_in, [(shop.settings, n, without) for n in range(buyers)])


def goods(shop: Shop) -> Iterator[Listing]:
    """A listing with five left, again and again."""
    budi = register(shop, BUDI, "Amaq Budi")
    while True:
        yield sell(shop, budi, stock=LEFT)


def services(shop: Shop) -> Iterator[Listing]:
    """A service of which one a week can be done, and of whose nine weeks five have room."""
    budi, dewi = register(shop, BUDI, "Amaq Budi"), register(shop, market.DEWI, "Inaq Dewi")
    while True:
        listing = offer(shop, budi, price=20_000, stock=1)
        for _ in range(4):
            order(shop, dewi, listing, 1, again=True)
        yield listing


def sold(shop: Shop, listing: Listing) -> int:
    """How many of the buyers have an order for it."""
    with shop.read() as tx:
        return tx.value(
            "SELECT COUNT(*) FROM orders JOIN people ON people.id = orders.buyer_id"
            " WHERE orders.listing_id = ? AND people.msisdn <> ?",
            (listing.id, market.DEWI),
        )


def check_five_are_sold(shop: Shop, buyers: Crowd, listing: Listing, why_not: str) -> None:
    got = Counter(buyers.all_at_once(listing.number))
    assert got == {"waiting": LEFT, why_not: got.total() - LEFT}
    assert sold(shop, listing) == LEFT
    with shop.read() as tx:
        overbooked = tx.value(
            "SELECT COUNT(*) FROM slots JOIN listings ON listings.id = slots.listing_id"
            " WHERE slots.taken > listings.stock"
        )
        assert overbooked == 0
        assert catalogue.by_id(tx, listing.id).stock == (1 if listing.kind == "service" else 0)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("listings", "why_not"), [(goods, "short_stock"), (services, "fully_booked")]
)
def test_fifty_buyers_get_the_last_five(
    shop: Shop, listings: Callable[[Shop], Iterator[Listing]], why_not: str
) -> None:
    with crowd(shop) as buyers:
        for listing in itertools.islice(listings(shop), ROUNDS):
            check_five_are_sold(shop, buyers, listing, why_not)
    with shop.read() as tx:
        assert list(check.faults(tx)) == []


def test_twin_without_a_look_at_the_shelf_the_schema_stops_them(shop: Shop) -> None:
    with crowd(shop, ON_THE_SHELF, buyers=12) as buyers:
        listing = next(goods(shop))
        got = Counter(buyers.all_at_once(listing.number))
    assert got == {"waiting": LEFT, "stopped by the schema": 12 - LEFT}


@pytest.mark.parametrize(
    ("listings", "without"),
    [(goods, (ON_THE_SHELF, CHECKS)), (services, (IN_THE_WEEK,))],
    ids=["goods", "services"],
)
def test_twin_without_any_guard_too_many_are_sold(
    shop: Shop, listings: Callable[[Shop], Iterator[Listing]], without: tuple[str, ...]
) -> None:
    with crowd(shop, *without, buyers=12) as buyers:
        listing = next(listings(shop))
        with pytest.raises(AssertionError, match="'waiting': 12"):
            check_five_are_sold(shop, buyers, listing, "short_stock")
