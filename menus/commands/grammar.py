"""Reads a person's SMS: which command it is, and with which fields.

Nothing that arrives raises. A word that is nearly a command is taken for it, marked as guessed,
unless the command moves money or ends something: those are only ever asked back.
"""

import re
import unicodedata
from dataclasses import dataclass

from menus.commands.keywords import LONGEST_WORD, NEVER_GUESSED, Keywords
from menus.commands.values import clean, expand, price_per_unit, rupiah, whole_number

__all__ = [
    "NEVER_GUESSED",
    "Command",
    "Keywords",
    "Unknown",
    "expand",
    "parse",
    "price_per_unit",
    "rupiah",
    "whole_number",
]

POLITE = (
    "tolong|tlg|tlng|mohon|mhn|maaf|mf|permisi|pak|bapak|bpk|bu|ibu|buk|mas|mbak|kak|bang|admin|min"
    "|saya|sy|saye|aku|tiang|mau|mo|ingin|pengen|pingin|coba|halo|hallo|hai|hi|hello|dear|please"
    "|pls|selamat|met|pagi|siang|sore|malam|ass|askum|aslm|salam"
)
MOST_POLITE_WORDS = 3
_THANKS = {"TERIMA": re.compile(r"(?:kasih|kasi|ksh|makasih)\b", re.IGNORECASE)}

_GREETING = r"ass?alam\w{0,12}(?:\W?\w{0,5}laik\w{0,6})?(?:\W{1,3}wr)?(?:\W{1,3}wb)?"
_OPENING = re.compile(
    rf"[\W_]*(?:(?:{_GREETING}|{POLITE})(?![^\W_])[\W_]*){{0,{MOST_POLITE_WORDS}}}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_GLUED = re.compile(r"([^\W\d_]+)(\d+[^\W_]*)")
_AFTER_KEYWORD = re.compile(r"(?:[^\w\s#+\"'(?@]|_)*[\s*.,;:=]*")
_DIGITS_THEN_HASH = re.compile(r"[\d\s*.,;:]+#")
_QUOTES = "\"'`“”‘’«» "
_FIELD = re.compile(
    r"""(?:(?:rp\.?\s*(?=\d))?(?:
        (?:\d{1,3}[.,]\d{1,2}|\d+)\s*(?:ribu|rb|juta|jt)(?![^\W_])   # 1,5jt  10 ribu
      | \d{1,3}[.,]\d{1,2}k(?![^\W_])                                # 1,5k
      | \d{1,3}(?:(?:\.\d{3})+|(?:,\d{3})+)(?!\d)(?:,-)?             # 12.000  1,500,000  12.000,-
      | (?<=\s)(?=\d)                                                # Rp 12000
    ))?[^\s*.,;:]*""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True)
class Command:
    """A message that was understood.

    keyword: the canonical one, in capitals, whichever synonym was written
    args: the fields, trimmed
    rest: everything after the keyword, on one line, otherwise as written
    guessed: whether the keyword was misspelt
    """

    keyword: str
    args: tuple[str, ...] = ()
    rest: str = ""
    guessed: bool = False


@dataclass(frozen=True)
class Unknown:
    """A message that was not: its first word, in capitals, and the keywords it may have meant."""

    word: str
    nearest: tuple[str, ...] = ()


def parse(text: str, keywords: Keywords) -> Command | Unknown:
    """The command in a message, in any of the shapes that people write.

    >>> parse("tolong beli#123#2", Keywords.load())
    Command(keyword='BELI', args=('123', '2'), rest='123#2', guessed=False)
    >>> parse("JUAL madu hutan#125rb/btl#10", Keywords.load()).args
    ('madu hutan', '125rb/btl', '10')
    >>> parse("BATLA 123", Keywords.load())
    Unknown(word='BATLA', nearest=('BATAL',))
    """
    message = clean(text)
    asked, _, rest = message.partition(" ")
    if asked and not asked.strip("?") and "?" in keywords.meaning:
        return _command(keywords.meaning["?"], rest, guessed=False)
    word, rest = _first_word(message, keywords)
    if (keyword := keywords.meaning.get(word)) is not None:
        return _command(keyword, rest, guessed=False)
    nearest = keywords.nearest(word)
    if len(nearest) == 1 and nearest[0] not in NEVER_GUESSED:
        return _command(nearest[0], rest, guessed=True)
    if not word and (polite := _WORD.search(message)):
        word = _capitals(polite[0])
    return Unknown(word[:LONGEST_WORD].strip(), nearest)


def _first_word(message: str, keywords: Keywords) -> tuple[str, str]:
    """The word that should be a keyword, in plain capitals, and what stands behind it.

    Both are empty when there are only polite words.
    """
    opening = _OPENING.match(message)
    found = _WORD.match(message, opening.end() if opening else 0)
    if found is None:
        return "", ""
    written, end = found[0], found.end()
    if glued := _GLUED.fullmatch(written):  # YA10023
        head, tail = glued.groups()
        if tail.isdecimal() or (len(head) > 1 and _capitals(head) in keywords.meaning):
            written, end = head, found.start() + len(head)
    return _capitals(written), message[end:]


def _capitals(word: str) -> str:
    return unicodedata.normalize("NFKC", word[: 2 * LONGEST_WORD]).upper()


def _command(keyword: str, after: str, *, guessed: bool) -> Command | Unknown:
    after = _AFTER_KEYWORD.sub("", after, count=1)
    hashed = after.startswith("#")
    rest = after.removeprefix("#").strip(_QUOTES)
    if keyword in _THANKS and _THANKS[keyword].match(rest):
        return Unknown(f"{keyword} {rest}".upper()[:LONGEST_WORD].strip())
    return Command(keyword, _fields(rest, hashed=hashed), rest, guessed)


def _fields(rest: str, *, hashed: bool) -> tuple[str, ...]:
    """`#` alone separates where it is used, so that names may hold spaces.

    Otherwise spaces and `* . , ; :` do, except inside an amount of money. `123.200` stays one
    field: it may be an amount, and two fields made of one price would be off by a thousand.
    """
    if not hashed and _DIGITS_THEN_HASH.fullmatch(rest):  # BELI 123 2#, as one dials
        rest = rest[:-1]
    if "#" in rest or (hashed and not rest[:1].isdecimal()):
        fields = [field.strip(_QUOTES) for field in rest.split("#")]
        return tuple(fields) if any(fields) else ()
    found = (field.strip(_QUOTES + "!?") for field in _FIELD.findall(rest))
    return tuple(field for field in found if any(map(str.isalnum, field)))
