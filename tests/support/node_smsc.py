"""An operator's SMSC and its phones: the npm package smpp in a process of its own, `smsc.js`."""

import itertools
import json
import os
import queue
import shutil
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import free_port, wait_until

FOLDER = Path(__file__).parent / "smsc"


def needs_node() -> None:
    """Skips the test where the SMSC is not installed."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    if not (FOLDER / "node_modules" / "smpp").is_dir():
        pytest.skip("the SMSC is not installed: npm ci --prefix tests/support/smsc")


class NodeSmsc:
    """The SMSC with its phones. What phones sent and nobody took stays here while it is down, as
    an operator's would on its disks; what they got stays too."""

    def __init__(self, **environ: str) -> None:
        self.port = free_port()
        self._environ = {"PATH": os.environ["PATH"], "PORT": str(self.port), **environ}
        self._numbers = itertools.count(1)
        self._open: dict[str, dict[str, str]] = {}
        """SMS that no answer came for, by number."""
        self.seen: list[dict[str, Any]] = []
        self.shown: queue.Queue[dict[str, Any]] = queue.Queue()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> "NodeSmsc":
        command = ["node", str(FOLDER / "smsc.js")]
        self.process = subprocess.Popen(
            command,
            env=self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        opened = self.count("open")
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        wait_until(lambda: self.count("open") > opened, 15)
        for order in list(self._open.values()):
            self._order(order)
        return self

    def kill(self) -> None:
        """It is gone, without a word."""
        if self.process:
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe:
                    pipe.close()
            self.process = None

    def _read(self, process: "subprocess.Popen[str]") -> None:
        try:
            for line in process.stdout:
                event = json.loads(line)
                self.seen.append(event)
                if event["event"] == "ussd":
                    self.shown.put(event)
                if event["event"] == "delivered":
                    self._open.pop(event["id"], None)
        except ValueError:
            pass  # it was killed in the middle of a line

    def _order(self, order: dict[str, str]) -> None:
        if self.process:
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()

    def count(self, event: str) -> int:
        return sum(each["event"] == event for each in self.seen)

    def wait_until_bound(self, times: int = 1) -> None:
        wait_until(lambda: self.count("bound") >= times, 30)

    def sms(self, msisdn: str, text: str) -> str:
        """A phone sends an SMS; its number here."""
        number = str(next(self._numbers))
        self._open[number] = {"id": number, "do": "sms", "from": msisdn, "text": text}
        self._order(self._open[number])
        return number

    def is_taken(self, number: str) -> bool:
        """Whether the SMS was answered with anything but `later`."""
        return number not in self._open

    def turn(self, msisdn: str, text: str, *, dials: bool) -> str:
        """A phone dials, or answers its menu; what it shows then, `CON …` or `END …`."""
        number = str(next(self._numbers))
        does = "dial" if dials else "type"
        self._order({"id": number, "do": does, "from": msisdn, "text": text})
        shown = self.shown.get(timeout=20)
        assert shown["to"] == msisdn
        assert shown["isRight"], "another session's id came back"
        return f"{ {2: 'CON', 17: 'END'}[shown['operation']] } {shown['text']}"

    def to(self, msisdn: str) -> list[str]:
        """The SMS that a phone got, whole."""
        seen = list(self.seen)
        return [each["text"] for each in seen if each["event"] == "sms" and each["to"] == msisdn]

    def settle(self, quiet: float) -> None:
        """Returns once nothing has happened for so many seconds."""
        count, since = len(self.seen), time.monotonic()
        while time.monotonic() - since < quiet:
            time.sleep(0.05)
            if len(self.seen) != count:
                count, since = len(self.seen), time.monotonic()
