"""Characters and lengths of an SMS: the GSM 7-bit default alphabet, and UCS-2 beyond it.

Source: 3GPP TS 23.038, 6.2.1 (the alphabet and its extension table), and TS 23.040, 9.2.3.24.1
(a concatenation header takes 7 septets or 6 octets of every part). National shift tables are not
used: too few phones in the field read them.
"""

import unicodedata

from anyascii import anyascii

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_ALPHABET = _BASIC | _EXTENSION
_INSTEAD_OF_EXTENSION = str.maketrans(
    {"^": "", "{": "(", "}": ")", "\\": "/", "[": "(", "~": "-", "]": ")", "|": "/", "€": "EUR"}
)

SINGLE_SEPTETS, PART_SEPTETS = 160, 153
SINGLE_UNITS, PART_UNITS = 70, 67


def septets(text: str) -> int | None:
    """How many septets the text takes; None if GSM-7 cannot carry it.

    >>> septets("Madu Rp1"), septets("€"), septets("蜂蜜")
    (8, 2, None)
    """
    if _ALPHABET.issuperset(text):
        extended = 0 if _EXTENSION.isdisjoint(text) else sum(char in _EXTENSION for char in text)
        return len(text) + extended
    return None


def is_gsm7(text: str) -> bool:
    """Whether GSM-7 can carry the text as it is."""
    return septets(text) is not None


def to_gsm7(text: str) -> str:
    """The text in GSM-7: what the alphabet lacks is transliterated, or dropped without counterpart.

    Control characters become spaces, except for the line feed. Emoji are dropped, not spelled out.

    >>> to_gsm7("“Café” Ibu Çelik… 🍯")
    '"Café" Ibu Çelik... '
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(map(_transliterated, composed))


def _transliterated(char: str) -> str:
    if char != "\n" and unicodedata.category(char) == "Cc":
        return " "
    if char in _BASIC or char in _EXTENSION:
        return char
    latin = anyascii(char)
    if len(latin) > 2 and latin[0] == latin[-1] == ":":  # how anyascii names an emoji
        return ""
    return "".join(c for c in latin.replace("`", "'") if c in _BASIC or c in _EXTENSION)


def one_line(text: str) -> str:
    r"""The text in the basic alphabet, on one line.

    >>> one_line(" Madu\n [asli] ")
    'Madu (asli)'
    """
    return " ".join(to_basic(text).split())


def to_basic(text: str) -> str:
    r"""Like `to_gsm7`, on one line and without extension characters, for names and titles.

    Each character is one septet, so `len()` is the length on the air.

    >>> to_basic("Madu [asli]\n10€")
    'Madu (asli) 10EUR'
    """
    return to_gsm7(text).replace("\n", " ").translate(_INSTEAD_OF_EXTENSION)


def segments(text: str) -> int:
    """How many SMS the text is billed as; an empty text is one.

    >>> segments("a" * 160), segments("a" * 161), segments("蜂" * 71)
    (1, 2, 2)
    """
    return len(parts(text))


def parts(text: str) -> list[str]:
    """What each SMS of the text carries; an empty text is one empty part.

    An extension character or a surrogate pair never straddles two parts.

    >>> [len(part) for part in parts("a" * 161)], parts("Halo")
    ([153, 8], ['Halo'])
    """
    if is_gsm7(text):
        widths = [2 if char in _EXTENSION else 1 for char in text]
        single, part = SINGLE_SEPTETS, PART_SEPTETS
    else:
        widths = [2 if char > "\uffff" else 1 for char in text]
        single, part = SINGLE_UNITS, PART_UNITS
    if sum(widths) <= single:
        return [text]
    starts, used = [0], 0
    for index, width in enumerate(widths):
        if used + width > part:
            starts.append(index)
            used = 0
        used += width
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def fits(text: str, limit: int = SINGLE_SEPTETS) -> bool:
    """Whether the text is GSM-7 and takes at most `limit` septets.

    >>> fits("a" * 160), fits("a" * 159 + "€"), fits("蜂")
    (True, False, False)
    """
    length = septets(text)
    return length is not None and length <= limit
