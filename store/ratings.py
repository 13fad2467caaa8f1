"""What buyers think of their sellers: one to five stars for an order whose goods they have got.

One rating an order, by its buyer, who may change it until the day that they were told.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from store import orders
from store.calendar import end_of_day
from store.clock import from_text, to_text
from store.errors import Refused
from store.orders import Order
from store.orders.machine import SELLING
from store.people import Person
from store.shop import Transaction

MOST_STARS = 5
CHANGE_WITHIN = timedelta(days=7)
"""A rating can be changed until the end of the day that comes this much later."""


@dataclass(frozen=True)
class Rating:
    """An order's stars; they stay as they are from the moment `change_until` on."""

    stars: int
    change_until: str


@dataclass(frozen=True)
class Reputation:
    """The average of a seller's ratings, to a tenth of a star, and how many there are."""

    average: float
    count: int


def rate(tx: Transaction, buyer: Person, number: str, stars: int) -> tuple[Order, Rating]:
    """The buyer's stars for an order, in place of those that they gave before.

    Raises Refused("no_order" | "not_now" | "bad_stars" | "rated").
    """
    order = orders.find(tx, buyer, number, role="buyer")
    if order.state not in SELLING:
        raise Refused("not_now", number=number, state=order.state)
    if not 1 <= stars <= MOST_STARS:
        raise Refused("bad_stars", number=number)
    before = of_order(tx, order)
    if not can_change(tx, before):
        raise Refused("rated", number=number)
    tx.execute(
        "INSERT INTO ratings (order_id, stars, rated_at) VALUES (:order, :stars, :now)"
        " ON CONFLICT (order_id) DO UPDATE SET stars = excluded.stars",
        {"order": order.id, "stars": stars, "now": tx.moment},
    )
    instead = {"before": before.stars} if before else {}
    tx.event(buyer.msisdn, "order.rate", order.subject, stars=stars, **instead)
    return order, replace(before, stars=stars) if before else _rating(tx, stars, tx.moment)


def of_order(tx: Transaction, order: Order) -> Rating | None:
    """The rating that an order has."""
    row = tx.row("SELECT stars, rated_at FROM ratings WHERE order_id = ?", (order.id,))
    return _rating(tx, row["stars"], row["rated_at"]) if row else None


def _rating(tx: Transaction, stars: int, rated_at: str) -> Rating:
    zone = tx.settings.zone
    last_day = (from_text(rated_at) + CHANGE_WITHIN).astimezone(zone).date()
    return Rating(stars, to_text(end_of_day(last_day, zone)))


def can_change(tx: Transaction, rating: Rating | None) -> bool:
    """Whether stars may be given, or others instead."""
    return rating is None or rating.change_until > tx.moment


def can_rate(tx: Transaction, order: Order) -> bool:
    """Whether the order's buyer may give it stars now."""
    return order.state in SELLING and can_change(tx, of_order(tx, order))


def of_seller(tx: Transaction, seller_id: int) -> Reputation | None:
    """What all buyers of a seller think, if any said so."""
    row = tx.row(
        "SELECT COUNT(*) AS given, SUM(ratings.stars) AS stars FROM ratings"
        " JOIN orders ON orders.id = ratings.order_id WHERE orders.seller_id = ?",
        (seller_id,),
    )
    if row is None or not row["given"]:
        return None
    return Reputation(round(row["stars"] / row["given"], 1), row["given"])
