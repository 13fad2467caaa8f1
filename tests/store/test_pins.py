"""A PIN opens to its owner only: few tries, no weak ones, and nothing to guess it from."""

import pytest

from store import pins
from store.errors import Refused
from store.people import Person
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, events, everything, open_shop, register

PIN, OTHER = "9517", "62840"


@pytest.fixture
def sri(shop: Shop) -> Person:
    return register(shop, SRI)


def choose(shop: Shop, person: Person, new: str, old: str | None = None) -> str:
    """As a screen or an SMS does: what a refusal changed stays. The reason of a refusal, or ''."""
    with shop.write() as tx:
        try:
            pins.choose(tx, person, new, old)
        except Refused as refused:
            return refused.reason
    return ""


def check(shop: Shop, person: Person, pin: str) -> str:
    with shop.write() as tx:
        try:
            pins.check(tx, person, pin)
        except Refused as refused:
            return refused.reason
    return ""


def test_a_pin_is_chosen_and_right(shop: Shop, sri: Person) -> None:
    with shop.read() as tx:
        assert not pins.has(tx, sri)
    assert check(shop, sri, PIN) == "no_pin"
    assert choose(shop, sri, PIN) == ""
    with shop.read() as tx:
        assert pins.has(tx, sri)
        pins.check(tx, sri, PIN)
    assert check(shop, sri, OTHER) == "wrong_pin"
    assert check(shop, register(shop, BUDI, "Amaq Budi"), PIN) == "no_pin"


def test_another_pin_takes_the_old_one(shop: Shop, sri: Person) -> None:
    choose(shop, sri, PIN)
    assert choose(shop, sri, OTHER) == "old_pin"
    assert choose(shop, sri, OTHER, OTHER) == "wrong_pin"
    assert choose(shop, sri, OTHER, PIN) == ""
    assert check(shop, sri, PIN) == "wrong_pin"
    assert check(shop, sri, OTHER) == ""


@pytest.mark.parametrize("new", ["", "123", "1234567", "12a4", "12 4", "٤٥٦٧"])
def test_a_pin_is_4_to_6_digits(shop: Shop, sri: Person, new: str) -> None:
    assert choose(shop, sri, new) == "bad_pin"


@pytest.mark.parametrize(
    "new",
    [
        *("0000", "77777", "1234", "4321", "7890", "98765", "1212", "313131"),
        *("1940", "1998", "2029", "2580", "0852", "1004", "112233", "147258", "170845"),
        *("8123", "0812", "7001", "45670", "234567"),  # of +6281234567001
    ],
)
def test_what_others_would_try_first_is_refused(shop: Shop, sri: Person, new: str) -> None:
    assert choose(shop, sri, new) == "weak_pin"


@pytest.mark.parametrize("new", ["1939", "2030", "9517", "62840", "731946", "1246"])
def test_all_else_is_taken(shop: Shop, sri: Person, new: str) -> None:
    assert choose(shop, sri, new) == ""


def test_the_list_has_what_no_rule_names(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = pins._known()
    assert all(map(pins.is_pin, listed))
    monkeypatch.setattr(pins, "_known", frozenset)
    assert not [pin for pin in listed if pins._is_common(pin)]


def test_three_wrong_tries_in_a_row_lock(
    shop: Shop, sri: Person, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(shop, sri, PIN)
    told = [check(shop, sri, OTHER) for _ in range(pins.TRIES)]
    assert told == ["wrong_pin", "wrong_pin", "pin_locked"]
    with monkeypatch.context() as patch:
        patch.setattr(pins, "_fits", lambda *_: pytest.fail("a locked PIN is not compared"))
        assert check(shop, sri, PIN) == "pin_locked"
        assert choose(shop, sri, OTHER, PIN) == "pin_locked"
    clock.turn(minutes=59)
    assert check(shop, sri, PIN) == "pin_locked"
    clock.turn(minutes=1)
    assert [check(shop, sri, OTHER) for _ in range(2)] == ["wrong_pin", "wrong_pin"]
    assert check(shop, sri, PIN) == ""


def test_twin_without_the_lock_tries_never_end(
    shop: Shop, sri: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "TRIES", 10**6)
    choose(shop, sri, PIN)
    assert {check(shop, sri, OTHER) for _ in range(9)} == {"wrong_pin"}
    assert check(shop, sri, PIN) == ""


def test_twin_a_try_that_is_not_counted_can_be_had_again(shop: Shop, sri: Person) -> None:
    """Whoever lets the refusal undo its transaction takes the count away."""
    choose(shop, sri, PIN)
    for _ in range(9):
        with pytest.raises(Refused, match="wrong_pin"), shop.write() as tx:
            pins.check(tx, sri, OTHER)
    assert check(shop, sri, PIN) == ""


def test_a_refusal_says_how_many_tries_are_left_and_when_it_opens(shop: Shop, sri: Person) -> None:
    choose(shop, sri, PIN)
    values = []
    for _ in range(pins.TRIES):
        with shop.write() as tx, pytest.raises(Refused) as refused:
            pins.check(tx, sri, OTHER)
        values.append(refused.value.values)
    assert values[:2] == [{"left": 2}, {"left": 1}]
    assert values[2]["time"] == values[2]["day"] == shop.clock.now() + shop.settings.pin_lock


def test_a_right_one_starts_the_count_again(shop: Shop, sri: Person) -> None:
    choose(shop, sri, PIN)
    for _ in range(3):
        assert [check(shop, sri, OTHER), check(shop, sri, OTHER)] == ["wrong_pin", "wrong_pin"]
        assert check(shop, sri, PIN) == ""


def test_an_operator_unlocks(shop: Shop, sri: Person) -> None:
    with shop.write() as tx, pytest.raises(Refused, match="no_pin"):
        pins.unlock(tx, sri)
    choose(shop, sri, PIN)
    for _ in range(pins.TRIES):
        check(shop, sri, OTHER)
    with shop.write() as tx:
        pins.unlock(tx, sri)
    assert check(shop, sri, PIN) == ""
    assert [action for _, action in events(shop)][1:] == [
        "pin.set",
        *["pin.wrong"] * pins.TRIES,
        "pin.locked",
        "pin.unlocked",
    ]


def test_many_wrong_ones_in_the_market_stop_them_all_for_a_while(
    settings, clock: TurnableClock
) -> None:
    shop = open_shop(settings, clock, pin_wrong_limit=4)
    people = [register(shop, f"+62812345671{n:02}", f"Warga {'ABCDEF'[n]}") for n in range(6)]
    for person in people:
        choose(shop, person, PIN)
    assert [check(shop, person, OTHER) for person in people[:4]] == ["wrong_pin"] * 4
    clock.turn(minutes=9)
    assert check(shop, people[4], PIN) == "pins_busy"
    clock.turn(minutes=1)
    assert check(shop, people[4], PIN) == ""
    check(shop, people[5], OTHER)
    with shop.read() as tx:
        assert tx.value("SELECT COUNT(*) FROM wrong_pins") == 1, "old ones are forgotten"


def test_twin_without_that_limit_everybody_can_be_tried(
    settings, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "_wrong_lately", lambda tx: 0)
    with pytest.raises(AssertionError):
        test_many_wrong_ones_in_the_market_stop_them_all_for_a_while(settings, clock)


def test_the_database_alone_does_not_tell_a_pin(shop: Shop, sri: Person) -> None:
    choose(shop, sri, PIN)
    check(shop, sri, OTHER)
    for rows in everything(shop).values():
        for row in rows:
            assert PIN not in map(str, row)
            assert OTHER not in map(str, row)
    with shop.read() as tx:
        kept = tx.value("SELECT hash FROM pins")
    assert "$m=19456,t=2,p=1$" in kept
    assert not pins._fits(kept, PIN.encode()), "without the pepper nothing fits"


def test_the_same_pin_is_another_hash_for_each(shop: Shop, sri: Person) -> None:
    budi = register(shop, BUDI, "Amaq Budi")
    choose(shop, sri, PIN)
    choose(shop, budi, PIN)
    with shop.read() as tx:
        assert tx.value("SELECT COUNT(DISTINCT hash) FROM pins") == 2
