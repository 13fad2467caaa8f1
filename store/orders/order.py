"""An order as people see it: who trades what with whom, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from store import calendar, codes
from store.errors import Refused
from store.people import Person
from store.shop import Transaction

PREPARING, ON_THE_WAY = ("accepted", "held"), ("sent", "at agent")
"""States in which the seller has something to do, and in which the goods are coming."""


@dataclass(frozen=True)
class Order:
    """An order with the names and phones of its two sides; money in rupiah.

    `held` is what an agent, the custodian, has of the buyer's money, 0 when nobody has any;
    `deposit` is what one must have before the seller begins. `kiosk_id` is the agent at whose
    place the goods are. Of a service, `spec` is what the buyer wants done, `slot` the Monday of
    its week.
    """

    id: int
    number: str
    listing_id: int
    listing: str
    title: str
    unit: str
    quantity: int
    price: int
    total: int
    state: str
    placed_at: str
    answer_by: str
    promised_by: str | None
    code_nonce: str | None
    code_tries: int
    buyer_id: int
    buyer: str
    buyer_msisdn: str
    village: str
    seller_id: int
    seller: str
    seller_msisdn: str
    kind: str
    spec: str
    slot: str | None
    deposit: int
    changed_at: str
    kiosk_id: int | None
    courier_id: int | None
    courier_fee: int
    held: int
    agent_id: int | None
    agent: str
    agent_msisdn: str

    @property
    def rest(self) -> int:
        """What the buyer pays in cash for the goods: all that no agent has."""
        return self.total - self.held

    @property
    def unpaid_deposit(self) -> bool:
        """Whether an agent has to get the buyer's money before the seller begins."""
        return self.deposit > self.held

    @property
    def subject(self) -> str:
        """How events name it; timers know it by its id."""
        return f"order:{self.id}"


SELECT = """
SELECT orders.id, orders.number, orders.listing_id, listings.number AS listing, orders.title,
       orders.unit, orders.quantity, orders.price, orders.total, orders.state, orders.placed_at,
       orders.answer_by, orders.promised_by, orders.code_nonce, orders.code_tries,
       orders.buyer_id, buyers.name AS buyer, buyers.msisdn AS buyer_msisdn,
       villages.name AS village,
       orders.seller_id, sellers.name AS seller, sellers.msisdn AS seller_msisdn,
       listings.kind, orders.spec, orders.slot, orders.deposit,
       orders.changed_at, orders.kiosk_id, orders.courier_id, orders.courier_fee,
       COALESCE(escrows.amount, 0) AS held, escrows.agent_id,
       COALESCE(agents.name, '') AS agent, COALESCE(agents.msisdn, '') AS agent_msisdn
FROM orders
JOIN listings ON listings.id = orders.listing_id
JOIN people AS buyers ON buyers.id = orders.buyer_id
JOIN villages ON villages.code = buyers.village_code
JOIN people AS sellers ON sellers.id = orders.seller_id
LEFT JOIN escrows ON escrows.order_id = orders.id AND escrows.state <> 'void'
LEFT JOIN people AS agents ON agents.id = escrows.agent_id
"""


def by_id(tx: Transaction, order_id: int) -> Order:
    """The order of this id, which must exist."""
    row = tx.row(SELECT + "WHERE orders.id = ?", (order_id,))
    if row is None:
        raise LookupError(f"no order {order_id}")
    return Order(**row)


def by_number(tx: Transaction, number: str) -> Order:
    """The order of this number, for agents. Raises Refused("no_order")."""
    row = tx.row(SELECT + "WHERE orders.number = ?", (number,))
    if row is None:
        raise Refused("no_order", number=number)
    return Order(**row)


def last_moment(order: Order) -> datetime | None:
    """The last moment of the promised time: a promise for today ends at midnight, not tomorrow."""
    return calendar.last_moment(order.promised_by)


def is_late(tx: Transaction, order: Order) -> bool:
    """Whether the promised time has passed without the goods being sent."""
    return order.state in PREPARING and (order.promised_by or "") <= tx.moment


def code_for(order: Order, person: Person) -> str | None:
    """The placeholder of the hand-over code, for its buyer only, while it is of use."""
    if order.state in ON_THE_WAY and order.code_nonce and person.id == order.buyer_id:
        return codes.placeholder(order.id, order.code_nonce)
    return None


def describe(order: Order) -> dict[str, Any]:
    """The order as the values of a sentence."""
    return {
        "number": order.number,
        "quantity": order.quantity,
        "unit": order.unit,
        "title": order.title,
        "total": order.total,
        "state": "in work" if (order.kind, order.state) == ("service", "sent") else order.state,
        "buyer": order.buyer,
        "buyer_phone": order.buyer_msisdn,
        "seller": order.seller,
        "seller_phone": order.seller_msisdn,
        "village": order.village,
        "day": last_moment(order),
        "spec": order.spec,
        "deposit": order.deposit,
        "held": order.held,
        "rest": order.rest,
        "agent": order.agent,
        "agent_phone": order.agent_msisdn,
    }
