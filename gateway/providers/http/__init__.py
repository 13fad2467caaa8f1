"""Plain HTTP, to gateways (Kannel, Jasmin) and aggregators: what they speak is in a template.

A template is data (`template`); `incoming` reads callbacks by it, and `sending` sends.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from gateway.providers import DeliveryReport, Fields, Outgoing, Promises, Reader
from gateway.providers.http import incoming
from gateway.providers.http.loading import load
from gateway.providers.http.placeholders import PLACEHOLDERS
from gateway.providers.http.template import Report, Sms, Template
from settings import PREFIX, Settings
from store.inbox import Received
from store.outbox import Outcome

if TYPE_CHECKING:  # urllib3 costs the web server, which has no need of it
    from gateway.providers.http.sending import Sender


class Http:
    """The gateway of the settings."""

    name = "http"
    promises = Promises(
        ussd="no",
        sms_in="repeated as the gateway was told to: Kannel must be, Jasmin does three times",
        lost_answer="settled by the report where it names our reference (Kannel, Jasmin);"
        " else unknown",
        reports="where the template reads them and PASAR_PUBLIC_URL says where to",
        cost="not said",
        limits="a call takes up to 3 s to connect and PASAR_HTTP_TIMEOUT to be answered",
    )

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._template = load(settings.http_template)
        if self.name in settings.sms_provider:
            _check_settings(settings, self._template)
        self.methods: tuple[str, ...] = self._template.methods
        sms, report = self._template.sms, self._template.report
        as_octets = sms is not None and sms.text_is == "bytes"
        self.charset = "latin-1" if as_octets else "utf-8"
        self.thanks = self._template.thanks
        readers: dict[str, Reader] = {}
        if sms is not None:
            readers["sms"] = lambda fields: self._received(sms, fields)
        if report is not None:
            readers["delivery"] = lambda fields: self._reported(report, fields)
        self.readers: Mapping[str, Reader] = readers

    def _received(self, sms: Sms, fields: Fields) -> Received:
        return incoming.received(self.name, sms, fields, self._settings.region)

    def _reported(self, report: Report, fields: Fields) -> DeliveryReport:
        readable = {
            name: value.encode(self.charset, "replace").decode("utf-8", "replace")
            for name, value in fields.items()
        }
        return incoming.report(self.name, report, readable, self._settings.region)

    def send(self, sms: Outgoing) -> Outcome:
        return self._sender.send(sms)

    @cached_property
    def _sender(self) -> "Sender":
        from gateway.providers.http.sending import Sender

        public = (self._settings.public_url or "").rstrip("/")
        token = self._settings.hook_tokens[0] if self._settings.hook_tokens else ""
        return Sender(self._settings, self._template, f"{public}/hooks/http/{token}/delivery")


def _check_settings(settings: Settings, template: Template) -> None:
    """Raises SystemExit with a line for each setting that the template cannot do without."""
    asked = template.placeholders()
    wanted = [setting for name, setting in PLACEHOLDERS.items() if setting and name in asked]
    if "basic" in asked:
        wanted.append("http_username")
    lines = [
        f"{PREFIX}{setting.upper()}: was not set; needed with"
        f" {PREFIX}HTTP_TEMPLATE={settings.http_template}"
        for setting in dict.fromkeys(wanted)
        if getattr(settings, setting) is None
    ]
    if lines:
        raise SystemExit("\n".join(lines))


def make(settings: Settings) -> Http:
    """The gateway of the settings. Raises SystemExit with lines that name what is wrong."""
    return Http(settings)
