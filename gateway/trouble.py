"""Tells of a trouble when it begins and when it is over, not each time that it is met."""

import logging


class Trouble:
    """One thing that can go wrong for a while, such as Redis being away."""

    def __init__(self, log: logging.Logger, over: str) -> None:
        self._log = log
        self._over = over
        self._told = ""

    def met(self, what: str, why: object, *, traceback: bool = False) -> None:
        """Logs it, unless this was the last that was told; `why` may change meanwhile."""
        if what != self._told:
            self._told = what
            level = logging.ERROR if traceback else logging.WARNING
            self._log.log(level, "%s (%s)", what, why, exc_info=traceback)

    def is_over(self) -> None:
        """Logs that it is, if it was told."""
        if self._told:
            self._told = ""
            self._log.info("%s", self._over)
