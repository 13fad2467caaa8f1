"""What a seller does with their listings."""

from store import limits, numbers, people
from store.catalogue.categories import category_of
from store.catalogue.listing import Listing, by_id, clean_title, clean_unit, own
from store.errors import Refused
from store.people import Person
from store.shop import Transaction


def sell(
    tx: Transaction,
    seller: Person,
    *,
    title: str,
    price: int,
    unit: str,
    stock: int,
    category: str | None = None,
    kind: str = "goods",
    lead_days: int = 0,
    deposit: int = 0,
) -> Listing:
    """Puts something up for sale.

    Raises Refused("frozen" | "bad_title" | "bad_unit" | "bad_price" | "bad_stock"), and for a
    service Refused("bad_lead" | "bad_deposit").
    """
    people.must_trade(seller)
    kept, kept_unit = clean_title(title), clean_unit(unit)
    if kept is None:
        raise Refused("bad_title")
    if kept_unit is None:
        raise Refused("bad_unit")
    if not 1 <= price <= limits.RUPIAH:
        raise Refused("bad_price")
    if not 1 <= stock <= limits.QUANTITY:
        raise Refused("bad_stock")
    is_service = kind == "service"
    if is_service and not 1 <= lead_days <= limits.LEAD_DAYS:
        raise Refused("bad_lead")
    if is_service and not 0 <= deposit <= 100:
        raise Refused("bad_deposit")
    work = {"kind": kind, "lead_days": lead_days, "deposit": deposit} if is_service else {}
    listing_id, number = numbers.new(tx, "listing")
    tx.execute(
        "INSERT INTO listings"
        " (id, number, seller_id, category, title, unit, price, stock, listed_at,"
        " kind, lead_days, deposit)"
        " VALUES (:id, :number, :seller, :category, :title, :unit, :price, :stock, :now,"
        " :kind, :lead_days, :deposit)",
        {
            "id": listing_id,
            "number": number,
            "seller": seller.id,
            "category": category or ("services" if is_service else category_of(kept)),
            "title": kept,
            "unit": kept_unit,
            "price": price,
            "stock": stock,
            "now": tx.moment,
            **{"kind": "goods", "lead_days": 0, "deposit": 0, **work},
        },
    )
    details = {"title": kept, "price": price, "stock": stock, **work}
    tx.event(seller.msisdn, "listing.new", f"listing:{number}", **details)
    return by_id(tx, listing_id)


def set_stock(tx: Transaction, seller: Person, number: str, stock: int) -> Listing:
    """Sets what can be ordered from now on; open orders keep what they reserved.

    Raises Refused("no_listing" | "not_yours" | "bad_stock").
    """
    listing = own(tx, seller, number)
    if not 0 <= stock <= limits.QUANTITY:
        raise Refused("bad_stock")
    tx.execute("UPDATE listings SET stock = ? WHERE id = ?", (stock, listing.id))
    tx.event(seller.msisdn, "listing.stock", f"listing:{number}", stock=stock, before=listing.stock)
    return by_id(tx, listing.id)


def set_price(tx: Transaction, seller: Person, number: str, price: int) -> Listing:
    """Sets the price of orders from now on.

    Raises Refused("no_listing" | "not_yours" | "bad_price").
    """
    listing = own(tx, seller, number)
    if not 1 <= price <= limits.RUPIAH:
        raise Refused("bad_price")
    tx.execute("UPDATE listings SET price = ? WHERE id = ?", (price, listing.id))
    tx.event(seller.msisdn, "listing.price", f"listing:{number}", price=price, before=listing.price)
    return by_id(tx, listing.id)
