"""An order as people see it: who trades what with whom, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from store import agents, calendar, codes, groups
from store.catalogue import Listing
from store.errors import Refused
from store.people import Person
from store.shop import Transaction

MOST_LISTED = 40
"""Orders that one person is shown at a time."""

PREPARING, ON_THE_WAY = ("accepted", "held"), ("sent", "at agent")
"""States in which the seller has something to do, and in which the goods are coming."""

SAME_WITHIN = timedelta(days=1)
"""The same listing and quantity again within this time is asked about first."""


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


_SELECT = """
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
    row = tx.row(_SELECT + "WHERE orders.id = ?", (order_id,))
    if row is None:
        raise LookupError(f"no order {order_id}")
    return Order(**row)


def by_number(tx: Transaction, number: str) -> Order:
    """The order of this number, for agents. Raises Refused("no_order")."""
    row = tx.row(_SELECT + "WHERE orders.number = ?", (number,))
    if row is None:
        raise Refused("no_order", number=number)
    return Order(**row)


def parties(tx: Transaction, order: Order) -> set[int]:
    """Whoever gains or loses by the order: no agent of its money, and no judge of it."""
    sellers = {order.seller_id, *(member.id for member in groups.members(tx, order.seller_id))}
    return {order.buyer_id, *sellers, *([order.courier_id] if order.courier_id else [])}


def phones(tx: Transaction, order: Order) -> dict[str, tuple[str, ...]]:
    """The phones of each side; an agent's only where somebody has the buyer's money, or the goods
    at their place."""
    keeper = agents.phone(tx, order.kiosk_id) if order.state == "at agent" else None
    both = dict.fromkeys(phone for phone in (order.agent_msisdn, keeper) if phone)
    seller = groups.phones(tx, order)
    return {"buyer": (order.buyer_msisdn,), "seller": seller, "agent": tuple(both)}


def must_be_apart(tx: Transaction, agent: Person, order: Order) -> None:
    """Raises Refused("conflict") for an agent who is a party to the order."""
    if agent.id in parties(tx, order):
        raise Refused("conflict", number=order.number)


def find(tx: Transaction, person: Person, number: str, *, role: str | None = None) -> Order:
    """A person's own order, as "buyer", as "seller" (also of their group), or either.

    Raises Refused("no_order"): somebody else's order is told no differently from one that is not.
    """
    row = tx.row(_SELECT + "WHERE orders.number = ?", (number,))
    order = Order(**row) if row else None
    if order is None or not _takes_part(tx, order, person, role):
        raise Refused("no_order", number=number)
    return order


def _takes_part(tx: Transaction, order: Order, person: Person, role: str | None) -> bool:
    if role != "seller" and person.id == order.buyer_id:
        return True
    return role != "buyer" and groups.may_answer(tx, person, order)


def _sellers(tx: Transaction, person: Person) -> tuple[str, dict[str, int]]:
    """The sellers for whom a person may answer, as a list in SQL and its values."""
    ids = [person.id, *(owner.id for owner in groups.owners_of(tx, person))]
    values = {f"seller{index}": seller_id for index, seller_id in enumerate(ids)}
    return ", ".join(f":{name}" for name in values), values


def of_person(tx: Transaction, person: Person) -> list[Order]:
    """A person's orders on both sides, newest first, at most MOST_LISTED."""
    sellers, values = _sellers(tx, person)
    rows = tx.rows(
        _SELECT + "WHERE orders.id IN (SELECT id FROM ("
        "   SELECT id FROM orders WHERE buyer_id = :me ORDER BY id DESC LIMIT :most) AS bought)"
        " OR orders.id IN (SELECT id FROM ("
        f"   SELECT id FROM orders WHERE seller_id IN ({sellers})"
        "   ORDER BY id DESC LIMIT :most) AS sold)"
        " ORDER BY orders.id DESC LIMIT :most",
        {"me": person.id, "most": MOST_LISTED, **values},
    )
    return [Order(**row) for row in rows]


def waiting_for(tx: Transaction, seller: Person) -> list[Order]:
    """The orders that this seller may answer, oldest first, at most MOST_LISTED."""
    sellers, values = _sellers(tx, seller)
    rows = tx.rows(
        _SELECT + f"WHERE orders.seller_id IN ({sellers}) AND orders.state = 'waiting'"
        " AND orders.buyer_id <> :me ORDER BY orders.id LIMIT :most",
        {"me": seller.id, "most": MOST_LISTED, **values},
    )
    return [Order(**row) for row in rows]


def holding_money(tx: Transaction, seller: Person) -> list[Order]:
    """A seller's orders that an agent has the buyer's money for and that were not sent yet."""
    rows = tx.rows(
        _SELECT + "WHERE orders.seller_id = ? AND orders.state = 'held' ORDER BY orders.id",
        (seller.id,),
    )
    return [Order(**row) for row in rows]


def last_bought(tx: Transaction, buyer: Person) -> Order | None:
    """The buyer's latest order whose listing still has as many."""
    row = tx.row(
        _SELECT + "WHERE orders.buyer_id = ? AND listings.stock >= orders.quantity"
        " AND orders.state NOT IN ('rejected', 'expired')"
        " ORDER BY orders.id DESC LIMIT 1",
        (buyer.id,),
    )
    return Order(**row) if row else None


def same_lately(
    tx: Transaction, buyer: Person, listing: Listing, quantity: int, spec: str = ""
) -> Order | None:
    """The buyer's order of the same within a day, unless it came to nothing."""
    row = tx.row(
        _SELECT + "WHERE orders.buyer_id = :buyer AND orders.listing_id = :listing"
        " AND orders.quantity = :quantity AND orders.spec = :spec AND orders.placed_at > :since"
        " AND orders.state NOT IN ('rejected', 'expired', 'cancelled')"
        " ORDER BY orders.id DESC LIMIT 1",
        {
            "buyer": buyer.id,
            "listing": listing.id,
            "quantity": quantity,
            "spec": spec,
            "since": tx.later(-SAME_WITHIN),
        },
    )
    return Order(**row) if row else None


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
