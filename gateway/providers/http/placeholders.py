"""What a template may put between braces, and how it is filled in."""

import re
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

PLACEHOLDERS: Mapping[str, str | None] = {
    "to": None,  # the phone, E.164
    "to_digits": None,  # the same without +
    "text": None,
    "text_hex": None,  # in UTF-16BE, two hexadecimal digits an octet
    "reference": None,  # ours for this attempt
    "valid_minutes": None,
    "sender": None,  # PASAR_HTTP_SENDER, or else the short code
    "username": "http_username",
    "password": "http_password",
    "basic": "http_password",  # username:password in Base64, as Authorization: Basic wants it
    "report_url": "public_url",  # where delivery reports come to us
}
"""What a template may put between braces, and the setting that it cannot do without."""

_BRACES = re.compile(r"\{([a-z_]+)\}")


def placeholders(value: JsonValue) -> Iterator[str]:
    """The names between braces in a text, and in all texts within it."""
    if isinstance(value, str):
        yield from _BRACES.findall(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from placeholders(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from placeholders(inner)


def filled(value: JsonValue, values: Mapping[str, str]) -> JsonValue:
    """The same with the values in place of the braces; what came with a value stays as it is."""
    if isinstance(value, str):
        return _BRACES.sub(lambda found: values[found[1]], value)
    if isinstance(value, dict):
        return {name: filled(inner, values) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, values) for inner in value]
    return value
