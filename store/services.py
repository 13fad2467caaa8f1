"""What is different about ordering a service: its wish, and its deposit."""

from store import gsm7, limits, sealing
from store.catalogue import Listing

LEAST_LETTERS = 3
"""Letters that a wish has at least."""


def clean_spec(text: str) -> str | None:
    """What a buyer wants done, as it is kept and shown: basic GSM-7, on one line, without numbers
    that may be a PIN or a code; or None.

    It has 3 letters at least and 40 characters at most: it is not cut, because half a wish is
    another one.
    """
    spec = sealing.without_pins(gsm7.one_line(text).strip(" .,#*"))
    if len(spec) > limits.SPEC or sum(map(str.isalpha, spec)) < LEAST_LETTERS:
        return None
    return spec


def deposit(listing: Listing, quantity: int, *, by_agent: bool) -> int:
    """Rupiah that an agent must hold first, rounded up; all of them where the buyer pays so."""
    if by_agent:
        return listing.price * quantity
    return -(-listing.price * quantity * listing.deposit // 100)
