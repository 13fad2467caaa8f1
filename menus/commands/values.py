"""What people write for a quantity, a price and a word cut short.

Money is never guessed: a field that could mean two amounts is None, and the person is asked again.
"""

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files

from store import limits
from store.gsm7 import one_line

_LONGEST_FIELD = 40

_NUMBER_WORDS = {
    word: value
    for words in (
        "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh",
        "one two three four five six seven eight nine ten",
    )
    for value, word in enumerate(words.split(), start=1)
}
_MULTIPLES = {"rb": 1_000, "ribu": 1_000, "k": 1_000, "jt": 1_000_000, "juta": 1_000_000}
_DAYS = {
    word: days
    for words, days in (("hari hr hri h day days d", 1), ("minggu mgg mg week weeks w", 7))
    for word in words.split()
}
_SPAN = re.compile(r"(?P<number>\d{1,3}|[a-z]+)\s*(?P<unit>[a-z]*)")
_GROUPED = r"\d{1,3}(?:\.\d{3}){1,3}|\d{1,3}(?:,\d{3}){1,3}"
_WHOLE = re.compile(rf"(?P<number>{_GROUPED}|\d{{1,12}})\s*(?P<unit>[a-z]{{0,12}}|%)")
_WORD = re.compile(r"(?P<number>[a-z]+)(?:\s+[a-z]{1,12})?")
_AMOUNT = re.compile(rf"{_GROUPED}|[1-9]\d{{0,8}}")
_MULTIPLE = re.compile(r"(0|[1-9]\d{0,5})(?:[.,](\d{1,2}))?\s*([a-z]+)")
_PRICE_UNIT = re.compile(r"(?P<price>[^/]*?)(?:\s*/|\s+per\s)(?P<unit>.*)")


def clean(text: str) -> str:
    r"""The text on one line: digits of any script as 0-9, nothing invisible, spaces folded.

    >>> clean("  BELI\n١٢٣\t\u200b2 ")
    'BELI 123 2'
    """
    return " ".join("".join(map(_visible, unicodedata.normalize("NFC", text))).split())


def _visible(char: str) -> str:
    match unicodedata.category(char):
        case "Nd":
            return str(unicodedata.decimal(char))
        case "Cf" | "Cs":  # zero-width marks, and lone surrogates that no encoder would take
            return ""
        case "Cc":
            return " "
    return char


def whole_number(field: str) -> int | None:
    """A quantity of 1 or more, with or without its unit; None for anything else.

    >>> whole_number("2.000"), whole_number("2 bks"), whole_number("dua"), whole_number("-1")
    (2000, 2, 2, None)
    """
    text = clean(field).lower().rstrip("!?., ")
    if word := _WORD.fullmatch(text):
        return _NUMBER_WORDS.get(word["number"])
    found = _WHOLE.fullmatch(text)
    if found is None or found["unit"] in _MULTIPLES:
        return None
    digits = re.sub("[.,]", "", found["number"])
    return int(digits) or None if len(digits) <= 12 else None


def days(field: str) -> int | None:
    """How many days something takes; None for anything else.

    >>> days("7hr"), days("7"), days("2 minggu"), days("1mg"), days("dua hari"), days("7 kg")
    (7, 7, 14, 7, 2, None)
    """
    found = _SPAN.fullmatch(clean(field[:_LONGEST_FIELD]).lower().rstrip("!?., "))
    if found is None:
        return None
    number, unit = found["number"], found["unit"] or "hari"
    count = int(number) if number.isdigit() else _NUMBER_WORDS.get(number, 0)
    return count * _DAYS.get(unit, 0) or None


def percent(field: str) -> int | None:
    """A share of 0 to 100 that is written with its sign; None for anything else.

    >>> percent("50%"), percent("0 %"), percent("50"), percent("120%")
    (50, 0, None, None)
    """
    digits = clean(field[:_LONGEST_FIELD]).removesuffix("%").strip()
    if not field.rstrip().endswith("%") or not re.fullmatch("[0-9]{1,3}", digits):
        return None
    return int(digits) if int(digits) <= 100 else None


def rupiah(field: str) -> int | None:
    """An amount of 1 to 999,999,999 rupiah.

    None also for what could be two amounts (`1.500rb`) and for a number that begins with 0, which
    is a telephone number in the wrong place.

    >>> rupiah("Rp 12.000,-"), rupiah("10rb"), rupiah("1,5 juta"), rupiah("1.500")
    (12000, 10000, 1500000, 1500)
    """
    text = clean(field[:_LONGEST_FIELD]).lower().rstrip("!? ")
    text = re.sub(r"^(?:rp|idr)\.?\s*(?=\d)", "", text)
    text = re.sub(r"(?<=\d)(?:[.,]|[.,]?-+)$|(?<=\d{3}),00$", "", text)
    if _AMOUNT.fullmatch(text):
        amount = int(re.sub("[.,]", "", text))
    elif found := _MULTIPLE.fullmatch(text):
        whole, fraction, unit = found.groups()
        amount = int(whole + (fraction or "").ljust(2, "0")) * _MULTIPLES.get(unit, 0) // 100
    else:
        return None
    return amount if 0 < amount <= limits.RUPIAH else None


def price_per_unit(field: str) -> tuple[int, str] | None:
    """Rupiah and the unit they buy, its shorthand written out; `buah` (piece) when none is named.

    None when the price is none, or the unit is longer than 12 characters.

    >>> price_per_unit("125rb/btl"), price_per_unit("5.000")
    ((125000, 'botol'), (5000, 'buah'))
    """
    text = clean(field).lower()
    if found := _PRICE_UNIT.fullmatch(text):
        price, unit = rupiah(found["price"]), found["unit"]
    elif (price := rupiah(text)) is not None:
        unit = ""
    else:
        left, _, unit = text.rpartition(" ")
        price = rupiah(left)
    short = one_line(unit).strip(" .,;:!?#*/-") or "buah"
    full = expand(short)
    unit = full if len(full) <= limits.UNIT else short
    if price is None or len(unit) > limits.UNIT or not any(map(str.isalpha, unit)):
        return None
    return price, unit


def expand(words: str) -> str:
    """The words with SMS shorthand written out; only whole words are.

    >>> expand("brp hrg madu 1 btl")
    'berapa harga madu 1 botol'
    """
    full = _abbreviations()
    return re.sub(r"[^\W_]+", lambda word: full.get(word[0].lower(), word[0]), words)


@cache
def _abbreviations() -> dict[str, str]:
    with files("store").joinpath("data/abbreviations.csv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {row["short"]: row["full"] for row in rows}
