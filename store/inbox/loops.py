"""Cuts loops: two machines that answer each other would go on for ever, at our cost.

What must stay true: whoever is cut off was answered many times just before; a person who writes
the same twice is answered twice.
"""

from datetime import timedelta

from store import codes
from store.clock import to_text
from store.inbox.keeping import Received
from store.shop import Transaction

WITHIN = timedelta(minutes=10)

ALIKE = 3
"""The same words are no person's when they come more often than one in so many of the limit."""

_ECHO_OF_LAST = 5
_TWICE = 2


def is_loop(tx: Transaction, received: Received, mark: str) -> bool:
    """Whether this message is a machine's: it says what we said, or the same again and again, or
    there are more than anybody types.

    What waits is not counted: many may come at a time after an outage, typed over hours.
    """
    since = tx.later(-WITHIN)
    text = received.text.strip()
    for row in tx.rows(
        "SELECT text FROM outbox WHERE msisdn = ? AND created_at > ? ORDER BY id DESC LIMIT ?",
        (received.msisdn, since, _ECHO_OF_LAST),
    ):
        if text and text == codes.reveal(row["text"], tx.settings.pepper).strip():
            return True
    typed = to_text(received.sent_at - WITHIN) if received.sent_at else ""
    recent = tx.row(
        "SELECT COUNT(*) AS all_of_them, COALESCE(SUM(CASE WHEN mark = :mark THEN 1 ELSE 0 END), 0)"
        " AS same FROM inbox WHERE msisdn = :msisdn AND received_at > :since AND kind = 'sms'"
        " AND state NOT IN ('new', 'old') AND COALESCE(sent_at, received_at) > :typed",
        {"mark": mark, "msisdn": received.msisdn, "since": since, "typed": typed},
    )
    assert recent is not None
    limit = tx.settings.replies_limit
    return bool(recent["all_of_them"] >= limit or recent["same"] >= max(_TWICE, limit // ALIKE))
