"""What an agent holds for others, and handing it on to another agent (SETOR).

What must stay true: an agent's cash is, to the rupiah, what that agent holds for orders. So cash
never moves by itself: the orders that it belongs to move with it, whole, and both sides confirm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store import agents, confirmations, escrow, ledger, outbox, payouts, people
from store.database import Rows
from store.errors import Refused
from store.machine import CLOCK, Machine, Timeout, Transition
from store.orders import order as orders
from store.people import Person
from store.shop import Transaction

GIVER, TAKER, OPERATOR = "giver", "taker", "operator"
TAKEN_BY = ("SETOR", "TERIMA")
"""The SMS command by which the other agent says that they have got the cash."""


@dataclass(frozen=True)
class Holding:
    """Rupiah that an agent has for one order: held for it, or owed to people because of it."""

    order_id: int
    number: str
    amount: int


@dataclass(frozen=True)
class Remittance:
    """Cash that one agent hands to another."""

    id: int
    giver_id: int
    giver: str
    giver_msisdn: str
    taker_id: int
    taker: str
    taker_msisdn: str
    amount: int
    state: str

    @property
    def number(self) -> str:
        """It has none but its id."""
        return str(self.id)

    @property
    def subject(self) -> str:
        """How events name it."""
        return f"remittance:{self.id}"


_SELECT = """
SELECT remittances.id, remittances.giver_id, givers.name AS giver, givers.msisdn AS giver_msisdn,
       remittances.taker_id, takers.name AS taker, takers.msisdn AS taker_msisdn,
       remittances.amount, remittances.state
FROM remittances
JOIN people AS givers ON givers.id = remittances.giver_id
JOIN people AS takers ON takers.id = remittances.taker_id
"""

_HOLDINGS = """
SELECT orders.id AS order_id, orders.number, SUM(held.amount) AS amount, MIN(held.since) AS since
FROM (
    SELECT order_id, amount, held_at AS since FROM escrows
    WHERE agent_id = :agent AND state IN ('held', 'frozen')
    UNION ALL
    SELECT order_id, amount, owed_at AS since FROM payouts
    WHERE agent_id = :agent AND state = 'due'
) AS held
JOIN orders ON orders.id = held.order_id
GROUP BY orders.id, orders.number
ORDER BY since, orders.id
"""


def by_id(tx: Transaction, remittance_id: int) -> Remittance:
    """The remittance of this id, which must exist."""
    row = tx.row(_SELECT + "WHERE remittances.id = ?", (remittance_id,))
    if row is None:
        raise LookupError(f"no remittance {remittance_id}")
    return Remittance(**row)


def offered_to(tx: Transaction, person: Person) -> list[Remittance]:
    """What waits for this agent's word that they have got it, oldest first."""
    rows = tx.rows(
        _SELECT + "WHERE remittances.taker_id = ? AND remittances.state = 'offered'"
        " ORDER BY remittances.id",
        (person.id,),
    )
    return [Remittance(**row) for row in rows]


def holdings(tx: Transaction, agent: Person) -> list[Holding]:
    """All that an agent has for others, by order, what came first before the rest."""
    return [
        Holding(row["order_id"], row["number"], row["amount"])
        for row in tx.rows(_HOLDINGS, {"agent": agent.id})
    ]


def cash(tx: Transaction, agent: Person) -> tuple[int, int, int]:
    """What an agent holds, their cap, and the number of orders it is for.

    Raises Refused("not_agent").
    """
    cap = agents.required(tx, agent).cap
    return ledger.balance(tx, ledger.cash(agent.id)), cap, len(holdings(tx, agent))


def describe(remittance: Remittance) -> dict[str, Any]:
    """The remittance as the values of a sentence."""
    return {
        "amount": remittance.amount,
        "state": remittance.state,
        "agent": remittance.giver,
        "name": remittance.taker,
    }


def _orders(tx: Transaction, remittance: Remittance) -> Rows:
    return tx.rows(
        "SELECT order_id, amount FROM remitted WHERE remittance_id = ? ORDER BY order_id",
        (remittance.id,),
    )


def _hand_on(tx: Transaction, order_id: int, remittance: Remittance) -> None:
    """The order's money is the other agent's to keep; who can fetch it, or paid it, is told so."""
    here = escrow.of_order(tx, order_id)
    if here and here.agent_id == remittance.giver_id:
        _is_with(tx, "escrow", here.id, remittance)
        if here.state in ("held", "frozen"):
            buyer = people.by_id(tx, here.buyer_id)
            outbox.notify(
                tx,
                buyer.msisdn,
                "order_kept",
                number=here.number,
                agent=remittance.taker,
                agent_phone=remittance.taker_msisdn,
            )
    for due in payouts.of_order(tx, order_id):
        if due.state != "due" or due.agent_id != remittance.giver_id:
            continue
        _is_with(tx, "payout", due.id, remittance)
        outbox.notify(
            tx,
            due.msisdn,
            "order_moved",
            number=due.number,
            agent=remittance.taker,
            agent_phone=remittance.taker_msisdn,
        )


def _is_with(tx: Transaction, kind: str, row_id: int, remittance: Remittance) -> None:
    taker_id = remittance.taker_id
    tx.execute(f"UPDATE {kind}s SET agent_id = ? WHERE id = ?", (taker_id, row_id))
    tx.event("remittance", f"{kind}.hand_on", f"{kind}:{row_id}", agent_id=taker_id)


def _moved(tx: Transaction, before: Remittance, after: Remittance) -> None:
    """Nobody is asked about it any more; with the cash go the orders that it belongs to."""
    confirmations.drop(tx, after.taker_msisdn, after.subject)
    if after.state != "taken":
        return
    ledger.post(
        tx,
        after.subject,
        ledger.cash(after.taker_id),
        ledger.cash(after.giver_id),
        after.amount,
    )
    for row in _orders(tx, after):
        _hand_on(tx, row["order_id"], after)


MACHINE: Machine[Remittance] = Machine(
    table="remittances",
    transitions=(
        Transition("take", "offered", "taken", TAKER, tells={"giver": "cash_taken"}),
        Transition(
            "take", "offered", "taken", OPERATOR,
            tells={"giver": "cash_taken", "taker": "cash_yours"},
        ),
        Transition("refuse", "offered", "refused", TAKER, tells={"giver": "cash_refused"}),
        *(Transition("call back", "offered", "called back", who) for who in (GIVER, OPERATOR)),
        Transition("lapse", "offered", "lapsed", CLOCK, tells={"giver": "cash_refused"}),
    ),
    timeouts=(
        Timeout(
            "lapse", ("offered",),
            lambda tx, remittance: tx.later(tx.settings.remit_within),
            "PASAR_REMIT_WITHIN", action="lapse",
        ),
    ),
    over=("taken", "refused", "called back", "lapsed"),
    load=by_id,
    sides=lambda tx, each: {"giver": (each.giver_msisdn,), "taker": (each.taker_msisdn,)},
    describe=describe,
    moved=_moved,
)  # fmt: skip
"""What becomes of cash that is handed on."""


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
    chosen = _exactly(free, amount)
    if not chosen:
        least = min((each.amount for each in free), default=0)
        fits = sum(each.amount for each in _at_most(free, amount))
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
    remittance = _for_taker(tx, taker, remittance_id)
    escrow.must_have_room(tx, taker, remittance.amount)
    giver = people.by_id(tx, remittance.giver_id)
    free = [each for each in holdings(tx, giver) if not _is_party(tx, taker, each)]
    now = {each.order_id: each.amount for each in free}
    if any(now.get(row["order_id"]) != row["amount"] for row in _orders(tx, remittance)):
        raise Refused("cash_changed", agent=remittance.giver)
    return MACHINE.move(tx, remittance, "take", TAKER, taker.msisdn)


def refuse(tx: Transaction, taker: Person, remittance_id: int) -> Remittance:
    """The other agent has not got it. Raises Refused("no_remittance")."""
    remittance = _for_taker(tx, taker, remittance_id)
    return MACHINE.move(tx, remittance, "refuse", TAKER, taker.msisdn)


def end_all(tx: Transaction, person: Person) -> None:
    """Nothing is waited for of somebody who leaves: what they offered, and what they were."""
    _call_back(tx, person, person.msisdn)
    for offered in offered_to(tx, person):
        MACHINE.move(tx, offered, "refuse", TAKER, person.msisdn)


def _call_back(tx: Transaction, giver: Person, actor: str) -> None:
    who = OPERATOR if actor == OPERATOR else GIVER
    for row in tx.rows(
        "SELECT id FROM remittances WHERE giver_id = ? AND state = 'offered'", (giver.id,)
    ):
        MACHINE.move(tx, by_id(tx, row["id"]), "call back", who, actor)


def _for_taker(tx: Transaction, taker: Person, remittance_id: int) -> Remittance:
    row = tx.row(_SELECT + "WHERE remittances.id = ?", (remittance_id,))
    if row is None or row["taker_id"] != taker.id or row["state"] != "offered":
        raise Refused("no_remittance")
    return Remittance(**row)


def _is_party(tx: Transaction, taker: Person, holding: Holding) -> bool:
    return taker.id in orders.parties(tx, orders.by_id(tx, holding.order_id))


def _at_most(free: Sequence[Holding], amount: int) -> list[Holding]:
    """As many as fit into the amount, those that came first before the others."""
    chosen, left = [], amount
    for each in free:
        if each.amount <= left:
            chosen.append(each)
            left -= each.amount
    return chosen


def _exactly(free: Sequence[Holding], amount: int) -> list[Holding] | None:
    """Orders whose money makes exactly this amount, those that came first where there is a choice;
    None when there are none."""
    chosen = _at_most(free, amount)
    if sum(each.amount for each in chosen) == amount:
        return chosen
    # Sums that can be made, each with the way to it; an agent's cap keeps them few.
    ways: dict[int, tuple[Holding, ...]] = {0: ()}
    for each in free[:_MOST_ORDERS]:
        for made, way in list(ways.items()):
            total = made + each.amount
            if total <= amount and total not in ways and len(ways) < _MOST_SUMS:
                ways[total] = (*way, each)
    return list(ways[amount]) if amount in ways else None


_MOST_ORDERS, _MOST_SUMS = 60, 20_000
