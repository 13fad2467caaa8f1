"""A link that is listened to in a thread of its own, and what it brought."""

import threading
from typing import Any, Self

from gateway.providers import Event, Linked, LinkUp, Take
from tests.support.processes import wait_until


class Listener:
    """Runs a link until the end of the block; `error` is what it raised.

    `take`: who takes what it brings, if not this listener alone.
    """

    def __init__(self, link: Linked, take: Take | None = None) -> None:
        self.events: list[Any] = []
        self._take = take
        self.error: BaseException | None = None
        self._link = link
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self._link.run(self.take, self._stopping)
        except BaseException as error:
            self.error = error

    def take(self, event: Event) -> str:
        answer = self._take(event) if self._take else ""
        if not isinstance(event, LinkUp):
            self.events.append(event)
        return answer

    def wait_for(self, count: int, seconds: float = 20) -> list[Any]:
        """The events, once there are so many."""
        wait_until(lambda: len(self.events) >= count or self.error, seconds)
        assert self.error is None, repr(self.error)
        return self.events

    def ended(self, seconds: float) -> BaseException | None:
        """What it raised in this time; None if it goes on."""
        self._thread.join(seconds)
        return self.error

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(5)
        assert not self._thread.is_alive(), "it does not let go"
