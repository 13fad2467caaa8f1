"""The whole market as real processes, and what can be asked about processes."""

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import psutil

PATIENCE = 60  # seconds to open on a slow machine
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what, seconds=PATIENCE):
    """Return as soon as `what()` is true, and fail when it is not in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


def is_alive(process):
    """Whether it still does anything; a zombie does not, however late it is collected."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill(*processes):
    """`kill -9` for all of them at once."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


class Market:
    """One `python -m deploy.run` on a free port with its own data directory.

    The setting WITHOUT takes a safeguard away (see `tests.support.without`).
    """

    def __init__(self, data_dir, port=None, **settings):
        self.data_dir = data_dir
        self.port = port or int(settings.get("PASAR_PORT", 0)) or free_port()
        environ = {k: v for k, v in os.environ.items() if not k.startswith(("PASAR_", "MAKE"))}
        environ |= {"PASAR_DATA_DIR": str(data_dir), "PASAR_PORT": str(self.port), **settings}
        self.environ = environ
        program = "tests.support.without" if "WITHOUT" in settings else "deploy.run"
        self.process = subprocess.Popen(
            [sys.executable, "-m", program],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines = []
        self._unread = queue.Queue()
        self._everybody = {}
        threading.Thread(target=self._read, daemon=True).start()

    def run(self, *words):
        """What `flask --app app …` prints, with this market's settings."""
        command = [sys.executable, "-m", "flask", "--app", "app", *words]
        done = subprocess.run(
            command, env=self.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        return done.stdout

    def _read(self):
        for line in self.process.stdout:
            self._unread.put(line.rstrip())

    def said(self, text):
        """Whether a line with this text has come out so far."""
        with contextlib.suppress(queue.Empty):
            while True:
                self.lines.append(self._unread.get_nowait())
        return any(text in line for line in self.lines)

    def is_healthy(self):
        """Whether the web server answers."""
        try:
            with NO_PROXY.open(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def readiness(self):
        """What it says of its parts, as a dictionary."""
        with NO_PROXY.open(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as answer:
            return json.load(answer)

    def wait_until_open(self):
        """Itself, once the addresses are printed."""
        wait_until(lambda: self.said("The market is open") or self.process.poll() is not None)
        assert self.process.poll() is None, self.lines
        assert self.is_healthy()
        return self

    def child(self, name):
        """The process that the run command started for this part, or None."""
        mark = {"web": "granian", "worker": "worker.py", "redis": "redis-server"}[name]
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self.process.pid).children():
                if any(mark in word for word in process.cmdline()):
                    return process
        return None

    def everybody(self):
        """Every process seen so far that it started, directly or not."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                self._everybody[process.pid, process.create_time()] = process
        return list(self._everybody.values())

    def finish(self, number=signal.SIGINT):
        """Send the signal; the seconds it took and who was left over after it."""
        family = self.everybody()
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        took = time.monotonic() - began
        return took, [process for process in family if is_alive(process)]

    def clear(self):
        """Leave nothing behind, whatever the test found."""
        kill(*self.everybody(), self.process)
        self.process.wait()
