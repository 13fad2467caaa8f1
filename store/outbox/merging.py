"""Several waiting notices to one phone become one SMS, where that saves segments and reads well.

What must stay true: nothing with a secret is merged, since it may not be sent twice while the
others may; each notice stays whole, on a line of its own, in the order in which they were written;
a merged text takes fewer segments than its notices alone. A message that has to wait for another
try is by itself again: what was merged into it may not be true any more by then, or wanted longer.
"""

from typing import Any

from store import codes, gsm7
from store.outbox.classes import BY_PRIORITY
from store.outbox.spending import Purse
from store.outbox.states import NEVER, change
from store.shop import Transaction

MOST = 3
"""Notices in one SMS: more than that nobody reads well."""

_WAITING = f"""
SELECT id, text, state, attempt, priority, segments, resend FROM outbox
WHERE msisdn = :msisdn AND id <> :id AND state IN ('queued', 'sending', 'unknown')
  AND (state <> 'unknown' OR resend = 1 AND next_at < '{NEVER}')
ORDER BY id LIMIT 20
"""


def together(tx: Transaction, row: dict[str, Any], purse: Purse) -> tuple[str, int]:
    """The text to send for a message that is claimed, and its segments; those that joined it are
    merged into it.

    None joins that would overtake one as urgent, nor one that the day's budget has no room for.
    """
    text, segments = row["text"], row["segments"]
    if not (BY_PRIORITY[row["priority"]].merges and row["resend"] and row["attempt"] == 0):
        return text, segments
    joined: list[str] = []
    most_urgent = len(BY_PRIORITY)
    for other in tx.rows(_WAITING, row):
        both = f"{text}\n{other['text']}"
        together = gsm7.segments(codes.masked(both))
        if (
            len(joined) < MOST - 1
            and _may_join(row, other)
            and other["priority"] < most_urgent
            and together < segments + other["segments"]
            and purse.has(BY_PRIORITY[other["priority"]], together)
        ):
            text, segments = both, together
            joined.append(other["id"])
        else:  # it stays, and those behind it must not overtake it
            most_urgent = min(most_urgent, other["priority"])
    for other_id in joined:
        within: dict[str, Any] = {
            "merged_into": row["id"],
            "reason": "it went out within another message",
        }
        change(tx, other_id, "merged", **within)
    if joined:
        _keep(tx, row["id"], text)
    return text, segments


def _may_join(row: dict[str, Any], other: dict[str, Any]) -> bool:
    is_new = other["state"] == "queued" and other["attempt"] == 0 and other["resend"]
    is_behind = other["id"] > row["id"] and other["priority"] >= row["priority"]
    return bool(is_new and is_behind and BY_PRIORITY[other["priority"]].merges)


def apart(tx: Transaction, message_id: str) -> None:
    """This message was not taken: what was merged into it waits by itself again."""
    joined = tx.rows("SELECT id, text FROM outbox WHERE merged_into = ? ORDER BY id", (message_id,))
    text = tx.value("SELECT text FROM outbox WHERE id = ?", (message_id,))
    end = "".join(f"\n{other['text']}" for other in joined)
    if not joined or not text.endswith(end):  # its owner was erased meanwhile
        return
    _keep(tx, message_id, text.removesuffix(end))
    for other in joined:
        alone: dict[str, Any] = {
            "merged_into": None,
            "reason": "what it went out within was not taken",
        }
        change(tx, other["id"], "queued", **alone)


def _keep(tx: Transaction, message_id: str, text: str) -> None:
    segments = gsm7.segments(codes.masked(text))
    tx.execute(
        "UPDATE outbox SET text = ?, segments = ? WHERE id = ?", (text, segments, message_id)
    )
