"""`flask --app app complaints|money`: what waits for a ruling, what agents hold, corrections."""

import click

from store import disputes, orders, overview, payouts, remittances, trust
from store.orders import kiosk
from store.shop import Shop, Transaction
from web.cli import tables
from web.cli.command import Group, done, shown_phone, shown_text
from web.cli.trust import registered

_ROLES = ("seller", "buyer", "courier")


def complaints_group(shop: Shop) -> click.Group:
    """The `complaints` command, which lists those that are open, with its subcommand."""

    @click.group("complaints", cls=Group, invoke_without_command=True)
    @click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
    @click.option("--unmask", is_flag=True, help="Show whole phone numbers.")
    @click.pass_context
    def group(context: click.Context, as_json: bool, unmask: bool) -> None:
        """Complaints that are not settled, oldest first; `orders NUMBER` is the whole dossier."""
        if context.invoked_subcommand:
            return
        with shop.read() as tx:
            rows = overview.complaints(tx)
        shown = [
            {**row, **{name: shown_text(row[name], unmask) for name in ("told", "reply")}}
            for row in rows
        ]
        tables.show(shown, as_json=as_json, zone=shop.settings.zone, nothing="no complaints")

    @group.command()
    @click.argument("number")
    @click.argument("percent", type=click.IntRange(0, 100))
    @click.argument("reason")
    def rule(number: str, percent: int, reason: str) -> None:
        """Gives the buyer of order NUMBER PERCENT of what they paid, where no coordinator can."""

        def act(tx: Transaction) -> disputes.Dispute:
            return disputes.rule_by_operator(tx, number, percent, trust.reason_of(reason))

        dispute = done(shop, act)
        click.echo(f"order {number}: {dispute.to_buyer} of {dispute.paid} rupiah to the buyer")

    return group


def money_group(shop: Shop) -> click.Group:
    """The `money` command, which lists what agents hold, with its corrections."""

    @click.group("money", cls=Group, invoke_without_command=True)
    @click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
    @click.option("--unmask", is_flag=True, help="Show whole phone numbers.")
    @click.pass_context
    def group(context: click.Context, as_json: bool, unmask: bool) -> None:
        """What each agent holds for orders, against their cap."""
        if context.invoked_subcommand:
            return
        with shop.read() as tx:
            rows = overview.custody(tx)
        shown = [{**row, "msisdn": shown_phone(row["msisdn"], unmask)} for row in rows]
        zone = shop.settings.zone
        tables.show(shown, as_json=as_json, zone=zone, nothing="nobody holds anything")

    @group.command("take-over")
    @click.argument("giver")
    @click.argument("taker")
    @click.argument("reason")
    def take_over(giver: str, taker: str, reason: str) -> None:
        """The agent TAKER has got all that GIVER held, who cannot hand it on."""

        def act(tx: Transaction) -> remittances.Remittance:
            of, to = (registered(tx, shop, each) for each in (giver, taker))
            return remittances.take_over(tx, of, to, trust.reason_of(reason))

        moved = done(shop, act)
        click.echo(f"{moved.amount} rupiah went from {moved.giver} to {moved.taker}")

    @group.command("undo-deposit")
    @click.argument("number")
    @click.argument("reason")
    def undo_deposit(number: str, reason: str) -> None:
        """Corrects a deposit for order NUMBER that was recorded by mistake."""
        done(shop, lambda tx: kiosk.undo_deposit(tx, number, trust.reason_of(reason)))
        click.echo(f"order {number}: nothing is held any more")

    @group.command("undo-payout")
    @click.argument("number")
    @click.argument("role", type=click.Choice(_ROLES))
    @click.argument("reason")
    def undo_payout(number: str, role: str, reason: str) -> None:
        """Corrects the latest payout of order NUMBER to ROLE, which was recorded by mistake: it is
        due again, with a new code."""

        def act(tx: Transaction) -> int:
            order = orders.by_number(tx, number)
            for payout in reversed(payouts.of_order(tx, order.id)):
                if payout.role == role and payout.state == "paid":
                    return payouts.unpay(tx, payout.id, trust.reason_of(reason)).amount
            raise click.ClickException(f"the {role} of order {number} was not paid")

        click.echo(f"order {number}: {done(shop, act)} rupiah are due to the {role} again")

    return group
