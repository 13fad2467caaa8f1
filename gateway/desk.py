"""The desk: takes all that comes in, whichever link brought it, so that nothing of it is lost.

What must stay true: when `take` returns, the event is safe on the disk; otherwise it raises
Unavailable, and whoever brought it is told to bring it again.
"""

from gateway.providers import DeliveryReport, Event, OptedOut, SessionEnded
from menus import engine
from menus.engine import Hop
from menus.wording import Wording
from store import inbox, outbox, people, sessions
from store.inbox import Received
from store.shop import Shop


class Desk:
    """Safe to share between threads."""

    def __init__(self, shop: Shop, wording: Wording) -> None:
        self._shop = shop
        self._wording = wording

    def take(self, event: Event) -> str:
        """Keeps the event; the answer to a hop, for all others an empty text."""
        match event:
            case Hop():
                return engine.answer(self._shop, self._wording, event)
            case SessionEnded():
                with self._shop.write(durable=False) as tx:
                    sessions.end(tx, event.provider, event.session_id)
            case Received():
                with self._shop.write() as tx:
                    inbox.keep(tx, event)
            case DeliveryReport():
                with self._shop.write() as tx:
                    outbox.report(
                        tx,
                        event.provider,
                        event.external_id,
                        event.status,
                        event.outcome,
                        msisdn=event.msisdn,
                        reason=event.reason,
                    )
            case OptedOut():
                with self._shop.write() as tx:
                    people.stop_broadcasts(tx, event.msisdn, stopped=True)
        return ""
