"""How orders take from the stock of a listing, and give back to it."""

from store.catalogue import slots
from store.catalogue.listing import Listing
from store.errors import Refused
from store.shop import Transaction


def reserve(tx: Transaction, listing: Listing, quantity: int) -> str | None:
    """Takes `quantity` out of the stock for an order, or out of a week, which it then tells.

    Raises Refused("short_stock" | "fully_booked").
    """
    if listing.kind == "service":
        week = slots.book(tx, listing, quantity)
        tx.execute(
            "UPDATE listings SET reserved = reserved + :quantity WHERE id = :id",
            {"id": listing.id, "quantity": quantity},
        )
        return week
    taken = tx.execute(
        "UPDATE listings SET stock = stock - :quantity, reserved = reserved + :quantity"
        " WHERE id = :id AND stock >= :quantity",
        {"id": listing.id, "quantity": quantity},
    )
    if not taken:
        raise Refused("short_stock", listing=listing.number, stock=listing.stock)
    return None


def release(tx: Transaction, listing_id: int, quantity: int, week: str | None = None) -> None:
    """Puts an order's goods back into the stock, or its work back into its `week`."""
    back = 0 if week else quantity
    tx.execute(
        "UPDATE listings SET stock = stock + :back, reserved = reserved - :quantity WHERE id = :id",
        {"id": listing_id, "quantity": quantity, "back": back},
    )
    if week:
        slots.release(tx, listing_id, week, quantity)


def hand_out(tx: Transaction, listing_id: int, quantity: int) -> None:
    """An order's goods have left: they are sold."""
    tx.execute(
        "UPDATE listings SET reserved = reserved - :quantity, sold = sold + :quantity"
        " WHERE id = :id",
        {"id": listing_id, "quantity": quantity},
    )
