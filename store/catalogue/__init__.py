"""What is for sale: listings (`listing`) on their shelves (`categories`), their search (`finding`),
what sellers do with them (`selling`), and what orders do (`stock`).

`stock` can be ordered, `reserved` is promised to open orders, `sold` was handed over: together
they change only when the seller sets the stock. The stock of a service is how much of it can be
done in a week; an order does not take from it, but from a week (`slots`).
"""

from store.catalogue.categories import CATEGORIES, category_of
from store.catalogue.finding import MOST_FOUND, in_category, search
from store.catalogue.listing import Listing, by_id, clean_title, clean_unit, find, of_seller, own
from store.catalogue.selling import sell, set_price, set_stock
from store.catalogue.stock import hand_out, release, reserve

__all__ = [
    "CATEGORIES",
    "MOST_FOUND",
    "Listing",
    "by_id",
    "category_of",
    "clean_title",
    "clean_unit",
    "find",
    "hand_out",
    "in_category",
    "of_seller",
    "own",
    "release",
    "reserve",
    "search",
    "sell",
    "set_price",
    "set_stock",
]
