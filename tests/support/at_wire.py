"""Africa's Talking's side of the wire: the requests it takes and the bodies it answers with.

Shapes are those of shared/protocols/africastalking-payloads.json. The texts of 400, 404, 429 and
500 have not been recorded and are akka-http's own, which is the server the provider runs.
"""

from __future__ import annotations

import contextlib
import json
import math
import socket
import socketserver
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

if TYPE_CHECKING:
    from tests.support.at_server import AfricasTalkingServer

REPORT_TIMEOUT = 5.0  # seconds; also how long an early report may hold up the answer to its send


@dataclass
class Sms:
    """One accepted message to one recipient."""

    to: str
    text: str
    sender: str | None
    message_id: str
    at_monotonic: float
    answered: bool = False  # the caller was told; final once the server has settled


@dataclass(frozen=True)
class Request:
    """One request as it came; `form` holds the query of a GET."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]


@dataclass(frozen=True)
class Report:
    """A delivery report posted to our side; status is None when nobody took it in 30 seconds."""

    fields: dict[str, str]
    status: int | None


class Http(socketserver.ThreadingTCPServer):
    """Not http.server's own class, whose bind looks its name up in DNS."""

    at: AfricasTalkingServer
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *args: Any) -> None:
        self._open: set[Any] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # a caller that left is no error
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the second packet of an answer waits 40 ms for an ACK
    wbufsize = -1
    server: Http

    def version_string(self) -> str:
        return "akka-http/10.2.10"

    def log_message(self, *args: Any) -> None:
        pass

    def _handle(self) -> None:
        at, url = self.server.at, urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        query = body if self.command == "POST" else url.query
        form = dict(parse_qsl(query, keep_blank_values=True))
        at._arrived(Request(self.command, self.path, dict(self.headers), form))
        try:
            if url.path != "/version1/messaging":
                self._text(404, "The requested resource could not be found.")
            elif self.headers.get("apiKey") != at.api_key or form.get("username") != at.username:
                self._text(401, "The supplied authentication is invalid")
            elif self.command == "GET":
                self._fetch(form.get("lastReceivedId", "0"))
            else:
                self._send(form)
        finally:
            at._left()

    do_GET = do_POST = _handle

    def _fetch(self, last_id: str) -> None:
        if last_id.isdecimal():
            self._json(200, self.server.at._fetch(int(last_id)))
        else:
            self._text(400, "The query parameter 'lastReceivedId' was malformed")

    def _send(self, form: dict[str, str]) -> None:
        at, faults = self.server.at, self.server.at.faults
        for name in ("to", "message"):
            if not form.get(name):
                return self._text(400, f"Request is missing required form field '{name}'")
        if at._asked(faults.error_500):
            return self._text(500, "There was an internal server error.")
        if at._asked(faults.throttled_429):
            text = "The user has sent too many requests in a given amount of time."
            return self._text(429, text)
        hangs = form["to"] in faults.hang_for or at._asked(faults.hang)
        if hangs and not faults.hang_accepts:
            self._linger(faults.hang_seconds)
            self.close_connection = True
            return None
        if not hangs and at._asked(faults.bad_sender):
            return self._json(201, _sms_data("InvalidSenderId", []))

        entries = at._accept(form, faults.blacklisted)
        batch = [entry for entry in entries if isinstance(entry, Sms)]
        early = at._asked(faults.reports_early)
        patience = time.monotonic() + REPORT_TIMEOUT
        for job in at._report(batch, faults, delay=0) if early else []:
            job.done.wait(patience - time.monotonic())
        try:
            if hangs:
                self._linger(faults.hang_seconds)
            elif at._asked(faults.slow):
                self._linger(faults.slow_seconds)
            if hangs or at._asked(faults.lost_answer):
                self.close_connection = True
            elif not self._caller_left():
                for sms in batch:  # before the answer, whose reader may look at once
                    sms.answered = True
                self._json(201, _good_answer(entries, form["message"]))
        except OSError:
            for sms in batch:
                sms.answered = False
            raise
        finally:
            if not early:
                at._report(batch, faults, faults.report_delay)
        return None

    def _linger(self, seconds: float) -> None:
        """Sleeps, but no longer than the caller waits or the server runs."""
        end = time.monotonic() + seconds
        while not self._caller_left() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.02))

    def _caller_left(self) -> bool:
        try:
            return not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _json(self, status: int, data: dict[str, Any]) -> None:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        self._answer(status, "application/json", text)

    def _text(self, status: int, text: str) -> None:
        self._answer(status, "text/plain; charset=UTF-8", text)

    def _answer(self, status: int, content_type: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "keep-alive")
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="api",charset=UTF-8')
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


def _sms_data(message: str, recipients: list[dict[str, Any]]) -> dict[str, Any]:
    return {"SMSMessageData": {"Message": message, "Recipients": recipients}}


def _good_answer(entries: list[Sms | str], text: str) -> dict[str, Any]:
    """Costs are the recorded ones, a part; parts are counted as ASCII or UCS-2 only."""
    single, joined = (160, 153) if text.isascii() else (70, 67)
    parts = 1 if len(text) <= single else math.ceil(len(text) / joined)
    recipients: list[dict[str, Any]] = []
    for entry in entries:
        if isinstance(entry, Sms):
            row = [f"KES {0.8 * parts:.4f}", entry.message_id, entry.to, "Success", 102]
        else:
            row = ["0", "None", entry, "UserInBlacklist", 406]
        names = ("cost", "messageId", "number", "status", "statusCode")
        recipients.append(dict(zip(names, row, strict=True)))
    good = sum(row["statusCode"] == 102 for row in recipients)
    cost = f"USD {0.0079 * good * parts:.4f} Message parts: {parts}" if good else "0"
    return _sms_data(f"Sent to {good}/{len(recipients)} Total Cost: {cost}", recipients)


def post_form(url: str, fields: dict[str, str]) -> int | None:
    """The status of the answer; None without one."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, urlencode(fields).encode(), timeout=REPORT_TIMEOUT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (OSError, HTTPException, ValueError):  # the last is a malformed url
        return None
