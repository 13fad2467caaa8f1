"""How the dossier of an order is printed: lines that fit a terminal and a sheet of paper."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

from store import dossier
from web.cli import tables

WIDTH = 80

_FIRST = {
    "people": ("role", "name", "phone"),
    "complaint": ("state", "complaint", "side"),
    "deposits": ("held_at", "amount", "state", "agent"),
    "payouts": ("owed_at", "amount", "role", "state"),
    "events": ("seq", "at", "actor", "action"),
    "messages": ("at", "way", "phone", "state"),
    "postings": ("seq", "at", "amount"),
}
"""What stands in the first line of a row, by section; the rest is below it."""

_WHOLE = {"text", "details"}
"""What needs no name in front of it."""


def lines(told: dict[str, Any], moment: str, zone: ZoneInfo) -> Iterator[str]:
    """The lines of a dossier that was drawn up at this moment."""
    for name, value in told.items():
        if name not in dossier.SECTIONS:
            yield from _wrapped(f"{_head(name):<14}", _said(name, value, zone), " " * 14)
    for section, first in _FIRST.items():
        rows = told[section] or []
        yield from ("", section)
        if not rows:
            yield "  none"
        for row in [rows] if isinstance(rows, dict) else rows:
            yield from _row(row, first, zone)
    yield from ("", f"drawn up {tables.local(moment, zone)}; the chains end with")
    for table, head in told["heads"].items():
        yield from (f"  {table:<10}{head['seq']:020d}", f"  {head['hash']}")


def _row(row: dict[str, Any], first: tuple[str, ...], zone: ZoneInfo) -> Iterator[str]:
    yield from _wrapped("  ", "  ".join(_said(name, row[name], zone) for name in first), "    ")
    rest = {name: value for name, value in row.items() if name not in (*first, "hash")}
    named = [
        _said(name, value, zone) if name in _WHOLE else f"{_head(name)}={_said(name, value, zone)}"
        for name, value in rest.items()
        if value not in (None, "", {})
    ]
    yield from _wrapped("    ", "  ".join(named), "    ")


def _wrapped(before: str, text: str, after: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent=before, subsequent_indent=after, break_on_hyphens=False)


def _head(name: str) -> str:
    return name.removesuffix("_at").replace("_", " ")


def _said(name: str, value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{each}={_said(each, part, zone)}" for each, part in value.items())
    if value is None:
        return "-"
    if name == "at" or name.endswith("_at") or name in ("answer_by", "promised_by"):
        return tables.local(value, zone)
    return tables.plain(value)
