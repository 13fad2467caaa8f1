"""What waits for somebody's YA or TIDAK besides orders: one question of a kind for each phone."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from store.shop import Transaction


@dataclass(frozen=True)
class Question:
    """A question that was asked and can still be answered."""

    kind: str
    details: dict[str, Any]


def ask(tx: Transaction, msisdn: str, kind: str, details: dict[str, Any], keep: timedelta) -> None:
    """Asks, or asks again with other details; it can be answered for the time `keep`."""
    tx.execute(
        "INSERT INTO questions (msisdn, kind, details, asked_at, expires_at)"
        " VALUES (:msisdn, :kind, :details, :now, :expires)"
        " ON CONFLICT (msisdn, kind) DO UPDATE SET details = excluded.details,"
        " asked_at = excluded.asked_at, expires_at = excluded.expires_at",
        {
            "msisdn": msisdn,
            "kind": kind,
            "details": json.dumps(details, ensure_ascii=False),
            "now": tx.moment,
            "expires": tx.later(keep),
        },
    )


def waiting(tx: Transaction, msisdn: str) -> list[Question]:
    """The questions that wait for this phone's answer, oldest first."""
    rows = tx.rows(
        "SELECT kind, details FROM questions WHERE msisdn = ? AND expires_at > ?"
        " ORDER BY asked_at, kind",
        (msisdn, tx.moment),
    )
    return [Question(row["kind"], json.loads(row["details"])) for row in rows]


def find(tx: Transaction, msisdn: str, kind: str) -> Question | None:
    """The waiting question of this kind."""
    return next((asked for asked in waiting(tx, msisdn) if asked.kind == kind), None)


def drop(tx: Transaction, msisdn: str, kind: str) -> None:
    """The question was answered or does not matter any more."""
    tx.execute("DELETE FROM questions WHERE msisdn = ? AND kind = ?", (msisdn, kind))
