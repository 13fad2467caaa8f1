"""The worker: answers SMS, sends SMS, runs timers. Wires rq's doorbell to the threads that do it.

Everything it does is found in the database, so it works with Redis up or down, and it can be
killed at any moment.
"""

import logging
import os
import signal
import socket
import threading
import time

import settings as configuration
from gateway import doorbell, inbound, providers
from gateway.desk import Desk
from gateway.drain import Drain
from gateway.linked import LinkKeeper
from gateway.outbound import Sender
from gateway.presence import Presence
from gateway.providers import Fetching, Linked
from menus.opening import open_shop
from store import heartbeats, outbox, timers
from store.shop import Shop

LAST_SECONDS = 2.5
"""What the work at hand has to end in; `make run` waits for three."""

_ENDING = (signal.SIGTERM, signal.SIGINT)


def main() -> None:
    """Runs until SIGTERM or SIGINT, then lets the work at hand end."""
    settings = configuration.load()
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s"
    )
    shop, wording = open_shop(settings)
    shop.on_commit = doorbell.ring_here
    carriers = [providers.make(name, settings) for name in settings.sms_provider]
    fetch_every = settings.fetch_every.total_seconds()
    every = settings.sweep_every.total_seconds()
    presence = Presence(settings.workers_path)
    outbox.adopt(shop)
    with shop.write() as tx:
        timers.set_timer(tx, "forget_sessions", "", tx.moment)
    bells = doorbell.BELLS
    desk = Desk(shop, wording)
    threads: list[Drain | LinkKeeper | Sender] = [
        *(
            LinkKeeper(carrier.name, carrier, desk.take)
            for carrier in carriers
            if isinstance(carrier, Linked)
        ),
        Drain("inbox", inbound.answer_waiting(shop, wording, desk), bells["inbox"].ear(), every),
        *(
            Drain(
                f"{carrier.name} fetch",
                inbound.catch_up(shop, carrier, desk),
                threading.Event(),
                fetch_every,
            )
            for carrier in carriers
            if isinstance(carrier, Fetching)
        ),
        Drain("timers", lambda: timers.run_next(shop), threading.Event(), every),
        Drain("heartbeat", lambda: _beat(shop, presence), threading.Event(), 5.0),
        *(
            Sender(shop, carrier, bells["outbox"].ear(), every, presence.name)
            for carrier in carriers
        ),
    ]
    # Blocked in all threads and waited for in one: a signal finds nobody in the middle of anything.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    for thread in threads:
        thread.start()
    if settings.redis_url:
        listening = (settings.redis_url,)
        threading.Thread(target=doorbell.listen, args=listening, daemon=True).start()
    signal.sigwait(_ENDING)
    until = time.monotonic() + LAST_SECONDS
    for thread in threads:
        thread.stop()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))


def _beat(shop: Shop, presence: Presence) -> bool:
    for worker in presence.dead():
        with shop.write() as tx:
            outbox.abandon(tx, worker)
        presence.forget(worker)
    heartbeats.beat(shop, f"{socket.gethostname()}:{os.getpid()}")
    return False


if __name__ == "__main__":
    main()
