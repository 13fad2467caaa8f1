"""The desk: takes all that comes in, whichever link brought it, so that nothing of it is lost.

What must stay true: when `take` returns, the event is safe on the disk, in the database or, while
that cannot be written, in the spool; otherwise it raises Unavailable, and whoever brought it is
told to bring it again. A hop whose order could not be placed in time is promised an SMS, and is
played when the database is back.
"""

import json
import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime

from gateway.providers import DeliveryReport, Event, LinkUp, OptedOut, SessionEnded
from gateway.spool import Spool
from gateway.trouble import Trouble
from menus import engine
from menus.engine import Hop
from menus.wording import Wording
from store import consents, drafts, inbox, outbox, sessions
from store.errors import Unavailable
from store.inbox import Received
from store.shop import Shop, Transaction

PATIENCE = 1.0
"""Seconds that an event waits for the database before it goes to the spool."""

LEAVE_ALONE = 1.0
"""Seconds for which the database is not tried again after that."""

_log = logging.getLogger(__name__)


@dataclass
class _Brought:
    """An event on its way into the database; what went wrong, once `done`."""

    event: Event
    done: bool = False
    error: Exception | None = None


class Desk:
    """Safe to share between threads. What threads bring at a time is written together, so that many
    messages cost one wait for the disk."""

    def __init__(self, shop: Shop, wording: Wording) -> None:
        self._shop = shop
        self._wording = wording
        self._spool = Spool(shop.settings.spool_path, shop.settings.pepper, shop.clock)
        self._brought: list[_Brought] = []
        self._adding = threading.Lock()
        self._writing = threading.Lock()
        self._spool_until = 0.0
        self._trouble = Trouble(_log, "what comes is kept in the database again")
        self._unreadable = Trouble(_log, "the spool is read again")

    def take(self, event: Event) -> str:
        """Keeps the event; the answer to a hop, for others an empty text. Raises Unavailable."""
        if isinstance(event, Hop):
            return engine.answer(self._shop, self._wording, event, promise=self._spool.keep)
        try:
            self._keep(event)
        except Unavailable as error:
            if isinstance(event, LinkUp):
                return ""  # what waits for the link is tried in a while in any case
            self._spool.keep(event)
            self._trouble.met("what comes is kept in the spool", error)
        else:
            self._trouble.is_over()
        return ""

    def read_back(self) -> bool:
        """Brings what waits in the spool into the database, as of when it came; whether there was
        anything. Raises Unavailable.

        What is spooled meanwhile is brought as well: what its phone writes next may be in the
        database already, and is not to be answered before it.
        """
        found = False
        try:
            while self._spool.read_back(self._write_alone):
                found = True
        except OSError as error:
            self._unreadable.met("the spool cannot be read", error)
            return found
        self._unreadable.is_over()
        return found

    def _keep(self, event: Event) -> None:
        if time.monotonic() < self._spool_until:
            raise Unavailable("it could not be written a moment ago")
        mine = _Brought(event)
        with self._adding:
            self._brought.append(mine)
        with self._writing:  # whoever is first writes for all who came meanwhile
            if not mine.done:
                with self._adding:
                    together, self._brought = self._brought, []
                self._write_together(together)
        if mine.error:
            raise mine.error
        if not mine.done:
            raise Unavailable("whoever wrote it with theirs was interrupted")

    def _write_together(self, together: list[_Brought]) -> None:
        try:
            with self._shop.write(patience=PATIENCE) as tx:
                for brought in together:
                    self._write(tx, brought.event)
        except Unavailable as error:
            self._spool_until = time.monotonic() + LEAVE_ALONE
            for brought in together:
                brought.error = error
        except Exception:  # one of them: the others are not to suffer for it
            for brought in together:
                try:
                    self._write_alone(brought.event)
                except Exception as error:
                    brought.error = error
        for brought in together:
            brought.done = True

    def _write_alone(self, event: Event, came: datetime | None = None) -> None:
        with self._shop.write(patience=PATIENCE) as tx:
            self._write(tx, event, came)

    def _write(self, tx: Transaction, event: Event, came: datetime | None = None) -> None:
        match event:
            case Received():
                inbox.keep(tx, event, came=came)
            case DeliveryReport():
                outbox.report(
                    tx,
                    event.provider,
                    event.external_id,
                    event.status,
                    event.outcome,
                    msisdn=event.msisdn,
                    reason=event.reason,
                )
            case SessionEnded():
                msisdn = sessions.end(tx, event.provider, event.session_id)
                if msisdn and event.dropped:
                    drafts.session_dropped(tx, msisdn)
            case LinkUp():
                outbox.link_is_back(tx, event.provider)
            case OptedOut():
                consents.say(tx, event.msisdn, "news", yes=False, way=event.provider)
            case Hop():
                inbox.keep(tx, promised(event, tx.settings.pepper), kind="hop", came=came)


def promised(hop: Hop, pepper: str | None) -> Received:
    """A hop whose answer was promised, as the inbox keeps it; the same however often it came."""
    mark = sessions.mark_of(pepper, hop.text)
    said = {"session_id": hop.session_id, "service_code": hop.service_code, "text": hop.text}
    return Received(hop.provider, f"{hop.session_id}:{mark}", hop.msisdn, json.dumps(said))
