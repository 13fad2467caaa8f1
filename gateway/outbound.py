"""Sends SMS: one thread for each link takes turns, and others wait for its provider.

What must stay true: a link that hangs holds up no other; no message is begun whose lease is over;
what a provider said is written down however the other messages of its turn fare.
"""

import logging
import queue
import threading
import time
from datetime import timedelta

from gateway import doorbell
from gateway.providers import Outgoing, Provider
from gateway.trouble import Trouble
from store import codes, outbox
from store.clock import from_text
from store.errors import Unavailable, traced
from store.outbox import Message, Outcome, Settled
from store.shop import Shop

TOGETHER = 0.002
"""Seconds in which more answers may come, to be written down with the first in one wait for the
disk."""

_log = logging.getLogger(__name__)


def send(shop: Shop, provider: Provider, message: Message) -> Outcome:
    """Gives a claimed message to its provider, with the codes in it that only its reader sees;
    unless its time was over while it waited for a free thread."""
    wanted_for = from_text(message.expires_at) - shop.clock.now()
    if wanted_for <= timedelta():
        return Outcome("refused", reason="too old: its time was over, not begun", link=None)
    text = codes.reveal(message.text, shop.settings.pepper or "")
    return provider.send(Outgoing(message.reference, message.msisdn, text, wanted_for))


class Sender(threading.Thread):
    """One link's messages, `PASAR_SEND_AT_ONCE` of them at a time.

    It looks when `bell` rings, when a provider has answered, and every so many seconds.
    """

    def __init__(
        self,
        shop: Shop,
        provider: Provider,
        bell: threading.Event,
        every: float,
        worker: str = "",
    ) -> None:
        super().__init__(name=f"{provider.name} sender", daemon=True)
        self._shop = shop
        self._provider = provider
        self._bell = bell
        self._every = every
        self._worker = worker
        self._most = shop.settings.send_at_once
        self._lease = shop.settings.lease.total_seconds()
        self._to_give: queue.SimpleQueue[tuple[Message, float]] = queue.SimpleQueue()
        self._back: queue.SimpleQueue[Settled] = queue.SimpleQueue()
        self._under_way = 0
        self._unsettled: list[Settled] = []
        self._stopping = threading.Event()
        self._trouble = Trouble(_log, f"{self.name} goes on")

    def run(self) -> None:
        for _ in range(self._most):  # daemons: a provider that hangs does not hold up the end
            threading.Thread(target=self._give_all, name=self.name, daemon=True).start()
        rung = False
        while True:
            self._bell.clear()  # before looking: a ring from here on is for the next look
            wait = self._turn()
            if self._stopping.is_set() and not self._under_way and not self._unsettled:
                break
            if rung:  # a ring that came with that one was not sent
                wait = min(wait, doorbell.TOGETHER * 1.5)
            rung = self._bell.wait(wait) if wait else False
            if rung and self._back.qsize() < self._under_way:
                time.sleep(TOGETHER)

    def stop(self) -> None:
        """Lets what is under way end, and nothing else begin."""
        self._stopping.set()
        self._bell.set()

    def _turn(self) -> float:
        """One turn; the seconds to wait before the next, if nobody rings."""
        while not self._back.empty():
            self._unsettled.append(self._back.get())
            self._under_way -= 1
        free = 0 if self._stopping.is_set() else self._most - self._under_way
        try:
            turn = outbox.turn(
                self._shop, self._provider.name, self._unsettled, free, worker=self._worker
            )
        except Unavailable as error:
            self._trouble.met(f"{self.name} waits for the database", error)
            return 0.2
        except Exception as error:
            self._trouble.failed(f"{self.name} failed and will try again", error)
            self._settle_each()
            return 0.2
        self._trouble.is_over()
        self._unsettled = []
        for message in turn.messages:
            self._under_way += 1
            self._to_give.put((message, time.monotonic() + self._lease))
        return self._every if turn.wait is None else min(max(turn.wait, 0.001), self._every)

    def _settle_each(self) -> None:
        """So that one outcome that cannot be written down does not take the others with it; its
        message's lease will end."""
        unsettled, self._unsettled = self._unsettled, []
        for settled in unsettled:
            try:
                outbox.turn(self._shop, self._provider.name, [settled], 0)
            except Unavailable:
                self._unsettled.append(settled)
            except Exception as error:
                _log.error("outcome of %s not kept\n%s", settled[0].reference, traced(error))

    def _give_all(self) -> None:
        while True:
            self._give(*self._to_give.get())

    def _give(self, message: Message, lease_ends: float) -> None:
        outcome = Outcome("unknown", reason="not sent: it failed on our side", link=None)
        try:
            if time.monotonic() < lease_ends:
                outcome = send(self._shop, self._provider, message)
            else:  # this process stood still meanwhile, and somebody else may have it by now
                outcome = Outcome("refused", reason="its lease was over, not begun", link=None)
        except Exception as error:  # a provider that breaks its promise
            _log.error("%s raised\n%s", self._provider.name, traced(error))
        finally:
            self._back.put((message, outcome))
            self._bell.set()
