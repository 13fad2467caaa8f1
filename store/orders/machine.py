"""The way of an order: from waiting for its seller to its buyer being content.

Paid in cash when the code is given, or, as far as an agent holds the buyer's money, by what becomes
of that: the seller's once the order is done, the buyer's again once it is cancelled, and frozen
from a complaint until it is ruled on (`store.disputes`).
"""

from store import catalogue, escrow, people
from store.calendar import add_working_time
from store.clock import from_text, to_text
from store.errors import Refused
from store.machine import CLOCK, Machine, Timeout, Transition
from store.orders import notices
from store.orders.order import Order, by_id, describe, is_late, last_moment
from store.orders.sides import phones
from store.shop import Transaction

BUYER, SELLER, COURIER, AGENT = "buyer", "seller", "courier", "agent"
OPERATOR, DISPUTE = "operator", "dispute"

RESERVING = ("waiting", "accepted", "held", "sent", "at agent")
"""States in which an order's goods are promised to it."""

SELLING = ("handed over", "done", "disputed", "settled")
"""States of an order whose goods have left the shelf for good, even where they were lost."""

OVER = ("done", "settled", "rejected", "expired", "cancelled")
"""States in which nobody has to do anything any more; about a done order one can still complain."""


def once_late(tx: Transaction, order: Order) -> None:
    """Once it was not sent by the promised time, or its seller is frozen."""
    if not is_late(tx, order) and not people.by_id(tx, order.seller_id).frozen:
        raise Refused("not_late", number=order.number, day=last_moment(order))


def late_or_unpaid(tx: Transaction, order: Order) -> None:
    """Once it is late, its seller is frozen, or before an agent has the deposit that it needs."""
    if not order.unpaid_deposit:
        once_late(tx, order)


def with_deposit(tx: Transaction, order: Order) -> None:
    """Unless an agent has to get a deposit first."""
    if order.unpaid_deposit:
        raise Refused("no_deposit", number=order.number, deposit=order.deposit)


def not_long_ago(tx: Transaction, order: Order) -> None:
    """Until PASAR_LATE_COMPLAINT after it was done."""
    if from_text(order.changed_at) + tx.settings.late_complaint <= tx.now:
        raise Refused("too_late", number=order.number)


def _half_time(tx: Transaction, order: Order) -> str:
    placed, answer_by = from_text(order.placed_at), from_text(order.answer_by)
    return to_text(placed + (answer_by - placed) / 2)


def content_by(tx: Transaction, order: Order) -> str:
    """When a buyer who has got the goods just now counts as content with them."""
    rules = tx.settings
    return to_text(add_working_time(tx.now, rules.complaint_window, rules.zone, rules.region))


def _late_at(tx: Transaction, order: Order) -> str | None:
    """When the promised time is over, unless the buyer was told so already."""
    if order.unpaid_deposit or order.promised_by is None:
        return None
    told = tx.value(
        "SELECT 1 FROM events WHERE subject = ? AND action = 'order.late' AND at >= ?",
        (order.subject, order.promised_by),
    )
    return None if told else order.promised_by


def _lapses_at(tx: Transaction, order: Order) -> str | None:
    return tx.later(tx.settings.deposit_within) if order.unpaid_deposit else None


def _moved(tx: Transaction, before: Order, after: Order) -> None:
    """The shelf and the money follow the order."""
    if before.state in RESERVING and after.state in SELLING:
        catalogue.hand_out(tx, after.listing_id, after.quantity)
    elif before.state in RESERVING and after.state not in RESERVING:
        catalogue.release(tx, after.listing_id, after.quantity, after.slot)
    if after.state == "done":
        escrow.settle(tx, after.id, to_buyer=0)
    elif after.state == "cancelled":
        escrow.settle(tx, after.id, to_buyer=after.held)


MACHINE: Machine[Order] = Machine(
    table="orders",
    transitions=(
        Transition("accept", "waiting", "accepted", SELLER, tells={"buyer": "order_accepted"}),
        Transition("reject", "waiting", "rejected", SELLER, tells={"buyer": "order_rejected"}),
        Transition(
            "expire", "waiting", "expired", CLOCK,
            tells={"buyer": "order_expired", "seller": "order_missed"},
        ),
        Transition("cancel", "waiting", "cancelled", BUYER, tells={"seller": "order_cancelled"}),
        Transition(
            "hold", "accepted", "held", AGENT,
            tells={"buyer": "order_receipt", "seller": "order_held"},
        ),
        Transition(
            "send", "accepted", "sent", SELLER, guard=with_deposit, tells={"buyer": "order_sent"},
        ),
        Transition(
            "cancel", "accepted", "cancelled", BUYER,
            guard=late_or_unpaid, tells={"seller": "order_cancelled"},
        ),
        Transition(
            "give up", "accepted", "cancelled", SELLER, tells={"buyer": "order_given_up"},
        ),
        Transition(
            "lapse", "accepted", "cancelled", CLOCK,
            tells={"buyer": "order_lapsed", "seller": "order_not_deposited"},
        ),
        Transition(
            "receive", "accepted", "handed over", BUYER,
            guard=with_deposit, tells={"seller": "order_received"},
        ),
        Transition("send", "held", "sent", SELLER, tells={"buyer": "order_sent"}),
        Transition(
            "cancel", "held", "cancelled", BUYER,
            guard=once_late, tells={"seller": "order_cancelled"},
        ),
        Transition("give up", "held", "cancelled", SELLER, tells={"buyer": "order_given_up"}),
        Transition(
            "receive", "held", "handed over", BUYER, tells={"seller": "order_received"},
        ),
        Transition(
            "unhold", "held", "accepted", OPERATOR,
            tells={"buyer": "order_unheld", "seller": "order_unheld"},
        ),
        Transition("hand over", "sent", "handed over", SELLER),
        Transition(
            "hand over", "sent", "handed over", COURIER, tells={"seller": "order_received"},
        ),
        Transition("receive", "sent", "handed over", BUYER, tells={"seller": "order_received"}),
        Transition(
            "inspect", "sent", "at agent", AGENT,
            tells={"buyer": "order_inspected", "seller": "order_approved"},
        ),
        Transition("complain", "sent", "disputed", BUYER),
        Transition("complain", "sent", "disputed", SELLER),
        Transition("complain", "sent", "disputed", AGENT),
        Transition("hand over", "at agent", "handed over", SELLER),
        Transition(
            "hand over", "at agent", "handed over", AGENT, tells={"seller": "order_received"},
        ),
        Transition(
            "receive", "at agent", "handed over", BUYER, tells={"seller": "order_received"},
        ),
        Transition("complain", "at agent", "disputed", BUYER),
        Transition("complain", "at agent", "disputed", SELLER),
        Transition("receive", "handed over", "done", BUYER),
        Transition("finish", "handed over", "done", CLOCK),
        Transition("complain", "handed over", "disputed", BUYER),
        Transition("complain", "done", "disputed", BUYER, guard=not_long_ago),
        Transition("settle", "disputed", "settled", DISPUTE),
        Transition("withdraw", "disputed", "done", DISPUTE),
    ),
    timeouts=(
        Timeout(
            "remind", ("waiting",), _half_time, "half of the time to answer",
            tells={"seller": "order_reminder"}, kind="reminder",
        ),
        Timeout(
            "expire", ("waiting",), lambda tx, order: order.answer_by,
            "PASAR_SELLER_ANSWER, or PASAR_SELLER_ANSWER_PERISHABLE", action="expire",
        ),
        Timeout(
            "late", ("accepted", "held"), _late_at,
            "the promised day, or PASAR_SHIP_WITHIN", tells={"buyer": "order_late"},
        ),
        Timeout(
            "lapse", ("accepted",), _lapses_at,
            "PASAR_DEPOSIT_WITHIN, where a deposit is needed", action="lapse",
        ),
        Timeout(
            "overdue", ("sent", "at agent"),
            lambda tx, order: tx.later(tx.settings.arrive_within),
            "PASAR_ARRIVE_WITHIN",
            tells={"buyer": "order_overdue", "agent": "order_overdue_agent"}, kind="reminder",
        ),
        Timeout(
            "finish", ("handed over",), content_by,
            "PASAR_COMPLAINT_WINDOW of working days", action="finish",
        ),
    ),
    over=OVER,
    load=by_id,
    sides=phones,
    describe=describe,
    variant=notices.variant,
    moved=_moved,
)  # fmt: skip
"""What may become of an order, who does it, and what happens when nobody does."""
