"""Trust between people who do not know each other: vouched for, reported, frozen.

Every step names who took it and why, so that there is a trail from a person to the agent who met
them face to face, and to the village they belong to.
"""

from datetime import timedelta

from store import agents, orders, outbox, people
from store.errors import Refused
from store.people import Person
from store.reasons import clean_reason
from store.shop import Transaction

OPERATOR = "operator"
"""Who acts from the operator's shell."""

REPORTS_A_DAY = 3
"""Fraud reports that one phone may make: enough for anybody cheated, too few to bury somebody."""


def vouch(tx: Transaction, agent: Person, msisdn: str, village_code: str) -> Person:
    """An agent has met the person of this phone, who is from this village, face to face.

    Raises Refused("not_agent" | "nobody" | "own_number" | "other_village" | "is_frozen").
    """
    agents.required(tx, agent)
    person = _somebody_else(tx, agent, msisdn)
    if person.village_code != village_code:
        raise Refused("other_village", name=person.name, village=person.village)
    if person.frozen:
        raise Refused("is_frozen", name=person.name)
    tx.execute("UPDATE people SET vouched_by = ? WHERE id = ?", (agent.id, person.id))
    tx.event(agent.msisdn, "person.vouched", _subject(person))
    cap = tx.settings.cap_vouched
    outbox.notify(tx, person.msisdn, "vouched", agent=agent.name, cap=cap)
    return people.by_id(tx, person.id)


def report(tx: Transaction, msisdn: str, accused: str, why: str) -> Person:
    """Somebody reports a fraud; the agent who vouched for the accused, or a coordinator, is told.

    Raises Refused("nobody" | "own_number" | "too_many_reports").
    """
    if msisdn == accused:
        raise Refused("own_number")
    person = _person(tx, accused)
    since = tx.later(-timedelta(days=1))
    made = tx.value(
        "SELECT COUNT(*) FROM reports_of_fraud WHERE msisdn = ? AND at > ?", (msisdn, since)
    )
    if made >= REPORTS_A_DAY:
        raise Refused("too_many_reports")
    reason = reason_of(why)
    tx.execute(
        "INSERT INTO reports_of_fraud (id, at, msisdn, person_id, why)"
        " VALUES (:id, :at, :msisdn, :person, :why)",
        {"id": tx.new_id(), "at": tx.moment, "msisdn": msisdn, "person": person.id, "why": reason},
    )
    tx.event(msisdn, "person.reported", _subject(person), why=reason)
    for keeper in _keepers(tx, person):
        outbox.notify(
            tx, keeper.msisdn, "reported", name=person.name, phone=person.msisdn, why=reason
        )
    return person


def freeze(tx: Transaction, agent: Person, msisdn: str, why: str) -> Person:
    """An agent stops a person's trade; another agent's only a coordinator may.

    Raises Refused("not_agent" | "nobody" | "own_number" | "no_reason" | "is_frozen").
    """
    role = agents.required(tx, agent).role
    person = _somebody_else(tx, agent, msisdn)
    if agents.of_person(tx, person) and role != "coordinator":
        raise Refused("not_agent")
    return _freeze(tx, agent.msisdn, person, why)


def freeze_by_operator(tx: Transaction, msisdn: str, why: str) -> Person:
    """The same from the operator's shell, for anybody."""
    return _freeze(tx, OPERATOR, _person(tx, msisdn), why)


def thaw(tx: Transaction, msisdn: str, why: str) -> Person:
    """An operator lets a person trade again.

    Raises Refused("nobody" | "no_reason" | "not_frozen").
    """
    person, reason = _person(tx, msisdn), reason_of(why)
    if not person.frozen:
        raise Refused("not_frozen", name=person.name)
    tx.execute("UPDATE people SET frozen_at = NULL WHERE id = ?", (person.id,))
    tx.event(OPERATOR, "person.thawed", _subject(person), why=reason)
    outbox.notify(tx, person.msisdn, "thawed", name=person.name)
    return people.by_id(tx, person.id)


def _freeze(tx: Transaction, actor: str, person: Person, why: str) -> Person:
    reason = reason_of(why)
    if person.frozen:
        raise Refused("is_frozen", name=person.name)
    tx.execute("UPDATE people SET frozen_at = ? WHERE id = ?", (tx.moment, person.id))
    tx.event(actor, "person.frozen", _subject(person), why=reason)
    outbox.notify(tx, person.msisdn, "frozen", why=reason)
    for order in orders.holding_money(tx, person):
        outbox.notify(
            tx, order.buyer_msisdn, "order_seller_frozen", number=order.number, agent=order.agent
        )
    return people.by_id(tx, person.id)


def _keepers(tx: Transaction, person: Person) -> list[Person]:
    """Who looks into a report on this person: the agent who vouched, else the coordinators."""
    vouched_by = tx.value("SELECT vouched_by FROM people WHERE id = ?", (person.id,))
    agent = people.by_id(tx, vouched_by) if vouched_by else None
    if agent and agents.of_person(tx, agent):
        return [agent]
    return [each for each in agents.coordinators(tx) if each.id != person.id]


def _somebody_else(tx: Transaction, agent: Person, msisdn: str) -> Person:
    if msisdn == agent.msisdn:
        raise Refused("own_number")
    return _person(tx, msisdn)


def _person(tx: Transaction, msisdn: str) -> Person:
    person = people.of_phone(tx, msisdn)
    if person is None:
        raise Refused("nobody", phone=msisdn)
    return person


def reason_of(why: str) -> str:
    """A reason as it is kept. Raises Refused("no_reason")."""
    reason = clean_reason(why)
    if not any(letter.isalpha() for letter in reason):
        raise Refused("no_reason")
    return reason


def _subject(person: Person) -> str:
    return f"person:{person.id}"
