"""`flask --app app phone NUMBER`: a phone in the terminal, typed by hand or from a file."""

import os
import select
import sys
import time
from collections.abc import Callable, Iterator

import click

from store.shop import Shop
from web.cli.command import Command, msisdn
from web.cli.phone import Phone, address, is_address
from web.cli.phone_keys import QUIT, Keys

_LOOK_EVERY = 0.3
"""Seconds between two looks for new SMS."""
_PROMPT = "> "


def command(shop: Shop) -> click.Command:
    """The `phone` command."""

    @click.command(cls=Command)
    @click.argument("number")
    @click.option("--url", help="The market's address; that of the settings unless given.")
    @click.option(
        "--wait",
        type=click.FloatRange(0, 60),
        default=2.0,
        show_default=True,
        help="Seconds that an SMS may take to come, when keys come from a file.",
    )
    def phone(number: str, url: str | None, wait: float) -> None:
        """A phone in the terminal: dial, answer, read and send SMS.

        It needs a running market with the simulator on. Keys can come from a file, too:
        printf '*123*45#\\n1\\n' | flask --app app phone 081000000020
        """
        owner = msisdn(shop, number)
        if owner is None:
            raise click.ClickException(f"{number} is not a phone number; try 081000000020")
        if not shop.settings.simulator:
            raise click.ClickException("the simulator is off: PASAR_SIMULATOR=1 turns it on")
        if url is not None and not is_address(url):
            raise click.ClickException(f"--url: was {url!r}; allowed: http://… or https://…")
        code = shop.settings.service_code
        keys = Keys(Phone(shop, owner, url or address(shop.settings)), code)
        if sys.stdin.isatty():
            click.echo(f"This is {owner}. Dial {code}; help tells more, quit puts it away.")
            by_hand(keys)
        elif not from_file(keys, sys.stdin, wait):
            sys.exit(1)

    return phone


def from_file(keys: Keys, lines: Iterator[str], wait: float) -> bool:
    """Types all lines, or those before the first that the market did not take: then False."""
    for line in lines:
        line = line.strip()
        if line in QUIT:
            break
        _show(keys.press(line))
        if keys.failed:
            return False
        _show(_arriving(keys, wait if keys.expects_sms else 0.0))
    return True


def _arriving(keys: Keys, wait: float) -> list[str]:
    """The SMS that come within `wait` seconds; once one is there, those that come right after."""
    until = time.monotonic() + wait
    shown = keys.new_sms()
    while time.monotonic() < until and not shown:
        time.sleep(_LOOK_EVERY / 2)
        shown = keys.new_sms()
    if shown and wait:
        time.sleep(_LOOK_EVERY)
        shown += keys.new_sms()
    return shown


def by_hand(keys: Keys) -> None:
    """Prompts for lines until `quit`, Ctrl-C or Ctrl-D; SMS show as they come."""

    def look() -> None:
        if new := keys.new_sms():
            click.echo()
            _show(new)
            click.echo(_PROMPT, nl=False)

    try:
        for line in _typed(look):
            if line.strip() in QUIT:
                return
            _show(keys.press(line.strip()))
    except KeyboardInterrupt:
        pass
    click.echo()


def _typed(meanwhile: Callable[[], None]) -> Iterator[str]:
    """The lines that are typed; `meanwhile` is called again and again while none is."""
    terminal, waiting = sys.stdin.fileno(), b""
    while True:
        click.echo(_PROMPT, nl=False)
        while b"\n" not in waiting:
            if not select.select([terminal], [], [], _LOOK_EVERY)[0]:
                meanwhile()
                continue
            read = os.read(terminal, 4096)
            if not read:
                return
            waiting += read
        line, _, waiting = waiting.partition(b"\n")
        yield line.decode("utf-8", "replace")


def _show(pieces: list[str]) -> None:
    for piece in pieces:
        click.echo(piece)
    sys.stdout.flush()
