"""REKAP: what a seller sold, and what is theirs at the agents'."""

import re
from datetime import date, datetime, time, timedelta

from menus.commands.grammar import Command
from menus.commands.registry import Usage, command
from menus.talk import Talk
from menus.wording import N_
from store import recap

RECAP = N_(
    "{day}: {count} pesanan diserahkan, {total}. Dititip di KIM {held}, bisa diambil {amount}."
    " Untuk hari lain ketik REKAP tanggal"
)


_DAYS_AGO = {
    **dict.fromkeys(("", "hari-ini", "today"), timedelta()),
    **dict.fromkeys(("kemarin", "yesterday"), timedelta(days=1)),
}


def day_in(field: str, today: date) -> date | None:
    """The latest day up to today that a date such as `24`, `24-11` or `24/11/2026` names.

    >>> day_in("24", date(2026, 11, 3)), day_in("31-2", date(2026, 11, 3))
    (datetime.date(2026, 10, 24), None)
    """
    found = re.fullmatch(r"(\d{1,2})(?:[-/.](\d{1,2}))?(?:[-/.](\d{4}))?", field)
    if found is None:
        return None
    day, month, year = (int(part) if part else None for part in found.groups())
    for back in range(24):  # from this month on to the same one two years ago
        months = today.year * 12 + today.month - 1 - back
        if month not in (None, months % 12 + 1) or year not in (None, months // 12):
            continue
        try:
            named = date(months // 12, months % 12 + 1, day or 0)
        except ValueError:
            continue
        if named <= today:
            return named
    return None


@command(
    "REKAP",
    N_("Untuk rekap penjualan ketik REKAP, atau REKAP tanggal, misalnya REKAP 24-11"),
    numbers=1,
)
def tell(talk: Talk, command: Command) -> str:
    """`REKAP` for today, `REKAP kemarin` or `REKAP 24-11` for another day."""
    zone = talk.tx.settings.zone
    today = talk.tx.now.astimezone(zone).date()
    named = "-".join(command.args).lower()
    day = today - _DAYS_AGO[named] if named in _DAYS_AGO else day_in(named, today)
    if day is None:
        raise Usage
    found = recap.of_day(talk.tx, talk.registered, day)
    return talk.say(
        RECAP,
        day=datetime.combine(day, time(12), zone),
        count=found.count,
        total=found.total,
        held=found.held,
        amount=found.due,
    )
