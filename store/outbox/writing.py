"""Writes messages: in which words, for how long they are wanted, and whether they may go at all."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import phonenumbers

from store import codes, consents, gsm7, people
from store.clock import first_id, to_text
from store.outbox.classes import CLASSES, Class
from store.outbox.states import NEVER
from store.shop import Transaction

_DAY = timedelta(days=1)


def put(
    tx: Transaction,
    msisdn: str,
    text: str,
    *,
    notice: str,
    kind: str,
    about: str = "",
    route: str = "",
    until: str = "",
) -> str:
    """Writes a worded message; its id. One that carries a secret will not be sent again.

    What GSM-7 lacks is transliterated, as it would make the message cost twice as much. `about`:
    what it reminds of (see `withdraw`). `route`: the link that its reader wrote
    by, which is tried first. `until`: nobody wants it afterwards, whatever its kind says.
    """
    message_id, of_kind = tx.new_id(), CLASSES[kind]
    text = text if gsm7.is_gsm7(codes.masked(text)) else _in_gsm7(text)
    segments = gsm7.segments(codes.masked(text))
    refused = _refused(tx, msisdn, of_kind, segments)
    first_turn = _first_turn(tx, of_kind)
    expires_at = to_text(first_turn + of_kind.wanted_for(tx.settings))
    tx.execute(
        "INSERT INTO outbox (id, msisdn, text, notice, about, priority, resend, segments, state,"
        " route, created_at, next_at, expires_at, reason)"
        " VALUES (:id, :msisdn, :text, :notice, :about, :priority, :resend, :segments, :state,"
        " :route, :now, :next_at, :expires_at, :reason)",
        {
            "id": message_id,
            "msisdn": msisdn,
            "text": text,
            "notice": notice,
            "about": about,
            "priority": of_kind.priority,
            "resend": int(not codes.has_secret(text)),
            "segments": segments,
            "state": "blocked" if refused else "queued",
            "route": _route(tx, route),
            "now": tx.moment,
            "next_at": NEVER if refused else to_text(first_turn),
            "expires_at": min(until, expires_at) if until else expires_at,
            "reason": refused,
        },
    )
    if not refused:
        tx.left.add("outbox")
    return message_id


def notify(
    tx: Transaction,
    msisdn: str,
    notice: str,
    *,
    kind: str = "order",
    about: str = "",
    **values: Any,
) -> None:
    """Writes a notice, worded in the language of the phone it goes to; news and reminders only if
    its owner has not asked for them to stop."""
    purpose = consents.PURPOSE_OF.get(kind)
    if purpose and not consents.given(tx, msisdn, purpose):
        return
    text = tx.shop.wording(people.language(tx, msisdn), notice, values)
    put(tx, msisdn, text, notice=notice, kind=kind, about=about)


def withdraw(tx: Transaction, about: str) -> None:
    """What the messages about this remind of has happened: those that wait are not sent."""
    tx.execute(
        "UPDATE outbox SET state = 'withdrawn', next_at = :never"
        " WHERE about = :about AND about <> '' AND state = 'queued'",  # as index outbox_about says
        {"about": about, "never": NEVER},
    )


def stop(tx: Transaction, msisdn: str, kind: str) -> None:
    """The owner of this phone wants no more of this kind: those that wait are not sent."""
    tx.execute(
        "UPDATE outbox SET state = 'withdrawn', next_at = :never"
        " WHERE msisdn = :msisdn AND priority = :priority AND state = 'queued'"
        " AND state IN ('queued', 'sending', 'unknown')",  # as index outbox_open says
        {"msisdn": msisdn, "priority": CLASSES[kind].priority, "never": NEVER},
    )


def _in_gsm7(text: str) -> str:
    return codes.around_placeholders(text, gsm7.to_gsm7)


def _route(tx: Transaction, wanted: str) -> str:
    order = tx.settings.sms_provider
    return wanted if wanted in order else order[0]


def _refused(tx: Transaction, msisdn: str, of_kind: Class, segments: int) -> str | None:
    """Why nothing of this kind may go to this phone now."""
    if not _may_go_there(tx, msisdn):
        allowed = ",".join(tx.settings.sms_countries) or tx.settings.region
        return f"not to this country: PASAR_SMS_COUNTRIES is {allowed}"
    # By the id, for index outbox_phone: a phone has few rows in a day, and many in a year.
    sent = tx.value(
        "SELECT SUM(segments) FROM outbox WHERE msisdn = ? AND id > ?"
        " AND state NOT IN ('blocked', 'merged', 'withdrawn')",
        (msisdn, first_id(tx.now - _DAY)),
    )
    most = tx.settings.sms_per_phone * of_kind.per_phone
    if int(sent or 0) + segments > most:
        return f"enough for a day: {sent or 0} segments; PASAR_SMS_PER_PHONE lets it have {most:g}"
    return None


def _may_go_there(tx: Transaction, msisdn: str) -> bool:
    """Whether SMS may go to this phone's country; unless set, also to whoever wrote, dialled or is
    registered."""
    chosen = tx.settings.sms_countries
    if msisdn.startswith(_prefixes(chosen or (tx.settings.region,))):
        return True
    return not chosen and bool(
        tx.value(
            "SELECT 1 FROM inbox WHERE msisdn = :phone"
            " UNION ALL SELECT 1 FROM people WHERE msisdn = :phone"
            " UNION ALL SELECT 1 FROM sessions WHERE msisdn = :phone LIMIT 1",
            {"phone": msisdn},
        )
    )


@lru_cache(maxsize=16)
def _prefixes(countries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"+{phonenumbers.country_code_for_region(country)}" for country in countries)


def _first_turn(tx: Transaction, of_kind: Class) -> datetime:
    """When it may leave: not in the quiet hours, and not before others could join it."""
    if not of_kind.waits:
        return tx.now
    at = tx.now + (tx.settings.merge_within if of_kind.merges else timedelta())
    return quiet_until(tx, at) or at


def quiet_until(tx: Transaction, at: datetime) -> datetime | None:
    """When the quiet hours end that this moment is in; None if it is in none."""
    hours = tx.settings.quiet_hours
    if hours is None:
        return None
    begin, end = hours
    local = at.astimezone(tx.settings.zone)
    is_quiet = begin <= local.hour or local.hour < end if begin > end else begin <= local.hour < end
    if not is_quiet:
        return None
    morning = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return morning if morning > local else morning + _DAY
