"""SMS that came in: kept before the provider is told so, answered exactly once.

Until then the text is sealed; from then on it is kept as its answer says, without its secrets.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from store import sealing
from store.clock import from_text
from store.errors import Unavailable, traced
from store.inbox.keeping import Part, Received, fetched_up_to, keep, latest
from store.inbox.loops import is_loop
from store.shop import Shop, Transaction

__all__ = [
    "MOST_ATTEMPTS",
    "STATES",
    "Answer",
    "Answers",
    "Part",
    "Received",
    "answer_some",
    "fetched_up_to",
    "keep",
    "latest",
]

STATES = {
    "new": "waits to be answered",
    "answered": "was read, and what it asked for was done or refused",
    "failed": "could not be answered in several tries; its sender was told so",
    "cut": "not answered: a machine seems to answer our answers",
    "old": "not answered: it reached us long after it was sent",
}
"""State -> what it means."""

MOST_ATTEMPTS = 3
"""Tries to answer a message before its sender is told so and it is set aside for an operator."""

TOGETHER_SECONDS = 0.01
"""How long messages are answered in one transaction, while a hop may wait for its turn."""

_RETRY = timedelta(seconds=10)
_log = logging.getLogger(__name__)

Answer = Callable[[Transaction, Received], str]
"""Answers a message, and returns its text as it may be kept."""

Answers = Mapping[str, Answer]
"""Kind of message (`sms`, `hop`) -> what answers it."""

_NEXT = """
SELECT id, provider, kind, external_id, msisdn, text, mark, sent_at, attempts FROM inbox
WHERE state = 'new' AND next_at <= ? ORDER BY id LIMIT 1
"""


def answer_some(shop: Shop, answers: Answers, apologise: Answer) -> bool:
    """Answers the oldest messages that wait, for a moment in one transaction; False when none does.

    The effect of each, the reply and the mark that it was answered are there together or not at
    all. A message whose answer keeps failing is apologised for, if even that does not fail, and set
    aside; it never holds up the others. Raises Unavailable.
    """
    with shop.read() as tx:
        if not tx.row(_NEXT, (tx.moment,)):
            return False
    until = time.monotonic() + TOGETHER_SECONDS
    with shop.write() as tx:
        while row := tx.row(_NEXT, (tx.moment,)):
            _answer_one(tx, row, answers, apologise)
            if time.monotonic() > until:
                break
    return True


def _answer_one(tx: Transaction, row: dict[str, Any], answers: Answers, apologise: Answer) -> None:
    message_id, kind, attempts = row.pop("id"), row.pop("kind"), row.pop("attempts")
    mark = row.pop("mark")
    given_up = attempts >= MOST_ATTEMPTS
    state, kept, next_at = "new", None, tx.later(_RETRY)
    try:
        with tx.part():
            row["text"] = sealing.unseal(tx.settings.pepper, row["text"])
            row["sent_at"] = from_text(row["sent_at"]) if row["sent_at"] else None
            received = Received(**row)
            if kind == "sms" and is_loop(tx, received, mark):
                _log.warning("message %s is not answered: a machine seems to write", message_id)
                state, kept = "cut", sealing.without_numbers(received.text)
            elif given_up:
                state, kept = "failed", apologise(tx, received)
            else:
                state, kept = "answered", answers[kind](tx, received)
    except Unavailable:
        raise  # no fault of this message: it is tried again as soon as the database is back
    except Exception as error:
        _log.error("message %s could not be answered\n%s", message_id, traced(error))
        state, kept = ("failed" if given_up else "new"), None
    tx.execute(
        "UPDATE inbox SET state = :state, text = COALESCE(:kept, text), next_at = :next_at,"
        " attempts = attempts + 1 WHERE id = :id",
        {"state": state, "kept": kept, "next_at": next_at, "id": message_id},
    )
