"""What the shop says no with."""

from typing import Any


class Refused(Exception):
    """The shop cannot do what a person asked; `reason` names the sentence they are told.

    It is raised before anything is changed, except where the refusal itself is counted (a wrong
    hand-over code), so whoever catches it may commit. `values` fill the sentence.
    """

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


class Unavailable(Exception):
    """The database cannot be reached or written just now; trying again later can help."""
