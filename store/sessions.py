"""USSD sessions: where each one is, and every reply it was given.

A hop is known by its session and its whole text. Its reply is stored in the transaction of its
effect, so that a repeated hop is answered with the same reply and has no second effect.
"""

import json
from dataclasses import dataclass
from typing import Any

from store import timers
from store.shop import Transaction


@dataclass(frozen=True)
class Session:
    """A session after its latest hop.

    `text` is all that was typed so far, `frames` the screens from home to the present one with
    their data, `version` grows with each hop.
    """

    provider: str
    session_id: str
    msisdn: str
    text: str
    version: int
    frames: list[dict[str, Any]]
    ended: bool


def reply_to(tx: Transaction, provider: str, session_id: str, text: str) -> str | None:
    """The reply that this hop was given, if it came before."""
    reply = tx.value(
        "SELECT reply FROM hops WHERE provider = ? AND session_id = ? AND text = ?",
        (provider, session_id, text),
    )
    return None if reply is None else str(reply)


def find(tx: Transaction, provider: str, session_id: str) -> Session | None:
    """The session, if any hop of it came before."""
    row = tx.row(
        "SELECT provider, session_id, msisdn, text, version, frames, ended FROM sessions"
        " WHERE provider = ? AND session_id = ?",
        (provider, session_id),
    )
    if row is None:
        return None
    return Session(**{**row, "frames": json.loads(row["frames"]), "ended": bool(row["ended"])})


class Overtaken(Exception):
    """Another hop of the session was answered meanwhile."""


def save(tx: Transaction, session: Session, hop_text: str, reply: str) -> None:
    """Keeps the session and the reply to its latest hop. Raises Overtaken.

    `session.version` is the version that the hop began with.
    """
    values = {
        "provider": session.provider,
        "session_id": session.session_id,
        "msisdn": session.msisdn,
        "text": session.text,
        "version": session.version,
        "frames": json.dumps(session.frames, ensure_ascii=False),
        "now": tx.moment,
        "ended": int(session.ended),
        "hop": hop_text,
        "reply": reply,
    }
    if session.version == 0:
        changed = tx.execute(
            "INSERT INTO sessions"
            " (provider, session_id, msisdn, text, version, frames, seen_at, ended)"
            " VALUES (:provider, :session_id, :msisdn, :text, 1, :frames, :now, :ended)"
            " ON CONFLICT (provider, session_id) DO NOTHING",
            values,
        )
    else:
        changed = tx.execute(
            "UPDATE sessions SET text = :text, version = version + 1, frames = :frames,"
            " seen_at = :now, ended = :ended"
            " WHERE provider = :provider AND session_id = :session_id AND version = :version",
            values,
        )
    if not changed:
        raise Overtaken
    tx.execute(
        "INSERT INTO hops (provider, session_id, text, reply)"
        " VALUES (:provider, :session_id, :hop, :reply)",
        values,
    )


def end(tx: Transaction, provider: str, session_id: str) -> None:
    """The provider says that the session is over."""
    tx.execute(
        "UPDATE sessions SET ended = 1 WHERE provider = ? AND session_id = ?",
        (provider, session_id),
    )


@timers.handler("forget_sessions")
def forget_old(tx: Transaction, subject: str) -> None:
    """Deletes sessions that no repeated hop can come for any more, some at a time."""
    deleted = tx.execute(
        "DELETE FROM sessions WHERE (provider, session_id) IN"
        " (SELECT provider, session_id FROM sessions WHERE seen_at < ? LIMIT 1000)",
        (tx.later(-tx.settings.session_keep),),
    )
    pause = tx.settings.sweep_every if deleted == 1000 else tx.settings.session_keep / 24
    timers.set_timer(tx, "forget_sessions", subject, tx.later(pause))
