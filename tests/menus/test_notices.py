"""The notices and refusals are those of the store, and each says which order it is about."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import store
from menus.commands import orders as order_commands
from menus.notices import NOTICES, REFUSALS
from menus.wording import placeholders, translate
from store.orders import describe
from tests.support import widest
from tests.support.widest import marked


def calls(*names: str) -> Iterator[tuple[ast.Call, list[str]]]:
    """The calls of these functions in the store, with the strings that each names."""
    for path in sorted(Path(store.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                function = node.func
                name = getattr(function, "attr", getattr(function, "id", ""))
                if name in names:
                    yield node, _strings(node.args[2 if name in ("notify", "_tell") else 0])


def _strings(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(str(text)):
            return [text]
        case ast.IfExp():
            return _strings(node.body) + _strings(node.orelse)
    return []


def test_the_refusals_are_those_of_the_store_with_the_values_that_it_gives() -> None:
    raised = set()
    for call, reasons in calls("Refused"):
        assert reasons, f"a reason is named where it is raised: {ast.unparse(call)}"
        given = {keyword.arg for keyword in call.keywords}
        for reason in reasons:
            raised.add(reason)
            assert placeholders(REFUSALS[reason]) <= given, ast.unparse(call)
    assert raised == set(REFUSALS)


def test_the_notices_are_those_of_the_store_with_the_values_that_it_gives() -> None:
    sent = set()
    of_an_order = set(describe(widest.order("sent")))
    for call, notices in calls("notify", "_tell"):
        given = {keyword.arg for keyword in call.keywords} - {"kind"}
        given |= of_an_order if getattr(call.func, "id", "") == "_tell" else set()
        for notice in notices:
            sent.add(notice)
            assert placeholders(NOTICES[notice]) <= given, ast.unparse(call)
    assert sent == set(NOTICES)


@pytest.mark.parametrize(("lang", "order"), [("id", "Pesanan {number}"), ("en", "Order {number}")])
def test_whatever_is_said_of_an_order_names_it(lang: str, order: str) -> None:
    """Except for what only ever stands behind its name."""
    for notice, sentence in NOTICES.items():
        assert ("{number}" in sentence) == notice.startswith("order_")
    for sentence in marked() - set(order_commands.DETAIL_NEXT.values()):
        if "{number}" in sentence:
            assert order in translate(lang, sentence), sentence
