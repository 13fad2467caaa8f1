"""An SMS gateway on a local port that answers as it is told, or does not."""

import contextlib
import http.server
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Literal, Self


@dataclass(frozen=True)
class Asked:
    """A call as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Told:
    """An answer, and how it is given: whole, never, cut before it or in the middle, or in drops
    of an octet every tenth of a second."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    how: Literal["whole", "hang", "cut", "half", "drops"] = "whole"


class HttpGateway:
    """The gateway. `told` is its answer, `asked` what came; safe to use from any thread."""

    def __init__(self, port: int = 0) -> None:
        self.told = Told()
        self.asked: list[Asked] = []
        self.connections = 0
        self.port = port
        self.ending = threading.Event()

    def __enter__(self) -> Self:
        self.ending.clear()
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.gateway = self
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._server.cut()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/send"


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    gateway: HttpGateway

    def __init__(self, *args: Any) -> None:
        self._open: list[Any] = []
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.gateway.connections += 1
        self._open.append(request)
        super().process_request(request, client_address)

    def cut(self) -> None:
        for request in self._open:
            with contextlib.suppress(OSError):  # closed already
                request.shutdown(2)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        gateway = self.server.gateway
        told = gateway.told
        gateway.asked.append(Asked(self.command, self.path, dict(self.headers), body))
        if told.how in ("hang", "cut"):
            if told.how == "hang":
                gateway.ending.wait(10)
            self.close_connection = True
            return
        octets = told.body.encode()
        self.send_response(told.status)
        for name, value in {"Content-Type": "text/plain", **told.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        if told.how == "half":
            octets = octets[: len(octets) // 2]
            self.close_connection = True
        if told.how == "drops":
            for octet in octets:
                self.wfile.write(bytes([octet]))
                time.sleep(0.1)
        else:
            self.wfile.write(octets)

    do_GET = do_POST

    def log_message(self, *args: Any) -> None:
        pass
