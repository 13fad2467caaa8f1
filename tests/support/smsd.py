"""A GSM modem for tests: the real gammu-smsd with Gammu's dummy phone, in a folder of its own.

    with Modem(tmp_path) as modem:
        modem.receive("+6281234567001", "CARI beras")     # an SMS comes to the phone
        ...                                               # let the gateway work on modem.database
        modem.texts_to("+6281234567001")                  # what left the phone, in order

What must stay true here: what `sent` has is what a real phone would have sent, and no more.
"""

import itertools
import shutil
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlite_utils.utils import sqlite3

from store import gsm7
from tests.support.processes import wait_until

COMMAND = "gammu-smsd"
DRIVER = "libdbdsqlite3.so"


def missing() -> str:
    """What it takes to run and is not installed; empty if all is."""
    if not shutil.which(COMMAND):
        return f"{COMMAND} is not installed"
    if not any(Path("/usr/lib").glob(f"**/dbd/{DRIVER}")):
        return f"{COMMAND} has no {DRIVER} (Debian: libdbd-sqlite3)"
    return ""


CONFIGURATION = """
[gammu]
model = dummy
connection = none
device = {folder}/phone
[smsd]
service = sql
driver = sqlite3
database = smsd.db
dbdir = {folder}/
logfile = {folder}/smsd.log
debuglevel = 0
commtimeout = 1
sendtimeout = 10
loopsleep = 1
receivefrequency = 1
statusfrequency = 1
resetfrequency = 0
checksecurity = 0
checkbattery = 0
checksignal = 0
multiparttimeout = 5
deliveryreport = sms
maxretries = 1
retrytimeout = 1
"""

SCHEMA = """
CREATE TABLE gammu (Version INTEGER NOT NULL DEFAULT '0' PRIMARY KEY);
INSERT INTO gammu (Version) VALUES (17);
CREATE TABLE inbox (
  UpdatedInDB NUMERIC NOT NULL DEFAULT (datetime('now')),
  ReceivingDateTime NUMERIC NOT NULL DEFAULT (datetime('now')),
  Text TEXT NOT NULL, SenderNumber TEXT NOT NULL DEFAULT '',
  Coding TEXT NOT NULL DEFAULT 'Default_No_Compression', UDH TEXT NOT NULL,
  SMSCNumber TEXT NOT NULL DEFAULT '', Class INTEGER NOT NULL DEFAULT '-1',
  TextDecoded TEXT NOT NULL DEFAULT '', ID INTEGER PRIMARY KEY AUTOINCREMENT,
  RecipientID TEXT NOT NULL, Processed TEXT NOT NULL DEFAULT 'false',
  Status INTEGER NOT NULL DEFAULT '-1');
CREATE TRIGGER update_inbox_time UPDATE ON inbox
  BEGIN UPDATE inbox SET UpdatedInDB = datetime('now') WHERE ID = old.ID; END;
CREATE TABLE outbox (
  UpdatedInDB NUMERIC NOT NULL DEFAULT (datetime('now')),
  InsertIntoDB NUMERIC NOT NULL DEFAULT (datetime('now')),
  SendingDateTime NUMERIC NOT NULL DEFAULT (datetime('now')),
  SendBefore time NOT NULL DEFAULT '23:59:59', SendAfter time NOT NULL DEFAULT '00:00:00',
  Text TEXT, DestinationNumber TEXT NOT NULL DEFAULT '',
  Coding TEXT NOT NULL DEFAULT 'Default_No_Compression', UDH TEXT, Class INTEGER DEFAULT '-1',
  TextDecoded TEXT NOT NULL DEFAULT '', ID INTEGER PRIMARY KEY AUTOINCREMENT,
  MultiPart TEXT NOT NULL DEFAULT 'false', RelativeValidity INTEGER DEFAULT '-1', SenderID TEXT,
  SendingTimeOut NUMERIC NOT NULL DEFAULT (datetime('now')),
  DeliveryReport TEXT DEFAULT 'default', CreatorID TEXT NOT NULL, Retries INTEGER DEFAULT '0',
  Priority INTEGER DEFAULT '0', Status TEXT NOT NULL DEFAULT 'Reserved',
  StatusCode INTEGER NOT NULL DEFAULT '-1',
  CHECK (Coding IN ('Default_No_Compression', 'Unicode_No_Compression', '8bit',
                    'Default_Compression', 'Unicode_Compression')),
  CHECK (DeliveryReport IN ('default', 'yes', 'no')));
CREATE TABLE outbox_multipart (
  Text TEXT, Coding TEXT NOT NULL DEFAULT 'Default_No_Compression', UDH TEXT,
  Class INTEGER DEFAULT '-1', TextDecoded TEXT DEFAULT NULL, ID INTEGER,
  SequencePosition INTEGER NOT NULL DEFAULT '1', Status TEXT NOT NULL DEFAULT 'Reserved',
  StatusCode INTEGER NOT NULL DEFAULT '-1', PRIMARY KEY (ID, SequencePosition));
CREATE TABLE phones (
  ID TEXT NOT NULL, UpdatedInDB NUMERIC NOT NULL DEFAULT (datetime('now')),
  InsertIntoDB NUMERIC NOT NULL DEFAULT (datetime('now')),
  TimeOut NUMERIC NOT NULL DEFAULT (datetime('now')), Send TEXT NOT NULL DEFAULT 'no',
  Receive TEXT NOT NULL DEFAULT 'no', IMEI TEXT PRIMARY KEY NOT NULL, IMSI TEXT NOT NULL,
  NetCode TEXT DEFAULT 'ERROR', NetName TEXT DEFAULT 'ERROR', Client TEXT NOT NULL,
  Battery INTEGER NOT NULL DEFAULT -1, Signal INTEGER NOT NULL DEFAULT -1,
  Sent INTEGER NOT NULL DEFAULT 0, Received INTEGER NOT NULL DEFAULT 0);
CREATE TABLE sentitems (
  UpdatedInDB NUMERIC NOT NULL DEFAULT (datetime('now')),
  InsertIntoDB NUMERIC NOT NULL DEFAULT (datetime('now')),
  SendingDateTime NUMERIC NOT NULL DEFAULT (datetime('now')), DeliveryDateTime NUMERIC NULL,
  Text TEXT NOT NULL, DestinationNumber TEXT NOT NULL DEFAULT '',
  Coding TEXT NOT NULL DEFAULT 'Default_No_Compression', UDH TEXT NOT NULL,
  SMSCNumber TEXT NOT NULL DEFAULT '', Class INTEGER NOT NULL DEFAULT '-1',
  TextDecoded TEXT NOT NULL DEFAULT '', ID INTEGER, SenderID TEXT NOT NULL,
  SequencePosition INTEGER NOT NULL DEFAULT '1', Status TEXT NOT NULL DEFAULT 'SendingOK',
  StatusError INTEGER NOT NULL DEFAULT '-1', TPMR INTEGER NOT NULL DEFAULT '-1',
  RelativeValidity INTEGER NOT NULL DEFAULT '-1', CreatorID TEXT NOT NULL,
  StatusCode INTEGER NOT NULL DEFAULT '-1', PRIMARY KEY (ID, SequencePosition));
CREATE TRIGGER update_sentitems_time UPDATE ON sentitems
  BEGIN UPDATE sentitems SET UpdatedInDB = datetime('now') WHERE ID = old.ID; END;
"""
"""SMSD's tables, schema 17, for tests where it is not installed."""

SMSC = "123456"
"""The dummy phone's; a report is for a message that went through the same."""


class Tables:
    """SMSD's database without SMSD: its rows, for tests that write and read them by hand."""

    def __init__(self, folder: Path, schema: str = SCHEMA) -> None:
        self.database = folder / "smsd.db"
        with closing(sqlite3.connect(str(self.database))) as new:
            new.executescript(schema)

    def run(self, sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """Runs a statement; its rows."""
        with closing(sqlite3.connect(str(self.database), timeout=10)) as connection, connection:
            return connection.execute(sql, values).fetchall()


@dataclass(frozen=True)
class Sms:
    """A message that left the phone, put together from its parts."""

    to: str
    text: str
    reference: str
    status: str
    parts: int


class Modem(Tables):
    """The daemon and its phone. `stop` and `start` make an outage, `kill` a crash."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(folder)
        self._folder = folder
        self._inbox = folder / "phone" / "sms" / "1"
        self._inbox.mkdir(parents=True)
        self._slots = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "smsdrc").write_text(CONFIGURATION.format(folder=folder))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Starts the daemon, and waits until it has its phone."""
        self.run("DELETE FROM phones")
        with open(self._folder / "out.log", "ab") as out:
            command = [COMMAND, "-c", str(self._folder / "smsdrc")]
            self._process = subprocess.Popen(command, stdout=out, stderr=out)
        wait_until(lambda: self.run("SELECT 1 FROM phones") or self._process.poll() is not None, 20)
        assert self._process.poll() is None, (self._folder / "out.log").read_text()

    def stop(self) -> None:
        """Lets it end what it is at."""
        self._process.terminate()
        self._process.wait(20)

    def kill(self) -> None:
        """Ends it where it stands."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def receive(self, number: str, text: str, *, at: datetime | None = None) -> None:
        """An SMS comes to the phone, a long one in parts, as a phone would send it."""
        texts = gsm7.parts(text)
        coding = "Default" if gsm7.is_gsm7(text) else "Unicode"
        mark = time.monotonic_ns() & 0xFF
        for position, part in enumerate(texts, start=1):
            udh = bytes([5, 0, 3, mark, len(texts), position]).hex() if len(texts) > 1 else ""
            self._put(number, part, f"{coding}_No_Compression", PDU="Deliver", UDH=udh, at=at)

    def report(self, number: str, status: str = "Delivered") -> None:
        """The network reports on the oldest message to this number that waits for it.

        All messages of the dummy phone have the same reference.
        """
        self._put(
            number, status, "Default_No_Compression", PDU="Status_Report", MessageReference=255
        )

    def _put(
        self, number: str, text: str, coding: str, at: datetime | None = None, **values: Any
    ) -> None:
        moment = (at or datetime.now(UTC)).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        fields = {
            **{"SMSC": f'"{SMSC}"', "SMSCUnicode": _utf16(SMSC)},
            **{"DateTime": moment, "SMSCTime": moment, "State": "UnRead"},
            **{"Number": f'"{number}"', "NumberUnicode": _utf16(number)},
            **{"Text00": _utf16(text), "Coding": coding, "Folder": 1, "Length": len(text)},
            **{"Class": -1, "DeliveryStatus": 0, **values},
        }
        if not fields.get("UDH", "-"):
            del fields["UDH"]
        lines = [f"{name} = {value}" for name, value in fields.items()]
        slot = next(self._slots)
        draft = self._folder / f"draft-{slot}"
        draft.write_text("\n".join(["[SMSBackup000]", *lines, ""]))
        draft.rename(self._inbox / str(slot))

    def sent(self) -> list[Sms]:
        """What left the phone, in the order in which it did."""
        messages: dict[int, list[tuple[Any, ...]]] = {}
        for row in self.run(
            "SELECT ID, DestinationNumber, TextDecoded, CreatorID, Status FROM sentitems"
            " WHERE Status NOT IN ('Error', 'SendingError') ORDER BY rowid"
        ):
            messages.setdefault(row[0], []).append(row)
        return [
            Sms(
                to=rows[0][1],
                text="".join(row[2] for row in rows),
                reference=rows[0][3].removeprefix("pasar:"),
                status=rows[0][4],
                parts=len(rows),
            )
            for rows in messages.values()
        ]

    def texts_to(self, number: str) -> list[str]:
        """What this phone got, in order."""
        return [sms.text for sms in self.sent() if sms.to == number]

    def is_idle(self) -> bool:
        """Whether all that came was read by the market, and all that it wrote has left."""
        waiting = self.run("SELECT 1 FROM outbox") + self.run(
            "SELECT 1 FROM inbox WHERE Processed = 'false'"
        )
        return not waiting and not any(self._inbox.iterdir())


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()
