"""Moments as text, working time, and ids that sort by time."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.clock import Ids, SystemClock, add_working_time, end_of_day, from_text, to_text

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


def local(text: str) -> datetime:
    """A moment in Lombok in 2026; 23 November is a Monday."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=LOMBOK)


@pytest.mark.parametrize(
    ("why", "start", "span", "end"),
    [
        ("within the week", "11-23 09:00", timedelta(days=2), "11-25 09:00"),
        ("over a weekend", "11-26 15:00", timedelta(days=2), "11-30 15:00"),
        ("from Friday noon", "11-27 12:00", timedelta(days=2), "12-01 12:00"),
        ("up to the end of Friday", "11-26 00:00", timedelta(days=2), "11-28 00:00"),
        ("begun on a Saturday", "11-28 10:00", timedelta(hours=5), "11-30 05:00"),
        ("begun on a Sunday evening", "11-29 23:59", timedelta(days=1), "12-01 00:00"),
        ("a few hours", "11-27 23:00", timedelta(hours=2), "11-30 01:00"),
        ("nothing", "11-23 09:00", timedelta(), "11-23 09:00"),
    ],
)
def test_saturdays_and_sundays_do_not_count(
    why: str, start: str, span: timedelta, end: str
) -> None:
    assert add_working_time(local(start), span, LOMBOK) == local(end), why


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=30)))
def test_working_time_is_never_shorter_than_time(start: datetime, span: timedelta) -> None:
    assert add_working_time(start, span, LOMBOK) - start >= span


def test_a_day_ends_at_local_midnight() -> None:
    assert to_text(end_of_day(date(2026, 11, 23), LOMBOK)) == "2026-11-23T16:00:00.000000Z"


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
