"""Moments as text, and ids that sort by time."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from store.clock import Ids, SystemClock, from_text, to_text

LOMBOK = ZoneInfo("Asia/Makassar")
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))


@given(MOMENTS)
def test_a_moment_comes_back_from_its_text(moment: datetime) -> None:
    assert from_text(to_text(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_texts_sort_as_moments_do(one: datetime, other: datetime) -> None:
    assert (to_text(one) < to_text(other)) == (one < other)
    assert len(to_text(one)) == len(to_text(other)) == 27


def test_a_local_time_is_written_as_utc() -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=LOMBOK)
    assert to_text(noon) == "2026-11-23T04:00:00.000000Z"


def test_ids_sort_by_time_and_then_by_order() -> None:
    ids = Ids(random.Random(1))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    made = [ids.new(now + timedelta(microseconds=step // 100)) for step in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000
    assert {len(each) for each in made} == {28}


def test_two_processes_hardly_make_the_same_id() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert Ids(random.Random(1)).new(now) != Ids(random.Random(2)).new(now)


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta()
