"""Placing an order, and who sees it. (What becomes of it is in test_orders_*.)"""

from datetime import timedelta

import pytest

from settings import Settings
from store import catalogue, limits, orders, timers
from store.clock import from_text
from store.errors import Refused
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import (
    BUDI,
    DEWI,
    SRI,
    events,
    everything,
    look,
    open_shop,
    order,
    register,
    sell,
    texts_to,
    trade,
)


def refused(shop: Shop, reason: str, *args, **more) -> Refused:
    """Placing this order is refused for that reason, and changes nothing."""
    before = everything(shop)
    with pytest.raises(Refused, match=f"^{reason}$") as refusal:
        order(shop, *args, **more)
    assert everything(shop) == before
    return refusal.value


def test_an_order_reserves_its_goods_and_asks_the_seller(shop: Shop) -> None:
    sri, _, rice = trade(shop, price=12_000, stock=50)
    placed = order(shop, sri, rice, 2)
    assert (placed.state, placed.quantity, placed.total) == ("waiting", 2, 24_000)
    assert look(shop, rice).stock == 48
    assert texts_to(shop, SRI) == []
    (asked,) = texts_to(shop, BUDI)
    assert asked.startswith(f"order_new number={placed.number} quantity=2 unit=kg")
    assert events(shop)[-1] == (SRI, "order.place")
    assert len(events(shop)) == 4


def test_a_buyer_orders_all_there_is(shop: Shop) -> None:
    sri, _, rice = trade(shop, stock=3)
    order(shop, sri, rice, 3)
    assert look(shop, rice).stock == 0


def test_nobody_buys_from_themselves(shop: Shop) -> None:
    _, budi, rice = trade(shop)
    refused(shop, "own_listing", budi, rice)


@pytest.mark.parametrize("quantity", [0, -1, limits.QUANTITY + 1])
def test_a_quantity_within_bounds(shop: Shop, quantity: int) -> None:
    sri, _, rice = trade(shop, stock=40)
    assert refused(shop, "bad_quantity", sri, rice, quantity).values == {"most": 9_999}


def test_more_than_there_is(shop: Shop) -> None:
    sri, _, rice = trade(shop, stock=3)
    assert refused(shop, "short_stock", sri, rice, 4).values["stock"] == 3


def test_a_person_nobody_vouched_for_orders_up_to_a_cap(shop: Shop) -> None:
    sri, _, rice = trade(shop, price=1000, stock=9000)
    assert refused(shop, "over_cap", sri, rice, 301).values["cap"] == 300_000
    assert order(shop, sri, rice, 300).total == 300_000


def test_a_person_vouched_for_orders_more(shop: Shop) -> None:
    _, _, rice = trade(shop, price=1000, stock=9000)
    dewi = register(shop, DEWI, vouched=True)
    assert order(shop, dewi, rice, 2000).total == 2_000_000
    refused(shop, "over_cap", dewi, rice, 2001)


NEAR = "Bonjeruk, Jonggat"
SAME_REGENCY = "Kopang Rembiga, Kopang"
FAR = "Labuhan Haji, Labuhan Haji"


@pytest.mark.parametrize(
    ("area", "village", "allowed"),
    [
        ("district", NEAR, True),
        ("district", SAME_REGENCY, False),
        ("regency", SAME_REGENCY, True),
        ("regency", FAR, False),
        ("province", FAR, True),
    ],
)
def test_cash_on_delivery_has_an_area(
    settings: Settings, area: str, village: str, allowed: bool
) -> None:
    shop = open_shop(settings, cod_area=area)
    rice = sell(shop, register(shop, BUDI))
    dewi = register(shop, DEWI, village=village)
    if allowed:
        assert order(shop, dewi, rice).state == "waiting"
    else:
        refused(shop, "too_far", dewi, rice)


def test_the_same_order_again_within_a_day_is_asked_about(shop: Shop, clock: TurnableClock) -> None:
    sri, _, rice = trade(shop)
    first = order(shop, sri, rice, 2)
    clock.turn(hours=23, minutes=59)
    told = refused(shop, "same_order", sri, rice, 2)
    assert told.values == {"number": first.number, "listing": rice.number, "quantity": 2}
    assert order(shop, sri, rice, 2, again=True).number != first.number


def test_after_a_day_it_is_a_new_order(shop: Shop, clock: TurnableClock) -> None:
    sri, _, rice = trade(shop)
    order(shop, sri, rice, 2)
    clock.turn(days=1)
    assert order(shop, sri, rice, 2)


def test_another_quantity_listing_or_buyer_is_another_order(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    honey, dewi = sell(shop, budi, "Madu"), register(shop, DEWI)
    order(shop, sri, rice, 2)
    assert {order(shop, *other).state for other in ((sri, rice, 3), (sri, honey, 2))} == {"waiting"}
    assert order(shop, dewi, rice, 2).state == "waiting"


@pytest.mark.parametrize("end", ["reject", "cancel", "expire"])
def test_what_came_to_nothing_may_be_ordered_again(
    shop: Shop, clock: TurnableClock, end: str
) -> None:
    sri, budi, rice = trade(shop)
    first = order(shop, sri, rice)
    with shop.write() as tx:
        if end == "reject":
            orders.reject(tx, budi, first.number)
        elif end == "cancel":
            orders.cancel(tx, sri, first.number)
        else:
            timers.HANDLERS["order.expire"](tx, str(first.id))
    assert order(shop, sri, rice).number != first.number


def test_a_stale_listing_does_not_sell_what_is_gone(shop: Shop) -> None:
    sri, _, rice = trade(shop, stock=2)
    order(shop, register(shop, DEWI), rice, 2)
    with pytest.raises(Refused, match="short_stock"), shop.write() as tx:
        orders.place(tx, sri, rice, 1)  # `rice` is as it was before


def test_times_are_kept_as_texts(shop: Shop, clock: TurnableClock) -> None:
    sri, budi, rice = trade(shop)
    placed = order(shop, sri, rice)
    assert from_text(placed.answer_by) - from_text(placed.placed_at) == timedelta(hours=24)
    assert placed.promised_by is None
    with shop.write() as tx:
        accepted = orders.accept(tx, budi, placed.number)
    assert from_text(accepted.promised_by or "") - clock.now() == timedelta(hours=72)


def test_perishables_are_answered_sooner(shop: Shop) -> None:
    sri, _, eggs = trade(shop, title="Telur ayam")
    placed = order(shop, sri, eggs)
    assert from_text(placed.answer_by) - from_text(placed.placed_at) == timedelta(hours=6)


def test_an_order_is_found_by_its_two_sides_only(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    dewi = register(shop, DEWI)
    placed = order(shop, sri, rice)
    with shop.read() as tx:
        for person, role in ((sri, "buyer"), (budi, "seller"), (sri, None), (budi, None)):
            assert orders.find(tx, person, placed.number, role=role) == placed
        for person, role in ((sri, "seller"), (budi, "buyer"), (dewi, None)):
            with pytest.raises(Refused, match="no_order"):
                orders.find(tx, person, placed.number, role=role)
        with pytest.raises(Refused, match="no_order"):
            orders.find(tx, sri, "99999")


def test_both_sides_see_their_orders_newest_first(shop: Shop) -> None:
    sri, _, rice = trade(shop)
    dewi = register(shop, DEWI)
    own = sell(shop, sri, "Madu")
    bought = [order(shop, sri, rice, quantity) for quantity in (1, 2)]
    sold = order(shop, dewi, own, 1)
    order(shop, dewi, rice, 7)
    with shop.read() as tx:
        mine = orders.of_person(tx, sri)
    assert mine == [sold, bought[1], bought[0]]


def test_a_busy_person_sees_the_newest_of_their_orders(shop: Shop) -> None:
    sri, budi, rice = trade(shop, stock=9000)
    with shop.write() as tx:
        for quantity in range(1, orders.MOST_LISTED + 3):
            listing = catalogue.by_id(tx, rice.id)
            orders.place(tx, sri, listing, quantity=1 + quantity % 2, again=True)
    with shop.read() as tx:
        for person in (sri, budi):
            listed = [each.id for each in orders.of_person(tx, person)]
            assert listed == sorted(listed, reverse=True)
            assert len(listed) == orders.MOST_LISTED
        assert min(listed) > min(each.id for each in orders.waiting_for(tx, budi))


def test_a_seller_sees_what_waits_oldest_first(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    placed = [order(shop, sri, rice, quantity) for quantity in (1, 2, 3)]
    with shop.write() as tx:
        orders.accept(tx, budi, placed[1].number)
    with shop.read() as tx:
        assert orders.waiting_for(tx, budi) == [placed[0], placed[2]]
        assert orders.waiting_for(tx, sri) == []


def test_order_again_offers_the_latest_that_can_be_had(shop: Shop) -> None:
    sri, budi, rice = trade(shop, stock=10)
    first, second = order(shop, sri, rice, 2), order(shop, sri, rice, 5)
    with shop.read() as tx:
        assert orders.last_bought(tx, sri).id == first.id  # 3 are left
    with shop.write() as tx:
        catalogue.set_stock(tx, budi, rice.number, 5)
    with shop.read() as tx:
        assert orders.last_bought(tx, sri).id == second.id
        assert orders.last_bought(tx, budi) is None


def test_an_order_of_no_id_is_a_mistake(shop: Shop) -> None:
    with pytest.raises(LookupError), shop.read() as tx:
        orders.by_id(tx, 1)
