"""A command that is asked back is done once, with its number, in its time, after few tries."""

import re
from datetime import timedelta
from typing import Any

import pytest

from store import agents, codes, confirmations
from store.errors import Refused
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, register


def ask(shop: Shop, msisdn: str = SRI, *args: str, **parts: Any) -> str:
    with shop.write() as tx:
        placeholder = confirmations.ask(tx, msisdn, "BEKU", args, **parts)
    return codes.reveal(placeholder, shop.settings.pepper)


def wrong(*right: str) -> str:
    return next(f"{n:05d}" for n in range(99999) if f"{n:05d}" not in right)


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


def test_an_agent_may_be_asked_more_often(shop: Shop) -> None:
    kim = register(shop, SRI)
    with shop.write() as tx:
        agents.appoint(tx, "operator", kim, "agent", 1)
    for _ in range(confirmations.ASKED_AGENTS_AN_HOUR):
        ask(shop)
    with pytest.raises(Refused, match="asked_too_often"):
        ask(shop)


def test_nobody_guesses_on_and_on(shop: Shop, clock: TurnableClock) -> None:
    for _ in range(confirmations.WRONG_A_DAY // confirmations.TRIES):
        right = ask(shop)
        wrong = "00000" if right != "00000" else "11111"
        for _ in range(confirmations.TRIES):
            take(shop, wrong)
        clock.turn(hours=1)
    with pytest.raises(Refused, match="wrong_too_often"):
        ask(shop)
    cash = ask(shop, topic="cash:1")
    assert take(shop, cash) == "no_numbers"
    clock.turn(hours=24)
    assert take(shop, ask(shop)) == ("BEKU", ())


def test_the_number_is_not_in_the_database(shop: Shop) -> None:
    number = ask(shop)
    with shop.read() as tx:
        assert number not in str(tx.rows("SELECT * FROM confirmations"))


def test_neither_are_its_fields(shop: Shop) -> None:
    ask(shop, SRI, "58213", "9517")
    with shop.read() as tx:
        kept = str(tx.rows("SELECT * FROM confirmations"))
    assert "58213" not in kept
    assert "9517" not in kept


def test_others_questions_wait_beside_the_phones_own_command(shop: Shop) -> None:
    own, cash = ask(shop, SRI, "own"), ask(shop, SRI, "cash", topic="cash:12")
    other = ask(shop, SRI, "other", topic="cash:13")
    assert len({own, cash, other}) == 3
    assert take(shop, cash) == ("BEKU", ("cash",))
    latest = ask(shop, SRI, "latest")
    assert take(shop, latest) == ("BEKU", ("latest",))
    assert take(shop, other) == ("BEKU", ("other",))
    with shop.read() as tx:
        assert not confirmations.waits(tx, SRI)


def test_what_waits_under_a_topic_is_its_latest_question(shop: Shop) -> None:
    first = ask(shop, SRI, "one", topic="cash:12")
    second = ask(shop, SRI, "two", topic="cash:12")
    assert take(shop, first) == "wrong_number"
    assert take(shop, second) == ("BEKU", ("two",))


def test_a_wrong_number_counts_for_all_that_wait(shop: Shop) -> None:
    own, cash = ask(shop), ask(shop, topic="cash:12")
    assert [take(shop, wrong(own, cash)) for _ in range(2)] == ["wrong_number"] * 2
    own = ask(shop)
    assert take(shop, wrong(own, cash)) == "no_numbers"
    assert take(shop, own) == take(shop, cash) == "no_numbers"


def test_a_question_waits_its_own_time(shop: Shop, clock: TurnableClock) -> None:
    own = ask(shop)
    cash = ask(shop, SRI, "cash", topic="cash:12", keep=timedelta(days=2))
    clock.turn(hours=47)
    with shop.read() as tx:
        assert not confirmations.is_right(tx, SRI, own)
        assert confirmations.is_right(tx, SRI, cash)
    clock.turn(hours=1)
    assert take(shop, cash) == "no_numbers"


def test_a_question_that_does_not_matter_any_more_is_dropped(shop: Shop) -> None:
    own, cash = ask(shop), ask(shop, topic="cash:12")
    with shop.write() as tx:
        confirmations.drop(tx, SRI, "cash:12")
    assert take(shop, cash) == "wrong_number"
    assert take(shop, own) == ("BEKU", ())


def test_others_questions_do_not_use_up_what_a_phone_may_ask(shop: Shop) -> None:
    for topic in range(confirmations.ASKED_AN_HOUR + 1):
        ask(shop, topic=f"cash:{topic}")
    ask(shop)


def test_no_two_that_wait_have_the_same_number(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["00000", "00000", "00000", "11111"])
    numbers: dict[str, str] = {}
    monkeypatch.setattr(
        codes, "one_time_code", lambda *key: numbers.setdefault(key[3], next(drawn, "22222"))
    )
    first, second = ask(shop), ask(shop, topic="cash:12")
    assert first != second
