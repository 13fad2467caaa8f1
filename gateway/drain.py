"""A thread that does waiting work: when the bell rings, and every few seconds without it."""

import logging
import threading
from collections.abc import Callable

from gateway.doorbell import TOGETHER
from gateway.trouble import Trouble
from store.errors import Unavailable

_log = logging.getLogger(__name__)


class Drain(threading.Thread):
    """Calls `work` until it has nothing to do (False), then waits for `bell` or `every` seconds.

    Whatever `work` raises is logged, and it is called again later. Several drains may share a
    bell: a ring wakes them all.
    """

    def __init__(
        self, name: str, work: Callable[[], bool], bell: threading.Event, every: float
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self._bell = bell
        self._every = every
        self._stopping = threading.Event()
        self._trouble = Trouble(_log, f"{name} goes on")

    def run(self) -> None:
        self._empty()
        while not self._stopping.is_set():
            rung = self._bell.wait(self._every)
            self._bell.clear()  # before looking: a ring from here on is for the next look
            self._empty()
            if rung and not self._stopping.wait(TOGETHER * 1.5):
                self._empty()  # a ring that came with the first one was not sent
        self._bell.set()  # the clear() above may have taken another drain's call to stop

    def _empty(self) -> None:
        try:
            while not self._stopping.is_set() and self._work():
                pass
            self._trouble.is_over()
        except Unavailable as error:
            self._trouble.met(f"{self.name} waits for the database", error)
        except Exception as error:
            self._trouble.failed(f"{self.name} failed and will try again", error)

    def stop(self) -> None:
        """Lets the piece of work at hand end, and no other begin."""
        self._stopping.set()
        self._bell.set()
