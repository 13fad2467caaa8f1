"""Sends by a template: the call, over connections that are kept open, and what the answer means.

What must stay true: what cannot have left us is refused, and may be sent again; what may have been
taken is accepted or unknown. Nothing is tried again here and no redirect is followed: another host
would be given the password.
"""

import base64
import json
import logging
import re
import time
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from gateway.providers import Outgoing
from gateway.providers.http import answers
from gateway.providers.http.placeholders import filled
from gateway.providers.http.template import Link, Send, State, Template
from settings import Settings
from store import gsm7
from store.errors import traced
from store.outbox import Outcome

CONNECT_WITHIN = 3.05
"""Seconds: for name, connection and TLS together with the first packet sent again."""
LONGEST_ANSWER = 64 * 1024
"""Octets of an answer that are read."""

_log = logging.getLogger(__name__)
# At the level "debug" it would write addresses, which may have a password and a text in them.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class NeverLeft(Exception):
    """There was no connection, so that the gateway cannot have got the message."""


class _Http(HTTPConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except Exception as error:
            raise NeverLeft(_said(error)) from error


class _Https(HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except Exception as error:
            raise NeverLeft(_said(error)) from error


class Sender:
    """Sends to the gateway of the settings. Safe to share between threads."""

    def __init__(self, settings: Settings, template: Template, report_url: str) -> None:
        self._template = template
        self._within = settings.http_timeout.total_seconds()
        url = urlsplit(settings.http_url or "")
        self._path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        self._pool = urllib3.connection_from_url(
            settings.http_url or "",
            maxsize=settings.send_at_once,
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_WITHIN, read=self._within),
        )
        secure = isinstance(self._pool, urllib3.HTTPSConnectionPool)
        self._pool.ConnectionCls = _Https if secure else _Http
        username, password = settings.http_username or "", settings.http_password or ""
        self._account = {
            "sender": settings.http_sender or settings.short_code,
            "username": username,
            "password": password,
            "basic": base64.b64encode(f"{username}:{password}".encode()).decode(),
            "report_url": report_url,
        }

    def send(self, sms: Outgoing) -> Outcome:
        """Sends one SMS. Raises nothing."""
        try:
            call = self._call(sms)
        except Exception as error:  # a password that no header can carry, for one
            return self._outcome(sms, "refused", "down", _said(error))
        try:
            status, body = self._answer(**call)
        except NeverLeft as error:
            return self._outcome(sms, "refused", "down", str(error))
        except (urllib3.exceptions.HTTPError, OSError) as error:
            return self._outcome(sms, "unknown", "down", _said(error))
        except Exception as error:  # whatever it is, the message may be on its way
            _log.error("sending over HTTP failed\n%s", traced(error))
            return self._outcome(sms, "unknown", "down", _said(error))
        said = answers.read(self._template.answers, status, body)
        return self._outcome(sms, said.state, said.link, said.reason, said.id)

    def _call(self, sms: Outgoing) -> dict[str, Any]:
        send = self._template.send
        more = send.gsm if gsm7.is_gsm7(sms.text) else send.ucs2
        values = self._account | {
            "to": sms.msisdn,
            "to_digits": sms.msisdn.removeprefix("+"),
            "text": sms.text,
            "text_hex": sms.text.encode("utf-16-be", "surrogatepass").hex(),
            "reference": sms.reference,
            "valid_minutes": str(max(1, int(sms.valid_for.total_seconds() // 60))),
        }
        query = cast(dict[str, str], filled({**send.query, **more.query}, values))
        headers = cast(dict[str, str], filled({**send.headers, **more.headers}, values))
        fields = filled({**send.fields, **more.fields}, values)
        kind, body = _body(send, fields, sms.text)
        if kind and "content-type" not in map(str.lower, headers):
            headers["Content-Type"] = kind
        for name, value in headers.items():
            if re.search(r"[\x00-\x1f\x7f]", value):
                raise ValueError(f"header {name}: has a control character")
            value.encode("latin-1")
        path = self._path
        if query:
            path += ("&" if "?" in path else "?") + urlencode(query)
        return {"url": path, "headers": headers, "body": body}

    def _answer(self, url: str, headers: dict[str, str], body: bytes | None) -> tuple[int, str]:
        """Status and body. Raises NeverLeft, and others when there is no whole answer in time."""
        until = time.monotonic() + CONNECT_WITHIN + self._within
        response = self._pool.urlopen(
            self._template.send.method,
            url,
            body=body,
            headers=headers,
            redirect=False,
            preload_content=False,
        )
        read = b""
        try:
            while chunk := response.read1(LONGEST_ANSWER):
                read += chunk
                if len(read) > LONGEST_ANSWER or time.monotonic() > until:
                    raise urllib3.exceptions.ReadTimeoutError(
                        self._pool, "", "the answer does not end"
                    )
        except BaseException:
            response.close()  # the rest of it is no answer to the next call
            raise
        response.release_conn()
        return response.status, read.decode("utf-8", "replace")

    def _outcome(
        self,
        sms: Outgoing,
        state: State,
        link: Link,
        reason: str,
        message_id: str | None = None,
    ) -> Outcome:
        if self._template.send.reports_name == "reference":
            # Known without an answer: a report can settle an attempt whose answer was lost.
            message_id = sms.reference if state in ("accepted", "unknown") else None
        return Outcome(
            state,
            external_id=message_id,
            reason=None if state == "accepted" else self._harmless(reason, sms),
            link=link,
        )

    def _harmless(self, reason: str, sms: Outgoing) -> str:
        """What was said, without what an answer may repeat of the text, its codes or our key."""
        for secret in (sms.text, self._account["password"]):
            if secret:
                reason = reason.replace(secret, "…")
        return " ".join(re.sub(r"\d{4,}", "…", reason).split())[:100]


def _body(send: Send, fields: Any, text: str) -> tuple[str, bytes | None]:
    """Its content type and octets."""
    match send.body:
        case "form":
            return "application/x-www-form-urlencoded", urlencode(fields).encode()
        case "json":
            return "application/json", json.dumps(fields, ensure_ascii=False).encode()
        case "text":
            return "text/plain; charset=UTF-8", text.encode()
        case "none":
            return "", None


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
