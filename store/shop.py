"""The shop: one database, clock, source of chance and set of rules, and its unit of work.

A business action is a function of a subject module that takes a `Transaction` first. Whatever it
causes (rows, one event, messages to send, timers) is written in that one transaction; nothing is
sent and Redis is not touched inside it. `Shop.on_commit` is called after a commit that left work
for the worker, with its kinds ("inbox", "outbox"). After a commit that added to a chain, its new
end is written outside the database (`store/heads.py`).
"""

import json
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from settings import Settings
from store import chain, heads
from store.chain import Head
from store.clock import Clock, Ids, SystemClock, to_text
from store.database import Connection, Database
from store.errors import traced
from store.migrations import migrations

_log = logging.getLogger(__name__)


class Wording(Protocol):
    """Says a notice in a language; the conversation's room provides it."""

    def __call__(self, lang: str, notice: str, values: dict[str, Any]) -> str:
        """The text of `notice` filled with `values`."""


def _refuse(sql: str, values: Any = ()) -> int:
    raise ReadOnly


class ReadOnly(Exception):
    """A change was asked for in a view of the shop; it takes a write transaction."""


class Transaction:
    """An open transaction, with everything an action needs besides its arguments.

    In a view of the shop, which `writes` is False for, a change raises ReadOnly. `grown` has the
    heads of the chains that it added to, from before and after.
    """

    def __init__(
        self, shop: "Shop", connection: Connection, *, durable: bool, writes: bool = True
    ) -> None:
        self.shop = shop
        self.settings = shop.settings
        self.chance = shop.chance
        self.now: datetime = shop.clock.now()
        self.execute = connection.execute if writes else _refuse
        self.row = connection.row
        self.rows = connection.rows
        self.value = connection.value
        self._part = connection.part
        self.left: set[str] = set()
        self.grown: dict[str, tuple[Head, Head]] = {}
        self.durable = durable

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part that is undone alone when it raises, while the rest of the transaction stays.

        Raises Unavailable when nothing of the transaction can stay.
        """
        left, grown = set(self.left), dict(self.grown)
        try:
            with self._part():
                yield
        except BaseException:
            self.left, self.grown = left, grown
            raise

    @cached_property
    def moment(self) -> str:
        """`now` as the database writes it."""
        return to_text(self.now)

    def later(self, span: timedelta) -> str:
        """`now` plus `span` as the database writes it."""
        return to_text(self.now + span)

    def new_id(self) -> str:
        """A fresh id that sorts by time."""
        return self.shop.ids.new(self.now)

    def count(self, counter: str, start: int) -> int:
        """The next value of a counter that begins at `start`."""
        self.execute(
            "INSERT INTO counters (name, value) VALUES (:name, :start)"
            " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1",
            {"name": counter, "start": start},
        )
        return int(self.value("SELECT value FROM counters WHERE name = ?", (counter,)))

    def event(self, actor: str, action: str, subject: str, **details: Any) -> None:
        """Records what happened: `actor` is a phone, or "clock", "operator", or what of the shop
        itself did it, as "order" or "dispute"."""
        chain.append(
            self,
            "events",
            {
                "id": self.new_id(),
                "at": self.moment,
                "actor": actor,
                "action": action,
                "subject": subject,
                "details": json.dumps(details, ensure_ascii=False, sort_keys=True),
            },
        )


class Shop:
    """Everything a process needs to trade; safe to share between threads."""

    def __init__(
        self,
        settings: Settings,
        wording: Wording,
        *,
        clock: Clock | None = None,
        chance: random.Random | None = None,
        database: Database | None = None,
    ) -> None:
        self.settings = settings
        self.wording = wording
        self.clock = clock or SystemClock()
        self.chance = chance or random.SystemRandom()
        self.ids = Ids(self.chance)
        self.database = database or Database(Path(settings.database_path))
        self.on_commit: Callable[[frozenset[str]], None] = lambda _: None

    @contextmanager
    def write(
        self, *, durable: bool = True, patience: float | None = None
    ) -> Iterator[Transaction]:
        """One write transaction. Not durable: a power cut may take back its last moments."""
        with self.database.write(durable=durable, patience=patience) as connection:
            transaction = Transaction(self, connection, durable=durable)
            yield transaction
        if transaction.grown:
            self._keep_heads(transaction.grown)
        if transaction.left:
            try:
                self.on_commit(frozenset(transaction.left))
            except Exception as error:  # what was done is done, so nobody is told that it failed
                _log.error("nobody was called to the work that is left\n%s", traced(error))

    def _keep_heads(self, grown: dict[str, tuple[Head, Head]]) -> None:
        def is_row(table: str, head: Head) -> bool:
            with self.read() as tx:
                return chain.has(tx, table, head)

        try:
            heads.keep(self.settings.heads_path, grown, is_row)
        except Exception as error:  # what was done is done, so nobody is told that it failed
            _log.error("where the chains end was not kept: %s", error)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One consistent view; a change raises ReadOnly."""
        with self.database.read() as connection:
            yield Transaction(self, connection, durable=False, writes=False)

    def migrate(self) -> list[str]:
        """Brings the schema up to date, all or nothing; the names of the migrations that ran."""
        with self.database.write(durable=True) as connection:
            pending = [migration.name for migration in migrations.pending(connection.utils)]
            migrations.apply(connection.utils)
        return pending
