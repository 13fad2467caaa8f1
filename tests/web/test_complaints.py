"""`flask --app app complaints`: what waits for a ruling, and a ruling by the operator."""

import json

import pytest

from store import disputes, orders
from store.shop import Shop
from tests.support.market import notices_to
from tests.support.moments import bring
from tests.support.money import PHONES, Stage
from tests.web.conftest import Run


def test_complaints_are_listed_oldest_first_until_they_are_settled(
    moments: dict[str, orders.Order], run: Run
) -> None:
    listed = json.loads(run("complaints", "--json").output)
    waiting = ("opened", "opened when due", "with agent", "proposed", "with coordinator", "owing")
    assert [each["number"] for each in listed] == [moments[each].number for each in waiting]
    assert listed[2] == {
        "number": moments["with agent"].number,
        "state": "with agent",
        "side": "buyer",
        "complaint": "broken",
        "told": "pecah",
        "reply": "tidak benar",
        "paid": 1000,
        "percent": None,
        "owed": 0,
        "judge": "Juli",
        "opened_at": listed[2]["opened_at"],
    }


def test_complaints_are_a_table_in_the_markets_time(stage: Stage, run: Run) -> None:
    order = bring(stage, "with agent").order
    head, line = run("complaints").output.splitlines()
    assert head.split()[:3] == ["number", "state", "side"]
    for part in (order.number, "with agent", "pecah", "tidak benar", "Juli", "2026-11-23 09:00:00"):
        assert part in line


def test_phones_in_what_people_wrote_are_masked(stage: Stage, run: Run) -> None:
    number = bring(stage, "handed over").order.number
    with stage.shop.write() as tx:
        buyer, seller = stage.cast["buyer"], stage.cast["seller"]
        disputes.open_(tx, buyer, number, "broken", "hubungi 0812-3456-7001")
        disputes.answer(tx, seller, number, "telp 62 812 3456 7002 ya")
    for words in (["complaints"], ["orders", number]):
        for more in ([], ["--json"]):
            shown = run(*words, *more).output
            assert "3456-7001" not in shown
            assert "3456 7002" not in shown
            assert "3456-7001" in " ".join(run(*words, *more, "--unmask").output.split())


def test_what_steers_a_terminal_is_not_printed(stage: Stage, run: Run) -> None:
    number = bring(stage, "with agent").order.number
    with stage.shop.write() as tx:
        tx.execute("UPDATE disputes SET told = ?", ("\x1b[2Jrusak\u202e",))
    for words in (["complaints"], ["orders", number], ["orders", number, "--json"]):
        shown = run(*words, color=True).output
        assert "rusak" in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown or "--json" in words


def test_no_complaints(shop: Shop, run: Run) -> None:
    assert run("complaints").output == "no complaints\n"
    assert json.loads(run("complaints", "--json").output) == []


def test_the_operator_rules_where_no_coordinator_can(stage: Stage, run: Run) -> None:
    number = bring(stage, "with coordinator").order.number
    told = run("complaints", "rule", number, 30, "tidak ada koordinator")
    assert told.output == f"order {number}: 300 of 1000 rupiah to the buyer\n"
    assert told.exit_code == 0
    assert notices_to(stage.shop, PHONES["buyer"])[-2:] == ["order_ruled", "order_payout_buyer"]
    found = json.loads(run("orders", number, "--json").output)
    (ruled,) = [each for each in found["events"] if each["action"] == "dispute.rule"]
    assert ruled["actor"] == "operator"
    assert ruled["details"] == {"percent": 30, "why": "tidak ada koordinator"}
    assert run("complaints").output == "no complaints\n"
    assert run("db", "check").output.startswith("ok:")


@pytest.mark.parametrize(
    ("moment", "percent", "reason", "code", "told"),
    [
        ("with agent", 30, "sakit", 1, "Error: Sorry, not possible: Order {number} is with agent."),
        ("ruled", 30, "sakit", 1, "Error: Sorry, not possible: Order {number} is ruled."),
        ("held", 30, "sakit", 1, "Error: There is no complaint about order {number}"),
        ("with coordinator", 30, "", 1, "Error: Please write the reason"),
        ("with coordinator", 30, "123", 1, "Error: Please write the reason"),
        ("with coordinator", 101, "sakit", 2, "Usage:"),
        ("with coordinator", "semua", "sakit", 2, "Usage:"),
    ],
)
def test_a_ruling_that_cannot_be(
    moment: str, percent: object, reason: str, code: int, told: str, stage: Stage, run: Run
) -> None:
    number = bring(stage, moment).order.number
    before = run("orders", number).output
    result = run("complaints", "rule", number, percent, reason)
    assert result.exit_code == code
    assert result.output.lower().startswith(told.format(number=number).lower())
    assert code == 2 or result.output.count("\n") == 1
    assert run("orders", number).output == before
