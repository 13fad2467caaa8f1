"""What operators read is complete: every setting, command, option and message state."""

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from settings import PREFIX, Settings
from store import inbox, outbox
from store.shop import Shop
from web import cli

PAGE = (Path(__file__).parents[1] / "docs" / "OPERATING.md").read_text(encoding="utf-8")
REFERENCE = Path(__file__).parents[1].joinpath("docs", "REFERENCE.md").read_text(encoding="utf-8")
PLAIN = PAGE.replace("\\*", "*").replace("\\|", "|")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_there_with_what_is_allowed(name: str) -> None:
    extra = Settings.model_fields[name].json_schema_extra
    assert isinstance(extra, dict)
    start = f"| `{PREFIX}{name.upper()}` | "
    row = next(line for line in REFERENCE.splitlines() if line.startswith(start))
    assert str(extra["allowed"]) in row
    assert str(Settings.model_fields[name].description) in row


def test_no_setting_is_documented_that_is_not_there() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", PAGE)) <= known


def commands(shop: Shop) -> dict[str, click.Command]:
    """Every command of ours by the words that call it."""
    app = Flask("docs")
    cli.register(app, shop)
    found: dict[str, click.Command] = {}
    for name, command in app.cli.commands.items():
        if isinstance(command, click.Group):
            found |= {f"{name} {sub}": each for sub, each in command.commands.items()}
            if command.invoke_without_command:
                found[name] = command
        else:
            found[name] = command
    return found


def test_every_command_is_documented_with_its_options(shop: Shop) -> None:
    section = PLAIN.split("## Commands")[1].split("\n## ")[0]
    found = commands(shop)
    assert len(found) >= 9
    for name, command in found.items():
        words = [f"flask --app app {name}"]
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                words += [option for option in parameter.opts if option.startswith("--")]
            else:
                words[0] += f" {parameter.make_metavar(click.Context(command))}"
        for word in words:
            assert f"`{word}`" in section, f"`{word}` is not in docs/OPERATING.md"


def test_no_command_is_documented_that_is_not_there(shop: Shop) -> None:
    documented = set(re.findall(r"flask --app app ([a-z]+(?: [a-z-]+)?)", PAGE))
    assert documented <= set(commands(shop))


@pytest.mark.parametrize(
    ("table", "known"), [("outbox", outbox.STATES), ("inbox", inbox.STATES)], ids=["out", "in"]
)
def test_every_state_of_a_message_is_documented(
    table: str, known: dict[str, str], shop: Shop
) -> None:
    with shop.read() as tx:
        sql = tx.value("SELECT sql FROM sqlite_schema WHERE name = ?", (table,))
    states = re.findall(r"'(\w+)'", re.search(r"state IN\s*\(([^)]*)\)", sql)[1])
    assert set(states) == set(known)
    for state in states:
        assert f"\n| `{state}` | {known[state]} |" in REFERENCE
