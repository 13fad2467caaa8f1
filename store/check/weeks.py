"""The weeks of services with the orders that take room in them."""

from collections.abc import Iterator

from store.orders.machine import RESERVING, SELLING
from store.shop import Transaction

_COUNTED = (*RESERVING, *SELLING)


def faults(tx: Transaction) -> Iterator[str]:
    """Every week of a listing whose number is not the sum of its open and sold orders."""
    marks = ", ".join("?" * len(_COUNTED))
    for row in tx.rows(
        "SELECT listings.number, found.week, SUM(found.taken) AS taken,"
        "  SUM(found.ordered) AS ordered FROM ("
        "   SELECT listing_id, week, taken, 0 AS ordered FROM slots"
        "   UNION ALL SELECT listing_id, slot, 0, quantity FROM orders"
        f"  WHERE slot IS NOT NULL AND state IN ({marks})) AS found"
        " JOIN listings ON listings.id = found.listing_id"
        " GROUP BY listings.id, listings.number, found.week"
        " HAVING SUM(found.taken) <> SUM(found.ordered)"
        " ORDER BY listings.id, found.week",
        _COUNTED,
    ):
        yield (
            f"listing {row['number']}: {row['taken']} taken in the week of {row['week']},"
            f" its orders make {row['ordered']}"
        )
