"""A command that is asked back is done once, with its number, in its time, after few tries."""

import re

import pytest

from store import codes, confirmations
from store.errors import Refused
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI


def ask(shop: Shop, msisdn: str = SRI, *args: str) -> str:
    with shop.write() as tx:
        placeholder = confirmations.ask(tx, msisdn, "BEKU", args)
    return codes.reveal(placeholder, shop.settings.pepper)


def wrong(right: str) -> str:
    return next(f"{n:05d}" for n in range(99999) if f"{n:05d}" != right)


def take(shop: Shop, typed: str, msisdn: str = SRI):
    """As an SMS does: what a refusal changed stays."""
    with shop.write() as tx:
        try:
            return confirmations.take(tx, msisdn, typed)
        except Refused as refused:
            return refused.reason


def test_its_number_gives_the_command_back_once(shop: Shop) -> None:
    number = ask(shop, SRI, "0812", "tipu é")
    assert re.fullmatch("[0-9]{5}", number)
    assert take(shop, number) == ("BEKU", ("0812", "tipu é"))
    with shop.read() as tx:
        assert not confirmations.waits(tx, SRI)
    assert take(shop, number) == "no_numbers"


def test_three_wrong_numbers_end_it(shop: Shop) -> None:
    number = ask(shop)
    told = [take(shop, wrong(number)) for _ in range(confirmations.TRIES)]
    assert told == ["wrong_number", "wrong_number", "no_numbers"]
    assert take(shop, number) == "no_numbers"


def test_the_latest_command_is_the_one_that_waits(shop: Shop) -> None:
    first = ask(shop, SRI, "one")
    assert take(shop, wrong(first)) == "wrong_number"
    second = ask(shop, SRI, "two")
    assert take(shop, second) == ("BEKU", ("two",))


def test_a_number_is_its_own_phones(shop: Shop) -> None:
    number, other = ask(shop, SRI, "one"), ask(shop, BUDI, "two")
    assert number != other
    assert take(shop, number, BUDI) == "wrong_number"


def test_it_waits_a_while(shop: Shop, clock: TurnableClock) -> None:
    ask(shop)
    clock.turn(minutes=9)
    with shop.read() as tx:
        assert confirmations.waits(tx, SRI)
    clock.turn(minutes=1)
    with shop.read() as tx:
        assert not confirmations.waits(tx, SRI)


def test_nobody_has_a_phone_ring_all_night(shop: Shop, clock: TurnableClock) -> None:
    for _ in range(confirmations.ASKED_AN_HOUR):
        ask(shop)
    with pytest.raises(Refused, match="asked_too_often"):
        ask(shop)
    ask(shop, BUDI)
    clock.turn(hours=1)
    ask(shop)


def test_the_number_is_not_in_the_database(shop: Shop) -> None:
    number = ask(shop)
    with shop.read() as tx:
        assert number not in str(tx.rows("SELECT * FROM confirmations"))
