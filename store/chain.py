"""Tables that are only added to, each row chained to the one before it.

`seq` counts a table's rows from 1 without a gap, and `hash` is taken over the hash of the row
before and the row's own content. So whoever changes, takes out or puts in a row has to make all
later hashes anew, and the last one then differs from the heads kept outside (`store/heads.py`).

What must stay true: a row is added inside a write transaction, and of those there is one at a
time, so the last row that it reads is the last; how a hash is made never changes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from store.shop import Transaction

CHAINS = {
    "events": ("seq", "id", "at", "actor", "action", "subject", "details"),
    "postings": (
        "seq", "at", "key", "debit", "credit", "amount", "order_id", "reason", "undoes",
    ),
}  # fmt: skip
"""What a row's hash is taken over, by table."""


@dataclass(frozen=True)
class Head:
    """The last row of a chain."""

    seq: int
    hash: str


NOTHING = Head(0, "0" * 64)
"""The head of a chain that has no row yet."""

LAST = {table: f"SELECT seq, hash FROM {table} ORDER BY seq DESC LIMIT 1" for table in CHAINS}
"""The statement that reads a chain's head, by table."""

_INSERT = {
    table: f"INSERT INTO {table} ({', '.join(columns)}, hash)"
    f" VALUES ({', '.join(f':{column}' for column in columns)}, :hash)"
    for table, columns in CHAINS.items()
}
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def link(previous: str, content: Mapping[str, Any]) -> str:
    """The hash of the row with this content after the row with the hash `previous`."""
    return sha256((previous + _canonical(content)).encode()).hexdigest()


def append(tx: "Transaction", table: str, content: Mapping[str, Any]) -> int:
    """Adds a row with this content, all but its `seq` and `hash`; its `seq`.

    Raises RuntimeError in a transaction that is not durable: what a power cut takes back would be
    missing in a chain whose head is known outside.
    """
    if not tx.durable:
        raise RuntimeError(f"a row of {table} needs a durable transaction")
    before = last(tx, table)
    row = {**content, "seq": before.seq + 1}
    head = Head(before.seq + 1, link(before.hash, row))
    tx.execute(_INSERT[table], {**row, "hash": head.hash})
    first, _ = tx.grown.get(table, (before, before))
    tx.grown[table] = (first, head)
    return head.seq


def last(tx: "Transaction", table: str) -> Head:
    """The head of a table's chain."""
    row = tx.row(LAST[table])
    return Head(row["seq"], row["hash"]) if row else NOTHING


def has(tx: "Transaction", table: str, head: Head) -> bool:
    """Whether the chain has, or had, this head: its row is there with this hash."""
    found = tx.value(f"SELECT hash FROM {table} WHERE seq = ?", (head.seq,))
    return bool(found == head.hash) or head == NOTHING
