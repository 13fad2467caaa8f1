"""What was asked of the SMSC and waits for its answer, found by its sequence number.

What must stay true: whatever waits gets exactly one result: the answer, or Silence.
"""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from gateway.providers.smpp.pdus import LAST_SEQUENCE, Pdu

MOST_LATE = 1000
"""Messages whose answer did not come in time and may still come."""

Late = Callable[[Pdu], None]
"""Told of an answer that came after its message had got Silence."""


class Silence(Exception):
    """It was sent, and no answer came."""


@dataclass
class _Waiting:
    future: "Future[Pdu]"
    until: float
    late: Late | None


class Pending:
    """Of one connection. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sequence = itertools.count()
        self._waiting: dict[int, _Waiting] = {}
        self._late: dict[int, Late] = {}

    def add(self, future: "Future[Pdu]", until: float, late: Late | None) -> int:
        """Its sequence number; it waits until `until`, monotonic."""
        with self._lock:
            sequence = next(self._sequence) % LAST_SEQUENCE + 1
            self._waiting[sequence] = _Waiting(future, until, late)
            return sequence

    def withdraw(self, sequence: int) -> bool:
        """It was not sent; False if it has its result already."""
        with self._lock:
            return self._waiting.pop(sequence, None) is not None

    def answered(self, pdu: Pdu) -> None:
        """Gives the answer to whoever waits for it."""
        with self._lock:
            waiting = self._waiting.pop(pdu.sequence, None)
            late = None if waiting else self._late.pop(pdu.sequence, None)
        if waiting:
            waiting.future.set_result(pdu)
        elif late:
            late(pdu)

    def expire(self, now: float) -> None:
        """Gives Silence to those whose time is over."""
        with self._lock:
            over = [n for n, each in self._waiting.items() if each.until <= now]
            silent = {n: self._waiting.pop(n) for n in over}
            self._late.update((n, each.late) for n, each in silent.items() if each.late)
            while len(self._late) > MOST_LATE:
                del self._late[next(iter(self._late))]
        for each in silent.values():
            each.future.set_exception(Silence("no answer in time"))

    def end(self, why: str) -> None:
        """Gives Silence to all: no answer can come any more."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            self._late.clear()
        for each in waiting.values():
            each.future.set_exception(Silence(why))
