"""What is to happen later: rows that a worker finds when they are due.

A timer is known by its kind and subject, so setting it again moves it. Its handler runs in the
transaction that removes it: exactly once, however many workers look.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from store.errors import Unavailable, traced
from store.shop import Shop, Transaction

Handler = Callable[[Transaction, str], None]

HANDLERS: dict[str, Handler] = {}
"""Kind of timer -> what is done, given the subject. Filled by `@timers.handler(kind)`."""

_RETRY = timedelta(minutes=1)
_log = logging.getLogger(__name__)


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Marks the function that runs when a timer of this kind is due."""

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = function
        return function

    return register


def set_timer(tx: Transaction, kind: str, subject: str, due_at: str) -> None:
    """Sets or moves a timer; `due_at` is a moment as the database writes it."""
    tx.execute(
        "INSERT INTO timers (kind, subject, due_at) VALUES (:kind, :subject, :due_at)"
        " ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at, attempts = 0",
        {"kind": kind, "subject": subject, "due_at": due_at},
    )


def hasten(tx: Transaction, kind: str, subject: str, due_at: str) -> None:
    """Moves a timer that is set to an earlier moment; one that is not set, or earlier, stays."""
    tx.execute(
        "UPDATE timers SET due_at = :due_at"
        " WHERE kind = :kind AND subject = :subject AND due_at > :due_at",
        {"kind": kind, "subject": subject, "due_at": due_at},
    )


def put_off(tx: Transaction, kind: str, subject: str, due_at: str) -> None:
    """Moves a timer that is set to a later moment; one that is not set, or later, stays."""
    tx.execute(
        "UPDATE timers SET due_at = :due_at"
        " WHERE kind = :kind AND subject = :subject AND due_at < :due_at",
        {"kind": kind, "subject": subject, "due_at": due_at},
    )


def cancel(tx: Transaction, subject: str, *kinds: str) -> None:
    """Removes the timers of these kinds; it is no fault when there are none."""
    for kind in kinds:
        tx.execute("DELETE FROM timers WHERE kind = ? AND subject = ?", (kind, subject))


def run_next(shop: Shop) -> bool:
    """Runs the timer that is due longest; False when none is due.

    A handler that fails leaves the timer in place for a minute later, and never stops the others.
    Raises Unavailable.
    """
    with shop.read() as tx:
        due = tx.row(
            "SELECT kind, subject FROM timers WHERE due_at <= ? ORDER BY due_at LIMIT 1",
            (tx.moment,),
        )
    if due is None:
        return False
    try:
        with shop.write() as tx:
            # Guarded: it may have been run, moved or cancelled since it was read.
            if tx.execute(
                "DELETE FROM timers WHERE kind = :kind AND subject = :subject AND due_at <= :now",
                {**due, "now": tx.moment},
            ):
                HANDLERS[due["kind"]](tx, due["subject"])
    except Unavailable:
        raise  # no fault of this timer: it stays due
    except Exception as error:
        _log.error("timer %s of %s failed\n%s", due["kind"], due["subject"], traced(error))
        with shop.write() as tx:
            # Guarded as above: one that was moved meanwhile is left alone.
            tx.execute(
                "UPDATE timers SET due_at = :later, attempts = attempts + 1"
                " WHERE kind = :kind AND subject = :subject AND due_at <= :now",
                {**due, "later": tx.later(_RETRY), "now": tx.moment},
            )
    return True
