"""USSD over SMPP: each turn brings the last input alone; here it becomes the hop of a session.

A phone has one USSD session at a time, so that its number finds it. What must stay true: a turn
that comes while the last one is not answered is the same one again, for nobody can answer a menu
that is not there; a session whose beginning this process has not seen begins anew, at its home.
"""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gateway.providers import BadRequest, SessionEnded
from gateway.providers.smpp import alphabet, pdus
from gateway.providers.smpp.incoming import PROVIDER, msisdn
from gateway.providers.smpp.pdus import Delivery
from menus.engine import Hop
from settings import Settings

DIALLED = 1  # PSSR indication
ANSWERED = 18  # USSR confirm
NOTICED = 19  # USSN confirm: an answer to what we never send
MENU = 2  # USSR request: the session stays open
LAST = 17  # PSSR response: the session ends
"""Values of ussd_service_op (SMPP 3.4, 5.3.2.44); any other ends the session of its phone."""

FORGOTTEN_AFTER = 900.0
"""Seconds; networks end a silent session after one to three minutes."""


@dataclass
class _Session:
    id: str
    service_code: str
    began_with: bytes
    """What its tag carried at first."""
    touched: float
    typed: list[str] = field(default_factory=list)
    is_shown: bool = False
    """Whether its phone has a menu to answer."""


class Sessions:
    """The sessions of this process's connection. Safe to share between threads."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._now = now
        self._lock = threading.Lock()
        self._open: dict[str, _Session] = {}

    def turn(self, delivery: Delivery) -> Hop | SessionEnded | None:
        """What came; None if there is nothing to do for it. Raises BadRequest."""
        phone = msisdn(self._settings, delivery.source)
        if phone is None:
            raise BadRequest("source_addr: not a phone number")
        operation = delivery.whole(pdus.USSD_SERVICE_OP)
        text = alphabet.decode(delivery.body, delivery.data_coding, self._settings.smpp_alphabet)
        if text is None:
            raise BadRequest(f"data_coding: 0x{delivery.data_coding:02x} is no text")
        token = delivery.tlvs.get(self._settings.smpp_session_tag, b"")
        with self._lock:
            self._forget()
            session = self._open.get(phone)
            if operation == NOTICED:
                return None
            if operation == DIALLED:
                return self._begin(phone, text.strip(), token)
            if operation != ANSWERED or (session and self._says_end(session.began_with, token)):
                return self._end(phone)
            if session is None or not self._is_same(session.began_with, token):
                return self._begin(phone, self._settings.service_code, token)
            if not session.is_shown:
                return None
            session.is_shown, session.touched = False, self._now()
            session.typed.append(text.strip())
            return self._hop(phone, session)

    def shows(self, hop: Hop, *, last: bool) -> None:
        """The answer to a hop is on its way to the phone."""
        with self._lock:
            session = self._open.get(hop.msisdn)
            if session and session.id == hop.session_id:
                session.is_shown = True
                if last:
                    del self._open[hop.msisdn]

    def lost(self, hop: Hop) -> SessionEnded | None:
        """The answer to a hop cannot be brought to the phone."""
        with self._lock:
            session = self._open.get(hop.msisdn)
            known = session is not None and session.id == hop.session_id
            return self._end(hop.msisdn) if known else None

    def _begin(self, phone: str, code: str, token: bytes) -> Hop:
        self._open[phone] = session = _Session(
            f"smpp-{secrets.token_hex(12)}", code[:50], token, self._now()
        )
        return self._hop(phone, session)

    def _end(self, phone: str) -> SessionEnded | None:
        session = self._open.pop(phone, None)
        return SessionEnded(PROVIDER, session.id, dropped=True) if session else None

    @staticmethod
    def _hop(phone: str, session: _Session) -> Hop:
        return Hop(PROVIDER, session.id, phone, session.service_code, "*".join(session.typed))

    def _is_same(self, first: bytes, now: bytes) -> bool:
        """Whether it is the same session. In its_session_info the second octet counts turns."""
        if self._settings.smpp_session_tag == pdus.ITS_SESSION_INFO:
            return first[:1] == now[:1]
        return first == now

    def _says_end(self, first: bytes, now: bytes) -> bool:
        """Whether its_session_info says so: the last bit of its second octet. Where that bit was
        there from the start it belongs to an operator's own id."""
        if self._settings.smpp_session_tag != pdus.ITS_SESSION_INFO or len(first) != 2:
            return False
        return len(now) == 2 and bool(now[1] & 1) and not first[1] & 1

    def _forget(self) -> None:
        old = self._now() - FORGOTTEN_AFTER
        for phone in [p for p, session in self._open.items() if session.touched < old]:
            del self._open[phone]


def answer_fields(settings: Settings, delivery: Delivery, answer: str) -> dict[str, Any]:
    """The fields of the submit_sm that brings an answer, `CON …` or `END …`, to the phone."""
    word, _, text = answer.partition(" ")
    coding, cuts = alphabet.encode(text, settings.smpp_alphabet)
    tlvs = {pdus.USSD_SERVICE_OP: bytes((MENU if word == "CON" else LAST,))}
    tag = settings.smpp_session_tag
    if tag in delivery.tlvs:
        tlvs[tag] = delivery.tlvs[tag]
    return {
        "service_type": "USSD",
        "source_addr_ton": delivery.destination.ton,
        "source_addr_npi": delivery.destination.npi,
        "source_addr": delivery.destination.number,
        "dest_addr_ton": delivery.source.ton,
        "dest_addr_npi": delivery.source.npi,
        "destination_addr": delivery.source.number,
        "data_coding": coding,
        "short_message": b"".join(cuts)[:254],
        "tlvs": tlvs,
    }
