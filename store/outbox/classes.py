"""The kinds of message: which leaves first, how long each is wanted, and what may hold it up."""

from dataclasses import dataclass
from datetime import timedelta

from settings import Settings


@dataclass(frozen=True)
class Class:
    """One kind of message.

    `priority`: the lowest number leaves first. `expiry`: the setting that says how long it is
    wanted. `budget`: the share of the day's budget that may be used up before it stays; None: it
    leaves in any case. `per_phone`: its share of what one phone may be sent in a day. `waits`:
    until the quiet hours are over. `merges`: may become one SMS with others of its kind.
    """

    name: str
    priority: int
    expiry: str
    budget: float | None
    per_phone: float
    waits: bool = False
    merges: bool = False

    def wanted_for(self, settings: Settings) -> timedelta:
        """How long after it was written somebody wants to read it."""
        span: timedelta = getattr(settings, self.expiry)
        return span


CLASSES = {
    each.name: each
    for each in (
        Class("security", 0, "expire_security", None, 2.0),
        Class("order", 1, "message_expiry", None, 2.0, merges=True),
        Class("reply", 2, "expire_reply", 1.0, 1.0),
        Class("reminder", 3, "expire_reminder", 1.0, 1.0, waits=True, merges=True),
        Class("broadcast", 4, "expire_broadcast", 0.5, 0.5, waits=True),
    )
}
"""All kinds, by name."""

BY_PRIORITY = {each.priority: each for each in CLASSES.values()}
