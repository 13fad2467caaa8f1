"""The safeguards of what comes in, each with a twin that takes it away: the twin must be seen.

The checks are the tests themselves: each passes with its safeguard, and has to fail without.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway import desk as desks
from gateway import spool as spooling
from gateway.desk import Desk
from gateway.providers import Event
from gateway.spool import Spool, TakeBack
from menus import engine
from menus.notices import NOTICES
from menus.wording import Wording
from settings import Settings
from store import database, inbox, timers
from store.database import Connection
from store.inbox import Received, keeping, loops
from store.shop import Shop, Transaction
from tests.gateway import test_desk, test_inbound, test_promises, test_spool
from tests.store import test_inbox_answering, test_inbox_loops, test_inbox_parts, test_inbox_twins
from tests.support.clock import TurnableClock
from tests.support.market import open_shop
from tests.support.worlds import LocalWorld


def without(monkeypatch: pytest.MonkeyPatch, guard: str, instead: str = "") -> None:
    """Takes a condition out of every statement that looks something up or changes it."""
    for way in ("execute", "value", "row"):
        run = getattr(Connection, way)

        def unguarded(self: Connection, sql: str, values: Any = (), run: Any = run) -> Any:
            return run(self, sql.replace(guard, instead), values)

        monkeypatch.setattr(Connection, way, unguarded)


# Twins


def test_twin_a_message_that_is_not_known_by_its_own_id(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(
        monkeypatch, "(external_id = :external_id OR twin = :external_id)", "twin = :external_id"
    )
    with pytest.raises(AssertionError):
        test_inbox_twins.test_one_that_comes_again_takes_nobodys_twin(shop, "a 1 2 a b")


def test_twin_a_message_with_any_number_of_twins(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, " AND twin IS NULL")
    with pytest.raises(AssertionError):
        test_inbox_twins.test_what_was_written_twice_is_two(shop, "a 1 2 b")


def test_twin_two_callbacks_that_are_taken_for_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, " AND fetched <> :fetched", " AND :fetched >= 0")
    with pytest.raises(AssertionError):
        test_inbox_twins.test_of_others_there_is_no_twin(shop)


# Parts


def test_twin_parts_that_are_forgotten_with_the_last(
    shop: Shop, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = keeping.keep

    def forgetful(tx: Transaction, received: Received, **values: Any) -> bool:
        if received.part is None:
            tx.execute("DELETE FROM parts")
        return keep(tx, received, **values)

    monkeypatch.setattr(keeping, "keep", forgetful)
    monkeypatch.setattr(inbox, "keep", forgetful)
    with pytest.raises(AssertionError):
        test_inbox_parts.test_a_part_that_comes_again_after_the_last_is_not_waited_for(
            shop, clock, ""
        )


def test_twin_parts_that_nobody_waits_for(
    shop: Shop, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(timers.HANDLERS, "missing_parts", lambda tx, subject: None)
    with pytest.raises(AssertionError):
        test_inbox_parts.test_of_one_that_stays_incomplete_its_sender_is_told_once(shop, clock)


# Loops


def test_twin_markets_that_answer_whatever_comes(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "is_loop", lambda *_: False)
    with pytest.raises(AssertionError):
        test_inbound.test_two_of_our_markets_stop_answering_each_other(settings, tmp_path)


def test_twin_what_waits_is_counted_too(
    settings: Settings, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop(settings, clock, replies_limit=test_inbox_loops.LIMIT)
    without(monkeypatch, " AND state NOT IN ('new', 'old')")
    with pytest.raises(AssertionError):
        test_inbox_loops.test_what_waited_for_us_is_no_loop_before_it_was_answered(shop, False)


def test_twin_the_same_twice_is_cut(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "_TWICE", 1)
    with pytest.raises(AssertionError):
        test_inbox_loops.test_a_person_who_writes_the_same_twice_is_answered_twice(settings)


# Answers in one transaction


def test_twin_a_failed_answer_that_is_not_undone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "TOGETHER_SECONDS", 60.0)
    monkeypatch.setattr(Transaction, "part", lambda self: nullcontext())
    with pytest.raises(AssertionError):
        test_inbox_answering.test_one_that_fails_is_undone_alone(shop, ("one", "broken 1", "two"))


def test_twin_a_failed_answer_whose_events_are_told_outside(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are undone, and what is known of the end of the chain is not."""

    @contextmanager
    def part(self: Transaction) -> Iterator[None]:
        with self._part():
            yield

    monkeypatch.setattr(inbox, "TOGETHER_SECONDS", 60.0)
    monkeypatch.setattr(Transaction, "part", part)
    with pytest.raises(AssertionError):
        test_inbox_answering.test_one_that_fails_is_undone_alone(shop, ("one", "two", "broken 1"))


# Promises


@pytest.fixture
def market(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[LocalWorld, str]:
    """A market, and the number of what Sri is asked whether to order."""
    monkeypatch.setattr(database, "PATIENCE", 0.3)
    monkeypatch.setattr(desks, "PATIENCE", 0.3)
    monkeypatch.setattr(desks, "LEAVE_ALONE", 0.0)
    world = LocalWorld(settings, "africastalking")
    for phone, name in ((test_promises.SRI, "Inaq Sri"), (test_promises.BUDI, "Amaq Budi")):
        world.send(phone, f"DAFTAR {name}#Durian")
        world.send(phone, "YA")
    world.send(test_promises.BUDI, "JUAL beras medium#12rb/kg#50")
    with world.shop.read() as tx:
        number = str(tx.value("SELECT number FROM listings"))
    world.hop(test_promises.SRI, test_promises.SESSION, f"*123*45*{number}*2#", "")
    return world, number


def test_twin_a_promise_that_ends_with_its_session(
    market: tuple[LocalWorld, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_it_is(session: Any, **values: Any) -> Any:
        return replace(session, **{name: value for name, value in values.items() if value})

    monkeypatch.setattr(engine, "replace", as_it_is)
    with pytest.raises((AssertionError, ValueError)):
        test_promises.test_the_end_of_the_session_does_not_break_the_promise(
            *market, "success", True
        )


def test_twin_a_promise_that_is_known_by_no_session(
    market: tuple[LocalWorld, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.sessions, "reply_to", lambda *_: None)
    ids = iter(range(1000))
    promised = desks.promised

    def as_if_new(*hop: Any) -> Received:
        return replace(promised(*hop), external_id=str(next(ids)))

    monkeypatch.setattr(desks, "promised", as_if_new)
    with pytest.raises(AssertionError):
        test_promises.test_a_hop_that_is_repeated_makes_one_order(*market)


def test_twin_a_promise_that_nobody_keeps(
    market: tuple[LocalWorld, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Spool, "keep", lambda self, event: None)
    with pytest.raises((AssertionError, ValueError)):
        test_promises.test_a_hop_that_is_repeated_makes_one_order(*market)


# The spool and the desk


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return Desk(shop, Wording(shop.settings.zone, NOTICES))


def test_twin_what_waited_comes_last(
    shop: Shop, desk: Desk, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooling, "_came", lambda path: clock.now())
    with pytest.raises(AssertionError):
        test_desk.test_what_waited_is_answered_before_what_came_later(shop, desk, clock)


def test_twin_a_spool_that_stops_at_what_cannot_be_taken(
    tmp_path: Path,
    clock: TurnableClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def raised(self: Spool, path: Path, error: Exception) -> None:
        raise error

    monkeypatch.setattr(Spool, "_leave", raised)
    folder = tmp_path / "spool"
    spool = Spool(folder, test_spool.PEPPER, clock)
    with pytest.raises(ValueError, match="kode"):
        test_spool.test_what_cannot_be_taken_stays_and_holds_up_nobody(spool, folder, clock, caplog)


def test_twin_a_spool_that_forgets_before_it_is_taken(
    tmp_path: Path, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_back = Spool.read_back

    def hasty(self: Spool, take: TakeBack) -> int:
        events: list[Event] = []
        read_back(self, lambda event, came: events.append(event))
        for event in events:
            take(event, datetime(2026, 1, 1, tzinfo=UTC))
        return len(events)

    monkeypatch.setattr(Spool, "read_back", hasty)
    with pytest.raises(AssertionError):
        test_spool.test_a_crash_before_it_is_forgotten_brings_it_again(
            Spool(tmp_path / "spool", test_spool.PEPPER, clock)
        )


def test_twin_a_desk_that_writes_each_by_itself(
    shop: Shop, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    write = database.Database.write

    def noted(self: database.Database, **values: Any) -> Any:
        begun.append(threading.current_thread().name)
        return write(self, **values)

    def each_alone(self: Desk, together: list[Any]) -> None:
        for brought in together:
            self._write_alone(brought.event)
            brought.done = True

    monkeypatch.setattr(database.Database, "write", noted)
    monkeypatch.setattr(Desk, "_write_together", each_alone)
    with pytest.raises(AssertionError):
        test_desk.test_what_many_bring_at_once_is_written_together(shop, desk, begun)
