"""Reads a template, and says in one line a fault what is wrong with it."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from gateway.providers.http.template import Answer, More, Report, Send, Sms, Template

FOLDER = Path(__file__).parent / "templates"


def load(name: str) -> Template:
    """The template of this name, or in this file. Raises SystemExit with a line for each fault."""
    path = Path(name)
    if (FOLDER / f"{name}.toml").is_file():
        path = FOLDER / f"{name}.toml"
    try:
        return Template.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SystemExit(f"{path}: cannot be read: {error}") from None
    except ValidationError as error:
        lines = [_line(path, wrong["loc"], wrong["msg"]) for wrong in error.errors()]
        raise SystemExit("\n".join(lines)) from None


def _line(path: Path, loc: tuple[int | str, ...], message: str) -> str:
    field = ".".join(map(str, loc))
    said = message.removeprefix("Value error, ")
    if said.startswith("Extra inputs"):
        said = f"no such field; allowed: {', '.join(_fields_at(loc[:-1]))}"
    return f"{path}: {field}: {said}" if field else f"{path}: {said}"


def _fields_at(loc: tuple[int | str, ...]) -> Iterator[str]:
    """The names that may stand at this place of a template."""
    models: dict[tuple[str, ...], type[BaseModel]] = {
        (): Template,
        ("send",): Send,
        ("send", "gsm"): More,
        ("send", "ucs2"): More,
        ("answers",): Answer,
        ("sms",): Sms,
        ("report",): Report,
    }
    yield from models[tuple(part for part in loc if isinstance(part, str))].model_fields
