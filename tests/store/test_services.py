"""Services: what is offered, what is wanted, what must be held, and by which day it is promised."""

from datetime import date, timedelta
from typing import Any

import pytest

from store import catalogue, limits, orders, people, services
from store.calendar import last_moment
from store.catalogue import Listing
from store.errors import Refused
from store.people import Person
from store.shop import Shop
from tests.support import market
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, look, notices_to, offer, order, register, texts_to

MONDAY = date(2026, 11, 23)
"""The day of the test clock."""


def sides(shop: Shop, **parts: Any) -> tuple[Person, Person, Listing]:
    market.appoint(shop)
    sri, budi = register(shop, SRI), register(shop, BUDI, "Amaq Budi")
    return sri, budi, offer(shop, budi, **parts)


def promised(shop: Shop, number: str) -> date:
    with shop.read() as tx:
        promised_by = tx.value("SELECT promised_by FROM orders WHERE number = ?", (number,))
    return last_moment(promised_by).astimezone(shop.settings.zone).date()


def test_a_service_is_kept_with_its_lead_time_and_deposit(shop: Shop) -> None:
    _, _, art = sides(shop, lead_days=14, deposit=50)
    assert (art.kind, art.lead_days, art.deposit, art.category) == ("service", 14, 50, "services")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"lead_days": 0}, "bad_lead"),
        ({"lead_days": limits.LEAD_DAYS + 1}, "bad_lead"),
        ({"deposit": -1}, "bad_deposit"),
        ({"deposit": 101}, "bad_deposit"),
        ({"stock": 0}, "bad_stock"),
    ],
)
def test_it_refuses(parts: dict[str, int], reason: str, shop: Shop) -> None:
    with pytest.raises(Refused, match=reason):
        sides(shop, **parts)


def test_goods_have_neither_lead_time_nor_deposit(shop: Shop) -> None:
    rice = market.sell(shop, register(shop, BUDI), lead_days=3, deposit=50)
    assert (rice.kind, rice.lead_days, rice.deposit) == ("goods", 0, 0)


def test_an_order_takes_no_stock_but_is_reserved_and_then_sold(shop: Shop) -> None:
    sri, budi, art = sides(shop)
    placed = order(shop, sri, art, 2)
    assert (look(shop, art).stock, placed.slot, placed.spec) == (5, "2026-11-23", "ayat kursi")
    with shop.write() as tx:
        orders.accept(tx, budi, placed.number)
        orders.send(tx, budi, placed.number)
        orders.receive(tx, sri, placed.number)
        row = tx.row("SELECT stock, reserved, sold FROM listings WHERE id = ?", (art.id,))
        taken = tx.value("SELECT taken FROM slots WHERE listing_id = ?", (art.id,))
    assert row == {"stock": 5, "reserved": 0, "sold": 2}
    assert taken == 2


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  ayat   kursi\nA3 ", "ayat kursi A3"),
        ("“Bismillah” [biru]", '"Bismillah" (biru)'),
        ("ABC", "ABC"),
        ("A3", None),
        ("12345", None),
        ("", None),
        ("x" * limits.SPEC, "x" * limits.SPEC),
        ("x" * (limits.SPEC + 1), None),
    ],
)
def test_what_is_wanted_is_kept_whole_or_asked_again(typed: str, kept: str | None) -> None:
    assert services.clean_spec(typed) == kept


def test_a_service_needs_to_be_told_what_is_wanted(shop: Shop) -> None:
    sri, _, art = sides(shop)
    before = market.everything(shop)
    with pytest.raises(Refused, match="no_spec") as refusal:
        order(shop, sri, art, 1, spec="A3")
    assert refusal.value.values == {"listing": art.number, "quantity": 1}
    assert market.everything(shop) == before


def test_goods_are_told_nothing(shop: Shop) -> None:
    sri, _, rice = market.trade(shop)
    placed = order(shop, sri, rice, spec="yang pulen")
    assert (placed.spec, placed.slot, placed.deposit, placed.kind) == ("", None, 0, "goods")


def test_another_wish_is_another_order(shop: Shop) -> None:
    sri, _, art = sides(shop)
    order(shop, sri, art, 1)
    order(shop, sri, art, 1, spec="asmaul husna")
    with pytest.raises(Refused, match="same_order"):
        order(shop, sri, art, 1)


@pytest.mark.parametrize(
    ("percent", "price", "quantity", "held"),
    [(50, 75_000, 1, 37_500), (25, 333, 1, 84), (100, 999, 3, 2_997), (1, 1, 1, 1), (0, 9, 9, 0)],
)
def test_the_deposit_is_rounded_up_to_the_rupiah(
    percent: int, price: int, quantity: int, held: int, shop: Shop
) -> None:
    sri, _, art = sides(shop, deposit=percent, price=price, stock=9)
    assert order(shop, sri, art, quantity).deposit == held


def test_where_money_is_held_neither_cap_nor_distance_counts(shop: Shop) -> None:
    market.appoint(shop)
    far = register(shop, SRI, village="Ntobo, Raba")
    budi = register(shop, BUDI, "Amaq Budi")
    shop.settings.__dict__["cod_area"] = "district"
    cash, held = offer(shop, budi, price=400_000), offer(shop, budi, price=400_000, deposit=25)
    assert order(shop, far, held, 1).deposit == 100_000
    with pytest.raises(Refused, match="over_cap"):
        order(shop, far, cash, 1)
    with pytest.raises(Refused, match="too_far"):
        order(shop, far, offer(shop, budi, price=1), 1)


def test_money_that_no_agent_can_hold_is_not_asked_for(shop: Shop) -> None:
    sri, budi = register(shop, SRI), register(shop, BUDI, "Amaq Budi")
    with pytest.raises(Refused, match="no_agents"):
        order(shop, sri, offer(shop, budi, deposit=25), 1)


def test_no_order_is_larger_than_the_market_can_count(shop: Shop) -> None:
    sri, _, art = sides(shop, price=limits.RUPIAH, deposit=100)
    with pytest.raises(Refused, match="bad_quantity"):
        order(shop, sri, art, 2)
    assert order(shop, sri, art, 1).deposit == limits.RUPIAH


def test_a_bare_yes_promises_the_week_and_the_lead_time(shop: Shop) -> None:
    sri, budi, art = sides(shop, price=1, lead_days=10)
    now, later = order(shop, sri, art, 5), order(shop, sri, art, 5, again=True)
    with shop.write() as tx:
        orders.accept(tx, budi, now.number)
        orders.accept(tx, budi, later.number)
    assert promised(shop, now.number) == MONDAY + timedelta(days=10)
    assert promised(shop, later.number) == MONDAY + timedelta(days=7 + 10)


def test_a_week_that_has_begun_counts_from_today(shop: Shop, clock: TurnableClock) -> None:
    sri, budi, art = sides(shop, lead_days=2)
    clock.turn(days=3)
    placed = order(shop, sri, art, 1)
    assert placed.slot == MONDAY.isoformat()
    with shop.write() as tx:
        orders.accept(tx, budi, placed.number)
    assert promised(shop, placed.number) == MONDAY + timedelta(days=5)


def test_a_day_that_the_seller_names_counts_instead(shop: Shop) -> None:
    sri, budi, art = sides(shop)
    placed = order(shop, sri, art, 1)
    with shop.write() as tx:
        orders.accept(tx, budi, placed.number, 3)
    assert promised(shop, placed.number) == MONDAY + timedelta(days=3)


def test_its_messages_speak_of_work_and_tell_what_is_wanted(shop: Shop) -> None:
    sri, budi, art = sides(shop)
    placed = order(shop, sri, art, 1)
    with shop.write() as tx:
        orders.accept(tx, budi, placed.number)
        sent = orders.send(tx, budi, placed.number)
        orders.receive(tx, sri, placed.number)
    assert notices_to(shop, BUDI) == ["order_new_service", "order_received_service"]
    assert notices_to(shop, SRI) == ["order_accepted_service", "order_sent_service"]
    assert "spec=ayat kursi" in texts_to(shop, BUDI)[0]
    assert "spec=ayat kursi" in texts_to(shop, SRI)[1]
    assert (sent.state, orders.describe(sent)["state"]) == ("sent", "in work")


def test_a_deposit_is_told_once_the_seller_has_said_yes(shop: Shop) -> None:
    sri, budi, art = sides(shop, deposit=50)
    placed = order(shop, sri, art, 1)
    with shop.write() as tx:
        orders.accept(tx, budi, placed.number)
    (text,) = texts_to(shop, SRI)
    assert text.startswith("order_accepted_deposit ")
    assert "deposit=75000" in text


def test_a_reason_is_told_as_of_goods(shop: Shop) -> None:
    sri, budi, art = sides(shop)
    placed = order(shop, sri, art, 1)
    with shop.write() as tx:
        orders.reject(tx, budi, placed.number, "jadwal penuh")
    assert notices_to(shop, SRI) == ["order_rejected_why"]


def test_a_service_that_is_not_offered_now_is_sold_out(shop: Shop) -> None:
    sri, budi, art = sides(shop)
    with shop.write() as tx:
        catalogue.set_stock(tx, budi, art.number, 0)
        assert catalogue.search(tx, "kaligrafi", people.by_id(tx, sri.id)) == []
    with pytest.raises(Refused, match="sold_out"):
        order(shop, sri, art, 1)
