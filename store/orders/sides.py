"""Who is on which side of an order, who may answer for its seller, and who is apart from it."""

from store import agents, groups, people
from store.errors import Refused
from store.orders.order import Order
from store.people import Person
from store.shop import Transaction


def parties(tx: Transaction, order: Order) -> set[int]:
    """Whoever gains or loses by the order: no agent of its money, and no judge of it."""
    sellers = {order.seller_id, *(member.id for member in groups.members(tx, order.seller_id))}
    return {order.buyer_id, *sellers, *([order.courier_id] if order.courier_id else [])}


def may_answer(tx: Transaction, person: Person, order: Order) -> bool:
    """Whether the person may do what the order's seller may."""
    if person.id in (order.buyer_id, order.seller_id):
        return person.id == order.seller_id
    return groups.is_member(tx, order.seller_id, person)


def seller_must_trade(tx: Transaction, person: Person, order: Order) -> None:
    """Raises Refused("is_frozen") when a member goes on with the trade of a frozen owner."""
    if person.id != order.seller_id and people.by_id(tx, order.seller_id).frozen:
        raise Refused("is_frozen", name=order.seller)


def phones(tx: Transaction, order: Order) -> dict[str, tuple[str, ...]]:
    """The phones of each side; an agent's only where somebody has the buyer's money, or the goods
    at their place."""
    keeper = agents.phone(tx, order.kiosk_id) if order.state == "at agent" else None
    both = dict.fromkeys(phone for phone in (order.agent_msisdn, keeper) if phone)
    seller = _sellers_phones(tx, order)
    return {"buyer": (order.buyer_msisdn,), "seller": seller, "agent": tuple(both)}


def _sellers_phones(tx: Transaction, order: Order) -> tuple[str, ...]:
    """Who is told what the seller is told: the owner, and the members who may trade."""
    told = [
        person.msisdn
        for person in groups.members(tx, order.seller_id)
        if person.id != order.buyer_id and not person.frozen
    ]
    return (order.seller_msisdn, *told)


def must_be_apart(tx: Transaction, agent: Person, order: Order) -> None:
    """Raises Refused("conflict") for an agent who is a party to the order."""
    if agent.id in parties(tx, order):
        raise Refused("conflict", number=order.number)
