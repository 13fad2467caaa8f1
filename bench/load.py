"""Keeps a number of connections busy from one thread, with as little work as can be.

The next hop of a connection is posted when its last answer has come, so the number of connections
is the number of requests under way.
"""

import selectors
import socket
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

from bench.journey import STEPS, Hop, Script

PATIENCE = 10.0
"""Seconds in which some answer must come."""


class Broken(Exception):
    """The server did not answer as HTTP servers do."""


class Caller:
    """A script and the hop that it wants to post next; it outlives its connections."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.hop: Hop = next(script)

    def hear(self, text: str) -> None:
        """The answer to the hop. Raises WrongScreen."""
        self.hop = self._script.send(text)


@dataclass(frozen=True)
class Target:
    """Where hops are posted."""

    port: int
    path: str

    @property
    def head(self) -> bytes:
        """The request as far as the length of its form."""
        return (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            "User-Agent: at-ussd-api/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: "
        ).encode()


@dataclass(frozen=True)
class Round:
    """What one round measured: answers a second, and seconds to the answer, by step."""

    per_second: float
    seconds: list[list[float]]

    def percentile(self, share: float, step: int | None = None) -> float:
        """The time within which this share of the answers came, of one step or of all."""
        steps = self.seconds if step is None else [self.seconds[step]]
        times = sorted(taken for step_times in steps for taken in step_times)
        return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0


class _Line:
    """One kept-open connection."""

    def __init__(self, target: Target, caller: Caller) -> None:
        self.caller = caller
        self.sent_at = 0.0
        self._head = target.head
        self._heard = b""
        self.socket = socket.create_connection(("127.0.0.1", target.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)

    def post(self) -> None:
        form = self.caller.hop.form
        request = b"%b%d\r\n\r\n%b" % (self._head, len(form), form)
        self.sent_at = time.perf_counter()
        if self.socket.send(request) != len(request):
            raise Broken("the server takes no more")

    def hear(self) -> str | None:
        """The text of the answer, once it is all here."""
        part = self.socket.recv(65536)
        if not part:
            raise Broken(f"the server hung up after {self._heard!r}")
        self._heard += part
        head, end, body = self._heard.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return None
        if not head.startswith(b"HTTP/1.1 200 "):
            raise Broken(self._heard.decode(errors="replace"))
        self._heard = b""
        return body.decode()


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    if not found:
        raise Broken(f"no length in {head!r}")
    return int(rest.partition(b"\r\n")[0])


def _answers(lines: Sequence[_Line]) -> Generator[tuple[_Line, str], None, None]:
    """Posts the first hop of each line, and gives its answers as they come, for whoever asks to
    post the next. Closes the lines at the end. Raises Broken, OSError."""
    with selectors.DefaultSelector() as selector:
        try:
            for line in lines:
                selector.register(line.socket, selectors.EVENT_READ, line)
            for line in lines:
                line.post()
            while ready := selector.select(PATIENCE):
                for key, _ in ready:
                    text = key.data.hear()
                    if text is not None:
                        yield key.data, text
            raise Broken(f"no answer in {PATIENCE:g} seconds")
        finally:
            for line in lines:
                line.socket.close()


def pour(target: Target, scripts: Sequence[Script]) -> None:
    """Lets each script go on, on a connection of its own, until it ends. Raises as `drive` does."""
    under_way = len(scripts)
    lines = [_Line(target, Caller(script)) for script in scripts]
    with closing(_answers(lines)) as answers:
        for line, text in answers:
            try:
                line.caller.hear(text)
                line.post()
            except StopIteration:
                under_way -= 1
                if not under_way:
                    return


def drive(target: Target, callers: Sequence[Caller], seconds: float, warm_up: float) -> Round:
    """Lets each caller go on for so many seconds, of which `warm_up` more come first uncounted.

    Each caller's last hop is answered when it ends. Raises WrongScreen, Broken, OSError.
    """
    taken: list[list[float]] = [[] for _ in STEPS]
    answered, under_way = 0, len(callers)
    lines = [_Line(target, caller) for caller in callers]
    counted_from = time.perf_counter() + warm_up
    until = counted_from + seconds
    with closing(_answers(lines)) as answers:
        for line, text in answers:
            now = time.perf_counter()
            caller = line.caller
            if line.sent_at >= counted_from:
                taken[caller.hop.step].append(now - line.sent_at)
            if counted_from <= now < until:
                answered += 1
            caller.hear(text)
            if now < until:
                line.post()
                continue
            under_way -= 1
            if not under_way:
                break
    return Round(answered / seconds, taken)
