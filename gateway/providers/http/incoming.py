"""Reads what a gateway's callbacks bring, by its template.

Nothing that can be read is turned away: what an octet stands for may be wrong, but what it is in
is kept.
"""

import codecs
import re
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Literal

from gateway.providers import BadRequest, DeliveryReport, Fields, needed
from gateway.providers.http import gsm0338
from gateway.providers.http.template import Report, Sms
from store import phones
from store.inbox import Part, Received

_CONCATENATION = {0x00: 1, 0x08: 2}
"""Information elements of a user data header that say which part this is -> octets of their
reference (3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8)."""


def received(provider: str, sms: Sms, fields: Fields, region: str) -> Received:
    """The SMS in these fields. Raises BadRequest."""
    return Received(
        provider=provider,
        external_id=needed(fields, sms.id, 100),
        msisdn=_phone(needed(fields, sms.sender, 40), region, sms.sender),
        text=_text(sms, fields),
        sent_at=_time(fields.get(sms.time, "").strip(), sms.time_is) if sms.time else None,
        part=_part(sms, fields),
    )


def report(provider: str, names: Report, fields: Fields, region: str) -> DeliveryReport:
    """The delivery report in these fields. Raises BadRequest."""
    status = needed(fields, names.status, 50)
    number = fields.get(names.phone, "") if names.phone else ""
    reason = fields.get(names.reason, "") if names.reason else ""
    return DeliveryReport(
        provider=provider,
        external_id=needed(fields, names.id, 100),
        status=status,
        outcome=_outcome(names, status.lower()),
        msisdn=_parsed(number, region),
        reason=reason.strip()[:100] or None,
    )


def _outcome(names: Report, status: str) -> Literal["passing", "delivered", "undelivered"]:
    if status in names.words:
        return names.words[status]
    for word, outcome in names.words.items():
        if fnmatchcase(status, word):
            return outcome
    return "passing"


def _parsed(number: str, region: str) -> str | None:
    """The number as E.164. Gateways write the country's own also as people do."""
    number = number.strip()
    if number.startswith("0"):
        return phones.parse_phone(number, region)
    return phones.from_provider(number, region)


def _phone(number: str, region: str, field: str) -> str:
    phone = _parsed(number, region)
    if phone is None:
        raise BadRequest(f"{field}: not a phone number")
    return phone


def _octets(sms: Sms, value: str, field: str) -> bytes:
    """What a field stands for. Raises BadRequest."""
    if sms.text_is == "bytes":
        return value.encode("latin-1", "replace")  # as the callback's charset was read
    try:
        return bytes.fromhex(value)
    except ValueError:
        raise BadRequest(f"{field}: not hexadecimal digits") from None


def _text(sms: Sms, fields: Fields) -> str:
    value = fields.get(sms.text, "")
    if sms.text_is == "text":
        return value
    coding = fields.get(sms.coding, "").strip().lower() if sms.coding else ""
    codec = sms.codings.get(coding, sms.codings[""])
    octets = _octets(sms, value, sms.text)
    if codec == "gsm":
        return gsm0338.decode(octets)
    return codecs.decode(octets, codec, "replace")


def _time(value: str, how: str) -> datetime | None:
    """When it came; None where that is not said, or not as it should be."""
    try:
        if how == "unix":
            return datetime.fromtimestamp(int(value), UTC)
        when = datetime.fromisoformat(value) if how == "iso" else datetime.strptime(value, how)
    except (ValueError, OverflowError, OSError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _part(sms: Sms, fields: Fields) -> Part | None:
    if sms.udh and fields.get(sms.udh):
        return _from_udh(_octets(sms, fields[sms.udh], sms.udh))
    names = (sms.part_reference, sms.part_number, sms.part_total)
    reference, number, total = (fields.get(name, "").strip() if name else "" for name in names)
    if not re.fullmatch(r"[0-9]{1,3}", number) or not re.fullmatch(r"[0-9]{1,3}", total):
        return None
    return _checked(reference[:100], int(number), int(total))


def _from_udh(header: bytes) -> Part | None:
    at, end = 1, min(len(header), 1 + (header[0] if header else 0))
    while at + 2 <= end:
        element, length = header[at], header[at + 1]
        data = header[at + 2 : at + 2 + length]
        width = _CONCATENATION.get(element)
        if width is not None and len(data) == width + 2:
            return _checked(str(int.from_bytes(data[:width], "big")), data[width + 1], data[width])
        at += 2 + length
    return None


def _checked(reference: str, number: int, total: int) -> Part | None:
    return Part(reference, number, total) if 1 <= number <= total and total > 1 else None
