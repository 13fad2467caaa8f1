"""A seller's shop that is closed for some days.

What must stay true: nothing of a closed shop is found or ordered, and what was ordered before goes
on. It opens by itself, because a shop is closed only while the moment in its row has not come.
"""

from datetime import timedelta

from store import limits
from store.calendar import end_of_day
from store.clock import to_text
from store.errors import Refused
from store.people import Person, by_id
from store.shop import Transaction


def is_closed(tx: Transaction, closed_until: str | None) -> bool:
    """Whether a shop that is closed before this moment is closed now."""
    return closed_until is not None and closed_until > tx.moment


def close(tx: Transaction, seller: Person, days: int = 1) -> Person:
    """Closes the shop for the rest of today, the first of `days`, instead of an earlier closing.

    Raises Refused("bad_closing").
    """
    if not 1 <= days <= limits.CLOSED_DAYS:
        raise Refused("bad_closing")
    today = tx.now.astimezone(tx.settings.zone).date()
    until = to_text(end_of_day(today + timedelta(days=days - 1), tx.settings.zone))
    _set(tx, seller, until)
    tx.event(seller.msisdn, "shop.closed", f"person:{seller.id}", until=until)
    return by_id(tx, seller.id)


def open_again(tx: Transaction, seller: Person) -> None:
    """Opens the shop before its time; one that is open stays so."""
    if is_closed(tx, by_id(tx, seller.id).closed_until):
        _set(tx, seller, None)
        tx.event(seller.msisdn, "shop.opened", f"person:{seller.id}")


def _set(tx: Transaction, seller: Person, until: str | None) -> None:
    tx.execute("UPDATE people SET closed_until = ? WHERE id = ?", (until, seller.id))
