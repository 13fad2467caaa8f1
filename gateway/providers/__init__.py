"""The links to the telephone network: one small module a provider.

A provider reads what its callbacks bring and sends messages. To add one, write a module with a
class like `africastalking.AfricasTalking`, and name it in `make`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from menus.engine import Hop
from settings import Settings
from store.inbox import Received
from store.outbox import Outcome


class BadRequest(ValueError):
    """A body that can never be valid; the text says why. Sending it again does not help."""


@dataclass(frozen=True)
class DeliveryReport:
    """What became of a message that the provider had accepted; `status` in its own words."""

    external_id: str
    status: str
    outcome: Literal["passing", "delivered", "undelivered"]
    msisdn: str | None
    reason: str | None


class Provider(Protocol):
    """One link. Every reading method raises BadRequest; `send` raises nothing."""

    name: str

    def hop(self, form: Mapping[str, str]) -> Hop:
        """The USSD hop of a callback."""

    def received(self, form: Mapping[str, str]) -> Received:
        """The incoming SMS of a callback."""

    def delivery_report(self, form: Mapping[str, str]) -> DeliveryReport:
        """The delivery report of a callback."""

    def ended_session(self, form: Mapping[str, str]) -> str:
        """The id of the session that a callback says has ended."""

    def opted_out(self, form: Mapping[str, str]) -> str:
        """The E.164 number that a callback says wants no more news."""

    def send(self, msisdn: str, text: str) -> Outcome:
        """Sends one SMS; may take as long as the provider does."""


def make(name: str, settings: Settings) -> Provider:
    """The provider of this name, ready to use."""
    from gateway.providers.africastalking import AfricasTalking
    from gateway.providers.simulator import Simulator

    return {"africastalking": AfricasTalking, "simulator": Simulator}[name](settings)


def of(settings: Settings) -> dict[str, Provider]:
    """The providers whose hooks are open, by name; those that carry SMS come first, in order."""
    names = dict.fromkeys([*settings.sms_provider, "simulator", "africastalking"])
    if not settings.simulator:
        del names["simulator"]
    return {name: make(name, settings) for name in names}
