"""Stock, reserved and sold: nothing is lost, nothing appears, nothing is sold twice."""

import itertools
from collections import Counter
from functools import partial

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import settings as configuration
from settings import Settings
from store import catalogue, codes, orders, people, timers
from store.errors import Refused
from store.shop import Shop, Transaction
from tests.support import market
from tests.support.clock import TurnableClock
from tests.support.market import SUKARARA, code_of, open_shop, plain, register, sell
from tests.support.rivals import in_processes, in_threads

STOCK, BUYERS = 5, 30


@pytest.fixture(scope="module")
def one_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = str(tmp_path_factory.mktemp("stock"))
    return open_shop(configuration.load({"PASAR_DATA_DIR": folder}), TurnableClock())


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["place", "accept", "reject", "cancel", "send", "hand over", "receive", "expire"]
        ),
        st.integers(0, 4),
        st.integers(1, 6),
    ),
    max_size=25,
)


def step(tx: Transaction, action: str, order_id: int, sides: dict[str, people.Person]) -> None:
    order = orders.by_id(tx, order_id)
    if action == "expire":
        timers.HANDLERS["order.expire"](tx, str(order_id))
    elif action == "hand over":
        code = codes.hand_over_code(tx.settings.pepper, order_id, order.code_nonce or "")
        orders.hand_over(tx, sides["seller"], order.number, code)
    elif action in ("cancel", "receive"):
        getattr(orders, action)(tx, sides["buyer"], order.number)
    else:
        getattr(orders, action)(tx, sides["seller"], order.number)


@given(STEPS)
@hypothesis_settings(max_examples=60)
def test_whatever_happens_the_sum_stays(one_shop: Shop, steps: list[tuple[str, int, int]]) -> None:
    sides = {
        "buyer": register(one_shop, market.SRI),
        "seller": register(one_shop, market.BUDI, "Amaq Budi"),
    }
    listing = sell(one_shop, sides["seller"], price=1, stock=20)
    placed: list[int] = []
    with one_shop.write() as tx:
        for action, which, quantity in steps:
            try:
                if action == "place":
                    now = catalogue.by_id(tx, listing.id)
                    placed.append(orders.place(tx, sides["buyer"], now, quantity, again=True).id)
                elif placed:
                    step(tx, action, placed[which % len(placed)], sides)
            except Refused:
                pass
            (row,) = tx.rows(
                "SELECT stock, reserved, sold FROM listings WHERE id = ?", (listing.id,)
            )
            assert sum(row.values()) == 20
            in_state = Counter()
            for order_id in placed:
                order = orders.by_id(tx, order_id)
                in_state[order.state] += order.quantity
            assert row["sold"] == in_state["handed over"] + in_state["done"]
            assert row["reserved"] == sum(in_state[s] for s in ("waiting", "accepted", "sent"))


def crowd(shop: Shop) -> str:
    """Many buyers, and a listing with too little for them; its number."""
    listing = sell(shop, register(shop, market.BUDI, "Amaq Budi"), stock=STOCK)
    with shop.write() as tx:
        for n in range(BUYERS):
            people.register(tx, phone(n), f"Pembeli {n}", code_of(SUKARARA))
    return listing.number


def phone(n: int) -> str:
    return f"+62812300{n:05d}"


def buy(shop: Shop, number: str, buyers: range) -> list[str]:
    """What each of the buyers got: "ordered", or why not."""
    got = []
    for n in buyers:
        try:
            with shop.write() as tx:
                buyer = people.of_phone(tx, phone(n))
                assert buyer
                orders.place(tx, buyer, catalogue.find(tx, number), 1)
            got.append("ordered")
        except Refused as refused:
            got.append(refused.reason)
    return got


def check_that_all_is_sold_once(shop: Shop, number: str, got: list[list[str]]) -> None:
    assert Counter(itertools.chain(*got)) == {"ordered": STOCK, "sold_out": BUYERS - STOCK}
    with shop.read() as tx:
        row = tx.row("SELECT stock, reserved, sold FROM listings WHERE number = ?", (number,))
        assert row == {"stock": 0, "reserved": STOCK, "sold": 0}
        assert tx.value("SELECT COUNT(*) FROM orders") == STOCK
        assert tx.value("SELECT COUNT(*) FROM events WHERE action = 'order.place'") == STOCK


def test_threads_sell_no_more_than_there_is(shop: Shop) -> None:
    number = crowd(shop)
    shares = [range(n, BUYERS, 8) for n in range(8)]
    got = in_threads([partial(buy, shop, number, share) for share in shares])
    check_that_all_is_sold_once(shop, number, got)


def buy_in(settings: Settings, number: str, buyers: range) -> list[str]:
    return buy(Shop(settings, plain), number, buyers)


@pytest.mark.slow
def test_processes_sell_no_more_than_there_is(shop: Shop) -> None:
    number = crowd(shop)
    tasks = [(shop.settings, number, range(n, BUYERS, 8)) for n in range(8)]
    check_that_all_is_sold_once(shop, number, in_processes(buy_in, tasks))
