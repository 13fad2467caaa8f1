"""Timers: each runs once, when it is due, whoever looks."""

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from store import drafts, orders, outbox, sessions, timers  # noqa: F401 - their handlers
from store.clock import to_text
from store.database import Rows
from store.errors import Unavailable
from store.shop import Shop, Transaction
from tests.support.clock import TurnableClock
from tests.support.market import SRI, run_timers, texts_to
from tests.support.rivals import in_threads

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """`say` sends its subject; `fail` and `wait for the disk` raise after doing the same."""
    before = dict(timers.HANDLERS)

    def say(tx: Transaction, subject: str) -> None:
        outbox.put(tx, SRI, subject, notice="test", kind="reply")

    def raising(fault: Exception) -> Callable[[Transaction, str], None]:
        def handle(tx: Transaction, subject: str) -> None:
            say(tx, subject)
            raise fault

        return handle

    timers.handler("say")(say)
    timers.handler("fail")(raising(ZeroDivisionError()))
    timers.handler("wait for the disk")(raising(Unavailable("the disk is full")))
    yield
    timers.HANDLERS.clear()
    timers.HANDLERS.update(before)


def set_timer(shop: Shop, subject: str, *, kind: str = "say", hours: float = 1.0) -> None:
    with shop.write() as tx:
        timers.set_timer(tx, kind, subject, tx.later(hours * HOUR))


def rows(shop: Shop) -> Rows:
    with shop.read() as tx:
        return tx.rows("SELECT kind, subject, due_at, attempts FROM timers ORDER BY due_at")


def test_a_timer_runs_when_it_is_due_and_never_again(shop: Shop, clock: TurnableClock) -> None:
    set_timer(shop, "egg")
    clock.turn(minutes=59, seconds=59)
    assert not timers.run_next(shop)
    clock.turn(seconds=1)
    assert timers.run_next(shop)
    assert not timers.run_next(shop)
    assert texts_to(shop, SRI) == ["egg"]


def test_what_is_due_longest_runs_first(shop: Shop, clock: TurnableClock) -> None:
    for hours in (3, 1, 2):
        set_timer(shop, str(hours), hours=hours)
    clock.turn(hours=5)
    run_timers(shop)
    assert texts_to(shop, SRI) == ["1", "2", "3"]


def test_setting_it_again_moves_it(shop: Shop, clock: TurnableClock) -> None:
    set_timer(shop, "egg", hours=1)
    set_timer(shop, "egg", hours=3)
    clock.turn(hours=2)
    run_timers(shop)
    assert texts_to(shop, SRI) == []
    clock.turn(hours=1)
    run_timers(shop)
    assert texts_to(shop, SRI) == ["egg"]


@pytest.mark.parametrize(
    ("move", "hours", "due"),
    [
        (timers.hasten, 1, 1),
        (timers.hasten, 3, 2),
        (timers.put_off, 1, 2),
        (timers.put_off, 3, 3),
    ],
)
def test_it_can_be_moved_one_way_only(
    shop: Shop, clock: TurnableClock, move: Callable[..., None], hours: int, due: int
) -> None:
    set_timer(shop, "egg", hours=2)
    with shop.write() as tx:
        move(tx, "say", "egg", tx.later(hours * HOUR))
        move(tx, "say", "tea", tx.later(hours * HOUR))
    (row,) = rows(shop)
    assert row["due_at"] == to_text(clock.now() + due * HOUR)


def test_a_timer_is_known_by_kind_and_subject(shop: Shop, clock: TurnableClock) -> None:
    set_timer(shop, "egg")
    set_timer(shop, "tea")
    with shop.write() as tx:
        timers.cancel(tx, "egg", "say", "no such kind")
    clock.turn(hours=1)
    run_timers(shop)
    assert texts_to(shop, SRI) == ["tea"]


def test_one_that_fails_leaves_nothing_and_is_tried_again(shop: Shop, clock: TurnableClock) -> None:
    set_timer(shop, "egg", kind="fail")
    clock.turn(hours=1)
    assert timers.run_next(shop)
    assert texts_to(shop, SRI) == []
    (row,) = rows(shop)
    assert row["attempts"] == 1
    assert row["due_at"] > to_text(clock.now())
    clock.turn(seconds=59)
    assert not timers.run_next(shop)
    clock.turn(seconds=1)
    assert timers.run_next(shop)
    assert rows(shop)[0]["attempts"] == 2


def test_others_go_on(shop: Shop, clock: TurnableClock) -> None:
    set_timer(shop, "bad", kind="fail", hours=1)
    set_timer(shop, "unknown", kind="no such kind", hours=1)
    set_timer(shop, "good", hours=2)
    clock.turn(hours=2)
    run_timers(shop)
    assert texts_to(shop, SRI) == ["good"]
    assert len(rows(shop)) == 2


def test_an_outage_is_not_the_timers_fault(shop: Shop, clock: TurnableClock) -> None:
    set_timer(shop, "egg", kind="wait for the disk")
    before = rows(shop)
    clock.turn(hours=1)
    with pytest.raises(Unavailable):
        timers.run_next(shop)
    assert rows(shop) == before


def test_one_that_was_moved_while_it_failed_stays_where_it_was_moved(
    shop: Shop, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_timer(shop, "egg", kind="fail")
    clock.turn(hours=1)

    def move(*args: object) -> None:  # what somebody else does between failure and next try
        set_timer(shop, "egg", kind="fail", hours=9)

    monkeypatch.setattr(timers._log, "error", move)
    timers.run_next(shop)
    clock.turn(hours=8)
    assert not timers.run_next(shop)


def test_a_handler_may_set_its_timer_again(shop: Shop, clock: TurnableClock) -> None:
    def again(tx: Transaction, subject: str) -> None:
        timers.HANDLERS["say"](tx, subject)
        timers.set_timer(tx, "again", subject, tx.later(HOUR))

    timers.handler("again")(again)
    set_timer(shop, "egg", kind="again")
    for _ in range(3):
        clock.turn(hours=1)
        run_timers(shop)
    assert texts_to(shop, SRI) == ["egg"] * 3


def test_of_several_runners_one_runs_it(shop: Shop, clock: TurnableClock) -> None:
    for n in range(20):
        set_timer(shop, f"egg {n}")
    clock.turn(hours=1)
    in_threads([lambda: run_timers(shop)] * 4)
    assert sorted(texts_to(shop, SRI)) == sorted(f"egg {n}" for n in range(20))
    assert rows(shop) == []


def test_one_that_was_cancelled_after_it_was_seen_does_not_run(
    shop: Shop, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_timer(shop, "egg")
    clock.turn(hours=1)
    write = shop.write

    def late():  # somebody else's transaction comes before the runner's
        monkeypatch.setattr(shop, "write", write)
        with write() as tx:
            timers.cancel(tx, "egg", "say")
        return write()

    monkeypatch.setattr(shop, "write", late)
    assert timers.run_next(shop)
    assert texts_to(shop, SRI) == []


def kinds_named() -> set[str]:
    """The kinds that the store's code sets or cancels."""
    calls = (
        node
        for file in Path(timers.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in TIMER_CALLS
    )
    return {str(arg.value) for call in calls for arg in call.args if isinstance(arg, ast.Constant)}


TIMER_CALLS = ("timers.set_timer", "timers.cancel")


def test_every_kind_that_is_set_has_a_handler() -> None:
    named = kinds_named()
    assert named <= set(timers.HANDLERS)
    assert {"offer_draft", "forget_sessions"} <= named
