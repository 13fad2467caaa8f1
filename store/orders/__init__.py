"""Orders: what they are (`order`), whose (`sides`, `finding`), the way they go (`machine`), what
their two sides do with them (`actions`, `promise`), and what agents do (`kiosk`)."""

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
from store.orders.finding import (
    MOST_LISTED,
    find,
    holding_money,
    last_bought,
    of_person,
    waiting_for,
)
from store.orders.machine import MACHINE
from store.orders.order import (
    Order,
    by_id,
    by_number,
    code_for,
    describe,
    is_late,
    last_moment,
)
from store.orders.sides import may_answer

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
    "may_answer",
    "of_person",
    "place",
    "receive",
    "reject",
    "send",
    "waiting_for",
]
