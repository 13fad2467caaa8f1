"""A small market for tests of the store: people, goods and orders in a line each.

Every builder is a transaction of its own, and takes what it does not need to be told from a
default, so that a test says only what it is about.
"""

import random
from dataclasses import replace
from functools import cache
from typing import Any

from settings import Settings
from store import agents, catalogue, codes, gazetteer, orders, people, timers
from store.catalogue import Listing
from store.clock import Clock
from store.orders import Order
from store.people import Person
from store.shop import Shop

SRI, BUDI, DEWI = "+6281234567001", "+6281234567002", "+6281234567003"
KIM = "+6281234567005"
"""A buyer, a seller, and somebody who has nothing to do with their order."""

SUKARARA = "Sukarara, Jonggat"


def plain(lang: str, notice: str, values: dict[str, Any]) -> str:
    """Says a notice as its name and values, those that have any: `order_new number=10019 …`."""
    said = [f"{name}={value}" for name, value in values.items() if value not in ("", None)]
    return " ".join([notice, *said])


def open_shop(settings: Settings, clock: Clock | None = None, **changes: Any) -> Shop:
    """A migrated shop with plain wording; `changes` are settings unlike the given ones."""
    settings = settings.model_copy(update=changes)
    shop = Shop(settings, plain, clock=clock, chance=random.Random(7))
    shop.migrate()
    return shop


@cache
def code_of(village: str) -> str:
    """The code of a village that is named with its district."""
    return gazetteer.load().named(village)[0].code


def register(
    shop: Shop,
    msisdn: str,
    name: str = "Inaq Sri",
    village: str = SUKARARA,
    *,
    vouched: bool = False,
) -> Person:
    """Registers a person; `vouched`: as if an agent had vouched for them."""
    with shop.write() as tx:
        person = people.register(tx, msisdn, name, code_of(village))
        if vouched:
            tx.execute("UPDATE people SET vouched_by = id WHERE id = ?", (person.id,))
    return replace(person, vouched=vouched)


def appoint(shop: Shop, msisdn: str = KIM, name: str = "Pak Kim", cap: int = 999_999_999) -> Person:
    """Registers an agent, of the buyer's and the seller's village."""
    agent = register(shop, msisdn, name)
    with shop.write() as tx:
        return agents.appoint(tx, "operator", agent, "agent", cap).person


def sell(shop: Shop, seller: Person, title: str = "Beras medium", **parts: Any) -> Listing:
    """Puts rice up for sale, or what `title`, `price`, `unit`, `stock` and `category` say."""
    with shop.write() as tx:
        return catalogue.sell(
            tx, seller, title=title, **{"price": 12_000, "unit": "kg", "stock": 50, **parts}
        )


def offer(shop: Shop, seller: Person, title: str = "Kaligrafi", **parts: Any) -> Listing:
    """Offers a service: five sheets a week, each a week's work, or what `parts` say."""
    work = {"price": 150_000, "unit": "lembar", "stock": 5, "kind": "service", "lead_days": 7}
    with shop.write() as tx:
        return catalogue.sell(tx, seller, title=title, **{**work, **parts})


def trade(shop: Shop, **parts: Any) -> tuple[Person, Person, Listing]:
    """Sri, who buys, Budi, who sells, and what Budi sells."""
    sri, budi = register(shop, SRI), register(shop, BUDI, "Amaq Budi")
    return sri, budi, sell(shop, budi, **parts)


def order(
    shop: Shop,
    buyer: Person,
    listing: Listing,
    quantity: int = 2,
    *,
    again: bool = False,
    spec: str = "ayat kursi",
) -> Order:
    """Places an order, for the listing as it is now."""
    with shop.write() as tx:
        listing = catalogue.by_id(tx, listing.id)
        return orders.place(tx, buyer, listing, quantity, again=again, spec=spec)


def look(shop: Shop, of: Order | Listing) -> Any:
    """The order or listing as it is now."""
    with shop.read() as tx:
        return (orders if isinstance(of, Order) else catalogue).by_id(tx, of.id)


def code_of_order(shop: Shop, order: Order) -> str:
    """The hand-over code as its buyer reads it."""
    nonce = look(shop, order).code_nonce
    return codes.hand_over_code(shop.settings.pepper, order.id, nonce)


def texts_to(shop: Shop, msisdn: str) -> list[str]:
    """All messages written to a phone, oldest first, sent or not."""
    with shop.read() as tx:
        rows = tx.rows("SELECT text FROM outbox WHERE msisdn = ? ORDER BY id", (msisdn,))
    return [row["text"] for row in rows]


def notices_to(shop: Shop, msisdn: str) -> list[str]:
    """The names of the notices written to a phone, oldest first."""
    return [text.split()[0] for text in texts_to(shop, msisdn)]


def events(shop: Shop) -> list[tuple[str, str]]:
    """All that happened: who and what, oldest first."""
    with shop.read() as tx:
        rows = tx.rows("SELECT actor, action FROM events ORDER BY seq")
    return [(row["actor"], row["action"]) for row in rows]


def everything(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with shop.read() as tx:
        names = tx.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%'"
        )
        return {
            row["name"]: sorted(
                (tuple(each.values()) for each in tx.rows(f"SELECT * FROM {row['name']}")), key=repr
            )
            for row in names
        }


def run_timers(shop: Shop) -> None:
    """Runs all that is due."""
    while timers.run_next(shop):
        pass
