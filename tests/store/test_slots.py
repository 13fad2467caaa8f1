"""Weeks: the first with room is booked, none takes more than it has, what fails gives it back."""

import itertools
from collections import Counter
from functools import partial

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import settings as configuration
from settings import Settings
from store import catalogue, check, limits, orders, people, timers
from store.catalogue import slots
from store.errors import Refused
from store.shop import Shop, Transaction
from tests.support import market
from tests.support.clock import TurnableClock
from tests.support.market import SUKARARA, code_of, offer, open_shop, order, plain, register
from tests.support.rivals import in_processes, in_threads

SLOTS, BUYERS = 5, 60
WEEK = "2026-11-23"
"""The Monday of the test clock."""


def taken(shop: Shop) -> dict[str, int]:
    with shop.read() as tx:
        return {row["week"]: row["taken"] for row in tx.rows("SELECT week, taken FROM slots")}


def test_the_first_week_with_room_is_booked(shop: Shop) -> None:
    sri, budi = register(shop, market.SRI), register(shop, market.BUDI, "Amaq Budi")
    art = offer(shop, budi, price=1)
    weeks = [order(shop, sri, art, quantity, again=True).slot for quantity in (3, 3, 2, 2)]
    assert weeks == [WEEK, "2026-11-30", WEEK, "2026-11-30"]
    assert taken(shop) == {WEEK: 5, "2026-11-30": 5}


def test_a_week_begins_on_monday_where_the_market_is(shop: Shop, clock: TurnableClock) -> None:
    with shop.read() as tx:
        assert slots.weeks(tx)[0] == WEEK
    clock.turn(days=6, hours=14, minutes=59)  # nine on Monday morning, plus this: Sunday night
    with shop.read() as tx:
        assert slots.weeks(tx)[0] == WEEK
    clock.turn(minutes=1)
    with shop.read() as tx:
        found = slots.weeks(tx)
    assert (found[0], found[-1]) == ("2026-11-30", "2027-01-25")
    assert len(found) == limits.WEEKS_AHEAD + 1


def test_when_all_weeks_are_full_it_says_so(shop: Shop, clock: TurnableClock) -> None:
    sri, budi = register(shop, market.SRI), register(shop, market.BUDI, "Amaq Budi")
    art = offer(shop, budi, price=1)
    for _ in range(limits.WEEKS_AHEAD + 1):
        order(shop, sri, art, 5, again=True)
    before = market.everything(shop)
    with pytest.raises(Refused, match="fully_booked"):
        order(shop, sri, art, 1, again=True)
    assert market.everything(shop) == before
    clock.turn(days=7)
    assert order(shop, sri, art, 1, again=True).slot == "2027-01-25"


def test_more_than_a_week_holds_is_told_with_the_number(shop: Shop) -> None:
    sri, budi = register(shop, market.SRI), register(shop, market.BUDI, "Amaq Budi")
    art = offer(shop, budi, price=1)
    with pytest.raises(Refused, match="short_stock") as refusal:
        order(shop, sri, art, 6)
    assert refusal.value.values["stock"] == 5
    with pytest.raises(Refused, match="short_stock"), shop.write() as tx:
        slots.book(tx, art, 6)


def test_fewer_slots_leave_what_is_booked_and_book_no_more(shop: Shop) -> None:
    sri, budi = register(shop, market.SRI), register(shop, market.BUDI, "Amaq Budi")
    art = offer(shop, budi, price=1)
    order(shop, sri, art, 4)
    with shop.write() as tx:
        catalogue.set_stock(tx, budi, art.number, 3)
        stale = slots.book(tx, art, 1)  # the listing as it was before
    assert stale == "2026-11-30"
    assert taken(shop)[WEEK] == 4


ACTIONS = ["place", "reject", "cancel", "accept", "send", "receive", "expire", "slots", "week"]
STEPS = st.lists(
    st.tuples(st.sampled_from(["place", "place", *ACTIONS]), st.integers(0, 5), st.integers(1, 4)),
    max_size=40,
)


@pytest.fixture(scope="module")
def one_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = str(tmp_path_factory.mktemp("slots"))
    return open_shop(configuration.load({"PASAR_DATA_DIR": folder}), TurnableClock())


def step(tx: Transaction, action: str, order_id: int, sides: dict[str, people.Person]) -> None:
    number = orders.by_id(tx, order_id).number
    if action == "expire":
        timers.HANDLERS["order.expire"](tx, str(order_id))
    else:
        side = "buyer" if action in ("cancel", "receive") else "seller"
        getattr(orders, action)(tx, sides[side], number)


@given(STEPS)
@hypothesis_settings(max_examples=80)
def test_no_week_is_oversold_and_each_has_taken_what_its_orders_make(
    one_shop: Shop, steps: list[tuple[str, int, int]]
) -> None:
    sides = {
        "buyer": register(one_shop, market.SRI),
        "seller": register(one_shop, market.BUDI, "Amaq Budi"),
    }
    art = offer(one_shop, sides["seller"], price=1, stock=4)
    placed: list[int] = []
    widest = 4
    for action, which, quantity in steps:
        if action == "week":
            one_shop.clock.turn(days=7)  # type: ignore[attr-defined]
            continue
        with one_shop.write() as tx:
            try:
                if action == "slots":
                    catalogue.set_stock(tx, sides["seller"], art.number, quantity)
                elif action == "place":
                    now = catalogue.by_id(tx, art.id)
                    spec = "ayat kursi"
                    placed.append(
                        orders.place(tx, sides["buyer"], now, quantity, again=True, spec=spec).id
                    )
                elif placed:
                    step(tx, action, placed[which % len(placed)], sides)
            except Refused:
                pass
            in_week = Counter()
            for each in (orders.by_id(tx, order_id) for order_id in placed):
                if each.state not in ("rejected", "expired", "cancelled"):
                    in_week[each.slot] += each.quantity
            rows = tx.rows("SELECT week, taken FROM slots WHERE listing_id = ?", (art.id,))
            assert {row["week"]: row["taken"] for row in rows if row["taken"]} == in_week
            assert max(in_week.values(), default=0) <= widest
            assert list(check.weeks.faults(tx)) == []


def crowd(shop: Shop) -> str:
    """More buyers than there is room in all weeks; the listing's number."""
    art = offer(shop, register(shop, market.BUDI, "Amaq Budi"), stock=SLOTS)
    with shop.write() as tx:
        for n in range(BUYERS):
            people.register(tx, f"+62812300{n:05d}", f"Pembeli {n}", code_of(SUKARARA))
    return art.number


def buy(shop: Shop, number: str, buyers: range) -> list[str]:
    """What each of the buyers got: a week, or why not."""
    got = []
    for n in buyers:
        try:
            with shop.write() as tx:
                buyer = people.of_phone(tx, f"+62812300{n:05d}")
                art = catalogue.find(tx, number)
                got.append(orders.place(tx, buyer, art, 1, spec="ayat kursi").slot)
        except Refused as refused:
            got.append(refused.reason)
    return got


def check_that_every_week_is_full(shop: Shop, got: list[list[str]]) -> None:
    with shop.read() as tx:
        weeks = dict.fromkeys(slots.weeks(tx), SLOTS)
        assert list(check.weeks.faults(tx)) == []
    left = BUYERS - sum(weeks.values())
    assert Counter(itertools.chain(*got)) == {**weeks, "fully_booked": left}
    assert taken(shop) == weeks


def test_threads_book_no_more_than_there_is(shop: Shop) -> None:
    number = crowd(shop)
    shares = [range(n, BUYERS, 6) for n in range(6)]
    check_that_every_week_is_full(
        shop, in_threads([partial(buy, shop, number, share) for share in shares])
    )


def buy_in(settings: Settings, number: str, buyers: range) -> list[str]:
    return buy(Shop(settings, plain, clock=TurnableClock()), number, buyers)


@pytest.mark.slow
def test_processes_book_no_more_than_there_is(shop: Shop) -> None:
    number = crowd(shop)
    tasks = [(shop.settings, number, range(n, BUYERS, 6)) for n in range(6)]
    check_that_every_week_is_full(shop, in_processes(buy_in, tasks))
