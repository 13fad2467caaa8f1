"""The one clock and the one source of chance; both come in from outside.

Times are aware UTC datetimes in Python and text of fixed width in the database, so that they
sort as text: `2026-11-23T04:05:06.789012Z`.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Protocol
from zoneinfo import ZoneInfo

_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def to_text(moment: datetime) -> str:
    """The database's form of a moment."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def from_text(text: str) -> datetime:
    """The moment that `to_text` wrote."""
    return datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)


def add_working_time(start: datetime, span: timedelta, zone: ZoneInfo) -> datetime:
    """`start` plus `span`, in which Saturdays and Sundays of `zone` do not count."""
    moment, left = start, span
    while True:
        local = moment.astimezone(zone)
        midnight = _start_of_day(local.date() + timedelta(days=1), zone)
        if local.weekday() >= 5:
            moment = midnight
        elif midnight - moment >= left:
            return moment + left
        else:
            left -= midnight - moment
            moment = midnight


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The midnight that ends `day` in `zone`, in UTC."""
    return _start_of_day(day + timedelta(days=1), zone)


def _start_of_day(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


class Ids:
    """Text ids, 28 hexadecimal digits, that sort by the time at which one process made them."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._count = count()

    def new(self, now: datetime) -> str:
        """An id for something that happens `now`."""
        micros = int(now.timestamp() * 1_000_000)
        return f"{micros:014x}{next(self._count) & 0xFFFFFF:06x}{self._chance.getrandbits(32):08x}"
