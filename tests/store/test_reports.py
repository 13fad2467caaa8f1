"""Delivery reports: early, late, twice, out of order, and of messages that nobody knows."""

import pytest

from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI
from tests.support.post_office import PostOffice


@pytest.fixture
def office(shop: Shop, clock: TurnableClock) -> PostOffice:
    return PostOffice(shop, clock)


@pytest.mark.parametrize(
    ("why", "steps", "state"),
    [
        ("delivered", "send / accepted a / report a delivered", "delivered"),
        ("not delivered", "send / accepted a / report a undelivered", "undelivered"),
        ("on its way", "send / accepted a / report a passing", "accepted"),
        ("another's", "send / accepted a / report b delivered", "accepted"),
        ("of another provider", "send / accepted a / report a delivered elsewhere", "accepted"),
        ("without number", "send / accepted a / report a delivered nameless", "delivered"),
        ("days later", "send / accepted a / wait 3d / report a delivered", "delivered"),
        # before the answer to the send
        ("early", "send / report a delivered / accepted a", "delivered"),
        ("early, not delivered", "send / report a undelivered / accepted a", "undelivered"),
        ("early, on its way", "send / report a passing / accepted a", "accepted"),
        ("early, without number", "send / report a delivered nameless / accepted a", "delivered"),
        ("early, elsewhere", "send / report a delivered elsewhere / accepted a", "accepted"),
        # twice and out of order
        ("twice", "send / accepted a / report a delivered / report a delivered", "delivered"),
        ("late passing", "send / accepted a / report a delivered / report a passing", "delivered"),
        (
            "late passing of a failure",
            "send / accepted a / report a undelivered / report a passing",
            "undelivered",
        ),
        (
            "delivered, then not",
            "send / accepted a / report a delivered / report a undelivered",
            "delivered",
        ),
        (
            "not, then delivered",
            "send / accepted a / report a undelivered / report a delivered",
            "delivered",
        ),
        ("of a failure", "send / failed a / report a undelivered", "failed"),
        ("failed, yet delivered", "send / failed a / report a delivered", "delivered"),
        # the outcome of the send is unknown
        ("unknown: delivered", "send / unknown / report a delivered", "delivered"),
        ("unknown: on its way", "send / unknown / report a passing", "accepted"),
        ("unknown: not delivered", "send / unknown / report a undelivered", "undelivered"),
        ("unknown: early", "send / report a delivered / unknown", "delivered"),
        (
            "unknown: on its way, then delivered",
            "send / unknown / report a passing / report a delivered nameless",
            "delivered",
        ),
        ("unknown: without number", "send / unknown / report a delivered nameless", "unknown"),
        ("unknown: elsewhere", "send / unknown / report a delivered elsewhere", "unknown"),
        ("unknown: early, elsewhere", "send / report a delivered elsewhere / unknown", "unknown"),
        ("unknown: two ids", "send / report a passing / report b passing / unknown", "unknown"),
        ("unknown: an older one", "report a delivered / wait 1s / send / unknown", "unknown"),
        (
            "the sender died, its report had come",
            "send / report a delivered / wait 30s / sweep",
            "delivered",
        ),
        (
            "the sender died, its report comes",
            "send / wait 30s / sweep / report a delivered",
            "delivered",
        ),
        # more than one attempt
        (
            "the first was delivered after all",
            "send / unknown a / wait 2m / send / report a delivered / refused",
            "delivered",
        ),
        (
            "the first was not, the second is under way",
            "send / unknown a / wait 2m / send / report a undelivered",
            "sending",
        ),
        (
            "the first was not, the second is accepted",
            "send / unknown a / wait 2m / send / accepted b / report a undelivered",
            "accepted",
        ),
        (
            "both are unknown, one was delivered",
            "send / unknown / wait 2m / send / unknown / report a delivered",
            "delivered",
        ),
        (
            "the first passes, the second is unknown",
            "send / unknown a / wait 2m / send / unknown / report a passing",
            "unknown",
        ),
    ],
)
def test_a_report(office: PostOffice, why: str, steps: str, state: str) -> None:
    message = office.write()
    office.play(steps)
    assert office.state(message) == state, why


def test_a_message_that_was_reported_is_not_sent_again(office: PostOffice) -> None:
    office.write()
    office.play("send / unknown / report a passing / wait 2m / sweep / wait 1d / sweep")


def test_of_two_unknown_messages_nobody_can_tell_which_was_reported(office: PostOffice) -> None:
    first, second = (office.write(secret=True) for _ in range(2))
    office.play("send / unknown / send / unknown / report a delivered")
    assert [office.state(message) for message in (first, second)] == ["unknown", "unknown"]


def test_nor_when_the_report_came_before_the_second_was_unknown(office: PostOffice) -> None:
    first, second = (office.write(secret=True) for _ in range(2))
    office.play("send / unknown / send / report a delivered / unknown")
    assert [office.state(message) for message in (first, second)] == ["unknown", "unknown"]


@pytest.mark.parametrize(("days", "state"), [(6, "unknown"), (8, "delivered")])
def test_one_of_long_ago_that_nobody_reported_on_is_no_candidate(
    office: PostOffice, days: int, state: str
) -> None:
    first = office.write(secret=True)
    office.play(f"send / unknown / wait {days}d")
    second = office.write()
    office.play("send / unknown / report a delivered")
    assert [office.state(message) for message in (first, second)] == ["unknown", state]


def test_one_that_is_known_by_its_id_is_no_candidate(office: PostOffice) -> None:
    first, second = (office.write(secret=True) for _ in range(2))
    office.play("send / unknown a / send / unknown / report b delivered")
    assert [office.state(message) for message in (first, second)] == ["unknown", "delivered"]


def test_a_late_report_may_be_about_one_that_was_sent_again(office: PostOffice) -> None:
    """The second never arrived, and is sent again: better twice than not at all."""
    first, second = (office.write(kind="reply") for _ in range(2))
    office.play("send / unknown / wait 2m / send / accepted b / send / unknown")
    office.play("report a delivered")
    assert [office.state(message) for message in (first, second)] == ["accepted", "unknown"]
    office.play("wait 2m / send / accepted c / report c delivered")
    assert office.state(second) == "delivered"


def test_or_about_one_that_is_not_sent_again(office: PostOffice) -> None:
    code = office.write(secret=True)
    office.play("send / unknown / wait 2m / sweep")
    office.write()
    office.play("send / unknown / wait 2m / send / accepted b / report a delivered")
    assert office.state(code) == "unknown"


def test_of_one_that_was_sent_again_a_late_report_tells(office: PostOffice) -> None:
    message = office.write()
    office.play("send / unknown / wait 2m / send / accepted b / report a delivered")
    assert office.state(message) == "delivered"


def test_a_report_settles_no_message_to_another_phone(office: PostOffice) -> None:
    message = office.write(SRI)
    office.play("send / unknown")
    office.report("a", "delivered", BUDI)
    assert office.state(message) == "unknown"


def test_a_report_of_nothing_is_kept(office: PostOffice) -> None:
    office.report("a", "delivered", None)
    with office.shop.read() as tx:
        assert tx.value("SELECT COUNT(*) FROM reports WHERE message_id IS NULL") == 1


def test_why_it_was_not_delivered_is_kept_until_it_was(office: PostOffice) -> None:
    message = office.write()
    office.play("send / accepted a / report a undelivered")
    assert office.row(message)["reason"] == "because"
    office.play("report a delivered")
    assert office.row(message)["reason"] is None


def test_a_report_may_call_an_attempt_by_our_own_reference(office: PostOffice) -> None:
    """As links do that give no id of theirs; here the answer that says so was lost."""
    message = office.write()
    office.play("send / unknown")
    assert office.message
    office.report(office.message.reference, "delivered", None)
    assert office.state(message) == "delivered"
    for nothing in ("-", "-1", f"{message}-2", f"{message}-x", f"{message}-{'9' * 40}"):
        office.report(nothing, "undelivered", None)
    assert office.state(message) == "delivered"
