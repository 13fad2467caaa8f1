"""A small market in memory that costs next to nothing to begin anew.

What must stay true: a run changes nothing that the next one sees. All of it is one transaction
that is rolled back, in which the shop's own transactions are savepoints.
"""

import copy
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import settings as configuration
from menus.notices import NOTICES
from menus.wording import Wording
from settings import Settings
from store import agents, catalogue, people
from store.database import Connection, Database
from store.shop import Shop
from tests.support import market
from tests.support.clock import TurnableClock
from tests.support.model.witness import Witness

BUYERS = ("+6281300000011", "+6281300000012", "+6281300000013")
SELLERS = ("+6281300000021", "+6281300000022")
AGENTS = ("+6281300000031", "+6281300000032", "+6281300000033")
COORDINATOR = "+6281300000041"
NEWCOMER = "+6281300000051"
"""Somebody who is not registered when a run begins."""

EVERYBODY = (*BUYERS, *SELLERS, *AGENTS, COORDINATOR, NEWCOMER)

NEAR, FAR = "Sukarara, Jonggat", "Labuhan Haji, Labuhan Haji"
CAPS = (250_000, 1_000_000, 2_000_000)
"""Of the three agents; the first one's is soon used up, and is the coordinator's too."""


class Sandbox(Database):
    """One connection, in memory, whose transactions are savepoints of the run's."""

    def __init__(self) -> None:
        super().__init__(Path("memory"))
        self._only = Connection(Path(":memory:"))

    def connection(self) -> Connection:
        return self._only

    @contextmanager
    def write(self, *, durable: bool, patience: float = 0.0) -> Iterator[Connection]:
        self._only.execute("SAVEPOINT step")
        try:
            yield self._only
        except BaseException:
            self._only.execute("ROLLBACK TO step")
            raise
        finally:
            self._only.execute("RELEASE step")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        yield self._only


class OpenShop(Shop):
    """A shop that keeps no heads outside, because nothing of it lasts."""

    def _keep_heads(self, grown: object) -> None:
        pass


class World:
    """The market before anything happened, and runs of it."""

    def __init__(self) -> None:
        self._database = Sandbox()
        self._settings = rules()
        self._wording = Wording(self._settings.zone, NOTICES)
        shop = self._shop(TurnableClock(), random.Random(1))
        shop.migrate()
        _populate(shop)
        self._witness = Witness()
        with shop.read() as tx:
            self._witness.look(tx)

    def begin(self) -> tuple[Shop, TurnableClock, Witness]:
        """A shop as it was at first, its clock, and a witness who has seen that much."""
        self.end()
        self._database.connection().execute("BEGIN")
        clock = TurnableClock()
        return self._shop(clock, random.Random(2)), clock, copy.deepcopy(self._witness)

    def end(self) -> None:
        """Takes back all that happened."""
        self._database.connection().raw.rollback()

    def _shop(self, clock: TurnableClock, chance: random.Random) -> Shop:
        return OpenShop(
            self._settings,
            self._say,
            clock=clock,
            chance=chance,
            database=self._database,
        )

    def _say(self, lang: str, notice: str, values: dict[str, Any]) -> str:
        """As people read it, where it has a sentence."""
        say = self._wording if notice in NOTICES else market.plain
        return say(lang, notice, values)


def rules() -> Settings:
    """The defaults, with a limit for two agents that small orders reach."""
    return configuration.load(
        {"PASAR_PEPPER": "pepper-of-tests-" * 2, "PASAR_TWO_AGENTS_ABOVE": "100000"}
    )


def _populate(shop: Shop) -> None:
    for number, phone in enumerate(EVERYBODY):
        if phone != NEWCOMER:
            village = FAR if phone in (BUYERS[2], SELLERS[1]) else NEAR
            market.register(shop, phone, f"Orang {'ABCDEFGHIJ'[number]}", village)
    with shop.write() as tx:
        for phone, cap in zip(AGENTS, CAPS, strict=True):
            agents.appoint(tx, "operator", people.of_phone(tx, phone), "agent", cap)
        agents.appoint(tx, "operator", people.of_phone(tx, COORDINATOR), "coordinator", CAPS[0])
        near, far = (people.of_phone(tx, phone) for phone in SELLERS)
        for seller, title, price, stock in (
            (near, "Beras", 12_000, 20),
            (near, "Telur ayam", 60_000, 3),
            (far, "Kain songket", 290_000, 6),
        ):
            catalogue.sell(tx, seller, title=title, price=price, unit="kg", stock=stock)
        for seller, title, price, deposit in (
            (near, "Kaligrafi", 150_000, 0),
            (far, "Jahit", 80_000, 50),
        ):
            catalogue.sell(
                tx, seller, title=title, price=price, unit="lembar", stock=2,
                kind="service", lead_days=5, deposit=deposit,
            )  # fmt: skip
