"""Messages that came to nothing: an operator sees them, and sends them again."""

from store.clock import to_text
from store.database import Rows
from store.errors import Refused
from store.outbox.classes import BY_PRIORITY
from store.outbox.links import find as find_link
from store.outbox.states import DEAD, NEVER, change
from store.shop import Transaction

_STATES = ", ".join(f"'{state}'" for state in DEAD)
_IS_DEAD = f"text <> '' AND (state IN ({_STATES}) OR (state = 'unknown' AND next_at = '{NEVER}'))"
"""But for those whose reader was erased: there is nobody to send them to."""


def dead(tx: Transaction, limit: int) -> Rows:
    """The latest dead letters, oldest first, with why each came to nothing."""
    rows = tx.rows(
        "SELECT id, created_at AS at, msisdn, notice, state, attempt AS attempts, provider, reason,"
        f" text FROM outbox WHERE {_IS_DEAD} ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return rows[::-1]


def send_again(tx: Transaction, message_id: str, *, even_twice: bool = False) -> None:
    """Queues a dead letter anew, by the first link, for as long as its kind is wanted.

    One whose outcome is unknown may have arrived, and is sent again only `even_twice`. Raises
    Refused("no_message"), Refused("not_dead"), Refused("maybe_arrived").
    """
    row = tx.row(
        f"SELECT state, priority, {_IS_DEAD} AS dead FROM outbox WHERE id = ?", (message_id,)
    )
    if row is None:
        raise Refused("no_message", message=message_id)
    if not row["dead"]:
        raise Refused("not_dead", message=message_id, state=row["state"])
    if row["state"] == "unknown" and not even_twice:
        raise Refused("maybe_arrived", message=message_id)
    change(tx, message_id, "queued", reason="an operator sends it again")
    # As the operator sees it: with all that was merged into it, and nothing withdraws it any more.
    expires = to_text(tx.now + BY_PRIORITY[row["priority"]].wanted_for(tx.settings))
    tx.execute(
        "UPDATE outbox SET expires_at = ?, route = ?, about = '' WHERE id = ?",
        (expires, tx.settings.sms_provider[0], message_id),
    )
    tx.execute("UPDATE outbox SET merged_into = NULL WHERE merged_into = ?", (message_id,))
    tx.event("operator", "message.sent_again", f"message:{message_id}", was=row["state"])
    tx.left.add("outbox")


def links_now(tx: Transaction) -> Rows:
    """Each link in use: whether it is given messages, and what waits for it."""
    found = []
    for provider in tx.settings.sms_provider:
        link = find_link(tx, provider)
        state = "away" if link.is_away(tx) else "found out about" if link.is_down else "in use"
        waiting = tx.value(
            "SELECT COUNT(*) FROM outbox WHERE state = 'queued' AND route = ?", (provider,)
        )
        found.append(
            {
                "provider": provider,
                "state": state,
                "until_at": link.away_until or None,
                "why": link.why,
                "waiting": waiting,
            }
        )
    return found
