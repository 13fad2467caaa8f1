"""Orders: what they are (`order`), the way they go (`machine`), and what people do with them
(`actions`)."""

from store.orders.actions import accept, cancel, check, hand_over, place, receive, reject, send
from store.orders.machine import MACHINE
from store.orders.order import (
    MOST_LISTED,
    Order,
    by_id,
    code_for,
    describe,
    find,
    is_late,
    last_bought,
    last_moment,
    of_person,
    waiting_for,
)

__all__ = [
    "MACHINE",
    "MOST_LISTED",
    "Order",
    "accept",
    "by_id",
    "cancel",
    "check",
    "code_for",
    "describe",
    "find",
    "hand_over",
    "is_late",
    "last_bought",
    "last_moment",
    "of_person",
    "place",
    "receive",
    "reject",
    "send",
    "waiting_for",
]
