"""`flask --app app agents|freeze|thaw`: who may vouch and hold money, and who may not trade."""

import click

from store import agents, people, trust
from store.errors import Refused
from store.people import Person
from store.shop import Shop, Transaction
from web.cli import tables
from web.cli.command import Command, Group, done, msisdn, shown_phone


def agents_group(shop: Shop) -> click.Group:
    """The `agents` command, which lists them, with its subcommands."""

    @click.group("agents", cls=Group, invoke_without_command=True)
    @click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
    @click.option("--unmask", is_flag=True, help="Show whole phone numbers.")
    @click.pass_context
    def group(context: click.Context, as_json: bool, unmask: bool) -> None:
        """Agents and coordinators: those of now and of before."""
        if context.invoked_subcommand:
            return
        with shop.read() as tx:
            rows = agents.listed(tx)
        shown = [{**row, "msisdn": shown_phone(row["msisdn"], unmask)} for row in rows]
        zone = shop.settings.zone
        tables.show(shown, as_json=as_json, zone=zone, nothing="there are no agents")

    @group.command()
    @click.argument("number")
    @click.option("--role", type=click.Choice(agents.ROLES), default="agent", show_default=True)
    @click.option("--cap", type=click.IntRange(0), default=2_000_000, show_default=True,
                  help="Rupiah that they may hold for others.")  # fmt: skip
    def appoint(number: str, role: agents.Role, cap: int) -> None:
        """Makes the registered person of NUMBER an agent or a coordinator."""

        def act(tx: Transaction) -> Person:
            person = registered(tx, shop, number)
            return agents.appoint(tx, trust.OPERATOR, person, role, cap).person

        click.echo(f"{done(shop, act).name} is {role} now")

    @group.command()
    @click.argument("number")
    @click.argument("reason")
    def dismiss(number: str, reason: str) -> None:
        """Takes the role of NUMBER away."""

        def act(tx: Transaction) -> Person:
            person = registered(tx, shop, number)
            if not agents.dismiss(tx, trust.OPERATOR, person, reason):
                raise click.ClickException(f"{person.name} is no agent")
            return person

        click.echo(f"{done(shop, act).name} is no agent any more")

    return group


def freeze_command(shop: Shop) -> click.Command:
    """The `freeze` command."""

    @click.command("freeze", cls=Command)
    @click.argument("number")
    @click.argument("reason")
    def freeze(number: str, reason: str) -> None:
        """Stops the trade of the person of NUMBER, for a REASON that they are told."""
        person = done(shop, lambda tx: trust.freeze_by_operator(tx, _number(shop, number), reason))
        click.echo(f"{person.name} may not trade any more")

    return freeze


def thaw_command(shop: Shop) -> click.Command:
    """The `thaw` command."""

    @click.command("thaw", cls=Command)
    @click.argument("number")
    @click.argument("reason")
    def thaw(number: str, reason: str) -> None:
        """Lets the person of NUMBER trade again, for a REASON that is kept."""
        person = done(shop, lambda tx: trust.thaw(tx, _number(shop, number), reason))
        click.echo(f"{person.name} may trade again")

    return thaw


def _number(shop: Shop, typed: str) -> str:
    number = msisdn(shop, typed)
    if number is None:
        raise click.ClickException(f"{typed} is not a phone number")
    return number


def registered(tx: Transaction, shop: Shop, typed: str) -> Person:
    """The person of the phone that an operator typed. Raises Refused("nobody")."""
    number = _number(shop, typed)
    person = people.of_phone(tx, number)
    if person is None:
        raise Refused("nobody", phone=number)
    return person
