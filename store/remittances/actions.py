"""What agents, and an operator, do with cash that is handed on."""

from collections.abc import Sequence

from store import agents, confirmations, escrow, orders, outbox, people
from store.errors import Refused
from store.orders import sides
from store.people import Person
from store.remittances.holding import Holding, at_most, exactly, holdings
from store.remittances.machine import GIVER, MACHINE, OPERATOR, TAKER, orders_of
from store.remittances.remittance import TAKEN_BY, Remittance, by_id, offered_to
from store.shop import Transaction


def plan(tx: Transaction, giver: Person, msisdn: str, amount: int) -> tuple[Person, list[Holding]]:
    """To whom, and for which orders, this much of the agent's cash would go.

    Raises Refused("not_agent" | "nobody" | "own_number" | "no_agent_there" | "taker_full" |
    "other_amount").
    """
    agents.required(tx, giver)
    if msisdn == giver.msisdn:
        raise Refused("own_number")
    taker = people.of_phone(tx, msisdn)
    if taker is None:
        raise Refused("nobody", phone=msisdn)
    if agents.phone(tx, taker.id) is None:
        raise Refused("no_agent_there", name=taker.name)
    room = escrow.room(tx, taker)
    if amount > room:
        raise Refused("taker_full", name=taker.name, cap=room)
    free = [each for each in holdings(tx, giver) if not _is_party(tx, taker, each)]
    chosen = exactly(free, amount)
    if not chosen:
        least = min((each.amount for each in free), default=0)
        fits = sum(each.amount for each in at_most(free, amount))
        raise Refused("other_amount", amount=fits or least)
    return taker, chosen


def offer(tx: Transaction, giver: Person, msisdn: str, amount: int) -> Remittance:
    """The agent hands cash to another, who is asked whether they have got it.

    An offer that was not taken yet gives way to this one. Raises Refused as `plan` does.
    """
    taker, chosen = plan(tx, giver, msisdn, amount)
    remittance = _record(tx, giver, taker, chosen, giver.msisdn)
    _ask(tx, remittance, len(chosen))
    return remittance


def take_over(tx: Transaction, giver: Person, taker: Person, why: str) -> Remittance:
    """An operator has seen to it that another agent has got all that `giver` held, who cannot or
    may not hand it on.

    Raises Refused("own_number" | "not_agent" | "no_remittance" | "over_agent_cap" | "conflict").
    """
    if giver.id == taker.id:
        raise Refused("own_number")
    held = holdings(tx, giver)
    if not held:
        raise Refused("no_remittance")
    for each in held:
        if _is_party(tx, taker, each):
            raise Refused("conflict", number=each.number)
    escrow.must_have_room(tx, taker, sum(each.amount for each in held))
    remittance = _record(tx, giver, taker, held, OPERATOR, why=why)
    return MACHINE.move(tx, remittance, "take", OPERATOR, OPERATOR)


def _record(
    tx: Transaction,
    giver: Person,
    taker: Person,
    chosen: Sequence[Holding],
    actor: str,
    **details: str,
) -> Remittance:
    """Writes down what is to be handed on, instead of what was offered before."""
    _call_back(tx, giver, actor)
    remittance_id = tx.count("remittance", 1)
    tx.execute(
        "INSERT INTO remittances (id, giver_id, taker_id, amount, state, offered_at, changed_at)"
        " VALUES (:id, :giver, :taker, :amount, 'offered', :now, :now)",
        {
            "id": remittance_id,
            "giver": giver.id,
            "taker": taker.id,
            "amount": sum(each.amount for each in chosen),
            "now": tx.moment,
        },
    )
    for each in chosen:
        tx.execute(
            "INSERT INTO remitted (remittance_id, order_id, amount) VALUES (?, ?, ?)",
            (remittance_id, each.order_id, each.amount),
        )
    remittance = by_id(tx, remittance_id)
    told = {
        "giver_id": giver.id,
        "taker_id": taker.id,
        "amount": remittance.amount,
        "orders": {each.number: each.amount for each in chosen},
        **details,
    }
    MACHINE.begin(tx, remittance, "offer", actor, details=told)
    return remittance


def _ask(tx: Transaction, remittance: Remittance, count: int) -> None:
    """The other agent's yes moves money, so it takes the one-time number of their own phone."""
    code = confirmations.ask(
        tx,
        remittance.taker_msisdn,
        TAKEN_BY[0],
        (TAKEN_BY[1], remittance.number),
        topic=remittance.subject,
        keep=tx.settings.remit_within,
    )
    outbox.notify(
        tx,
        remittance.taker_msisdn,
        "cash_offered",
        kind="security",
        agent=remittance.giver,
        amount=remittance.amount,
        count=count,
        code=code,
    )


def take(tx: Transaction, taker: Person, remittance_id: int) -> Remittance:
    """The other agent has got the cash: it is theirs to answer for, and people fetch it there.

    Raises Refused("no_remittance" | "not_agent" | "over_agent_cap" | "cash_changed").
    """
    remittance = offered(tx, taker, remittance_id)
    escrow.must_have_room(tx, taker, remittance.amount)
    giver = people.by_id(tx, remittance.giver_id)
    free = [each for each in holdings(tx, giver) if not _is_party(tx, taker, each)]
    now = {each.order_id: each.amount for each in free}
    if any(now.get(row["order_id"]) != row["amount"] for row in orders_of(tx, remittance)):
        raise Refused("cash_changed", agent=remittance.giver)
    return MACHINE.move(tx, remittance, "take", TAKER, taker.msisdn)


def refuse(tx: Transaction, taker: Person, remittance_id: int) -> Remittance:
    """The other agent has not got it. Raises Refused("no_remittance")."""
    remittance = offered(tx, taker, remittance_id)
    return MACHINE.move(tx, remittance, "refuse", TAKER, taker.msisdn)


def end_all(tx: Transaction, person: Person) -> None:
    """Nothing is waited for of somebody who leaves: what they offered, and what they were."""
    _call_back(tx, person, person.msisdn)
    for each in offered_to(tx, person):
        MACHINE.move(tx, each, "refuse", TAKER, person.msisdn)


def _call_back(tx: Transaction, giver: Person, actor: str) -> None:
    who = OPERATOR if actor == OPERATOR else GIVER
    for row in tx.rows(
        "SELECT id FROM remittances WHERE giver_id = ? AND state = 'offered'", (giver.id,)
    ):
        MACHINE.move(tx, by_id(tx, row["id"]), "call back", who, actor)


def offered(tx: Transaction, taker: Person, remittance_id: int) -> Remittance:
    """Cash that waits for this agent's word. Raises Refused("no_remittance")."""
    for each in offered_to(tx, taker):
        if each.id == remittance_id:
            return each
    raise Refused("no_remittance")


def _is_party(tx: Transaction, taker: Person, holding: Holding) -> bool:
    return taker.id in sides.parties(tx, orders.by_id(tx, holding.order_id))
