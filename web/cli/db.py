"""`flask --app app db …`: schema, check, backup, restore."""

import sys
from pathlib import Path

import click

from store import backup, check
from store.shop import Shop
from web.cli.command import Group

_FILE = click.Path(path_type=Path, dir_okay=False)


def group(shop: Shop) -> Group:
    """The `db` commands."""
    db = Group("db", help="Schema, check, backup, restore.")

    @db.command()
    def migrate() -> None:
        """Bring the schema up to date."""
        ran = shop.migrate()
        click.echo(f"migrated: {', '.join(ran)}" if ran else "up to date")

    @db.command("check")
    @click.option(
        "--heads", type=_FILE, help="Hold the chains against this copy of the file `heads`."
    )
    def check_all(heads: Path | None) -> None:
        """Look for anything that cannot be; name the first fault, and exit with 1."""
        if heads and not heads.is_file():
            raise click.ClickException(f"{heads}: no such file")
        fault = check.first_fault(shop, heads)
        if fault:
            click.echo(fault)
            sys.exit(1)
        with shop.read() as tx:
            counts = check.counts(tx)
        click.echo("ok: " + ", ".join(f"{count} {table}" for table, count in counts.items()))

    @db.command("backup")
    @click.argument("file", type=_FILE)
    @click.option("--force", is_flag=True, help="Replace FILE if it is there.")
    def save(file: Path, force: bool) -> None:
        """Copy the database to FILE, while the market is open."""
        try:
            size = backup.save(shop.database, file, force=force)
        except backup.NotCopied as error:
            raise click.ClickException(str(error)) from None
        click.echo(f"{file}: {size} bytes, checked")
        click.echo(
            f"The secrets ({shop.settings.data_dir}/*.secret) and the ends of the chains"
            f" ({shop.settings.heads_path}) are not in it: keep a copy of both elsewhere."
        )

    @db.command()
    @click.argument("file", type=_FILE)
    @click.option(
        "--force", is_flag=True, help="Although the market is open, or has trade FILE has not."
    )
    def restore(file: Path, force: bool) -> None:
        """Put a backup in the place of the database, while the market is closed."""
        try:
            done = backup.restore(shop, file, force=force)
        except backup.NotCopied as error:
            raise click.ClickException(str(error)) from None
        click.echo(f"{shop.database.path} is restored from {file}")
        if done.kept:
            click.echo(f"what was there is kept as {done.kept}")
        if done.pending:
            click.echo("its schema is older: run `flask --app app db migrate`")

    return db
