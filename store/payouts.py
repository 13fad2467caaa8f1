"""Money that an agent owes somebody for an order: the seller's, the courier's, or a refund.

What must stay true: it is paid once, by the agent who has it, to somebody who gave the code that
only they were sent, so that no agent can record a payout alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from store import agents, codes, ledger, limits, people
from store.errors import Refused
from store.machine import Machine, Transition
from store.people import Person
from store.shop import Transaction

Role = Literal["seller", "buyer", "courier"]

PURPOSE = "payout"
"""What its codes are for."""


@dataclass(frozen=True)
class Payout:
    """Rupiah that agent `agent_id` owes to a person, in their role in the order."""

    id: int
    order_id: int
    number: str
    role: Role
    person_id: int
    person: str
    msisdn: str
    agent_id: int
    agent: str
    agent_msisdn: str
    amount: int
    state: str
    code_nonce: str
    code_tries: int

    @property
    def subject(self) -> str:
        """How events name it: they belong to the order's history."""
        return f"payout:{self.id}"

    @property
    def code(self) -> str:
        """The placeholder of the code that its payee gives for the money."""
        return codes.placeholder(self.id, self.code_nonce, PURPOSE)


_SELECT = """
SELECT payouts.id, payouts.order_id, orders.number, payouts.role,
       payouts.person_id, payees.name AS person, payees.msisdn,
       payouts.agent_id, agents.name AS agent, agents.msisdn AS agent_msisdn,
       payouts.amount, payouts.state, payouts.code_nonce, payouts.code_tries
FROM payouts
JOIN orders ON orders.id = payouts.order_id
JOIN people AS payees ON payees.id = payouts.person_id
JOIN people AS agents ON agents.id = payouts.agent_id
"""


def by_id(tx: Transaction, payout_id: int) -> Payout:
    """The payout of this id, which must exist."""
    row = tx.row(_SELECT + "WHERE payouts.id = ?", (payout_id,))
    if row is None:
        raise LookupError(f"no payout {payout_id}")
    return Payout(**row)


def of_order(tx: Transaction, order_id: int) -> list[Payout]:
    """All of an order, oldest first."""
    rows = tx.rows(_SELECT + "WHERE payouts.order_id = ? ORDER BY payouts.id", (order_id,))
    return [Payout(**row) for row in rows]


def due_to(tx: Transaction, person: Person) -> list[Payout]:
    """What a person can fetch, oldest first."""
    rows = tx.rows(
        _SELECT + "WHERE payouts.person_id = ? AND payouts.state = 'due' ORDER BY payouts.id",
        (person.id,),
    )
    return [Payout(**row) for row in rows]


def describe(payout: Payout) -> dict[str, Any]:
    """The payout as the values of a sentence."""
    return {
        "number": payout.number,
        "amount": payout.amount,
        "state": payout.state,
        "name": payout.person,
        "agent": payout.agent,
        "agent_phone": payout.agent_msisdn,
        "code": payout.code,
    }


def undisputed(tx: Transaction, payout: Payout) -> None:
    """Unless there is a complaint that nobody has ruled on."""
    if tx.value("SELECT 1 FROM orders WHERE id = ? AND state = 'disputed'", (payout.order_id,)):
        raise Refused("not_now", number=payout.number, state="disputed")


def still_there(tx: Transaction, payout: Payout) -> None:
    """While its agent may act, and its payee was not erased."""
    if agents.phone(tx, payout.agent_id) is None:
        raise Refused("not_agent")
    if people.by_id(tx, payout.person_id).erased:
        raise Refused("no_payout", number=payout.number)


def _variant(payout: Payout, notice: str) -> str:
    return f"{notice}_{payout.role}" if notice == "order_payout" else notice


MACHINE: Machine[Payout] = Machine(
    table="payouts",
    transitions=(
        Transition(
            "pay", "due", "paid", "agent", guard=undisputed, tells={"payee": "order_paid"},
        ),
        Transition("take back", "due", "taken back", "dispute"),
        Transition(
            "unpay", "paid", "due", "operator",
            guard=still_there, tells={"payee": "order_payout"},
        ),
    ),
    timeouts=(),
    over=("paid", "taken back"),
    load=by_id,
    sides=lambda tx, payout: {"payee": (payout.msisdn,)},
    describe=describe,
    variant=_variant,
)  # fmt: skip
"""What becomes of money that is owed."""


def owe(
    tx: Transaction, order_id: int, role: Role, person_id: int, agent_id: int, amount: int
) -> Payout:
    """Turns part of what is held for an order into money that somebody may fetch."""
    payout_id = tx.count("payout", 1)
    tx.execute(
        "INSERT INTO payouts (id, order_id, role, person_id, agent_id, amount, state, code_nonce,"
        " owed_at, changed_at)"
        " VALUES (:id, :order, :role, :person, :agent, :amount, 'due', :nonce, :now, :now)",
        {
            "id": payout_id,
            "order": order_id,
            "role": role,
            "person": person_id,
            "agent": agent_id,
            "amount": amount,
            "nonce": codes.new_nonce(tx.chance),
            "now": tx.moment,
        },
    )
    ledger.post(
        tx,
        _owed_key(payout_id),
        ledger.held(order_id),
        ledger.due(role, person_id),
        amount,
        order_id=order_id,
    )
    payout = by_id(tx, payout_id)
    details = {
        "order": payout.number,
        "role": role,
        "person_id": person_id,
        "agent_id": agent_id,
        "amount": amount,
    }
    MACHINE.begin(tx, payout, "owe", "order", tells={"payee": "order_payout"}, details=details)
    return payout


def take_back(tx: Transaction, payout: Payout) -> None:
    """What was not fetched yet is held for the order again, because of a complaint."""
    MACHINE.move(tx, payout, "take back", "dispute", "dispute")
    ledger.undo(tx, _owed_key(payout.id), f"complaint about order {payout.number}")


def expected(
    tx: Transaction, agent: Person, number: str, roles: Sequence[Role], code: str
) -> Payout:
    """The payout of an order that this code is for, which this agent may pay now.

    Raises Refused("not_agent" | "no_payout" | "is_refund" | "is_payout" | "other_agent" |
    "conflict" | "payee_frozen" | "bad_payout_code" | "wrong_payout_code" | "no_payout_tries" |
    "not_now"); a wrong code is counted.
    """
    agents.required(tx, agent)
    due = [each for each in _of_number(tx, number) if each.state == "due" and each.role in roles]
    if not due:
        others = [each.role for each in _of_number(tx, number) if each.state == "due"]
        if others:
            raise Refused("is_refund" if "buyer" in others else "is_payout", number=number)
        raise Refused("no_payout", number=number)
    mine = [each for each in due if each.agent_id == agent.id]
    if not mine:
        raise Refused("other_agent", number=number, agent=due[0].agent)
    if any(each.person_id == agent.id for each in mine):
        raise Refused("conflict", number=number)
    if not codes.well_formed(code):
        raise Refused("bad_payout_code", number=number)
    open_ones = [each for each in mine if each.code_tries < limits.CODE_TRIES]
    if not open_ones:
        raise Refused("no_payout_tries", number=number)
    for payout in open_ones:
        if code == _code(tx, payout):
            if people.by_id(tx, payout.person_id).frozen:
                raise Refused("payee_frozen", number=number)
            MACHINE.check(tx, payout, "pay", "agent")
            return payout
    for payout in open_ones:
        tx.execute("UPDATE payouts SET code_tries = code_tries + 1 WHERE id = ?", (payout.id,))
    tries = max(each.code_tries for each in open_ones) + 1
    tx.event(agent.msisdn, "payout.wrong_code", open_ones[0].subject, tries=tries)
    left = limits.CODE_TRIES - tries
    raise Refused("wrong_payout_code" if left else "no_payout_tries", number=number, left=left)


def pay(tx: Transaction, agent: Person, number: str, roles: Sequence[Role], code: str) -> Payout:
    """The agent has given the money to whoever had the code. Raises Refused as `expected`."""
    payout = expected(tx, agent, number, roles, code)
    paid = MACHINE.move(tx, payout, "pay", "agent", agent.msisdn)
    ledger.post(
        tx,
        _paid_key(payout),
        ledger.due(payout.role, payout.person_id),
        ledger.cash(agent.id),
        payout.amount,
        order_id=payout.order_id,
    )
    return paid


def unpay(tx: Transaction, payout_id: int, why: str) -> Payout:
    """An operator corrects a payout that did not happen: it is due again, with another code.

    Raises Refused("not_now"), Refused("not_agent") when who paid it is no agent any more, and
    Refused("no_payout") when its payee was erased.
    """
    payout = by_id(tx, payout_id)
    keep = {"code_nonce": codes.new_nonce(tx.chance), "code_tries": 0}
    moved = MACHINE.move(
        tx, payout, "unpay", "operator", "operator", keep=keep, details={"why": why}
    )
    ledger.undo(tx, _paid_key(payout), why)
    return moved


def code_for(tx: Transaction, payout: Payout) -> str:
    """The placeholder of a payout's code for its payee; of a new code once the tries are used up,
    so that whoever guessed has to begin again."""
    if payout.code_tries >= limits.CODE_TRIES:
        tx.execute(
            "UPDATE payouts SET code_nonce = ?, code_tries = 0 WHERE id = ?",
            (codes.new_nonce(tx.chance), payout.id),
        )
        tx.event(payout.msisdn, "payout.new_code", payout.subject)
        payout = by_id(tx, payout.id)
    return payout.code


def _of_number(tx: Transaction, number: str) -> list[Payout]:
    rows = tx.rows(_SELECT + "WHERE orders.number = ? ORDER BY payouts.id", (number,))
    return [Payout(**row) for row in rows]


def _code(tx: Transaction, payout: Payout) -> str:
    return codes.one_time_code(tx.settings.pepper, PURPOSE, payout.id, payout.code_nonce)


def _owed_key(payout_id: int) -> str:
    return f"payout:{payout_id}:owed"


def _paid_key(payout: Payout) -> str:
    return f"payout:{payout.id}:paid:{payout.code_nonce}"
