"""`flask --app app pins …`: when somebody's PIN is locked or forgotten."""

from collections.abc import Callable

import click

from store import pins
from store.people import Person
from store.shop import Shop, Transaction
from web.cli.command import Group, done
from web.cli.trust import registered


def group(shop: Shop) -> Group:
    """The `pins` commands."""
    commands = Group("pins", help="PINs that are locked or forgotten.")

    @commands.command()
    @click.argument("number")
    def unlock(number: str) -> None:
        """Lets the person of NUMBER try their PIN again."""
        click.echo(f"{_change(number, pins.unlock).name} may try again")

    @commands.command()
    @click.argument("number")
    def forget(number: str) -> None:
        """Takes the PIN of NUMBER away, for a person who has forgotten it."""
        click.echo(f"{_change(number, pins.forget).name} has no PIN and may choose one")

    def _change(number: str, act: Callable[[Transaction, Person], None]) -> Person:
        def change(tx: Transaction) -> Person:
            person = registered(tx, shop, number)
            act(tx, person)
            return person

        return done(shop, change)

    return commands
