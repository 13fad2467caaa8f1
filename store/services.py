"""What is different about an order of a service: its wish, its deposit, its day, its messages."""

from datetime import timedelta
from typing import TYPE_CHECKING

from store import catalogue, gsm7, limits, sealing
from store.calendar import end_of_day
from store.catalogue import Listing, slots
from store.clock import to_text
from store.shop import Transaction

if TYPE_CHECKING:
    from store.orders.order import Order

LEAST_LETTERS = 3
"""Letters that a wish has at least."""

NOTICES = {
    "order_new": "order_new_service",
    "order_missed": "order_missed_service",
    "order_accepted": "order_accepted_service",
    "order_held": "order_held_service",
    "order_sent": "order_sent_service",
    "order_late": "order_late_service",
    "order_received": "order_received_service",
    "order_cancelled": "order_cancelled_service",
}
"""Notices that speak of goods -> what they are called where they speak of work."""


def clean_spec(text: str) -> str | None:
    """What a buyer wants done, as it is kept and shown: basic GSM-7, on one line, without numbers
    that may be a PIN or a code; or None.

    It has 3 letters at least and 40 characters at most: it is not cut, because half a wish is
    another one.
    """
    spec = sealing.without_pins(gsm7.one_line(text).strip(" .,#*"))
    if len(spec) > limits.SPEC or sum(map(str.isalpha, spec)) < LEAST_LETTERS:
        return None
    return spec


def deposit(listing: Listing, quantity: int, *, by_agent: bool) -> int:
    """Rupiah that an agent must hold first, rounded up; all of them where the buyer pays so."""
    if by_agent:
        return listing.price * quantity
    return -(-listing.price * quantity * listing.deposit // 100)


def promised_by(tx: Transaction, order: "Order") -> str:
    """The end of the day on which the work is done, when it begins today or in its week."""
    today = tx.now.astimezone(tx.settings.zone).date()
    begin = max(today, slots.monday(order.slot)) if order.slot else today
    lead = timedelta(days=catalogue.by_id(tx, order.listing_id).lead_days)
    return to_text(end_of_day(begin + lead, tx.settings.zone))


def variant(order: "Order", notice: str) -> str:
    """The notice to use for this order instead of `notice`: of a service, or of an order whose
    money an agent has or is to have."""
    if order.deposit and notice == "order_accepted":
        return "order_accepted_deposit"
    if order.kind == "service" and notice in NOTICES:
        paid = notice == "order_sent" and not order.rest
        return f"{NOTICES[notice]}_paid" if paid else NOTICES[notice]
    if order.deposit and notice == "order_new":
        return "order_new_deposit"
    if order.held and notice == "order_sent":
        name = f"{notice}_courier" if order.courier_id else notice
        return f"{name}_held" if order.rest else f"{name}_paid"
    return notice
