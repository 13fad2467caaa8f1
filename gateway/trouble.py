"""Tells of a trouble when it begins and when it is over, not each time that it is met."""

import logging

from store.errors import traced


class Trouble:
    """One thing that can go wrong for a while, such as Redis being away."""

    def __init__(self, log: logging.Logger, over: str) -> None:
        self._log = log
        self._over = over
        self._told = ""

    def met(self, what: str, why: object) -> None:
        """Logs it, unless this was the last that was told; `why` may change meanwhile."""
        if what != self._told:
            self._told = what
            self._log.warning("%s (%s)", what, why)

    def failed(self, what: str, error: BaseException) -> None:
        """The same of what nobody expected, with where it happened."""
        if what != self._told:
            self._told = what
            self._log.error("%s\n%s", what, traced(error))

    def is_over(self) -> None:
        """Logs that it is, if it was told."""
        if self._told:
            self._told = ""
            self._log.info("%s", self._over)
