"""The operator's shell, typed in this process, and a shop to look into."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from store import orders
from store.shop import Shop
from tests.support import market
from tests.support.clock import TurnableClock
from web import cli

Run = Callable[..., Result]


@pytest.fixture
def run(shop: Shop) -> Run:
    """`run("db", "check")` is `flask --app app db check`."""
    return shell_of(shop)


def shell_of(shop: Shop) -> Run:
    app = Flask("shell")
    cli.register(app, shop)

    def run(*words: object, **more: Any) -> Result:
        result = app.test_cli_runner().invoke(args=[str(word) for word in words], **more)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def busy(shop: Shop, clock: TurnableClock) -> Shop:
    """A shop with an order in every state, made by its own actions; two are late."""
    sri, budi, rice = market.trade(shop)

    def order() -> orders.Order:
        return market.order(shop, sri, rice, 1, again=True)

    def act(action: object, person: object, number: str, *more: object) -> None:
        with shop.write() as tx:
            action(tx, person, number, *more)  # type: ignore[operator]

    order()
    expired = order()
    clock.turn(hours=25)
    market.run_timers(shop)
    assert market.look(shop, expired).state == "expired"
    for final in (orders.reject, orders.cancel):
        act(final, budi if final is orders.reject else sri, order().number)
    late = order()
    act(orders.accept, budi, late.number)
    clock.turn(days=4)
    market.run_timers(shop)
    by_state = [order() for _ in range(5)]
    for number in (each.number for each in by_state[1:]):
        act(orders.accept, budi, number)
    for each in by_state[2:4]:
        act(orders.send, budi, each.number)
    act(orders.hand_over, budi, by_state[3].number, market.code_of_order(shop, by_state[3]))
    for _ in range(2):
        act(orders.receive, sri, by_state[4].number)
    with shop.read() as tx:
        states = {row["state"] for row in tx.rows("SELECT DISTINCT state FROM orders")}
    assert states == set(orders.MACHINE.states)
    return shop
