"""How each link does: how fast it may be given messages, and whether it is away.

Kept in the database, so that all workers together keep within a link's rate and leave one alone
that is down. What must stay true: one number that always hangs does not make its link count as
down, and a link that is down is found to be back by a single message.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from store import sealing
from store.clock import from_text, to_text
from store.shop import Transaction

TRIP = 3
"""Failures with different phones in a row that make a link count as down."""

_FIRST_AWAY, _LONGEST_AWAY = timedelta(seconds=2), timedelta(minutes=5)
_BUSY = timedelta(seconds=1)
_BURST = timedelta(seconds=1)
"""How far ahead of its rate a link may be given messages."""


@dataclass(frozen=True)
class Link:
    """A link as it is now."""

    provider: str
    paid_until: str = ""
    away_until: str = ""
    why: str = ""
    failures: int = 0
    failed_with: str = ""

    def is_away(self, tx: Transaction) -> bool:
        """Whether it is left alone now."""
        return self.away_until > tx.moment

    @property
    def is_down(self) -> bool:
        """Whether it failed too often; one message at a time finds out whether it is back."""
        return self.failures >= TRIP


def find(tx: Transaction, provider: str) -> Link:
    """The link of this provider."""
    row = tx.row(
        "SELECT provider, paid_until, away_until, why, failures, failed_with FROM links"
        " WHERE provider = ?",
        (provider,),
    )
    return Link(**row) if row else Link(provider)


def room(tx: Transaction, link: Link) -> int:
    """How many messages may be given to this link now, by its rate and by what is under way."""
    if link.is_away(tx):
        return 0
    under_way = int(
        tx.value(
            "SELECT COUNT(*) FROM outbox WHERE provider = ? AND state = 'sending'", (link.provider,)
        )
    )
    at_once = 1 if link.is_down else tx.settings.send_at_once
    rate = tx.settings.rate_of(link.provider)
    ahead = tx.now + _BURST - _paid_until(tx, link)
    return max(0, min(at_once - under_way, int(ahead.total_seconds() * rate + 1e-6)))


def pay(tx: Transaction, link: Link, messages: int) -> None:
    """These messages are given to the link now."""
    spent = timedelta(seconds=messages / tx.settings.rate_of(link.provider))
    _keep(tx, link.provider, paid_until=to_text(_paid_until(tx, link) + spent))


def seconds_to_next(tx: Transaction, link: Link) -> float | None:
    """Until the link's rate lets it be given the next message; None while it is left alone."""
    if link.is_away(tx):
        return None
    spent = timedelta(seconds=1 / tx.settings.rate_of(link.provider))
    return max(0.0, (_paid_until(tx, link) + spent - _BURST - tx.now).total_seconds())


def _paid_until(tx: Transaction, link: Link) -> datetime:
    return max(tx.now, from_text(link.paid_until)) if link.paid_until else tx.now


def works(tx: Transaction, provider: str) -> None:
    """The provider gave an answer."""
    tx.execute(
        "UPDATE links SET failures = 0, failed_with = '', away_until = '', why = ''"
        " WHERE provider = ? AND (failures > 0 OR why <> '')",
        (provider,),
    )


def link_is_back(tx: Transaction, provider: str) -> None:
    """Whoever listens to the link says so: what waits for it goes at once."""
    works(tx, provider)
    tx.left.add("outbox")


def busy(tx: Transaction, provider: str, reason: str | None) -> None:
    """The provider asks for fewer messages: it is left alone for a moment, longer each time."""
    link = find(tx, provider)
    if link.is_away(tx):
        return  # what was under way when it began to say so
    times = int(link.why.partition("busy ")[2].partition(":")[0] or 0) + 1
    wait = min(_BUSY * 2 ** (times - 1), timedelta(minutes=1))
    _keep(
        tx, provider, away_until=_jittered(tx, wait), why=f"busy {times}: {reason or ''}".rstrip()
    )


def down(tx: Transaction, provider: str, msisdn: str, reason: str | None) -> None:
    """The provider could not be reached, or did not answer about a message to this phone."""
    link, mark = find(tx, provider), sealing.fingerprint(tx.settings.pepper, msisdn)
    if link.failed_with == mark and not link.is_down:
        return  # it may be that number
    failures = link.failures + 1
    away = ""
    if failures >= TRIP:
        if link.is_away(tx):
            return  # what was under way when it went down
        wait = min(_FIRST_AWAY * 2 ** min(failures - TRIP, 12), _LONGEST_AWAY)
        away = _jittered(tx, wait)
    _keep(
        tx, provider, failures=failures, failed_with=mark, away_until=away, why=(reason or "")[:100]
    )


def _jittered(tx: Transaction, wait: timedelta) -> str:
    return tx.later(wait * (1 + tx.chance.random() / 2))


def _keep(tx: Transaction, provider: str, **values: str | int) -> None:
    tx.execute("INSERT INTO links (provider) VALUES (?) ON CONFLICT DO NOTHING", (provider,))
    names = ", ".join(f"{name} = :{name}" for name in values)
    tx.execute(
        f"UPDATE links SET {names} WHERE provider = :provider", {**values, "provider": provider}
    )


def served_by(tx: Transaction, provider: str) -> list[str]:
    """Whose messages this provider may take now: its own, and those of links before it that are
    down; none while it is away itself."""
    order = list(tx.settings.sms_provider)
    if provider not in order:
        return [provider]
    links = {name: find(tx, name) for name in order}
    if links[provider].is_away(tx):
        return []
    start, served = order.index(provider), [provider]
    for step in range(1, len(order)):
        before = order[(start - step) % len(order)]
        if not (links[before].is_down and links[before].is_away(tx)):
            break
        served.append(before)
    return served


def after(tx: Transaction, provider: str) -> str:
    """The link that is tried after this one."""
    order = tx.settings.sms_provider
    return order[(order.index(provider) + 1) % len(order)] if provider in order else order[0]
