"""The worker's side of what came in: each message is answered once, and what we missed fetched."""

import json
import logging
from collections.abc import Callable

from gateway.desk import Desk
from gateway.providers import Fetching
from menus import engine
from menus.commands.answer import answering, apologising
from menus.engine import Hop
from menus.wording import Wording
from store import inbox, outbox, sealing
from store.errors import Unavailable, traced
from store.inbox import Received
from store.shop import Shop, Transaction

_log = logging.getLogger(__name__)


def answer_waiting(shop: Shop, wording: Wording, desk: Desk) -> Callable[[], bool]:
    """A function that answers the oldest waiting messages; False when none waits.

    What waits in the spool came before them, and is read back first.
    """
    answers = {"sms": answering(wording), "hop": _answering_hops(wording)}
    apologise = apologising(wording)

    def work() -> bool:
        read_back = desk.read_back()
        return inbox.answer_some(shop, answers, apologise) or read_back

    return work


def _answering_hops(wording: Wording) -> inbox.Answer:
    def answer(tx: Transaction, received: Received) -> str:
        hop = Hop(provider=received.provider, msisdn=received.msisdn, **json.loads(received.text))
        text = engine.answer_by_sms(tx, wording, hop)
        outbox.put(tx, hop.msisdn, text, notice="promised", kind="order")
        return sealing.MASK

    return answer


def catch_up(shop: Shop, provider: Fetching, desk: Desk) -> Callable[[], bool]:
    """A function that fetches what this provider has for us; False when there is no more."""

    def work() -> bool:
        with shop.read() as tx:
            after = inbox.latest(tx, provider.name)
        received, end = provider.fetch(after)
        for each in received:
            try:
                desk.take(each)
            except Unavailable:
                raise
            except Exception as error:  # whatever it is, those after it are not to wait for it
                what = f"message {each.external_id} of {provider.name}"
                _log.error("%s is fetched and not kept\n%s", what, traced(error))
        if end == after:
            return False
        with shop.write() as tx:
            inbox.fetched_up_to(tx, provider.name, end)
        return True

    return work
