"""Africa's Talking's callbacks. (Sending is in `africastalking_sms`.)

Field names and status words are from the provider's documentation and recorded traffic. Its
callbacks carry no signature: the token in the address stands for one.
"""

from collections.abc import Mapping
from typing import Literal

from gateway.providers import BadRequest, DeliveryReport
from menus.engine import Hop
from settings import Settings
from store import phones
from store.inbox import Received
from store.outbox import Outcome

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


class AfricasTalking:
    """The Africa's Talking account of the settings."""

    name = "africastalking"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._region = settings.region

    def hop(self, form: Mapping[str, str]) -> Hop:
        return Hop(
            provider=self.name,
            session_id=_needed(form, "sessionId", 100),
            msisdn=self._number(form, "phoneNumber"),
            service_code=form.get("serviceCode", "")[:50],
            text=form.get("text", ""),
        )

    def received(self, form: Mapping[str, str]) -> Received:
        return Received(
            provider=self.name,
            external_id=_needed(form, "id", 100),
            msisdn=self._number(form, "from"),
            text=form.get("text", ""),
        )

    def delivery_report(self, form: Mapping[str, str]) -> DeliveryReport:
        status = _needed(form, "status", 50)
        number = form.get("phoneNumber", "")
        return DeliveryReport(
            external_id=_needed(form, "id", 100),
            status=status,
            outcome=REPORTS.get(status.lower(), "passing"),
            msisdn=phones.from_provider(number, self._region) if number else None,
            reason=form.get("failureReason", "")[:100] or None,
        )

    def ended_session(self, form: Mapping[str, str]) -> str:
        return _needed(form, "sessionId", 100)

    def opted_out(self, form: Mapping[str, str]) -> str:
        return self._number(form, "phoneNumber")

    def _number(self, form: Mapping[str, str], field: str) -> str:
        number = phones.from_provider(_needed(form, field, 40), self._region)
        if number is None:
            raise BadRequest(f"{field}: not a phone number")
        return number

    def send(self, msisdn: str, text: str) -> Outcome:
        # The SDK costs a process 20 MB, which the web server has no need of.
        from gateway.providers.africastalking_sms import send

        return send(self._settings, msisdn, text)


def _needed(form: Mapping[str, str], field: str, longest: int) -> str:
    value = form.get(field, "").strip()
    if not value:
        raise BadRequest(f"{field}: missing")
    if len(value) > longest:
        raise BadRequest(f"{field}: longer than {longest} characters")
    return value
