"""Every action upon an order in every state by every role: the few that are allowed, and the rest.

ALLOWED is written down here a second time on purpose: the table in the code is held against it.
"""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

import settings as configuration
from store import codes, orders, timers
from store.errors import Refused
from store.orders import Order
from store.people import Person
from store.shop import Shop, Transaction
from tests.support import market
from tests.support.clock import TurnableClock

ALLOWED = {
    ("waiting", "accept", "seller"): "accepted",
    ("waiting", "reject", "seller"): "rejected",
    ("waiting", "cancel", "buyer"): "cancelled",
    ("waiting", "expire", "clock"): "expired",
    ("accepted", "send", "seller"): "sent",
    ("accepted", "receive", "buyer"): "handed over",
    ("accepted, late", "send", "seller"): "sent",
    ("accepted, late", "receive", "buyer"): "handed over",
    ("accepted, late", "cancel", "buyer"): "cancelled",
    ("sent", "hand over", "seller"): "handed over",
    ("sent", "receive", "buyer"): "handed over",
    ("handed over", "receive", "buyer"): "done",
    ("handed over", "finish", "clock"): "done",
}

Act = Callable[[Transaction, Person, Order], object]


def hand_over(tx: Transaction, person: Person, order: Order) -> object:
    nonce = orders.by_id(tx, order.id).code_nonce or ""
    code = codes.hand_over_code(tx.settings.pepper, order.id, nonce)
    return orders.hand_over(tx, person, order.number, code)


BY_PEOPLE: dict[str, Act] = {
    "accept": lambda tx, person, order: orders.accept(tx, person, order.number),
    "reject": lambda tx, person, order: orders.reject(tx, person, order.number, "habis"),
    "send": lambda tx, person, order: orders.send(tx, person, order.number),
    "hand over": hand_over,
    "receive": lambda tx, person, order: orders.receive(tx, person, order.number),
    "cancel": lambda tx, person, order: orders.cancel(tx, person, order.number),
}
BY_CLOCK = {"expire": "order.expire", "finish": "order.finish"}

WAY_TO = {
    "waiting": (),
    "accepted": ("accept",),
    "accepted, late": ("accept", "late"),
    "sent": ("accept", "send"),
    "handed over": ("accept", "send", "hand over"),
    "done": ("accept", "send", "receive", "receive"),
    "rejected": ("reject",),
    "expired": ("expire",),
    "cancelled": ("cancel",),
}
DOES = {"cancel": "buyer", "receive": "buyer"}

CELLS = [
    *itertools.product(WAY_TO, BY_PEOPLE, ("buyer", "seller", "stranger")),
    *itertools.product(WAY_TO, BY_CLOCK, ("clock",)),
]


class Trade:
    """A shop in which one order after another is made and tried."""

    def __init__(self, folder: Path) -> None:
        self.clock = TurnableClock()
        given = {"PASAR_DATA_DIR": str(folder), "PASAR_PEPPER": "p" * 32}
        self.shop: Shop = market.open_shop(configuration.load(given), self.clock)
        buyer, seller, self.listing = market.trade(self.shop, price=1, stock=9000)
        stranger = market.register(self.shop, market.DEWI)
        self.people = {"buyer": buyer, "seller": seller, "stranger": stranger}

    def order_in(self, state: str) -> Order:
        """A new order, brought into this state."""
        order = market.order(self.shop, self.people["buyer"], self.listing, 1, again=True)
        for action in WAY_TO[state]:
            if action == "late":
                self.clock.turn(hours=73)
            else:
                self.act(
                    order, action, "clock" if action in BY_CLOCK else DOES.get(action, "seller")
                )
        return market.look(self.shop, order)

    def act(self, order: Order, action: str, role: str) -> None:
        with self.shop.write() as tx:
            if role == "clock":
                timers.HANDLERS[BY_CLOCK[action]](tx, str(order.id))
            else:
                BY_PEOPLE[action](tx, self.people[role], order)


@pytest.fixture(scope="module")
def trade(tmp_path_factory: pytest.TempPathFactory) -> Trade:
    return Trade(tmp_path_factory.mktemp("trade"))


def test_the_table_in_the_code_is_the_one_above() -> None:
    table = {
        (each.source, each.action, each.who): each.target for each in orders.MACHINE.transitions
    }
    assert table == {
        (source.removesuffix(", late"), action, who): target
        for (source, action, who), target in ALLOWED.items()
    }
    assert {source.removesuffix(", late") for source in WAY_TO} == set(orders.MACHINE.states)


@pytest.mark.parametrize(("state", "action", "role"), CELLS)
def test_cell(trade: Trade, state: str, action: str, role: str) -> None:
    order = trade.order_in(state)
    assert order.state == state.removesuffix(", late")
    before, happened = market.everything(trade.shop), len(market.events(trade.shop))
    target = ALLOWED.get((state, action, role))
    if target:
        trade.act(order, action, role)
        assert market.look(trade.shop, order).state == target
        actor = trade.people[role].msisdn if role != "clock" else "clock"
        new = market.events(trade.shop)[happened:]
        assert new == [(actor, f"order.{action.replace(' ', '_')}")]
        return
    if role == "clock":
        trade.act(order, action, role)
    else:
        with pytest.raises(Refused):
            trade.act(order, action, role)
    assert market.everything(trade.shop) == before


def test_an_order_that_somebody_else_changed_meanwhile_is_left_alone(trade: Trade) -> None:
    stale = trade.order_in("waiting")
    trade.act(stale, "cancel", "buyer")
    before = market.everything(trade.shop)
    with pytest.raises(Refused, match="not_now") as refusal, trade.shop.write() as tx:
        orders.MACHINE.move(tx, stale, "accept", market.BUDI)
    assert refusal.value.values["state"] == "cancelled"
    assert market.everything(trade.shop) == before
