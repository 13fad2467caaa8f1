"""Orders: what they are (`order`), the way they go (`machine`), what their two sides do with them
(`actions`), and what agents do (`kiosk`)."""

from store.orders.actions import (
    accept,
    cancel,
    check,
    give_up,
    hand_over,
    place,
    receive,
    reject,
    send,
)
from store.orders.machine import MACHINE
from store.orders.order import (
    MOST_LISTED,
    Order,
    by_id,
    by_number,
    code_for,
    describe,
    find,
    holding_money,
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
    "by_number",
    "cancel",
    "check",
    "code_for",
    "describe",
    "find",
    "give_up",
    "hand_over",
    "holding_money",
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
