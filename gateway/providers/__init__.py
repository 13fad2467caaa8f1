"""The links to the telephone network: one small module a provider, named like its setting.

A provider has a function `make(settings)` and gives what is in `Provider`: it reads what its
callbacks bring and sends messages. One that keeps a connection, or looks for what came, is a
`Linked` provider. docs/PROVIDERS.md shows how to add one, also in a folder outside this program.
"""

import importlib
import importlib.util
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Literal, Protocol, runtime_checkable

from menus.engine import Hop
from settings import PROVIDERS, Settings
from store.inbox import Received
from store.outbox import Outcome


class BadRequest(ValueError):
    """A body that can never be valid; the text says why. Sending it again does not help."""


@dataclass(frozen=True)
class DeliveryReport:
    """What became of a message that the provider had accepted; `status` in its own words.

    `external_id` is what the provider called the message in its answer, or our own reference for
    those who name it so.
    """

    provider: str
    external_id: str
    status: str
    outcome: Literal["passing", "delivered", "undelivered"]
    msisdn: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class SessionEnded:
    """A USSD session is over; `dropped`: before its last screen came."""

    provider: str
    session_id: str
    dropped: bool = False


@dataclass(frozen=True)
class OptedOut:
    """The owner of this phone, E.164, wants no more news."""

    provider: str
    msisdn: str


@dataclass(frozen=True)
class LinkUp:
    """The provider can be reached again: what waits for it need not wait any longer."""

    provider: str


Event = Hop | Received | DeliveryReport | SessionEnded | OptedOut | LinkUp
"""All that a link brings."""

Fields = Mapping[str, str]
"""What a callback carries: the fields of its query and of its form or JSON body."""

Reader = Callable[[Fields], Event]
"""Reads a callback. Raises BadRequest, with the field that is wrong and what was expected."""

Take = Callable[[Event], str]
"""What a link hands an event to: the event is safe when it returns, with the answer for a hop,
`CON …` or `END …`. Raises store.errors.Unavailable when it could not be kept: it should come again.
"""


@dataclass(frozen=True)
class Outgoing:
    """One attempt to send one SMS.

    `reference`: ours for this attempt at this provider and no other, at most 40 characters of
    `[0-9a-z-]`. `text`: as its reader sees it; long ones take several segments. `valid_for`: after
    it nobody wants to read it any more.
    """

    reference: str
    msisdn: str
    text: str
    valid_for: timedelta


@dataclass(frozen=True)
class Promises:
    """What a link can and cannot promise: for operators who choose one, and for the docs."""

    ussd: str
    sms_in: str
    """What happens to an incoming SMS while we are down."""
    lost_answer: str
    """What we know of a message when the answer to sending it was lost."""
    reports: str
    cost: str
    limits: str = ""


class Provider(Protocol):
    """One link."""

    name: str
    promises: Promises
    readers: Mapping[str, Reader]
    """What its callbacks are about (`ussd`, `sms`, `delivery`, `session`, `optout`) -> reader."""
    methods: tuple[str, ...]
    """How its callbacks come: POST, GET, or both."""
    charset: str
    """How its callbacks write characters: `utf-8`, or `latin-1` where a reader wants the bytes."""
    thanks: str
    """The body of the 200 for all but a hop."""

    def send(self, sms: Outgoing) -> Outcome:
        """Sends one SMS; may take as long as the provider does, and is called from several threads
        at a time. Raises nothing."""


@runtime_checkable
class Linked(Protocol):
    """A provider that has to be listened to; in the worker, in a thread of its own."""

    def run(self, take: Take, stopping: threading.Event) -> None:
        """Listens until `stopping` is set, and then lets go within a second. It takes a LinkUp as
        soon as messages can be sent.

        Returns or raises when the connection is lost: it is called again after a while, which grows
        while it keeps failing.
        """


@runtime_checkable
class Fetching(Protocol):
    """A provider that can be asked, in the worker, for what it could not bring us."""

    name: str

    def fetch(self, after: str) -> tuple[list[Received], str]:
        """Messages after that place, oldest first, some at a time, and the place of the last; none
        when there are no more. The first place is an empty text. Raises whatever hinders it."""


def make(name: str, settings: Settings) -> Provider:
    """The provider of this name, ready to use.

    Raises SystemExit with a line that names what is wrong when it is one from another folder that
    cannot be used.
    """
    if name not in PROVIDERS:
        return _from(settings.providers_dir, name, settings)
    provider: Provider = importlib.import_module(f"gateway.providers.{name}").make(settings)
    return provider


def _from(folder: Path | None, name: str, settings: Settings) -> Provider:
    if folder is None or not (path := folder / name / "__init__.py").is_file():
        raise SystemExit(f"PASAR_SMS_PROVIDER: {name}: no {name}/__init__.py in {folder}")
    try:
        provider: Provider = _load(f"pasar_provider_{name}", path).make(settings)
    except Exception as error:
        reason = str(error).partition("\n")[0]
        raise SystemExit(f"{path}: cannot be loaded: {type(error).__name__}: {reason}") from None
    lacks = [each for each in _ALL if not hasattr(provider, each)]
    if lacks:
        raise SystemExit(f"{path}: cannot be used: its provider lacks {', '.join(lacks)}")
    if provider.name != name:
        raise SystemExit(f"{path}: cannot be used: its provider is called {provider.name!r}")
    return provider


_ALL = ("name", "promises", "readers", "methods", "charset", "thanks", "send")
"""What a provider has."""


def _load(module_name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    return module


def of(settings: Settings) -> dict[str, Provider]:
    """The providers whose hooks are open, by name; those that carry SMS come first, in order."""
    names = dict.fromkeys([*settings.sms_provider, "simulator", "africastalking"])
    if not settings.simulator:
        names.pop("simulator", None)
    return {name: make(name, settings) for name in names}


def needed(fields: Fields, field: str, longest: int) -> str:
    """The field, which must be there. Raises BadRequest."""
    value = fields.get(field, "").strip()
    if not value:
        raise BadRequest(f"{field}: missing")
    if len(value) > longest:
        raise BadRequest(f"{field}: longer than {longest} characters")
    return value
