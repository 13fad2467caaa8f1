"""What becomes of money in the turns that few orders take."""

from pathlib import Path

import pytest

from store import agents, check, confirmations, erasure, escrow, ledger, payouts, remittances
from store.errors import Refused
from store.shop import Transaction
from tests.support import market
from tests.support.money import BY_OPERATOR, PHONES, PRICE, Stage, payout_code

FETCHED = ("accept", "hold", "send by courier", "hand over", "receive", "pay courier")
"""The courier has got the fee of 100, and the seller nothing yet."""


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage.empty(tmp_path).place(by_agent=True)


def due(stage: Stage) -> dict[str, int]:
    """What people can fetch, by their role."""
    with stage.shop.read() as tx:
        assert list(check.faults(tx)) == []
        every = payouts.of_order(tx, stage.order.id)
    return {each.role: each.amount for each in every if each.state == "due"}


def refused(stage: Stage, act: str, role: str) -> str:
    """Why it is not done; nothing is changed."""
    before = market.everything(stage.shop)
    with stage.shop.write() as tx, pytest.raises(Refused) as refusal:
        stage.act(tx, act, role)
    assert market.everything(stage.shop) == before
    return refusal.value.reason


def told(stage: Stage, role: str, notice: str) -> int:
    """How often somebody was told this."""
    return market.notices_to(stage.shop, PHONES[role]).count(notice)


def test_a_courier_is_paid_out_of_what_is_the_sellers(stage: Stage) -> None:
    stage.do("accept", "hold", "send by courier", "hand over", "receive")
    assert due(stage) == {"courier": 100, "seller": PRICE - 100}


def test_what_was_not_fetched_is_frozen_by_a_complaint(stage: Stage) -> None:
    stage.do(*FETCHED, "complain")
    assert due(stage) == {}
    assert refused(stage, "pay seller", "custodian") == "no_payout"
    with stage.shop.read() as tx:
        frozen = escrow.of_order(tx, stage.order.id)
        assert ledger.balance(tx, ledger.held(stage.order.id)) == PRICE - 100
    assert frozen is not None
    assert (frozen.state, frozen.amount) == ("frozen", PRICE - 100)


def test_a_fee_that_was_fetched_is_not_owed_again(stage: Stage) -> None:
    stage.do(*FETCHED, "complain", "withdraw")
    assert due(stage) == {"seller": PRICE - 100}


def test_a_fee_that_was_not_paid_after_all_is_owed_once(stage: Stage) -> None:
    stage.do(*FETCHED, "complain", "unpay: operator")
    assert refused(stage, "pay courier", "custodian") == "not_now"
    stage.do("withdraw")
    assert due(stage) == {"courier": 100, "seller": PRICE - 100}
    stage.do("pay courier", "pay seller")
    assert due(stage) == {}


def test_what_is_not_there_any_more_the_seller_brings_back(stage: Stage) -> None:
    stage.do(*FETCHED, "complain", "concede")
    assert due(stage) == {"buyer": PRICE - 100}
    stage.do("repay: agent")
    assert due(stage) == {"buyer": 100}, "the latest of two"
    with stage.shop.read() as tx:
        every = payouts.of_order(tx, stage.order.id)
    assert [(each.agent, each.amount) for each in every if each.role == "buyer"] == [
        ("Kamar", PRICE - 100),
        ("Agus", 100),
    ]


def test_a_new_code_is_needed_once_a_payout_was_taken_back(stage: Stage) -> None:
    stage.do("accept", "hold", "send", "hand over", "receive")
    with stage.shop.read() as tx:
        before = payout_code(tx, stage.order, "seller")
    stage.do("complain", "withdraw")
    with stage.shop.read() as tx:
        assert payout_code(tx, stage.order, "seller") != before


def test_money_that_was_handed_on_goes_back_before_a_deposit_is_undone(stage: Stage) -> None:
    stage.do("accept", "hold", "offer", "take")
    with stage.shop.write() as tx, pytest.raises(Refused, match="handed_on"):
        unhold(stage, tx)
    with stage.shop.write() as tx:
        agent = stage.person(tx, "agent")
        back = remittances.offer(tx, agent, PHONES["custodian"], PRICE)
        remittances.take(tx, stage.person(tx, "custodian"), back.id)
        unhold(stage, tx)
    assert due(stage) == {}
    with stage.shop.read() as tx:
        assert not tx.value("SELECT SUM(balance) FROM balances")


def unhold(stage: Stage, tx: Transaction) -> None:
    BY_OPERATOR["unhold"](tx, stage.now(tx))


@pytest.mark.parametrize("way", ["take", "refuse", "offer", "remittance.lapse"])
def test_the_number_for_cash_goes_with_its_offer(stage: Stage, way: str) -> None:
    stage.do("accept", "hold", "offer")
    with stage.shop.read() as tx:
        first = tx.value("SELECT number FROM confirmations")
        assert confirmations.waits(tx, PHONES["agent"])
    stage.do(way)
    with stage.shop.read() as tx:
        assert not tx.value("SELECT 1 FROM confirmations WHERE number = ?", (first,))


def test_nobody_takes_over_the_money_of_what_they_are_to_deliver(stage: Stage) -> None:
    stage.do("accept", "hold")
    with stage.shop.write() as tx:
        remittances.offer(tx, stage.person(tx, "custodian"), PHONES["courier"], PRICE)
    stage.do("send by courier")
    assert refused(stage, "take", "courier") == "cash_changed"


def test_cash_is_handed_on_for_whole_orders(stage: Stage) -> None:
    stage.do("accept", "hold")
    for amount, fits in ((0, PRICE), (PRICE - 1, PRICE), (PRICE + 1, PRICE)):
        with stage.shop.read() as tx, pytest.raises(Refused, match="other_amount") as refusal:
            remittances.plan(tx, stage.person(tx, "custodian"), PHONES["agent"], amount)
        assert refusal.value.values == {"amount": fits}


def test_a_party_is_handed_no_money_of_the_order(stage: Stage) -> None:
    stage.do("accept", "hold")
    for party in ("buyer", "seller"):
        with stage.shop.read() as tx, pytest.raises(Refused, match="other_amount"):
            remittances.plan(tx, stage.person(tx, "custodian"), PHONES[party], PRICE)


def test_a_courier_stays_until_the_fee_is_fetched(stage: Stage) -> None:
    stage.do("accept", "hold", "send by courier")
    with stage.shop.read() as tx, pytest.raises(Refused, match="open_order"):
        erasure.must_be_free(tx, stage.person(tx, "courier"))
    stage.do("hand over", "receive", "8 days")
    with stage.shop.read() as tx, pytest.raises(Refused, match="money_open"):
        erasure.must_be_free(tx, stage.person(tx, "courier"))


def test_nobody_who_is_frozen_delivers(stage: Stage) -> None:
    stage.do("accept", "hold")
    with stage.shop.write() as tx:
        tx.execute("UPDATE people SET frozen_at = ? WHERE name = 'Jaya'", (tx.moment,))
    assert refused(stage, "send by courier", "seller") == "is_frozen"


def test_a_buyer_is_told_once_that_an_order_is_late(tmp_path: Path) -> None:
    stage = Stage.empty(tmp_path).place().do("accept", "order.late", "hold", "unhold: operator")
    market.run_timers(stage.shop)
    assert told(stage, "buyer", "order_late") == 1


def test_a_buyer_is_told_again_when_another_promise_is_not_kept(stage: Stage) -> None:
    stage.do("accept", "hold", "order.late", "unhold: operator", "2 days", "hold")
    stage.do("order.late")
    assert told(stage, "buyer", "order_late") == 2


def test_whoever_has_the_goods_is_asked_about_them(tmp_path: Path) -> None:
    stage = Stage.empty(tmp_path).place().do("accept", "send", "inspect: agent", "order.overdue")
    assert told(stage, "agent", "order_overdue_agent") == 1


def test_an_agent_with_money_and_goods_is_asked_once(stage: Stage) -> None:
    stage.do("accept", "hold", "send", "inspect", "order.overdue")
    assert told(stage, "custodian", "order_overdue_agent") == 1


def test_a_complaint_that_no_agent_is_apart_from_goes_up_at_once(stage: Stage) -> None:
    stage.do("accept", "hold", "send", "hand over", "complain")
    with stage.shop.write() as tx:
        tx.execute("UPDATE agents SET dismissed_at = appointed_at WHERE role = 'agent'")
    stage.do("dispute.hear")
    assert told(stage, "coordinator", "order_to_rule") == 1
    with stage.shop.read() as tx:
        assert tx.value("SELECT state FROM disputes") == "with coordinator"
        kinds = [row["kind"] for row in tx.rows("SELECT kind FROM timers WHERE subject = '1'")]
    assert kinds == ["dispute.overdue"]


def test_nothing_is_owed_again_to_somebody_who_was_erased(stage: Stage) -> None:
    stage.do("accept", "hold", "send", "hand over", "receive", "pay seller", "8 days")
    with stage.shop.write() as tx:
        agents.dismiss(tx, "operator", stage.person(tx, "seller"), "pindah")
        erasure.erase(tx, stage.person(tx, "seller"))
    with stage.shop.write() as tx, pytest.raises(Refused, match="no_payout"):
        BY_OPERATOR["unpay"](tx, stage.now(tx))
    assert due(stage) == {}
