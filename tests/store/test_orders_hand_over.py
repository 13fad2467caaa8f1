"""The code that the buyer gives for the goods."""

import pytest

from store import codes, limits, orders
from store.errors import Refused
from store.orders import Order
from store.people import Person
from store.shop import Shop
from tests.support.market import (
    BUDI,
    SRI,
    code_of_order,
    events,
    everything,
    look,
    notices_to,
    order,
    register,
    texts_to,
    trade,
)

Sent = tuple[Person, Person, Order]


@pytest.fixture
def sent(shop: Shop) -> Sent:
    """Sri's order that Budi has sent."""
    sri, budi, rice = trade(shop)
    placed = order(shop, sri, rice)
    for action in (orders.accept, orders.send):
        with shop.write() as tx:
            action(tx, budi, placed.number)
    return sri, budi, look(shop, placed)


def give(shop: Shop, seller: Person, placed: Order, code: str) -> str:
    """What the seller who gives the code is told: the new state, or the refusal."""
    with shop.write() as tx:
        try:
            return orders.hand_over(tx, seller, placed.number, code).state
        except Refused as refused:  # caught inside, as the conversation does: the try counts
            return refused.reason


def wrong_codes(shop: Shop, placed: Order) -> list[str]:
    right = code_of_order(shop, placed)
    every = (f"{number:05d}" for number in range(100_000))
    return [code for code in every if codes.well_formed(code) and code != right]


def test_only_the_buyer_is_told_the_code(shop: Shop, sent: Sent) -> None:
    sri, budi, placed = sent
    code = code_of_order(shop, placed)
    told = [codes.reveal(text, shop.settings.pepper) for text in texts_to(shop, SRI)]
    assert code in told[-1]
    assert code not in " ".join(texts_to(shop, BUDI))
    assert codes.reveal(orders.code_for(placed, sri) or "", shop.settings.pepper) == code
    assert orders.code_for(placed, budi) is None


def test_the_right_code_hands_over(shop: Shop, sent: Sent) -> None:
    _, budi, placed = sent
    assert give(shop, budi, placed, code_of_order(shop, placed)) == "handed over"
    assert events(shop)[-1] == (BUDI, "order.hand_over")


def test_a_code_is_of_no_use_before_and_after(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    placed = order(shop, sri, rice)
    with shop.write() as tx:
        accepted = orders.accept(tx, budi, placed.number)
    assert orders.code_for(accepted, sri) is None
    assert give(shop, budi, accepted, "00000") == "not_now"
    with shop.write() as tx:
        orders.send(tx, budi, placed.number)
    code = code_of_order(shop, placed)
    assert give(shop, budi, placed, code) == "handed over"
    assert orders.code_for(look(shop, placed), sri) is None
    assert give(shop, budi, placed, code) == "not_now"


@pytest.mark.parametrize("typed", ["", "1234", "123456", "abcde", "12 34"])
def test_what_cannot_be_a_code_costs_no_try(shop: Shop, sent: Sent, typed: str) -> None:
    _, budi, placed = sent
    before = everything(shop)
    assert give(shop, budi, placed, typed) == "bad_code"
    assert everything(shop) == before


def test_a_slip_of_the_thumb_costs_no_try(shop: Shop, sent: Sent) -> None:
    _, budi, placed = sent
    right = code_of_order(shop, placed)
    for place in range(5):
        slip = right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]
        assert give(shop, budi, placed, slip) == "bad_code"
    assert look(shop, placed).code_tries == 0


def test_after_five_wrong_codes_the_right_one_is_refused(shop: Shop, sent: Sent) -> None:
    _, budi, placed = sent
    wrong = wrong_codes(shop, placed)[: limits.CODE_TRIES]
    told = [give(shop, budi, placed, code) for code in wrong]
    assert told == ["wrong_code"] * 4 + ["no_tries"]
    assert give(shop, budi, placed, code_of_order(shop, placed)) == "no_tries"
    assert look(shop, placed).state == "sent"
    assert events(shop)[-5:] == [(BUDI, "order.wrong_code")] * 5


def test_then_the_buyer_says_that_it_arrived(shop: Shop, sent: Sent) -> None:
    sri, budi, placed = sent
    for code in wrong_codes(shop, placed)[: limits.CODE_TRIES]:
        give(shop, budi, placed, code)
    with shop.write() as tx:
        assert orders.receive(tx, sri, placed.number).state == "handed over"
    assert notices_to(shop, BUDI)[-1] == "order_received"


def test_the_seller_is_told_how_many_tries_are_left(shop: Shop, sent: Sent) -> None:
    _, budi, placed = sent
    left = []
    for code in wrong_codes(shop, placed)[:4]:
        with shop.write() as tx:
            try:
                orders.hand_over(tx, budi, placed.number, code)
            except Refused as refused:
                left.append(refused.values["left"])
    assert left == [4, 3, 2, 1]


def test_nobody_else_hands_over(shop: Shop, sent: Sent) -> None:
    sri, _, placed = sent
    code = code_of_order(shop, placed)
    for person in (sri, register(shop, "+6281234567009")):
        assert give(shop, person, placed, code) == "no_order"
    assert look(shop, placed).state == "sent"


def test_two_orders_have_different_nonces(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    nonces = set()
    for quantity in (1, 2, 3):
        placed = order(shop, sri, rice, quantity)
        for action in (orders.accept, orders.send):
            with shop.write() as tx:
                action(tx, budi, placed.number)
        nonces.add(look(shop, placed).code_nonce)
    assert len(nonces) == 3
