"""The threads that do waiting work: none is lost, and nothing but a call to stop ends them."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gateway import drain as module
from gateway.drain import Drain
from store.errors import Unavailable
from tests.support.processes import wait_until

NEVER = 600.0
"""Seconds without a sweep: only the bell counts."""


class Work:
    """Pieces to be done, each by a call; a drain's `work`."""

    def __init__(self, pieces: int = 0) -> None:
        self.left = pieces
        self.done = 0
        self.calls = 0
        self.lock = threading.Lock()

    def __call__(self) -> bool:
        with self.lock:
            self.calls += 1
            if not self.left:
                return False
            self.left -= 1
            self.done += 1
            return True


@contextmanager
def running(*drains: Drain) -> Iterator[None]:
    for drain in drains:
        drain.start()
    try:
        yield
    finally:
        for drain in drains:
            drain.stop()
        for drain in drains:
            drain.join(5)
        assert not any(drain.is_alive() for drain in drains)


def soon(what: Callable[[], bool]) -> None:
    wait_until(what, 5)


def test_what_waits_at_the_start_is_done_without_a_ring() -> None:
    work = Work(3)
    with running(Drain("d", work, threading.Event(), NEVER)):
        soon(lambda: work.done == 3)


def test_the_bell_wakes_it() -> None:
    work, bell = Work(), threading.Event()
    with running(Drain("d", work, bell, NEVER)):
        soon(lambda: work.calls == 1)
        work.left = 2
        bell.set()
        soon(lambda: work.done == 2)


def test_it_looks_by_itself_without_the_bell() -> None:
    work = Work()
    with running(Drain("d", work, threading.Event(), 0.1)):
        soon(lambda: work.calls == 1)
        work.left = 2
        soon(lambda: work.done == 2)


def test_idle_it_looks_only_as_often_as_it_should() -> None:
    work = Work()
    began = time.monotonic()
    with running(Drain("d", work, threading.Event(), 0.1)):
        time.sleep(0.55)
    assert 3 <= work.calls <= 2 + (time.monotonic() - began) / 0.1


@pytest.mark.parametrize("error", [ZeroDivisionError("no"), Unavailable("database is locked")])
def test_work_that_raises_does_not_end_it(error: Exception) -> None:
    work = Work(1)
    troubles = [error, error]

    def raising() -> bool:
        if troubles:
            raise troubles.pop()
        return work()

    with running(Drain("d", raising, threading.Event(), 0.05)):
        soon(lambda: work.done == 1)


@pytest.mark.parametrize("error", [ZeroDivisionError("no"), Unavailable("database is locked")])
def test_work_that_keeps_raising_is_left_alone_between_sweeps(error: Exception) -> None:
    calls = []

    def raising() -> bool:
        calls.append(1)
        raise error

    began = time.monotonic()
    with running(Drain("d", raising, threading.Event(), 0.1)):
        time.sleep(0.55)
    assert 3 <= len(calls) <= 2 + (time.monotonic() - began) / 0.1, "no hot loop"


def test_a_trouble_is_told_when_it_begins_and_when_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    errors: list[Exception | None] = [
        *([Unavailable("database is locked")] * 3),
        *([ZeroDivisionError("no")] * 3),
        None,
    ]

    def work() -> bool:
        error = errors.pop(0) if errors else None
        if error:
            raise error
        return False

    with running(Drain("outbox 0", work, threading.Event(), 0.02)):
        soon(lambda: len(caplog.records) >= 3)
    assert [(each.levelname, each.message.split("\n")[0]) for each in caplog.records] == [
        ("WARNING", "outbox 0 waits for the database (database is locked)"),
        ("ERROR", "outbox 0 failed and will try again"),
        ("INFO", "outbox 0 goes on"),
    ]
    assert "Traceback" in caplog.text


def test_stopped_it_ends_the_piece_at_hand_and_begins_no_other() -> None:
    begun, go_on = threading.Event(), threading.Event()
    done = []

    def work() -> bool:
        begun.set()
        go_on.wait(5)
        done.append(1)
        return True

    drain = Drain("d", work, threading.Event(), NEVER)
    drain.start()
    assert begun.wait(5)
    drain.stop()
    drain.join(0.2)
    assert drain.is_alive(), "it must not leave its work in the middle"
    go_on.set()
    drain.join(5)
    assert not drain.is_alive()
    assert len(done) == 1


def test_idle_it_stops_at_once() -> None:
    work = Work()
    drain = Drain("d", work, threading.Event(), NEVER)
    drain.start()
    soon(lambda: work.calls == 1)
    drain.stop()
    drain.join(1)
    assert not drain.is_alive()


class SlowBell(threading.Event):
    """Holds up the drain `late` before it waits, and `early` before it clears the bell."""

    def __init__(self) -> None:
        super().__init__()
        self.late_comes, self.may_wait, self.may_clear = (threading.Event() for _ in range(3))

    def wait(self, timeout: float | None = None) -> bool:
        if threading.current_thread().name == "late":
            self.late_comes.set()
            self.may_wait.wait(5)
        return super().wait(timeout)

    def clear(self) -> None:
        if threading.current_thread().name == "early":
            self.may_clear.wait(5)
        super().clear()


def test_a_call_to_stop_is_not_lost_when_another_clears_the_bell() -> None:
    bell = SlowBell()
    early, late = (Drain(name, lambda: False, bell, NEVER) for name in ("early", "late"))
    early.start()
    late.start()
    assert bell.late_comes.wait(5)
    early.stop()
    late.stop()
    bell.may_clear.set()
    early.join(5)
    bell.may_wait.set()
    late.join(5)
    assert not early.is_alive()
    assert not late.is_alive()


def test_those_that_share_a_bell_share_the_work() -> None:
    bell, together = threading.Event(), threading.Barrier(4, timeout=5)
    work = Work()

    def slow() -> bool:
        if work():
            together.wait()
            return True
        return False

    with running(*(Drain(str(n), slow, bell, NEVER) for n in range(4))):
        soon(lambda: work.calls == 4)
        work.left = 4
        bell.set()
        soon(lambda: work.done == 4)
    assert not together.broken


# What comes at a bad moment


class Coming(Work):
    """Nothing, until at the end of a certain look, when it is over, a piece comes."""

    def __init__(self, bell: threading.Event, at_look: int, *, rings: bool) -> None:
        super().__init__()
        self.bell, self.at_look, self.rings = bell, at_look, rings

    def __call__(self) -> bool:
        found = super().__call__()
        if self.calls == self.at_look:
            self.left = 1
            if self.rings:
                self.bell.set()
        return found


class SweepBell(threading.Event):
    """Lets the first wait end as if the time for a sweep had come."""

    swept = False

    def wait(self, timeout: float | None = None) -> bool:
        if not self.swept:
            self.swept = True
            return False
        return super().wait(timeout)


def is_found(kind: type[Drain], at_look: int, *, rings: bool, sweeps: bool = False) -> bool:
    """Whether it is found soon. Look 1 is at the start; a ring is followed by looks 2 and 3, a
    sweep is look 2."""
    bell = SweepBell() if sweeps else threading.Event()
    work = Coming(bell, at_look, rings=rings)
    with running(kind("d", work, bell, NEVER)):
        if not sweeps:
            soon(lambda: work.calls == 1)
            bell.set()
        until = time.monotonic() + 1.0
        while not work.done and time.monotonic() < until:
            time.sleep(0.02)
    return work.done == 1


@pytest.mark.parametrize("look", [2, 3])
def test_a_ring_during_work_is_not_lost(look: int) -> None:
    assert is_found(Drain, look, rings=True)


def test_a_ring_during_a_sweep_is_not_lost() -> None:
    assert is_found(Drain, 2, rings=True, sweeps=True)


class ClearsLate(Drain):
    """Forgets the rings that came while it was looking."""

    def run(self) -> None:
        self._empty()
        while not self._stopping.is_set():
            self._bell.wait(self._every)
            self._empty()
            self._bell.clear()


def test_twin_that_clears_the_bell_after_looking_would_lose_it() -> None:
    assert not is_found(ClearsLate, 2, rings=True)
    assert not is_found(ClearsLate, 2, rings=True, sweeps=True)


def test_a_ring_that_was_one_with_the_first_is_not_lost() -> None:
    """Rings of one moment are one job, and its worker may have looked before the second came."""
    assert is_found(Drain, 2, rings=False)


def test_twin_without_the_second_look_it_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOGETHER", 100.0)
    assert not is_found(Drain, 2, rings=False)
