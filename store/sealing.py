"""What whoever has the database, but not the pepper, must not read or recognise.

What a person types may hold a PIN or a code. Of a USSD hop only a fingerprint is kept; an SMS that
waits to be answered is sealed, and is kept without its secrets from then on.
"""

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet


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


@cache
def _box(pepper: str | None) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(pepper, "seal")))


@cache
def _key(pepper: str | None, purpose: str) -> bytes:
    if not pepper:
        raise RuntimeError("sealing needs PASAR_PEPPER; settings.load() makes one")
    return hmac.new(pepper.encode(), purpose.encode(), hashlib.sha256).digest()
