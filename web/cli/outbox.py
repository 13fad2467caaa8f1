"""`flask --app app outbox …`: links, dead letters, and what messages cost."""

from datetime import timedelta

import click

from store import codes, outbox
from store.shop import Shop
from web.cli import tables
from web.cli.command import Group, done, listing, shown_phone, shown_text


def group(shop: Shop) -> click.Group:
    """The `outbox` commands."""

    @click.group("outbox", cls=Group, help="Messages out: links, dead letters, cost.")
    def outbox_group() -> None:
        pass

    @outbox_group.command("links")
    @click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
    def links(as_json: bool) -> None:
        """Each link, whether it is left alone and why, and how many messages wait for it."""
        with shop.read() as tx:
            rows = outbox.links_now(tx)
        tables.show(rows, as_json=as_json, zone=shop.settings.zone, nothing="no links")

    @outbox_group.command("dead")
    @listing(20)
    def dead(limit: int, unmask: bool, as_json: bool) -> None:
        """The latest messages that came to nothing, with why."""
        with shop.read() as tx:
            rows = outbox.dead(tx, limit)
        for row in rows:
            row["msisdn"] = shown_phone(row["msisdn"], unmask)
            row["text"] = shown_text(codes.masked(row["text"]), unmask)
        tables.show(rows, as_json=as_json, zone=shop.settings.zone, nothing="no dead letters")

    @outbox_group.command("resend")
    @click.argument("message")
    @click.option("--even-twice", is_flag=True, help="Also when it may have arrived.")
    def resend(message: str, even_twice: bool) -> None:
        """Send a dead letter again."""
        done(shop, lambda tx: outbox.send_again(tx, message, even_twice=even_twice))
        click.echo(f"{message}: queued again")

    @outbox_group.command("cost")
    @click.option("--days", type=click.IntRange(1, 3660), default=30, show_default=True)
    @click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
    def cost(days: int, as_json: bool) -> None:
        """What providers say that the messages of the last days cost."""
        with shop.read() as tx:
            rows = outbox.costs(tx, tx.later(-timedelta(days=days)))
        for row in rows:
            row["amount"] = None if row["amount"] is None else f"{row['amount'] / 10_000:.4f}"
        tables.show(rows, as_json=as_json, zone=shop.settings.zone, nothing="nothing was sent")

    return outbox_group
