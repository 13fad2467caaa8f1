"""What can become of a message: its states and its ways from one to the next, as data."""

from functools import cache
from typing import Any

from store.shop import Transaction

STATES = {
    "queued": "waits for its turn, for its next try, or for the quiet hours to be over",
    "sending": "is being given to a provider; written down before the provider is called",
    "accepted": "a provider has it",
    "unknown": "it was given to a provider and nobody can tell whether it was taken",
    "delivered": "it reached the phone, as a report says",
    "undelivered": "its provider gave it up, as a report says",
    "failed": "refused for good",
    "expired": "could not be sent while anybody wanted it",
    "blocked": "not sent: to that country, or that much to one phone, nothing may go",
    "merged": "went out within another message to the same phone",
    "withdrawn": "was not true any more when its turn came",
}
"""State -> what it means."""

MOVES = {
    ("queued", "sending"): "its turn came",
    ("queued", "expired"): "its time was over",
    ("queued", "merged"): "another to the same phone had room for it",
    ("merged", "queued"): "what it went out within was not taken",
    ("queued", "withdrawn"): "what it reminds of has happened, or its reader wants no more of them",
    ("queued", "accepted"): "the answer to an earlier attempt came late",
    ("queued", "failed"): "the answer to an earlier attempt came late",
    ("expired", "accepted"): "the answer to an earlier attempt came late",
    ("withdrawn", "accepted"): "the answer to an earlier attempt came late",
    ("sending", "accepted"): "the provider took it",
    ("sending", "queued"): "the provider refused it for now: the next one, or a later try",
    ("sending", "failed"): "the provider refused it for good",
    ("sending", "expired"): "refused for now, and its time was over",
    ("sending", "unknown"): "no answer, or a worker that died",
    ("unknown", "accepted"): "a late answer, or a report",
    ("unknown", "queued"): "a late refusal; or no report came and a second copy does no harm",
    ("unknown", "failed"): "a late answer",
    ("unknown", "expired"): "a late refusal, and its time was over",
    ("unknown", "unknown"): "no report came and a second copy would do harm: it stays so",
    ("unknown", "undelivered"): "a report",
    ("accepted", "undelivered"): "a report",
    ("accepted", "delivered"): "a report",
    ("unknown", "delivered"): "a report",
    ("undelivered", "delivered"): "a report that came late",
    ("queued", "delivered"): "a report on an earlier attempt",
    ("sending", "delivered"): "a report that came before the answer, or on an earlier attempt",
    ("failed", "delivered"): "a report on an earlier attempt",
    ("expired", "delivered"): "a report on an earlier attempt",
    ("withdrawn", "delivered"): "a report on an earlier attempt",
    ("undelivered", "queued"): "an operator sends it again",
    ("failed", "queued"): "an operator sends it again",
    ("expired", "queued"): "an operator sends it again",
    ("blocked", "queued"): "an operator sends it all the same",
}
"""(from, to) -> when. What is not here cannot happen."""

DEAD = ("failed", "undelivered", "expired", "blocked")
"""States in which an operator may look at a message and send it again. So is `unknown` for good."""

NEVER = "9999-12-31T00:00:00.000000Z"
"""When nothing more happens by itself."""


def sources(target: str) -> str:
    """The states from which it can come to be, for a statement."""
    return ", ".join(f"'{source}'" for source, to in MOVES if to == target)


@cache
def _change(target: str, columns: tuple[str, ...]) -> str:
    more = "".join(f", {column} = :{column}" for column in columns)
    return (
        f"UPDATE outbox SET state = :state, next_at = :next_at, reason = :reason{more}"
        f" WHERE id = :id AND state IN ({sources(target)})"
    )


def change(
    tx: Transaction,
    message_id: str,
    state: str,
    *,
    next_at: str = "",
    reason: str | None = None,
    **columns: Any,
) -> bool:
    """Moves a message to a state, and sets columns with it; False when it cannot go there from
    where it is."""
    values = {
        "id": message_id,
        "state": state,
        "next_at": next_at or tx.moment,
        "reason": reason,
        **columns,
    }
    return bool(tx.execute(_change(state, tuple(columns)), values))
