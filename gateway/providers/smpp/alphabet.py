"""Texts as octets and back: SMPP carries a GSM-7 character in an octet of its own, unpacked.

What must stay true: what we send is cut where `store.gsm7.segments` counts a new segment, so that
the operator's bill is the one foretold; nothing that arrives raises, whatever its octets are.
"""

from collections.abc import Callable
from typing import Literal

from store import gsm7

Alphabet = Literal["gsm7", "latin1"]

DEFAULT, UCS2 = 0x00, 0x08
"""The data_coding of what we send."""

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_ESCAPE = 0x1B
_OCTETS = {char: bytes([code]) for code, char in enumerate(_BASIC) if code != _ESCAPE} | {
    char: bytes([_ESCAPE, code]) for code, char in _EXTENSION.items()
}


def to_gsm7(text: str) -> bytes:
    """The octets of a text that GSM-7 can carry.

    >>> to_gsm7("Rp1 €")
    b'Rp1 \\x1be'
    """
    return b"".join(_OCTETS[char] for char in text)


def from_gsm7(octets: bytes) -> str:
    """The text; what is in no table becomes a space, as phones show it.

    >>> from_gsm7(b"\\x00 \\x1be \\x1b")
    '@ €  '
    """
    chars, escaped = [], False
    for octet in octets:
        if octet == _ESCAPE and not escaped:
            escaped = True
            continue
        basic = _BASIC[octet] if octet < 0x80 else " "
        chars.append(_EXTENSION.get(octet, basic) if escaped else basic)
        escaped = False
    return "".join(chars) + " " * escaped


def _latin1(octets: bytes) -> str:
    return octets.decode("latin-1")


def _ucs2(octets: bytes) -> str:
    return octets.decode("utf-16-be", "replace")


def _ascii(octets: bytes) -> str:
    return octets.decode("ascii", "replace")


_DEFAULTS: dict[Alphabet, Callable[[bytes], str]] = {"gsm7": from_gsm7, "latin1": _latin1}

CODINGS: dict[int, Callable[[bytes], str]] = {
    0x01: _ascii,  # IA5
    0x03: _latin1,
    0x08: _ucs2,
    0x0F: from_gsm7,  # of USSD: GSM-7, no language named
    0x48: _ucs2,  # of USSD
    **dict.fromkeys((0x10, 0x11, 0x12, 0x13, 0xF0, 0xF1, 0xF2, 0xF3), from_gsm7),  # with a class
    **dict.fromkeys((0x18, 0x19, 0x1A, 0x1B), _ucs2),  # with a class
}
"""A data_coding that arrives -> how it is read; 0 is a setting, all others cannot be read."""


def decode(octets: bytes, data_coding: int, default: Alphabet) -> str | None:
    """The text that arrived; None for a coding without text. NUL, which no phone types, is out."""
    read = _DEFAULTS[default] if data_coding == DEFAULT else CODINGS.get(data_coding)
    return read(octets).replace("\x00", "") if read else None


def encode(text: str, default: Alphabet) -> tuple[int, list[bytes]]:
    """The data_coding, and the octets of each segment."""
    if not gsm7.is_gsm7(text) or (default == "latin1" and not _is_latin1(text)):
        wide = [char.encode("utf-16-be", "replace") for char in text]
        return UCS2, _cut(wide, 2, gsm7.SINGLE_UNITS, gsm7.PART_UNITS)
    # An SMSC that reads Latin-1 sends GSM-7 on: an extension character is two there too.
    septets = [_OCTETS[char] for char in text]
    cuts = _cut(septets, 1, gsm7.SINGLE_SEPTETS, gsm7.PART_SEPTETS)
    if default == "latin1":
        cuts = [from_gsm7(cut).encode("latin-1") for cut in cuts]
    return DEFAULT, cuts


def _is_latin1(text: str) -> bool:
    return all(char <= "\xff" for char in text)


def _cut(chars: list[bytes], unit: int, single: int, part: int) -> list[bytes]:
    """The characters in segments, none of them in two."""
    if sum(map(len, chars)) <= single * unit:
        return [b"".join(chars)]
    cuts = [b""]
    for char in chars:
        if len(cuts[-1]) + len(char) > part * unit:
            cuts.append(b"")
        cuts[-1] += char
    return cuts
