"""The operator's shell, typed in this process, and a shop to look into."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from store import orders
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.moments import EVERY_STATE, bring
from tests.support.money import MACHINES, PRICE, Stage
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
def stage(shop: Shop, clock: TurnableClock) -> Stage:
    """Everybody in the shop, and the limit of one agent so low that two pieces are above it."""
    shop.settings = shop.settings.model_copy(update={"two_agents_above": PRICE})
    return Stage(shop, clock).open()


@pytest.fixture
def moments(stage: Stage) -> dict[str, orders.Order]:
    """An order in every moment that it takes to have something in each state of every machine."""
    return {moment: bring(stage, moment).order for moment in EVERY_STATE}


@pytest.fixture
def busy(shop: Shop, moments: dict[str, orders.Order]) -> Shop:
    """A shop with all of those, made by its own actions."""
    for machine in MACHINES:
        with shop.read() as tx:
            seen = {row["state"] for row in tx.rows(f"SELECT state FROM {machine.table}")}
        assert seen == set(machine.states), machine.table
    return shop
