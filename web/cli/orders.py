"""`flask --app app orders`: the latest orders, or the whole dossier of one."""

from typing import Any

import click

from store import codes, dossier, overview
from store.shop import Shop
from web.cli import paper, tables
from web.cli.command import Command, listing, shown_phone, shown_text
from web.cli.messages import shown as shown_message

_LATEST = 20
_PERSONS = ("buyer", "seller")
_GROWING = ("events", "messages", "postings")


def command(shop: Shop) -> click.Command:
    """The `orders` command."""

    @click.command(cls=Command)
    @click.argument("number", required=False)
    @listing(None, f"Rows at most; {_LATEST} orders, or all there is about one, unless given.")
    def orders(number: str | None, limit: int | None, unmask: bool, as_json: bool) -> None:
        """The latest orders, or all there is about one: people, complaint, deposits, payouts,
        events, messages and postings, to be printed."""
        zone = shop.settings.zone
        if number is None:
            with shop.read() as tx:
                rows = [_shown(row, unmask) for row in overview.orders(tx, limit or _LATEST)]
            rows = rows if as_json else [_short(row) for row in rows]
            tables.show(rows, as_json=as_json, zone=zone, nothing="no orders")
            return
        with shop.read() as tx:
            found, moment = dossier.of_order(tx, number), tx.moment
        if found is None:
            raise click.ClickException(f"there is no order {number}")
        for name in _GROWING:
            found[name] = found[name][-(limit or 0) :]
        told = _whole(found, unmask)
        if as_json:
            tables.show_json(told)
        else:
            for line in paper.lines(told, moment, zone):
                click.echo(line)

    return orders


def _shown(row: dict[str, Any], unmask: bool) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if not name.endswith("_msisdn")}
    return shown | {f"{one}_phone": shown_phone(row[f"{one}_msisdn"], unmask) for one in _PERSONS}


def _short(row: dict[str, Any]) -> dict[str, Any]:
    what = f"{row['quantity']} {row['unit']} {row['title']}"
    names = ("number", "state", "placed_at", "total", "buyer", "seller")
    return {**{name: row[name] for name in names}, "goods": what}


def _whole(found: dict[str, Any], unmask: bool) -> dict[str, Any]:
    """The dossier as this operator wants to see it, its sections last."""
    sections = {name: found.pop(name) for name in dossier.SECTIONS}
    complaint = sections["complaint"]
    return {
        **_texts(_shown(found, unmask), unmask, "spec"),
        **sections,
        "complaint": complaint and _texts(complaint, unmask, "told", "reply"),
        "people": [_person(person, unmask) for person in sections["people"]],
        "events": [_event(event, unmask) for event in sections["events"]],
        "messages": [shown_message(each, unmask) for each in sections["messages"]],
        "postings": [_texts(each, unmask, "reason") for each in sections["postings"]],
    }


def _texts(row: dict[str, Any], unmask: bool, *names: str) -> dict[str, Any]:
    return {**row, **{name: shown_text(row[name], unmask) for name in names}}


def _person(row: dict[str, Any], unmask: bool) -> dict[str, Any]:
    phones = {name: row.pop(name) for name in ("msisdn", "vouched_by_msisdn")}
    agent = phones["vouched_by_msisdn"]
    return {
        **row,
        "phone": shown_phone(phones["msisdn"], unmask),
        "agents_phone": shown_phone(agent, unmask) if agent else None,
    }


def _event(event: dict[str, Any], unmask: bool) -> dict[str, Any]:
    who = shown_phone(event["actor"], unmask)
    return {**event, "actor": who, "details": _detail(event["details"], unmask)}


def _detail(value: Any, unmask: bool) -> Any:
    if isinstance(value, dict):
        return {name: _detail(part, unmask) for name, part in value.items()}
    if isinstance(value, list):
        return [_detail(part, unmask) for part in value]
    return shown_text(codes.masked(value), unmask) if isinstance(value, str) else value
