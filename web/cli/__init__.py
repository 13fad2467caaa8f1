"""The operator's shell: `flask --app app db|demo|phone|people|orders|messages …`."""

from flask import Flask

from store.shop import Shop
from web.cli import db, demo, messages, orders, people, phone_terminal


def register(app: Flask, shop: Shop) -> None:
    """Adds the commands and command groups."""
    for make in (
        db.group,
        demo.group,
        phone_terminal.command,
        people.command,
        orders.command,
        messages.command,
    ):
        app.cli.add_command(make(shop))
