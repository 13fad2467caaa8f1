"""USSD sessions: where each one is, and every reply it was given.

A hop is known by its session and its whole text. Its reply is stored in the transaction of its
effect, so that a repeated hop is answered with the same reply and has no second effect. The text
may hold a PIN or a code, so it is not kept: its fingerprint is enough to know it again. A reply may
quote it, and so may the frames, where somebody typed it on the wrong screen: these are sealed.
"""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from store import sealing, timers
from store.shop import Transaction


@dataclass(frozen=True)
class Session:
    """A session after its latest hop.

    `length` and `mark` are the characters and the fingerprint of all that was typed so far,
    `frames` the screens from home to the present one with their data; `version` grows with each
    hop and is 0 before the first.
    """

    provider: str
    session_id: str
    msisdn: str
    length: int = 0
    mark: str = ""
    version: int = 0
    frames: list[dict[str, Any]] = field(default_factory=list)
    ended: bool = False

    def after(self, tx: Transaction, text: str) -> "Session":
        """The session once all this was typed."""
        return replace(self, length=len(text), mark=_mark(tx, text))

    def typed_since(self, tx: Transaction, text: str) -> str | None:
        """What a hop adds to the last one; None when it does not go on from there."""
        if not self.length:
            return text or None
        goes_on = text[self.length : self.length + 1] == "*"
        if not goes_on or _mark(tx, text[: self.length]) != self.mark:
            return None
        return text[self.length + 1 :]


def mark_of(pepper: str | None, text: str) -> str:
    """By what a hop of a session is known again, without what was typed."""
    return sealing.fingerprint(pepper, text)


def _mark(tx: Transaction, text: str) -> str:
    return mark_of(tx.settings.pepper, text)


def reply_to(tx: Transaction, provider: str, session_id: str, text: str) -> str | None:
    """The reply that this hop was given, if it came before."""
    reply = tx.value(
        "SELECT reply FROM hops WHERE provider = ? AND session_id = ? AND mark = ?",
        (provider, session_id, _mark(tx, text)),
    )
    return None if reply is None else sealing.unseal(tx.settings.pepper, reply)


def find(tx: Transaction, provider: str, session_id: str) -> Session | None:
    """The session, if any hop of it came before."""
    row = tx.row(
        "SELECT provider, session_id, msisdn, length, mark, version, frames, ended FROM sessions"
        " WHERE provider = ? AND session_id = ?",
        (provider, session_id),
    )
    if row is None:
        return None
    frames = json.loads(sealing.unseal(tx.settings.pepper, row["frames"]))
    return Session(**{**row, "frames": frames, "ended": bool(row["ended"])})


class Overtaken(Exception):
    """Another hop of the session was answered meanwhile."""


def save(tx: Transaction, session: Session, hop_text: str, reply: str) -> None:
    """Keeps the session and the reply to its latest hop. Raises Overtaken.

    `session.version` is the version that the hop began with.
    """
    pepper = tx.settings.pepper
    values = {
        "provider": session.provider,
        "session_id": session.session_id,
        "msisdn": session.msisdn,
        "length": session.length,
        "mark": session.mark,
        "version": session.version,
        "frames": sealing.seal(pepper, json.dumps(session.frames, ensure_ascii=False)),
        "now": tx.moment,
        "ended": int(session.ended),
        "hop": _mark(tx, hop_text),
        "reply": sealing.seal(pepper, reply),
    }
    if session.version == 0:
        changed = tx.execute(
            "INSERT INTO sessions"
            " (provider, session_id, msisdn, length, mark, version, frames, seen_at, ended)"
            " VALUES (:provider, :session_id, :msisdn, :length, :mark, 1, :frames, :now, :ended)"
            " ON CONFLICT (provider, session_id) DO NOTHING",
            values,
        )
    else:
        changed = tx.execute(
            "UPDATE sessions SET length = :length, mark = :mark, version = version + 1,"
            " frames = :frames, seen_at = :now, ended = :ended"
            " WHERE provider = :provider AND session_id = :session_id AND version = :version",
            values,
        )
    if not changed:
        raise Overtaken
    tx.execute(
        "INSERT INTO hops (provider, session_id, mark, reply)"
        " VALUES (:provider, :session_id, :hop, :reply)",
        values,
    )


def end(tx: Transaction, provider: str, session_id: str) -> str | None:
    """The provider says that the session is over; whose it was, if we know it."""
    tx.execute(
        "UPDATE sessions SET ended = 1 WHERE provider = ? AND session_id = ?",
        (provider, session_id),
    )
    msisdn = tx.value(
        "SELECT msisdn FROM sessions WHERE provider = ? AND session_id = ?", (provider, session_id)
    )
    return None if msisdn is None else str(msisdn)


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
