"""What a day's messages cost, in segments, and how much of the budget is left for which kind."""

from store.database import Rows
from store.outbox.classes import Class
from store.shop import Transaction


class Purse:
    """The budget of today, while messages are claimed; `close` writes down what was spent."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._day = tx.now.astimezone(tx.settings.zone).date().isoformat()
        spent = tx.value("SELECT segments FROM spending WHERE day = ?", (self._day,))
        self._before = int(spent or 0)
        self._now = 0

    def has(self, of_kind: Class, segments: int) -> bool:
        """Whether a message of this kind may still leave today."""
        if of_kind.budget is None:
            return True
        most = self._tx.settings.sms_daily_budget * of_kind.budget
        return self._before + self._now + segments <= most

    def spend(self, segments: int) -> None:
        """A message of so many segments leaves."""
        self._now += segments

    def close(self) -> None:
        """Writes down what was spent."""
        self._tx.execute(
            "INSERT INTO spending (day, segments) VALUES (:day, :segments)"
            " ON CONFLICT (day) DO UPDATE SET segments = spending.segments + excluded.segments",
            {"day": self._day, "segments": self._now},
        )


def costs(tx: Transaction, since: str) -> Rows:
    """What providers state that messages since then cost: by provider and currency, the number of
    attempts, their segments, and `amount` in ten-thousandths of the currency."""
    return tx.rows(
        "SELECT provider, currency, COUNT(*) AS attempts, SUM(segments) AS segments,"
        " SUM(amount) AS amount FROM attempts WHERE started_at >= ?"
        " GROUP BY provider, currency ORDER BY provider, currency",
        (since,),
    )
