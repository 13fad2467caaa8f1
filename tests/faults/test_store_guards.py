"""The safeguards of the store, each with a twin that takes it away: the twin must be seen.

A check (`check_…`) passes with the safeguard and raises without it.
"""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3

from store import catalogue, inbox, orders, outbox
from store.database import Connection, Database
from store.errors import Refused, Unavailable
from store.inbox import Received
from store.outbox import Message
from store.shop import Shop, Transaction
from tests.support.clock import TurnableClock
from tests.support.market import (
    BUDI,
    DEWI,
    SRI,
    look,
    notices_to,
    offer,
    order,
    register,
    texts_to,
    trade,
)
from tests.support.post_office import PostOffice
from tests.support.rivals import in_threads
from tests.support.sending import answer_next, claim


def without(monkeypatch: pytest.MonkeyPatch, guard: str) -> None:
    """Takes a condition out of every statement."""
    execute = Connection.execute

    def unguarded(self: Connection, sql: str, values: Any = ()) -> int:
        return execute(self, sql.replace(guard, ""), values)

    monkeypatch.setattr(Connection, "execute", unguarded)


# An order is changed only from the state that it was seen in.


def check_one_answer_counts(shop: Shop) -> None:
    sri, _, rice = trade(shop)
    seen = order(shop, sri, rice)
    with shop.write() as tx:
        orders.cancel(tx, sri, seen.number)
    with pytest.raises(Refused, match="not_now"), shop.write() as tx:
        orders.MACHINE.move(tx, seen, "accept", "seller", BUDI)
    assert look(shop, seen).state == "cancelled"


def test_of_two_answers_one_counts(shop: Shop) -> None:
    check_one_answer_counts(shop)


def test_twin_an_unguarded_change_of_state_is_seen(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, " AND state = :source")
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        check_one_answer_counts(shop)


# Goods are reserved only while they are there.


def check_nothing_is_sold_twice(shop: Shop) -> None:
    sri, _, rice = trade(shop, stock=2)
    order(shop, register(shop, DEWI), rice, 2)
    with pytest.raises(Refused, match="short_stock"), shop.write() as tx:
        orders.place(tx, sri, rice, 1)  # the listing as it was before
    with shop.read() as tx:
        assert catalogue.by_id(tx, rice.id).stock == 0


def test_nothing_is_sold_twice(shop: Shop) -> None:
    check_nothing_is_sold_twice(shop)


def test_twin_an_unguarded_reservation_is_seen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, " AND stock >= :quantity")
    with pytest.raises(sqlite3.IntegrityError, match="stock >= 0"):  # the schema's own guard
        check_nothing_is_sold_twice(shop)


def test_twin_without_either_guard_the_stock_is_negative(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, " AND stock >= :quantity")
    shop.database.connection().raw.execute("PRAGMA ignore_check_constraints = ON")
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        check_nothing_is_sold_twice(shop)


# A week is booked only while it has room.


def check_no_week_is_booked_twice(shop: Shop) -> None:
    sri, art = register(shop, SRI), offer(shop, register(shop, BUDI, "Amaq Budi"), price=1)
    order(shop, sri, art, 3)
    with shop.write() as tx:
        second = orders.place(tx, sri, art, 3, again=True, spec="ayat kursi")
        most = tx.value("SELECT MAX(taken) FROM slots")
    assert (second.slot, most) == ("2026-11-30", 3)


def test_no_week_is_booked_twice(shop: Shop) -> None:
    check_no_week_is_booked_twice(shop)


def test_twin_an_unguarded_week_is_seen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    guard = "WHERE slots.taken + excluded.taken <= (SELECT stock FROM listings WHERE id = :listing)"
    without(monkeypatch, guard)
    with pytest.raises(AssertionError, match="2026-11-23"):
        check_no_week_is_booked_twice(shop)


# A message that the provider delivers more than once has one effect.


def check_one_effect(shop: Shop) -> None:
    def answer(tx: Transaction, received: Received) -> str:
        outbox.put(tx, received.msisdn, "effect", notice="test", kind="reply")
        return received.text

    def deliver() -> None:
        with shop.write() as tx:
            inbox.keep(tx, Received("at", "the-same-id", SRI, "BELI 117 2"))
        answer_next(shop, answer, answer)

    in_threads([deliver] * 6)
    assert texts_to(shop, SRI) == ["effect"]


def test_a_message_that_comes_six_times_has_one_effect(shop: Shop) -> None:
    check_one_effect(shop)


def test_twin_without_the_providers_id_each_has_its_own(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = inbox.keep

    def as_if_new(tx: Transaction, received: Received, **values: Any) -> bool:
        return keep(tx, replace(received, external_id=uuid.uuid4().hex), **values)

    monkeypatch.setattr(inbox, "keep", as_if_new)
    with pytest.raises(AssertionError, match="effect"):
        check_one_effect(shop)


# That a message is being sent is on the disk before the provider is called.


def check_a_code_is_sent_once(office: PostOffice) -> None:
    """The sender dies after each call of the provider, before it can tell what came of it."""
    office.write(secret=True)
    arrived: list[Message] = []
    for _ in range(3):
        message = claim(office.shop)
        if message:
            arrived.append(message)
        office.clock.turn(minutes=5)
    assert len(arrived) == 1


def test_a_sender_that_dies_sends_no_code_twice(shop: Shop, clock: TurnableClock) -> None:
    check_a_code_is_sent_once(PostOffice(shop, clock))


class Undo(Exception):
    """Takes back what a transaction changed."""


@contextmanager
def undone(write: Callable[[], AbstractContextManager[Transaction]]) -> Iterator[Transaction]:
    """A write transaction that is never committed."""
    with suppress(Undo), write() as tx:
        yield tx
        raise Undo


def test_twin_a_claim_that_was_not_committed_is_seen(
    shop: Shop, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = PostOffice(shop, clock)
    turn = outbox.turn

    def turn_in_memory(shop: Shop, *args: Any) -> outbox.Turn:
        with monkeypatch.context() as patch:
            patch.setattr(shop, "write", partial(undone, shop.write))
            return turn(shop, *args)

    monkeypatch.setattr(outbox, "turn", turn_in_memory)
    with pytest.raises(AssertionError):
        check_a_code_is_sent_once(office)


# A transaction that writes begins as one, so that what it read stays true until it wrote.


@contextmanager
def no_turn(self: Database, until: float) -> Iterator[None]:
    """The file lock does nothing: a disk on the network, say."""
    yield


def check_a_reader_may_go_on_to_write(shop: Shop) -> None:
    """Two threads read before either writes, if the database lets them."""
    both_have_read = threading.Barrier(2)

    def count() -> None:
        with shop.write() as tx:
            before = tx.value("SELECT COUNT(*) FROM events")
            try:
                both_have_read.wait(0.3)
            except threading.BrokenBarrierError:
                pass  # as it must be: the other waits for its turn
            tx.event("clock", "counted", f"before:{before}")

    in_threads([count, count])
    with shop.read() as tx:
        subjects = [row["subject"] for row in tx.rows("SELECT subject FROM events ORDER BY seq")]
    assert subjects == ["before:0", "before:1"]


def test_of_two_that_read_and_then_write_the_second_sees_the_first(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "_turn", no_turn)
    check_a_reader_may_go_on_to_write(shop)


def test_twin_a_deferred_transaction_is_seen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def begin_deferred(self: Connection) -> bool:
        self.raw.execute("BEGIN")
        return True

    monkeypatch.setattr(Database, "_turn", no_turn)
    monkeypatch.setattr(Connection, "begin_immediate", begin_deferred)
    with pytest.raises((Unavailable, AssertionError)):
        check_a_reader_may_go_on_to_write(shop)


# Nobody answers for a message whose answer was taken back.


def check_effect_and_mark_are_one(shop: Shop) -> None:
    sri, _, rice = trade(shop)
    with shop.write() as tx:
        inbox.keep(tx, Received("at", "1", SRI, f"BELI {rice.number} 2"))

    def order_and_die(tx: Transaction, received: Received) -> str:
        orders.place(tx, sri, catalogue.by_id(tx, rice.id), 2)
        raise MemoryError

    answer_next(shop, order_and_die, order_and_die)
    assert notices_to(shop, BUDI) == []
    assert look(shop, rice).stock == 50


def test_an_answer_that_dies_leaves_no_order(shop: Shop) -> None:
    check_effect_and_mark_are_one(shop)


def test_twin_an_answer_that_commits_by_itself_is_seen(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = orders.place

    def place_and_commit(tx: Transaction, *args: Any, **more: Any) -> Any:
        placed = place(tx, *args, **more)
        tx.execute("COMMIT")
        return placed

    monkeypatch.setattr(orders, "place", place_and_commit)
    with pytest.raises(Unavailable, match="taken back"):
        check_effect_and_mark_are_one(shop)
