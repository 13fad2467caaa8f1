"""Several messages answered in one transaction: each stands, or is undone, by itself."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store import catalogue, chain, check, heads, inbox, orders, outbox
from store.database import Connection, Database
from store.errors import Refused, Unavailable
from store.inbox import Received
from store.shop import Shop, Transaction
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, events, notices_to, texts_to, trade
from tests.support.sending import answer_next


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that waits is answered in one transaction."""
    monkeypatch.setattr(inbox, "TOGETHER_SECONDS", 60.0)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """A line for each write transaction that begins from here on."""
    begun: list[bool] = []
    write = Database.write

    def counted(self: Database, **values: Any) -> Any:
        begun.append(True)
        return write(self, **values)

    monkeypatch.setattr(Database, "write", counted)
    return begun


def receive(shop: Shop, *texts: str) -> None:
    with shop.write() as tx:
        for text in texts:
            inbox.keep(tx, Received("at", f"id of {text}", SRI, text))


def states(shop: Shop) -> Counter[str]:
    with shop.read() as tx:
        return Counter(row["state"] for row in tx.rows("SELECT state FROM inbox"))


def buying(shop: Shop) -> inbox.Answer:
    """An answer that orders what Budi sells, and fails after all of it where the text says so."""
    sri, _, rice = trade(shop)

    def answer(tx: Transaction, received: Received) -> str:
        tx.left.add(received.text)
        orders.place(tx, sri, catalogue.by_id(tx, rice.id), 1, again=True)
        outbox.put(tx, received.msisdn, received.text, notice="test", kind="reply")
        if "broken" in received.text:
            raise ZeroDivisionError
        return received.text

    return answer


def placed(shop: Shop) -> int:
    with shop.read() as tx:
        return int(tx.value("SELECT COUNT(*) FROM orders"))


def test_several_are_answered_in_one_transaction(shop: Shop, begun: list[bool]) -> None:
    answer = buying(shop)
    texts = [f"text {number:02}" for number in range(20)]
    receive(shop, *texts)
    begun.clear()
    assert answer_next(shop, answer, answer)
    assert len(begun) == 1
    assert texts_to(shop, SRI) == texts
    assert states(shop) == {"answered": 20}
    assert not answer_next(shop, answer, answer)
    assert len(begun) == 1, "to see that nothing waits takes none"


def test_no_longer_than_a_hop_may_wait(
    shop: Shop, begun: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "TOGETHER_SECONDS", 0.0)
    answer = buying(shop)
    receive(shop, "one", "two", "three")
    begun.clear()
    for count in (1, 2, 3):
        assert answer_next(shop, answer, answer)
        assert len(texts_to(shop, SRI)) == count
    assert len(begun) == 3


@pytest.mark.parametrize(
    "texts",
    [
        ("broken 1", "one", "two"),
        ("one", "broken 1", "two"),
        ("one", "two", "broken 1"),
        ("broken 1", "one", "broken 2", "broken 3", "two"),
    ],
)
def test_one_that_fails_is_undone_alone(shop: Shop, texts: tuple[str, ...]) -> None:
    """Its order, its events, what it sent; the chain of events, and what is known of its end
    outside, are those of the others."""
    answer = buying(shop)
    called: list[frozenset[str]] = []
    receive(shop, *texts)
    shop.on_commit = called.append
    assert answer_next(shop, answer, answer)
    assert texts_to(shop, SRI) == ["one", "two"]
    assert notices_to(shop, BUDI) == ["order_new"] * 2
    assert placed(shop) == 2
    assert states(shop) == {"answered": 2, "new": len(texts) - 2}
    assert called == [{"one", "two", "outbox"}]
    assert check.first_fault(shop) is None
    with shop.read() as tx:
        ends = {table: chain.last(tx, table) for table in chain.CHAINS}
    assert heads.read(Path(shop.settings.heads_path)) == ends


def test_one_that_fails_alone_calls_nobody(shop: Shop) -> None:
    answer = buying(shop)
    receive(shop, "broken")
    called: list[frozenset[str]] = []
    shop.on_commit = called.append
    ends = heads.read(Path(shop.settings.heads_path))
    assert answer_next(shop, answer, answer)
    assert called == []
    assert heads.read(Path(shop.settings.heads_path)) == ends
    assert check.first_fault(shop) is None


def test_what_fails_and_is_apologised_for_beside_others(shop: Shop, clock: TurnableClock) -> None:
    answer = buying(shop)

    def apologise(tx: Transaction, received: Received) -> str:
        outbox.put(tx, received.msisdn, f"sorry {received.text}", notice="sorry", kind="reply")
        return received.text

    receive(shop, "broken 1", "one", "broken 2")
    for _ in range(inbox.MOST_ATTEMPTS + 1):
        while answer_next(shop, answer, apologise):
            pass
        clock.turn(seconds=10)
    assert texts_to(shop, SRI) == ["one", "sorry broken 1", "sorry broken 2"]
    assert states(shop) == {"answered": 1, "failed": 2}
    assert check.first_fault(shop) is None


def test_a_refusal_that_is_counted_stands(shop: Shop) -> None:
    """What an answer did before it was refused stays when the answer itself says so."""

    def count_and_refuse(tx: Transaction, received: Received) -> str:
        tx.event(received.msisdn, "wrong", "test:1")
        try:
            with tx.part():
                tx.event(received.msisdn, "taken back", "test:1")
                raise Refused("not_now")
        except Refused:
            pass
        return received.text

    receive(shop, "one", "two")
    answer_next(shop, count_and_refuse, count_and_refuse)
    assert events(shop) == [(SRI, "wrong")] * 2
    assert check.first_fault(shop) is None


# A disk that is full, and what else is no message's fault


def fills_the_disk(shop: Shop) -> inbox.Answer:
    """An answer that needs more room than there is."""
    connection = shop.database.connection()

    def answer(tx: Transaction, received: Received) -> str:
        pages = connection.value("PRAGMA page_count")
        connection.value(f"PRAGMA max_page_count = {pages}")
        try:
            tx.execute("UPDATE inbox SET text = printf('%.*c', 9000000, 'x')")
        finally:
            connection.value("PRAGMA max_page_count = 4294967294")
        return received.text

    return answer


def test_a_full_disk_is_not_the_messages_fault(shop: Shop) -> None:
    answer = buying(shop)
    receive(shop, "one")
    full = fills_the_disk(shop)
    for _ in range(inbox.MOST_ATTEMPTS + 2):
        with pytest.raises(Unavailable, match="full"):
            answer_next(shop, full, full)
    assert states(shop) == {"new": 1}
    assert answer_next(shop, answer, answer), "at once"
    assert texts_to(shop, SRI) == ["one"]


def ends_by_itself(statement: str) -> Callable[[Transaction, Received], str]:
    def answer(tx: Transaction, received: Received) -> str:
        outbox.put(tx, received.msisdn, received.text, notice="test", kind="reply")
        tx.execute(statement)
        raise ZeroDivisionError

    return answer


def test_when_the_database_takes_all_back_nothing_goes_on_without_a_transaction(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it may after a failure of the disk: what comes next would be there at once, for good."""
    answer = buying(shop)
    receive(shop, "one", "two")
    said: list[str] = []
    execute = Connection.execute

    def listening(self: Connection, sql: str, values: Any = ()) -> int:
        said.append(sql.split()[0])
        return execute(self, sql, values)

    monkeypatch.setattr(Connection, "execute", listening)
    taken_back = ends_by_itself("ROLLBACK")
    with pytest.raises(Unavailable):
        answer_next(shop, taken_back, taken_back)
    assert said[said.index("ROLLBACK") + 1 :] == []
    assert states(shop) == {"new": 2}
    assert answer_next(shop, answer, answer)
    assert texts_to(shop, SRI) == ["one", "two"]
