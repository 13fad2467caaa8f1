"""SMS that come in: kept once, answered once, and none holds up the others."""

from collections import Counter
from itertools import chain
from typing import Any

import pytest

from settings import Settings
from store import inbox, limits, outbox
from store.database import Connection
from store.errors import Unavailable
from store.inbox import Received
from store.shop import Shop, Transaction
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, open_shop, plain, texts_to
from tests.support.rivals import in_processes, in_threads
from tests.support.sending import answer_next


def keep(shop: Shop, external_id: str, text: str = "BANTU", *, provider: str = "at") -> bool:
    with shop.write() as tx:
        return inbox.keep(tx, Received(provider, external_id, SRI, text))


def echo(tx: Transaction, received: Received) -> str:
    """An answer that sends the text back, and fails where the text asks for it."""
    outbox.put(tx, received.msisdn, received.text, notice="echo", kind="reply")
    if received.text == "broken":
        raise ZeroDivisionError
    return received.text


def apologise(tx: Transaction, received: Received) -> str:
    outbox.put(tx, received.msisdn, "sorry", notice="sorry", kind="reply")
    return received.text


def fail(tx: Transaction, received: Received) -> str:
    raise ZeroDivisionError


def answer_all(shop: Shop, apology: inbox.Answer = apologise) -> None:
    while answer_next(shop, echo, apology):
        pass


def states(shop: Shop) -> Counter[str]:
    with shop.read() as tx:
        return Counter(row["state"] for row in tx.rows("SELECT state FROM inbox"))


def test_messages_are_answered_in_their_order(shop: Shop) -> None:
    for n in range(3):
        keep(shop, str(n), f"text {n}")
    answer_all(shop)
    assert texts_to(shop, SRI) == ["text 0", "text 1", "text 2"]
    assert states(shop) == {"answered": 3}


def test_a_message_that_comes_again_is_answered_once(shop: Shop) -> None:
    assert keep(shop, "1", "first")
    assert not keep(shop, "1", "first")
    answer_all(shop)
    assert not keep(shop, "1", "first")
    answer_all(shop)
    assert texts_to(shop, SRI) == ["first"]


def test_an_id_is_its_providers_own(shop: Shop) -> None:
    assert keep(shop, "1", provider="at")
    assert keep(shop, "1", provider="simulator")


def test_the_same_message_from_many_threads_is_kept_once(shop: Shop) -> None:
    assert sorted(in_threads([lambda: keep(shop, "1")] * 8)) == [False] * 7 + [True]


def test_workers_are_called_to_new_messages_only(shop: Shop) -> None:
    called: list[frozenset[str]] = []
    shop.on_commit = called.append
    keep(shop, "1")
    keep(shop, "1")
    assert called == [{"inbox"}]


def test_a_very_long_text_is_cut(shop: Shop) -> None:
    keep(shop, "1", "x" * 5000)
    answer_all(shop)
    assert texts_to(shop, SRI) == ["x" * limits.SMS_TEXT]


def test_an_answer_that_fails_leaves_nothing_behind(shop: Shop) -> None:
    keep(shop, "1", "broken")
    assert answer_next(shop, echo, apologise)
    assert texts_to(shop, SRI) == []
    assert states(shop) == {"new": 1}


def test_it_is_tried_three_times_and_then_apologised_for(shop: Shop, clock: TurnableClock) -> None:
    keep(shop, "1", "broken")
    tried = []

    def count(tx: Transaction, received: Received) -> None:
        tried.append(received.text)
        fail(tx, received)

    for _ in range(6):
        while answer_next(shop, count, apologise):
            pass
        clock.turn(seconds=10)
    assert len(tried) == inbox.MOST_ATTEMPTS == 3
    assert texts_to(shop, SRI) == ["sorry"]
    assert states(shop) == {"failed": 1}


def test_one_that_cannot_even_be_apologised_for_is_set_aside(
    shop: Shop, clock: TurnableClock
) -> None:
    keep(shop, "1", "broken")
    for _ in range(4):
        answer_all(shop, fail)
        clock.turn(seconds=10)
    assert states(shop) == {"failed": 1}
    assert not answer_next(shop, echo, fail)


def test_others_are_not_held_up(shop: Shop, clock: TurnableClock) -> None:
    for n, text in enumerate(["broken", "one", "broken", "two"]):
        keep(shop, str(n), text)
    answer_all(shop)
    assert texts_to(shop, SRI) == ["one", "two"]
    assert states(shop) == {"new": 2, "answered": 2}


def test_an_outage_is_not_the_messages_fault(shop: Shop) -> None:
    def unavailable(tx: Transaction, received: Received) -> None:
        raise Unavailable("the disk is full")

    keep(shop, "1", "hello")
    for _ in range(5):
        with pytest.raises(Unavailable):
            answer_next(shop, unavailable, apologise)
    answer_all(shop)  # at once, with all its tries
    assert texts_to(shop, SRI) == ["hello"]


def test_effect_and_mark_are_one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash after the effect, before the mark, takes back the effect."""
    keep(shop, "1", "hello")
    execute = Connection.execute

    def until_the_mark(self: Connection, sql: str, values: Any = ()) -> int:
        if sql.startswith("UPDATE inbox SET state"):
            raise KeyboardInterrupt
        return execute(self, sql, values)

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "execute", until_the_mark)
        with pytest.raises(KeyboardInterrupt):
            answer_next(shop, echo, apologise)
    assert texts_to(shop, SRI) == []
    answer_all(shop)
    assert texts_to(shop, SRI) == ["hello"]


def answer_in(settings: Settings) -> list[str]:
    """Answers until nothing waits; the texts."""
    answered: list[str] = []

    def note(tx: Transaction, received: Received) -> str:
        outbox.put(tx, BUDI, received.text, notice="echo", kind="reply")
        answered.append(received.text)
        return received.text

    shop = Shop(settings, plain)
    while answer_next(shop, note, apologise):
        pass
    return answered


def test_a_text_is_sealed_until_its_answer_says_what_may_be_kept(shop: Shop) -> None:
    def texts() -> list[str]:
        with shop.read() as tx:
            return [row["text"] for row in tx.rows("SELECT text FROM inbox")]

    keep(shop, "1", "SERAH 10019 58213")
    (sealed,) = texts()
    assert "SERAH" not in sealed
    assert "58213" not in sealed
    answer_next(shop, lambda _, received: received.text.replace("58213", "*****"), fail)
    assert texts() == ["SERAH 10019 *****"]


def test_no_two_threads_answer_the_same(shop: Shop) -> None:
    for n in range(30):
        keep(shop, str(n), str(n))
    settings = shop.settings
    answered = in_threads([lambda: answer_in(settings)] * 4)
    assert sorted(chain(*answered), key=int) == [str(n) for n in range(30)]


@pytest.mark.slow
def test_no_two_processes_answer_the_same(settings: Settings) -> None:
    shop = open_shop(settings)
    for n in range(40):
        keep(shop, str(n), str(n))
    answered = in_processes(answer_in, [(settings,)] * 4)
    assert sorted(chain(*answered), key=int) == [str(n) for n in range(40)]
    assert len(texts_to(shop, BUDI)) == 40
