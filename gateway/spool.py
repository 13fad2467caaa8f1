"""The spool: keeps what came as files while the database cannot be written.

What must stay true: an event is on the disk, whole, when `keep` returns; events are read back in
the order in which they came, each once or, after a crash in between, again, which the database
knows; a file that cannot be read is set aside, one that cannot be taken stays, both are told of and
hold up nobody. What a file holds is sealed like what the database holds.
"""

import contextlib
import json
import logging
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import get_args

from cryptography.fernet import InvalidToken
from pydantic import TypeAdapter, ValidationError

from gateway.providers import Event
from store import sealing
from store.clock import Clock
from store.errors import Unavailable, traced

_KINDS = {each.__name__: each for each in get_args(Event)}
_ADAPTERS = {name: TypeAdapter[Event](each) for name, each in _KINDS.items()}
_CORRUPT = (InvalidToken, ValidationError, ValueError, LookupError, TypeError, OverflowError)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_log = logging.getLogger(__name__)

TakeBack = Callable[[Event, datetime], object]
"""What an event is handed to, with the moment at which it came."""


class Spool:
    """A folder of events; safe between threads and processes of one machine."""

    def __init__(self, folder: Path, pepper: str | None, clock: Clock) -> None:
        self._folder = folder
        self._pepper = pepper
        self._clock = clock
        self._count = count()
        self._not_taken: set[str] = set()

    def keep(self, event: Event) -> None:
        """Keeps the event. Raises Unavailable when the disk does not take it."""
        kind = type(event).__name__
        data = _ADAPTERS[kind].dump_python(event, mode="json")
        sealed = sealing.seal(self._pepper, json.dumps([kind, data], ensure_ascii=False))
        came = (self._clock.now() - _BEGINNING) // _MICROSECOND
        name = f"{came:016d}-{next(self._count):08d}-{secrets.token_hex(4)}.event"
        path = self._folder / name
        draft = path.with_suffix(".new")
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with open(draft, "x", encoding="ascii") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
            self._sync_folder()
        except OSError as error:
            with contextlib.suppress(OSError):  # what is left of it on a full disk
                draft.unlink(missing_ok=True)
                path.unlink(missing_ok=True)
            raise Unavailable(f"the spool cannot be written: {error}") from error

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def read_back(self, take: TakeBack) -> int:
        """Hands each event to `take`, oldest first, and forgets it when that returns; how many.

        One that `take` fails with stays, and is handed on again after the next start. Raises
        Unavailable when `take` does: that event and those after it stay. Raises OSError when the
        folder cannot be read.
        """
        taken = 0
        for path in self._waiting():
            try:
                event, came = self._read(path), _came(path)
            except FileNotFoundError:
                continue  # another worker of this machine was first
            except _CORRUPT as error:
                self._set_aside(path, error)
                continue
            except OSError as error:
                self._leave(path, error)
                continue
            try:
                take(event, came)
                path.unlink(missing_ok=True)
            except Unavailable:
                raise
            except Exception as error:  # whatever it is, the others are not to wait for it
                self._leave(path, error)
            else:
                taken += 1
        return taken

    def _leave(self, path: Path, error: Exception) -> None:
        self._not_taken.add(path.name)
        _log.error("%s cannot be taken, and stays until the next start\n%s", path, traced(error))

    def _waiting(self) -> list[Path]:
        events = sorted(waiting(self._folder))
        return [self._folder / name for name in events if name not in self._not_taken]

    def _read(self, path: Path) -> Event:
        name, data = json.loads(sealing.unseal(self._pepper, path.read_text("ascii")))
        return _ADAPTERS[name].validate_python(data)

    def _set_aside(self, path: Path, error: Exception) -> None:
        aside = path.with_suffix(".corrupt")
        with contextlib.suppress(FileNotFoundError):
            path.rename(aside)
            _log.error("%s cannot be read (%s); kept as %s", path.name, type(error).__name__, aside)


def _came(path: Path) -> datetime:
    """The moment in the name of an event's file."""
    return _BEGINNING + _MICROSECOND * int(path.name.partition("-")[0])


def waiting(folder: Path) -> list[str]:
    """The files in a spool that wait to be read back. Raises OSError when it cannot be read."""
    try:
        return [name for name in os.listdir(folder) if name.endswith(".event")]
    except FileNotFoundError:
        return []
