"""An SMSC that does what a test tells it, also what no SMSC should do: answers late, in pieces, out
of order, or not at all. (`node_smsc` is one that others wrote.)"""

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any

from gateway.providers.smpp import pdus
from gateway.providers.smpp.pdus import Pdu
from tests.support.processes import wait_until

Answer = Callable[[Pdu], bytes | None]


def ok(pdu: Pdu) -> bytes:
    """The usual answer; a message is called after its sequence number."""
    fields: dict[str, Any] = {
        "submit_sm": {"message_id": f"m{pdu.sequence}"},
        "bind_transceiver": {"system_id": "tiny"},
    }
    return pdus.make(f"{pdu.name}_resp", pdu.sequence, **fields.get(pdu.name, {}))


def status(number: int) -> Answer:
    """Answers with this command_status."""
    return lambda pdu: pdus.make(f"{pdu.name}_resp", pdu.sequence, number)


def silent(pdu: Pdu) -> None:
    """No answer."""


class TinySmsc:
    """Serves one connection at a time; `answers` says how, by the name of the PDU."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.got: list[Pdu] = []
        self.connections = 0
        self._connection: socket.socket | None = None
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._connection = connection
                self.connections += 1
                threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection: socket.socket) -> None:
        stream = bytearray()
        with contextlib.suppress(OSError):
            while came := connection.recv(65536):
                stream += came
                for pdu in pdus.split(stream):
                    self.got.append(pdu)
                    is_request = pdu.name and not pdu.name.endswith(("_resp", "nack"))
                    if is_request and (raw := self.answers.get(pdu.name, ok)(pdu)):
                        connection.sendall(raw)

    def push(self, raw: bytes, *, piece: int = 70_000) -> None:
        """Sends this, in pieces of so many octets."""
        assert self._connection
        for at in range(0, len(raw), piece):
            self._connection.sendall(raw[at : at + piece])

    def named(self, name: str) -> list[Pdu]:
        """The PDUs of this name that came so far."""
        return [pdu for pdu in self.got if pdu.name == name]

    def wait_for(self, name: str, count: int = 1) -> list[Pdu]:
        """These, once there are so many."""
        wait_until(lambda: len(self.named(name)) >= count, 5)
        return self.named(name)

    def hang_up(self) -> None:
        """Closes the connection without a word."""
        assert self._connection
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()

    def close(self) -> None:
        """Ends it."""
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        if self._connection:
            self.hang_up()


def deliver(sequence: int, body: bytes, source: str = "6281234567001", **fields: Any) -> bytes:
    """A deliver_sm from a phone."""
    return pdus.make(
        "deliver_sm",
        sequence,
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr=source,
        destination_addr="22345",
        short_message=body,
        **fields,
    )
