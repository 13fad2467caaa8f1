"""Several waiting notices to one phone become one SMS, where that saves segments and reads well.

What must stay true: nothing with a secret is merged, since it may not be sent twice while the
others may; each notice stays whole, on a line of its own, in the order in which they were written;
a merged text takes fewer segments than its notices alone.
"""

from typing import Any

from store import codes, gsm7
from store.outbox.classes import BY_PRIORITY
from store.outbox.states import change
from store.shop import Transaction

MOST = 3
"""Notices in one SMS: more than that nobody reads well."""


def together(tx: Transaction, row: dict[str, Any]) -> tuple[str, int]:
    """The text to send for a message that is claimed, and its segments; those that joined it are
    merged into it."""
    text, segments = row["text"], row["segments"]
    if not (BY_PRIORITY[row["priority"]].merges and row["resend"] and row["attempt"] == 0):
        return text, segments
    joined, count = [], 1
    for other in tx.rows(
        "SELECT id, text, segments, resend, priority, expires_at FROM outbox"
        " WHERE msisdn = :msisdn AND id > :id AND state = 'queued' AND attempt = 0"
        " AND priority >= :priority ORDER BY id LIMIT :limit",
        {**row, "limit": MOST - 1},
    ):
        if not (BY_PRIORITY[other["priority"]].merges and other["resend"]):
            break
        both = f"{text}\n{other['text']}"
        together = gsm7.segments(codes.masked(both))
        if together >= segments + other["segments"] or other["expires_at"] <= tx.moment:
            break
        text, segments, count = both, together, count + 1
        joined.append(other)
    for other in joined:
        change(tx, other["id"], "merged", reason="it went out within another message")
        tx.execute("UPDATE outbox SET merged_into = ? WHERE id = ?", (row["id"], other["id"]))
    if joined:
        tx.execute(
            "UPDATE outbox SET text = ?, segments = ?, about = '' WHERE id = ?",
            (text, segments, row["id"]),
        )
    return text, segments
