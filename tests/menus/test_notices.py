"""The notices and refusals are those of the store, and each says which order it is about."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import store
from menus.commands import orders as order_commands
from menus.notices import NOTICES, REFUSALS
from menus.wording import placeholders, translate
from store import services
from store.orders import MACHINE, describe
from tests.support import widest
from tests.support.widest import marked


def calls(name: str) -> Iterator[ast.Call]:
    """The calls in the store of functions with this name."""
    for path in sorted(Path(store.__path__[0]).rglob("*.py")):
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


def test_the_refusals_are_those_of_the_store_with_the_values_that_it_gives() -> None:
    raised = set()
    for call in calls("Refused"):
        reasons = strings(call.args[0])
        assert reasons, f"a reason is named where it is raised: {ast.unparse(call)}"
        given = {keyword.arg for keyword in call.keywords}
        for reason in reasons:
            raised.add(reason)
            assert placeholders(REFUSALS[reason]) <= given, ast.unparse(call)
    assert raised == set(REFUSALS)


def test_the_notices_are_those_of_the_store_with_the_values_that_it_gives() -> None:
    of_an_order = set(describe(widest.order("sent")))
    given = {
        "order_new": of_an_order,
        "order_sent": of_an_order | {"code"},
        "order_rejected_why": of_an_order | {"why"},
    }
    for call in calls("notify"):
        for notice in strings(call.args[2]):
            given[notice] = {str(keyword.arg) for keyword in call.keywords}
    tables = (MACHINE.transitions, MACHINE.timeouts)
    for tells in (row.tells for table in tables for row in table):
        for notice in tells.values():
            given.setdefault(notice, of_an_order)
    for notice, of_service in services.NOTICES.items():
        given[of_service] = given[notice]
    given["order_accepted_deposit"] = of_an_order
    assert given.keys() == NOTICES.keys()
    for notice, values in given.items():
        assert placeholders(NOTICES[notice]) <= values, notice


@pytest.mark.parametrize(("lang", "order"), [("id", "Pesanan {number}"), ("en", "Order {number}")])
def test_whatever_is_said_of_an_order_names_it(lang: str, order: str) -> None:
    """Except for what only ever stands behind its name."""
    for notice, sentence in NOTICES.items():
        assert ("{number}" in sentence) == notice.startswith("order_")
    behind = {*order_commands.DETAIL_NEXT.values(), *order_commands.DETAIL_NEXT_SERVICE.values()}
    for sentence in marked() - behind:
        if "{number}" in sentence:
            assert order in translate(lang, sentence), sentence
