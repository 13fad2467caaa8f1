"""The tables of Gammu's SMS daemon (SMSD): it is told there what to send, and tells what came.

Written for schema 17, `man gammu-smsd-tables`. What must stay true: the file is never made here, so
that a wrong path is found out; SMSD waits a whole second when it meets a lock, so no transaction
lasts longer than its statements; nothing is added to the schema, which is SMSD's.

`UpdatedInDB` and the default of `InsertIntoDB` are in UTC, all other times as SMSD's clock on the
wall shows them: it runs on this machine, so SQLite's `localtime` is the same.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlite_utils.utils import sqlite3

from gateway.providers import Outgoing
from store import gsm7

BUSY_SECONDS = 2.0
"""How long SMSD, or another program, may hold the database."""

OURS = "pasar:"
"""What our rows' `CreatorID` begins with; the message's reference follows."""

LATELY = 100_000
"""Ids that are looked back for what was sent: a day's at one SMS a second."""

Error = sqlite3.Error
Row = dict[str, Any]

_LASTS = [
    *(5 * n for n in range(1, 145)),
    *(720 + 30 * n for n in range(1, 25)),
    *(1_440 * n for n in range(2, 31)),
    *(10_080 * n for n in range(5, 64)),
]
"""TP-Validity-Period, relative format -> minutes (3GPP TS 23.040, 9.2.3.12.1)."""


def validity(span: timedelta) -> int:
    """The longest period that the network knows and that is not beyond `span`; at least 5 minutes.

    >>> validity(timedelta(hours=1)), validity(timedelta(days=1)), validity(timedelta(seconds=1))
    (11, 167, 0)
    """
    return max(0, bisect_right(_LASTS, span / timedelta(minutes=1)) - 1)


def lasts(code: int) -> timedelta:
    """How long that period is; the longest for what is none."""
    return timedelta(minutes=_LASTS[code] if 0 <= code < len(_LASTS) else _LASTS[-1])


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the database. Raises Error, also when there is none."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")  # phones write anything
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


_IS_THERE = """
SELECT 1 FROM outbox WHERE CreatorID = :creator
UNION ALL
SELECT 1 FROM sentitems
WHERE CreatorID = :creator AND ID > (SELECT MAX(ID) FROM sentitems) - :lately
"""

_PUT = """
INSERT INTO outbox
  (CreatorID, DestinationNumber, TextDecoded, Coding, MultiPart, RelativeValidity, DeliveryReport,
   SendingDateTime, SendingTimeOut)
VALUES
  (:creator, :to, :text, :coding, :multipart, :validity, 'yes',
   '2000-01-01 00:00:00', '2000-01-01 00:00:00')
RETURNING ID
"""
# SMSD sends what is due by its own clock; the schema's default is UTC, hours from now in the west.

_PUT_PART = """
INSERT INTO outbox_multipart (ID, SequencePosition, UDH, TextDecoded, Coding)
VALUES (:id, :number, :udh, :text, :coding)
"""


def put(path: Path, sms: Outgoing) -> None:
    """Has SMSD send this, unless it was told to already. Raises Error: then it was not told."""
    values = {
        "creator": f"{OURS}{sms.reference}",
        "to": sms.msisdn,
        "coding": "Default_No_Compression" if gsm7.is_gsm7(sms.text) else "Unicode_No_Compression",
        "validity": validity(sms.valid_for),
        "lately": LATELY,
    }
    texts = gsm7.parts(sms.text)
    values |= {"text": texts[0], "multipart": "true" if len(texts) > 1 else "false"}
    with closing(connect(path)) as connection, _transaction(connection):
        if connection.execute(_IS_THERE, values).fetchone():
            return
        row_id = int(connection.execute(_PUT, values).fetchone()[0])
        if len(texts) > 1:
            udh = [_concatenation(row_id, n, len(texts)) for n in range(1, len(texts) + 1)]
            connection.execute("UPDATE outbox SET UDH = ? WHERE ID = ?", (udh[0], row_id))
            for n, text in enumerate(texts[1:], start=1):
                part = {"id": row_id, "number": n + 1, "udh": udh[n], "text": text}
                connection.execute(_PUT_PART, values | part)


def _concatenation(reference: int, number: int, total: int) -> str:
    """The user data header of a part, in hexadecimal (3GPP TS 23.040, 9.2.3.24.1).

    >>> _concatenation(0xD3, 1, 2)
    '050003D30201'
    """
    return bytes([5, 0, 3, reference & 0xFF, total, number]).hex().upper()


class Smsd:
    """SMSD's database as one thread listens to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.stat().st_ino
        self._connection = connect(path)
        self._version = -1

    def close(self) -> None:
        self._connection.close()

    def has_changed(self) -> bool:
        """Whether anybody else wrote since this was asked last.

        Raises FileNotFoundError when another file stands in its place: the old one is nobody's.
        """
        if self._path.stat().st_ino != self._file:
            raise FileNotFoundError(f"{self._path} was replaced")
        before, self._version = self._version, int(self._rows("PRAGMA data_version")[0][0])
        return before != self._version

    def unread(self, after: int, most: int) -> Sequence[Row]:
        """Incoming messages that nobody has read, oldest first, with ids above `after`; `WasLeft`:
        they have lain there for an hour and more."""
        return self._dicts(
            "SELECT *, datetime(ReceivingDateTime, 'utc') AS SentUTC,"
            " datetime(UpdatedInDB) AS StoredUTC,"
            " UpdatedInDB < datetime('now', '-1 hour') AS WasLeft FROM inbox"
            " WHERE ID > ? AND Processed = 'false' ORDER BY ID LIMIT ?",
            (after, most),
        )

    def mark(self, ids: Sequence[int]) -> None:
        """They are read."""
        if ids:
            with _transaction(self._connection):
                self._connection.executemany(
                    "UPDATE inbox SET Processed = 'true' WHERE ID = ?", [(each,) for each in ids]
                )

    def sent(self, since: str) -> Sequence[Row]:
        """All parts of our messages of which something became since then (`-1 hour`), in order."""
        return self._dicts(
            "SELECT * FROM sentitems WHERE CreatorID GLOB :ours AND ID IN"
            " (SELECT ID FROM sentitems WHERE UpdatedInDB >= datetime('now', :since)"
            "  AND ID > (SELECT MAX(ID) FROM sentitems) - :lately)"
            " ORDER BY ID, SequencePosition",
            {"ours": f"{OURS}*", "since": since, "lately": LATELY},
        )

    def waiting(self) -> Sequence[Row]:
        """Our messages that wait since ten seconds or longer, and that SMSD is not at just now."""
        return self._dicts(
            "SELECT *, (julianday('now') - julianday(InsertIntoDB)) * 86400 AS Seconds"
            " FROM outbox WHERE CreatorID GLOB ? AND InsertIntoDB <= datetime('now', '-10 seconds')"
            " AND SendingTimeOut < datetime('now', 'localtime') ORDER BY ID",
            (f"{OURS}*",),
        )

    def withdraw(self, row_id: int) -> None:
        """Has SMSD not send this, unless it is at it just now."""
        with _transaction(self._connection):
            gone = self._connection.execute(
                "DELETE FROM outbox WHERE ID = ? AND SendingTimeOut < datetime('now', 'localtime')",
                (row_id,),
            ).rowcount
            if gone:
                self._connection.execute("DELETE FROM outbox_multipart WHERE ID = ?", (row_id,))

    def phone(self) -> Row | None:
        """What SMSD told last of its phone, and how many seconds ago; None if it never did."""
        rows = self._dicts(
            "SELECT *, (julianday('now') - julianday(UpdatedInDB)) * 86400 AS Seconds"
            " FROM phones ORDER BY UpdatedInDB DESC LIMIT 1"
        )
        return rows[0] if rows else None

    def _dicts(self, sql: str, values: Any = ()) -> Sequence[Row]:
        return [dict(row) for row in self._rows(sql, values)]

    def _rows(self, sql: str, values: Any = ()) -> Sequence[Any]:
        return self._connection.execute(sql, values).fetchall()
