"""What a seller sold on a day, and what is theirs at the agents' (REKAP)."""

from dataclasses import dataclass
from datetime import date, timedelta

from store.calendar import end_of_day
from store.clock import to_text
from store.people import Person
from store.shop import Transaction


@dataclass(frozen=True)
class Recap:
    """Orders handed over on `day` and their total; rupiah that agents hold for the seller's open
    orders, and that the seller can fetch."""

    day: date
    count: int
    total: int
    held: int
    due: int


def of_day(tx: Transaction, seller: Person, day: date) -> Recap:
    """The seller's day, in the market's time zone."""
    zone = tx.settings.zone
    (sold,) = tx.rows(
        "SELECT COUNT(*) AS count, COALESCE(SUM(total), 0) AS total FROM orders"
        " WHERE seller_id = :me AND handed_at >= :begin AND handed_at < :end",
        {
            "me": seller.id,
            "begin": to_text(end_of_day(day - timedelta(days=1), zone)),
            "end": to_text(end_of_day(day, zone)),
        },
    )
    held = tx.value(
        "SELECT COALESCE(SUM(escrows.amount), 0) FROM escrows"
        " JOIN orders ON orders.id = escrows.order_id"
        " WHERE orders.seller_id = ? AND escrows.state IN ('held', 'frozen')",
        (seller.id,),
    )
    due = tx.value(
        "SELECT COALESCE(SUM(amount), 0) FROM payouts WHERE person_id = ? AND state = 'due'",
        (seller.id,),
    )
    return Recap(day, sold["count"], sold["total"], held, due)
