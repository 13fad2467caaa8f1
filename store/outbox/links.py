"""How each link does: how fast it may be given messages, and whether it is away.

Kept in the database, so that all workers together keep within a link's rate and leave one alone
that is down. What must stay true: one number that always hangs does not make its link count as
down, and a link that is down is found to be back by a single message.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from store import sealing
from store.clock import from_text, to_text
from store.shop import Transaction

TRIP = 3
"""Failures with different phones in a row that make a link count as down."""

_FIRST_AWAY, _LONGEST_AWAY = timedelta(seconds=2), timedelta(minutes=5)
_JITTER = 1.5
"""Each is up to so many times as long, by chance."""

_FIRST_BUSY, _LONGEST_BUSY = timedelta(seconds=1), timedelta(minutes=1)
_BUSY_TIMES = re.compile(r"busy (\d{1,9}):")
_BURST = timedelta(seconds=1)
"""How far ahead of its rate a link may be given messages; by one message in any case."""


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
        """Whether it is left alone now; not for longer when the clock was set back."""
        return tx.moment < self.away_until <= tx.later(_LONGEST_AWAY * _JITTER)

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
    rate = tx.settings.rate_of(link.provider)
    ahead = tx.now + _burst(rate) - _paid_until(tx, link)
    return max(0, min(_free(tx, link), int(ahead.total_seconds() * rate + 1e-6)))


def pay(tx: Transaction, link: Link, messages: int) -> None:
    """These messages are given to the link now."""
    spent = timedelta(seconds=messages / tx.settings.rate_of(link.provider))
    _keep(tx, link.provider, paid_until=to_text(_paid_until(tx, link) + spent))


def seconds_to_next(tx: Transaction, link: Link) -> float | None:
    """Until the link's rate lets it be given the next message; None while it is not the rate that
    keeps it from one: an answer that comes, or time, tells when to look again."""
    if link.is_away(tx) or _free(tx, link) <= 0:
        return None
    rate = tx.settings.rate_of(link.provider)
    ahead = _paid_until(tx, link) + timedelta(seconds=1 / rate) - _burst(rate) - tx.now
    return max(0.0, ahead.total_seconds())


def _free(tx: Transaction, link: Link) -> int:
    """How many more may be under way at a time."""
    at_once = 1 if link.is_down else tx.settings.send_at_once
    return at_once - _under_way(tx, link.provider)


def _under_way(tx: Transaction, provider: str) -> int:
    return int(
        tx.value(
            "SELECT COUNT(*) FROM outbox WHERE provider = ? AND state = 'sending'", (provider,)
        )
    )


def _burst(rate: float) -> timedelta:
    return max(_BURST, timedelta(seconds=1 / rate))


def _paid_until(tx: Transaction, link: Link) -> datetime:
    """Never far ahead, unless the clock was set back: then what was paid by it does not count."""
    far = tx.now + 2 * _burst(tx.settings.rate_of(link.provider))
    paid = from_text(link.paid_until) if link.paid_until else tx.now
    return paid if tx.now < paid < far else tx.now


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
    before = _BUSY_TIMES.match(link.why)
    times = int(before[1]) + 1 if before else 1
    wait = min(_FIRST_BUSY * 2 ** min(times - 1, 12), _LONGEST_BUSY)
    why = f"busy {times}: {reason or ''}".rstrip()[:100]
    _keep(tx, provider, away_until=_jittered(tx, wait), why=why)


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
    return tx.later(wait * (1 + (_JITTER - 1) * tx.chance.random()))


def _keep(tx: Transaction, provider: str, **values: str | int) -> None:
    tx.execute("INSERT INTO links (provider) VALUES (?) ON CONFLICT DO NOTHING", (provider,))
    names = ", ".join(f"{name} = :{name}" for name in values)
    tx.execute(
        f"UPDATE links SET {names} WHERE provider = :provider", {**values, "provider": provider}
    )


def served_by(tx: Transaction, provider: str) -> list[str]:
    """Whose messages this provider may take now: its own, and those of links before it that are
    down, also while a message finds out whether they are back; none while it is away itself."""
    order = list(tx.settings.sms_provider)
    if provider not in order:
        return [provider]
    links = {name: find(tx, name) for name in order}
    if links[provider].is_away(tx):
        return []
    start, served = order.index(provider), [provider]
    for step in range(1, len(order)):
        before = order[(start - step) % len(order)]
        is_given_none = links[before].is_away(tx) or _under_way(tx, before)
        if not (links[before].is_down and is_given_none):
            break
        served.append(before)
    return served


def after(tx: Transaction, provider: str) -> str:
    """The link that is tried after this one."""
    order = tx.settings.sms_provider
    return order[(order.index(provider) + 1) % len(order)] if provider in order else order[0]
