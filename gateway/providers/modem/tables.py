"""The tables of Gammu's SMS daemon (SMSD): it is told there what to send, and tells what came.

Written for schema 17, `man gammu-smsd-tables`. What must stay true: the file is never made here, so
that a wrong path is found out; SMSD waits a whole second when it meets a lock, so no transaction
lasts longer than its statements; nothing is added to the schema, which is SMSD's.

`UpdatedInDB` and the default of `InsertIntoDB` are in UTC, all other times as SMSD's clock on the
wall shows them: it runs on this machine, so SQLite's `localtime` is the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlite_utils.utils import sqlite3

BUSY_SECONDS = 2.0
"""How long SMSD, or another program, may hold the database."""

OURS = "pasar:"
"""What our rows' `CreatorID` begins with; the message's reference follows."""

LATELY = 100_000
"""Ids that are looked back for what was sent: a day's at one SMS a second."""

Error = sqlite3.Error
Row = dict[str, Any]


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the database. Raises Error, also when there is none."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")  # phones write anything
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block or, when it raises, nothing of it. Raises Error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


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
            with transaction(self._connection):
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
        with transaction(self._connection):
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
