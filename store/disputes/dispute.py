"""A complaint about an order as people see it: who says what, and who is to rule on it."""

from dataclasses import dataclass
from typing import Any, Literal

from store import agents, orders
from store.errors import Refused
from store.people import Person
from store.shop import Transaction

Side = Literal["buyer", "seller", "agent"]

COMPLAINTS = ("not arrived", "wrong", "broken", "short", "other")
"""What can be wrong with an order for its buyer."""

NO_CODE = "no code"
"""What is wrong with it for a seller: the goods are handed over, and the code was not given."""


@dataclass(frozen=True)
class Dispute:
    """A complaint by one side of an order; `paid` is what the buyer had paid for it by then.

    `agent_id` is who is to rule next, `first_id` the first of two agents, `percent` what they
    ruled for the buyer, `owed` what the seller still has to bring back.
    """

    id: int
    order_id: int
    number: str
    side: Side
    complaint: str
    told: str
    reply: str
    paid: int
    state: str
    agent_id: int | None
    first_id: int | None
    percent: int | None
    owed: int
    changed_at: str
    buyer_id: int
    buyer: str
    buyer_msisdn: str
    seller_id: int
    seller: str
    seller_msisdn: str

    @property
    def subject(self) -> str:
        """How events name it."""
        return f"dispute:{self.id}"

    @property
    def to_buyer(self) -> int:
        """Rupiah of what the buyer paid that the ruling gives them."""
        return share(self.paid, self.percent or 0)


def share(paid: int, percent: int) -> int:
    """Percent of what was paid, in whole rupiah; half a rupiah is rounded up."""
    return (paid * percent + 50) // 100


_SELECT = """
SELECT disputes.id, disputes.order_id, orders.number, disputes.side, disputes.complaint,
       disputes.told, disputes.reply, disputes.paid, disputes.state, disputes.agent_id,
       disputes.first_id, disputes.percent, disputes.owed, disputes.changed_at,
       orders.buyer_id, buyers.name AS buyer, buyers.msisdn AS buyer_msisdn,
       orders.seller_id, sellers.name AS seller, sellers.msisdn AS seller_msisdn
FROM disputes
JOIN orders ON orders.id = disputes.order_id
JOIN people AS buyers ON buyers.id = orders.buyer_id
JOIN people AS sellers ON sellers.id = orders.seller_id
"""


def by_id(tx: Transaction, dispute_id: int) -> Dispute:
    """The dispute of this id, which must exist."""
    row = tx.row(_SELECT + "WHERE disputes.id = ?", (dispute_id,))
    if row is None:
        raise LookupError(f"no dispute {dispute_id}")
    return Dispute(**row)


def of_order(tx: Transaction, order_id: int) -> Dispute | None:
    """The complaint about an order, if there was one."""
    row = tx.row(_SELECT + "WHERE disputes.order_id = ?", (order_id,))
    return Dispute(**row) if row else None


def by_number(tx: Transaction, number: str) -> Dispute:
    """The complaint about the order of this number, for agents. Raises Refused("no_dispute")."""
    row = tx.row(_SELECT + "WHERE orders.number = ?", (number,))
    if row is None:
        raise Refused("no_dispute", number=number)
    return Dispute(**row)


def find(tx: Transaction, person: Person, number: str) -> Dispute:
    """The complaint about a person's own order. Raises Refused("no_order" | "no_dispute")."""
    orders.find(tx, person, number)
    return by_number(tx, number)


def of_agent(tx: Transaction, person: Person) -> list[Dispute]:
    """What waits for the ruling of this agent, or coordinator, oldest first; nothing for others."""
    agent = agents.of_person(tx, person)
    if agent is None:
        return []
    rows = tx.rows(
        _SELECT + "WHERE (disputes.agent_id = :agent AND disputes.state IN"
        " ('with agent', 'proposed')) OR (:all = 1 AND disputes.state = 'with coordinator')"
        " ORDER BY disputes.id LIMIT 40",
        {"agent": person.id, "all": int(agent.role == "coordinator")},
    )
    return [Dispute(**row) for row in rows]


def waiting_for(tx: Transaction, person: Person) -> list[Dispute]:
    """The complaints that this person is to answer, oldest first."""
    rows = tx.rows(
        _SELECT + "WHERE disputes.state = 'opened' AND"
        " ((disputes.side = 'seller' AND orders.buyer_id = :me)"
        "  OR (disputes.side <> 'seller' AND orders.buyer_id <> :me AND (orders.seller_id = :me"
        "   OR orders.seller_id IN (SELECT owner_id FROM members WHERE person_id = :me))))"
        " ORDER BY disputes.id LIMIT 40",
        {"me": person.id},
    )
    return [Dispute(**row) for row in rows]


def side_of(tx: Transaction, dispute: Dispute, person: Person) -> str:
    """ "buyer" or "seller", as which a person takes part in the order."""
    return "buyer" if person.id == dispute.buyer_id else "seller"


def accused_of(dispute: Dispute) -> str:
    """The side that is to answer: the seller, unless the seller complained."""
    return "buyer" if dispute.side == "seller" else "seller"


def describe(dispute: Dispute) -> dict[str, Any]:
    """The dispute as the values of a sentence."""
    return {
        "number": dispute.number,
        "complaint": dispute.complaint,
        "state": dispute.state,
        "buyer": dispute.buyer,
        "buyer_phone": dispute.buyer_msisdn,
        "seller": dispute.seller,
        "seller_phone": dispute.seller_msisdn,
        "percent": dispute.percent,
        "amount": dispute.to_buyer,
        "paid": dispute.paid,
        "owed": dispute.owed,
    }
