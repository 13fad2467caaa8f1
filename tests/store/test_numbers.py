"""Numbers that are typed on a keypad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import damm

from store import limits, numbers
from store.shop import Shop

NUMBERS = st.integers(11, 10 ** (limits.NUMBER - 1) - 1).map(
    lambda number: f"{number}{damm.calc_check_digit(str(number))}"
)


def test_numbers_follow_each_other_and_are_valid(shop: Shop) -> None:
    with shop.write() as tx:
        made = [numbers.new(tx, "listing") for _ in range(50)]
    assert [number_id for number_id, _ in made] == list(range(11, 61))
    assert all(numbers.is_valid(number) for _, number in made)


def test_listings_begin_with_three_digits_and_orders_with_five(shop: Shop) -> None:
    with shop.write() as tx:
        assert [len(numbers.new(tx, kind)[1]) for kind in ("listing", "order")] == [3, 5]


@given(NUMBERS, st.data())
def test_a_slip_of_the_thumb_is_found(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    wrong = number[:place] + digit + number[place + 1 :]
    assert wrong == number or not numbers.is_valid(wrong)


@pytest.mark.parametrize("typed", ["", "1", "19", "12345678", "11a", "١١٧", " 117", "117 ", "-17"])
def test_what_cannot_be_a_number(typed: str) -> None:
    assert not numbers.is_valid(typed)
