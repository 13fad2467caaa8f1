"""Which orders there are: of a person, and for whom they wait."""

from datetime import timedelta

from store import groups
from store.catalogue import Listing
from store.errors import Refused
from store.orders.order import SELECT, Order
from store.orders.sides import may_answer
from store.people import Person
from store.shop import Transaction

MOST_LISTED = 40
"""Orders that one person is shown at a time."""

SAME_WITHIN = timedelta(days=1)
"""The same listing and quantity again within this time is asked about first."""


def find(tx: Transaction, person: Person, number: str, *, role: str | None = None) -> Order:
    """A person's own order, as "buyer", as "seller" (also of their group), or either.

    Raises Refused("no_order"): somebody else's order is told no differently from one that is not.
    """
    row = tx.row(SELECT + "WHERE orders.number = ?", (number,))
    order = Order(**row) if row else None
    if order is None or not _takes_part(tx, order, person, role):
        raise Refused("no_order", number=number)
    return order


def _takes_part(tx: Transaction, order: Order, person: Person, role: str | None) -> bool:
    if role != "seller" and person.id == order.buyer_id:
        return True
    return role != "buyer" and may_answer(tx, person, order)


def _sellers(tx: Transaction, person: Person) -> tuple[str, dict[str, int]]:
    """The sellers for whom a person may answer, as a list in SQL and its values."""
    ids = [person.id, *(owner.id for owner in groups.owners_of(tx, person))]
    values = {f"seller{index}": seller_id for index, seller_id in enumerate(ids)}
    return ", ".join(f":{name}" for name in values), values


def of_person(tx: Transaction, person: Person) -> list[Order]:
    """A person's orders on both sides, newest first, at most MOST_LISTED."""
    sellers, values = _sellers(tx, person)
    rows = tx.rows(
        SELECT + "WHERE orders.id IN (SELECT id FROM ("
        "   SELECT id FROM orders WHERE buyer_id = :me ORDER BY id DESC LIMIT :most) AS bought)"
        " OR orders.id IN (SELECT id FROM ("
        f"   SELECT id FROM orders WHERE seller_id IN ({sellers})"
        "   ORDER BY id DESC LIMIT :most) AS sold)"
        " ORDER BY orders.id DESC LIMIT :most",
        {"me": person.id, "most": MOST_LISTED, **values},
    )
    return [Order(**row) for row in rows]


def waiting_for(tx: Transaction, seller: Person) -> list[Order]:
    """The orders that this seller may answer, oldest first, at most MOST_LISTED."""
    sellers, values = _sellers(tx, seller)
    rows = tx.rows(
        SELECT + f"WHERE orders.seller_id IN ({sellers}) AND orders.state = 'waiting'"
        " AND orders.buyer_id <> :me ORDER BY orders.id LIMIT :most",
        {"me": seller.id, "most": MOST_LISTED, **values},
    )
    return [Order(**row) for row in rows]


def holding_money(tx: Transaction, seller: Person) -> list[Order]:
    """A seller's orders that an agent has the buyer's money for and that were not sent yet."""
    rows = tx.rows(
        SELECT + "WHERE orders.seller_id = ? AND orders.state = 'held' ORDER BY orders.id",
        (seller.id,),
    )
    return [Order(**row) for row in rows]


def last_bought(tx: Transaction, buyer: Person) -> Order | None:
    """The buyer's latest order whose listing still has as many."""
    row = tx.row(
        SELECT + "WHERE orders.buyer_id = ? AND listings.stock >= orders.quantity"
        " AND orders.state NOT IN ('rejected', 'expired')"
        " ORDER BY orders.id DESC LIMIT 1",
        (buyer.id,),
    )
    return Order(**row) if row else None


def same_lately(
    tx: Transaction, buyer: Person, listing: Listing, quantity: int, spec: str = ""
) -> Order | None:
    """The buyer's order of the same within a day, unless it came to nothing."""
    row = tx.row(
        SELECT + "WHERE orders.buyer_id = :buyer AND orders.listing_id = :listing"
        " AND orders.quantity = :quantity AND orders.spec = :spec AND orders.placed_at > :since"
        " AND orders.state NOT IN ('rejected', 'expired', 'cancelled')"
        " ORDER BY orders.id DESC LIMIT 1",
        {
            "buyer": buyer.id,
            "listing": listing.id,
            "quantity": quantity,
            "spec": spec,
            "since": tx.later(-SAME_WITHIN),
        },
    )
    return Order(**row) if row else None
