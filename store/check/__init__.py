"""Whether the database agrees with itself: shelves with orders, orders, money and complaints with
what happened to them, agents with who made them so, what they have with what is held and owed,
balances with postings, and both chains with their ends as they are known outside.

A sound shop has no fault at any moment, in the middle of trade too, because every action changes
all that belongs together in one transaction. So whatever is found here was done by something else.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from sqlite_utils.utils import sqlite3

from store import heads
from store.check import books, chains, custody, histories, roles, shelves, weeks
from store.errors import Unavailable
from store.migrations import migrations
from store.shop import Shop, Transaction


def first_fault(shop: Shop, heads_file: Path | None = None) -> str | None:
    """The first fault of the whole database, or None. Changes nothing.

    It is held against the heads that the shop keeps, or against those of a file that was kept
    elsewhere. The search index is looked at within a write transaction, so trade waits for that:
    measured 0.1 s for 100,000 listings.
    """
    try:
        pending = pending_migrations(shop)
        if pending:
            return (
                f"schema: not up to date ({', '.join(pending)}); run `flask --app app db migrate`"
            )
        # Before the view begins: trade that goes on meanwhile must not be missing in it.
        kept, unreadable = _read(heads_file or shop.settings.heads_path)
        with shop.read() as tx:
            fault = next(chain(faults(tx), chains.head_faults(tx, kept)), None)
        return fault or unreadable or shelves.index_fault(shop)
    except sqlite3.DatabaseError as error:
        return f"database: {error}"


def pending_migrations(shop: Shop) -> list[str]:
    """The migrations that this database lacks."""
    utils = shop.database.connection().utils
    return [migration.name for migration in migrations.pending(utils)]


def faults(tx: Transaction) -> Iterator[str]:
    """Every fault that the database itself shows, one line each that names the row.

    The heads kept outside and the search index are not looked at.
    """
    parts = (
        _file_faults,
        shelves.faults,
        weeks.faults,
        histories.faults,
        roles.faults,
        chains.faults,
        books.faults,
        custody.faults,
    )
    return chain.from_iterable(part(tx) for part in parts)


def counts(tx: Transaction) -> dict[str, int]:
    """How many rows were looked at, by table."""
    return {
        table: int(tx.value(f"SELECT COUNT(*) FROM {table}"))
        for table in ("people", "listings", "orders", "disputes", "events", "postings")
    }


def why_unusable(error: BaseException) -> str | None:
    """What to tell an operator of a failure of the database; None for any other failure."""
    if isinstance(error, sqlite3.OperationalError) and "no such" in str(error):
        return "the database has not this version's schema: run `flask --app app db migrate`"
    if isinstance(error, sqlite3.DatabaseError | Unavailable):
        return f"the database cannot be used: {error}"
    return None


def _read(path: Path) -> tuple[heads.Heads, str | None]:
    """The heads in a file, and what is wrong with it."""
    try:
        return heads.read(path), None
    except (heads.WrongHeads, OSError) as error:
        return {}, f"heads: {error}"


def _file_faults(tx: Transaction) -> Iterator[str]:
    for row in tx.rows("PRAGMA integrity_check"):
        told = " ".join(str(row["integrity_check"]).split())
        if told != "ok":
            yield f"file: {told}"
    orphans = tx.rows("PRAGMA foreign_key_check")
    for row in sorted(orphans, key=lambda row: (row["table"], row["rowid"] or 0)):
        yield f"{row['table']} row {row['rowid']}: what it names in {row['parent']} is not there"
