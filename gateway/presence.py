"""Which workers of this machine are alive: each holds a lock on a file of its own while it lives.

A worker that is killed lets go of its lock at that moment, so that the next one can take up what it
had begun without waiting for its leases to end.
"""

import fcntl
import os
import secrets
from pathlib import Path
from typing import IO


class Presence:
    """This worker's own file. Keep it for as long as the worker lives."""

    def __init__(self, folder: Path) -> None:
        self.name = secrets.token_hex(8)
        self._folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self._file = self._lock(folder / f"{self.name}.new", wait=True)
        # Under its name only once it is locked: an unlocked one is taken for dead.
        os.rename(folder / f"{self.name}.new", folder / f"{self.name}.worker")

    def dead(self) -> list[str]:
        """The workers that were here and are not any more; forget each once it is dealt with."""
        found = []
        for path in sorted(self._folder.glob("*.worker")):
            if path.stem == self.name:
                continue
            file = self._lock(path, wait=False)
            if file is not None:
                file.close()
                found.append(path.stem)
        return found

    def forget(self, name: str) -> None:
        """What a dead worker had begun was taken up."""
        (self._folder / f"{name}.worker").unlink(missing_ok=True)

    def _lock(self, path: Path, *, wait: bool) -> IO[bytes] | None:
        file = open(path, "ab")  # noqa: SIM115 - closed when it is dead
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            file.close()
            return None
        return file
