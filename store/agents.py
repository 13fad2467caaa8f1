"""Agents of the village information groups (KIM), and the coordinators they answer to.

An operator appoints them. What an agent may do is asked here, at the moment of doing it, so that
somebody who was dismissed a minute ago may not.
"""

from dataclasses import dataclass
from typing import Literal

from store import ledger, limits, people
from store.database import Rows
from store.errors import Refused
from store.people import Person
from store.shop import Transaction

Role = Literal["agent", "coordinator"]
ROLES: tuple[Role, ...] = ("agent", "coordinator")


@dataclass(frozen=True)
class Agent:
    """A person with a role; `cap` is the rupiah that they may hold for others."""

    person: Person
    role: Role
    cap: int


def appoint(tx: Transaction, actor: str, person: Person, role: Role, cap: int) -> Agent:
    """Gives a person a role, or another one. Raises Refused("bad_price") for a cap out of range."""
    if not 0 <= cap <= limits.RUPIAH:
        raise Refused("bad_price")
    tx.execute(
        "INSERT INTO agents (person_id, role, cap, appointed_at)"
        " VALUES (:person, :role, :cap, :now)"
        " ON CONFLICT (person_id) DO UPDATE SET role = excluded.role, cap = excluded.cap,"
        " appointed_at = excluded.appointed_at, dismissed_at = NULL",
        {"person": person.id, "role": role, "cap": cap, "now": tx.moment},
    )
    tx.event(actor, "agent.appointed", f"person:{person.id}", role=role, cap=cap)
    return Agent(person, role, cap)


def dismiss(tx: Transaction, actor: str, person: Person, why: str) -> bool:
    """Takes the role away; False when there was none.

    Raises Refused("holds_cash") for an agent who has to hand on other people's money first.
    """
    held = ledger.balance(tx, ledger.cash(person.id))
    if held:
        raise Refused("holds_cash", name=person.name, amount=held)
    dismissed = tx.execute(
        "UPDATE agents SET dismissed_at = ? WHERE person_id = ? AND dismissed_at IS NULL",
        (tx.moment, person.id),
    )
    if dismissed:
        tx.event(actor, "agent.dismissed", f"person:{person.id}", why=why)
    return bool(dismissed)


def of_person(tx: Transaction, person: Person) -> Agent | None:
    """What a person is an agent as, if they are one now."""
    row = tx.row(
        "SELECT role, cap FROM agents WHERE person_id = ? AND dismissed_at IS NULL", (person.id,)
    )
    return Agent(person, **row) if row else None


def of_phone(tx: Transaction, msisdn: str) -> Agent | None:
    """The agent whose phone this is, if they are one now."""
    person = people.of_phone(tx, msisdn)
    return of_person(tx, person) if person else None


def required(tx: Transaction, person: Person, *roles: Role) -> Agent:
    """The person as one of these roles, or any. Raises Refused("not_agent")."""
    agent = of_person(tx, person)
    if agent is None or person.frozen or agent.role not in (roles or ROLES):
        raise Refused("not_agent")
    return agent


def phone(tx: Transaction, person_id: int | None) -> str | None:
    """The phone of somebody who may act as an agent now."""
    found = tx.value(
        "SELECT people.msisdn FROM people JOIN agents ON agents.person_id = people.id"
        " WHERE people.id = ? AND agents.dismissed_at IS NULL AND people.frozen_at IS NULL",
        (person_id,),
    )
    return str(found) if found else None


def nearest(tx: Transaction, person_id: int, besides: set[int]) -> int | None:
    """The agent nearest to a person, none of `besides`; of equally near ones who was appointed
    first."""
    near = people.by_id(tx, person_id)
    others = (0, *besides)  # nobody has the id 0, and an empty list is no SQL
    marks = ", ".join("?" * len(others))
    found = tx.value(
        "SELECT people.id FROM agents JOIN people ON people.id = agents.person_id"
        " WHERE agents.role = 'agent' AND agents.dismissed_at IS NULL"
        f" AND people.frozen_at IS NULL AND people.id NOT IN ({marks})"
        " ORDER BY CASE WHEN people.village_code = ? THEN 0 WHEN people.village_code LIKE ? THEN 1"
        " WHEN people.village_code LIKE ? THEN 2 ELSE 3 END, agents.appointed_at, people.id"
        " LIMIT 1",
        (*others, near.village_code, f"{near.district_code}.%", f"{near.regency_code}.%"),
    )
    return int(found) if found is not None else None


def coordinators(tx: Transaction) -> list[Person]:
    """All who may act as coordinators now, the one who was appointed first before the others."""
    rows = tx.rows(
        "SELECT person_id FROM agents JOIN people ON people.id = agents.person_id"
        " WHERE role = 'coordinator' AND dismissed_at IS NULL AND people.frozen_at IS NULL"
        " ORDER BY appointed_at, person_id"
    )
    return [people.by_id(tx, row["person_id"]) for row in rows]


def listed(tx: Transaction) -> Rows:
    """Everybody who has or had a role, for an operator."""
    return tx.rows(
        "SELECT people.name, people.msisdn, villages.name AS village, agents.role, agents.cap,"
        " agents.appointed_at, agents.dismissed_at,"
        " (SELECT COUNT(*) FROM people AS known WHERE known.vouched_by = people.id) AS vouched_for"
        " FROM agents JOIN people ON people.id = agents.person_id"
        " JOIN villages ON villages.code = people.village_code"
        " ORDER BY agents.appointed_at, people.id"
    )
