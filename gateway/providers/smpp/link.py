"""One connection to the SMSC, bound as a transceiver.

What must stay true: PDUs leave whole, one after the other; NotSent is raised only for what the SMSC
cannot have; no more messages wait for answers than the window allows.
"""

import logging
import select
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from gateway.providers.smpp import pdus, statuses
from gateway.providers.smpp.pdus import NotSmpp, Pdu
from gateway.providers.smpp.pending import Late, Pending
from settings import Settings

_log = logging.getLogger(__name__)

TICK = 0.1
"""Seconds between looks at the clock while nothing comes."""

CONNECT_WITHIN = 5.0
LAST_WORDS = 0.5
"""Seconds that an SMSC has for its answer to our good-bye."""


class LinkLost(Exception):
    """The connection is lost, or was never made; the text says why."""


class NotSent(Exception):
    """The SMSC cannot have got this. `busy`: because the window is full."""

    def __init__(self, why: str, *, busy: bool = False) -> None:
        super().__init__(why)
        self.busy = busy


@dataclass
class Link:
    """`deliver` is called with each deliver_sm, in the thread that listens, and must not wait."""

    settings: Settings
    deliver: Callable[["Link", Pdu], None]
    bound_at: float = 0.0
    _socket: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self._stream = bytearray()
        self._sending = threading.Lock()
        self._window = threading.BoundedSemaphore(self.settings.smpp_window)
        self._pending = Pending()
        self._lost: str | None = None
        self._answer_within = self.settings.smpp_answer_within.total_seconds()

    # Before and after

    def bind(self, stopping: threading.Event) -> None:
        """Connects and binds. Raises LinkLost."""
        settings = self.settings
        try:
            self._socket = socket.create_connection(
                (settings.smpp_host, settings.smpp_port),
                timeout=min(CONNECT_WITHIN, self._answer_within),
            )
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise LinkLost(f"cannot connect: {error}") from None
        self.bound_at = time.time()  # before the answer, which may have messages behind it
        answer = self._ask(
            "bind_transceiver",
            system_id=settings.smpp_system_id,
            password=settings.smpp_password,
            system_type=settings.smpp_system_type,
            interface_version=0x34,
        )
        while not answer.done():
            if stopping.is_set():
                return
            self._listen_once()
        if silence := answer.exception():
            raise LinkLost(f"bind not answered: {silence}")
        if status := answer.result().status:
            raise LinkLost(f"bind refused with status 0x{status:x}")

    def listen(self, stopping: threading.Event) -> None:
        """Reads what comes until `stopping` is set. Raises LinkLost."""
        every = self.settings.smpp_enquire_every.total_seconds()
        asked: Future[Pdu] | None = None
        next_at = time.monotonic() + every
        while not stopping.is_set():
            self._listen_once()
            if asked and asked.done():
                if silence := asked.exception():
                    raise LinkLost(f"enquire_link not answered: {silence}")
                asked = None
            if asked is None and time.monotonic() >= next_at:
                asked = self._ask("enquire_link")
                next_at = time.monotonic() + every
        self._say_good_bye()

    def _say_good_bye(self) -> None:
        until = time.monotonic() + LAST_WORDS
        try:
            answer = self._ask("unbind")
            while not answer.done() and time.monotonic() < until:
                self._listen_once()
        except LinkLost:
            pass  # it is over either way

    def close(self, why: str) -> None:
        """Lets go, and tells all who wait for an answer."""
        self._lost = self._lost or why
        if hasattr(self, "_socket"):
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other side was first
            self._socket.close()
        self._pending.end(why)

    # Sending

    def submit(
        self, fields: dict[str, Any], until: float, late: Late | None = None
    ) -> "Future[Pdu]":
        """Sends a submit_sm; the answer comes in the future, or Silence at `until`, monotonic.

        An answer that comes after that is told to `late`. Raises NotSent.
        """
        if not self._window.acquire(timeout=max(0.0, until - time.monotonic())):
            raise NotSent("the window is full", busy=True)
        answer: Future[Pdu] = Future()
        answer.add_done_callback(lambda _: self._window.release())
        try:
            self._send(answer, "submit_sm", until, late, fields)
        except BaseException as error:
            answer.set_exception(error)  # for the window
            raise
        return answer

    def reply(self, to: Pdu, status: int = statuses.OK) -> bool:
        """Answers a PDU; False when the connection is lost."""
        name = f"{to.name}_resp" if to.name else "generic_nack"
        fields = {"message_id": ""} if to.name == "deliver_sm" else {}
        try:
            self._write(pdus.make(name, to.sequence, status, **fields))
        except NotSent:
            return False
        return True

    def _ask(self, name: str, **fields: Any) -> "Future[Pdu]":
        """Sends a PDU about the connection itself. Raises LinkLost."""
        answer: Future[Pdu] = Future()
        try:
            self._send(answer, name, time.monotonic() + self._answer_within, None, fields)
        except NotSent as error:
            raise LinkLost(str(error)) from None
        return answer

    def _send(
        self,
        answer: "Future[Pdu]",
        name: str,
        until: float,
        late: Late | None,
        fields: dict[str, Any],
    ) -> None:
        sequence = self._pending.add(answer, until, late)
        try:
            self._write(pdus.make(name, sequence, **fields))
        except BaseException:
            if self._pending.withdraw(sequence):
                raise

    def _write(self, raw: bytes) -> None:
        """Writes a PDU. Raises NotSent: one that was not written to its end is none."""
        try:
            with self._sending:
                if self._lost:
                    raise NotSent(self._lost)
                self._socket.sendall(raw)
        except OSError as error:
            # After half a PDU nothing else can be said; the thread that listens finds it closed.
            self._lost = self._lost or f"cannot write: {error}"
            raise NotSent(self._lost) from None

    # Listening

    def _listen_once(self) -> None:
        """Reads what has come, or waits a moment for it. Raises LinkLost."""
        try:
            readable, _, _ = select.select([self._socket], [], [], TICK)
            if readable:
                came = self._socket.recv(65536)
                if not came:
                    raise LinkLost("closed by the SMSC")
                self._stream += came
            for pdu in pdus.split(self._stream):
                self._handle(pdu)
        except (OSError, ValueError, NotSmpp) as error:
            raise LinkLost(self._lost or str(error)) from None
        if self._lost:
            raise LinkLost(self._lost)
        self._pending.expire(time.monotonic())

    def _handle(self, pdu: Pdu) -> None:
        if pdu.name == "deliver_sm":
            self.deliver(self, pdu)
        elif pdu.name == "enquire_link":
            self.reply(pdu)
        elif pdu.name == "unbind":
            self.reply(pdu)
            raise LinkLost("unbound by the SMSC")
        elif pdu.name.endswith("_resp") or pdu.name == "generic_nack":
            self._pending.answered(pdu)
        elif pdu.name not in ("alert_notification", "outbind"):  # these want no answer
            _log.warning("the SMSC sent a PDU that has no meaning here: %s", pdu.name or "unknown")
            nack = Pdu("", statuses.INVALID_COMMAND, pdu.sequence, b"")
            self.reply(nack, statuses.INVALID_COMMAND)
