"""The weeks in which services are done: how much of a listing's work each has taken.

A week is known by its Monday in the market's time zone, as ISO date text. What must stay true:
no week takes more than the slots that its listing has a week, and a week has taken what the
listing's open and sold orders in it make.
"""

from datetime import date, timedelta

from store import limits
from store.catalogue.listing import Listing
from store.errors import Refused
from store.shop import Transaction

# One statement, so that of two who see the same room only one gets it; the listing is looked at
# again, because its seller may have changed the slots since it was read.
_TAKE = """
INSERT INTO slots (listing_id, week, taken)
SELECT id, :week, :quantity FROM listings WHERE id = :listing AND stock >= :quantity
ON CONFLICT (listing_id, week) DO UPDATE SET taken = slots.taken + excluded.taken
WHERE slots.taken + excluded.taken <= (SELECT stock FROM listings WHERE id = :listing)
"""


def weeks(tx: Transaction) -> list[str]:
    """The weeks that can be booked, the present one first."""
    today = tx.now.astimezone(tx.settings.zone).date()
    monday = today - timedelta(days=today.weekday())
    return [
        (monday + timedelta(weeks=ahead)).isoformat() for ahead in range(limits.WEEKS_AHEAD + 1)
    ]


def book(tx: Transaction, listing: Listing, quantity: int) -> str:
    """Takes `quantity` units of work in the first week that has room; that week.

    Raises Refused("short_stock") for more than a week holds, Refused("fully_booked").
    """
    if quantity > listing.stock:
        raise Refused("short_stock", listing=listing.number, stock=listing.stock)
    for week in weeks(tx):
        values = {"listing": listing.id, "week": week, "quantity": quantity}
        if tx.execute(_TAKE, values):
            return week
    raise Refused("fully_booked", listing=listing.number)


def release(tx: Transaction, listing_id: int, week: str, quantity: int) -> None:
    """Gives an order's work back to its week."""
    tx.execute(
        "UPDATE slots SET taken = taken - :quantity WHERE listing_id = :listing AND week = :week",
        {"listing": listing_id, "week": week, "quantity": quantity},
    )


def monday(week: str) -> date:
    """The day by which a week is known."""
    return date.fromisoformat(week)
