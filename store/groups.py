"""Group sellers: the owner of what is sold, and a few more people who may answer for it.

What must stay true: who joins was asked by the owner and said yes; nobody answers for an order that
they placed themselves; what a member does is done by the member, not by the owner.
"""

from datetime import timedelta

from store import limits, outbox, people, questions
from store.errors import Refused
from store.people import Person
from store.shop import Transaction

ASKED_FOR = timedelta(days=3)
"""How long an invitation can be answered."""

INVITATIONS_AN_HOUR = 5
"""Each costs an SMS, and goes to somebody who did not ask for it."""


def invite(tx: Transaction, owner: Person, msisdn: str) -> Person:
    """Asks the person of this phone to answer for what `owner` sells.

    Raises Refused("frozen" | "own_number" | "nobody" | "is_frozen" | "is_member" | "group_full" |
    "asked_too_often").
    """
    people.must_trade(owner)
    if msisdn == owner.msisdn:
        raise Refused("own_number")
    person = _person(tx, msisdn)
    if person.frozen:
        raise Refused("is_frozen", name=person.name)
    if is_member(tx, owner.id, person):
        raise Refused("is_member", name=person.name)
    _must_have_room(tx, owner)
    lately = tx.value(
        "SELECT COUNT(*) FROM events WHERE subject = ? AND action = 'group.invited' AND at > ?",
        (_subject(owner), tx.later(-timedelta(hours=1))),
    )
    if lately >= INVITATIONS_AN_HOUR:
        raise Refused("asked_too_often")
    questions.ask(tx, msisdn, "group", {"owner": owner.id}, ASKED_FOR)
    tx.event(owner.msisdn, "group.invited", _subject(owner), person=person.id)
    outbox.notify(tx, msisdn, "group_asked", name=owner.name, phone=owner.msisdn)
    return person


def join(tx: Transaction, person: Person, owner_id: int) -> Person:
    """The person says yes to the invitation; whose group it is.

    Raises Refused("frozen" | "not_invited" | "is_frozen" | "group_full").
    """
    people.must_trade(person)
    asked = questions.find(tx, person.msisdn, "group")
    if asked is None or asked.details["owner"] != owner_id:
        raise Refused("not_invited")
    owner = people.by_id(tx, owner_id)
    if owner.frozen:
        raise Refused("is_frozen", name=owner.name)
    if not is_member(tx, owner_id, person):
        _must_have_room(tx, owner)
    questions.drop(tx, person.msisdn, "group")
    tx.execute(
        "INSERT INTO members (owner_id, person_id, joined_at) VALUES (:owner, :person, :now)"
        " ON CONFLICT (owner_id, person_id) DO NOTHING",
        {"owner": owner_id, "person": person.id, "now": tx.moment},
    )
    tx.event(person.msisdn, "group.joined", _subject(owner), person=person.id)
    outbox.notify(tx, owner.msisdn, "group_joined", name=person.name, phone=person.msisdn)
    return owner


def leave(tx: Transaction, person: Person) -> list[Person]:
    """The person answers for nobody else any more; who these were. Raises Refused("no_group")."""
    owners = owners_of(tx, person)
    if not owners:
        raise Refused("no_group")
    for owner in owners:
        _part(tx, owner, person)
        tx.event(person.msisdn, "group.left", _subject(owner), person=person.id)
        outbox.notify(tx, owner.msisdn, "group_left", name=person.name)
    return owners


def remove(tx: Transaction, owner: Person, msisdn: str) -> Person:
    """The person of this phone answers for `owner` no more.

    Raises Refused("nobody" | "not_member").
    """
    person = _person(tx, msisdn)
    if not is_member(tx, owner.id, person):
        raise Refused("not_member", name=person.name)
    _part(tx, owner, person)
    tx.event(owner.msisdn, "group.removed", _subject(owner), person=person.id)
    outbox.notify(tx, person.msisdn, "group_removed", name=owner.name)
    return person


def members(tx: Transaction, owner_id: int) -> list[Person]:
    """Who may answer for this seller besides themselves, in the order in which they joined."""
    rows = tx.rows(
        "SELECT person_id FROM members WHERE owner_id = ? ORDER BY joined_at, person_id",
        (owner_id,),
    )
    return [people.by_id(tx, row["person_id"]) for row in rows]


def owners_of(tx: Transaction, person: Person) -> list[Person]:
    """The other sellers for whom this person may answer."""
    rows = tx.rows(
        "SELECT owner_id FROM members WHERE person_id = ? ORDER BY owner_id", (person.id,)
    )
    return [people.by_id(tx, row["owner_id"]) for row in rows]


def is_member(tx: Transaction, owner_id: int, person: Person) -> bool:
    """Whether the person belongs to this seller's group."""
    found = tx.value(
        "SELECT 1 FROM members WHERE owner_id = ? AND person_id = ?", (owner_id, person.id)
    )
    return found is not None


def _part(tx: Transaction, owner: Person, person: Person) -> None:
    tx.execute("DELETE FROM members WHERE owner_id = ? AND person_id = ?", (owner.id, person.id))


def _must_have_room(tx: Transaction, owner: Person) -> None:
    if len(members(tx, owner.id)) >= limits.MEMBERS:
        raise Refused("group_full", name=owner.name, most=limits.MEMBERS)


def _person(tx: Transaction, msisdn: str) -> Person:
    person = people.of_phone(tx, msisdn)
    if person is None:
        raise Refused("nobody", phone=msisdn)
    return person


def _subject(owner: Person) -> str:
    return f"person:{owner.id}"
