"""The notices and refusals are those of the store, and each says which order it is about."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest

import menus
import store
from menus.commands import look
from menus.notices import NOTICES, REFUSALS
from menus.wording import placeholders, translate
from store import disputes, escrow, limits, orders, payouts, remittances
from store.machine import Machine
from tests.support import widest
from tests.support.widest import marked


def calls(name: str, *rooms: ModuleType) -> Iterator[ast.Call]:
    """The calls in these rooms, or in the store, of functions with this name."""
    for room in rooms or (store,):
        for path in sorted(Path(room.__path__[0]).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    called = node.func
                    if name == getattr(called, "attr", getattr(called, "id", "")):
                        yield node


def strings(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(str(text)):
            return [text]
        case ast.IfExp():
            return strings(node.body) + strings(node.orelse)
    return []


def test_the_refusals_are_those_that_are_raised_with_the_values_that_they_are_given() -> None:
    raised = set()
    for call in calls("Refused", store, menus):
        reasons = strings(call.args[0])
        assert reasons, f"a reason is named where it is raised: {ast.unparse(call)}"
        given = {keyword.arg for keyword in call.keywords}
        for reason in reasons:
            raised.add(reason)
            assert placeholders(REFUSALS[reason]) <= given, ast.unparse(call)
    assert raised == set(REFUSALS)


OF_AN_ORDER = set(orders.describe(widest.order("sent")))


def keys(node: ast.expr) -> set[str]:
    """The names in a dictionary as it is written, those of an order that it is made of included."""
    assert isinstance(node, ast.Dict), ast.unparse(node)
    written = {key.value for key in node.keys if isinstance(key, ast.Constant)}
    return {str(name) for name in written} | (OF_AN_ORDER if None in node.keys else set())


def keywords(call: ast.Call) -> set[str]:
    """The names of the values that a call gives, also those that it unpacks."""
    named = {keyword.arg for keyword in call.keywords if keyword.arg}
    unpacked = [keys(keyword.value) for keyword in call.keywords if keyword.arg is None]
    return named.union(*unpacked)


def notified() -> dict[str, set[str]]:
    """What is told outside the machines, with the values that it is given."""
    given = {}
    for call in calls("notify"):
        for notice in strings(call.args[2]):
            given[notice] = keywords(call)
    for call in calls("ask", menus):  # what an agent asks in somebody's name
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        if "notice" in named:
            (notice,) = strings(named["notice"])
            given[notice] = {"agent"} | keys(named["values"])
    return given


ORDERS = [
    replace(widest.order("sent"), kind=kind, deposit=deposit, held=held, courier_id=courier)
    for kind, deposit, held, courier in product(
        ("goods", "service"), (0, 5), (0, 5, limits.RUPIAH), (None, 4)
    )
]
PAYOUTS = [widest.payout(role, 1) for role in get_args(payouts.Role)]

MACHINES: list[tuple[Machine[Any], list[Any], set[str]]] = [
    (orders.MACHINE, ORDERS, {"order_new"}),
    (escrow.MACHINE, [None], set()),
    (payouts.MACHINE, PAYOUTS, {"order_payout"}),
    (
        disputes.MACHINE,
        [widest.dispute("opened"), replace(widest.dispute("opened"), paid=0)],
        {"order_complaint", "order_no_code", "order_found_bad"},
    ),
    (remittances.MACHINE, [widest.remittance()], set()),
]
"""Each machine with things of every kind that it moves, and what is told when one begins."""

BESIDES = {
    "order_sent": {"code", "name", "phone"},
    "order_rejected": {"why"},
    "order_given_up": {"why"},
}
"""What a change gives its notices besides what describes the thing."""


def moved() -> dict[str, set[str]]:
    """What the machines tell, under the name that each kind of thing has for it."""
    given: dict[str, set[str]] = {}
    for machine, things, told in MACHINES:
        tables = (machine.transitions, machine.timeouts)
        told = told.union(*(row.tells.values() for table in tables for row in table))
        for thing, notice in product(things, told):
            name = machine.variant(thing, notice) if machine.variant else notice
            given[name] = set(machine.describe(thing)) | BESIDES.get(notice, set())
            if "why" in given[name]:
                given[f"{name}_why"] = given[name]
    return given


def test_the_notices_are_those_of_the_store_with_the_values_that_it_gives() -> None:
    given = {**moved(), **notified()}
    assert given.keys() == NOTICES.keys()
    for notice, values in given.items():
        assert placeholders(NOTICES[notice]) <= values, notice


@pytest.mark.parametrize(("lang", "order"), [("id", "Pesanan {number}"), ("en", "Order {number}")])
def test_whatever_is_said_of_an_order_names_it(lang: str, order: str) -> None:
    """Except for what only ever stands behind its name."""
    for notice, sentence in NOTICES.items():
        assert ("{number}" in sentence) == notice.startswith("order_")
    tables = (look.DETAIL_NEXT, look.DETAIL_NEXT_SERVICE, look.TO_PAY)
    behind = {sentence for table in tables for sentence in table.values()}
    for sentence in marked() - behind:
        if "{number}" in sentence:
            assert order in translate(lang, sentence), sentence
