"""Keeps what came: each message once, however often and by whichever way it comes.

A message is known by its provider and the id that this gave it. What we fetched from a provider
may have another id there than in its callback, so a fetched message and one from a callback are the
same (twins) when sender, text and time agree; each is the twin of one other at most, so somebody
who wrote the same twice has written twice.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from store import limits, outbox, sealing, timers
from store.clock import to_text
from store.shop import Transaction

TWINS_WITHIN = timedelta(seconds=90)
"""How far apart a provider may date the same message in a callback and in what we fetch."""

BROUGHT_WITHIN = timedelta(hours=12)
"""For how long a provider brings a message again that we do not take."""

_YEARS = range(1990, 9990)
"""A date outside of these says nothing, and cannot be reckoned with."""


@dataclass(frozen=True)
class Part:
    """Which part of a long message this is: `number` of `total`, from 1, of the one that its sender
    calls `reference`."""

    reference: str
    number: int
    total: int


@dataclass(frozen=True)
class Received:
    """A message as its provider gave it; `msisdn` is the sender, E.164.

    `sent_at`: when the provider says that it came, aware. `fetched`: we asked for it, so that the
    provider may call it otherwise than in its callback.
    """

    provider: str
    external_id: str
    msisdn: str
    text: str
    sent_at: datetime | None = None
    part: Part | None = None
    fetched: bool = False


def keep(
    tx: Transaction, received: Received, *, kind: str = "sms", came: datetime | None = None
) -> bool:
    """Keeps a message to be answered; False when it had come before. A part waits for the others.

    `kind`: `sms`, or `hop` for a USSD hop that is answered by SMS. `came`: when it reached us, if
    it was not now; it is answered before what came later.
    """
    if received.sent_at and received.sent_at.year not in _YEARS:
        received = replace(received, sent_at=None)
    if received.part is not None and 0 < received.part.number <= received.part.total > 1:
        return _keep_part(tx, received, received.part, came)
    text = received.text[: limits.SMS_TEXT] if kind == "sms" else received.text
    mark = sealing.fingerprint(tx.settings.pepper, f"{received.msisdn} {received.text.strip()}")
    if kind == "sms" and _is_twin(tx, received, mark):
        return False
    fresh = tx.execute(
        "INSERT INTO inbox (id, provider, kind, external_id, fetched, msisdn, text, mark, sent_at,"
        " received_at, state, next_at)"
        " VALUES (:id, :provider, :kind, :external_id, :fetched, :msisdn, :text, :mark, :sent_at,"
        " :came, :state, :now)"
        " ON CONFLICT (provider, kind, external_id) DO NOTHING",
        {
            "id": tx.shop.ids.new(came or tx.now),
            "provider": received.provider,
            "kind": kind,
            "external_id": received.external_id,
            "fetched": int(received.fetched),
            "msisdn": received.msisdn,
            "text": sealing.seal(tx.settings.pepper, text),
            "mark": mark,
            "sent_at": to_text(received.sent_at) if received.sent_at else None,
            "came": to_text(came or tx.now),
            "now": tx.moment,
            "state": "old" if _is_old(tx, received) else "new",
        },
    )
    if fresh:
        tx.left.add("inbox")
    return bool(fresh)


def _is_old(tx: Transaction, received: Received) -> bool:
    """Whether we found it so late that its sender has long done something else. (What a provider
    brings by itself is never so old, whatever the date in it says.)"""
    sent_at = received.sent_at if received.fetched else None
    return sent_at is not None and tx.now - sent_at > tx.settings.answer_within


def _is_twin(tx: Transaction, received: Received, mark: str) -> bool:
    """Whether the message is there already, by this way or the other; from now on it is known by
    this id as well.

    One that was kept before messages had marks is known by its sender and by when it came.
    """
    known = {"provider": received.provider, "external_id": received.external_id}
    if tx.value(
        "SELECT 1 FROM inbox WHERE provider = :provider AND kind = 'sms'"
        " AND (external_id = :external_id OR twin = :external_id)",
        known,
    ):
        return True
    if received.sent_at is None:
        return False
    return bool(
        tx.execute(
            "UPDATE inbox SET twin = :external_id WHERE id = ("
            " SELECT id FROM inbox WHERE msisdn = :msisdn AND received_at > :since"
            " AND provider = :provider AND kind = 'sms' AND fetched <> :fetched AND twin IS NULL"
            " AND (mark = :mark AND sent_at BETWEEN :from AND :to"
            "      OR mark = '' AND received_at BETWEEN :from AND :brought)"
            " ORDER BY id LIMIT 1)",
            {
                **known,
                "msisdn": received.msisdn,
                "mark": mark,
                "fetched": int(received.fetched),
                "since": tx.later(-2 * max(BROUGHT_WITHIN, tx.settings.answer_within)),
                "from": to_text(received.sent_at - TWINS_WITHIN),
                "to": to_text(received.sent_at + TWINS_WITHIN),
                "brought": to_text(received.sent_at + BROUGHT_WITHIN),
            },
        )
    )


_OF_ONE = "provider = :provider AND msisdn = :msisdn AND reference = :reference AND total = :total"


def _keep_part(tx: Transaction, received: Received, part: Part, came: datetime | None) -> bool:
    """Keeps a part, and the whole message once all are there.

    The parts stay for a while after that, so that one that comes again is known.
    """
    pepper, text = tx.settings.pepper, received.text[: limits.SMS_TEXT]
    long = {
        "provider": received.provider,
        "msisdn": received.msisdn,
        "total": part.total,
        "reference": part.reference,
    }
    before = tx.row(
        f"SELECT external_id, text FROM parts WHERE {_OF_ONE} AND number = :number",
        {**long, "number": part.number},
    )
    if before:
        if received.external_id == before["external_id"]:
            return False
        if text == sealing.unseal(pepper, before["text"]):
            return False
        tx.execute(f"DELETE FROM parts WHERE {_OF_ONE}", long)  # the phone counts from 1 again
    tx.execute(
        "INSERT INTO parts (provider, msisdn, reference, total, number, external_id, text,"
        " received_at) VALUES (:provider, :msisdn, :reference, :total, :number, :external_id,"
        " :text, :now)",
        {
            **long,
            "number": part.number,
            "external_id": received.external_id,
            "text": sealing.seal(pepper, text),
            "now": tx.moment,
        },
    )
    subject = "|".join(str(value) for value in long.values())
    timers.set_timer(tx, "missing_parts", subject, tx.later(tx.settings.parts_within))
    rows = tx.rows(f"SELECT external_id, text FROM parts WHERE {_OF_ONE} ORDER BY number", long)
    if len(rows) < part.total:
        return True
    whole = "".join(sealing.unseal(pepper, row["text"]) for row in rows)
    long_one = replace(received, external_id=rows[0]["external_id"], text=whole, part=None)
    return keep(tx, long_one, came=came)


@timers.handler("missing_parts")
def forget_parts(tx: Transaction, subject: str) -> None:
    """Forgets the parts of a long message. When some did not come, whoever wrote it is told, so
    that it is not waited for in vain."""
    provider, msisdn, total, reference = subject.split("|", 3)
    long = {"provider": provider, "msisdn": msisdn, "reference": reference, "total": int(total)}
    if 0 < tx.execute(f"DELETE FROM parts WHERE {_OF_ONE}", long) < int(total):
        outbox.notify(tx, msisdn, "message_incomplete", kind="reply")


def latest(tx: Transaction, provider: str) -> str:
    """Up to where messages were fetched from this provider, in its own words; at first nothing."""
    return str(tx.value("SELECT fetched FROM links WHERE provider = ?", (provider,)) or "")


def fetched_up_to(tx: Transaction, provider: str, where: str) -> None:
    """All up to there is kept."""
    tx.execute(
        "INSERT INTO links (provider, fetched) VALUES (:provider, :where)"
        " ON CONFLICT (provider) DO UPDATE SET fetched = excluded.fetched",
        {"provider": provider, "where": where},
    )
