"""What is for sale: listings, their search, their stock.

`stock` can be ordered, `reserved` is promised to open orders, `sold` was handed over: together
they change only when the seller sets the stock. The stock of a service is how much of it can be
done in a week; an order does not take from it, but from a week (`store/slots.py`).
"""

import re
from dataclasses import dataclass
from typing import Any

from store import gsm7, limits, numbers, people, slots
from store.errors import Refused
from store.people import Person
from store.shop import Transaction

MOST_FOUND = 24
"""Listings that one search shows."""
_CANDIDATES = 2000
"""Listings in stock that are ranked, the newest; a common word has more, and ranking is slow."""


@dataclass(frozen=True)
class Category:
    """A shelf of the market; `words` of a title put a listing there when its seller chose none."""

    code: str
    perishable: bool
    words: frozenset[str]


def _category(code: str, words: str = "", *, perishable: bool = False) -> Category:
    return Category(code, perishable, frozenset(words.split()))


CATEGORIES = (
    _category(
        "produce",
        "sayur cabai cabe tomat kangkung bayam terong kol wortel kentang mangga pisang pepaya"
        " nanas durian semangka buah jahe kunyit sereh kelapa bawang daun",
        perishable=True,
    ),
    _category(
        "staples",
        "beras gula minyak garam tepung jagung kedelai kacang kopi teh ketan mie",
    ),
    _category(
        "animal",
        "telur ayam bebek daging sapi kambing ikan udang cumi lele nila bandeng susu kerbau",
        perishable=True,
    ),
    _category(
        "prepared",
        "dodol madu keripik kue sambal abon kerupuk jajan taliwang nasi sate rumput",
    ),
    _category(
        "crafts",
        "kain songket tenun gerabah anyaman bambu mutiara gelang tikar ketak tembe asbak"
        " cukli topeng batik",
    ),
    _category(
        "services",
        "jasa kaligrafi sablon jahit ojek servis pijat tukang cukur les sewa cuci antar",
    ),
    _category("other"),
)
_BY_CODE = {category.code: category for category in CATEGORIES}


def category_of(title: str) -> str:
    """The category that a title's words suggest; "other" when none does."""
    words = set(re.findall(r"[a-z]+", title.lower()))
    best = max(CATEGORIES, key=lambda category: len(category.words & words))
    return best.code if best.words & words else CATEGORIES[-1].code


@dataclass(frozen=True)
class Listing:
    """Something for sale; `price` is rupiah for one `unit`. Its shop is closed before
    `closed_until`, and does not sell while its seller is frozen, since `frozen_at`.

    A service (`kind`) is done within `lead_days`; `deposit` is the percentage of an order's total
    that an agent must hold before work begins.
    """

    id: int
    number: str
    seller_id: int
    category: str
    title: str
    unit: str
    price: int
    stock: int
    seller: str
    seller_msisdn: str
    village: str
    village_code: str
    closed_until: str | None = None
    frozen_at: str | None = None
    kind: str = "goods"
    lead_days: int = 0
    deposit: int = 0

    @property
    def perishable(self) -> bool:
        """Whether it spoils, so that the seller has less time to answer."""
        return _BY_CODE[self.category].perishable


_SELECT = """
SELECT listings.id, listings.number, listings.seller_id, listings.category, listings.title,
       listings.unit, listings.price, listings.stock, people.name AS seller,
       people.msisdn AS seller_msisdn, villages.name AS village, villages.code AS village_code,
       people.closed_until, people.frozen_at,
       listings.kind, listings.lead_days, listings.deposit
FROM listings
JOIN people ON people.id = listings.seller_id
JOIN villages ON villages.code = people.village_code
"""

# Not joins: they are read once for a search, not once for each of its candidates.
_IN_AN_OPEN_SHOP = """
    AND seller_id NOT IN (SELECT people.id FROM people WHERE people.closed_until > :now)
    AND seller_id NOT IN (SELECT people.id FROM people WHERE people.frozen_at IS NOT NULL)
"""

_NEAREST_FIRST = """
ORDER BY CASE WHEN villages.code = :village THEN 0
              WHEN villages.code LIKE :district THEN 1
              WHEN villages.code LIKE :regency THEN 2
              ELSE 3 END,
         listings.sold DESC, listings.id DESC
LIMIT :most
"""


def _near(tx: Transaction, person: Person | None) -> dict[str, Any]:
    return {
        "now": tx.moment,
        "village": person.village_code if person else "",
        "district": f"{person.district_code}.%" if person else "",
        "regency": f"{person.regency_code}.%" if person else "",
        "me": person.id if person else 0,
        "most": MOST_FOUND,
        "candidates": _CANDIDATES,
    }


def find(tx: Transaction, number: str) -> Listing:
    """The listing of this number, sold out or not. Raises Refused("no_listing")."""
    row = tx.row(_SELECT + "WHERE listings.number = ?", (number,))
    if row is None:
        raise Refused("no_listing", listing=number)
    return Listing(**row)


def by_id(tx: Transaction, listing_id: int) -> Listing:
    """The listing of this id, which must exist."""
    row = tx.row(_SELECT + "WHERE listings.id = ?", (listing_id,))
    if row is None:
        raise LookupError(f"no listing {listing_id}")
    return Listing(**row)


def search(tx: Transaction, query: str, person: Person | None) -> list[Listing]:
    """Other people's listings, in stock and in open shops, whose title has the words.

    Their beginnings are enough. Nearest first. When no title has all words, those that have any.
    """
    words = re.findall(r"\w+", gsm7.to_basic(query).lower())[:6]
    if not words:
        return []
    for joint in (" ", " OR "):
        found = tx.rows(
            _SELECT
            + "WHERE listings.id IN (SELECT listings.id FROM listings_fts"
            + "   JOIN listings ON listings.id = listings_fts.rowid"
            + "   WHERE listings_fts MATCH :match"
            + "   AND listings.stock > 0 AND listings.seller_id <> :me"
            + _IN_AN_OPEN_SHOP
            + "   ORDER BY listings_fts.rowid DESC LIMIT :candidates)"
            + _NEAREST_FIRST,
            {"match": joint.join(f'"{word}"*' for word in words), **_near(tx, person)},
        )
        if found:
            return [Listing(**row) for row in found]
    return []


def in_category(tx: Transaction, category: str, person: Person | None) -> list[Listing]:
    """Listings in stock, of other people's open shops, in one category; nearest first."""
    rows = tx.rows(
        _SELECT
        + "WHERE listings.id IN (SELECT id FROM listings"
        + "   WHERE category = :category AND stock > 0 AND seller_id <> :me"
        + _IN_AN_OPEN_SHOP
        + "   ORDER BY id DESC LIMIT :candidates)"
        + _NEAREST_FIRST,
        {"category": category, **_near(tx, person)},
    )
    return [Listing(**row) for row in rows]


def of_seller(tx: Transaction, seller: Person) -> list[Listing]:
    """A seller's own listings, newest first."""
    rows = tx.rows(
        _SELECT + "WHERE listings.seller_id = ? ORDER BY listings.id DESC LIMIT 40", (seller.id,)
    )
    return [Listing(**row) for row in rows]


def clean_title(text: str) -> str | None:
    """The title as it is kept and shown: basic GSM-7, 2 to 24 characters with a letter; or None."""
    title = " ".join(gsm7.to_basic(text).split()).strip(" .,#*")
    title = gsm7.to_basic(title[:1].upper()) + title[1:]  # the alphabet has no capital of à
    if not 2 <= len(title) <= limits.TITLE or not any(letter.isalpha() for letter in title):
        return None
    return title


def clean_unit(text: str) -> str | None:
    """The unit as it is kept and shown: basic GSM-7, 1 to 12 characters; or None."""
    unit = " ".join(gsm7.to_basic(text.lower()).split()).strip(" .,#*/")
    return unit if 1 <= len(unit) <= limits.UNIT else None


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
    """Puts something up for sale. Raises Refused("bad_title" | "bad_price" | "bad_stock" | …)."""
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


def own(tx: Transaction, seller: Person, number: str) -> Listing:
    """The seller's listing of this number. Raises Refused("no_listing" | "not_yours")."""
    listing = find(tx, number)
    if listing.seller_id != seller.id:
        raise Refused("not_yours", listing=number)
    return listing


def set_stock(tx: Transaction, seller: Person, number: str, stock: int) -> Listing:
    """Sets what can be ordered from now on; open orders keep what they reserved."""
    listing = own(tx, seller, number)
    if not 0 <= stock <= limits.QUANTITY:
        raise Refused("bad_stock")
    tx.execute("UPDATE listings SET stock = ? WHERE id = ?", (stock, listing.id))
    tx.event(seller.msisdn, "listing.stock", f"listing:{number}", stock=stock, before=listing.stock)
    return by_id(tx, listing.id)


def set_price(tx: Transaction, seller: Person, number: str, price: int) -> Listing:
    """Sets the price of orders from now on."""
    listing = own(tx, seller, number)
    if not 1 <= price <= limits.RUPIAH:
        raise Refused("bad_price")
    tx.execute("UPDATE listings SET price = ? WHERE id = ?", (price, listing.id))
    tx.event(seller.msisdn, "listing.price", f"listing:{number}", price=price, before=listing.price)
    return by_id(tx, listing.id)


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
