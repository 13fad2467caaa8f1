"""Days as people here count them, holidays among them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.calendar import add_working_time, end_of_day, is_working_day
from store.clock import to_text

LOMBOK = ZoneInfo("Asia/Makassar")
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


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
        ("over Christmas, a Friday", "12-24 09:00", timedelta(days=1), "12-28 09:00"),
        ("begun on Independence Day", "08-17 10:00", timedelta(hours=5), "08-18 05:00"),
        ("over the Day of Silence and Eid", "03-18 12:00", timedelta(days=2), "03-23 12:00"),
        ("nothing", "11-23 09:00", timedelta(), "11-23 09:00"),
    ],
)
def test_only_working_days_count(why: str, start: str, span: timedelta, end: str) -> None:
    assert add_working_time(local(start), span, LOMBOK, "ID") == local(end), why


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=30)))
def test_working_time_is_never_shorter_than_time(start: datetime, span: timedelta) -> None:
    assert add_working_time(start, span, LOMBOK, "ID") - start >= span


def test_a_day_ends_at_local_midnight() -> None:
    assert to_text(end_of_day(date(2026, 11, 23), LOMBOK)) == "2026-11-23T16:00:00.000000Z"


def test_where_no_holidays_are_known_the_week_counts() -> None:
    assert is_working_day(date(2026, 8, 17), "XX")
    assert not is_working_day(date(2026, 8, 17), "ID")
    assert not is_working_day(date(2026, 8, 16), "XX")
