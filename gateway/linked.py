"""A thread that keeps a link listened to: begins again when it is lost, after growing waits."""

import logging
import random
import threading
import time

from gateway.providers import Linked, Take
from gateway.trouble import Trouble

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
"""Seconds before a lost link is tried again; the wait doubles, and each is up to a half longer, so
that many workers do not come back at the same moment."""

SETTLED = 30.0
"""A link that held for so many seconds is tried again after the first wait."""

_log = logging.getLogger(__name__)


class LinkKeeper(threading.Thread):
    """Calls `provider.run` for as long as the process lives."""

    def __init__(self, name: str, provider: Linked, take: Take) -> None:
        super().__init__(name=name, daemon=True)
        self._provider = provider
        self._take = take
        self._stopping = threading.Event()
        self._trouble = Trouble(_log, f"{name}: the link is back")

    def run(self) -> None:
        wait = FIRST_WAIT
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._provider.run(self._take, self._stopping)
                why = "it ended"
            except Exception as error:  # whatever it is, the link has to come back
                why = f"{type(error).__name__}: {error}"
            if self._stopping.is_set():
                return
            if time.monotonic() - began > SETTLED:
                wait = FIRST_WAIT
                self._trouble.is_over()
            self._trouble.met(f"{self.name}: the link is lost, and is tried again", why)
            self._stopping.wait(wait * (1 + random.random() / 2))
            wait = min(wait * 2, LONGEST_WAIT)

    def stop(self) -> None:
        """Lets the link go."""
        self._stopping.set()
