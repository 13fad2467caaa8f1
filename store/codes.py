"""Secrets that a person is shown: one-time codes, and how they stay out of memory that lasts.

A code is computed from the pepper, which the database does not have, and a random number that is
kept with what it is for (an order's hand-over, an SMS that is asked back), so the database holds
neither the code nor a hash that five digits could be guessed from.
Texts that are kept carry a placeholder; `reveal` puts the digits in at the moment of showing.
So it is with what a person typed that named nothing, and is told: it may have been a PIN or a code.
"""

import hashlib
import hmac
import random
import re
from collections.abc import Callable

from stdnum import damm

from store import sealing

HAND_OVER, CONFIRM = "hand-over", "confirm"
"""What codes are for."""

_QUOTED = "quoted"

_PLACEHOLDER = re.compile("\x02([a-z-]+):([0-9]+):([0-9a-f]+)\x03")


def new_nonce(chance: random.Random) -> str:
    """A random number that makes the next code unlike the last."""
    return f"{chance.getrandbits(64):016x}"


def one_time_code(pepper: str | None, purpose: str, subject: int, nonce: str) -> str:
    """4 digits that only the person it is for is shown, and a check digit.

    `subject` says which of the things with this purpose. Raises RuntimeError without a pepper:
    anybody with the database could compute such codes.
    """
    if not pepper:
        raise RuntimeError("one-time codes need PASAR_PEPPER; settings.load() makes one")
    mac = hmac.new(pepper.encode(), f"{purpose}:{subject}:{nonce}".encode(), hashlib.sha256)
    digits = f"{int.from_bytes(mac.digest()) % 10_000:04d}"
    return digits + str(damm.calc_check_digit(digits))


def hand_over_code(pepper: str | None, order_id: int, nonce: str) -> str:
    """The code that an order's buyer gives for the goods."""
    return one_time_code(pepper, HAND_OVER, order_id, nonce)


def well_formed(code: str) -> bool:
    """Whether the check digit fits, so that a slip of the thumb does not cost a try."""
    return len(code) == 5 and code.isascii() and code.isdigit() and damm.is_valid(code)


def placeholder(subject: int, nonce: str, purpose: str = HAND_OVER) -> str:
    """Stands for the code in a text that is kept."""
    return f"\x02{purpose}:{subject}:{nonce}\x03"


def quoted(pepper: str | None, typed: str) -> str:
    """Stands for what somebody typed in a text that is kept."""
    return f"\x02{_QUOTED}:{len(typed)}:{sealing.seal(pepper, typed).encode().hex()}\x03"


def has_secret(text: str) -> bool:
    """Whether the text carries the placeholder of a code."""
    return any(match[1] != _QUOTED for match in _PLACEHOLDER.finditer(text))


def reveal(text: str, pepper: str | None) -> str:
    """The text as its reader sees it, with the codes in. Raises RuntimeError as they do."""

    def digits(match: re.Match[str]) -> str:
        if match[1] == _QUOTED:
            return sealing.unseal(pepper, bytes.fromhex(match[3]).decode())
        return one_time_code(pepper, match[1], int(match[2]), match[3])

    return _PLACEHOLDER.sub(digits, text)


def around_placeholders(text: str, change: Callable[[str], str]) -> str:
    """The text with all but its placeholders changed."""
    changed, end = [], 0
    for match in _PLACEHOLDER.finditer(text):
        changed += [change(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*changed, change(text[end:])])


def masked(text: str) -> str:
    """The text as anybody else may see it; as long as the revealed one."""
    return _PLACEHOLDER.sub(
        lambda match: "*" * int(match[2]) if match[1] == _QUOTED else sealing.MASK, text
    )
