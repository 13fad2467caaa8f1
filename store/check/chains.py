"""Events and postings with the hashes that chain them, and with the heads kept outside."""

from collections.abc import Iterator

from store import chain
from store.chain import CHAINS, NOTHING, Head
from store.database import Row
from store.heads import Heads
from store.shop import Transaction

_NAMES = {"events": ("event", "id"), "postings": ("posting", "seq")}
"""What a row is called and known by, by table."""

_AT_A_TIME = 500


def faults(tx: Transaction) -> Iterator[str]:
    """Every row that is missing, or is not as it was written."""
    for table, columns in CHAINS.items():
        yield from _faults(tx, table, f"SELECT {', '.join(columns)}, hash FROM {table}")


def _faults(tx: Transaction, table: str, select: str) -> Iterator[str]:
    before = NOTHING
    while rows := tx.rows(f"{select} WHERE seq > ? ORDER BY seq LIMIT ?", (before.seq, _AT_A_TIME)):
        for row in rows:
            head = Head(row["seq"], row.pop("hash"))
            if head.seq != before.seq + 1:
                gap = _missing(before.seq + 1, head.seq - 1)
                yield f"{table}: {gap} before {_name(table, row)}"
            elif chain.link(before.hash, row) != head.hash:
                yield (
                    f"{_name(table, row)}: is not what was written as number {head.seq}"
                    " (its hash does not fit)"
                )
            before = head


def head_faults(tx: Transaction, kept: Heads) -> Iterator[str]:
    """Every end of a chain that is known outside, and that the database does not have.

    `kept` was read before the transaction began.
    """
    for table, head in kept.items():
        end = chain.last(tx, table).seq
        if end < head.seq:
            yield (
                f"{table}: {_missing(end + 1, head.seq)} at the end (the heads kept outside know"
                f" {head.seq})"
            )
        elif not chain.has(tx, table, head):
            yield (
                f"{table}: number {head.seq} is not the one that the heads kept outside know;"
                " it or something before it was written anew"
            )


def _missing(first: int, last: int) -> str:
    return f"number {first} is missing" if first == last else f"{first} to {last} are missing"


def _name(table: str, row: Row) -> str:
    kind, known_by = _NAMES[table]
    return f"{kind} {row[known_by]}"
