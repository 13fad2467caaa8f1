"""SMS that are asked back: the sender's number of an SMS can be forged, so a command that moves
money or rules on people counts once a one-time number, sent to the registered phone, comes back.

One command waits for each phone, the latest; three wrong numbers end it.
"""

import json
from datetime import timedelta

from store import codes
from store.errors import Refused
from store.shop import Transaction

TRIES = 3
ASKED_AN_HOUR = 10
"""One-time numbers that one phone is sent: somebody who forges it cannot make it ring all night,
nor guess on and on."""


def ask(tx: Transaction, msisdn: str, keyword: str, args: tuple[str, ...]) -> str:
    """Keeps the command until it is confirmed; the placeholder of its one-time number.

    Raises Refused("asked_too_often").
    """
    subject = f"phone:{msisdn}"
    asked = tx.value(
        "SELECT COUNT(*) FROM events WHERE subject = ? AND action = 'command.asked' AND at > ?",
        (subject, tx.later(-timedelta(hours=1))),
    )
    if asked >= ASKED_AN_HOUR:
        raise Refused("asked_too_often")
    number, nonce = tx.count("confirmation", 1), codes.new_nonce(tx.chance)
    tx.execute(
        "INSERT INTO confirmations (msisdn, number, keyword, args, nonce, expires_at)"
        " VALUES (:msisdn, :number, :keyword, :args, :nonce, :expires)"
        " ON CONFLICT (msisdn) DO UPDATE SET number = excluded.number, tries = 0,"
        " keyword = excluded.keyword, args = excluded.args, nonce = excluded.nonce,"
        " expires_at = excluded.expires_at",
        {
            "msisdn": msisdn,
            "number": number,
            "keyword": keyword,
            "args": json.dumps(args, ensure_ascii=False),
            "nonce": nonce,
            "expires": tx.later(tx.settings.confirm_within),
        },
    )
    tx.event(msisdn, "command.asked", subject, keyword=keyword)
    return codes.placeholder(number, nonce, codes.CONFIRM)


def waits(tx: Transaction, msisdn: str) -> bool:
    """Whether a command of this phone waits for its number."""
    found = tx.value(
        "SELECT 1 FROM confirmations WHERE msisdn = ? AND expires_at > ?", (msisdn, tx.moment)
    )
    return found is not None


def is_right(tx: Transaction, msisdn: str, typed: str) -> bool:
    """Whether this is the number that the waiting command needs."""
    row = tx.row("SELECT number, nonce FROM confirmations WHERE msisdn = ?", (msisdn,))
    if row is None:
        return False
    pepper = tx.settings.pepper
    return typed == codes.one_time_code(pepper, codes.CONFIRM, row["number"], row["nonce"])


def take(tx: Transaction, msisdn: str, typed: str) -> tuple[str, tuple[str, ...]]:
    """The waiting command, which waits no more: its keyword and fields.

    Raises Refused("wrong_number"), or, after the last try, Refused("no_numbers").
    """
    row = tx.row("SELECT keyword, args, tries FROM confirmations WHERE msisdn = ?", (msisdn,))
    if row and is_right(tx, msisdn, typed):
        _forget(tx, msisdn)
        return row["keyword"], tuple(json.loads(row["args"]))
    tries = row["tries"] + 1 if row else TRIES
    tx.event(msisdn, "command.wrong_number", f"phone:{msisdn}", tries=tries)
    if tries >= TRIES:
        _forget(tx, msisdn)
        raise Refused("no_numbers")
    tx.execute("UPDATE confirmations SET tries = ? WHERE msisdn = ?", (tries, msisdn))
    raise Refused("wrong_number", left=TRIES - tries)


def _forget(tx: Transaction, msisdn: str) -> None:
    tx.execute("DELETE FROM confirmations WHERE msisdn = ?", (msisdn,))
