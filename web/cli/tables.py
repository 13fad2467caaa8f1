"""How rows are printed: an aligned table for people, JSON for programs."""

import json
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import click

from store.clock import from_text

Row = dict[str, Any]


def show(rows: Sequence[Row], *, as_json: bool, zone: ZoneInfo, nothing: str = "none") -> None:
    """Prints the rows, or that there is nothing."""
    if as_json:
        show_json(rows)
    elif not rows:
        click.echo(nothing)
    else:
        for line in table(rows, zone):
            click.echo(line)


def show_json(found: object) -> None:
    """Prints what was found, for a program; moments stay UTC."""
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


def table(rows: Sequence[Row], zone: ZoneInfo) -> list[str]:
    """Aligned lines with a head: numbers to the right, moments in the market's time zone."""
    names = list(rows[0])
    cells = [[_cell(name, row[name], zone) for name in names] for row in rows]
    heads = [name.removesuffix("_at").replace("_", " ") for name in names]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    right = [isinstance(rows[0][name], int) for name in names]
    return [
        "  ".join(
            text.rjust(width) if is_number else text.ljust(width)
            for text, width, is_number in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in (heads, *cells)
    ]


def local(moment: str, zone: ZoneInfo) -> str:
    """A moment of the database on the market's clocks."""
    return from_text(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _cell(name: str, value: object, zone: ZoneInfo) -> str:
    if value is None:
        return "-"
    if name == "at" or name.endswith("_at"):
        return local(str(value), zone)
    return plain(value)


def plain(value: object) -> str:
    """A value on one line; what steers a terminal is left out, for texts come from strangers."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
