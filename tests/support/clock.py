"""A clock to turn."""

from datetime import UTC, datetime, timedelta


class TurnableClock:
    """Stands still until it is turned; begins on a Monday morning."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        """The time it shows."""
        return self._now

    def turn(self, span: timedelta | None = None, **parts: float) -> None:
        """Moves it on by `span`, or by `hours=…`, `days=…`."""
        self._now += span or timedelta(**parts)
