"""`flask --app app db check`: money, complaints, agents and cash handed on, changed by hand."""

from typing import Any

import pytest

from store import check, ledger
from store.orders import Order
from store.shop import Shop
from tests.support.tampering import tamper

CHANGES = [
    # table, the order's moment, column, and what it is changed to
    ("orders", "held", "deposit", 0),
    ("orders", "held", "seller_id", 3),
    ("orders", "held", "buyer_id", 3),
    ("orders", "held", "promised_by", "2027-01-01T00:00:00.000000Z"),
    ("orders", "sent", "promised_by", None),
    ("orders", "at agent", "kiosk_id", 3),
    ("orders", "held", "kiosk_id", 3),
    ("orders", "held, sent by courier", "courier_id", 3),
    ("orders", "held, sent by courier", "courier_fee", 900),
    ("orders", "held", "courier_id", 3),
    ("orders", "held", "courier_fee", 900),
    ("orders", "done", "changed_at", "2027-01-01T00:00:00.000000Z"),
    ("escrows", "held", "state", "released"),
    ("escrows", "held", "amount", 999),
    ("escrows", "held", "agent_id", 3),
    ("escrows", "opened when due", "amount", 1),
    ("escrows", "taken", "agent_id", 6),
    ("payouts", "due", "state", "paid"),
    ("payouts", "paid", "state", "due"),
    ("payouts", "due", "amount", 999),
    ("payouts", "paid", "amount", 999),
    ("payouts", "due", "agent_id", 3),
    ("payouts", "taken", "agent_id", 6),
    ("payouts", "due", "person_id", 3),
    ("payouts", "due", "role", "buyer"),
    ("disputes", "opened", "state", "ruled"),
    ("disputes", "opened", "agent_id", 3),
    ("disputes", "opened", "paid", 1),
    ("disputes", "opened", "side", "seller"),
    ("disputes", "opened", "complaint", "other"),
    ("disputes", "opened", "told", "lain"),
    ("disputes", "opened", "percent", 100),
    ("disputes", "with agent", "reply", "benar"),
    ("disputes", "with agent", "first_id", 3),
    ("disputes", "proposed", "first_id", 3),
    ("disputes", "proposed", "agent_id", 3),
    ("disputes", "proposed", "percent", 100),
    ("disputes", "ruled", "percent", 100),
    ("disputes", "ruled", "owed", 500),
    ("disputes", "owing", "owed", 1),
]


@pytest.mark.parametrize(("table", "moment", "column", "other"), CHANGES)
def test_it_names_what_was_changed(
    table: str, moment: str, column: str, other: Any, busy: Shop, moments: dict[str, Order]
) -> None:
    order = moments[moment]
    name = f"order {order.number}" if table == "orders" else f"{table[:-1]} of order {order.number}"
    known = "id" if table == "orders" else "order_id"
    with busy.read() as tx:
        was = tx.value(f"SELECT {column} FROM {table} WHERE {known} = ?", (order.id,))
    value = "NULL" if other is None else repr(other)
    tamper(busy, f"UPDATE {table} SET {column} = {value} WHERE {known} = {order.id}")
    said = "is" if column == "state" else f"{column} is"
    assert check.first_fault(busy) == f"{name}: {said} {other}, its events make it {was}"


@pytest.mark.parametrize(
    ("column", "other"),
    [("state", "refused"), ("amount", 1), ("giver_id", 3), ("taker_id", 3)],
)
def test_it_names_cash_that_was_handed_on_otherwise(column: str, other: Any, busy: Shop) -> None:
    with busy.read() as tx:
        was = tx.value(f"SELECT {column} FROM remittances WHERE id = 1")
    tamper(busy, f"UPDATE remittances SET {column} = {other!r} WHERE id = 1")
    said = "is" if column == "state" else f"{column} is"
    assert check.first_fault(busy) == f"remittance 1: {said} {other}, its events make it {was}"


@pytest.mark.parametrize(
    "change", ["UPDATE remitted SET amount = 1", "DELETE FROM remitted WHERE remittance_id = 1"]
)
def test_it_names_cash_that_was_for_other_orders(change: str, busy: Shop) -> None:
    tamper(busy, change)
    told = "remittance 1: is for other orders than its offer says"
    assert check.first_fault(busy) == told


GONE = [
    ("escrows", "refund due", "escrow:"),
    ("payouts", "paid", "payout:"),
    ("disputes", "withdrawn", "dispute:"),
]


@pytest.mark.parametrize(("table", "moment", "subject"), GONE)
def test_it_names_a_row_that_was_taken_out(
    table: str, moment: str, subject: str, busy: Shop, moments: dict[str, Order]
) -> None:
    order = moments[moment]
    with busy.read() as tx:
        row_id = tx.value(f"SELECT id FROM {table} WHERE order_id = ?", (order.id,))
    tamper(busy, f"DELETE FROM {table} WHERE order_id = {order.id}")
    assert check.first_fault(busy) == f"{subject}{row_id}: is not there any more"


def test_it_names_a_row_that_was_put_in(busy: Shop, moments: dict[str, Order]) -> None:
    order = moments["paid"]
    tamper(
        busy,
        "INSERT INTO payouts (id, order_id, role, person_id, agent_id, amount, state, code_nonce,"
        f" owed_at, changed_at) VALUES (999, {order.id}, 'buyer', 1, 6, 5, 'due', '', '', '')",
    )
    told = f"payout of order {order.number}: its first event is missing, not owe"
    assert check.first_fault(busy) == told


TIMERS = [
    ("dispute.hear", "dispute of order {opened}: is opened"),
    ("dispute.escalate", "dispute of order {with agent}: is with agent"),
    ("dispute.overdue", "dispute of order {with coordinator}: is with coordinator"),
    ("dispute.unpaid", "dispute of order {owing}: is owing"),
    ("remittance.lapse", "remittance 5: is offered"),
]


@pytest.mark.parametrize(("kind", "told"), TIMERS)
def test_it_names_what_is_not_waited_for(
    kind: str, told: str, busy: Shop, moments: dict[str, Order]
) -> None:
    tamper(busy, f"DELETE FROM timers WHERE kind = '{kind}'")
    for moment, order in moments.items():
        told = told.replace(f"{{{moment}}}", order.number)
    assert check.first_fault(busy) == f"{told} and has no timer {kind}"


ROLES = [
    ("UPDATE agents SET cap = 99 WHERE person_id = 4", "agent Juli: cap is 99, events make it "),
    ("UPDATE agents SET role = 'coordinator' WHERE person_id = 4",
     "agent Juli: role is coordinator, events make it agent"),
    ("UPDATE agents SET dismissed_at = appointed_at WHERE person_id = 4",
     "agent Juli: acting is 0, events make it 1"),
    ("INSERT INTO agents (person_id, role, cap, appointed_at) VALUES (3, 'agent', 1, '')",
     "agent Dewi: role is agent, events make it None"),
    ("UPDATE people SET frozen_at = consented_at WHERE id = 3",
     "person Dewi: is frozen, and no event makes it so"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), ROLES)
def test_it_names_who_was_given_a_role_or_stopped(change: str, told: str, busy: Shop) -> None:
    tamper(busy, change)
    fault = check.first_fault(busy)
    assert fault is not None
    assert fault.startswith(told)


def test_cash_that_no_order_explains_is_named(busy: Shop) -> None:
    """Postings and balances agree, and yet an agent has more than for orders."""
    with busy.write() as tx:
        before = ledger.balance(tx, ledger.cash(6))
        ledger.post(tx, "by hand", ledger.cash(6), ledger.held(1), 500)
    told = f"account agent:6:cash: is {before + 500}, what is held and owed makes {before}"
    assert check.first_fault(busy) == told
