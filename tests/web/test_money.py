"""`flask --app app money`: what agents hold, and corrections of what did not happen."""

import json
from collections.abc import Callable

import pytest

from store import ledger
from store.shop import Shop
from tests.support.market import notices_to
from tests.support.moments import bring
from tests.support.money import PHONES, Stage, payout_code
from tests.web.conftest import Run

GIVER, TAKER = PHONES["custodian"], PHONES["agent"]


def is_sound(run: Run) -> bool:
    return run("db", "check").output.startswith("ok:")


def holds(run: Run) -> dict[str, int]:
    return {each["name"]: each["cash"] for each in json.loads(run("money", "--json").output)}


def test_what_agents_hold_is_listed_the_most_first(stage: Stage, run: Run) -> None:
    bring(stage, "held by the judge")
    bring(stage, "held")
    bring(stage, "due")
    listed = json.loads(run("money", "--json").output)
    assert [(each["name"], each["cash"]) for each in listed] == [("Kamar", 2000), ("Juli", 1000)]
    assert listed[0] == {
        "name": "Kamar",
        "msisdn": "+62812****006",
        "village": "Sukarara",
        "role": "agent",
        "cash": 2000,
        "cap": 1000000,
        "frozen_at": None,
        "dismissed_at": None,
    }
    head, first, second = run("money").output.splitlines()
    assert head.split() == ["name", "msisdn", "village", "role", "cash", "cap", "frozen",
                            "dismissed"]  # fmt: skip
    assert first.split()[:2] == ["Kamar", "+62812****006"]
    assert second.split()[:2] == ["Juli", "+62812****004"]
    assert GIVER in run("money", "--unmask").output
    assert GIVER in run("money", "--unmask", "--json").output


def test_an_agent_who_was_frozen_still_holds_it(stage: Stage, run: Run) -> None:
    bring(stage, "held, custodian frozen")
    (listed,) = json.loads(run("money", "--json").output)
    assert listed["frozen_at"]


def test_nobody_holds_anything(shop: Shop, run: Run) -> None:
    assert run("money").output == "nobody holds anything\n"
    assert json.loads(run("money", "--json").output) == []


def test_another_agent_takes_over(stage: Stage, run: Run) -> None:
    for moment in ("held", "due", "opened", "held, custodian frozen"):
        bring(stage, moment)
    result = run("money", "take-over", "0812-3456-7006", "62 812 3456 7007", "sakit")
    assert result.output == "4000 rupiah went from Kamar to Agus\n"
    assert holds(run) == {"Agus": 4000}
    assert is_sound(run)
    assert "cash_yours" in notices_to(stage.shop, TAKER)


def test_a_deposit_is_undone(stage: Stage, run: Run) -> None:
    number = bring(stage, "held").order.number
    result = run("money", "undo-deposit", number, "salah pesanan")
    assert result.output == f"order {number}: nothing is held any more\n"
    assert holds(run) == {}
    assert is_sound(run)
    found = json.loads(run("orders", number, "--json").output)
    assert found["state"] == "accepted"
    wrong, opposite = found["postings"]
    assert (opposite["debit"], opposite["credit"]) == (wrong["credit"], wrong["debit"])
    assert opposite["reason"] == "salah pesanan"


@pytest.mark.parametrize(
    ("moment", "role", "amount"),
    [("paid", "seller", 1000), ("refunded", "buyer", 1000), ("due, fee fetched", "courier", 100)],
)
def test_a_payout_is_undone_and_has_a_new_code(
    moment: str, role: str, amount: int, stage: Stage, run: Run
) -> None:
    order = bring(stage, moment).order
    with stage.shop.read() as tx:
        old = payout_code(tx, order, role)
        before = ledger.balance(tx, ledger.cash(stage.cast["custodian"].id))
    result = run("money", "undo-payout", order.number, role, "belum diambil")
    assert result.output == f"order {order.number}: {amount} rupiah are due to the {role} again\n"
    with stage.shop.read() as tx:
        assert payout_code(tx, order, role) != old
        assert ledger.balance(tx, ledger.cash(stage.cast["custodian"].id)) == before + amount
    assert is_sound(run)
    stage.do(f"pay {role}: custodian")
    assert is_sound(run)


def test_what_was_taken_back_is_not_undone(stage: Stage, run: Run) -> None:
    number = bring(stage, "opened when due").order.number
    stage.do("answer", "rule", "pay buyer", "pay seller")
    run("money", "undo-payout", number, "seller", "keliru")
    states = [
        each["state"] for each in json.loads(run("orders", number, "--json").output)["payouts"]
    ]
    assert states == ["taken back", "paid", "due"]
    assert is_sound(run)


def test_of_two_payouts_the_latest_is_undone_first(stage: Stage, run: Run) -> None:
    number = bring(stage, "opened, fee fetched").order.number
    stage.do("concede", "pay buyer", "repay", "pay buyer")
    told = [run("money", "undo-payout", number, "buyer", "keliru").output for _ in range(3)]
    assert told == [
        f"order {number}: 100 rupiah are due to the buyer again\n",
        f"order {number}: 900 rupiah are due to the buyer again\n",
        f"Error: the buyer of order {number} was not paid\n",
    ]
    assert is_sound(run)


Words = Callable[[str], tuple[object, ...]]

REFUSED: list[tuple[str, Words, str]] = [
    ("sent", lambda number: ("undo-deposit", number, "keliru"), "is sent"),
    ("held, sent", lambda number: ("undo-deposit", number, "keliru"), "is sent"),
    ("held, handed on", lambda number: ("undo-deposit", number, "keliru"), "Agus"),
    ("held", lambda number: ("undo-deposit", "99999", "keliru"), "99999"),
    ("held", lambda number: ("undo-deposit", number, ""), "Please write the reason"),
    ("held", lambda number: ("undo-deposit", number, "1"), "Please write the reason"),
    ("due", lambda number: ("undo-payout", number, "seller", "keliru"), "was not paid"),
    ("paid", lambda number: ("undo-payout", number, "buyer", "keliru"), "was not paid"),
    ("paid", lambda number: ("undo-payout", "99999", "seller", "keliru"), "99999"),
    ("paid", lambda number: ("undo-payout", number, "seller", " "), "Please write the reason"),
    ("held", lambda _: ("take-over", GIVER, GIVER, "sakit"), "own number"),
    ("held", lambda _: ("take-over", GIVER, PHONES["stranger"], "sakit"), "agent"),
    ("held", lambda _: ("take-over", GIVER, PHONES["seller"], "sakit"), "you have a part in"),
    ("held", lambda _: ("take-over", GIVER, "+6281299999999", "sakit"), "not registered"),
    ("held", lambda _: ("take-over", GIVER, "Agus", "sakit"), "Agus is not a phone number"),
    ("held", lambda _: ("take-over", GIVER, TAKER, ""), "Please write the reason"),
    ("sent", lambda _: ("take-over", GIVER, TAKER, "sakit"), ""),
    ("offered, no agent has room", lambda _: ("take-over", GIVER, TAKER, "sakit"), "0"),
]


@pytest.mark.parametrize(("moment", "words", "told"), REFUSED)
def test_a_correction_that_cannot_be_is_one_line(
    moment: str, words: Words, told: str, stage: Stage, run: Run
) -> None:
    number = bring(stage, moment).order.number
    before = run("orders", number).output, holds(run)
    result = run("money", *words(number))
    assert result.exit_code == 1, result.output
    assert result.output.startswith("Error: ")
    assert told in result.output
    assert result.output.count("\n") == 1
    assert "{" not in result.output
    assert (run("orders", number).output, holds(run)) == before


@pytest.mark.parametrize(
    "words", [("undo-payout", "10019", "agent", "keliru"), ("undo-deposit", "10019"), ("burn",)]
)
def test_what_is_no_correction(words: tuple[str, ...], shop: Shop, run: Run) -> None:
    assert run("money", *words).exit_code == 2
