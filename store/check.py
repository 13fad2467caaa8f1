"""Whether the database agrees with itself: shelves with orders, orders with what happened to them.

A sound shop has no fault at any moment, in the middle of trade too, because every action changes
all that belongs together in one transaction. So whatever is found here was done by something else.
"""

from collections.abc import Iterator
from itertools import chain

from sqlite_utils.utils import sqlite3

from store import numbers
from store.errors import Unavailable
from store.migrations import migrations
from store.orders.machine import MACHINE, RESERVING, SELLING
from store.shop import Shop, Transaction

BESIDE_THE_PATH = {"place", "remind", "late", "wrong_code", "rate"}
"""Actions of an order's events that do not change its state."""

_PATH = {(t.source, t.action.replace(" ", "_")): t.target for t in MACHINE.transitions}
_ACTIONS = {action for _, action in _PATH} | BESIDE_THE_PATH
_AT_A_TIME = 500


def first_fault(shop: Shop) -> str | None:
    """The first fault of the whole database, or None. Changes nothing.

    The search index is looked at within a write transaction, so trade waits for that: measured
    0.1 s for 100,000 listings.
    """
    try:
        pending = pending_migrations(shop)
        if pending:
            return (
                f"schema: not up to date ({', '.join(pending)}); run `flask --app app db migrate`"
            )
        with shop.read() as tx:
            fault = next(faults(tx), None)
        return fault or _index_fault(shop)
    except sqlite3.DatabaseError as error:
        return f"database: {error}"


def pending_migrations(shop: Shop) -> list[str]:
    """The migrations that this database lacks."""
    utils = shop.database.connection().utils
    return [migration.name for migration in migrations.pending(utils)]


def faults(tx: Transaction) -> Iterator[str]:
    """Every fault, one line each that names the row; all but the search index."""
    return chain(_file_faults(tx), _listing_faults(tx), _order_faults(tx))


def counts(tx: Transaction) -> dict[str, int]:
    """How many rows were looked at, by table."""
    return {
        table: int(tx.value(f"SELECT COUNT(*) FROM {table}"))
        for table in ("people", "listings", "orders", "events")
    }


def why_unusable(error: BaseException) -> str | None:
    """What to tell an operator of a failure of the database; None for any other failure."""
    if isinstance(error, sqlite3.OperationalError) and "no such" in str(error):
        return "the database has not this version's schema: run `flask --app app db migrate`"
    if isinstance(error, sqlite3.DatabaseError | Unavailable):
        return f"the database cannot be used: {error}"
    return None


def _file_faults(tx: Transaction) -> Iterator[str]:
    for row in tx.rows("PRAGMA integrity_check"):
        told = " ".join(str(row["integrity_check"]).split())
        if told != "ok":
            yield f"file: {told}"
    orphans = tx.rows("PRAGMA foreign_key_check")
    for row in sorted(orphans, key=lambda row: (row["table"], row["rowid"] or 0)):
        yield f"{row['table']} row {row['rowid']}: what it names in {row['parent']} is not there"


def _listing_faults(tx: Transaction) -> Iterator[str]:
    for row in tx.rows("SELECT id, number FROM listings ORDER BY id"):
        yield from _number_faults("listing", row["id"], row["number"])
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


def _order_faults(tx: Transaction) -> Iterator[str]:
    last = 0
    while rows := tx.rows(
        "SELECT id, number, state FROM orders WHERE id > ? ORDER BY id LIMIT ?", (last, _AT_A_TIME)
    ):
        for row in rows:
            yield from _number_faults("order", row["id"], row["number"])
            yield from _history_faults(tx, row["id"], f"order {row['number']}", row["state"])
        last = rows[-1]["id"]


def _number_faults(kind: str, number_id: int, number: str) -> Iterator[str]:
    if not numbers.is_valid(number):
        yield f"{kind} {number}: its check digit is wrong"
    elif number[:-1] != str(number_id):
        yield f"{kind} {number}: is the number of id {number[:-1]}, not of {number_id}"


def _history_faults(tx: Transaction, order_id: int, name: str, kept: str) -> Iterator[str]:
    """Walks an order's events from its placing on."""
    actions = [
        str(row["action"]).removeprefix("order.")
        for row in tx.rows(
            "SELECT action FROM events WHERE subject = ? ORDER BY seq", (f"order:{order_id}",)
        )
    ]
    if actions[:1] != ["place"]:
        yield f"{name}: its first event is {actions[0] if actions else 'missing'}, not place"
        return
    state = "waiting"
    for action in actions:
        if action not in _ACTIONS:
            yield f"{name}: no order has an event {action}"
            return
        if action in BESIDE_THE_PATH:
            continue
        if (state, action) not in _PATH:
            yield f"{name}: event {action} came while it was {state}"
            return
        state = _PATH[state, action]
    if state != kept:
        yield f"{name}: is {kept}, its events make it {state}"
        return
    for timeout in MACHINE.timeouts:
        if timeout.state == state and timeout.name not in actions:  # it did not come up yet
            timer = MACHINE.name_of(timeout.name)
            if not _is_set(tx, timer, order_id):
                yield f"{name}: is {state} and has no timer {timer}"
                return


def _is_set(tx: Transaction, kind: str, order_id: int) -> bool:
    found = tx.value("SELECT 1 FROM timers WHERE kind = ? AND subject = ?", (kind, str(order_id)))
    return found is not None


class _Undo(Exception):
    """Ends a transaction without a change."""


def _index_fault(shop: Shop) -> str | None:
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
