"""The market's real processes with one of their safeguards taken away: for twins.

`python -m tests.support.without` is `python -m deploy.run` whose web server and worker lack what
the environment's `WITHOUT` names. The names are those of the functions in WITHOUT.
"""

import os
import runpy
import sys
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from gateway import outbound
from gateway.desk import Desk
from gateway.providers import Provider
from gateway.spool import Spool
from menus.engine import Hop
from store import inbox
from store.database import Connection
from store.errors import Unavailable
from store.inbox import Received
from store.outbox import Message, Outcome, links, settling
from store.outbox.states import change
from store.shop import Shop, Transaction


def writing_before_the_200() -> None:
    """Says 200 at once, and writes a moment later."""
    take = Desk.take

    def take_later(self: Desk, event: Any) -> str:
        if isinstance(event, Hop):
            return take(self, event)

        def write() -> None:
            time.sleep(0.3)
            take(self, event)

        threading.Thread(target=write, daemon=True).start()
        return ""

    Desk.take = take_later  # type: ignore[method-assign]


def knowing_what_came_before() -> None:
    """Takes what comes again for something new."""
    keep = inbox.keep

    def keep_as_new(tx: Any, received: Received, **kind: Any) -> bool:
        return keep(tx, replace(received, external_id=str(uuid.uuid4())), **kind)

    inbox.keep = keep_as_new


def a_spool_that_is_written() -> None:
    """Forgets what it should spool."""
    Spool.keep = lambda self, event: None  # type: ignore[method-assign]


def a_spool_that_owns_up() -> None:
    """Tells nobody that the disk did not take it."""
    keep = Spool.keep

    def keep_or_not(self: Spool, event: Any) -> None:
        with suppress(Unavailable):
            keep(self, event)

    Spool.keep = keep_or_not  # type: ignore[method-assign]


def a_spool_in_order() -> None:
    """Reads the spool back from its end, as if all of it came only now."""
    waiting, write = Spool._waiting, Desk._write_alone

    def backwards(self: Spool) -> list[Path]:
        return waiting(self)[::-1]

    def write_as_of_now(self: Desk, event: Any, came: datetime | None = None) -> None:
        write(self, event)

    Spool._waiting, Desk._write_alone = backwards, write_as_of_now  # type: ignore[method-assign]


def the_word_that_it_is_being_sent() -> None:
    """What a dead worker was sending waits again, as if it had not been begun."""
    doubt = settling._doubt

    def doubt_or_not(tx: Any, message_id: str, reason: str | None) -> None:
        if (reason or "").startswith("the sender"):
            change(tx, message_id, "queued")
        else:
            doubt(tx, message_id, reason)

    settling._doubt = doubt_or_not


def care_with_codes() -> None:
    """Sends again whatever nobody reported on."""
    _replace("SELECT id, resend, provider", "SELECT id, 1 AS resend, provider")


def sending_again() -> None:
    """Sends nothing again that nobody reported on."""
    _replace("SELECT id, resend, provider", "SELECT id, 0 AS resend, provider")


def waiting_for_earlier_ones() -> None:
    """Sends what is next, whatever its phone waits for."""
    _replace("earlier.msisdn = outbox.msisdn AND", "0 AND")


def a_rate_for_all_workers() -> None:
    """Each worker knows only of what it has given itself."""
    paid: dict[str, datetime] = {}

    def pay_alone(tx: Transaction, link: links.Link, messages: int) -> None:
        spent = timedelta(seconds=messages / tx.settings.rate_of(link.provider))
        paid[link.provider] = paid_until(tx, link) + spent

    def paid_until(tx: Transaction, link: links.Link) -> datetime:
        return max(tx.now, paid.get(link.provider, tx.now))

    links.pay, links._paid_until = pay_alone, paid_until


def a_look_at_what_others_send() -> None:
    """Sends what waits and what is being sent, and counts no attempts, which the schema would."""
    _replace("INSERT INTO attempts", "INSERT OR IGNORE INTO attempts")
    _replace(
        "WHERE state = 'queued' AND next_at || '' <= :now",
        "WHERE state IN ('queued', 'sending') AND :now <> ''",
    )


def links_apart() -> None:
    """All links together have as many hands as each should have."""
    hands = threading.Semaphore(16)
    give = outbound.send

    def give_in_turn(shop: Shop, provider: Provider, message: Message) -> Outcome:
        with hands:
            return give(shop, provider, message)

    outbound.send = give_in_turn


def _replace(guard: str, by: str) -> None:
    """In every query and statement."""
    rows, execute = Connection.rows, Connection.execute

    def unguarded_rows(self: Connection, sql: str, values: Any = ()) -> Any:
        return rows(self, sql.replace(guard, by), values)

    def unguarded(self: Connection, sql: str, values: Any = ()) -> int:
        return execute(self, sql.replace(guard, by), values)

    Connection.rows, Connection.execute = unguarded_rows, unguarded  # type: ignore[method-assign]


SAFEGUARDS: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        writing_before_the_200,
        knowing_what_came_before,
        a_spool_that_is_written,
        a_spool_that_owns_up,
        a_spool_in_order,
        the_word_that_it_is_being_sent,
        care_with_codes,
        sending_again,
        waiting_for_earlier_ones,
        a_rate_for_all_workers,
        a_look_at_what_others_send,
        links_apart,
    )
}


def create_app() -> Flask:
    """The web application without it."""
    SAFEGUARDS[os.environ["WITHOUT"]]()
    from app import create_app

    return create_app()


def main() -> None:
    if sys.argv[1:] == ["worker.py"]:
        SAFEGUARDS[os.environ["WITHOUT"]]()
        runpy.run_path("worker.py", run_name="__main__")
        return
    from deploy import run

    class Child(run.Child):
        def __init__(self, name: str, args: list[str], env: Any = None) -> None:
            python, *words = args
            if words == ["worker.py"]:
                words = ["-m", "tests.support.without", *words]
            words = [word.replace("app:", "tests.support.without:") for word in words]
            super().__init__(name, [python, *words], env)

    run.Child = Child  # type: ignore[assignment,misc]
    sys.exit(run.main())


if __name__ == "__main__":
    main()
