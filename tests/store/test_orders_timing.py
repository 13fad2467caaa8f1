"""What the clock does with orders: reminders, time-outs, promises."""

from datetime import timedelta

import pytest

from store import orders
from store.clock import from_text
from store.errors import Refused
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, look, notices_to, order, run_timers, trade

MINUTE = timedelta(minutes=1)


def turn(shop: Shop, clock: TurnableClock, span: timedelta) -> None:
    clock.turn(span)
    run_timers(shop)


@pytest.mark.parametrize(("title", "hours"), [("Beras medium", 24), ("Telur ayam", 6)])
def test_the_seller_is_reminded_half_way_and_then_it_is_over(
    shop: Shop, clock: TurnableClock, title: str, hours: int
) -> None:
    half = timedelta(hours=hours / 2)
    sri, _, goods = trade(shop, title=title, stock=9)
    placed = order(shop, sri, goods)
    turn(shop, clock, half - MINUTE)
    assert notices_to(shop, BUDI) == ["order_new"]
    turn(shop, clock, MINUTE)
    assert notices_to(shop, BUDI) == ["order_new", "order_reminder"]
    turn(shop, clock, half - MINUTE)
    assert look(shop, placed).state == "waiting"
    turn(shop, clock, MINUTE)
    assert look(shop, placed).state == "expired"
    assert look(shop, goods).stock == 9
    assert notices_to(shop, BUDI) == ["order_new", "order_reminder", "order_missed"]
    assert notices_to(shop, SRI) == ["order_expired"]


@pytest.mark.parametrize("answer", ["accept", "reject", "cancel"])
def test_an_answer_ends_the_waiting(shop: Shop, clock: TurnableClock, answer: str) -> None:
    sri, budi, rice = trade(shop)
    placed = order(shop, sri, rice)
    with shop.write() as tx:
        if answer == "accept":
            orders.accept(tx, budi, placed.number, 30)
        elif answer == "reject":
            orders.reject(tx, budi, placed.number)
        else:
            orders.cancel(tx, sri, placed.number)
    turn(shop, clock, timedelta(days=2))
    assert "order_reminder" not in notices_to(shop, BUDI)
    assert "order_expired" not in notices_to(shop, SRI)


def accepted(shop: Shop, days: int | None = None):
    sri, budi, rice = trade(shop)
    placed = order(shop, sri, rice)
    with shop.write() as tx:
        return sri, budi, rice, orders.accept(tx, budi, placed.number, days)


@pytest.mark.parametrize(
    ("days", "until"),
    [
        (None, "2026-11-26T01:00:00.000000Z"),  # 72 hours
        (0, "2026-11-23T16:00:00.000000Z"),  # the end of the day in Lombok
        (2, "2026-11-25T16:00:00.000000Z"),
        (30, "2026-12-23T16:00:00.000000Z"),
    ],
)
def test_a_promise_is_for_a_whole_day(shop: Shop, days: int | None, until: str) -> None:
    assert accepted(shop, days)[-1].promised_by == until


@pytest.mark.parametrize("days", [-1, 31])
def test_a_promise_has_bounds(shop: Shop, days: int) -> None:
    with pytest.raises(Refused, match="bad_days"):
        accepted(shop, days)


def test_a_late_order_may_be_called_off(shop: Shop, clock: TurnableClock) -> None:
    sri, _, rice, placed = accepted(shop, 0)
    stock = look(shop, rice).stock
    clock.turn(from_text(placed.promised_by) - clock.now() - MINUTE)
    run_timers(shop)
    with pytest.raises(Refused, match="not_late") as refusal, shop.write() as tx:
        orders.cancel(tx, sri, placed.number)
    assert refusal.value.values["day"] == orders.last_moment(placed)
    assert notices_to(shop, SRI) == ["order_accepted"]
    turn(shop, clock, MINUTE)
    assert notices_to(shop, SRI) == ["order_accepted", "order_late"]
    with shop.read() as tx:
        assert orders.is_late(tx, orders.by_id(tx, placed.id))
    with shop.write() as tx:
        orders.cancel(tx, sri, placed.number)
    assert look(shop, rice).stock == stock + 2
    assert notices_to(shop, BUDI)[-1] == "order_cancelled"


def test_what_was_sent_is_not_late(shop: Shop, clock: TurnableClock) -> None:
    _, budi, _, placed = accepted(shop, 0)
    with shop.write() as tx:
        orders.send(tx, budi, placed.number)
    turn(shop, clock, timedelta(days=40))
    assert "order_late" not in notices_to(shop, SRI)
    assert look(shop, placed).state == "sent"  # never released by itself


def test_a_late_order_can_still_be_sent(shop: Shop, clock: TurnableClock) -> None:
    _, budi, _, placed = accepted(shop, 0)
    turn(shop, clock, timedelta(days=3))
    with shop.write() as tx:
        assert orders.send(tx, budi, placed.number).state == "sent"


@pytest.mark.parametrize(
    ("received", "done"),
    [
        (timedelta(), timedelta(days=2)),  # Monday to Wednesday
        (timedelta(days=3), timedelta(days=4)),  # Thursday to Monday
        (timedelta(days=5), timedelta(days=4, hours=-9)),  # Saturday to the end of Tuesday
    ],
)
def test_an_order_is_done_two_working_days_after_it_was_received(
    shop: Shop, clock: TurnableClock, received: timedelta, done: timedelta
) -> None:
    sri, _, _, placed = accepted(shop, 20)
    turn(shop, clock, received)
    with shop.write() as tx:
        assert orders.receive(tx, sri, placed.number).state == "handed over"
    turn(shop, clock, done - MINUTE)
    assert look(shop, placed).state == "handed over"
    turn(shop, clock, MINUTE)
    assert look(shop, placed).state == "done"


def test_a_content_buyer_ends_it_sooner(shop: Shop, clock: TurnableClock) -> None:
    sri, _, _, placed = accepted(shop)
    for state in ("handed over", "done"):
        with shop.write() as tx:
            assert orders.receive(tx, sri, placed.number).state == state
    turn(shop, clock, timedelta(days=9))
    with shop.read() as tx:
        assert tx.rows("SELECT * FROM timers") == []
