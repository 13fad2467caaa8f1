"""Events and postings with the hashes that chain them."""

from collections.abc import Iterator

from store import chain
from store.chain import CHAINS, NOTHING, Head
from store.database import Row
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


def _missing(first: int, last: int) -> str:
    return f"number {first} is missing" if first == last else f"{first} to {last} are missing"


def _name(table: str, row: Row) -> str:
    kind, known_by = _NAMES[table]
    return f"{kind} {row[known_by]}"
