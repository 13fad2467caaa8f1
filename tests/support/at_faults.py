"""What can go wrong at the provider: a fault is asked in its turn and says yes or no."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

Fault = Callable[[], bool]


def never() -> bool:
    return False


def always() -> bool:
    return True


def first(n: int) -> Fault:
    """The first n times it is asked, then never again."""
    counter = itertools.count()
    return lambda: next(counter) < n


def every(n: int) -> Fault:
    """The n-th time it is asked, the 2n-th, and so on."""
    counter = itertools.count(1)
    return lambda: next(counter) % n == 0


def pattern(*flags: bool) -> Fault:
    """As listed, one flag a time, then never again."""
    left = iter(flags)
    return lambda: next(left, False)


def chance(p: float, rng: random.Random) -> Fault:
    """With probability p, 0 to 1."""
    return lambda: rng.random() < p


@dataclass(frozen=True)
class Faults:
    """What goes wrong with sends; nothing by default.

    A send asks its faults in the order below and stops at the first that refuses it, so
    `lost_answer=first(3)` counts accepted sends only. Fetching incoming messages has no faults.
    """

    error_500: Fault = never  # refused
    throttled_429: Fault = never  # refused
    hang: Fault = never  # no answer for hang_seconds, then the connection is closed
    hang_for: Collection[str] = frozenset()  # numbers that always hang
    hang_seconds: float = 30.0
    hang_accepts: bool = False  # whether the hanging send is accepted all the same
    bad_sender: Fault = never  # 201, but nobody is sent anything
    blacklisted: Collection[str] = frozenset()  # numbers; refused one by one inside a good answer
    slow: Fault = never  # accepted, answered after slow_seconds
    slow_seconds: float = 1.0
    lost_answer: Fault = never  # accepted, then the connection is closed without an answer
    reports: Literal["none", "once", "twice"] = "once"  # of the final status, for each recipient
    report_status: str = "Success"
    report_delay: float = 0.0  # seconds after the answer
    reports_early: Fault = never  # posted before the send is answered, whatever report_delay
    reports_shuffled: Fault = never  # a late report "Sent" follows the final ones
    minimal_reports: Fault = never  # only id and status; asked once a recipient

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if callable(getattr(type(self), name)) and not callable(value):
                raise TypeError(f"{name} is a fault: give it always, first(3) …, not {value!r}")
