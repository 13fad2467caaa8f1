"""Delivery reports: what providers say became of messages, and which message each is about.

They come early, twice and out of order, and some name an attempt whose outcome was unknown, so that
we never learned its id. What must stay true: what was delivered stays so; a late "on its way" takes
back nothing; where it is not certain which message a report is about, it is about none.
"""

from datetime import timedelta
from typing import Literal

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


def match_phone(tx: Transaction, provider: str, msisdn: str) -> None:
    """Matches the one message to the phone of which only a report can tell, to the one such report.

    Where there are several of either, or one is being sent, nobody can tell which is whose.
    """
    open_attempts = tx.rows(
        "SELECT outbox.id, outbox.state, attempts.started_at FROM outbox"
        " JOIN attempts ON attempts.message_id = outbox.id AND attempts.attempt = outbox.attempt"
        " WHERE outbox.msisdn = :msisdn AND outbox.provider = :provider"
        " AND outbox.state IN ('queued', 'sending', 'unknown')"  # as index outbox_open says
        " AND outbox.state <> 'queued' AND attempts.external_id IS NULL"
        " AND attempts.started_at > :lately",
        {"msisdn": msisdn, "provider": provider, "lately": tx.later(-_REPORTED_WITHIN)},
    )
    if [row["state"] for row in open_attempts] != ["unknown"]:
        return
    message = open_attempts[0]
    found = tx.rows(
        "SELECT DISTINCT external_id FROM reports WHERE msisdn = :msisdn AND provider = :provider"
        " AND message_id IS NULL AND received_at >= :since",
        {"msisdn": msisdn, "provider": provider, "since": message["started_at"]},
    )
    if len(found) != 1:
        return
    external_id = found[0]["external_id"]
    tx.execute(
        "UPDATE attempts SET external_id = :external_id WHERE message_id = :id"
        " AND attempt = (SELECT attempt FROM outbox WHERE id = :id)",
        {"external_id": external_id, "id": message["id"]},
    )
    match(tx, message["id"], provider, external_id)


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
