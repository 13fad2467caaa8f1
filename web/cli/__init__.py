"""The operator's shell: the commands and command groups of `flask --app app …`."""

from flask import Flask

from store.shop import Shop
from web.cli import db, demo, messages, money, orders, outbox, people, phone_terminal, pins, trust


def register(app: Flask, shop: Shop) -> None:
    """Adds the commands and command groups."""
    for make in (
        db.group,
        demo.group,
        phone_terminal.command,
        people.command,
        orders.command,
        messages.command,
        outbox.group,
        trust.agents_group,
        trust.freeze_command,
        trust.thaw_command,
        pins.group,
        money.complaints_group,
        money.money_group,
    ):
        app.cli.add_command(make(shop))
