"""The spool: keeps what came as files while the database cannot be written.

What must stay true: an event is on the disk, whole, when `keep` returns; events are read back in
the order in which they came, each once or, after a crash in between, again, which the database
knows; a file that cannot be read is set aside and told of, and holds up nobody. What a file holds
is sealed like what the database holds.
"""

import contextlib
import json
import logging
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from cryptography.fernet import InvalidToken
from pydantic import TypeAdapter, ValidationError

from gateway.providers import Event
from store import sealing
from store.errors import Unavailable

_KINDS = {each.__name__: each for each in get_args(Event)}
_ADAPTERS = {name: TypeAdapter[Event](each) for name, each in _KINDS.items()}
_log = logging.getLogger(__name__)


class Spool:
    """A folder of events; safe between threads and processes of one machine."""

    def __init__(self, folder: Path, pepper: str | None) -> None:
        self._folder = folder
        self._pepper = pepper

    def keep(self, event: Event) -> None:
        """Keeps the event. Raises Unavailable when the disk does not take it."""
        name = type(event).__name__
        data = _ADAPTERS[name].dump_python(event, mode="json")
        sealed = sealing.seal(self._pepper, json.dumps([name, data], ensure_ascii=False))
        path = self._folder / f"{time.time_ns():020d}-{secrets.token_hex(4)}.event"
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

    def read_back(self, take: Callable[[Event], object]) -> int:
        """Hands each event to `take`, oldest first, and forgets it when that returns; how many.

        Raises what `take` raises; that event and those after it stay.
        """
        count = 0
        for path in self._waiting():
            try:
                event = self._read(path)
            except FileNotFoundError:
                continue  # another worker of this machine was first
            except (InvalidToken, ValidationError, ValueError, LookupError, TypeError) as error:
                self._set_aside(path, error)
                continue
            take(event)
            path.unlink(missing_ok=True)
            count += 1
        return count

    def _waiting(self) -> list[Path]:
        try:
            names = sorted(name for name in os.listdir(self._folder) if name.endswith(".event"))
        except FileNotFoundError:
            return []
        return [self._folder / name for name in names]

    def _read(self, path: Path) -> Event:
        name, data = json.loads(sealing.unseal(self._pepper, path.read_text("ascii")))
        return _ADAPTERS[name].validate_python(data)

    def _set_aside(self, path: Path, error: Exception) -> None:
        aside = path.with_suffix(".corrupt")
        with contextlib.suppress(FileNotFoundError):
            path.rename(aside)
            _log.error("%s cannot be read (%s); kept as %s", path.name, type(error).__name__, aside)
