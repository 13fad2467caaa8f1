"""A real Kannel, with phones that are played behind it.

    with Kannel(folder) as kannel:
        market = …                        # sends to kannel.url, as kannel.account says
        kannel.start(hooks)               # …/hooks/http/<token>, where SMS are brought
        kannel.phones.send("+62…", "BANTU")
        kannel.phones.to("+62…")

Kannel's fake SMSC reports every message delivered as soon as the phones have it.
"""

import contextlib
import os
import re
import shutil
import socket
import string
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote, unquote_to_bytes

from deploy.child import Child

BOXES = ("bearerbox", "smsbox")
START_WITHIN = 10.0
"""Seconds for a box to be ready in."""
SHORT_CODE = "22345"
USERNAME, PASSWORD = "pasar", "password-at-kannel"


def missing() -> list[str]:
    """The programs of Kannel that are not installed here."""
    return [box for box in BOXES if _found(box) is None]


def _found(box: str) -> str | None:
    # Debian has them where the path of people who are not root may not lead.
    return shutil.which(box, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


# It speaks HTTP before it can pass anything on.
_SMSBOX_READY = b"Connected to bearerbox"
_PHONES_READY = b"Fakesmsc client connected"


class DidNotStart(Exception):
    """A box is not ready in time; its log says why."""


@dataclass(frozen=True)
class Sms:
    """A message that a phone got: when, by `time.monotonic`, from whom, to whom."""

    at: float
    sender: str
    to: str
    text: str


class Kannel:
    """bearerbox and smsbox, with all their files in `folder`."""

    def __init__(self, folder: Path, *, join: bool = True, requests: int = 64) -> None:
        self.folder = folder.resolve()
        names = ("admin", "boxes", "phones", "sendsms")
        self._ports = dict(zip(names, _free_ports(len(names)), strict=True))
        self._join, self._requests = join, requests
        self.phones = Phones()
        conf = str(self.folder / "kannel.conf")
        self.bearerbox, self.smsbox = (
            Child(box, [_found(box) or box, "-v", "4", conf]) for box in BOXES
        )

    @property
    def url(self) -> str:
        """Where SMS are sent."""
        return f"http://127.0.0.1:{self._ports['sendsms']}/cgi-bin/sendsms"

    @property
    def account(self) -> dict[str, str]:
        """The settings of a market that sends here."""
        return {
            "PASAR_SMS_PROVIDER": "http",
            "PASAR_HTTP_TEMPLATE": "kannel",
            "PASAR_HTTP_URL": self.url,
            "PASAR_HTTP_USERNAME": USERNAME,
            "PASAR_HTTP_PASSWORD": PASSWORD,
        }

    @property
    def failures(self) -> int:
        """How often it could not bring us something, or did not hear that we have it."""
        return self._times(self.smsbox, b"Couldn't fetch <")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self, hooks: str) -> None:
        """Starts both, and connects the phones. Raises DidNotStart."""
        (self.folder / "spool").mkdir(parents=True, exist_ok=True)
        conf = string.Template(Path(__file__).with_name("kannel.conf").read_text(encoding="utf-8"))
        filled = conf.substitute(
            self._ports,
            folder=self.folder,
            hooks=hooks,
            username=USERNAME,
            password=PASSWORD,
            join="true" if self._join else "false",
            requests=self._requests,
        )
        (self.folder / "kannel.conf").write_text(filled, encoding="utf-8")
        self.bearerbox.spawn()
        self._wait(self.bearerbox, lambda: _listens(self._ports["boxes"]))
        self.start_smsbox()
        self.switch_phones_on()

    def switch_phones_on(self) -> None:
        """Phones can be reached from here on. Raises DidNotStart."""
        before = self._times(self.bearerbox, _PHONES_READY)
        self.phones.switch_on(self._ports["phones"])
        self._wait(self.bearerbox, lambda: self._times(self.bearerbox, _PHONES_READY) > before)

    def start_smsbox(self) -> None:
        """Starts the part that speaks HTTP. Raises DidNotStart."""
        before = self._times(self.smsbox, _SMSBOX_READY)
        self.smsbox.spawn()
        self._wait(self.smsbox, lambda: self._times(self.smsbox, _SMSBOX_READY) > before)
        self._wait(self.smsbox, lambda: _listens(self._ports["sendsms"]))

    def stop(self) -> None:
        """Ends all of it."""
        self.phones.switch_off()
        self.smsbox.stop(3.0)
        self.bearerbox.stop(3.0)

    def _wait(self, box: Child, what: Callable[[], bool]) -> None:
        until = time.monotonic() + START_WITHIN
        while not what():
            if time.monotonic() > until or box.ended() is not None:
                raise DidNotStart(f"{box.name} is not ready; see {self._log(box)}")
            time.sleep(0.02)

    def _log(self, box: Child) -> Path:
        return self.folder / f"{box.name}.log"

    def _times(self, box: Child, said: bytes) -> int:
        """How often this is in its log."""
        log = self._log(box)
        return log.read_bytes().count(said) if log.exists() else 0


class Phones:
    """All phones, at the other end of Kannel's fake SMSC. Safe to use from any thread.

    Its protocol is a line a message, `<from> <to> text <text>`, where a text that goes out may
    have line ends in it. Parts of long messages come with their header, and without saying in
    which alphabet they are written.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._got: list[Sms] = []
        self._parts: dict[tuple[str, str, int], dict[int, bytes]] = {}
        self._line: socket.socket | None = None

    def switch_on(self, port: int) -> None:
        """Connects them to this port. Raises OSError when it cannot be done in some seconds."""
        until = time.monotonic() + START_WITHIN
        while True:
            try:
                self._line = socket.create_connection(("127.0.0.1", port))
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        threading.Thread(target=self._read, args=(self._line,), daemon=True).start()

    def switch_off(self) -> None:
        """No phone can be reached from here on."""
        if self._line is not None:
            with contextlib.suppress(OSError):  # the other end may be gone
                self._line.shutdown(socket.SHUT_RDWR)
            self._line.close()
            self._line = None

    @property
    def got(self) -> list[Sms]:
        """All messages that arrived, in order."""
        with self._changed:
            return list(self._got)

    @property
    def count(self) -> int:
        """How many messages arrived."""
        return len(self._got)

    def to(self, number: str) -> list[str]:
        """The texts that a phone got, in order."""
        return [sms.text for sms in self.got if sms.to == number]

    def wait_for(self, number: str, index: int, within: float) -> str:
        """The text number `index` (from 0) to a phone. Raises TimeoutError."""
        until = time.monotonic() + within
        with self._changed:
            while True:
                texts = [sms.text for sms in self._got if sms.to == number]
                if len(texts) > index:
                    return texts[index]
                if not self._changed.wait(until - time.monotonic()):
                    raise TimeoutError(f"no SMS number {index + 1} to {number}; there were {texts}")

    def send(self, number: str, text: str) -> None:
        """An SMS from a phone to the short code, in as many parts as it takes."""
        ascii_only = text.isascii() and text.isprintable()
        if ascii_only and len(text) <= 160:
            self._write(number, "text", text)
        elif ascii_only:
            self._write_parts(number, [text[at : at + 153] for at in range(0, len(text), 153)])
        else:
            self._write(number, "ucs2", quote(text.encode("utf-16-be")))

    def _write_parts(self, number: str, parts: Sequence[str]) -> None:
        reference = hash((number, parts[0])) % 256
        for index, part in enumerate(parts, start=1):
            header = quote(bytes([5, 0, 3, reference, len(parts), index]))
            self._write(number, "udh-text", f"{header} {part}")

    def _write(self, number: str, kind: str, rest: str) -> None:
        if self._line is None:
            raise OSError("the phones are off")
        with self._changed:  # lines do not mix
            self._line.sendall(f"{number} {SHORT_CODE} {kind} {rest}\n".encode())

    def _read(self, line: socket.socket) -> None:
        waiting = b""
        try:
            while octets := line.recv(65_536):
                waiting += octets
                if not waiting.endswith(b"\n"):
                    continue  # Kannel writes a message at a time
                heads = list(_HEAD.finditer(waiting))
                for head, after in zip(heads, [*heads[1:], None], strict=True):
                    end = after.start() if after else len(waiting)
                    self._take(head, waiting[head.end() : end - 1])
                waiting = b""
        except OSError:
            pass  # switched off while it waited

    def _take(self, head: "re.Match[bytes]", rest: bytes) -> None:
        sender, to, kind = (group.decode() for group in head.groups())
        if kind == "udh":
            header, _, data = rest.partition(b" data ")
            *_, reference, total, number = _unquoted(header)
            parts = self._parts.setdefault((sender, to, reference), {})
            parts[number] = _unquoted(data)
            if len(parts) < total:
                return
            del self._parts[sender, to, reference]
            text = _guessed(b"".join(parts[n] for n in sorted(parts)))
        elif kind == "ucs-2":
            text = _unquoted(rest).decode("utf-16-be")
        else:
            text = rest.decode()
        with self._changed:
            self._got.append(Sms(time.monotonic(), sender, to, text))
            self._changed.notify_all()


_HEAD = re.compile(rb"^(\S+) (\+?[0-9]{6,15}) (text|data|ucs-2|udh) ", re.MULTILINE)


def _unquoted(octets: bytes) -> bytes:
    return unquote_to_bytes(octets.replace(b"+", b" "))


def _guessed(octets: bytes) -> str:
    """The text of joined parts: no text in UTF-8 has a null, and hardly one in UCS-2 is UTF-8."""
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        return octets.decode("utf-16-be")
    return octets.decode("utf-16-be") if "\0" in text else text


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
