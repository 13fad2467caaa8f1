"""Listings with the orders that reserve and sell their stock, and with what the search finds."""

from collections.abc import Iterator

from sqlite_utils.utils import sqlite3

from store.check import numbering
from store.orders.machine import RESERVING, SELLING
from store.shop import Shop, Transaction


def faults(tx: Transaction) -> Iterator[str]:
    """Every fault of a listing; all but the search index."""
    for row in tx.rows("SELECT id, number FROM listings ORDER BY id"):
        yield from numbering.faults("listing", row["id"], row["number"])
    for row in tx.rows(
        "SELECT listings.number, listings.reserved, listings.sold,"
        "  COALESCE(ordered.open, 0) AS open, COALESCE(ordered.gone, 0) AS gone"
        " FROM listings LEFT JOIN (SELECT listing_id,"
        f"   SUM(CASE WHEN state IN ({_marks(RESERVING)}) THEN quantity ELSE 0 END) AS open,"
        f"   SUM(CASE WHEN state IN ({_marks(SELLING)}) THEN quantity ELSE 0 END) AS gone"
        "   FROM orders GROUP BY listing_id) AS ordered ON ordered.listing_id = listings.id"
        " WHERE listings.reserved <> COALESCE(ordered.open, 0)"
        "   OR listings.sold <> COALESCE(ordered.gone, 0)"
        " ORDER BY listings.id",
        (*RESERVING, *SELLING),
    ):
        for column, ordered in (("reserved", row["open"]), ("sold", row["gone"])):
            if row[column] != ordered:
                yield (
                    f"listing {row['number']}: {column} is {row[column]}, its orders make {ordered}"
                )


class _Undo(Exception):
    """Ends a transaction without a change."""


def index_fault(shop: Shop) -> str | None:
    """Whether the search finds what the listings say; FTS5 tells it to writers only."""
    fault = None
    try:
        with shop.write(durable=False) as tx:
            try:
                tx.execute(
                    "INSERT INTO listings_fts (listings_fts, rank) VALUES ('integrity-check', 1)"
                )
            except sqlite3.DatabaseError as error:
                fault = f"listings_fts: the search index disagrees with the listings ({error})"
            raise _Undo
    except _Undo:
        return fault


def _marks(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))
