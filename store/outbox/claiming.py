"""A link's turn: what became of the messages it was given, and which it is given next.

What must stay true: that a message is being sent is committed before its provider is called; what
a phone is sent leaves in the order in which it was written, except that one may overtake another of
a less urgent kind; while it is open whether an earlier message has to be sent again, it holds its
phone's place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store.outbox import links, merging, settling, spending
from store.outbox.classes import BY_PRIORITY
from store.outbox.settling import Outcome
from store.outbox.states import NEVER, change
from store.outbox.writing import quiet_until
from store.shop import Shop, Transaction


@dataclass(frozen=True)
class Message:
    """A message that this process has claimed and must now send."""

    id: str
    msisdn: str
    text: str
    attempt: int
    provider: str
    expires_at: str

    @property
    def reference(self) -> str:
        """Ours for this attempt and no other."""
        return f"{self.id}-{self.attempt}"


Settled = tuple[Message, Outcome]
"""A message that was claimed, and what its provider said."""


@dataclass(frozen=True)
class Turn:
    """What a provider is given; when its rate kept it from more, `wait` seconds until the next."""

    messages: list[Message]
    wait: float | None = None


NOTHING = Turn([])


def turn(
    shop: Shop, provider: str, settled: Sequence[Settled], most: int, *, worker: str = ""
) -> Turn:
    """One turn of this provider, in one transaction: settles what came back, and claims as many as
    it may be given now, `most` at most; the most urgent first. `worker` is who will send them.
    Raises Unavailable."""
    if not settled and (most <= 0 or not _is_due(shop)):
        return NOTHING
    with shop.write() as tx:
        for message, outcome in settled:
            settling.settle(tx, message.id, message.attempt, message.provider, outcome)
        return _claim(tx, provider, most, worker) if most > 0 else NOTHING


def _is_due(shop: Shop) -> bool:
    with shop.read() as tx:
        return bool(
            tx.value(
                "SELECT 1 FROM outbox WHERE state IN ('queued', 'sending', 'unknown')"
                " AND next_at <= ? LIMIT 1",
                (tx.moment,),
            )
        )


# Walks the queue in its order (index outbox_turn) and stops at the limit. An index on next_at would
# have it sort all that waits each time: the || keeps the planner from that one.
_NEXT = """
SELECT id, msisdn, text, attempt, priority, segments, resend, expires_at FROM outbox
WHERE state = 'queued' AND next_at || '' <= :now AND priority <= :most
  AND route IN ({routes})
  AND NOT EXISTS (
    SELECT 1 FROM outbox AS earlier
    WHERE earlier.msisdn = outbox.msisdn AND earlier.id < outbox.id
      AND earlier.priority <= outbox.priority
      AND earlier.state IN ('queued', 'sending', 'unknown')
      AND (earlier.state <> 'unknown' OR earlier.resend = 1 AND earlier.next_at < '{never}'))
ORDER BY priority, id
LIMIT :limit
"""


def _claim(tx: Transaction, provider: str, most: int, worker: str) -> Turn:
    settling.mark_abandoned(tx)
    settling.give_up_old(tx)
    link = links.find(tx, provider)
    served = links.served_by(tx, provider)
    room = min(most, links.room(tx, link)) if served else 0
    if room <= 0:
        return Turn([], links.seconds_to_next(tx, link) if served else None)
    routes = ", ".join(f":route{n}" for n in range(len(served)))
    values: dict[str, Any] = {f"route{n}": route for n, route in enumerate(served)}
    values |= {"now": tx.moment, "limit": room, "most": _least_urgent(tx)}
    rows = tx.rows(_NEXT.format(routes=routes, never=NEVER), values)
    purse = spending.Purse(tx)
    claimed = []
    for row in rows:
        if not purse.has(BY_PRIORITY[row["priority"]], row["segments"]):
            break
        text, segments = merging.together(tx, row, purse)
        purse.spend(segments)
        claimed.append(_begin(tx, provider, worker, row, text, segments))
    if claimed:
        links.pay(tx, link, len(claimed))
        purse.close()
    return Turn(claimed)


def _least_urgent(tx: Transaction) -> int:
    """The priority of the least urgent messages that may leave at this time of day."""
    quiet = quiet_until(tx, tx.now) is not None
    return max(p for p, of_kind in BY_PRIORITY.items() if not (quiet and of_kind.waits))


def _begin(
    tx: Transaction, provider: str, worker: str, row: dict[str, Any], text: str, segments: int
) -> Message:
    attempt = row["attempt"] + 1
    change(
        tx,
        row["id"],
        "sending",
        next_at=tx.later(tx.settings.lease),
        attempt=attempt,
        provider=provider,
        route=provider,
        worker=worker,
    )
    tx.execute(
        "INSERT INTO attempts (message_id, attempt, provider, started_at, segments)"
        " VALUES (?, ?, ?, ?, ?)",
        (row["id"], attempt, provider, tx.moment, segments),
    )
    return Message(row["id"], row["msisdn"], text, attempt, provider, row["expires_at"])


def adopt(shop: Shop) -> None:
    """Messages on their way to a link that is not used any more go by the first one."""
    order = shop.settings.sms_provider
    known = ", ".join("?" * len(order))
    with shop.write() as tx:
        tx.execute(
            f"UPDATE outbox SET route = ? WHERE state = 'queued' AND route NOT IN ({known})",
            (order[0], *order),
        )
