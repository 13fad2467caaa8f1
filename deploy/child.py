"""Processes that the run command starts, keeps and stops.

Must stay true: a child never outlives whoever started it, and stopping one takes along every
process that it made itself.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence

FIRST_PAUSE = 1.0  # seconds before a child that died comes back
LONGEST_PAUSE = 30.0  # the pause doubles up to this while it keeps dying
SETTLED = 60.0  # a child that lived this long starts again from the first pause

_PR_SET_PDEATHSIG = 1  # prctl(2), Linux
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def say(name: str, line: str) -> None:
    """One line of output under the name of who says it."""
    with contextlib.suppress(OSError):  # nobody reads any more; children must not block on it
        print(f"{name:<6} | {line}", flush=True)


def end_with_parent() -> None:
    """SIGTERM for this process when the thread that started it ends, however it ends (Linux)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One long-running process, in a session of its own so that Ctrl-C reaches only its parent.

    Start it from a thread that lives as long as it should (see `end_with_parent`).
    """

    def __init__(self, name: str, args: Sequence[str], env: Mapping[str, str] | None = None):
        self.name = name
        self.args = list(args)
        self.env = None if env is None else dict(env)
        self._process: subprocess.Popen[str] | None = None
        self._code: int | None = 0

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else None."""
        return self._process.pid if self._process and self.ended() is None else None

    def spawn(self, keep_open: Sequence[int] = ()) -> None:
        """Start the process and pass its output on, line by line. Raises OSError.

        `keep_open`: file descriptors that it inherits.
        """
        self._process = subprocess.Popen(
            self.args,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=end_with_parent,
            pass_fds=keep_open,
        )
        self._code = None
        threading.Thread(target=self._pass_on, args=(self._process,), daemon=True).start()

    def ended(self) -> int | None:
        """The exit code (negative: the signal) once it has ended; what it left behind ends too."""
        if self._process is not None and self._code is None:
            self._code = self._process.poll()
            if self._code is not None:
                self._signal_group(signal.SIGKILL)
        return self._code

    def wait(self, seconds: float) -> int | None:
        """As `ended`, after at most this long."""
        until = time.monotonic() + seconds
        while self.ended() is None and time.monotonic() < until:
            time.sleep(0.02)
        return self.ended()

    def stop(self, within: float = 5.0) -> None:
        """SIGTERM, and SIGKILL for all of it that is left after so many seconds."""
        if self._process is None or self.ended() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        self._process.send_signal(signal.SIGCONT)  # a frozen one cannot hear
        if self.wait(within) is None:
            self.kill()

    def kill(self) -> None:
        """SIGKILL, at once, for the process and all that it started."""
        if self.ended() is None:
            self._signal_group(signal.SIGKILL)
            self.wait(5.0)

    def _signal_group(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    def _pass_on(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                say(self.name, line.rstrip())


class Keeper:
    """Brings a child back when it ends by itself: after a second, longer if it keeps ending."""

    def __init__(self, child: Child):
        self.child = child
        self._pause = 0.0
        self._started = time.monotonic()
        self._again_at: float | None = None

    def look(self) -> None:
        """Called often, from the thread that all children are started from."""
        now = time.monotonic()
        if self._again_at is None:
            code = self.child.ended()
            if code is not None:
                self._plan(f"ended with signal {-code}" if code < 0 else f"ended with code {code}")
        elif now >= self._again_at:
            self._started = now
            try:
                self.child.spawn()
                self._again_at = None
            except OSError as error:
                self._plan(f"could not start ({error})")

    def _plan(self, what: str) -> None:
        now = time.monotonic()
        if now - self._started >= SETTLED:
            self._pause = 0.0
        self._pause = min(self._pause * 2, LONGEST_PAUSE) or FIRST_PAUSE
        self._again_at = now + self._pause
        say(self.child.name, f"{what}; starting it again in {self._pause:g} s")
