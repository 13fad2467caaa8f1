"""A provider that only sends, and answers as it is told."""

from collections.abc import Callable

from gateway.providers import Outgoing
from store.outbox import Outcome

ACCEPTED = Outcome("accepted", "ATXid_1", "KES 0.8000")


class Carrier:
    """Gives these outcomes one after the other, then accepts; `before` is called before each."""

    def __init__(
        self, name: str, *outcomes: Outcome, before: Callable[[], object] | None = None
    ) -> None:
        self.name = name
        self.outcomes = list(outcomes)
        self.before = before
        self.given: list[tuple[str, str]] = []

    def send(self, sms: Outgoing) -> Outcome:
        self.given.append((sms.msisdn, sms.text))
        if self.before:
            self.before()
        return self.outcomes.pop(0) if self.outcomes else ACCEPTED
