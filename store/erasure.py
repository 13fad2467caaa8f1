"""What is forgotten of a person who asks for it (HAPUS), and what stays.

What must stay true: nothing that somebody else still counts on is erased, so everything in REASONS
is asked first; the phone is nobody's afterwards and can register anew. Orders, ratings and reports
stay, with a person without name and phone. Events are never changed: they are the legal record,
and keep the phone and the names that they were written with.
"""

from store import agents, confirmations, drafts, people, remittances, timers
from store.errors import Refused
from store.orders.machine import OVER
from store.people import Person
from store.shop import Transaction

NAME = "Terhapus"
"""What whoever traded with the person reads instead of their name."""


def must_be_free(tx: Transaction, person: Person) -> None:
    """Raises Refused for the first reason why the person cannot be erased now."""
    for reason in REASONS:
        reason(tx, person)


def _is_not_frozen(tx: Transaction, person: Person) -> None:
    """Whoever was stopped would otherwise come back as somebody new."""
    people.must_trade(person)


def _has_no_open_order(tx: Transaction, person: Person) -> None:
    """None that is under way, or that somebody could still complain about; none to deliver, and
    none whose goods are at their place."""
    over = ", ".join("?" * len(OVER))
    number = tx.value(
        "SELECT number FROM orders WHERE"
        " ((buyer_id = ? OR seller_id = ? OR courier_id = ?)"
        f" AND (state NOT IN ({over}) OR (state = 'done' AND changed_at > ?)))"
        " OR (kiosk_id = ? AND state = 'at agent') ORDER BY id LIMIT 1",
        (*[person.id] * 3, *OVER, tx.later(-tx.settings.late_complaint), person.id),
    )
    if number is not None:
        raise Refused("open_order", number=number)


def _has_no_money_open(tx: Transaction, person: Person) -> None:
    """Nothing to fetch at an agent's, and nothing to bring back."""
    number = tx.value(
        "SELECT orders.number FROM payouts JOIN orders ON orders.id = payouts.order_id"
        " WHERE payouts.person_id = :me AND payouts.state = 'due'"
        " UNION ALL SELECT orders.number FROM disputes JOIN orders ON orders.id = disputes.order_id"
        " WHERE (orders.seller_id = :me OR orders.buyer_id = :me) AND disputes.state = 'owing'"
        " LIMIT 1",
        {"me": person.id},
    )
    if number is not None:
        raise Refused("money_open", number=number)


def _is_no_agent(tx: Transaction, person: Person) -> None:
    if agents.of_person(tx, person):
        raise Refused("agent_stays")


REASONS = (_is_not_frozen, _has_no_open_order, _has_no_money_open, _is_no_agent)
"""Why somebody cannot be erased now: each raises Refused when it holds."""


def erase(tx: Transaction, person: Person) -> None:
    """Erases the person. Raises Refused as `must_be_free` does."""
    must_be_free(tx, person)
    remittances.end_all(tx, person)
    msisdn, nobody = person.msisdn, _nobody(person.id)
    tx.event(msisdn, "person.erased", f"person:{person.id}")
    tx.execute(
        "UPDATE people SET msisdn = ?, name = ?, closed_until = NULL WHERE id = ?",
        (nobody, NAME, person.id),
    )
    tx.execute("UPDATE listings SET stock = 0 WHERE seller_id = ?", (person.id,))
    tx.execute("DELETE FROM members WHERE owner_id = :me OR person_id = :me", {"me": person.id})
    tx.execute("DELETE FROM pins WHERE person_id = ?", (person.id,))
    drafts.drop(tx, msisdn)
    confirmations.forget(tx, msisdn)
    for table in ("questions", "phones", "sessions", "consents", "parts"):
        tx.execute(f"DELETE FROM {table} WHERE msisdn = ?", (msisdn,))
    _blank_messages(tx, msisdn, tx.moment, nobody, "'queued', 'sending', 'unknown'")
    settled = tx.settings.message_expiry + tx.settings.report_within
    timers.set_timer(tx, "blank_messages", str(person.id), tx.later(settled))


def _nobody(person_id: int) -> str:
    """Stands where the phone stood: no two have the same, and no network knows it."""
    return f"erased-{person_id:06}"


@timers.handler("blank_messages")
def blank_rest(tx: Transaction, subject: str) -> None:
    """Blanks what still waited to be sent or answered when its person was erased."""
    erased = tx.row(
        "SELECT actor, at FROM events WHERE subject = ? AND action = 'person.erased'",
        (f"person:{subject}",),
    )
    if erased is None:
        return
    until = {"phone": erased["actor"], "until": erased["at"]}
    _blank_messages(tx, **until, nobody=_nobody(int(subject)), waiting="'queued', 'sending'")
    tx.execute(
        "UPDATE reports SET msisdn = NULL"
        " WHERE msisdn = :phone AND message_id IS NULL AND received_at <= :until",
        until,
    )
    if tx.value(
        "SELECT 1 FROM outbox WHERE msisdn = :phone AND created_at <= :until UNION ALL"
        " SELECT 1 FROM inbox WHERE msisdn = :phone AND received_at <= :until",
        until,
    ):
        timers.set_timer(tx, "blank_messages", subject, tx.later(tx.settings.message_expiry))


def _blank_messages(tx: Transaction, phone: str, until: str, nobody: str, waiting: str) -> None:
    """Texts and phone of all messages until then, but for those that wait.

    Those are needed whole: the answer to HAPUS itself is one of them.
    """
    values = {"phone": phone, "nobody": nobody, "until": until}
    tx.execute(
        "UPDATE reports SET msisdn = NULL WHERE (provider, external_id) IN"
        " (SELECT attempts.provider, attempts.external_id FROM attempts"
        "  JOIN outbox ON outbox.id = attempts.message_id"
        f"  WHERE outbox.msisdn = :phone AND outbox.state NOT IN ({waiting}))",
        values,
    )
    tx.execute(
        "UPDATE outbox SET msisdn = :nobody, text = ''"
        f" WHERE msisdn = :phone AND created_at <= :until AND state NOT IN ({waiting})",
        values,
    )
    tx.execute(
        "UPDATE inbox SET msisdn = :nobody, text = ''"
        " WHERE msisdn = :phone AND received_at <= :until AND state <> 'new'",
        values,
    )
