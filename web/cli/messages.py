"""`flask --app app messages`: which SMS came and went, and what became of each."""

from typing import Any

import click

from store import codes, overview
from store.shop import Shop
from web.cli import tables
from web.cli.command import Command, listing, msisdn, shown_phone, shown_text


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
    before = ("at", "way", "msisdn", "text")
    return {
        "at": row["at"],
        "way": row["way"],
        "phone": shown_phone(row["msisdn"], unmask),
        **{name: value for name, value in row.items() if name not in before},
        "text": shown_text(codes.masked(row["text"]), unmask),
    }
