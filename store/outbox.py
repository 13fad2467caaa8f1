"""Messages to send, and what became of each.

    queued -> sending -> accepted -> delivered | undelivered
                      -> unknown  -> (report) accepted, or queued again where that does no harm
                      -> queued   (refused for now: again later)   -> failed (refused for good)
           -> failed  (too old)

`sending` is committed before the provider is called, so that a crash in the middle is an unknown
outcome and never a silent second message. A message with a one-time code is never sent again
blindly. Messages to one phone leave in the order in which they were written, except that one may
overtake another of a less urgent kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from store import codes, gsm7, people, reports
from store.clock import from_text
from store.reports import report as report  # the outbox is where messages and reports meet
from store.shop import Shop, Transaction

PRIORITY = {"security": 0, "order": 1, "reply": 2, "reminder": 3, "broadcast": 4}
"""Kinds of message; the lowest number leaves first."""

BEYOND_BUDGET = PRIORITY["order"]
"""Kinds up to this one leave when the day's budget is used up."""

RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 1800))
"""Waits between attempts that a provider refused for now; the last one repeats."""

_NEVER = "9999-12-31T00:00:00.000000Z"


@dataclass(frozen=True)
class Message:
    """A message that this process has claimed and must now send."""

    id: str
    msisdn: str
    text: str
    attempt: int
    provider: str

    @property
    def reference(self) -> str:
        """Ours for this attempt and no other."""
        return f"{self.id}-{self.attempt}"


@dataclass(frozen=True)
class Outcome:
    """What a provider said of one attempt.

    `accepted`: it has the message. `refused`: it does not, and trying again can help.
    `failed`: it never will. `unknown`: nobody can tell. `cost` in the provider's words, with its
    currency. `link`: what the attempt says of the provider itself: that it works, that it is `busy`
    and asks for fewer messages, or that it is `down`.
    """

    state: Literal["accepted", "refused", "failed", "unknown"]
    external_id: str | None = None
    cost: str | None = None
    reason: str | None = None
    link: Literal["works", "busy", "down"] = "works"


def put(tx: Transaction, msisdn: str, text: str, *, notice: str, kind: str) -> str:
    """Writes a worded message; its id. One that carries a secret will not be sent again."""
    message_id = tx.new_id()
    tx.execute(
        "INSERT INTO outbox"
        " (id, msisdn, text, notice, priority, resend, segments, state, created_at, next_at)"
        " VALUES"
        " (:id, :msisdn, :text, :notice, :priority, :resend, :segments, 'queued', :now, :now)",
        {
            "id": message_id,
            "msisdn": msisdn,
            "text": text,
            "notice": notice,
            "priority": PRIORITY[kind],
            "resend": int(not codes.has_secret(text)),
            "segments": gsm7.segments(codes.masked(text)),
            "now": tx.moment,
        },
    )
    tx.left.add("outbox")
    return message_id


def notify(
    tx: Transaction, msisdn: str, notice: str, *, kind: str = "order", **values: Any
) -> None:
    """Writes a notice, worded in the language of the phone it goes to."""
    text = tx.shop.wording(people.language(tx, msisdn), notice, values)
    put(tx, msisdn, text, notice=notice, kind=kind)


def claim(shop: Shop, providers: Sequence[str]) -> Message | None:
    """Takes the most urgent message that may be sent now, and commits that it is being sent.

    Each attempt is at the provider after the last attempt's, the first at the first.
    """
    if not _is_due(shop):
        return None
    with shop.write() as tx:
        _mark_abandoned(tx)
        row = _next(tx)
        if row is not None and not _is_fresh(tx, row):
            _give_up_old(tx)
            row = _next(tx)
        if row is None:
            return None
        attempt = row["attempt"] + 1
        provider = providers[(attempt - 1) % len(providers)]
        tx.execute(
            "UPDATE outbox SET state = 'sending', attempt = :attempt, provider = :provider,"
            " next_at = :lease WHERE id = :id",
            {
                "id": row["id"],
                "attempt": attempt,
                "provider": provider,
                "lease": tx.later(tx.settings.lease),
            },
        )
        tx.execute(
            "INSERT INTO attempts (message_id, attempt, provider, started_at) VALUES (?, ?, ?, ?)",
            (row["id"], attempt, provider, tx.moment),
        )
        _spend(tx, row["segments"])
        return Message(row["id"], row["msisdn"], row["text"], attempt, provider)


_CLAIMABLE = """
SELECT id, msisdn, text, attempt, segments, created_at FROM outbox
WHERE state = 'queued' AND next_at <= :now AND priority <= :most
  AND NOT EXISTS (
    SELECT 1 FROM outbox AS earlier
    WHERE earlier.msisdn = outbox.msisdn AND earlier.id < outbox.id
      AND earlier.priority <= outbox.priority AND earlier.state IN ('queued', 'sending'))
ORDER BY priority, id
LIMIT 1
"""


def _next(tx: Transaction) -> dict[str, Any] | None:
    most = BEYOND_BUDGET if _is_beyond_budget(tx) else max(PRIORITY.values())
    return tx.row(_CLAIMABLE, {"now": tx.moment, "most": most})


def _is_due(shop: Shop) -> bool:
    with shop.read() as tx:
        return bool(
            tx.value(
                "SELECT 1 FROM outbox WHERE state IN ('queued', 'sending', 'unknown')"
                " AND next_at <= ? LIMIT 1",
                (tx.moment,),
            )
        )


def settle(shop: Shop, message: Message, outcome: Outcome) -> None:
    """Records what became of an attempt.

    It decides about the message only while no other attempt is under way, but a report on it that
    came early counts in any case.
    """
    with shop.write() as tx:
        tx.execute(
            "UPDATE attempts SET outcome = :state, reason = :reason,"
            " external_id = COALESCE(:external_id, external_id)"
            " WHERE message_id = :id AND attempt = :attempt",
            {
                "state": outcome.state,
                "external_id": outcome.external_id,
                "reason": outcome.reason,
                "id": message.id,
                "attempt": message.attempt,
            },
        )
        row = tx.row(
            "SELECT state, created_at FROM outbox WHERE id = ? AND attempt = ?",
            (message.id, message.attempt),
        )
        # After its lease it may be unknown by now, or queued to be sent again.
        if row and row["state"] in ("sending", "unknown"):
            _decide(tx, message, outcome, is_fresh=_is_fresh(tx, row))
        elif row and row["state"] == "queued" and outcome.state in ("accepted", "failed"):
            _decide(tx, message, outcome, is_fresh=True)
        if outcome.external_id:
            reports.match(tx, message.id, message.provider, outcome.external_id)


def _decide(tx: Transaction, message: Message, outcome: Outcome, *, is_fresh: bool) -> None:
    if outcome.state == "accepted":
        _accept(tx, message.id, outcome)
    elif outcome.state == "unknown":
        _doubt(tx, message.id, outcome.reason)
    elif outcome.state == "refused" and is_fresh:
        wait = RETRY_AFTER[min(message.attempt, len(RETRY_AFTER)) - 1]
        _change(tx, message.id, "queued", tx.later(wait), outcome.reason)
        tx.left.add("outbox")
    else:
        _change(tx, message.id, "failed", tx.moment, outcome.reason)


def _accept(tx: Transaction, message_id: str, outcome: Outcome) -> None:
    tx.execute(
        "UPDATE outbox SET state = 'accepted', external_id = :external_id, cost = :cost,"
        " reason = NULL, next_at = :now WHERE id = :id",
        {
            "id": message_id,
            "external_id": outcome.external_id,
            "cost": outcome.cost,
            "now": tx.moment,
        },
    )


def _doubt(tx: Transaction, message_id: str, reason: str | None) -> None:
    """The outcome is unknown: wait for a report, which may be here already."""
    _change(tx, message_id, "unknown", tx.later(tx.settings.report_within), reason)
    to = tx.row("SELECT msisdn, provider FROM outbox WHERE id = ?", (message_id,))
    if to:
        reports.match_phone(tx, to["provider"], to["msisdn"])


def _change(tx: Transaction, message_id: str, state: str, next_at: str, reason: str | None) -> None:
    tx.execute(
        "UPDATE outbox SET state = :state, next_at = :next_at, reason = :reason WHERE id = :id",
        {"id": message_id, "state": state, "next_at": next_at, "reason": reason},
    )


def _is_fresh(tx: Transaction, row: dict[str, Any]) -> bool:
    created: datetime = from_text(row["created_at"])
    return tx.now - created < tx.settings.message_expiry


def _give_up_old(tx: Transaction) -> None:
    tx.execute(
        "UPDATE outbox SET state = 'failed', reason = 'too old: it could not be sent in time'"
        " WHERE state = 'queued' AND created_at <= ?",
        (tx.later(-tx.settings.message_expiry),),
    )


def _mark_abandoned(tx: Transaction) -> None:
    """Leases that ran out are unknown; unknowns nobody reported on go again if that is harmless."""
    for row in tx.rows(
        "SELECT id FROM outbox WHERE state = 'sending' AND next_at <= ?", (tx.moment,)
    ):
        _doubt(tx, row["id"], "the sender stopped before the answer came")
    for row in tx.rows(
        "SELECT id, resend, created_at FROM outbox WHERE state = 'unknown' AND next_at <= ?",
        (tx.moment,),
    ):
        if row["resend"] and _is_fresh(tx, row):
            _change(tx, row["id"], "queued", tx.moment, "no report came: sent again")
        else:
            _change(tx, row["id"], "unknown", _NEVER, "no report came: not sent again")


def _spend(tx: Transaction, segments: int) -> None:
    tx.execute(
        "INSERT INTO spending (day, segments) VALUES (:day, :segments)"
        " ON CONFLICT (day) DO UPDATE SET segments = spending.segments + excluded.segments",
        {"day": _today(tx), "segments": segments},
    )


def _is_beyond_budget(tx: Transaction) -> bool:
    spent = tx.value("SELECT segments FROM spending WHERE day = ?", (_today(tx),))
    return int(spent or 0) >= tx.settings.sms_daily_budget


def _today(tx: Transaction) -> str:
    return tx.now.astimezone(tx.settings.zone).date().isoformat()
