"""The one clock and the one source of chance; both come in from outside.

Times are aware UTC datetimes in Python and text of fixed width in the database, so that they
sort as text: `2026-11-23T04:05:06.789012Z`.
"""

import random
from datetime import UTC, datetime
from itertools import count
from typing import Protocol

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


class Ids:
    """Text ids, 28 hexadecimal digits, that sort by the time at which one process made them."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._count = count()

    def new(self, now: datetime) -> str:
        """An id for something that happens `now`."""
        number, chance = next(self._count) & 0xFFFFFF, self._chance.getrandbits(32)
        return f"{first_id(now)}{number:06x}{chance:08x}"


def first_id(moment: datetime) -> str:
    """What sorts between the ids of what happened before, and of what happened from then on."""
    return f"{int(moment.timestamp() * 1_000_000):014x}"
