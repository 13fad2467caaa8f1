"""The order's way, as data: from the seller's answer to the buyer's content.

Paid in cash when the code is given, so no agent is needed.
"""

from store import catalogue, groups, services
from store.calendar import add_working_time
from store.clock import from_text, to_text
from store.errors import Refused
from store.machine import CLOCK, Machine, Timeout, Transition
from store.orders.order import Order, by_id, describe, is_late, last_moment
from store.shop import Transaction

RESERVING = ("waiting", "accepted", "sent")
"""States in which an order's goods are promised to it."""

SELLING = ("handed over", "done")
"""States of an order whose goods are sold."""


def once_late(tx: Transaction, order: Order) -> None:
    """Once it was not sent by the promised time."""
    if not is_late(tx, order):
        raise Refused("not_late", number=order.number, day=last_moment(order))


def _release(tx: Transaction, order: Order) -> None:
    catalogue.release(tx, order.listing_id, order.quantity, order.slot)


def _sell(tx: Transaction, order: Order) -> None:
    catalogue.hand_out(tx, order.listing_id, order.quantity)


def _half_time(tx: Transaction, order: Order) -> str:
    placed, answer_by = from_text(order.placed_at), from_text(order.answer_by)
    return to_text(placed + (answer_by - placed) / 2)


def _content_by(tx: Transaction, order: Order) -> str:
    rules = tx.settings
    return to_text(add_working_time(tx.now, rules.complaint_window, rules.zone, rules.region))


MACHINE: Machine[Order] = Machine(
    table="orders",
    transitions=(
        Transition("accept", "waiting", "accepted", "seller", tells={"buyer": "order_accepted"}),
        Transition("reject", "waiting", "rejected", "seller", tells={"buyer": "order_rejected"}),
        Transition(
            "expire", "waiting", "expired", CLOCK,
            tells={"buyer": "order_expired", "seller": "order_missed"},
        ),
        Transition("cancel", "waiting", "cancelled", "buyer", tells={"seller": "order_cancelled"}),
        Transition("send", "accepted", "sent", "seller", tells={"buyer": "order_sent"}),
        Transition(
            "cancel", "accepted", "cancelled", "buyer",
            guard=once_late, tells={"seller": "order_cancelled"},
        ),
        Transition(
            "receive", "accepted", "handed over", "buyer", tells={"seller": "order_received"},
        ),
        Transition("hand over", "sent", "handed over", "seller"),
        Transition("receive", "sent", "handed over", "buyer", tells={"seller": "order_received"}),
        Transition("receive", "handed over", "done", "buyer"),
        Transition("finish", "handed over", "done", CLOCK),
    ),
    timeouts=(
        Timeout(
            "remind", "waiting", _half_time, "half of the time to answer",
            tells={"seller": "order_reminder"}, kind="reminder",
        ),
        Timeout(
            "expire", "waiting", lambda tx, order: order.answer_by,
            "PASAR_SELLER_ANSWER, or PASAR_SELLER_ANSWER_PERISHABLE", action="expire",
        ),
        Timeout(
            "late", "accepted", lambda tx, order: order.promised_by or tx.moment,
            "the promised day, or PASAR_SHIP_WITHIN", tells={"buyer": "order_late"},
        ),
        Timeout(
            "finish", "handed over", _content_by,
            "PASAR_COMPLAINT_WINDOW of working days", action="finish",
        ),
    ),
    load=by_id,
    sides=lambda tx, order: {
        "buyer": (order.buyer_msisdn,),
        "seller": groups.phones(tx, order),
    },
    describe=describe,
    variant=services.variant,
    entering={
        "rejected": _release,
        "expired": _release,
        "cancelled": _release,
        "handed over": _sell,
    },
)  # fmt: skip
"""What may become of an order, who does it, and what happens when nobody does."""
