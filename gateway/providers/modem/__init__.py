"""A GSM modem, or an old phone, through the tables of Gammu's SMS daemon (SMSD).

SMSD runs by itself. What must stay true: an incoming SMS is marked as read only once it is safe or
can never be valid, and one that cannot be taken holds up no other; a message is written for SMSD
once, however often it is sent; what became of it is told at least once, after a restart too.
"""

import logging
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from gateway.providers import BadRequest, DeliveryReport, LinkUp, Outgoing, Promises, Reader, Take
from gateway.providers.modem import writing
from gateway.providers.modem.rows import NAME, read_message, read_report, read_reports
from gateway.providers.modem.tables import Error, Row, Smsd
from gateway.trouble import Trouble
from settings import Settings
from store.errors import Unavailable, traced
from store.outbox import Outcome

_log = logging.getLogger(__name__)

BATCH = 100
"""Incoming messages that are read at a time."""

REMEMBERED = 10_000
"""Messages of which it is known what was told last, so that it is not told again each second."""

QUIET_SECONDS = 300
"""SMSD tells of its phone each `StatusFrequency`; after such a silence, people are told."""


class Modem:
    """The modem of the settings."""

    name = NAME
    promises = Promises(
        ussd="no: a modem cannot show menus, so people do all by SMS",
        sms_in="kept by SMSD, and by the network while SMSD is down",
        lost_answer="cannot happen: a message is written for SMSD once, by our reference",
        reports="yes, if the network gives them; none where it does not",
        cost="not said: what the SIM's tariff takes",
        limits="about one SMS a second; one that the phone fails to send MaxRetries times is lost;"
        " one at which SMSD is killed leaves a minute later, perhaps for the second time",
    )
    readers: Mapping[str, Reader] = {}
    methods: tuple[str, ...] = ("POST",)
    charset = "utf-8"
    thanks = "OK"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._path = settings.modem_database or Path()
        self._told: dict[str, str] = {}
        self._silence = Trouble(_log, "modem: gammu-smsd is back")

    def send(self, sms: Outgoing) -> Outcome:
        try:
            writing.put(self._path, sms)
        except Error as error:
            return Outcome("refused", reason=_reason(error), link="down")
        except Exception as error:  # it was not written, whatever it is
            _log.error("writing to the modem's database failed\n%s", traced(error))
            return Outcome("refused", reason=_reason(error))
        return Outcome("accepted", external_id=sms.reference)

    def run(self, take: Take, stopping: threading.Event) -> None:
        """Raises when the database cannot be read or written, and when nothing can be kept."""
        with closing(Smsd(self._path)) as smsd:
            take(LinkUp(self.name))
            last_read, since = 0, "-1 day"
            poll = self._settings.modem_poll.total_seconds()
            while not stopping.is_set():
                if smsd.has_changed():
                    last_read = self._receive(smsd, last_read, take, stopping)
                    for report in read_reports(smsd.sent(since)):
                        self._tell(report, take)
                    since = "-1 hour"
                self._look_after_waiting(smsd, take)
                self._look_for_smsd(smsd)
                stopping.wait(poll)

    def _receive(self, smsd: Smsd, last_read: int, take: Take, stopping: threading.Event) -> int:
        """Hands over what came; the id up to which all was looked at."""
        while rows := smsd.unread(last_read, BATCH):
            done = []
            try:
                for row in rows:
                    if stopping.is_set():
                        return last_read
                    if self._is_done(row, take):
                        done.append(row["ID"])
                    last_read = row["ID"]
            finally:
                smsd.mark(done)
        return last_read

    def _is_done(self, row: Row, take: Take) -> bool:
        """Hands over one message; whether it need not be looked at again. Raises Unavailable."""
        try:
            take(read_message(row, self._settings))
        except BadRequest as error:
            _log.warning("modem: SMS %s is left aside: %s", row["ID"], error)
        except Unavailable:
            raise
        except Exception as error:  # it stays unread, and is tried again at the next start
            _log.error("modem: SMS %s was not taken\n%s", row["ID"], traced(error))
            return False
        return True

    def _look_after_waiting(self, smsd: Smsd, take: Take) -> None:
        """Tells of messages that wait longer than usual, and withdraws those that nobody wants."""
        for row in smsd.waiting():
            is_old = row["Seconds"] > writing.lasts(row["RelativeValidity"]).total_seconds()
            self._tell(read_report("Expired" if is_old else "Reserved", row), take)
            if is_old:
                smsd.withdraw(row["ID"])

    def _tell(self, report: DeliveryReport, take: Take) -> None:
        """Tells what became of a message, unless it is what was told last."""
        if self._told.get(report.external_id) != report.status:
            take(report)
            self._told.pop(report.external_id, None)
            self._told[report.external_id] = report.status
            if len(self._told) > REMEMBERED:
                del self._told[next(iter(self._told))]

    def _look_for_smsd(self, smsd: Smsd) -> None:
        phone = smsd.phone()
        if phone is not None and phone["Seconds"] < QUIET_SECONDS:
            self._silence.is_over()
            return
        known = "it never had a phone"
        if phone is not None:
            known = (
                f"last at {phone['UpdatedInDB']} UTC, signal {phone['Signal']} %,"
                f" battery {phone['Battery']} %"
            )
        self._silence.met("modem: gammu-smsd is silent, messages wait; is it running?", known)


def make(settings: Settings) -> Modem:
    """The modem of the settings."""
    return Modem(settings)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:100]
