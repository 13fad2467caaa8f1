"""What the SMSC brings, on its way to the desk.

What must stay true: an SMS or a receipt is answered `ok` only when it is safe, with `later` when it
could not be kept, and with `never` when it cannot be read; each phone's messages are taken in their
order; the thread that listens never waits for any of it. A USSD turn is answered at once, so that
it does not come twice while its menu is made.
"""

import logging
import time
from concurrent.futures import Future

from gateway.providers import BadRequest, DeliveryReport, Take
from gateway.providers.smpp import incoming, pdus, statuses, ussd
from gateway.providers.smpp.lanes import Full, Lanes
from gateway.providers.smpp.link import Link, NotSent
from gateway.providers.smpp.names import Names
from gateway.providers.smpp.pdus import Delivery, Pdu
from gateway.providers.smpp.pending import Late
from menus.engine import Hop
from settings import Settings
from store.errors import Unavailable, traced
from store.inbox import Received

_log = logging.getLogger(__name__)

LANES, LONGEST_LANE = 4, 500

SHOWN_WITHIN = 10.0
"""Seconds in which a menu has to leave; networks end the session soon after."""

PAUSE = 0.2
"""Seconds before a menu is sent again that the SMSC was too busy for."""


class Arrivals:
    """For one provider; outlives its connections."""

    def __init__(self, settings: Settings, take: Take) -> None:
        self._settings = settings
        self.take = take
        self._lanes = Lanes(LANES, LONGEST_LANE)
        self._names = Names(settings.pepper or "")
        self._sessions = ussd.Sessions(settings)

    def arrived(self, link: Link, pdu: Pdu) -> None:
        """Takes a deliver_sm into its phone's lane."""
        try:
            delivery = pdus.read_delivery(pdu)
            is_turn = pdus.USSD_SERVICE_OP in delivery.tlvs
            work = self._turn if is_turn else self._message
            self._lanes.put(delivery.source.number, lambda: work(link, pdu, delivery))
            if is_turn:
                link.reply(pdu)
        except BadRequest as error:
            self._refuse(link, pdu, error)
        except Full:
            link.reply(pdu, statuses.TRY_LATER)

    @staticmethod
    def _refuse(link: Link, pdu: Pdu, error: BadRequest) -> None:
        _log.warning("what the SMSC sent can never be valid: %s", error)
        link.reply(pdu, statuses.NEVER)

    # SMS and receipts

    def _message(self, link: Link, pdu: Pdu, delivery: Delivery) -> None:
        name = self._names.name(delivery, link.bound_at)
        try:
            event = incoming.read(self._settings, delivery, name)
            self.take(event)
        except BadRequest as error:
            self._refuse(link, pdu, error)
        except Unavailable as error:
            _log.warning("deliver_sm not kept: %s", error)
            link.reply(pdu, statuses.TRY_LATER)
        except Exception as error:
            _log.error("deliver_sm not kept\n%s", traced(error))
            link.reply(pdu, statuses.TRY_LATER)
        else:
            if link.reply(pdu) and isinstance(event, Received):
                self._names.answered(name)

    def late(self, msisdn: str) -> Late:
        """Takes the answer to a message that came when its outcome was settled as unknown."""

        def work(answer: Pdu) -> None:
            external_id = incoming.answered_id(answer.message_id, self._settings.smpp_receipt_ids)
            self.take(DeliveryReport(incoming.PROVIDER, external_id, "ACCEPTED", "passing", msisdn))

        def late(answer: Pdu) -> None:
            if answer.status == statuses.OK and answer.message_id:
                try:
                    self._lanes.put(msisdn, lambda: work(answer))
                except Full:
                    pass  # it stays unknown, as it is

        return late

    # USSD

    def _turn(self, link: Link, pdu: Pdu, delivery: Delivery) -> None:
        try:
            event = self._sessions.turn(delivery)
        except BadRequest as error:
            _log.warning("a USSD turn can never be valid: %s", error)
            return
        if event is None:
            return
        answer = self.take(event)
        if isinstance(event, Hop):
            until = time.monotonic() + SHOWN_WITHIN
            self._show(link, delivery, event, answer, until)

    def _show(self, link: Link, delivery: Delivery, hop: Hop, answer: str, until: float) -> None:
        """Sends the answer to a hop, again while the SMSC is busy."""
        fields = ussd.answer_fields(self._settings, delivery, answer)

        def answered(sent: "Future[Pdu]") -> None:
            if sent.exception():
                return  # the phone may have it
            status = sent.result().status
            if status == statuses.OK:
                return
            is_late = time.monotonic() >= until
            work = again if status in statuses.BUSY and not is_late else give_up
            try:
                self._lanes.put(delivery.source.number, work)
            except Full:
                pass  # the network ends the session

        def again() -> None:
            time.sleep(PAUSE)
            self._show(link, delivery, hop, answer, until)

        def give_up() -> None:
            ended = self._sessions.lost(hop)
            if ended:
                self.take(ended)

        self._sessions.shows(hop, last=not answer.startswith("CON "))
        try:
            link.submit(fields, until).add_done_callback(answered)
        except NotSent as error:
            _log.warning("a USSD answer could not be sent: %s", error)
            give_up()
