"""Finding what is for sale: other people's listings in open shops, nearest first."""

import re
from typing import Any

from store import gsm7
from store.catalogue.listing import SELECT, Listing
from store.people import Person
from store.shop import Transaction

MOST_FOUND = 24
"""Listings that one search shows."""

_CANDIDATES = 2000
"""Listings in stock that are ranked, the newest; a common word has more, and ranking is slow."""

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


def search(tx: Transaction, query: str, person: Person | None) -> list[Listing]:
    """Other people's listings, in stock and in open shops, whose title has the words.

    Their beginnings are enough. Nearest first. When no title has all words, those that have any.
    """
    words = re.findall(r"\w+", gsm7.to_basic(query).lower())[:6]
    if not words:
        return []
    for joint in (" ", " OR "):
        found = tx.rows(
            SELECT
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
        SELECT
        + "WHERE listings.id IN (SELECT id FROM listings"
        + "   WHERE category = :category AND stock > 0 AND seller_id <> :me"
        + _IN_AN_OPEN_SHOP
        + "   ORDER BY id DESC LIMIT :candidates)"
        + _NEAREST_FIRST,
        {"category": category, **_near(tx, person)},
    )
    return [Listing(**row) for row in rows]
