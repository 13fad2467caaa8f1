"""`flask --app app orders`: the latest orders, or all that happened to one."""

from typing import Any
from zoneinfo import ZoneInfo

import click

from store import codes, overview
from store.shop import Shop
from web.cli import tables
from web.cli.command import Command, listing, shown_phone
from web.cli.messages import shown as shown_message

_PERSONS = ("buyer", "seller")


def command(shop: Shop) -> click.Command:
    """The `orders` command."""

    @click.command(cls=Command)
    @click.argument("number", required=False)
    @listing(20)
    def orders(number: str | None, limit: int, unmask: bool, as_json: bool) -> None:
        """The latest orders, or one with its events and messages."""
        zone = shop.settings.zone
        if number is None:
            with shop.read() as tx:
                rows = [_shown(row, unmask) for row in overview.orders(tx, limit)]
            rows = rows if as_json else [_short(row) for row in rows]
            tables.show(rows, as_json=as_json, zone=zone, nothing="no orders")
            return
        with shop.read() as tx:
            order = overview.order(tx, number)
        if order is None:
            raise click.ClickException(f"there is no order {number}")
        history = {
            "events": [_event(event, unmask) for event in order.pop("events")][-limit:],
            "messages": [shown_message(each, unmask) for each in order.pop("messages")][-limit:],
        }
        if as_json:
            tables.show_json(_shown(order, unmask) | history)
        else:
            _tell(_shown(order, unmask), history, zone)

    return orders


def _tell(order: dict[str, Any], history: dict[str, list[dict[str, Any]]], zone: ZoneInfo) -> None:
    for name, value in order.items():
        click.echo(f"{name.replace('_', ' '):<14}{_told(name, value, zone)}")
    for event in history["events"]:
        told = {name: _told(name, value, zone) for name, value in event["details"].items()}
        event["details"] = " ".join(f"{name}={value}" for name, value in told.items())
    for head, rows in history.items():
        click.echo(f"\n{head}")
        tables.show(rows, as_json=False, zone=zone)


def _shown(row: dict[str, Any], unmask: bool) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if not name.endswith("_msisdn")}
    return shown | {f"{one}_phone": shown_phone(row[f"{one}_msisdn"], unmask) for one in _PERSONS}


def _short(row: dict[str, Any]) -> dict[str, Any]:
    what = f"{row['quantity']} {row['unit']} {row['title']}"
    names = ("number", "state", "placed_at", "total", "buyer", "seller")
    return {**{name: row[name] for name in names}, "goods": what}


def _event(event: dict[str, Any], unmask: bool) -> dict[str, Any]:
    actor = str(event["actor"])
    details = {
        name: codes.masked(value) if isinstance(value, str) else value
        for name, value in event["details"].items()
    }
    who = shown_phone(actor, unmask) if actor.startswith("+") else actor
    return {**event, "actor": who, "details": details}


def _told(name: str, value: Any, zone: ZoneInfo) -> Any:
    if value is None:
        return "-"
    return tables.local(value, zone) if name.endswith(("_at", "_by")) else value
