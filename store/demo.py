"""Demonstration people, listings and agents, so that a fresh market has something to try.

The people are invented. Their numbers fit the numbering plan and begin with 0810, which is on no
list of Indonesian operators' prefixes. Prices are examples from `data/goods.csv`, not market data.
"""

import math
from dataclasses import dataclass

from store import agents, catalogue, people
from store.catalogue import Listing
from store.data_files import data_rows
from store.people import Person
from store.shop import Shop, Transaction

PEOPLE = {
    "52.02.02.2010": "Inaq Saknah",  # Sukarara
    "52.03.15.2002": "Amaq Rusdi",  # Sembalun Lawang
    "52.03.15.2001": "Amaq Kertadi",  # Sembalun Bumbung
    "52.03.09.2002": "Inaq Mahnep",  # Aikmel
    "52.03.12.2002": "Inaq Maliah",  # Pringgasela
    "52.03.05.2003": "Hasanudin",  # Masbagik Selatan
    "52.03.04.2004": "Amaq Sedah",  # Loyok
    "52.02.09.2005": "Munawar",  # Kopang Rembiga
    "52.02.04.2014": "Nurhayati",  # Tanak Awu
    "52.02.06.2010": "Amaq Sahnun",  # Kidang
    "52.02.07.2007": "Santri Durian",  # Durian
    "52.01.02.2006": "Inaq Rumenah",  # Banyumulek
    "52.01.13.2001": "Jumarni",  # Lembar
    "52.71.03.1014": "Salmah",  # Karang Taliwang
    "52.71.04.1001": "Fitriani",  # Karang Pule
    "52.04.07.2005": "Syamsuddin",  # Batu Dulang
    "52.04.09.2005": "Abdul Wahab",  # Poto
    "52.06.06.2001": "Siti Hajar",  # Sari
    "52.72.04.1005": "Ina Mariam",  # Ntobo
}
"""Village -> its seller, who has the village's goods."""

BUYER = ("Rohani", "52.02.02.2008")
"""Somebody without goods, in the first seller's district."""

AGENTS: tuple[tuple[str, str, agents.Role, int], ...] = (
    ("Lalu Wirama", "52.02.02.2010", "agent", 5_000_000),
    ("Baiq Sumiati", "52.03.15.2002", "agent", 5_000_000),
    ("Haji Mahsun", "52.71.03.1014", "coordinator", 50_000_000),
)
"""Who holds money for orders and rules on complaints: name, village, role, and cap in rupiah."""

FIRST_NUMBER = 81_000_000_001
"""The first demonstration phone, after the country code; the others follow it."""

_FIRST_AGENT = len(PEOPLE) + 1

TRY = "Beras medium"
"""What the printed lines propose to buy."""


class HasRealPeople(Exception):
    """The database is in use: demonstration people do not belong there."""


@dataclass(frozen=True)
class Demo:
    """What is there to try: how many people and listings, one of each, and an agent."""

    people: int
    listings: int
    buyer: Person
    listing: Listing
    agent: Person


def is_empty(tx: Transaction) -> bool:
    """Whether nobody is registered, real or not."""
    return not tx.value("SELECT 1 FROM people LIMIT 1")


def load(shop: Shop) -> Demo:
    """Makes the demonstration people and their listings, unless they are there already.

    Raises HasRealPeople, and then changes nothing.
    """
    with shop.write() as tx:
        if tx.value("SELECT 1 FROM people WHERE demo = 0 LIMIT 1"):
            raise HasRealPeople
        if is_empty(tx):
            _fill(tx)
        return _demo(tx)


def _fill(tx: Transaction) -> None:
    sellers = {
        village: people.register(tx, _msisdn(index), name, village, demo=True)
        for index, (village, name) in enumerate(PEOPLE.items())
    }
    people.register(tx, _msisdn(len(PEOPLE)), *BUYER, demo=True)
    for index, (name, village, role, cap) in enumerate(AGENTS):
        person = people.register(tx, _msisdn(_FIRST_AGENT + index), name, village, demo=True)
        agents.appoint(tx, "operator", person, role, cap)
    for row in data_rows("goods.csv"):
        if row["origin_code"] not in sellers:
            continue  # only a district is known
        is_service = row["kind"] == "jasa"
        catalogue.sell(
            tx,
            sellers[row["origin_code"]],
            title=_title(row["name"]),
            price=_price(int(row["price_low"]), int(row["price_high"])),
            unit=row["unit"],
            stock=tx.chance.randint(3, 10) if is_service else tx.chance.randint(20, 50),
            kind="service" if is_service else "goods",
            lead_days=int(row["lead_days"] or 0),
            deposit=int(row["deposit"] or 0),
        )


def _demo(tx: Transaction) -> Demo:
    buyer = people.of_phone(tx, _msisdn(len(PEOPLE)))
    agent = people.of_phone(tx, _msisdn(_FIRST_AGENT))
    number = tx.value("SELECT number FROM listings WHERE title = ? ORDER BY id LIMIT 1", (TRY,))
    if buyer is None or agent is None or number is None:
        raise LookupError("the demonstration people are not those of this version")
    return Demo(
        people=int(tx.value("SELECT COUNT(*) FROM people")),
        listings=int(tx.value("SELECT COUNT(*) FROM listings")),
        buyer=buyer,
        listing=catalogue.find(tx, number),
        agent=agent,
    )


def _msisdn(index: int) -> str:
    return f"+62{FIRST_NUMBER + index}"


def _title(name: str) -> str:
    """The name, without what stands in brackets, then without its last words, until it fits."""
    words = name.split(" (")[0].split()
    while words and catalogue.clean_title(" ".join(words)) is None:
        words.pop()
    return " ".join(words)


def _price(low: int, high: int) -> int:
    """Midway between two prices, as one goes from one to the other by doubling; in steps of 500."""
    return max(1, (math.isqrt(low * high) + 250) // 500) * 500
