"""Recorded Africa's Talking bodies, as they came or with other values in the same fields."""

import json
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

_FILE = Path(__file__).parents[1] / "data" / "africastalking-payloads.json"
PAYLOADS: dict[str, dict[str, Any]] = {
    payload["id"]: payload for payload in json.loads(_FILE.read_text(encoding="utf-8"))["payloads"]
}

HEADERS = {
    "User-Agent": "at-ussd-api/1.0",
    "Content-Type": "application/x-www-form-urlencoded",
}


def body(payload_id: str, **values: str) -> str:
    """The recorded body with some of its values replaced; fields stay in their order."""
    fields = parse_qsl(PAYLOADS[payload_id]["raw_body"], keep_blank_values=True)
    unknown = set(values) - {name for name, _ in fields}
    assert not unknown, f"{payload_id} has no field {unknown}"
    return urlencode([(name, values.get(name, value)) for name, value in fields])


def hop(msisdn: str, session_id: str, service_code: str, text: str) -> str:
    """A USSD hop, after a captured one."""
    return body(
        "ussd-begin",
        phoneNumber=msisdn,
        serviceCode=service_code,
        text=text,
        sessionId=session_id,
    )


def new_session_id() -> str:
    """As Africa's Talking makes them."""
    return f"ATUid_{uuid.uuid4().hex}"


def dropped(msisdn: str, session_id: str) -> str:
    """The event of a session that broke off, after a documented one."""
    return body("ussd-end-event-incomplete", phoneNumber=msisdn, sessionId=session_id)


def sms(msisdn: str, text: str, external_id: str | None = None) -> str:
    """An incoming SMS, after a recorded one."""
    fields = {"from": msisdn, "text": text, "id": external_id or str(uuid.uuid4())}
    return body("sms-in-iso-date", **fields)
