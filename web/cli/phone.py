"""A phone that talks to the market as the network would: over the hooks, with forms like
Africa's Talking's. What it does not see (sessions kept, messages waiting) it does not know."""

import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.parse import urlencode, urlsplit

from settings import Settings
from store import codes, overview
from store.shop import Shop

TIMEOUT = 10.0
"""Seconds in which a network gives up on an answer."""
_NETWORK = "99999"
_REMEMBERED = 50
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NoAnswer(Exception):
    """The market did not take what the phone sent; the text says what helps."""


def address(settings: Settings) -> str:
    """Where this machine reaches the web server of these settings."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


class Phone:
    """One phone: at most one USSD session at a time, and the SMS it was sent.

    `twice` makes the network deliver the next request two times at the same moment; `noted` is
    what there is to say about the last request besides its answer.
    """

    def __init__(self, shop: Shop, msisdn: str, url: str) -> None:
        self.msisdn = msisdn
        self.url = url.rstrip("/")
        self.twice = False
        self.noted = ""
        self._shop = shop
        self._session = self._code = self._text = ""
        self._seen = {row["id"] for row in self._arrived()}

    @property
    def in_session(self) -> bool:
        """Whether a screen waits for an answer."""
        return bool(self._session)

    def dial(self, code: str) -> str:
        """Begins a session, after the end of any other; the reply, `CON …` or `END …`."""
        ours = self._shop.settings.service_code
        if code != ours and not code.startswith(f"{ours.rstrip('#')}*"):
            raise NoAnswer(f"the network knows no {code}; the market is {ours}")
        self.hang_up()
        self._code, self._text = code, ""
        return self._hop(f"ATUid_{uuid.uuid4().hex}", "")

    def answer(self, typed: str) -> str:
        """Answers the screen. When nobody replies nothing was typed: it can be typed again."""
        return self._hop(self._session, f"{self._text}*{typed}" if self._text else typed)

    def send(self, text: str) -> None:
        """Sends an SMS to the short code."""
        sent = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        to = self._shop.settings.short_code
        fields = {"date": sent, "from": self.msisdn, "to": to, "text": text, "linkId": ""}
        self._post("sms", {**fields, "id": str(uuid.uuid4())})

    def hang_up(self) -> None:
        """Drops the session; the network tells of it if it can."""
        if not self._session:
            return
        ended = {"sessionId": self._session, "status": "Incomplete", "input": self._text}
        self._session = ""
        try:
            self._request("session", ended | self._fields())
        except NoAnswer:
            pass  # as with a real network, the end of a session may never be told

    def new_sms(self) -> list[str]:
        """The SMS that arrived since the last look, as their reader sees them."""
        new = [row for row in self._arrived() if row["id"] not in self._seen]
        self._seen.update(row["id"] for row in new)
        return [self._revealed(row["text"]) for row in new]

    def inbox(self, most: int = 5) -> list[str]:
        """The latest SMS, read or not."""
        rows = self._arrived()
        self._seen.update(row["id"] for row in rows)
        return [self._revealed(row["text"]) for row in rows[-most:]]

    def _arrived(self) -> list[dict[str, str]]:
        with self._shop.read() as tx:
            return overview.arrived(tx, self.msisdn, _REMEMBERED)

    def _revealed(self, text: str) -> str:
        return codes.reveal(text, self._shop.settings.pepper or "")

    def _fields(self) -> dict[str, str]:
        return {
            "phoneNumber": self.msisdn,
            "serviceCode": self._code,
            "networkCode": _NETWORK,
        }

    def _hop(self, session: str, text: str) -> str:
        hop = {**self._fields(), "sessionId": session, "text": text}
        reply = self._post("ussd", hop)
        self._text = text
        self._session = session if reply.startswith("CON ") else ""
        return reply

    def _post(self, what: str, fields: Mapping[str, str]) -> str:
        self.noted = ""
        if not self.twice:
            return self._request(what, fields)
        self.twice = False
        with ThreadPoolExecutor(2) as both:
            first, second = both.map(lambda _: self._request(what, fields), range(2))
        same = "the same reply both times" if first == second else f"then another reply: {second}"
        self.noted = f"sent twice; {same}"
        return first

    def _request(self, what: str, fields: Mapping[str, str]) -> str:
        token = self._shop.settings.hook_tokens[0]
        try:
            with _DIRECT.open(
                f"{self.url}/hooks/simulator/{token}/{what}",
                data=urlencode(fields).encode(),
                timeout=TIMEOUT,
            ) as answer:
                return str(answer.read().decode("utf-8", "replace"))
        except urllib.error.HTTPError as error:
            with error:
                told = error.read(500).decode("utf-8", "replace").strip()
            raise NoAnswer(self._refusal(error.code, told)) from None
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswer(
                f"nobody answers at {self.url} ({_why(error)}): start the market with `make run`,"
                " or name its address with --url"
            ) from None

    def _refusal(self, status: int, told: str) -> str:
        if status == 404:
            return (
                f"{self.url} has no simulator hooks for our token: start it with the same settings"
                " as this shell, with PASAR_SIMULATOR=1"
            )
        return f"{self.url} said {status}: {told}"


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason or type(error).__name__)


def is_address(url: str) -> bool:
    """Whether a market can be looked for there."""
    return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
