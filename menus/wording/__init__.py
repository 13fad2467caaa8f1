"""Every sentence that a person reads, in every language.

The Indonesian text is the source and stands where it is used, marked with `N_`; the other
languages are gettext catalogues (`<lang>.po`) beside this file. A catalogue appears in the menu
once it is complete. How a value is written follows from the name of its placeholder: `{total}`
is money, `{day}` a date; WIDEST has the longest that each can become, from the schema's limits.
"""

import string
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from store import limits

SOURCE_LANGUAGE = "id"
CATALOGUES = Path(__file__).parent

LANGUAGE_NAMES = {
    "id": "Bahasa Indonesia",
    "en": "English",
    "sas": "Basa Sasak",
    "smw": "Basa Samawa",
    "bhp": "Nggahi Mbojo",
}
"""What each language calls itself; one that has a catalogue must be named here."""


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Marks a sentence for the catalogues; it is translated when it is said."""
    return text


STATES = {
    "waiting": N_("menunggu"),
    "accepted": N_("disiapkan"),
    "sent": N_("dikirim"),
    "in work": N_("dikerjakan"),
    "handed over": N_("diserahkan"),
    "done": N_("selesai"),
    "rejected": N_("ditolak"),
    "expired": N_("tidak dijawab"),
    "cancelled": N_("dibatalkan"),
    "held": N_("uang dititip"),
    "at agent": N_("ada di KIM"),
    "disputed": N_("dalam keluhan"),
    "settled": N_("sudah diputus"),
    "opened": N_("ditanyakan"),
    "with agent": N_("diperiksa KIM"),
    "proposed": N_("di KIM kedua"),
    "with coordinator": N_("di koordinator"),
    "ruled": N_("sudah diputus"),
    "owing": N_("uang ditagih"),
    "withdrawn": N_("dicabut"),
    "due": N_("belum diambil"),
    "paid": N_("sudah diambil"),
    "taken back": N_("ditahan"),
    "frozen": N_("ditahan"),
    "released": N_("untuk penjual"),
    "refunded": N_("untuk pembeli"),
    "split": N_("dibagi"),
    "void": N_("dibatalkan"),
    "offered": N_("ditawarkan"),
    "taken": N_("diterima"),
    "refused": N_("tidak diterima"),
    "called back": N_("ditarik"),
    "lapsed": N_("tidak dijawab"),
}
"""The states of orders, complaints, payouts and cash as people read them; "in work" is what a
service is instead of sent."""

COMPLAINTS = {
    "not arrived": N_("barang belum sampai"),
    "wrong": N_("barang salah"),
    "broken": N_("barang rusak"),
    "short": N_("barang kurang"),
    "other": N_("hal lain"),
    "no code": N_("belum diberi kode"),
}
"""What can be wrong with an order, as people read it."""

MONEY = ("price", "total", "cap", "amount", "deposit", "held", "rest", "paid", "owed")
"""Placeholders that stand for rupiah."""

WIDEST = {
    "message": "0" * 28,
    "number": "9" * limits.NUMBER,
    "other": "9" * limits.NUMBER,
    "listing": "9" * limits.NUMBER,
    "remittance": "9" * limits.NUMBER,
    "title": "W" * limits.TITLE,
    "unit": "W" * limits.UNIT,
    "quantity": str(limits.QUANTITY),
    "stock": str(limits.QUANTITY),
    "most": str(limits.QUANTITY),
    "left": str(limits.CODE_TRIES),
    **dict.fromkeys(MONEY, "Rp999.999.999"),
    "percent": "100",
    "complaint": max(COMPLAINTS.values(), key=len),
    "advance": "100%",
    "days": "9" * len(str(limits.LEAD_DAYS)),
    "offer": "W" * 10,
    "spec": "W" * limits.SPEC,
    "name": "W" * limits.NAME,
    "agent": "W" * limits.NAME,
    "buyer": "W" * limits.NAME,
    "seller": "W" * limits.NAME,
    "phone": "+999999999999999",
    "buyer_phone": "+999999999999999",
    "seller_phone": "+999999999999999",
    "agent_phone": "+999999999999999",
    "village": "W" * limits.VILLAGE,
    "district": "W" * limits.DISTRICT,
    "query": "W" * limits.QUERY,
    "word": "W" * 12,
    "keyword": "KOMPLAIN",
    "command": "W" * limits.COMMAND,
    "nearest": "KOMPLAIN, KOMPLAIN",
    "why": "W" * limits.REASON,
    "stars": "5",
    "average": "5,0",
    "count": "9999",
    "code": "99999",
    "day": "30 Sep",
    "time": "23.59",
    "state": max(STATES.values(), key=len),
    "service_code": "*999*999*9999#",
    "short_code": "+" + "9" * 15,
    "language": max(LANGUAGE_NAMES.values(), key=len),
    "languages": " ".join(code.upper() for code in LANGUAGE_NAMES),
    "category": "W" * 20,
    "told": "",
    "lines": "",
}
"""The longest value of each placeholder; what is longer is cut to it."""


def rupiah(amount: int) -> str:
    """`Rp12.000`.

    >>> rupiah(1250000)
    'Rp1.250.000'
    """
    return "Rp" + f"{amount:,}".replace(",", ".")


class Wording:
    """Says sentences in the languages that are complete."""

    def __init__(self, zone: ZoneInfo, notices: Mapping[str, str]) -> None:
        self._zone = zone
        self._notices = notices
        self._formats: dict[str, Callable[[Any, str], str]] = {
            **{name: lambda amount, _: rupiah(min(amount, limits.RUPIAH)) for name in MONEY},
            "complaint": lambda complaint, lang: translate(lang, COMPLAINTS[complaint]),
            "advance": lambda percent, _: f"{percent}%",
            "stock": lambda stock, _: str(min(stock, limits.QUANTITY)),
            "count": lambda count, _: str(min(count, limits.QUANTITY)),
            "average": lambda average, lang: format_decimal(average, "0.0", _locale(lang)),
            "day": self._day,
            "time": lambda moment, _: moment.astimezone(self._zone).strftime("%H.%M"),
            "state": lambda state, lang: translate(lang, STATES[state]),
        }

    def __call__(self, lang: str, notice: str, values: Mapping[str, Any]) -> str:
        """The notice of this name: how the store has its messages worded."""
        return self.say(lang, self._notices[notice], **values)

    def say(self, lang: str, sentence: str, **values: Any) -> str:
        """The sentence in `lang`, its placeholders filled."""
        text = translate(lang, sentence)
        names = placeholders(sentence)
        return text.format(**{name: self._written(name, values[name], lang) for name in names})

    def _written(self, name: str, value: Any, lang: str) -> str:
        write = self._formats.get(name)
        text = write(value, lang) if write else str(value)
        return text if "\x02" in text or name in ("lines", "told") else text[: len(WIDEST[name])]

    def _day(self, moment: datetime, lang: str) -> str:
        return format_date(moment.astimezone(self._zone), "d MMM", locale=_locale(lang))


def _locale(lang: str) -> str:
    """How dates and decimals are written for people who read `lang`."""
    return lang if lang in ("id", "en") else SOURCE_LANGUAGE


@cache
def placeholders(sentence: str) -> frozenset[str]:
    """The names between braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def translate(lang: str, sentence: str) -> str:
    """The sentence in `lang`, unfilled; in Indonesian where there is no such language."""
    return _translations(lang).get(sentence, sentence)


def languages() -> list[str]:
    """The languages that people can choose: Indonesian and every complete catalogue."""
    return [lang for lang in LANGUAGE_NAMES if lang == SOURCE_LANGUAGE or _translations(lang)]


def read_catalogue(name: str) -> Catalog:
    """The catalogue in a file of this folder, complete or not."""
    with (CATALOGUES / name).open("rb") as file:
        return read_po(file)


@cache
def _translations(lang: str) -> Mapping[str, str]:
    """All sentences in `lang`; nothing unless its catalogue has every one of the template's."""
    if lang not in LANGUAGE_NAMES or not (CATALOGUES / f"{lang}.po").exists():
        return {}
    wanted = {message.id for message in read_catalogue("messages.pot") if message.id}
    found = {
        str(message.id): str(message.string)
        for message in read_catalogue(f"{lang}.po")
        if message.id and _is_translated(message)
    }
    return found if found.keys() >= wanted else {}


def _is_translated(message: Message) -> bool:
    try:
        same = placeholders(str(message.string)) == placeholders(str(message.id))
    except ValueError:  # a brace too many, or one missing
        return False
    return bool(message.string) and not message.fuzzy and same
