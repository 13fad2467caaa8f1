"""Delivery reports: what providers say became of messages, and which message each is about.

They come early, twice and out of order, and some name an attempt whose outcome was unknown, so that
we never learned its id. What must stay true: what was delivered stays so; a late "on its way" takes
back nothing; where it is not certain which message a report is about, it is about none.
"""

from datetime import timedelta
from typing import Literal

from store.clock import first_id, to_text
from store.outbox.states import sources
from store.shop import Transaction

_REPORTED_WITHIN = timedelta(days=7)
"""No network keeps an SMS for longer, so that none reports on an older one."""

_OF_CURRENT_ATTEMPT = """
EXISTS (SELECT 1 FROM attempts WHERE attempts.message_id = outbox.id
        AND attempts.attempt = outbox.attempt AND attempts.provider = :provider
        AND attempts.external_id = :external_id)
"""

_APPLY = {
    "delivered": "UPDATE outbox SET state = 'delivered', reason = NULL, external_id = :external_id"
    f" WHERE id = :id AND state IN ({sources('delivered')})",
    "undelivered": "UPDATE outbox SET state = 'undelivered', reason = :reason,"
    " external_id = :external_id"
    f" WHERE id = :id AND state IN ({sources('undelivered')}) AND {_OF_CURRENT_ATTEMPT}",
    "passing": "UPDATE outbox SET state = 'accepted', reason = NULL, external_id = :external_id"
    f" WHERE id = :id AND state = 'unknown' AND {_OF_CURRENT_ATTEMPT}",
}
"""What the reports on an attempt do to its message: only the weightiest, the first here, does.

That one attempt was delivered settles the message; that an earlier one was not does not.
"""


def report(
    tx: Transaction,
    provider: str,
    external_id: str,
    status: str,
    outcome: Literal["passing", "delivered", "undelivered"],
    *,
    msisdn: str | None,
    reason: str | None,
) -> None:
    """Keeps a delivery report, and matches it to its message.

    One that names no message we know may settle the phone's only message of unknown outcome.
    """
    tx.execute(
        "INSERT INTO reports (provider, external_id, status, outcome, msisdn, reason, received_at)"
        " VALUES (:provider, :external_id, :status, :outcome, :msisdn, :reason, :now)"
        " ON CONFLICT (provider, external_id, status) DO NOTHING",
        {
            "provider": provider,
            "external_id": external_id,
            "status": status,
            "outcome": outcome,
            "msisdn": msisdn,
            "reason": reason,
            "now": tx.moment,
        },
    )
    message_id = tx.value(
        "SELECT message_id FROM attempts WHERE provider = ? AND external_id = ?",
        (provider, external_id),
    ) or _by_reference(tx, provider, external_id)
    if message_id is not None:
        match(tx, message_id, provider, external_id)
    elif msisdn is not None:
        match_phone(tx, provider, msisdn)


def _by_reference(tx: Transaction, provider: str, external_id: str) -> str | None:
    """The message of an attempt whose report calls it by our own reference, when its answer, which
    would have told us so, was lost."""
    message_id, _, attempt = external_id.rpartition("-")
    if not message_id or not attempt.isascii() or not attempt.isdigit() or len(attempt) > 9:
        return None
    known = {"id": message_id, "attempt": int(attempt), "provider": provider}
    its_own = "WHERE message_id = :id AND attempt = :attempt AND provider = :provider"
    if not tx.execute(
        f"UPDATE attempts SET external_id = :external_id {its_own} AND external_id IS NULL",
        {**known, "external_id": external_id},
    ):
        return None
    return message_id


_UNKNOWN = """
SELECT outbox.id, attempts.attempt, attempts.started_at,
       outbox.state = 'sending' AND outbox.attempt = attempts.attempt AS under_way
FROM outbox JOIN attempts ON attempts.message_id = outbox.id
WHERE outbox.id IN (
    SELECT id FROM outbox WHERE msisdn = :msisdn AND id >= :first
    UNION SELECT id FROM outbox
    WHERE msisdn = :msisdn AND state IN ('queued', 'sending', 'unknown'))
  AND attempts.provider = :provider AND attempts.external_id IS NULL
  AND attempts.started_at > :lately
  AND (attempts.outcome IS NULL OR attempts.outcome = 'unknown')
"""
"""The attempts for a phone that a report may be about. What an operator sends again may be old."""


def match_phone(tx: Transaction, provider: str, msisdn: str) -> None:
    """Matches the one message to the phone of which only a report can tell, to the one such report.

    Where there are several of either, or one is being sent, nobody can tell which is whose. A
    message that was sent again counts as well, as the report on its first attempt may only be late.
    """
    lately = tx.now - _REPORTED_WITHIN
    known = {"msisdn": msisdn, "provider": provider}
    attempts = tx.rows(_UNKNOWN, {**known, "first": first_id(lately), "lately": to_text(lately)})
    if len({row["id"] for row in attempts}) != 1 or any(row["under_way"] for row in attempts):
        return
    found = tx.rows(
        "SELECT external_id, MIN(received_at) AS received_at FROM reports"
        " WHERE msisdn = :msisdn AND provider = :provider AND message_id IS NULL"
        " AND received_at >= :since GROUP BY external_id",
        {**known, "since": min(row["started_at"] for row in attempts)},
    )
    if len(found) != 1:
        return
    external_id, received_at = found[0]["external_id"], found[0]["received_at"]
    before = [row for row in attempts if row["started_at"] <= received_at]
    latest = max(before, key=lambda row: int(row["attempt"]))
    tx.execute(
        "UPDATE attempts SET external_id = :external_id"
        " WHERE message_id = :id AND attempt = :attempt",
        {"external_id": external_id, "id": latest["id"], "attempt": latest["attempt"]},
    )
    match(tx, latest["id"], provider, external_id)


def match(tx: Transaction, message_id: str, provider: str, external_id: str) -> None:
    """Applies all reports on this attempt to its message."""
    known = {"id": message_id, "provider": provider, "external_id": external_id}
    outcomes = {
        row["outcome"]: row["reason"]
        for row in tx.rows(
            "SELECT outcome, reason FROM reports"
            " WHERE provider = :provider AND external_id = :external_id",
            known,
        )
    }
    if not outcomes:
        return
    tx.execute(
        "UPDATE reports SET message_id = :id"
        " WHERE provider = :provider AND external_id = :external_id",
        known,
    )
    for state in _APPLY:
        if state in outcomes:
            tx.execute(_APPLY[state], {**known, "reason": outcomes[state]})
            return
