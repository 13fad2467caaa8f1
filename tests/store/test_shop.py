"""The unit of work: what is left for others is told after the commit, and only then."""

from collections.abc import Iterable

import pytest

from store import inbox, outbox
from store.inbox import Received
from store.shop import ReadOnly, Shop
from tests.support.clock import TurnableClock
from tests.support.market import SRI, events
from tests.support.rivals import in_threads


@pytest.fixture
def calls(shop: Shop) -> list[list[str]]:
    """The kinds of work that others were called to, by commit."""
    called: list[list[str]] = []

    def call(kinds: Iterable[str]) -> None:
        with shop.read() as tx:  # committed: others can see it, and a transaction can begin
            assert tx.value("SELECT COUNT(*) FROM outbox") + tx.value("SELECT COUNT(*) FROM inbox")
        called.append(sorted(kinds))

    shop.on_commit = call
    return called


def test_others_are_called_after_the_commit(shop: Shop, calls: list[list[str]]) -> None:
    with shop.write() as tx:
        outbox.put(tx, SRI, "Halo", notice="hello", kind="reply")
        outbox.put(tx, SRI, "Halo", notice="hello", kind="reply")
        inbox.keep(tx, Received("at", "1", SRI, "BANTU"))
        assert calls == []
    assert calls == [["inbox", "outbox"]]


def test_nobody_is_called_when_nothing_is_left(shop: Shop, calls: list[list[str]]) -> None:
    with shop.write() as tx:
        tx.event(SRI, "test", "test:1")
    assert calls == []


def test_nobody_is_called_to_what_was_rolled_back(shop: Shop, calls: list[list[str]]) -> None:
    def fail() -> None:
        with shop.write() as tx:
            outbox.put(tx, SRI, "Halo", notice="hello", kind="reply")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert calls == []


def test_a_call_that_fails_does_not_undo_the_work(shop: Shop) -> None:
    def fail(kinds: Iterable[str]) -> None:
        raise OSError("the bell is broken")

    shop.on_commit = fail
    with shop.write() as tx:
        outbox.put(tx, SRI, "Halo", notice="hello", kind="reply")
    with shop.read() as tx:
        assert tx.value("SELECT COUNT(*) FROM outbox") == 1


def test_an_event_must_be_on_the_disk(shop: Shop) -> None:
    with pytest.raises(RuntimeError, match="durable"), shop.write(durable=False) as tx:
        tx.event(SRI, "test", "test:1")
    assert events(shop) == []


def test_a_view_changes_nothing(shop: Shop) -> None:
    with pytest.raises(ReadOnly), shop.read() as tx:
        tx.execute("INSERT INTO counters (name, value) VALUES ('a', 1)")
    with pytest.raises(ReadOnly), shop.read() as tx:
        outbox.put(tx, SRI, "Halo", notice="hello", kind="reply")
    with shop.read() as tx:
        assert tx.value("SELECT COUNT(*) FROM counters") == 0


def test_time_stands_still_within_a_transaction(shop: Shop, clock: TurnableClock) -> None:
    with shop.write() as tx:
        before = tx.moment
        clock.turn(hours=1)
        assert tx.moment == before
    with shop.write() as tx:
        assert tx.moment > before


def test_counters_count_by_themselves(shop: Shop) -> None:
    with shop.write() as tx:
        assert [tx.count("a", 5), tx.count("b", 1), tx.count("a", 5)] == [5, 1, 6]


def test_a_number_that_was_not_used_is_given_again(shop: Shop) -> None:
    def fail() -> None:
        with shop.write() as tx:
            assert tx.count("a", 5) == 5
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with shop.write() as tx:
        assert tx.count("a", 5) == 5


def test_no_two_threads_get_the_same_number_or_id(shop: Shop) -> None:
    def take() -> tuple[int, str]:
        with shop.write() as tx:
            return tx.count("a", 1), tx.new_id()

    taken = in_threads([take] * 16)
    assert sorted(number for number, _ in taken) == list(range(1, 17))
    assert len({text for _, text in taken}) == 16
