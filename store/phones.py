"""The one home of telephone numbers: how people and providers write them, and E.164 in between."""

import re
from functools import lru_cache

import phonenumbers

_WRITTEN = re.compile(r"\+?[\d\s().\-‐‑–/]{5,40}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")  # of contact cards
_E164 = re.compile(r"\+[0-9]{8,15}")


def parse_phone(text: str, region: str = "ID") -> str | None:
    """A number that a person wrote, as E.164; None if the numbering plan has no such number.

    >>> parse_phone("0812-3456-789"), parse_phone("62 812 3456 789"), parse_phone("0812")
    ('+628123456789', '+628123456789', None)
    """
    written = _INVISIBLE.sub("", text).strip()
    return _parsed(written, region) if _WRITTEN.fullmatch(written) else None


@lru_cache(maxsize=4096)
def _parsed(written: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def from_provider(text: str, region: str = "ID") -> str | None:
    """The sender that a provider names, as E.164; None if it is not a telephone number.

    A number with + is taken as it is: sandboxes and new number ranges are in no numbering plan.
    Without +, it must be a valid number that begins with the region's country code.

    >>> from_provider("+254000000001"), from_provider("628123456789"), from_provider("INFO")
    ('+254000000001', '+628123456789', None)
    """
    sender = text.strip()
    if _E164.fullmatch(sender):
        return sender
    country_code = phonenumbers.country_code_for_region(region)
    if re.fullmatch(rf"{country_code}[0-9]{{6,14}}", sender):
        return parse_phone(f"+{sender}", region)
    return None


def masked(e164: str) -> str:
    """The number as those may see it who need not call it: at least four digits are hidden.

    >>> masked("+628123456789"), masked("+25312345678")
    ('+62812****789', '+2531****678')
    """
    tail = e164[-3:] if len(e164) > 7 else ""
    head = e164[: min(6, max(0, len(e164) - 7))]
    return f"{head}****{tail}"
