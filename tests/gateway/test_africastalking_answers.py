"""What Africa's Talking's answers to a send mean for the message."""

from typing import Any

import pytest

from gateway.providers.africastalking_sms import SENDING, read_answer
from store.outbox import Outcome
from tests.support.payloads import PAYLOADS

SITI = "+6281234567001"
MEANT = {
    (100, "Processed"): "accepted",
    (101, "Sent"): "accepted",
    (102, "Queued"): "accepted",
    (401, "RiskHold"): "refused",
    (402, "InvalidSenderId"): "refused",
    (403, "InvalidPhoneNumber"): "failed",
    (404, "UnsupportedNumberType"): "failed",
    (405, "InsufficientBalance"): "refused",
    (406, "UserInBlacklist"): "failed",
    (407, "CouldNotRoute"): "refused",
    (409, "DoNotDisturbRejection"): "failed",
    (500, "InternalServerError"): "refused",
    (501, "GatewayError"): "refused",
    (502, "RejectedByGateway"): "failed",
}
"""Every status code that the provider documents."""


def answer(recipients: Any, message: Any = "Sent to 1/1") -> dict[str, Any]:
    return {"SMSMessageData": {"Message": message, "Recipients": recipients}}


def recipient(code: Any = 102, status: Any = "Success", **values: Any) -> dict[str, Any]:
    good = {"cost": "KES 0.8000", "messageId": "ATXid_1", "number": SITI}
    return {**good, "status": status, "statusCode": code, **values}


def test_every_documented_status_code_is_known() -> None:
    assert {code for code, _ in MEANT} == set(SENDING)


@pytest.mark.parametrize(("code", "status"), MEANT)
def test_a_recipient_status(code: int, status: str) -> None:
    state = MEANT[code, status]
    outcome = read_answer(answer([recipient(code, status)]))
    assert outcome.state == state
    assert outcome.external_id == "ATXid_1"
    assert outcome.reason == (None if state == "accepted" else status)


def test_recorded_answers() -> None:
    good = read_answer(PAYLOADS["resp-messaging-bulk-default-sender"]["response"]["body"])
    assert good == Outcome("accepted", "ATXid_bcc7830d645ab7207ecc747d02f28411", "KES 0.8000")
    blacklisted = read_answer(PAYLOADS["resp-sms-406"]["response"]["body"])
    assert blacklisted == Outcome("failed", None, "0", "UserInBlacklist")


def test_an_answer_without_recipients_was_for_nobody() -> None:
    """As a wrong sender id is answered, with status 201."""
    outcome = read_answer(answer([], "InvalidSenderId"))
    assert outcome == Outcome("refused", reason="InvalidSenderId")


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("an unknown code", answer([recipient(777, "Novel")])),
        ("a text", "The message was queued"),
        ("an empty text", ""),
        ("nothing", None),
        ("a list", [answer([recipient()])]),
        ("a number", 201),
        ("an empty object", {}),
        ("no recipients field", {"SMSMessageData": {"Message": "Sent to 1/1"}}),
        ("recipients that are null", answer(None)),
        ("recipients that are an object", answer({})),
        ("recipients that are a text", answer("")),
        ("a recipient that is null", answer([None])),
        ("a recipient that is a text", answer([SITI])),
        ("a recipient without a code", answer([{"status": "Success"}])),
        ("a code that is null", answer([recipient(None)])),
        ("a code in words", answer([recipient("Success")])),
        ("a code beyond numbers", answer([recipient(float("inf"))])),
        ("a code that is a list", answer([recipient([102])])),
        ("data that is a list", {"SMSMessageData": [1]}),
    ],
)
def test_an_answer_that_is_not_understood_leaves_it_open(why: str, said: Any) -> None:
    outcome = read_answer(said)
    assert outcome.state == "unknown"
    assert outcome.reason
    assert len(outcome.reason) <= 100


@pytest.mark.parametrize(
    ("why", "row", "expected"),
    [
        ("a code in digits", recipient("102"), Outcome("accepted", "ATXid_1", "KES 0.8000")),
        ("no id", recipient(messageId="None"), Outcome("accepted", None, "KES 0.8000")),
        ("an id that is null", recipient(messageId=None), Outcome("accepted", None, "KES 0.8000")),
        ("a cost that is null", recipient(cost=None), Outcome("accepted", "ATXid_1", None)),
        ("a cost in numbers", recipient(cost=0.8), Outcome("accepted", "ATXid_1", "0.8")),
    ],
)
def test_an_answer_with_odd_fields_is_read(
    why: str, row: dict[str, Any], expected: Outcome
) -> None:
    assert read_answer(answer([row])) == expected
