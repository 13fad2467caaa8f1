"""What became of an attempt, and of the message because of it.

What must stay true: an attempt decides about its message only while no other is under way (its
number is the fence), though a report on it that came early counts in any case; a message with a
one-time code is never sent again blindly.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from store.outbox import links, merging, reports
from store.outbox.states import NEVER, change
from store.shop import Transaction

RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300, 1800))
"""Waits after each round through all links that refused for now; the last one repeats. Each is up
to a quarter longer by chance, so that what was refused together does not come back together."""

JITTER = 0.25


@dataclass(frozen=True)
class Outcome:
    """What a provider said of one attempt.

    `accepted`: it has the message. `refused`: it does not, and trying again can help.
    `failed`: it never will. `unknown`: nobody can tell. `cost` in the provider's words, with its
    currency. `link`: what the attempt says of the provider itself: that it works, that it is `busy`
    and asks for fewer messages, or that it is `down`; None: nothing, for it was not asked.
    """

    state: Literal["accepted", "refused", "failed", "unknown"]
    external_id: str | None = None
    cost: str | None = None
    reason: str | None = None
    link: Literal["works", "busy", "down"] | None = "works"


def settle(tx: Transaction, message_id: str, attempt: int, provider: str, outcome: Outcome) -> None:
    """Records what became of an attempt, in the message, its link, and what was spent."""
    currency, amount = money(outcome.cost)
    tx.execute(
        "UPDATE attempts SET outcome = :state, reason = :reason,"
        " external_id = COALESCE(:external_id, external_id), currency = :currency, amount = :amount"
        " WHERE message_id = :id AND attempt = :attempt",
        {
            "state": outcome.state,
            "external_id": outcome.external_id,
            "reason": outcome.reason,
            "currency": currency,
            "amount": amount,
            "id": message_id,
            "attempt": attempt,
        },
    )
    row = tx.row(
        "SELECT id, msisdn, state, attempt, expires_at FROM outbox WHERE id = ?", (message_id,)
    )
    if row is None:
        return
    _tell_link(tx, provider, row["msisdn"], outcome)
    if row["attempt"] == attempt:
        _decide(tx, row, provider, outcome)
    if outcome.external_id:
        reports.match(tx, message_id, provider, outcome.external_id)


def _tell_link(tx: Transaction, provider: str, msisdn: str, outcome: Outcome) -> None:
    if outcome.link == "works":
        links.works(tx, provider)
    elif outcome.link == "busy":
        links.busy(tx, provider, outcome.reason)
    elif outcome.link == "down":
        links.down(tx, provider, msisdn, outcome.reason)


def _decide(tx: Transaction, row: dict[str, Any], provider: str, outcome: Outcome) -> None:
    # After its lease it may be unknown by now, or queued to be sent again.
    if outcome.state == "accepted":
        change(tx, row["id"], "accepted", external_id=outcome.external_id, cost=outcome.cost)
    elif outcome.state == "failed":
        if change(tx, row["id"], "failed", next_at=NEVER, reason=outcome.reason):
            merging.apart(tx, row["id"])
    elif row["state"] not in ("sending", "unknown"):
        return
    elif outcome.state == "unknown":
        _doubt(tx, row["id"], outcome.reason)
    elif row["expires_at"] > tx.moment:
        _try_again(tx, row, provider, outcome)
    elif change(tx, row["id"], "expired", next_at=NEVER, reason=outcome.reason):
        merging.apart(tx, row["id"])


def _try_again(tx: Transaction, row: dict[str, Any], provider: str, outcome: Outcome) -> None:
    """At the next link at once; after a round through all of them, later."""
    links_there_are = len(tx.settings.sms_provider)
    rounds, rest = divmod(row["attempt"], links_there_are)
    wait = timedelta()
    if rest == 0:
        wait = RETRY_AFTER[min(rounds, len(RETRY_AFTER)) - 1]
        wait *= 1 + JITTER * tx.chance.random()
    if change(tx, row["id"], "queued", next_at=tx.later(wait), reason=outcome.reason):
        _by_the_next(tx, row["id"], provider)
        tx.left.add("outbox")


def _by_the_next(tx: Transaction, message_id: str, provider: str) -> None:
    """What is queued again tries the link after this one."""
    route = (links.after(tx, provider), message_id)
    tx.execute("UPDATE outbox SET route = ? WHERE id = ?", route)
    merging.apart(tx, message_id)


def _doubt(tx: Transaction, message_id: str, reason: str | None) -> None:
    """The outcome is unknown: wait for a report, which may be here already."""
    later = tx.later(tx.settings.report_within)
    if not change(tx, message_id, "unknown", next_at=later, reason=reason):
        return
    to = tx.row("SELECT msisdn, provider FROM outbox WHERE id = ?", (message_id,))
    if to:
        reports.match_phone(tx, to["provider"], to["msisdn"])


def mark_abandoned(tx: Transaction) -> None:
    """Leases that ran out are unknown; unknowns nobody reported on go again if that is harmless."""
    for row in tx.rows(
        "SELECT id FROM outbox WHERE state = 'sending' AND next_at <= ?", (tx.moment,)
    ):
        _doubt(tx, row["id"], "the sender stopped before the answer came")
    for row in tx.rows(
        "SELECT id, resend, provider, expires_at FROM outbox"
        " WHERE state = 'unknown' AND next_at <= ?",
        (tx.moment,),
    ):
        if row["resend"] and row["expires_at"] > tx.moment:
            change(tx, row["id"], "queued", reason="no report came: sent again")
            _by_the_next(tx, row["id"], row["provider"])
        else:
            change(tx, row["id"], "unknown", next_at=NEVER, reason="no report came: not sent again")


def abandon(tx: Transaction, worker: str) -> None:
    """This worker is dead: what it had begun is unknown now, not only when its leases end."""
    for row in tx.rows("SELECT id FROM outbox WHERE state = 'sending' AND worker = ?", (worker,)):
        _doubt(tx, row["id"], "the sender died before the answer came")
    tx.left.add("outbox")


def give_up_old(tx: Transaction) -> None:
    """What nobody wants any more is not sent."""
    tx.execute(
        "UPDATE outbox SET state = 'expired', next_at = :never,"
        " reason = 'too old: it could not be sent in time'"
        " WHERE state = 'queued' AND expires_at <= :now",
        {"now": tx.moment, "never": NEVER},
    )


_COST = re.compile(r"([A-Z]{3}) (\d{1,9})(?:\.(\d{1,4})\d*)?")


def money(cost: str | None) -> tuple[str | None, int | None]:
    """The currency and ten-thousandths of it that a provider states, `KES 0.8000`.

    >>> money("KES 0.8000"), money("IDR 350"), money("IDR 1,350"), money("0")
    (('KES', 8000), ('IDR', 3500000), (None, None), (None, None))
    """
    match = _COST.fullmatch(cost or "")
    if not match:
        return None, None
    return match[1], int(match[2]) * 10_000 + int((match[3] or "").ljust(4, "0"))
