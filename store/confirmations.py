"""SMS that are asked back: the sender's number of an SMS can be forged, so a command that moves
money or rules on people counts once a one-time number, sent to the registered phone, comes back.

Several can wait for a phone, each under its topic: '' is the latest command that it sent itself,
the others are questions that somebody else's action puts to it. Which one a number means is clear
from the number; a wrong one counts for all of them, and the third wrong one ends them all.
"""

import json
from datetime import timedelta
from typing import Any

from store import agents, codes, sealing
from store.database import Rows
from store.errors import Refused
from store.shop import Transaction

TRIES = 3
ASKED_AN_HOUR = 10
"""One-time numbers that one phone is sent for its own commands: somebody who forges it cannot make
it ring all night, nor guess on and on."""
ASKED_AGENTS_AN_HOUR = 30
"""The same for an agent, who has a queue of people before them on a market day."""
WRONG_A_DAY = 12
"""Wrong numbers of one phone, after which none is asked for or taken until the next day: whoever
forges it hits one in 10,000 with each."""


def ask(
    tx: Transaction,
    msisdn: str,
    keyword: str,
    args: tuple[str, ...],
    *,
    topic: str = "",
    keep: timedelta | None = None,
) -> str:
    """Keeps the command until it is confirmed; the placeholder of its one-time number.

    It waits for PASAR_CONFIRM_WITHIN, or for `keep`, in the place of what waited under its topic.
    Raises Refused("asked_too_often" | "wrong_too_often"), for the phone's own commands only.
    """
    subject = f"phone:{msisdn}"
    if not topic:
        _must_be_seldom(tx, msisdn, subject)
    taken = {_number_of(tx, row) for row in _waiting(tx, msisdn) if row["topic"] != topic}
    number = tx.count("confirmation", 1)
    nonce = codes.new_nonce(tx.chance)
    while _number_of(tx, {"number": number, "nonce": nonce}) in taken:
        nonce = codes.new_nonce(tx.chance)
    text = json.dumps(args, ensure_ascii=False)
    tx.execute(
        "INSERT INTO confirmations (msisdn, topic, number, keyword, args, nonce, expires_at)"
        " VALUES (:msisdn, :topic, :number, :keyword, :args, :nonce, :expires)"
        " ON CONFLICT (msisdn, topic) DO UPDATE SET number = excluded.number, tries = 0,"
        " keyword = excluded.keyword, args = excluded.args, nonce = excluded.nonce,"
        " expires_at = excluded.expires_at",
        {
            "msisdn": msisdn,
            "topic": topic,
            "number": number,
            "keyword": keyword,
            "args": sealing.seal(tx.settings.pepper, text),
            "nonce": nonce,
            "expires": tx.later(keep or tx.settings.confirm_within),
        },
    )
    details = {"topic": topic} if topic else {}
    tx.event(
        msisdn, "question.asked" if topic else "command.asked", subject, keyword=keyword, **details
    )
    return codes.placeholder(number, nonce, codes.CONFIRM)


def waits(tx: Transaction, msisdn: str) -> bool:
    """Whether anything of this phone waits for its number."""
    return bool(_waiting(tx, msisdn))


def is_right(tx: Transaction, msisdn: str, typed: str) -> bool:
    """Whether this is the number of something that waits."""
    return any(_number_of(tx, row) == typed for row in _waiting(tx, msisdn))


def take(tx: Transaction, msisdn: str, typed: str) -> tuple[str, tuple[str, ...]]:
    """What waited for this number, and waits no more: its keyword and fields.

    Raises Refused("wrong_number"), or, after the last try, Refused("no_numbers").
    """
    waiting = [] if _was_wrong_too_often(tx, msisdn) else _waiting(tx, msisdn)
    for row in waiting:
        if _number_of(tx, row) == typed:
            drop(tx, msisdn, row["topic"])
            args = json.loads(sealing.unseal(tx.settings.pepper, row["args"]))
            return row["keyword"], tuple(args)
    tries = max((row["tries"] for row in waiting), default=TRIES - 1) + 1
    tx.event(msisdn, "command.wrong_number", f"phone:{msisdn}", tries=tries)
    if tries >= TRIES:
        forget(tx, msisdn)
        raise Refused("no_numbers")
    tx.execute("UPDATE confirmations SET tries = tries + 1 WHERE msisdn = ?", (msisdn,))
    raise Refused("wrong_number", left=TRIES - tries)


def drop(tx: Transaction, msisdn: str, topic: str) -> None:
    """What waits under this topic does not matter any more; it is no fault when nothing does."""
    tx.execute("DELETE FROM confirmations WHERE msisdn = ? AND topic = ?", (msisdn, topic))


def forget(tx: Transaction, msisdn: str) -> None:
    """Nothing of this phone waits any more."""
    tx.execute("DELETE FROM confirmations WHERE msisdn = ?", (msisdn,))


def _must_be_seldom(tx: Transaction, msisdn: str, subject: str) -> None:
    if _was_wrong_too_often(tx, msisdn):
        raise Refused("wrong_too_often", service_code=tx.settings.service_code)
    asked = tx.value(
        "SELECT COUNT(*) FROM events WHERE subject = ? AND action = 'command.asked' AND at > ?",
        (subject, tx.later(-timedelta(hours=1))),
    )
    if asked >= (ASKED_AGENTS_AN_HOUR if agents.of_phone(tx, msisdn) else ASKED_AN_HOUR):
        raise Refused("asked_too_often")


def _was_wrong_too_often(tx: Transaction, msisdn: str) -> bool:
    wrong = tx.value(
        "SELECT COUNT(*) FROM events WHERE subject = ? AND action = 'command.wrong_number'"
        " AND at > ?",
        (f"phone:{msisdn}", tx.later(-timedelta(days=1))),
    )
    return int(wrong) >= WRONG_A_DAY


def _waiting(tx: Transaction, msisdn: str) -> Rows:
    return tx.rows(
        "SELECT topic, number, keyword, args, nonce, tries FROM confirmations"
        " WHERE msisdn = ? AND expires_at > ? ORDER BY topic",
        (msisdn, tx.moment),
    )


def _number_of(tx: Transaction, row: dict[str, Any]) -> str:
    return codes.one_time_code(tx.settings.pepper, codes.CONFIRM, row["number"], row["nonce"])
