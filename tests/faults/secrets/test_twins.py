"""Each safeguard taken away: then a canary, or a code that was made, is found."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from menus.commands import answer, yes_no
from menus.commands.registry import HANDLERS
from menus.screens import complaints
from settings import Settings
from store import (
    codes,
    confirmations,
    gsm7,
    people,
    proxies,
    sealing,
    services,
    sessions,
)
from store.disputes import actions
from tests.faults.secrets import test_every_command as commands
from tests.faults.secrets import test_every_screen as screens
from tests.support.canaries import Watched

Twin = Callable[[pytest.MonkeyPatch], None]


class Open:
    """What seals nothing, and masks as ever."""

    MASK = sealing.MASK
    seal = staticmethod(lambda pepper, text: text)
    unseal = staticmethod(lambda pepper, text: text)
    fingerprint = staticmethod(sealing.fingerprint)
    without_numbers = staticmethod(sealing.without_numbers)
    without_pins = staticmethod(sealing.without_pins)


class Unmasked:
    """What masks nothing, and seals as ever."""

    MASK = sealing.MASK
    seal = staticmethod(sealing.seal)
    without_numbers = staticmethod(lambda text: text)
    without_pins = staticmethod(lambda text: text)


def set_in(module: object, name: str, instead: object) -> Twin:
    """Takes something of a module away for something else."""
    return lambda monkeypatch: monkeypatch.setattr(module, name, instead)


def unsealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "seal", lambda pepper, text: text)
    monkeypatch.setattr(sealing, "unseal", lambda pepper, text: text)


def revealed(monkeypatch: pytest.MonkeyPatch) -> None:
    placeholder = codes.placeholder
    pepper = "pepper-of-tests-" * 2
    monkeypatch.setattr(
        codes, "placeholder", lambda *what: codes.reveal(placeholder(*what), pepper)
    )


def all_fields_are_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    for keyword, handler in HANDLERS.items():
        monkeypatch.setitem(HANDLERS, keyword, replace(handler, numbers=9))


def all_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    without = answer.without_secrets
    monkeypatch.setattr(
        answer, "without_secrets", lambda text, read, done: without(text, read, done=True)
    )


def short(text: str) -> str:
    return " ".join(gsm7.to_basic(text).split())[:40]


def unmasked_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (actions, complaints):
        monkeypatch.setattr(module, "clean_reason", short)


COMMANDS: dict[str, tuple[Twin, str]] = {
    "a message that waits is sealed": (unsealed, "CEK"),
    "a message is kept without its secrets": (
        set_in(answer, "without_secrets", lambda text, read, done: text), "SERAH",
    ),
    "what was refused has no numbers": (all_is_done, "CEK"),
    "what was done has numbers only where they belong": (all_fields_are_numbers, "BUKA"),
    "what is no command has no numbers": (set_in(answer, "sealing", Unmasked), "TITIP"),
    "a number that names nothing is sealed where it is told": (
        set_in(codes, "quoted", lambda pepper, typed: typed), "KEMBALI",
    ),
    "so are words that were not found": (
        set_in(codes, "quoted", lambda pepper, typed: typed), "CARI",
    ),
    "so is what an agent typed for somebody": (
        set_in(codes, "quoted", lambda pepper, typed: typed), "WAKIL",
    ),
    "what an agent typed for somebody waits sealed": (set_in(proxies, "sealing", Open), "WAKIL"),
    "what is asked back waits sealed": (set_in(confirmations, "sealing", Open), "BAYAR"),
    "a code is put into a text when it is shown": (revealed, "TERIMA"),
    "a reason has no numbers": (set_in(yes_no, "clean_reason", short), "TIDAK"),
    "the words of a complaint have no numbers": (
        set_in(actions, "clean_reason", short), "KOMPLAIN",
    ),
    "a wish has no numbers": (set_in(services, "sealing", Unmasked), "BELI"),
    "a name has no numbers": (set_in(people, "sealing", Unmasked), "DAFTAR"),
}  # fmt: skip
"""Safeguard -> how it is taken away, and the command that shows it."""

SCREENS: dict[str, tuple[Twin, str]] = {
    "a hop is not kept as it was typed": (
        set_in(sealing, "fingerprint", lambda pepper, text: text), "hand over",
    ),
    "what a session keeps is sealed": (set_in(sessions, "sealing", Open), "desk pay"),
    "a wish has no numbers": (set_in(services, "sealing", Unmasked), "spec"),
    "a name has no numbers": (set_in(people, "sealing", Unmasked), "register"),
    "an answer to a complaint has no numbers": (unmasked_answers, "deny"),
}  # fmt: skip
"""Safeguard -> how it is taken away, and the screen that shows it."""


@pytest.fixture
def world(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(settings, monkeypatch)


@pytest.mark.parametrize("safeguard", COMMANDS)
def test_twin_of_the_commands(
    safeguard: str,
    world: Watched,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_away, form = COMMANDS[safeguard]
    take_away(monkeypatch)
    commands.type_everywhere(world, form)
    assert world.leaks(caplog.text)


@pytest.mark.parametrize("safeguard", SCREENS)
def test_twin_of_the_screens(
    safeguard: str,
    world: Watched,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_away, screen = SCREENS[safeguard]
    take_away(monkeypatch)
    screens.type_everywhere(world, screen)
    assert world.leaks(caplog.text)
