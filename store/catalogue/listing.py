"""A listing as people see it: what it is, who sells it, how much of it can be ordered."""

from dataclasses import dataclass

from store import gsm7, limits
from store.catalogue.categories import BY_CODE
from store.errors import Refused
from store.people import Person
from store.shop import Transaction


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
        return BY_CODE[self.category].perishable


SELECT = """
SELECT listings.id, listings.number, listings.seller_id, listings.category, listings.title,
       listings.unit, listings.price, listings.stock, people.name AS seller,
       people.msisdn AS seller_msisdn, villages.name AS village, villages.code AS village_code,
       people.closed_until, people.frozen_at,
       listings.kind, listings.lead_days, listings.deposit
FROM listings
JOIN people ON people.id = listings.seller_id
JOIN villages ON villages.code = people.village_code
"""


def find(tx: Transaction, number: str) -> Listing:
    """The listing of this number, sold out or not. Raises Refused("no_listing")."""
    row = tx.row(SELECT + "WHERE listings.number = ?", (number,))
    if row is None:
        raise Refused("no_listing", listing=number)
    return Listing(**row)


def by_id(tx: Transaction, listing_id: int) -> Listing:
    """The listing of this id, which must exist."""
    row = tx.row(SELECT + "WHERE listings.id = ?", (listing_id,))
    if row is None:
        raise LookupError(f"no listing {listing_id}")
    return Listing(**row)


def own(tx: Transaction, seller: Person, number: str) -> Listing:
    """The seller's listing of this number. Raises Refused("no_listing" | "not_yours")."""
    listing = find(tx, number)
    if listing.seller_id != seller.id:
        raise Refused("not_yours", listing=number)
    return listing


def of_seller(tx: Transaction, seller: Person) -> list[Listing]:
    """A seller's own listings, newest first."""
    rows = tx.rows(
        SELECT + "WHERE listings.seller_id = ? ORDER BY listings.id DESC LIMIT 40", (seller.id,)
    )
    return [Listing(**row) for row in rows]


def clean_title(text: str) -> str | None:
    """The title as it is kept and shown: basic GSM-7, 2 to 24 characters with a letter; or None."""
    title = gsm7.one_line(text).strip(" .,#*")
    title = gsm7.to_basic(title[:1].upper()) + title[1:]  # the alphabet has no capital of à
    if not 2 <= len(title) <= limits.TITLE or not any(letter.isalpha() for letter in title):
        return None
    return title


def clean_unit(text: str) -> str | None:
    """The unit as it is kept and shown: basic GSM-7, 1 to 12 characters; or None."""
    unit = gsm7.one_line(text.lower()).strip(" .,#*/")
    return unit if 1 <= len(unit) <= limits.UNIT else None
