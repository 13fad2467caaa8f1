"""Writes REFERENCE.md from the program's own tables: `python -m docs.reference`.

A test fails while the page is not what this writes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import menus.commands.answer
import menus.screens  # noqa: F401 - declares the screens
from gateway import providers
from gateway.providers import Promises
from menus.commands.keywords import Keywords
from menus.commands.registry import HANDLERS
from menus.notices import NOTICES, REFUSALS
from menus.screen import SCREENS, Screen
from menus.wording import translate
from settings import PREFIX, PROVIDERS, Settings
from store import disputes, escrow, inbox, orders, outbox, payouts, remittances
from store.machine import Machine, Transition

PAGE = Path(__file__).with_name("REFERENCE.md")

MACHINES: Mapping[str, Machine[Any]] = {
    "Orders": orders.MACHINE,
    "Money held for an order": escrow.MACHINE,
    "Money that people can fetch": payouts.MACHINE,
    "Complaints": disputes.MACHINE,
    "Cash that agents hand on": remittances.MACHINE,
}
"""Everything that has states, by what it is called here."""


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Reference"
    yield ""
    yield "Made from the program's own tables by `python -m docs.reference`; do not edit it."
    yield ""
    yield "## SMS words"
    yield ""
    yield "Any case; fields are separated by spaces, `#`, `*`, `.` or `,`."
    yield ""
    yield from _table(
        ("word", "also", "how it is typed"),
        (
            (f"`{keyword}`", _synonyms(keyword), translate("en", handler.how))
            for keyword, handler in sorted(HANDLERS.items())
        ),
    )
    yield "## Screens"
    yield ""
    yield from _table(
        ("screen", "text", "choices"),
        ((screen.name, _one_line(screen.text), _choices(screen)) for screen in SCREENS.values()),
    )
    yield "## Notices"
    yield ""
    yield from _table(
        ("notice", "Bahasa Indonesia", "English"),
        ((name, text, translate("en", text)) for name, text in NOTICES.items()),
    )
    yield "## Refusals"
    yield ""
    yield from _table(
        ("reason", "Bahasa Indonesia", "English"),
        ((name, text, translate("en", text)) for name, text in REFUSALS.items()),
    )
    yield "## Who may do what"
    yield ""
    yield "In a state that is over nobody has to do anything any more, though somebody may."
    yield ""
    for title, machine in MACHINES.items():
        yield from _machine(title, machine)
    yield from _messages()
    yield "## Settings"
    yield ""
    yield from _table(
        ("setting", "default", "allowed", "meaning"),
        (
            (
                f"`{PREFIX}{name.upper()}`",
                _default(field.default),
                _allowed(name),
                field.description,
            )
            for name, field in Settings.model_fields.items()
        ),
    )


def _messages() -> Iterator[str]:
    yield "## Messages out"
    yield ""
    states = ((f"`{state}`", meaning) for state, meaning in outbox.STATES.items())
    yield from _table(("state", "meaning"), states)
    yield from _table(
        ("from", "to", "when"), ((source, to, when) for (source, to), when in outbox.MOVES.items())
    )
    yield "The kinds of message, the most urgent first:"
    yield ""
    yield from _table(
        ("kind", "wanted for", "leaves until", "to one phone", "waits", "merges"),
        (
            (
                each.name,
                f"`{PREFIX}{each.expiry.upper()}`",
                "in any case" if each.budget is None else f"{each.budget:.0%} of the budget",
                f"{each.per_phone:g} × `{PREFIX}SMS_PER_PHONE`",
                "in the quiet hours" if each.waits else "",
                "with others to the same phone" if each.merges else "",
            )
            for each in outbox.CLASSES.values()
        ),
    )
    yield "## Messages in"
    yield ""
    states = ((f"`{state}`", meaning) for state, meaning in inbox.STATES.items())
    yield from _table(("state", "meaning"), states)
    yield "## What each link can promise"
    yield ""
    names = [field.name for field in fields(Promises)]
    promises = {
        name: providers.make(name, Settings()).promises
        for name in PROVIDERS
        if find_spec(f"gateway.providers.{name}")
    }
    yield from _table(
        ("link", *(name.replace("_", " ") for name in names)),
        (
            (f"`{name}`", *(getattr(promise, each) for each in names))
            for name, promise in promises.items()
        ),
    )


def _machine(title: str, machine: Machine[Any]) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    yield from _table(
        ("state", "action", "who", "only", "then", "tells"),
        (
            (state, each.action, each.who, _guard(each), each.target, _told(each.tells))
            for state in machine.states
            for each in machine.transitions
            if each.source == state
        ),
    )
    yield f"Over: {', '.join(state for state in machine.states if state in machine.over)}."
    yield ""
    if not machine.timeouts:
        return
    yield "When nobody does anything:"
    yield ""
    yield from _table(
        ("state", "after", "then", "tells"),
        (
            (", ".join(each.states), each.span, each.action or "stays so", _told(each.tells))
            for each in machine.timeouts
        ),
    )


def _guard(transition: Transition[Any]) -> str:
    guard = transition.guard
    says = (guard.__doc__ or "").split("\n")[0].rstrip(".") if guard else ""
    return says[:1].lower() + says[1:]


def _told(tells: Mapping[str, str]) -> str:
    return ", ".join(f"{side}: `{notice}`" for side, notice in tells.items())


def _table(head: tuple[str, ...], rows: Iterator[tuple[str | None, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join((cell or '').replace('|', '&#124;') for cell in row)} |"
    yield ""


def _synonyms(keyword: str) -> str:
    return " ".join(word for word in Keywords.load().words_of(keyword) if word != keyword)


def _one_line(text: str) -> str:
    return text.replace("\n", " / ")


def _choices(screen: Screen) -> str:
    fixed = [choice.label for choice in screen.choices]
    return ", ".join([*fixed, *([f"rows: {screen.rows.label}"] if screen.rows else [])])


def _default(value: object) -> str:
    if value is None or value == ():
        return "–"
    if isinstance(value, tuple) and isinstance(value[0], int):
        return f"`{'-'.join(str(each) for each in value)}`"
    if hasattr(value, "total_seconds"):
        seconds = int(value.total_seconds())
        for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
            if seconds % length == 0 and seconds > length:
                return f"`{seconds // length}{unit}`"
        return f"`{seconds}s`"
    return f"`{','.join(value) if isinstance(value, tuple) else value}`"


def _allowed(name: str) -> str:
    extra = Settings.model_fields[name].json_schema_extra
    return str(extra["allowed"]) if isinstance(extra, dict) else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
