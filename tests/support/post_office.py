"""The outbox with its provider and its clock, driven step by step: for tests of what becomes of a
message.

    office.play("send / unknown / report a delivered")

`send` claims the message; `accepted a`, `refused`, `failed`, `unknown` are what the provider says,
`a` its id for the attempt; `report a delivered` is a delivery report with the phone's number,
`report a delivered nameless` one without, `report a delivered elsewhere` one of another provider;
`wait 30s` turns the clock; `sweep` looks for work where there is none to do.
"""

from datetime import timedelta
from typing import Any, Literal, cast

from store import codes, outbox
from store.outbox import Message, Outcome
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import SRI

PROVIDER = "simulator"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class PostOffice:
    """Writes, sends and reports; `message` is the one that was claimed last."""

    def __init__(self, shop: Shop, clock: TurnableClock) -> None:
        self.shop = shop
        self.clock = clock
        self.message: Message | None = None

    def write(
        self,
        to: str = SRI,
        text: str = "Halo",
        *,
        kind: str = "order",
        secret: bool = False,
        **more: str,
    ) -> str:
        """Puts a message into the outbox; its id. `more`: what it is about, its route, until."""
        if secret:
            text += codes.placeholder(1001, "0af3")
        with self.shop.write() as tx:
            return outbox.put(tx, to, text, notice="test", kind=kind, **more)

    def turn(self, provider: str = PROVIDER, most: int = 256) -> outbox.Turn:
        """All that this provider may be given now."""
        return outbox.turn(self.shop, provider, (), most)

    def claim(self, provider: str = PROVIDER) -> Message | None:
        messages = outbox.turn(self.shop, provider, (), 1).messages
        self.message = messages[0] if messages else None
        return self.message

    def answer(
        self,
        state: str,
        external_id: str | None = None,
        message: Message | None = None,
        *,
        link: Literal["works", "busy", "down"] | None = "works",
        cost: str | None = None,
    ) -> None:
        """What the provider says of the message that was claimed last, or of `message`."""
        message = message or self.message
        assert message
        known = cast(Literal["accepted", "refused", "failed", "unknown"], state)
        outcome = Outcome(known, external_id, cost, f"was {state}", link)
        outbox.turn(self.shop, message.provider, [(message, outcome)], 0)

    def report(
        self, external_id: str, outcome: str, msisdn: str | None = SRI, provider: str = PROVIDER
    ) -> None:
        known = cast(Literal["passing", "delivered", "undelivered"], outcome)
        with self.shop.write() as tx:
            outbox.report(
                tx, provider, external_id, outcome.title(), known, msisdn=msisdn, reason="because"
            )

    def play(self, steps: str) -> None:
        for step in steps.split(" / "):
            match step.split():
                case ["send"]:
                    assert self.claim(), steps
                case ["sweep"]:
                    assert not outbox.turn(self.shop, PROVIDER, (), 1).messages, steps
                case ["wait", span]:
                    self.clock.turn(timedelta(**{_UNITS[span[-1]]: int(span[:-1])}))
                case ["report", external_id, outcome]:
                    self.report(external_id, outcome)
                case ["report", external_id, outcome, "nameless"]:
                    self.report(external_id, outcome, None)
                case ["report", external_id, outcome, "elsewhere"]:
                    self.report(external_id, outcome, provider="other")
                case ["accepted" | "refused" | "failed" | "unknown" as state]:
                    self.answer(state)
                case ["accepted" | "refused" | "failed" | "unknown" as state, external_id]:
                    self.answer(state, external_id)
                case []:
                    pass
                case _:
                    raise ValueError(step)

    def row(self, message_id: str) -> dict[str, Any]:
        with self.shop.read() as tx:
            row = tx.row("SELECT * FROM outbox WHERE id = ?", (message_id,))
        assert row
        return row

    def state(self, message_id: str) -> str:
        return str(self.row(message_id)["state"])
