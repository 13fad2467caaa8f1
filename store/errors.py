"""What the shop says no with, and how a failure is told without what somebody typed."""

import traceback
from typing import Any

from store.sealing import without_numbers

_PLACE = '  File "'


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


def traced(error: BaseException) -> str:
    """The traceback for a log. Its messages may quote a PIN or a code, so they have no numbers."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    return "\n".join(line if line.startswith(_PLACE) else without_numbers(line) for line in lines)
