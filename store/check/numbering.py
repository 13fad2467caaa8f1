"""The numbers that people type: each is made of its row's id and a check digit."""

from collections.abc import Iterator

from store import numbers


def faults(kind: str, number_id: int, number: str) -> Iterator[str]:
    """What is wrong with the number of a "listing" or an "order"."""
    if not numbers.is_valid(number):
        yield f"{kind} {number}: its check digit is wrong"
    elif number[:-1] != str(number_id):
        yield f"{kind} {number}: is the number of id {number[:-1]}, not of {number_id}"
