"""What whoever has the database, but not the pepper, must not read or recognise.

What a person types may hold a PIN or a code. Of a USSD hop only a fingerprint is kept; an SMS that
waits to be answered is sealed, and is kept without its secrets from then on. What people write in
their own words is kept without the numbers in it.
"""

import base64
import hashlib
import hmac
import re
from functools import cache

from cryptography.fernet import Fernet

MASK = "*****"
"""Stands for what is not kept."""

_NUMBER = re.compile(r"\d(?:[\s.,:;/#*-]{0,3}\d){3,}")
"""As long as a PIN or a code, in any way that these are written."""

_PIN = re.compile(
    r"""(?<![\d.,/:-])
    (?!(?:19|20)\d\d(?!\d))                              # no year
    (?!(?:[0-2]?\d|3[01])-(?:0?\d|1[0-2])-\d\d(?!\d))     # no day
    (?:\d{4} | \d(?:[ -]\d){3} | \d(?:[ -]?\d){4,5})
    (?![\d.,/:-]*\d)""",
    re.VERBOSE,
)
"""4 to 6 digits, also in groups, but two groups of two."""


def fingerprint(pepper: str | None, text: str) -> str:
    """32 hexadecimal digits by which the text is known again."""
    return hmac.new(_key(pepper, "fingerprint"), text.encode(), hashlib.sha256).hexdigest()[:32]


def keyed(pepper: str | None, purpose: str, text: str) -> bytes:
    """What a short secret becomes before it is hashed, so that nobody guesses it from the hash."""
    return hmac.new(_key(pepper, purpose), text.encode(), hashlib.sha256).digest()


def seal(pepper: str | None, text: str) -> str:
    """The text, for nobody to read without the pepper."""
    return _box(pepper).encrypt(text.encode()).decode("ascii")


def unseal(pepper: str | None, sealed: str) -> str:
    """The text that was sealed. Raises cryptography.fernet.InvalidToken with another pepper."""
    return _box(pepper).decrypt(sealed).decode()


def without_numbers(text: str) -> str:
    """The text without what may be a PIN or a code.

    >>> without_numbers("rusak 2, kode 48217, pin 73 91-64")
    'rusak 2, kode *****, pin *****'
    """
    return _NUMBER.sub(MASK, text)


def without_pins(text: str) -> str:
    """The text without what is likely a PIN or a code: days, years, phones and sizes stay.

    >>> without_pins("akad 12-12-2026, 100x120, pin 7391")
    'akad 12-12-2026, 100x120, pin *****'
    """
    return _PIN.sub(MASK, text)


@cache
def _box(pepper: str | None) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(pepper, "seal")))


@cache
def _key(pepper: str | None, purpose: str) -> bytes:
    if not pepper:
        raise RuntimeError("sealing needs PASAR_PEPPER; settings.load() makes one")
    return hmac.new(pepper.encode(), purpose.encode(), hashlib.sha256).digest()
