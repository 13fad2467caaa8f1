"""Africa's Talking's callbacks, as recorded and as they should never come."""

from typing import Any
from urllib.parse import parse_qsl

import pytest

from gateway.providers import BadRequest, DeliveryReport, OptedOut, SessionEnded
from gateway.providers.africastalking import REPORTS, AfricasTalking, date
from menus.engine import Hop
from settings import Settings
from store.inbox import Received
from tests.support.payloads import PAYLOADS, body

SITI = "+6281234567001"
SESSION = "ATUid_e9d0662dea3f3db658e79d9b62f7900c"
DLR = "ATXid_dda018a640edfcc5d2ce455de3e4a6e7"


def reported(status: str, outcome: Any, msisdn: str | None, reason: str | None) -> DeliveryReport:
    return DeliveryReport("africastalking", DLR, status, outcome, msisdn, reason)


@pytest.fixture
def provider(settings: Settings) -> AfricasTalking:
    return AfricasTalking(settings)


def form(payload_id: str, **values: str) -> dict[str, str]:
    """The fields of a recorded body, some of them with other values."""
    return dict(parse_qsl(body(payload_id, **values), keep_blank_values=True))


def without(fields: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in fields.items() if name not in names}


# Callbacks


@pytest.mark.parametrize(
    ("payload_id", "msisdn", "code", "text", "session_id"),
    [
        ("ussd-begin", "+254000000001", "*384*70421#", "", SESSION),
        (
            *("ussd-begin-2022-log", "+256772100104", "*384*35711#", ""),
            "ATUid_6c772a68e52bfc41e8e8d5289db4d90c",
        ),
        ("ussd-sequence-1", "+254000000001", "*384*70421#", "", f"ATUid_{1:032}"),
        ("ussd-sequence-2", "+254000000001", "*384*70421#", "1", f"ATUid_{1:032}"),
        ("ussd-sequence-3", "+254000000001", "*384*70421#", "1*1", f"ATUid_{1:032}"),
    ],
)
def test_recorded_hops(
    provider: AfricasTalking, payload_id: str, msisdn: str, code: str, text: str, session_id: str
) -> None:
    assert provider.hop(form(payload_id)) == Hop("africastalking", session_id, msisdn, code, text)


HOP = form("ussd-begin")


@pytest.mark.parametrize(
    ("why", "fields", "said"),
    [
        ("nothing", {}, "sessionId: missing"),
        ("no session", without(HOP, "sessionId"), "sessionId: missing"),
        ("an empty session", {**HOP, "sessionId": "  "}, "sessionId: missing"),
        ("an endless session", {**HOP, "sessionId": "x" * 101}, "sessionId: longer than 100"),
        ("no phone", without(HOP, "phoneNumber"), "phoneNumber: missing"),
        ("a name for a phone", {**HOP, "phoneNumber": "MTN"}, "phoneNumber: not a phone number"),
        ("a foreign national number", {**HOP, "phoneNumber": "0712345678"}, "not a phone number"),
        ("digits that go on", {**HOP, "phoneNumber": "+62" + "1" * 40}, "phoneNumber: longer than"),
        ("another script's digits", {**HOP, "phoneNumber": "+٦٢٨١٢٣٤٥٦٧"}, "not a phone number"),
        ("two phones", {**HOP, "phoneNumber": f"{SITI},{SITI}"}, "not a phone number"),
    ],
)
def test_a_hop_that_can_never_be_valid(
    provider: AfricasTalking, why: str, fields: dict[str, str], said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        provider.hop(fields)


@pytest.mark.parametrize(
    ("why", "fields", "code", "text"),
    [
        ("no text", without(HOP, "text"), "*384*70421#", ""),
        ("no service code", without(HOP, "serviceCode"), "", ""),
        ("no network code", without(HOP, "networkCode"), "*384*70421#", ""),
        ("a long text stays whole", {**HOP, "text": "1*" * 999}, "*384*70421#", "1*" * 999),
        ("a text of spaces stays as it is", {**HOP, "text": " 1 "}, "*384*70421#", " 1 "),
        ("an endless code", {**HOP, "serviceCode": "*1" * 99}, "*1" * 25, ""),
    ],
)
def test_a_hop_with_odd_fields_is_read(
    provider: AfricasTalking, why: str, fields: dict[str, str], code: str, text: str
) -> None:
    hop = provider.hop(fields)
    assert (hop.service_code, hop.text) == (code, text)


@pytest.mark.parametrize(
    ("payload_id", "external_id", "msisdn", "text"),
    [
        (
            *("sms-in-iso-date", "ec9adc86-51d5-4bc8-8eb0-d8ab0bb53dc3"),
            *("+254791541111", "Msg"),
        ),
        ("sms-in-full-fields", "15071", "+254711000111", "BUY 3 maize"),
    ],
)
def test_recorded_sms(
    provider: AfricasTalking, payload_id: str, external_id: str, msisdn: str, text: str
) -> None:
    received = provider.received(form(payload_id))
    sent_at = date(form(payload_id)["date"])
    assert sent_at
    assert received == Received("africastalking", external_id, msisdn, text, sent_at)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2017-05-03T06:04:45Z", "2017-05-03T06:04:45+00:00"),
        ("2017-05-03 06:04:45", "2017-05-03T06:04:45+00:00"),
        ("2018-03-19T08:34:18.445Z", "2018-03-19T08:34:18.445000+00:00"),
        ("", None),
        ("yesterday", None),
    ],
)
def test_dates_of_both_kinds_are_read(written: str, moment: str | None) -> None:
    found = date(written)
    assert (found and found.isoformat()) == moment


SMS = form("sms-in-full-fields")


@pytest.mark.parametrize(
    ("why", "fields", "said"),
    [
        ("from a name", form("sms-in-invalid-from"), "from: not a phone number"),
        ("no id", without(SMS, "id"), "id: missing"),
        ("an endless id", {**SMS, "id": "9" * 101}, "id: longer than 100 characters"),
        ("no sender", without(SMS, "from"), "from: missing"),
        ("a short code for a sender", {**SMS, "from": "22345"}, "from: not a phone number"),
    ],
)
def test_an_sms_that_can_never_be_valid(
    provider: AfricasTalking, why: str, fields: dict[str, str], said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        provider.received(fields)


@pytest.mark.parametrize(
    ("why", "fields", "msisdn", "text"),
    [
        ("no date, no code, no link", {"id": "1", "from": SITI, "text": "YA"}, SITI, "YA"),
        ("no text at all", {"id": "1", "from": SITI}, SITI, ""),
        ("without +", {"id": "1", "from": SITI[1:], "text": "YA"}, SITI, "YA"),
        ("in spaces", {"id": "1", "from": f" {SITI} ", "text": "YA"}, SITI, "YA"),
    ],
)
def test_an_sms_with_odd_fields_is_read(
    provider: AfricasTalking, why: str, fields: dict[str, str], msisdn: str, text: str
) -> None:
    received = provider.received(fields)
    assert (received.msisdn, received.text) == (msisdn, text)


@pytest.mark.parametrize(
    ("payload_id", "expected"),
    [
        (
            "dlr-success-minimal",
            reported("Success", "delivered", None, None),
        ),
        (
            "dlr-failed",
            DeliveryReport(
                "africastalking", DLR, "Failed", "undelivered", "+254711000111", "UserDoesNotExist"
            ),
        ),
        (
            "dlr-rejected",
            DeliveryReport(
                "africastalking", DLR, "Rejected", "undelivered", "+254711000111", "UserInBlackList"
            ),
        ),
        (
            "dlr-absent",
            DeliveryReport(
                "africastalking", DLR, "AbsentSubscriber", "undelivered", "+254711000111", None
            ),
        ),
        (
            "dlr-sent",
            reported("Sent", "passing", "+254711000111", None),
        ),
        (
            "dlr-submitted",
            reported("Submitted", "passing", "+254711000111", None),
        ),
        (
            "dlr-buffered",
            reported("Buffered", "passing", "+254711000111", None),
        ),
    ],
)
def test_recorded_delivery_reports(
    provider: AfricasTalking, payload_id: str, expected: DeliveryReport
) -> None:
    assert provider.delivery_report(form(payload_id)) == expected


FINAL = {
    "Success": "delivered",
    "Failed": "undelivered",
    "Rejected": "undelivered",
    "AbsentSubscriber": "undelivered",
    "Expired": "undelivered",
}
PASSING = {"Sent": "passing", "Submitted": "passing", "Buffered": "passing"}


def test_every_documented_report_status_is_known_in_any_case(provider: AfricasTalking) -> None:
    documented = FINAL | PASSING
    assert {name.lower() for name in documented} == set(REPORTS)
    for status, outcome in documented.items():
        for written in (status, status.lower(), status.upper(), f" {status} "):
            report = provider.delivery_report({"id": DLR, "status": written})
            assert (report.status, report.outcome) == (written.strip(), outcome)


@pytest.mark.parametrize(
    ("why", "fields", "expected"),
    [
        (
            "a new status is kept as it came",
            {"id": DLR, "status": "OnTheMoon"},
            reported("OnTheMoon", "passing", None, None),
        ),
        (
            "a phone that is none is left out",
            {"id": DLR, "status": "Success", "phoneNumber": "MTN"},
            reported("Success", "delivered", None, None),
        ),
        (
            "an endless reason is cut",
            {"id": DLR, "status": "Failed", "failureReason": "x" * 500},
            reported("Failed", "undelivered", None, "x" * 100),
        ),
        (
            "empty fields are no values",
            {"id": DLR, "status": "Success", "phoneNumber": "", "failureReason": ""},
            reported("Success", "delivered", None, None),
        ),
    ],
)
def test_a_report_with_odd_fields_is_read(
    provider: AfricasTalking, why: str, fields: dict[str, str], expected: DeliveryReport
) -> None:
    assert provider.delivery_report(fields) == expected


@pytest.mark.parametrize(
    ("why", "fields", "said"),
    [
        ("no status", {"id": DLR}, "status: missing"),
        ("no id", {"status": "Success"}, "id: missing"),
        ("an endless status", {"id": DLR, "status": "x" * 51}, "status: longer than 50"),
    ],
)
def test_a_report_that_can_never_be_valid(
    provider: AfricasTalking, why: str, fields: dict[str, str], said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        provider.delivery_report(fields)


def test_the_end_of_a_session(provider: AfricasTalking) -> None:
    ended = provider.ended_session(form("ussd-end-event-incomplete"))
    session = "ATUid_f219bf23880979c479e835cb4d640287"
    assert ended == SessionEnded("africastalking", session, dropped=True)
    ended = provider.ended_session(form("ussd-end-event-success"))
    assert ended == SessionEnded("africastalking", f"ATUid_{1:032}", dropped=False)
    with pytest.raises(BadRequest, match="sessionId: missing"):
        provider.ended_session({"status": "Success"})


def test_an_opt_out(provider: AfricasTalking) -> None:
    assert provider.opted_out({"senderId": "PASAR", "phoneNumber": SITI}) == OptedOut(
        "africastalking", SITI
    )
    with pytest.raises(BadRequest, match="phoneNumber: missing"):
        provider.opted_out({"senderId": "PASAR"})
    with pytest.raises(BadRequest, match="phoneNumber: not a phone number"):
        provider.opted_out({"senderId": "PASAR", "phoneNumber": "PASAR"})


def test_every_recorded_callback_is_tested_above() -> None:
    callbacks = {name for name, payload in PAYLOADS.items() if payload["direction"] == "callback"}
    tested = "begin begin-2022-log sequence-1 sequence-2 sequence-3 end-event-success"
    assert callbacks == {
        *(f"ussd-{name}" for name in tested.split()),
        "ussd-end-event-incomplete",
        *(f"sms-in-{name}" for name in ("iso-date", "full-fields", "invalid-from")),
        *(f"dlr-{name}" for name in ("success-minimal", "failed", "rejected", "absent")),
        *(f"dlr-{name}" for name in ("sent", "submitted", "buffered")),
    }
