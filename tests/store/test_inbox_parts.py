"""Long messages: however their parts come, the whole text is there once; or its sender is told."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from store import inbox, limits, sealing
from store.inbox import Part, Received
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, run_timers, texts_to

BUY = ("BELI 117 2, mohon ", "diantar ke ", "rumah Inaq Sri")


def bring(
    shop: Shop,
    number: int,
    texts: Sequence[str] = BUY,
    *,
    reference: str = "4D",
    msisdn: str = SRI,
    again: str = "",
) -> bool:
    """One part comes; `again`: its provider calls it otherwise this time."""
    part = Part(reference, number, len(texts))
    external_id = f"{msisdn} {reference} {hash(texts):x} {number}{again}"
    with shop.write() as tx:
        return inbox.keep(tx, Received("modem", external_id, msisdn, texts[number - 1], part=part))


def wholes(shop: Shop) -> list[str]:
    """The messages that wait to be answered, as they were written."""
    with shop.read() as tx:
        rows = tx.rows("SELECT text FROM inbox WHERE state = 'new' ORDER BY id")
    return [sealing.unseal(shop.settings.pepper, row["text"]) for row in rows]


def wait(shop: Shop, clock: TurnableClock, **span: float) -> None:
    clock.turn(timedelta(**span))
    run_timers(shop)


@pytest.mark.parametrize("order", ["123", "321", "213", "11223", "3132", "12333211"])
def test_in_any_order_and_more_than_once(shop: Shop, clock: TurnableClock, order: str) -> None:
    for number in order:
        bring(shop, int(number))
    assert wholes(shop) == ["".join(BUY)]
    wait(shop, clock, minutes=5)
    assert texts_to(shop, SRI) == []
    assert wholes(shop) == ["".join(BUY)]


@pytest.mark.parametrize("again", ["", "!"], ids=["by the same id", "by another id"])
def test_a_part_that_comes_again_after_the_last_is_not_waited_for(
    shop: Shop, clock: TurnableClock, again: str
) -> None:
    for number in (1, 2, 3):
        assert bring(shop, number)
    wait(shop, clock, minutes=4)
    for number in (2, 1, 3):
        assert not bring(shop, number, again=again)
    wait(shop, clock, minutes=20)
    assert texts_to(shop, SRI) == []
    assert wholes(shop) == ["".join(BUY)]


def test_all_that_come_again_much_later_are_known_by_the_first(
    shop: Shop, clock: TurnableClock
) -> None:
    for number in (1, 2, 3):
        bring(shop, number)
    wait(shop, clock, hours=1)
    for number in (3, 2, 1):
        bring(shop, number)
    assert wholes(shop) == ["".join(BUY)]


def test_workers_are_called_to_the_whole_only(shop: Shop) -> None:
    called: list[frozenset[str]] = []
    shop.on_commit = called.append
    for number in (1, 3, 1, 2, 2):
        bring(shop, number)
    assert called == [{"inbox"}]


def test_of_one_that_stays_incomplete_its_sender_is_told_once(
    shop: Shop, clock: TurnableClock
) -> None:
    bring(shop, 1)
    wait(shop, clock, minutes=4)
    bring(shop, 3)
    wait(shop, clock, minutes=4)
    assert texts_to(shop, SRI) == [], "the wait begins anew with each part"
    wait(shop, clock, minutes=1)
    assert texts_to(shop, SRI) == ["message_incomplete"]
    wait(shop, clock, hours=1)
    assert texts_to(shop, SRI) == ["message_incomplete"]
    with shop.read() as tx:
        assert tx.rows("SELECT * FROM parts") == []
        assert tx.rows("SELECT * FROM timers") == []


@pytest.mark.parametrize(
    ("reference", "other"), [("4D", "4E"), ("4D", "004D"), ("a|b", "a"), ("x|2", "x")]
)
def test_two_long_messages_at_once(
    shop: Shop, clock: TurnableClock, reference: str, other: str
) -> None:
    stock = ("STOK 117 ", "40")
    sell = ("JUAL beras medium#", "12rb/kg#50")
    bring(shop, 2, stock, reference=reference)
    bring(shop, 1, sell, reference=other)
    bring(shop, 1, stock, reference=reference, msisdn=BUDI)
    bring(shop, 2, sell, reference=other)
    bring(shop, 1, stock, reference=reference)
    assert wholes(shop) == ["".join(sell), "".join(stock)]
    wait(shop, clock, minutes=5)
    assert texts_to(shop, SRI) == []
    assert texts_to(shop, BUDI) == ["message_incomplete"]


def test_a_phone_that_uses_a_reference_again_has_written_again(
    shop: Shop, clock: TurnableClock
) -> None:
    """Some use the same for every message; of the first the last part may never have come."""
    for texts in (("BELI 117 ", "2"), ("BELI 118 ", "3")):
        for number in (1, 2):
            bring(shop, number, texts)
    bring(shop, 1, ("CARI ", "beras"))
    for number in (1, 2):
        bring(shop, number, ("BELI 119 ", "4"))
    assert wholes(shop) == ["BELI 117 2", "BELI 118 3", "BELI 119 4"]


@pytest.mark.parametrize(("number", "total"), [(1, 1), (0, 2), (3, 2), (1, 0), (-1, -1)])
def test_what_can_be_no_part_is_a_message(shop: Shop, number: int, total: int) -> None:
    with shop.write() as tx:
        inbox.keep(tx, Received("modem", "1", SRI, "BANTU", part=Part("4D", number, total)))
    assert wholes(shop) == ["BANTU"]


def test_the_whole_is_no_longer_than_any_other(shop: Shop) -> None:
    texts = tuple(letter * 153 for letter in "abcdefghijklmno")
    for number in range(1, 16):
        bring(shop, number, texts)
    assert wholes(shop) == ["".join(texts)[: limits.SMS_TEXT]]


def test_parts_are_sealed(shop: Shop) -> None:
    bring(shop, 1, ("SERAH 10019 48217 ", "terima kasih"))
    with shop.read() as tx:
        kept = repr(tx.rows("SELECT * FROM parts"))
    assert "48217" not in kept
    assert "SERAH" not in kept


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[tuple[str, ...], list[int]]:
    """The texts of the parts, and the order in which these come, each once or more often."""
    texts = draw(st.lists(st.text(max_size=8), min_size=2, max_size=6, unique=True))
    numbers = list(range(1, len(texts) + 1))
    repeated = draw(st.lists(st.sampled_from(numbers), max_size=8))
    return tuple(texts), draw(st.permutations([*numbers, *repeated]))


@given(arrivals())
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_whole_text_comes_exactly_once(
    shop: Shop, clock: TurnableClock, arriving: tuple[tuple[str, ...], list[int]]
) -> None:
    with shop.write() as tx:
        for table in ("inbox", "parts", "outbox", "timers"):
            tx.execute(f"DELETE FROM {table}")
    texts, numbers = arriving
    for number in numbers:
        bring(shop, number, texts)
    assert wholes(shop) == ["".join(texts)]
    wait(shop, clock, minutes=5)
    assert texts_to(shop, SRI) == []
    with shop.read() as tx:
        assert tx.rows("SELECT * FROM parts") == []
