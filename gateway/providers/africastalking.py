"""Africa's Talking's callbacks. (Sending is in `africastalking_sms`.)

Field names and status words are from the provider's documentation and recorded traffic. Its
callbacks carry no signature: the token in the address stands for one.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from gateway.providers import (
    BadRequest,
    DeliveryReport,
    Fields,
    OptedOut,
    Outgoing,
    Promises,
    Reader,
    SessionEnded,
    needed,
)
from menus.engine import Hop
from settings import Settings
from store import phones
from store.inbox import Received
from store.outbox import Outcome

_log = logging.getLogger(__name__)

REPORTS: dict[str, Literal["passing", "delivered", "undelivered"]] = {
    "sent": "passing",
    "submitted": "passing",
    "buffered": "passing",
    "success": "delivered",
    "failed": "undelivered",
    "rejected": "undelivered",
    "absentsubscriber": "undelivered",
    "expired": "undelivered",
}
"""A delivery report's status, in lower case; one not listed is kept as it came."""


class Callbacks:
    """What Africa's Talking's callbacks bring."""

    name = "africastalking"
    methods: tuple[str, ...] = ("POST",)
    charset = "utf-8"
    thanks = "OK"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._region = settings.region
        self.readers: Mapping[str, Reader] = {
            "ussd": self.hop,
            "sms": self.received,
            "delivery": self.delivery_report,
            "session": self.ended_session,
            "optout": self.opted_out,
        }

    def hop(self, form: Fields) -> Hop:
        return Hop(
            provider=self.name,
            session_id=needed(form, "sessionId", 100),
            msisdn=self._number(form, "phoneNumber"),
            service_code=form.get("serviceCode", "")[:50],
            text=form.get("text", ""),
        )

    def received(self, form: Fields) -> Received:
        return Received(
            provider=self.name,
            external_id=needed(form, "id", 100),
            msisdn=self._number(form, "from"),
            text=form.get("text", ""),
            sent_at=date(form.get("date", "")),
        )

    def delivery_report(self, form: Fields) -> DeliveryReport:
        status = needed(form, "status", 50)
        number = form.get("phoneNumber", "")
        return DeliveryReport(
            provider=self.name,
            external_id=needed(form, "id", 100),
            status=status,
            outcome=REPORTS.get(status.lower(), "passing"),
            msisdn=phones.from_provider(number, self._region) if number else None,
            reason=form.get("failureReason", "")[:100] or None,
        )

    def ended_session(self, form: Fields) -> SessionEnded:
        status = form.get("status", "").strip().lower()
        return SessionEnded(
            provider=self.name,
            session_id=needed(form, "sessionId", 100),
            dropped=status in ("incomplete", "failed"),
        )

    def opted_out(self, form: Fields) -> OptedOut:
        return OptedOut(self.name, self._number(form, "phoneNumber"))

    def _number(self, form: Fields, field: str) -> str:
        number = phones.from_provider(needed(form, field, 40), self._region)
        if number is None:
            raise BadRequest(f"{field}: not a phone number")
        return number


class AfricasTalking(Callbacks):
    """The Africa's Talking account of the settings."""

    promises = Promises(
        ussd="yes, by callbacks (not in Indonesia)",
        sms_in="repeated for up to 12 hours; fetched when we are back",
        lost_answer="unknown until a report comes: there is no idempotency key",
        reports="yes, early, twice and out of order; some without the number",
        cost="in the answer, with its currency",
        limits="an answer takes up to 12 s; callbacks are unsigned",
    )

    def fetch(self, after: str) -> tuple[list[Received], str]:
        from gateway.providers.africastalking_sms import fetch

        messages, end = fetch(self._settings, after)
        received = []
        for message in messages:
            try:
                received.append(replace(self.received(message), fetched=True))
            except BadRequest as error:
                _log.warning("a fetched message cannot be read: %s", error)
        return received, end

    def send(self, sms: Outgoing) -> Outcome:
        # The SDK costs a process 20 MB, which the web server has no need of.
        from gateway.providers.africastalking_sms import send

        return send(self._settings, sms.msisdn, sms.text)


def date(text: str) -> datetime | None:
    """A moment as callbacks and fetched messages write it, in UTC; None where there is none.

    >>> date("2017-05-03 06:04:45") == date("2017-05-03T06:04:45.000Z")
    True
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def make(settings: Settings) -> AfricasTalking:
    """The account of the settings."""
    return AfricasTalking(settings)
