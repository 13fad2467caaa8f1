"""A listing as screens show it."""

from typing import Any

from menus.talk import Talk
from menus.wording import N_
from store import catalogue, ratings
from store.calendar import last_moment
from store.catalogue import Listing

CATEGORY_LABELS = {
    "produce": N_("Sayur dan buah"),
    "staples": N_("Sembako"),
    "animal": N_("Ikan, daging, telur"),
    "prepared": N_("Makanan olahan"),
    "crafts": N_("Tenun dan kerajinan"),
    "services": N_("Jasa"),
    "other": N_("Lain-lain"),
}

STOCK = N_("stok {stock}")
LEAD = N_("{days} hari")
RATING = N_("Nilai {average}/5 ({count})")


def shown(talk: Talk) -> dict[str, Any]:
    """The listing that was picked, as the values of a screen."""
    listing = catalogue.find(talk.tx, talk.data["listing"])
    return {
        "listing": listing.number,
        "title": listing.title,
        "price": listing.price,
        "unit": listing.unit,
        "stock": listing.stock,
        "offer": _offer(talk, listing),
        "days": listing.lead_days,
        "seller": listing.seller,
        "village": listing.village,
        "day": last_moment(listing.closed_until),
    }


def _offer(talk: Talk, listing: Listing) -> str:
    """In a word, what there is of it or how long it takes."""
    if listing.kind == "service":
        return talk.say(LEAD, days=listing.lead_days)
    return talk.say(STOCK, stock=listing.stock)


def reputation(talk: Talk) -> str:
    """The stars of its seller, on one line, or nothing."""
    listing = catalogue.find(talk.tx, talk.data["listing"])
    found = ratings.of_seller(talk.tx, listing.seller_id)
    return talk.say(RATING, average=found.average, count=found.count) if found else ""
