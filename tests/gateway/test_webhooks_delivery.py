"""Delivery reports through the hook: early, late, twice and in any order."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import pytest

from store import codes, outbox
from store.outbox import Outcome
from tests.support.carrier import ACCEPTED, Carrier
from tests.support.clock import TurnableClock
from tests.support.gateway import Gateway
from tests.support.sending import send_next

SRI, BUDI = "+6281234567001", "+6281234567002"
AT = "africastalking"


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    return Gateway(
        tmp_path / "var",
        PASAR_SMS_PROVIDER=AT,
        PASAR_AT_USERNAME="sandbox",
        PASAR_AT_API_KEY="key",
    )


@pytest.fixture
def clock(gateway: Gateway) -> TurnableClock:
    clock = TurnableClock()
    gateway.shop.clock = clock
    return clock


def report(gateway: Gateway, status: str, external_id: str = "ATXid_1", **more: str) -> None:
    fields = {"id": external_id, "status": status, **more}
    assert gateway.post("delivery", urlencode(fields)) == (200, "OK")


def write_and_send(gateway: Gateway, carrier: Any, text: str = "Halo") -> None:
    with gateway.shop.write() as tx:
        outbox.put(tx, SRI, text, notice="test", kind="order")
    assert send_next(gateway.shop, [carrier])()


def state(gateway: Gateway) -> Any:
    [row] = gateway.rows("SELECT state FROM outbox")
    return row[0]


UNKNOWN = Outcome("unknown", reason="ReadTimeout")


@pytest.mark.parametrize(
    ("why", "statuses", "expected"),
    [
        ("delivered", ["Success"], "delivered"),
        ("delivered, told twice", ["Success", "Success"], "delivered"),
        ("on its way", ["Sent"], "accepted"),
        ("on its way, then there", ["Sent", "Buffered", "Success"], "delivered"),
        ("in the wrong order", ["Success", "Sent"], "delivered"),
        ("not delivered", ["Failed"], "undelivered"),
        ("not delivered, in the wrong order", ["Expired", "Submitted"], "undelivered"),
        ("not at once, but then", ["AbsentSubscriber", "Success"], "delivered"),
        ("what was delivered stays so", ["Success", "Failed"], "delivered"),
        ("a status nobody knows", ["OnTheMoon"], "accepted"),
    ],
)
def test_reports_change_what_is_known_of_a_message(
    gateway: Gateway, why: str, statuses: list[str], expected: str
) -> None:
    write_and_send(gateway, Carrier(AT, ACCEPTED))
    assert state(gateway) == "accepted"
    for status in statuses:
        report(gateway, status)
    assert state(gateway) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [("Success", "delivered"), ("Rejected", "undelivered"), ("Sent", "accepted")],
)
@pytest.mark.parametrize("phone", [{}, {"phoneNumber": SRI}], ids=["id alone", "with the phone"])
def test_a_report_that_comes_before_the_answer(
    gateway: Gateway, status: str, expected: str, phone: dict[str, str]
) -> None:
    early = Carrier(AT, ACCEPTED, before=lambda: report(gateway, status, **phone))
    write_and_send(gateway, early)
    assert state(gateway) == expected


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_report_settles_an_unknown_outcome(
    gateway: Gateway, when: Literal["before", "after"]
) -> None:
    def tell() -> None:
        report(gateway, "Success", phoneNumber=SRI)

    write_and_send(gateway, Carrier(AT, UNKNOWN, before=tell if when == "before" else None))
    if when == "after":
        assert state(gateway) == "unknown"
        tell()
    assert state(gateway) == "delivered"


def test_a_late_report_settles_what_was_not_sent_again(
    gateway: Gateway, clock: TurnableClock
) -> None:
    """A message with a one-time code stays unknown for as long as no report comes."""
    carrier: Any = Carrier(AT, UNKNOWN)
    write_and_send(gateway, carrier, text=f"Kode {codes.placeholder(17, '00ff')}")
    for _ in range(3):
        clock.turn(hours=5)
        send_next(gateway.shop, [carrier])()
    assert state(gateway) == "unknown"
    report(gateway, "Success", phoneNumber=SRI)
    assert state(gateway) == "delivered"


def test_a_late_report_of_an_attempt_before_is_no_news_of_this_one(
    gateway: Gateway, clock: TurnableClock
) -> None:
    carrier: Any = Carrier(AT, UNKNOWN, Outcome("accepted", "ATXid_2"))
    write_and_send(gateway, carrier)
    clock.turn(hours=1)
    while send_next(gateway.shop, [carrier])():
        pass
    assert carrier.outcomes == [], "it was sent again"
    report(gateway, "Failed", external_id="ATXid_1", phoneNumber=SRI)
    assert state(gateway) == "accepted"
    report(gateway, "Success", external_id="ATXid_2", phoneNumber=SRI)
    assert state(gateway) == "delivered"


def test_a_report_of_another_phone_settles_nothing(gateway: Gateway) -> None:
    write_and_send(gateway, Carrier(AT, UNKNOWN))
    report(gateway, "Success", phoneNumber=BUDI)
    report(gateway, "Success", external_id="ATXid_2")
    assert state(gateway) == "unknown"


def test_a_report_that_comes_twice_is_kept_once(gateway: Gateway) -> None:
    for _ in range(3):
        report(gateway, "Success", phoneNumber=SRI)
    assert gateway.rows("SELECT external_id, status FROM reports") == [("ATXid_1", "Success")]
