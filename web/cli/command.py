"""What every shell command has in common: one clear line for a failure, and the usual options."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import click
from flask.cli import AppGroup

from menus.notices import REFUSALS
from menus.wording import translate
from store import check, phones
from store.errors import Refused
from store.shop import Shop, Transaction

_PHONE = re.compile(
    r"(?<![0-9])(?:\+?[0-9]{9,15}|(?:\+[0-9]|62(?=[ .-]?8)|0)(?:[ .()-]{0,2}[0-9]){8,14})(?![0-9])"
)
"""A phone in a text, also as people write it: +62 812-3456-7890."""

Function = TypeVar("Function", bound=Callable[..., Any])
Result = TypeVar("Result")


class Command(click.Command):
    """A command that says in one line that the database cannot be used."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.ClickException:
            raise
        except Exception as error:
            line = check.why_unusable(error)
            if line is None:
                raise
            raise click.ClickException(line) from error


class Group(AppGroup):
    """A group of such commands."""

    command_class = Command


def listing(most: int | None, what: str = "Rows at most.") -> Callable[[Function], Function]:
    """The options of a command that lists things: `--limit`, `--unmask`, `--json`."""

    def decorate(function: Function) -> Function:
        for option in (
            click.option("--json", "as_json", is_flag=True, help="As JSON, for programs."),
            click.option("--unmask", is_flag=True, help="Show whole phone numbers."),
            click.option(
                "--limit",
                type=click.IntRange(1, 10_000),
                default=most,
                show_default=most is not None,
                help=what,
            ),
        ):
            function = option(function)
        return function

    return decorate


def msisdn(shop: Shop, typed: str) -> str | None:
    """The E.164 number that an operator typed, in any way that people or providers write it."""
    region = shop.settings.region
    return phones.parse_phone(typed, region) or phones.from_provider(typed, region)


def done(shop: Shop, act: Callable[[Transaction], Result]) -> Result:
    """What `act` does in one transaction; a refusal is one line."""
    try:
        with shop.write() as tx:
            return act(tx)
    except Refused as refused:
        said = translate("en", REFUSALS[refused.reason])
        values = {name: str(value) for name, value in refused.values.items()}
        raise click.ClickException(said.format(**values)) from None


def shown_phone(number: str, unmask: bool) -> str:
    """The number as this operator wants to see it; what stands for no phone is no secret."""
    return number if unmask or not number.startswith("+") else phones.masked(number)


def shown_text(text: str, unmask: bool) -> str:
    """A text with the phone numbers in it as this operator wants to see them."""
    return text if unmask else _PHONE.sub(lambda number: phones.masked(number[0]), text)
