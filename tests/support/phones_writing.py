"""Many phones that write at once, as the network brings their SMS: again and again until each has
its 200."""

import http.client
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.support import payloads

PAUSE = 0.1
"""Seconds before a message that was not taken is brought again."""

LONGEST = 10.0
"""Seconds that an answer may take."""


@dataclass
class Written:
    """One SMS; `answers` has the status of each time it was brought, None for no answer."""

    msisdn: str
    text: str
    external_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    answers: list[int | None] = field(default_factory=list)

    @property
    def was_taken(self) -> bool:
        return 200 in self.answers


class PhonesWriting:
    """`each` SMS of every one of so many phones, by so many connections, with `gap` seconds after
    each that was taken.

    A phone's SMS come one after another, in the order in which they were written. Of those that
    were taken every tenth comes twice, as when its 200 is lost on the way.
    """

    def __init__(
        self, hooks: str, phones: int, each: int, *, connections: int = 40, gap: float = 0.0
    ) -> None:
        self._url = urlsplit(hooks)
        self._gap = gap
        self.longest = 0.0
        """Seconds that the slowest answer took."""
        numbers = [f"+62812345{n:05d}" for n in range(phones)]
        self.of_phone = {
            msisdn: [Written(msisdn, f"CARI zq{n}x{m}") for m in range(each)]
            for n, msisdn in enumerate(numbers)
        }
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(numbers[n::connections],), daemon=True)
            for n in range(connections)
        ]

    @property
    def all(self) -> list[Written]:
        return [written for of_one in self.of_phone.values() for written in of_one]

    @property
    def taken(self) -> list[Written]:
        return [written for written in self.all if written.was_taken]

    @property
    def statuses(self) -> Counter[int | None]:
        """How often each answer was given."""
        return Counter(status for written in self.all for status in written.answers)

    def start(self) -> "PhonesWriting":
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(LONGEST * 2)

    def wait_until_taken(self, seconds: float) -> None:
        """Until all have their 200; fails when that is not so in time."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        left = len(self.all) - len(self.taken)
        assert not left, f"{left} were not taken in {seconds} s; answers: {self.statuses}"

    def _write(self, phones: Sequence[str]) -> None:
        connection: list[http.client.HTTPConnection] = []
        for written in self._in_turn(phones):
            while not self._stopping.is_set():
                written.answers.append(self._bring(connection, written))
                if written.was_taken:
                    break
                time.sleep(PAUSE)
            if written.was_taken and hash(written.external_id) % 10 == 0:
                written.answers.append(self._bring(connection, written))
            time.sleep(self._gap)

    def _in_turn(self, phones: Sequence[str]) -> Iterator[Written]:
        for together in zip(*(self.of_phone[msisdn] for msisdn in phones), strict=True):
            yield from together

    def _bring(self, kept: list[http.client.HTTPConnection], written: Written) -> int | None:
        began = time.monotonic()
        body = payloads.sms(written.msisdn, written.text, written.external_id)
        if not kept:
            assert self._url.hostname
            kept.append(
                http.client.HTTPConnection(self._url.hostname, self._url.port, timeout=LONGEST)
            )
        try:
            kept[0].request("POST", f"{self._url.path}/sms", body, payloads.HEADERS)
            answer = kept[0].getresponse()
            answer.read()
            self.longest = max(self.longest, time.monotonic() - began)
        except (OSError, http.client.HTTPException):
            kept.pop().close()
            return None
        return answer.status


def order_of_answers(of_phone: Sequence[Written], texts: Sequence[str]) -> list[int]:
    """Which of a phone's SMS each of the texts answers, by its place."""
    words = [written.text.removeprefix("CARI ") for written in of_phone]
    return [n for text in texts for n, word in enumerate(words) if f" {word} " in text]
