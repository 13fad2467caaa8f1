"""`flask --app app orders`: the latest orders, or the whole dossier of one."""

from typing import Any
from zoneinfo import ZoneInfo

import click

from store import codes, dossier, overview
from store.shop import Shop
from web.cli import tables
from web.cli.command import Command, listing, shown_phone, shown_text
from web.cli.messages import shown as shown_message

_PERSONS = ("buyer", "seller")
_SECTIONS = ("people", "complaint", "payouts", "events", "messages", "postings")


def command(shop: Shop) -> click.Command:
    """The `orders` command."""

    @click.command(cls=Command)
    @click.argument("number", required=False)
    @listing(20)
    def orders(number: str | None, limit: int, unmask: bool, as_json: bool) -> None:
        """The latest orders, or all there is about one: people, complaint, payouts, events,
        messages and postings."""
        zone = shop.settings.zone
        if number is None:
            with shop.read() as tx:
                rows = [_shown(row, unmask) for row in overview.orders(tx, limit)]
            rows = rows if as_json else [_short(row) for row in rows]
            tables.show(rows, as_json=as_json, zone=zone, nothing="no orders")
            return
        with shop.read() as tx:
            order = dossier.of_order(tx, number)
        if order is None:
            raise click.ClickException(f"there is no order {number}")
        sections = {name: order.pop(name) for name in _SECTIONS}
        sections["people"] = [_person(person, unmask) for person in sections["people"]]
        sections["events"] = [_event(event, unmask) for event in sections["events"]][-limit:]
        sections["messages"] = [shown_message(each, unmask) for each in sections["messages"]]
        sections["messages"] = sections["messages"][-limit:]
        if as_json:
            tables.show_json(_shown(order, unmask) | sections)
        else:
            _tell(_shown(order, unmask), sections, zone)

    return orders


def _tell(order: dict[str, Any], sections: dict[str, Any], zone: ZoneInfo) -> None:
    for name, value in order.items():
        click.echo(f"{name.replace('_', ' '):<14}{_told(name, value, zone)}")
    for event in sections["events"]:
        told = {name: _told(name, value, zone) for name, value in event["details"].items()}
        event["details"] = " ".join(f"{name}={value}" for name, value in told.items())
        for name in ("seq", "subject", "hash"):
            del event[name]
    for posting in sections["postings"]:
        del posting["hash"]
    complaint = sections["complaint"]
    sections["complaint"] = [complaint] if complaint else []
    for head, rows in sections.items():
        click.echo(f"\n{head}")
        tables.show(rows, as_json=False, zone=zone)


def _shown(row: dict[str, Any], unmask: bool) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if not name.endswith("_msisdn")}
    return shown | {f"{one}_phone": shown_phone(row[f"{one}_msisdn"], unmask) for one in _PERSONS}


def _short(row: dict[str, Any]) -> dict[str, Any]:
    what = f"{row['quantity']} {row['unit']} {row['title']}"
    names = ("number", "state", "placed_at", "total", "buyer", "seller")
    return {**{name: row[name] for name in names}, "goods": what}


def _person(row: dict[str, Any], unmask: bool) -> dict[str, Any]:
    phones = {name: row.pop(name) for name in ("msisdn", "vouched_by_msisdn")}
    agent = phones["vouched_by_msisdn"]
    return {
        **row,
        "phone": shown_phone(phones["msisdn"], unmask),
        "agents_phone": shown_phone(agent, unmask) if agent else None,
    }


def _event(event: dict[str, Any], unmask: bool) -> dict[str, Any]:
    actor = str(event["actor"])
    details = {
        name: shown_text(codes.masked(value), unmask) if isinstance(value, str) else value
        for name, value in event["details"].items()
    }
    who = shown_phone(actor, unmask) if actor.startswith("+") else actor
    return {**event, "actor": who, "details": details}


def _told(name: str, value: Any, zone: ZoneInfo) -> Any:
    if value is None:
        return "-"
    return tables.local(value, zone) if name.endswith(("_at", "_by")) else value
