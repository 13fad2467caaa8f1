"""`flask --app app messages`: which SMS came and went, and what became of each."""

import re
from functools import cache
from typing import Any

import click

from menus.commands.grammar import Command as Understood
from menus.commands.grammar import Keywords, parse
from store import codes, overview
from store.shop import Shop
from web.cli import tables
from web.cli.command import Command, listing, msisdn, shown_phone, shown_text

_WITH_SECRET = frozenset({"SERAH", "BAYAR", "KEMBALI", "PIN"})
"""Commands whose later fields may be a code or a PIN."""


def command(shop: Shop) -> click.Command:
    """The `messages` command."""

    @click.command(cls=Command)
    @click.argument("phone", required=False)
    @listing(20)
    def messages(phone: str | None, limit: int, unmask: bool, as_json: bool) -> None:
        """The latest SMS in and out, of one phone or all, with what became of each."""
        number = msisdn(shop, phone) if phone else None
        if phone and number is None:
            raise click.ClickException(f"{phone} is not a phone number")
        with shop.read() as tx:
            rows = overview.messages(tx, limit, msisdn=number)
        tables.show(
            [shown(row, unmask) for row in rows],
            as_json=as_json,
            zone=shop.settings.zone,
            nothing="no messages",
        )

    return messages


def shown(row: dict[str, Any], unmask: bool) -> dict[str, Any]:
    """A message without its secrets, its text last."""
    text = codes.masked(row["text"]) if row["way"] == "out" else _masked_incoming(row["text"])
    before = ("at", "way", "msisdn", "text")
    return {
        "at": row["at"],
        "way": row["way"],
        "phone": shown_phone(row["msisdn"], unmask),
        **{name: value for name, value in row.items() if name not in before},
        "text": shown_text(text, unmask),
    }


def _masked_incoming(text: str) -> str:
    """What a person wrote, without the code or PIN that may be in it.

    Of a message that was not understood all longer numbers are hidden: it may be a code alone.
    """
    read = parse(text, _keywords())
    if not isinstance(read, Understood):
        return re.sub("[0-9]{4,}", "*****", text)
    if read.keyword not in _WITH_SECRET:
        return text
    named = read.args[:1] if read.keyword != "PIN" else ()
    return " ".join((read.keyword, *named, "*****"))


@cache
def _keywords() -> Keywords:
    return Keywords.load()
