"""Sends what is due, in this thread: what a worker's senders do, for tests on a turned clock."""

from collections.abc import Callable, Sequence

from gateway import outbound
from gateway.providers import Provider
from store import inbox, outbox
from store.outbox import Message, Outcome
from store.shop import Shop


def send_next(shop: Shop, carriers: Sequence[Provider]) -> Callable[[], bool]:
    """A function that sends one message of each link that has one; False when none may be sent."""

    def send() -> bool:
        sent = False
        for carrier in carriers:
            for message in outbox.turn(shop, carrier.name, (), 1).messages:
                outcome = outbound.send(shop, carrier, message)
                outbox.turn(shop, carrier.name, [(message, outcome)], 0)
                sent = True
        return sent

    return send


def claim(shop: Shop, provider: str = "simulator") -> Message | None:
    """The most urgent message that this provider may be given now."""
    messages = outbox.turn(shop, provider, (), 1).messages
    return messages[0] if messages else None


def settle(shop: Shop, message: Message, outcome: Outcome) -> None:
    """What its provider said of a message that was claimed."""
    outbox.turn(shop, message.provider, [(message, outcome)], 0)


def answer_next(shop: Shop, answer: inbox.Answer, apologise: inbox.Answer) -> bool:
    """Answers the SMS that wait; False when none does."""
    return inbox.answer_some(shop, {"sms": answer}, apologise)
