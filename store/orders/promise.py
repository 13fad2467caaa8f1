"""By when an order is promised."""

from datetime import timedelta

from store import catalogue
from store.calendar import end_of_day
from store.catalogue import slots
from store.clock import from_text, to_text
from store.orders.order import Order
from store.shop import Transaction


def within(tx: Transaction, order: Order, days: int | None) -> str:
    """The end of the day in `days` days (0: today); without any, what goes without saying."""
    if days is not None:
        today = tx.now.astimezone(tx.settings.zone).date()
        return to_text(end_of_day(today + timedelta(days=days), tx.settings.zone))
    return of_work(tx, order) if order.kind == "service" else tx.later(tx.settings.ship_within)


def of_work(tx: Transaction, order: Order) -> str:
    """The end of the day on which the work is done, when it begins today or in its week."""
    today = tx.now.astimezone(tx.settings.zone).date()
    begin = max(today, slots.monday(order.slot)) if order.slot else today
    lead = timedelta(days=catalogue.by_id(tx, order.listing_id).lead_days)
    return to_text(end_of_day(begin + lead, tx.settings.zone))


def after_deposit(tx: Transaction, order: Order) -> str:
    """The seller promised from the day of their yes on, but could only begin now."""
    promised = from_text(order.promised_by or tx.moment)
    return to_text(promised + (tx.now - from_text(order.changed_at)))
