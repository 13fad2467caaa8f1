"""Listing and order numbers: digits only, because they are typed on a keypad, with a check digit.

The check digit (Damm's) finds every single wrong digit and every swap of two neighbours.
"""

from stdnum import damm

from store import limits
from store.shop import Transaction

FIRST = {"listing": 11, "order": 1001}
"""Where the counters begin, so that a number has three or five digits at least."""


def new(tx: Transaction, kind: str) -> tuple[int, str]:
    """The next id of this kind and the number that people see."""
    number_id = tx.count(kind, FIRST[kind])
    return number_id, f"{number_id}{damm.calc_check_digit(str(number_id))}"


def is_valid(number: str) -> bool:
    """Whether these digits can be a number."""
    return (
        3 <= len(number) <= limits.NUMBER
        and number.isascii()
        and number.isdigit()
        and bool(damm.is_valid(number))
    )
