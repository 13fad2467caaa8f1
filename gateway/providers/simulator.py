"""The simulator: phones that live in this program, for trying out and training.

Its callbacks look like Africa's Talking's; its SMS are delivered by being in the outbox.
"""

import uuid

from gateway.providers import Outgoing, Promises
from gateway.providers.africastalking import Callbacks
from settings import Settings
from store.outbox import Outcome


class Simulator(Callbacks):
    """A network without phones outside it."""

    name = "simulator"
    promises = Promises(
        ussd="yes",
        sms_in="not sent: its phones talk to the hooks themselves",
        lost_answer="cannot happen",
        reports="none: accepted is delivered",
        cost="none",
        limits="no phone outside this program",
    )

    def send(self, sms: Outgoing) -> Outcome:
        return Outcome("accepted", external_id=f"SIM_{uuid.uuid4().hex}", cost="IDR 0")


def make(settings: Settings) -> Simulator:
    """The simulator."""
    return Simulator(settings)
