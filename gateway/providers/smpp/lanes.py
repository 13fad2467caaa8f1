"""A few threads that share the work, each phone's in its order."""

import logging
import queue
import threading
import zlib
from collections.abc import Callable

from store.errors import traced

_log = logging.getLogger(__name__)

Work = Callable[[], None]


class Full(Exception):
    """Too much waits."""


class Lanes:
    """What is put under one key is done in its order, one after the other.

    The threads start with the first piece of work and end with the process.
    """

    def __init__(self, count: int, longest: int) -> None:
        self._lanes: list[queue.Queue[Work]] = [queue.Queue(longest) for _ in range(count)]
        self._starting = threading.Lock()
        self._started = False

    def put(self, key: str, work: Work) -> None:
        """Has the work done, and returns at once. Raises Full."""
        self._start()
        try:
            self._lanes[zlib.crc32(key.encode()) % len(self._lanes)].put_nowait(work)
        except queue.Full:
            raise Full from None

    def _start(self) -> None:
        with self._starting:
            if self._started:
                return
            self._started = True
        for number, lane in enumerate(self._lanes):
            name = f"smpp {number}"
            threading.Thread(target=_do_all, args=(lane,), name=name, daemon=True).start()


def _do_all(lane: "queue.Queue[Work]") -> None:
    while True:
        work = lane.get()
        try:
            work()
        except Exception as error:
            _log.error("what the SMSC sent could not be worked on\n%s", traced(error))
