"""`flask --app app people`: who is registered."""

import re
from typing import Any

import click

from store import overview
from store.shop import Shop
from web.cli import tables
from web.cli.command import Command, listing, msisdn, shown_phone


def command(shop: Shop) -> click.Command:
    """The `people` command."""

    @click.command(cls=Command)
    @click.argument("who", required=False, metavar="[NUMBER|NAME]")
    @listing(20)
    def people(who: str | None, limit: int, unmask: bool, as_json: bool) -> None:
        """Who is registered: the person of a phone, those with a name, or the newest."""
        number = msisdn(shop, who) if who and re.search("[0-9]", who) else None
        with shop.read() as tx:
            rows = overview.people(tx, limit, msisdn=number, name=None if number else who)
        tables.show(
            [_shown(row, unmask) for row in rows],
            as_json=as_json,
            zone=shop.settings.zone,
            nothing="nobody is registered" + (f" as {who}" if who else ""),
        )

    return people


def _shown(row: dict[str, Any], unmask: bool) -> dict[str, Any]:
    vouched, demo = bool(row.pop("vouched")), bool(row.pop("demo"))
    is_so = {"vouched": vouched, "demo": demo}
    kind = " ".join(word for word, so in is_so.items() if so) or "-"
    phone = shown_phone(row.pop("msisdn"), unmask)
    return {"name": row.pop("name"), "phone": phone, **row, "kind": kind}
