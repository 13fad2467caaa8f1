"""The worker's side of outgoing SMS: claims one, sends it, records what became of it."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from gateway.providers import Outgoing, Provider
from store import codes, outbox
from store.shop import Shop


def send_next(shop: Shop, carriers: Sequence[Provider]) -> Callable[[], bool]:
    """A function that sends the most urgent message; False when none may be sent now.

    An attempt that a provider refused for now is followed by one at the next provider.
    """
    by_name = {carrier.name: carrier for carrier in carriers}
    names = list(by_name)

    def send() -> bool:
        message = outbox.claim(shop, names)
        if message is None:
            return False
        text = codes.reveal(message.text, shop.settings.pepper or "")
        sms = Outgoing(message.reference, message.msisdn, text, timedelta(days=1))
        outcome = by_name[message.provider].send(sms)
        outbox.settle(shop, message, outcome)
        return True

    return send
