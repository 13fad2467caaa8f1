"""The same message by callback and fetched: answered once, and what was written twice, twice."""

from datetime import UTC, datetime, timedelta

import pytest

from settings import Settings
from store import inbox
from store.inbox import Received
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, open_shop

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""When the clock begins."""


def keep(
    shop: Shop,
    external_id: str,
    text: str = "BELI 117 2",
    *,
    at: float | None = 0,
    provider: str = "at",
    msisdn: str = SRI,
) -> bool:
    """Keeps what came, by callback or, with an id of digits, fetched; `at` seconds after nine."""
    sent_at = None if at is None else NINE + timedelta(seconds=at)
    received = Received(
        provider, external_id, msisdn, text, sent_at, fetched=external_id.isdecimal()
    )
    with shop.write() as tx:
        return inbox.keep(tx, received)


def kept(shop: Shop) -> list[tuple[str, str | None, str]]:
    with shop.read() as tx:
        rows = tx.rows("SELECT external_id, twin, state FROM inbox ORDER BY id")
    return [tuple(row.values()) for row in rows]


@pytest.mark.parametrize(
    "way", [("a", "1"), ("1", "a")], ids=["called back first", "fetched first"]
)
def test_the_same_by_both_ways_is_one(shop: Shop, way: tuple[str, str]) -> None:
    first, second = way
    assert keep(shop, first)
    for _ in range(3):
        assert not keep(shop, second)
        assert not keep(shop, first)
    assert kept(shop) == [(first, second, "new")]


def test_spaces_around_make_no_other(shop: Shop) -> None:
    assert keep(shop, "a", "BELI 117 2 ")
    assert not keep(shop, "1", "BELI 117 2")


@pytest.mark.parametrize(
    "comes",
    ["a b 1 2", "1 2 a b", "a 1 b 2", "1 a 2 b", "a 1 2 b", "1 a b 2", "a b 2 1"],
)
def test_what_was_written_twice_is_two(shop: Shop, comes: str) -> None:
    news = [keep(shop, external_id) for external_id in comes.split()]
    assert sum(news) == 2
    rows = kept(shop)
    assert sorted(str(each) for row in rows for each in row[:2]) == ["1", "2", "a", "b"]


@pytest.mark.parametrize(
    "comes",
    ["a 1 2 a b", "a 1 2 1 b", "1 a b 1 2", "1 a b a 2", "a a 1 1 2 2 a 1 b b"],
)
def test_one_that_comes_again_takes_nobodys_twin(shop: Shop, comes: str) -> None:
    """A callback is repeated after its twin was found; then comes the one that is still missing."""
    news = [keep(shop, external_id) for external_id in comes.split()]
    assert sum(news) == 2, kept(shop)


@pytest.mark.parametrize(
    ("apart", "one"), [(0, True), (90, True), (-90, True), (91, False), (-91, False)]
)
def test_how_far_apart_they_may_be_dated(shop: Shop, apart: int, one: bool) -> None:
    assert keep(shop, "a")
    assert keep(shop, "1", at=apart) is not one


def test_of_others_there_is_no_twin(shop: Shop) -> None:
    assert keep(shop, "a")
    assert keep(shop, "1", provider="other")
    assert keep(shop, "2", msisdn=BUDI)
    assert keep(shop, "3", "BELI 117 3")
    assert keep(shop, "b"), "another callback is another message"
    assert not keep(shop, "4")


def test_without_a_date_nobody_can_tell(shop: Shop) -> None:
    assert keep(shop, "a", at=None)
    assert keep(shop, "1")
    assert keep(shop, "b", at=None)


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_a_date_that_cannot_be_is_none(shop: Shop, year: int) -> None:
    sent_at = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=364 if year > 5000 else 0)
    with shop.write() as tx:
        assert inbox.keep(tx, Received("at", "1", SRI, "YA", sent_at, fetched=True))
        assert inbox.keep(tx, Received("at", "a", SRI, "YA", sent_at))
    assert [state for *_, state in kept(shop)] == ["new", "new"]


@pytest.mark.parametrize(
    ("hours", "fetched", "state"),
    [(11.9, True, "new"), (12.1, True, "old"), (12.1, False, "new"), (-30, True, "new")],
)
def test_only_what_we_found_late_is_not_answered(
    shop: Shop, hours: float, fetched: bool, state: str
) -> None:
    assert keep(shop, "1" if fetched else "a", at=-hours * 3600)
    assert [row[2] for row in kept(shop)] == [state]


def test_the_callback_of_one_that_was_found_late_is_not_answered_either(
    shop: Shop, clock: TurnableClock
) -> None:
    clock.turn(hours=13)
    assert keep(shop, "1")
    assert not keep(shop, "a")
    assert kept(shop) == [("1", "a", "old")]


def test_a_callback_that_comes_late_is_known_however_soon_an_answer_is_too_late(
    settings: Settings, clock: TurnableClock
) -> None:
    shop = open_shop(settings, clock, answer_within=timedelta(minutes=5))
    assert keep(shop, "1")
    clock.turn(hours=11)
    assert not keep(shop, "a")


def test_one_of_before_there_were_marks_is_known_by_its_sender_and_time(
    shop: Shop, clock: TurnableClock
) -> None:
    """What was answered before the market fetched anything is not answered again when it does."""
    clock.turn(hours=1)
    for external_id in ("a", "b"):
        keep(shop, external_id, f"BELI {external_id}")
    with shop.write() as tx:
        tx.execute("UPDATE inbox SET mark = '', sent_at = NULL")
    clock.turn(minutes=20)
    assert keep(shop, "1", "of another", msisdn=BUDI)
    assert keep(shop, "2", "of long before", at=-12 * 3600)
    assert not keep(shop, "3", "BELI a", at=60)
    assert not keep(shop, "4", "BELI b", at=120)
    assert keep(shop, "5", "BELI c", at=180), "each is the twin of one"
    assert keep(shop, "c", "BELI d", at=180)
