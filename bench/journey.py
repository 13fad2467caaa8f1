"""A buyer's way from dialling to a placed order, hop by hop, each answer checked on its own terms.

A script is a generator: it gives the hop to post and is sent the text of the answer.
"""

import re
import uuid
from collections import Counter, deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote_plus

from bench.bare import SCREEN

STEPS = ("dial", "Cari", "query", "listing", "Beli", "quantity", "Ya")
"""The seven hops by what the buyer does."""


@dataclass(frozen=True)
class Hop:
    """A form to post; `step` is its place in STEPS."""

    step: int
    form: bytes


Script = Generator[Hop, str, None]


class WrongScreen(Exception):
    """An answer that the buyer cannot go on from."""


@dataclass
class Buyer:
    """A registered person; `bought` counts the orders of each listing, by its number."""

    msisdn: str
    bought: Counter[str] = field(default_factory=Counter)


@dataclass
class Crowd:
    """Buyers, of whom each is in one session at a time, what they look for, and their orders."""

    buyers: deque[Buyer]
    queries: Sequence[str]
    chance: Random
    orders: set[str] = field(default_factory=set)

    def shop(self) -> Script:
        """One buyer after another buys something."""
        while True:
            buyer = self.buyers.popleft()
            session = _form(
                f"ATUid_{uuid.UUID(int=self.chance.getrandbits(128)).hex}", buyer.msisdn
            )
            yield from self._buy(buyer, session)
            self.buyers.append(buyer)

    def _buy(self, buyer: Buyer, session: str) -> Generator[Hop, str, None]:
        def hop(step: int, typed: str) -> Hop:
            return Hop(step, f"{session}&text={quote_plus(typed)}".encode())

        home = _screen((yield hop(0, "")), 0, "Pasar Kampung")
        typed = _number(home, "Cari")
        _screen((yield hop(1, typed)), 1, "Cari ")

        query = self.chance.choice(self.queries)
        typed += f"*{query}"
        results = _screen((yield hop(2, typed)), 2, query)
        number, label = self.chance.choice(_CHOICE.findall(results))

        typed += f"*{number}"
        shown = _screen((yield hop(3, typed)), 3, "Beli")
        listing = _LISTING.match(shown)
        if not listing or f"{listing['title']} {listing['price']}/{listing['unit']}" != label:
            raise WrongScreen(f"picked {label!r} and was shown {shown!r}")

        typed += f"*{_number(shown, 'Beli')}"
        _screen((yield hop(4, typed)), 4, label)

        buyer.bought[listing["number"]] += 1
        quantity = buyer.bought[listing["number"]]  # a new one: the same would be asked about
        wanted = f"{quantity} {listing['unit']} {listing['title']}"
        total = quantity * int(listing["price"][2:].replace(".", ""))
        money = "Rp" + f"{total:,}".replace(",", ".")
        typed += f"*{quantity}"
        confirm = _screen((yield hop(5, typed)), 5, wanted, money)

        typed += f"*{_number(confirm, 'Ya')}"
        placed = yield hop(6, typed)
        order = _PLACED.match(placed)
        if not order or wanted not in placed or money not in placed or order[1] in self.orders:
            raise WrongScreen(f"ordered {wanted}, {money}, and was told {placed!r}")
        self.orders.add(order[1])


_CHOICE = re.compile(r"^([1-8])\. (.+)$", re.MULTILINE)
_LISTING = re.compile(r"CON (?P<number>\d+) (?P<title>.+)\n(?P<price>Rp[\d.]+)/(?P<unit>[^,\n]+),")
_PLACED = re.compile(r"END .*Pesanan (\d+)\b")


def _screen(answer: str, step: int, *parts: str) -> str:
    """The answer, which must be a screen with all these parts."""
    if not answer.startswith("CON ") or not all(part in answer for part in parts):
        raise WrongScreen(f"after {STEPS[step]!r}, instead of {parts}: {answer!r}")
    return answer


def _number(screen: str, label: str) -> str:
    """The key of the choice with this label."""
    for number, found in _CHOICE.findall(screen):
        if found == label:
            return str(number)
    raise WrongScreen(f"no {label!r} in {screen!r}")


def _form(session_id: str, msisdn: str) -> str:
    return (
        f"sessionId={session_id}&phoneNumber={quote_plus(msisdn)}"
        f"&networkCode=99999&serviceCode={quote_plus('*123*45#')}"
    )


def bare() -> Script:
    """The same form again and again, to the bare page."""
    hop = Hop(0, f"{_form(f'ATUid_{0:032x}', '+6281234567890')}&text=1%2Aberas%2A1".encode())
    while True:
        answer = yield hop
        if answer != SCREEN:
            raise WrongScreen(repr(answer))
