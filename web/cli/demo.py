"""`flask --app app demo load`: something to try in a fresh market."""

import click

from menus.wording import rupiah
from store import demo
from store.shop import Shop
from web.cli.command import Group


def group(shop: Shop) -> Group:
    """The `demo` commands."""
    commands = Group("demo", help="Demonstration people, listings and agents.")

    @commands.command()
    @click.option("--if-empty", is_flag=True, help="Do nothing when anybody is registered.")
    def load(if_empty: bool) -> None:
        """Make demonstration people and listings, unless real people are registered."""
        if if_empty:
            with shop.read() as tx:
                if not demo.is_empty(tx):
                    click.echo("people are registered already; nothing loaded")
                    return
        try:
            _tell(shop, demo.load(shop))
        except demo.HasRealPeople:
            raise click.ClickException(
                "real people are registered here; demonstration people belong in a database of"
                " their own (PASAR_DATA_DIR or PASAR_DATABASE_URL)"
            ) from None

    return commands


def _tell(shop: Shop, made: demo.Demo) -> None:
    listing, buyer = made.listing, made.buyer
    code = shop.settings.service_code.rstrip("#")
    click.echo(f"{made.people} demonstration people, {made.listings} listings")
    click.echo("Their prices are examples, not market data.")
    click.echo(f"buyer    {buyer.msisdn}  {buyer.name}, {buyer.village}")
    click.echo(f"seller   {listing.seller_msisdn}  {listing.seller}, {listing.village}")
    click.echo(f"agent    {made.agent.msisdn}  {made.agent.name}, {made.agent.village}")
    click.echo(
        f"listing  {listing.number}  {listing.title}, {rupiah(listing.price)}/{listing.unit}:"
        f" dial {code}*{listing.number}*2# or send BELI {listing.number} 2"
    )
    click.echo(f"A phone to do it with: flask --app app phone {buyer.msisdn}")
    if shop.settings.sms_provider != ("simulator",):
        click.echo(
            "These phones do not exist, but SMS to them would leave through "
            + ", ".join(shop.settings.sms_provider),
            err=True,
        )
