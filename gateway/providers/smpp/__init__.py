"""A link to an operator's or aggregator's SMSC, by SMPP 3.4: SMS both ways, and USSD.

    run -> link (one bind) -> arrivals -> lanes -> incoming | ussd -> the desk
    send -> outgoing -> link -> statuses

What must stay true: this process has one bind at most; a message is `unknown` only when the SMSC
may have it and did not say so.
"""

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gateway.providers import LinkUp, Outgoing, Promises, Reader, Take
from settings import Settings
from store.outbox import Outcome

if TYPE_CHECKING:  # smpplib is for the worker alone: the web server makes a provider too
    from gateway.providers.smpp.arrivals import Arrivals
    from gateway.providers.smpp.link import Link


class Smpp:
    """The SMSC of the settings."""

    name = "smpp"
    promises = Promises(
        ussd="yes, where the operator offers it (ussd_service_op)",
        sms_in="kept by the SMSC and brought again until we have it",
        lost_answer="unknown until a receipt comes: there is no idempotency key",
        reports="yes, for the last segment, with the number",
        cost="not told",
        limits="a USSD session does not outlive the worker; no TLS: use a tunnel",
    )
    readers: Mapping[str, Reader] = {}
    methods: tuple[str, ...] = ("GET", "POST")  # it has no hooks: 404 for all
    charset = "utf-8"
    thanks = ""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running = threading.Lock()
        self._link: Link | None = None
        self._arrivals: Arrivals | None = None

    def run(self, take: Take, stopping: threading.Event) -> None:
        """Keeps one connection until it is lost. Raises LinkLost, and RuntimeError while it is
        being run already."""
        from gateway.providers.smpp.arrivals import Arrivals
        from gateway.providers.smpp.link import Link

        if not self._running.acquire(blocking=False):
            raise RuntimeError("there is a bind already")
        try:
            if self._arrivals is None:
                self._arrivals = Arrivals(self._settings, take)
            self._arrivals.take = take
            link = Link(self._settings, self._arrivals.arrived)
            try:
                link.bind(stopping)
                if not stopping.is_set():
                    self._link = link
                    take(LinkUp(self.name))
                    link.listen(stopping)
            finally:
                self._link = None
                link.close("the connection is lost")
        finally:
            self._running.release()

    def send(self, sms: Outgoing) -> Outcome:
        link, arrivals = self._link, self._arrivals
        if link is None or arrivals is None:
            return Outcome("refused", reason="not bound", link="down")
        from gateway.providers.smpp.submitting import send

        until = time.monotonic() + self._settings.smpp_answer_within.total_seconds()
        return send(self._settings, link, sms, until, arrivals.late(sms.msisdn))


def make(settings: Settings) -> Smpp:
    """The SMSC of the settings."""
    return Smpp(settings)
