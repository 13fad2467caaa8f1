"""What comes next for whatever has not come to its end, so that runs reach far."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from store.database import Row
from tests.support.model.money import Money
from tests.support.model.play import WHICH, WHO, Play
from tests.support.model.quarrels import Quarrels
from tests.support.model.trade import Trade

HOW = st.integers(0, 27)
"""Which of the usual ways, and which agent."""


class Onward(Trade, Money, Quarrels):
    """The usual way of orders, payouts, complaints and cash."""

    @initialize(orders=st.lists(st.tuples(WHICH, WHO, HOW, st.integers(0, 9)), max_size=5))
    def begin(self, orders: list[tuple[int, int, int, int]]) -> None:
        """Orders that have come more or less far already."""
        for listing, buyer, how, steps in orders:
            place = (self.place, self.place_by_agent, self.place_service)[how % 3]
            place(listing, buyer, 1 + how % 2, *(["ayat kursi"] if how % 3 == 2 else [True]))
            for step in range(steps):
                if unfinished(self):
                    self._go_on(step if how % 4 == 3 else 0, how + step)

    @precondition(lambda self: bool(unfinished(self)))
    @rule(which=st.integers(0, 31), how=HOW)
    def go_on(self, which: int, how: int) -> None:
        self._go_on(which, how)

    @precondition(lambda self: bool(unfinished(self)))
    @rule(which=st.integers(0, 31), how=HOW)
    def go_on_with_another(self, which: int, how: int) -> None:
        self._go_on(which, how)

    def _go_on(self, which: int, how: int) -> None:
        kind, row = (found := unfinished(self))[which % len(found)]
        self.chosen = row
        try:
            getattr(self, f"_{kind}")(row, how)
        finally:
            self.chosen = None

    def _order(self, order: Row, how: int) -> None:
        if order["state"] == "waiting":
            self.accept(0, 0, None if how % 3 else 1)
        elif order["state"] == "accepted" and (order["deposit"] or how % 2):
            self.deposit(0, how, bool(how % 3))
        elif order["state"] == "held" and how % 3 == 0:
            self.send_with_courier(0, 0, how, 9_000)
        elif order["state"] in ("accepted", "held"):
            self.send(0, 0)
        elif order["state"] == "handed over":
            self.complain(0, 0, "broken") if how % 2 else self.receive(0, 0)
        else:
            self._on_the_way(order, how)

    def _on_the_way(self, order: Row, how: int) -> None:
        if order["courier_id"] and order["state"] == "sent" and how % 2:
            self.hand_over_by_courier(0, 0)
        elif how % 7 == 0:
            self.complain_as_seller(0)
        elif how % 7 == 1:
            self.complain(0, 0, "not arrived")
        elif how % 7 == 2:
            self.receive(0, 0)
        elif order["state"] == "sent" and how % 7 in (3, 4):
            self.inspect(0, how)
        elif order["state"] == "at agent" and how % 2:
            self.hand_over_at_agent(0, 0)
        else:
            self.hand_over(0, 0)

    def _payout(self, payout: Row, how: int) -> None:
        self.pay_out(0, 0)

    def _dispute(self, dispute: Row, how: int) -> None:
        if dispute["state"] == "owing":
            self.repay(0, how, 0)
        elif how % 7 == 0:
            self.concede(0, 0)
        elif how % 7 == 1:
            self.withdraw(0, 0)
        elif dispute["state"] == "with coordinator" and how % 7 == 2:
            self.rule_by_operator(0, 50)
        elif dispute["state"] == "opened":
            self.answer(0, 0)
        elif dispute["state"] == "proposed":
            self.second(0, bool(how % 3))
        else:
            self.rule_on(0, 0, (100, 33, 0)[how % 3])

    def _remittance(self, remittance: Row, how: int) -> None:
        self.take_cash(0, 0)


UNFINISHED = {
    "dispute": ("opened", "with agent", "proposed", "with coordinator", "owing"),
    "order": ("waiting", "accepted", "held", "sent", "at agent", "handed over"),
    "payout": ("due",),
    "remittance": ("offered",),
}


def unfinished(self: Play) -> list[tuple[str, Row]]:
    """Everything that somebody is to do something about, the newest first."""
    return [(kind, row) for kind, states in UNFINISHED.items() for row in self.rows(kind, *states)]
