"""Dialogue files: whole conversations that people can read and the tests play.

    # What the story is about.
    Sri is +6281234567001              who takes part
    Sri registers as Inaq Sri#Durian   by SMS, with the answers read
    Sri dials *123*45#                 a session begins
      1. Cari                          each indented line must stand in what the phone shows
      ! Daftar                         … and this one must not
    Sri picks Cari                     the number before this label is typed
    Sri types beras
    Sri picks Ya
      (end)                            the session is over
      Pesanan {order}                  digits are caught the first time, expected afterwards
    Budi receives                      the next SMS to arrive
      Pesanan {order}
    Budi sends YA {order}              an SMS to the short code
    Joni sends as Sri BATAL {order}    one that looks as if it came from her phone
    Budi receives nothing
    Sri hangs up
    Sri drops                          the network breaks off the session, and says so
    operator runs freeze +62… tipu     a command of the operator's shell, and what it prints
    later 13 hours                     the clock turns (stories that have a clock)

`play` runs one against any World, so the same story is told to one process or to many.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from tests.support.payloads import new_session_id


class World(Protocol):
    """Where a story takes place."""

    def hop(self, msisdn: str, session_id: str, service_code: str, text: str) -> str:
        """The answer to a USSD request, `CON …` or `END …`."""

    def send(self, msisdn: str, text: str) -> None:
        """An SMS from a phone to the short code."""

    def receive(self, msisdn: str, index: int) -> str:
        """The SMS number `index` (from 0) to a phone; fails when it does not come in time."""

    def count(self, msisdn: str) -> int:
        """How many SMS a phone has got, once everything has settled."""

    def turn(self, span: timedelta) -> None:
        """Time passes."""

    def run(self, command: str) -> str:
        """What `flask --app app <command>` prints, done or refused."""


@runtime_checkable
class Dropping(Protocol):
    """A world whose network says so when it breaks off a session."""

    def drop(self, msisdn: str, session_id: str) -> None:
        """It breaks off this one."""


@dataclass
class Phone:
    """One person's phone during a story."""

    msisdn: str
    session_id: str = ""
    service_code: str = ""
    text: str = ""
    shown: str = ""
    read: int = 0


@dataclass
class Player:
    """Plays the lines of a dialogue in a world; `caught` are the numbers met so far."""

    world: World
    phones: dict[str, Phone] = field(default_factory=dict)
    caught: dict[str, str] = field(default_factory=dict)

    def play(self, text: str, name: str = "story") -> "Player":
        """The whole dialogue; an AssertionError names the line and what was there instead."""
        shown, where = "", ""
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith(" "):
                self._expect(line.strip(), shown, f"{where}\n{name}:{number}: {line.strip()}")
            else:
                where = f"{name}:{number}: {line}"
                try:
                    shown = self._step(self._fill(line.strip()))
                except AssertionError as error:
                    raise AssertionError(f"{where}\n{error}") from error
        return self

    def _fill(self, text: str) -> str:
        for name, value in self.caught.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def _step(self, line: str) -> str:
        if match := re.fullmatch(r"later (\d+) (minutes|hours|days)", line):
            self.world.turn(timedelta(**{match[2]: int(match[1])}))
            return ""
        if match := re.fullmatch(r"operator runs (.+)", line):
            return self.world.run(match[1])
        match = re.fullmatch(
            r"(\w+) (is|registers|dials|types|picks|sends|receives|hangs|drops)\b ?(.*)", line
        )
        assert match, "this line is no step of a dialogue"
        who, does, what = match.groups()
        if does == "is":
            self.phones[who] = Phone(what)
            return ""
        return str(getattr(self, f"_{does}")(self.phones[who], what))

    def _registers(self, phone: Phone, what: str) -> str:
        self._sends(phone, f"DAFTAR {what.removeprefix('as ')}")
        self._receives(phone, "")
        self._sends(phone, "YA")
        return self._receives(phone, "")

    def _dials(self, phone: Phone, code: str) -> str:
        phone.session_id, phone.service_code, phone.text = new_session_id(), code, ""
        return self._hop(phone)

    def _types(self, phone: Phone, typed: str) -> str:
        phone.text = f"{phone.text}*{typed}" if phone.text else typed
        return self._hop(phone)

    def _picks(self, phone: Phone, label: str) -> str:
        for _ in range(10):
            match = re.search(rf"^(\d+)\. {re.escape(label)}", phone.shown, re.MULTILINE)
            if match:
                return self._types(phone, match[1])
            more = re.search(r"^9\. (Lagi|More)$", phone.shown, re.MULTILINE)
            assert more, f"{label!r} is not offered in:\n{phone.shown}"
            self._types(phone, "9")
        raise AssertionError(f"{label!r} is not offered")

    def _hop(self, phone: Phone) -> str:
        assert phone.session_id, "the phone has no session: dial first"
        phone.shown = self.world.hop(phone.msisdn, phone.session_id, phone.service_code, phone.text)
        assert phone.shown[:4] in ("CON ", "END "), phone.shown
        return phone.shown

    def _hangs(self, phone: Phone, up: str) -> str:
        phone.session_id = ""
        return ""

    def _drops(self, phone: Phone, what: str) -> str:
        assert isinstance(self.world, Dropping), "here the network does not say that it drops one"
        self.world.drop(phone.msisdn, phone.session_id)
        return self._hangs(phone, what)

    def _sends(self, phone: Phone, text: str) -> str:
        forged = re.fullmatch(r"as (\w+) (.+)", text)
        if forged:
            phone, text = self.phones[forged[1]], forged[2]
        self.world.send(phone.msisdn, text)
        return ""

    def _receives(self, phone: Phone, what: str) -> str:
        if what == "nothing":
            count = self.world.count(phone.msisdn)
            assert count == phone.read, self.world.receive(phone.msisdn, phone.read)
            return ""
        text = self.world.receive(phone.msisdn, phone.read)
        phone.read += 1
        return text

    def _expect(self, line: str, shown: str, where: str) -> None:
        if line == "(end)":
            assert shown.startswith("END "), f"{where}\nbut the session goes on:\n{shown}"
            return
        if line.startswith("! "):
            assert self._fill(line[2:]) not in shown, f"{where}\nbut there is:\n{shown}"
            return
        filled = re.escape(self._fill(line))
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\d+)", filled)
        match = re.search(pattern, shown)
        assert match, f"{where}\nbut there is:\n{shown}"
        self.caught.update(match.groupdict())


def stories() -> list[Path]:
    """The dialogue files."""
    return sorted((Path(__file__).parents[1] / "stories").glob("*.txt"))
