"""The buyer's money for one order, in the hands of an agent: cash only, no balance and no transfer.

What must stay true: what is held for an order goes to its seller (and courier), back to its buyer,
or is split between them, once; from a complaint until it is ruled on nobody gets any of it.
"""

from dataclasses import dataclass
from typing import Any

from store import agents, ledger, payouts, people
from store.errors import Refused
from store.machine import Machine, Transition
from store.people import Person
from store.shop import Transaction

ORDER, DISPUTE, OPERATOR = "order", "dispute", "operator"
"""What decides about the money: the order's own end, a complaint, or a correction."""


@dataclass(frozen=True)
class Escrow:
    """What one agent holds for one order, in rupiah, and for whom it may be.

    Of money that a complaint came too late for, `amount` is only what was still there.
    """

    id: int
    order_id: int
    number: str
    agent_id: int
    amount: int
    state: str
    buyer_id: int
    seller_id: int
    courier_id: int | None
    courier_fee: int

    @property
    def subject(self) -> str:
        """How events name it."""
        return f"escrow:{self.id}"


_SELECT = """
SELECT escrows.id, escrows.order_id, orders.number, escrows.agent_id, escrows.amount, escrows.state,
       orders.buyer_id, orders.seller_id, orders.courier_id, orders.courier_fee
FROM escrows
JOIN orders ON orders.id = escrows.order_id
"""


def by_id(tx: Transaction, escrow_id: int) -> Escrow:
    """The escrow of this id, which must exist."""
    row = tx.row(_SELECT + "WHERE escrows.id = ?", (escrow_id,))
    if row is None:
        raise LookupError(f"no escrow {escrow_id}")
    return Escrow(**row)


def of_order(tx: Transaction, order_id: int) -> Escrow | None:
    """What is or was held for an order, but for mistakes."""
    row = tx.row(_SELECT + "WHERE escrows.order_id = ? AND escrows.state <> 'void'", (order_id,))
    return Escrow(**row) if row else None


def _describe(escrow: Escrow) -> dict[str, Any]:
    return {"number": escrow.number, "amount": escrow.amount, "state": escrow.state}


MACHINE: Machine[Escrow] = Machine(
    table="escrows",
    transitions=(
        Transition("release", "held", "released", ORDER),
        Transition("refund", "held", "refunded", ORDER),
        Transition("void", "held", "void", OPERATOR),
        Transition("freeze", "held", "frozen", DISPUTE),
        Transition("release", "frozen", "released", DISPUTE),
        Transition("refund", "frozen", "refunded", DISPUTE),
        Transition("split", "frozen", "split", DISPUTE),
        Transition("reopen", "released", "frozen", DISPUTE),
    ),
    timeouts=(),
    over=("released", "refunded", "split", "void"),
    load=by_id,
    sides=lambda tx, escrow: {},
    describe=_describe,
)
"""What becomes of the money; the people are told by the order's machine and the payouts'."""


def hold(tx: Transaction, agent: Person, order_id: int, amount: int) -> Escrow:
    """An agent has got cash from the buyer. Raises Refused("over_agent_cap")."""
    must_have_room(tx, agent, amount)
    escrow_id = tx.count("escrow", 1)
    tx.execute(
        "INSERT INTO escrows (id, order_id, agent_id, amount, state, held_at, changed_at)"
        " VALUES (:id, :order, :agent, :amount, 'held', :now, :now)",
        {
            "id": escrow_id,
            "order": order_id,
            "agent": agent.id,
            "amount": amount,
            "now": tx.moment,
        },
    )
    ledger.post(
        tx,
        _held_key(escrow_id),
        ledger.cash(agent.id),
        ledger.held(order_id),
        amount,
        order_id=order_id,
    )
    escrow = by_id(tx, escrow_id)
    details = {"order": escrow.number, "agent_id": agent.id, "amount": amount}
    MACHINE.begin(tx, escrow, "hold", agent.msisdn, details=details)
    return escrow


def must_have_room(tx: Transaction, agent: Person, amount: int) -> None:
    """Raises Refused("over_agent_cap") when the agent would hold more than their cap."""
    left = room(tx, agent)
    if amount > left:
        raise Refused("over_agent_cap", cap=left)


def room(tx: Transaction, agent: Person) -> int:
    """Rupiah that an agent may still take. Raises Refused("not_agent")."""
    return max(0, agents.required(tx, agent).cap - ledger.balance(tx, ledger.cash(agent.id)))


def settle(tx: Transaction, order_id: int, *, to_buyer: int) -> None:
    """Divides what is held for an order, if anything is: `to_buyer` rupiah go back, the rest is the
    seller's, and of that the courier's share is the courier's."""
    escrow = of_order(tx, order_id)
    if escrow is None or escrow.state not in ("held", "frozen"):
        return
    action = {0: "release", escrow.amount: "refund"}.get(to_buyer, "split")
    who = DISPUTE if escrow.state == "frozen" else ORDER
    MACHINE.move(tx, escrow, action, who, who, details={"to_buyer": to_buyer})
    rest = escrow.amount - to_buyer
    fee = _fee(tx, escrow, rest)
    parts: tuple[tuple[payouts.Role, int | None, int], ...] = (
        ("buyer", escrow.buyer_id, to_buyer),
        ("courier", escrow.courier_id, fee),
        ("seller", escrow.seller_id, rest - fee),
    )
    for role, person_id, amount in parts:
        if amount and person_id:
            payouts.owe(tx, order_id, role, person_id, escrow.agent_id, amount)


def _fee(tx: Transaction, escrow: Escrow, rest: int) -> int:
    """The courier's share of the rest; nothing when it is theirs already."""
    if escrow.courier_id is None:
        return 0
    owed = payouts.of_order(tx, escrow.order_id)
    if any(each.role == "courier" and each.state != "taken back" for each in owed):
        return 0
    return min(escrow.courier_fee, rest)


def freeze(tx: Transaction, order_id: int) -> int:
    """Keeps what is held for an order until a complaint is ruled on, also what was released but
    not fetched yet; how much that is."""
    escrow = of_order(tx, order_id)
    if escrow is None:
        return 0
    if escrow.state == "held":
        return MACHINE.move(tx, escrow, "freeze", DISPUTE, DISPUTE).amount
    there = [
        each
        for each in payouts.of_order(tx, order_id)
        if each.state == "due" and each.agent_id == escrow.agent_id
    ]
    if escrow.state != "released" or not there:
        return 0
    left = {"amount": sum(each.amount for each in there)}
    MACHINE.move(tx, escrow, "reopen", DISPUTE, DISPUTE, keep=left, details=left)
    for payout in there:
        payouts.take_back(tx, payout)
    return left["amount"]


def void(tx: Transaction, order_id: int, why: str) -> None:
    """An operator corrects a deposit that did not happen.

    Raises Refused("not_now"), or Refused("handed_on") when another agent has said meanwhile that
    they got the cash.
    """
    escrow = of_order(tx, order_id)
    if escrow is None:
        raise LookupError(f"nothing is held for order {order_id}")
    MACHINE.check(tx, escrow, "void", OPERATOR)
    deposit = ledger.find(tx, _held_key(escrow.id))
    agent = people.by_id(tx, escrow.agent_id)
    if deposit is None or deposit.debit != ledger.cash(agent.id):
        raise Refused("handed_on", number=escrow.number, name=agent.name)
    MACHINE.move(tx, escrow, "void", OPERATOR, OPERATOR, details={"why": why})
    ledger.undo(tx, _held_key(escrow.id), why)


def _held_key(escrow_id: int) -> str:
    return f"escrow:{escrow_id}:held"
