"""Secrets that a person is shown: hand-over codes, and how they stay out of memory that lasts.

A code is computed from the pepper, which the database does not have, and a random number of the
order, so the database holds neither the code nor a hash that five digits could be guessed from.
Texts that are kept carry a placeholder; `reveal` puts the digits in at the moment of showing.
"""

import hashlib
import hmac
import random
import re

from stdnum import damm

_PLACEHOLDER = re.compile("\x02([0-9]+):([0-9a-f]+)\x03")


def new_nonce(chance: random.Random) -> str:
    """A random number that makes the next code of an order unlike its last."""
    return f"{chance.getrandbits(64):016x}"


def hand_over_code(pepper: str | None, order_id: int, nonce: str) -> str:
    """4 digits that only this order's buyer is shown, and a check digit.

    Raises RuntimeError without a pepper: anybody with the database could compute such codes.
    """
    if not pepper:
        raise RuntimeError("hand-over codes need PASAR_PEPPER; settings.load() makes one")
    mac = hmac.new(pepper.encode(), f"hand-over:{order_id}:{nonce}".encode(), hashlib.sha256)
    digits = f"{int.from_bytes(mac.digest()) % 10_000:04d}"
    return digits + str(damm.calc_check_digit(digits))


def well_formed(code: str) -> bool:
    """Whether the check digit fits, so that a slip of the thumb does not cost a try."""
    return len(code) == 5 and code.isascii() and code.isdigit() and damm.is_valid(code)


def placeholder(order_id: int, nonce: str) -> str:
    """Stands for the code in a text that is kept."""
    return f"\x02{order_id}:{nonce}\x03"


def has_secret(text: str) -> bool:
    """Whether the text carries a placeholder."""
    return _PLACEHOLDER.search(text) is not None


def reveal(text: str, pepper: str | None) -> str:
    """The text as its reader sees it, with the codes in. Raises RuntimeError as they do."""
    return _PLACEHOLDER.sub(lambda match: hand_over_code(pepper, int(match[1]), match[2]), text)


def masked(text: str) -> str:
    """The text as anybody else may see it; as long as the revealed one."""
    return _PLACEHOLDER.sub("*****", text)
