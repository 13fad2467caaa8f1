"""Dead letters: what an operator sees of messages that came to nothing, and sends again; costs."""

from datetime import timedelta

import pytest

from settings import Settings
from store import erasure, outbox
from store.errors import Refused
from store.outbox import links
from store.outbox.settling import money
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, events, open_shop, register
from tests.support.post_office import PostOffice

ABROAD = "+447911123456"


@pytest.fixture
def office(shop: Shop, clock: TurnableClock) -> PostOffice:
    return PostOffice(shop, clock)


def dead(office: PostOffice, limit: int = 20) -> list[dict]:
    with office.shop.read() as tx:
        return outbox.dead(tx, limit)


def send_again(office: PostOffice, message: str, *, even_twice: bool = False) -> None:
    with office.shop.write() as tx:
        outbox.send_again(tx, message, even_twice=even_twice)


def refusal(office: PostOffice, message: str) -> str:
    before = office.row(message) if message else None
    with pytest.raises(Refused) as refused:
        send_again(office, message or "none")
    assert before == (office.row(message) if message else None)
    return refused.value.reason


DEAD = [
    ("send / failed", "failed"),
    ("send / accepted a / report a undelivered", "undelivered"),
    ("wait 1d / sweep", "expired"),
    ("send / wait 1d / refused", "expired"),
    ("send / unknown / wait 1d / sweep", "unknown"),
]
ALIVE = [
    ("", "queued"),
    ("send", "sending"),
    ("send / refused", "queued"),
    ("send / unknown", "unknown"),
    ("send / accepted a", "accepted"),
    ("send / accepted a / report a delivered", "delivered"),
]


@pytest.mark.parametrize(("steps", "state"), DEAD)
def test_what_came_to_nothing_is_a_dead_letter(office: PostOffice, steps: str, state: str) -> None:
    message = office.write()
    office.play(steps)
    [letter] = dead(office)
    assert (letter["id"], letter["state"]) == (message, state)
    assert letter["reason"]
    send_again(office, message, even_twice=state == "unknown")
    assert dead(office) == []
    assert office.state(message) == "queued"
    assert events(office.shop)[-1] == ("operator", "message.sent_again")
    office.play("send / accepted b / report b delivered")
    assert office.state(message) == "delivered"


@pytest.mark.parametrize(("steps", "state"), ALIVE)
def test_what_may_still_come_to_something_is_none(
    office: PostOffice, steps: str, state: str
) -> None:
    message = office.write()
    office.play(steps)
    assert office.state(message) == state
    assert dead(office) == []
    assert refusal(office, message) == "not_dead"


@pytest.mark.parametrize("secret", [False, True])
def test_one_that_may_have_arrived_is_sent_again_only_when_that_is_meant(
    office: PostOffice, secret: bool
) -> None:
    message = office.write(secret=secret)
    office.play("send / unknown / wait 1d / sweep")
    assert refusal(office, message) == "maybe_arrived"
    send_again(office, message, even_twice=True)
    assert office.claim().id == message


def test_nobody_knows_a_message_that_is_not_there(office: PostOffice) -> None:
    assert refusal(office, "") == "no_message"


def test_a_blocked_one_goes_when_the_operator_says_so(office: PostOffice) -> None:
    message = office.write(ABROAD)
    assert office.claim() is None
    assert "not to this country" in dead(office)[0]["reason"]
    send_again(office, message)
    assert office.claim().id == message


def test_it_is_wanted_anew_for_as_long_as_its_kind(office: PostOffice) -> None:
    message = office.write(kind="security")
    office.play("wait 1d / sweep")
    send_again(office, message)
    office.clock.turn(minutes=14)
    assert office.claim().id == message
    office.answer("refused")
    office.clock.turn(minutes=2)
    assert office.claim() is None
    assert [letter["id"] for letter in dead(office)] == [message]


def test_it_goes_by_the_first_link_and_then_by_the_others(
    settings: Settings, clock: TurnableClock
) -> None:
    office = PostOffice(open_shop(settings, clock, sms_provider=("one", "two")), clock)
    message = office.write(route="two")
    office.claim("two")
    office.answer("failed")
    send_again(office, message)
    assert office.claim("two") is None
    assert office.claim("one").attempt == 2
    office.answer("refused")
    clock.turn(seconds=3)
    assert office.claim("two").id == message


def test_an_answer_to_the_attempt_before_does_not_decide_about_the_next(
    office: PostOffice,
) -> None:
    message = office.write()
    office.play("send")
    late = office.message
    office.play("wait 1d / sweep / wait 2m / sweep")
    send_again(office, message, even_twice=True)
    office.play("send")
    office.answer("failed", message=late)
    assert office.state(message) == "sending"
    office.play("report a undelivered")
    assert office.state(message) == "sending"


def test_what_has_happened_meanwhile_does_not_keep_back_what_the_operator_sends(
    office: PostOffice,
) -> None:
    message = office.write(about="order:1")
    office.play("send / failed")
    send_again(office, message)
    with office.shop.write() as tx:
        outbox.withdraw(tx, "order:1")
    assert office.state(message) == "queued"


def test_the_latest_are_shown_the_oldest_of_them_first(office: PostOffice) -> None:
    messages = [office.write(secret=True) for _ in range(4)]
    for _ in messages:
        office.play("send / failed")
    assert [letter["id"] for letter in dead(office, 3)] == messages[1:]


def test_nothing_is_sent_to_whoever_was_erased(office: PostOffice) -> None:
    budi = register(office.shop, BUDI, "Amaq Budi")
    failed, mine = office.write(BUDI), office.write(SRI)
    office.play("send / failed / send / failed")
    with office.shop.write() as tx:
        erasure.erase(tx, budi)
    assert [letter["id"] for letter in dead(office)] == [mine]
    assert refusal(office, failed) == "not_dead"


# Links, as an operator sees them.


def test_how_each_link_is(settings: Settings, clock: TurnableClock) -> None:
    names = ("one", "two", "three")
    office = PostOffice(open_shop(settings, clock, sms_provider=names), clock)
    office.write(SRI, route="two")
    office.write(BUDI, route="two")
    with office.shop.write() as tx:
        for n in range(3):
            links.down(tx, "two", f"+6281250{n:05d}", "no answer")
        links.busy(tx, "three", "slow down")
    with office.shop.read() as tx:
        found = {link["provider"]: link for link in outbox.links_now(tx)}
    assert list(found) == list(names)
    assert [link["state"] for link in found.values()] == ["in use", "away", "away"]
    assert [link["waiting"] for link in found.values()] == [0, 2, 0]
    assert [link["why"] for link in found.values()] == ["", "no answer", "busy 1: slow down"]
    clock.turn(minutes=1)
    with office.shop.read() as tx:
        assert [each["state"] for each in outbox.links_now(tx)] == [
            *("in use", "found out about", "in use")
        ]


# Costs.


def costs(office: PostOffice, days: int = 30) -> list[tuple]:
    with office.shop.read() as tx:
        rows = outbox.costs(tx, tx.later(-timedelta(days=days)))
    return [tuple(row.values()) for row in rows]


def test_costs_are_added_up_for_each_link_and_currency(
    settings: Settings, clock: TurnableClock
) -> None:
    office = PostOffice(open_shop(settings, clock, sms_provider=("one", "two")), clock)
    for provider, cost, text in (
        ("one", "KES 0.8000", "Halo"),
        ("one", "KES 1.6000", "x" * 200),
        ("one", "USD 0.0042", "Halo"),
        ("two", "IDR 350", "Halo"),
        ("two", None, "Halo"),
        ("two", "free of charge", "Halo"),
    ):
        office.write(text=text, route=provider, secret=True)
        assert office.claim(provider)
        office.answer("accepted", cost=cost)
    assert costs(office) == [
        ("one", "KES", 2, 3, 24_000),
        ("one", "USD", 1, 1, 42),
        ("two", None, 2, 2, None),
        ("two", "IDR", 1, 1, 3_500_000),
    ]


def test_every_attempt_costs(office: PostOffice) -> None:
    office.write()
    office.play("send / refused / wait 3s / send")
    office.answer("accepted", cost="KES 0.8")
    assert costs(office) == [("simulator", None, 1, 1, None), ("simulator", "KES", 1, 1, 8000)]


def test_only_what_was_sent_since_then(office: PostOffice) -> None:
    for _ in range(2):
        office.write(secret=True)
        office.claim()
        office.answer("accepted", cost="KES 1")
        office.clock.turn(days=20)
    assert costs(office, 30) == [("simulator", "KES", 1, 1, 10_000)]
    assert costs(office, 10) == []


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ("KES 0.8000", ("KES", 8000)),
        ("KES 0.80005", ("KES", 8000)),
        ("USD 0.0042", ("USD", 42)),
        ("IDR 350", ("IDR", 3_500_000)),
        ("IDR 999999999", ("IDR", 9_999_999_990_000)),
        ("IDR 1,350", (None, None)),
        ("IDR 1.350,00", (None, None)),
        ("IDR 9999999999", (None, None)),
        ("IDR ³50", (None, None)),
        ("kes 0.8", (None, None)),
        ("KES", (None, None)),
        ("0", (None, None)),
        ("", (None, None)),
        (None, (None, None)),
        ("KES -1", (None, None)),
        ("KES 1\n", (None, None)),
    ],
)
def test_how_a_cost_is_read(stated: str | None, read: tuple[str | None, int | None]) -> None:
    assert money(stated) == read
