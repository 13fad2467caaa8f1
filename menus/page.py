"""Fits a screen into 160 septets: as many choices as go in, `9` for the rest, words unbroken.

Whatever it is given, a page is never longer, and paging comes to an end: a label or a word that
is longer than a page by itself is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from store import codes, gsm7

BUDGET = 160
"""Septets of one USSD message that every operator carries."""
MOST_CHOICES = 8
"""Choices of one page: 9 is for more."""


def width(text: str) -> int:
    """Septets of a text as it will be shown. Whatever is not GSM-7 would cost a whole message."""
    found = gsm7.septets(codes.masked(text))
    return BUDGET * 9 if found is None else found


@dataclass(frozen=True)
class Page:
    """One message: its text, where it begins, the choices it shows, and where the next page begins
    (0: none)."""

    text: str
    start: int
    choices: int
    next: int


def choices_page(
    head: str, labels: Sequence[str], start: int, foot: Sequence[str], more: str
) -> Page:
    """The page of `labels`, one at least, that begins at `start`, between `head` and `foot`.

    `more` is the line that leads to the rest; it stands only where there is a rest. When no label
    is left at `start`, because some sold out meanwhile, it is the first page.
    """
    start = start if start < len(labels) else 0
    for shown in range(min(MOST_CHOICES, len(labels) - start), 0, -1):
        end = start + shown
        below = [*([more] if end < len(labels) else []), *foot]
        choices = [f"{n}. {label}" for n, label in enumerate(labels[start:end], start=1)]
        text = _lines(head, *choices, *below)
        if width(text) <= BUDGET:
            break
    else:
        text = _squeezed(head, choices[0], below)
    return Page(text, start, shown, end if end < len(labels) else 0)


def text_page(head: str, text: str, start: int, foot: Sequence[str], more: str) -> Page:
    """The part of `text` that begins at its word number `start`, between `head` and `foot`."""
    words = text.split(" ")
    start = start if start < len(words) else 0
    for end in range(len(words), start, -1):
        below = [*([more] if end < len(words) else []), *foot]
        shown = _lines(head, " ".join(words[start:end]), *below)
        if width(shown) <= BUDGET:
            break
    else:
        shown = _squeezed(head, words[start], below)
    return Page(shown, start, 0, end if end < len(words) else 0)


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _squeezed(head: str, line: str, below: Sequence[str]) -> str:
    """One page with a `head` or a `line` that is too long for it; the head gives way first."""
    room = BUDGET - width(_lines(*below)) - 2
    line = _cut(line, max(room - width(head), room // 2))
    return _lines(_cut(head, room - width(line)), line, *below)


def _cut(text: str, room: int) -> str:
    """As much of the text's beginning as `room` septets hold."""
    text = text[:room]
    while text and width(text) > room:
        text = text[:-1]
    return text
