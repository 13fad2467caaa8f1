"""What an agent does with an order: takes the buyer's money for it, and looks at its goods."""

from store import agents, escrow, people
from store.errors import Refused
from store.orders import promise
from store.orders.machine import AGENT, MACHINE, OPERATOR
from store.orders.order import Order, by_id, by_number
from store.orders.sides import must_be_apart
from store.people import Person
from store.shop import Transaction


def deposit(tx: Transaction, agent: Person, number: str, amount: int) -> Order:
    """An agent has got `amount` rupiah from the buyer, and holds them for the order.

    Raises Refused as `may_deposit` does.
    """
    order = may_deposit(tx, agent, number, amount)
    escrow.hold(tx, agent, order.id, amount)
    promised = {"promised_by": promise.after_deposit(tx, order)} if order.deposit else {}
    details = {"amount": amount, **promised}
    return MACHINE.move(
        tx, by_id(tx, order.id), "hold", AGENT, agent.msisdn, keep=promised, details=details
    )


def may_deposit(tx: Transaction, agent: Person, number: str, amount: int) -> Order:
    """The order for which this agent may take this much.

    Raises Refused("not_agent" | "no_order" | "conflict" | "not_now" | "is_frozen" | "bad_amount" |
    "not_all" | "over_agent_cap").
    """
    agents.required(tx, agent)
    order = by_number(tx, number)
    must_be_apart(tx, agent, order)
    MACHINE.transition(order, "hold", AGENT)
    for person_id in (order.buyer_id, order.seller_id):
        person = people.by_id(tx, person_id)
        if person.frozen:
            raise Refused("is_frozen", name=person.name)
    if not max(1, order.deposit) <= amount <= order.total:
        if order.deposit == order.total:
            raise Refused("not_all", number=number, total=order.total)
        raise Refused("bad_amount", number=number, deposit=max(1, order.deposit), total=order.total)
    escrow.must_have_room(tx, agent, amount)
    return order


def undo_deposit(tx: Transaction, number: str, why: str) -> Order:
    """An operator corrects a deposit that did not happen.

    Raises Refused("no_order" | "not_now" | "handed_on").
    """
    order = by_number(tx, number)
    MACHINE.transition(order, "unhold", OPERATOR)
    escrow.void(tx, order.id, why)
    return MACHINE.move(tx, order, "unhold", OPERATOR, OPERATOR, details={"why": why})


def approve(tx: Transaction, agent: Person, number: str) -> Order:
    """An agent has the goods at their place, and they are as ordered.

    Raises Refused as `may_inspect` does.
    """
    order = may_inspect(tx, agent, number)
    kiosk = {"kiosk_id": agent.id}
    values = {"agent": agent.name, "agent_phone": agent.msisdn}
    return MACHINE.move(
        tx, order, "inspect", AGENT, agent.msisdn, keep=kiosk, details=kiosk, values=values
    )


def may_inspect(tx: Transaction, agent: Person, number: str) -> Order:
    """The order whose goods this agent may look at.

    Raises Refused("not_agent" | "no_order" | "conflict" | "not_now").
    """
    agents.required(tx, agent)
    order = by_number(tx, number)
    must_be_apart(tx, agent, order)
    MACHINE.transition(order, "inspect", AGENT)
    return order
