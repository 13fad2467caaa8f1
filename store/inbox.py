"""SMS that came in: kept before the provider is told so, answered exactly once.

Until then the text is sealed; from then on it is kept as its answer says, without its secrets.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from store import limits, sealing
from store.errors import Unavailable, traced
from store.shop import Shop, Transaction

MOST_ATTEMPTS = 3
"""Tries to answer a message before its sender is told so and it is set aside for an operator."""
_RETRY = timedelta(seconds=10)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Part:
    """Which part of a long message this is: `number` of `total`, from 1, of the one that its sender
    calls `reference`."""

    reference: str
    number: int
    total: int


@dataclass(frozen=True)
class Received:
    """A message as its provider gave it; `msisdn` is the sender, E.164.

    `sent_at`: when the provider says that it came, aware. `fetched`: we asked for it, so that the
    provider may call it otherwise than in its callback.
    """

    provider: str
    external_id: str
    msisdn: str
    text: str
    sent_at: datetime | None = None
    part: Part | None = None
    fetched: bool = False


Answer = Callable[[Transaction, Received], str]
"""Answers a message, and returns its text as it may be kept."""


def keep(tx: Transaction, received: Received) -> bool:
    """Keeps a message to be answered; False when it had come before."""
    fresh = tx.execute(
        "INSERT INTO inbox"
        " (id, provider, kind, external_id, msisdn, text, received_at, state, next_at)"
        " VALUES (:id, :provider, 'sms', :external_id, :msisdn, :text, :now, 'new', :now)"
        " ON CONFLICT (provider, kind, external_id) DO NOTHING",
        {
            "id": tx.new_id(),
            "provider": received.provider,
            "external_id": received.external_id,
            "msisdn": received.msisdn,
            "text": sealing.seal(tx.settings.pepper, received.text[: limits.SMS_TEXT]),
            "now": tx.moment,
        },
    )
    if fresh:
        tx.left.add("inbox")
    return bool(fresh)


def answer_next(shop: Shop, answer: Answer, apologise: Answer) -> bool:
    """Answers the oldest message that waits; False when none does.

    The effect, the reply and the mark that it was answered are one transaction. A message whose
    answer keeps failing is apologised for, if even that does not fail, and set aside; it never
    holds up the others. Raises Unavailable.
    """
    with shop.read() as tx:
        if not tx.value(
            "SELECT 1 FROM inbox WHERE state = 'new' AND next_at <= ? LIMIT 1", (tx.moment,)
        ):
            return False
    message_id, given_up = None, False
    try:
        with shop.write() as tx:
            row = tx.row(
                "SELECT id, provider, external_id, msisdn, text, attempts FROM inbox"
                " WHERE state = 'new' AND next_at <= ? ORDER BY id LIMIT 1",
                (tx.moment,),
            )
            if row is None:
                return False
            message_id, attempts = row.pop("id"), row.pop("attempts")
            given_up = attempts >= MOST_ATTEMPTS
            row["text"] = sealing.unseal(tx.settings.pepper, row["text"])
            kept = (apologise if given_up else answer)(tx, Received(**row))
            tx.execute(
                "UPDATE inbox SET state = ?, text = ?, attempts = attempts + 1 WHERE id = ?",
                ("failed" if given_up else "answered", kept, message_id),
            )
    except Unavailable:
        raise  # no fault of this message: it is tried again as soon as the database is back
    except Exception as error:
        if message_id is None:
            raise
        _log.error("message %s could not be answered\n%s", message_id, traced(error))
        with shop.write() as tx:
            tx.execute(
                "UPDATE inbox SET state = :state, attempts = attempts + 1, next_at = :later"
                " WHERE id = :id AND state = 'new'",
                {
                    "state": "failed" if given_up else "new",
                    "later": tx.later(_RETRY),
                    "id": message_id,
                },
            )
    return True
