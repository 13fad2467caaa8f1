"""Connections and transactions: the one place that knows which database this is.

What must stay true: a write transaction begins immediate, behind a file lock that makes the
writers of all processes a queue (SQLite's own busy wait is a back-off, in which some starve); each
thread has a connection of its own and none survives a fork; foreign keys are on; durability is
chosen for each transaction; a SQLite that can corrupt a WAL keeps the rollback journal.
"""

import fcntl
import os
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import sqlite_utils
from sqlite_utils.utils import sqlite3

from store.errors import Unavailable

PATIENCE = 3.0
"""Seconds that a writer waits for its turn; a hop must be answered within five."""

BUSY_SECONDS = 2.0
"""How long a reader, or a commit, waits for another program that holds the database."""

_HELD_SECONDS = 0.2
"""How long the writer whose turn it is waits for such a program, before the next one's turn."""

WAL_SAFE = (3, 51, 3)
"""From this version on SQLite has no WAL corruption race (sqlite.org/wal.html#walresetbug)."""

_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
"""Failures of the surroundings, not of the statement: trying again later can help."""

Row = dict[str, Any]
Rows = list[Row]


class Connection:
    """One thread's connection; statements in, plain rows out."""

    def __init__(self, path: Path) -> None:
        raw = sqlite3.connect(
            str(path), timeout=BUSY_SECONDS, cached_statements=256, check_same_thread=True
        )
        self.raw = raw
        self._synchronous = ""
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA trusted_schema = OFF")
        self.synchronous("FULL")

    def is_in_journal_mode(self) -> bool:
        """Whether the database keeps the journal that this SQLite can be trusted with."""
        return str(self.value("PRAGMA journal_mode")).upper() == _journal_mode()

    def set_journal_mode(self) -> None:
        """Has the database keep that journal, for all who open it."""
        self.execute(f"PRAGMA journal_mode = {_journal_mode()}")

    @property
    def utils(self) -> sqlite_utils.Database:
        """The sqlite-utils view of this connection: for schema work, never on a hot path."""
        return sqlite_utils.Database(self.raw)

    def synchronous(self, level: str) -> None:
        """FULL: on the disk when committed. NORMAL: the last moments may be lost to a power cut."""
        if level != self._synchronous:
            self.raw.execute(f"PRAGMA synchronous = {level}")
            self._synchronous = level

    def begin_immediate(self) -> bool:
        """Begins a write transaction; False while another program holds the database."""
        self._wait_at_most(_HELD_SECONDS)
        try:
            self.raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY:
                raise
            return False
        finally:
            self._wait_at_most(BUSY_SECONDS)
        return True

    def _wait_at_most(self, seconds: float) -> None:
        self.raw.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of a transaction, undone alone when it raises.

        Raises Unavailable for a failure of the surroundings, and when the database took the whole
        transaction back: what came after it would be no transaction any more.
        """
        with _unavailable_on_failure():
            self.raw.execute("SAVEPOINT part")
            try:
                yield
            except BaseException as error:
                if not self.raw.in_transaction:
                    raise Unavailable("the transaction was taken back") from error
                self.raw.execute("ROLLBACK TO part")
                self.raw.execute("RELEASE part")
                raise
            self.raw.execute("RELEASE part")

    def execute(self, sql: str, values: dict[str, Any] | tuple[Any, ...] = ()) -> int:
        """Runs a statement; the number of rows it changed."""
        return int(self.raw.execute(sql, values).rowcount)

    def rows(self, sql: str, values: dict[str, Any] | tuple[Any, ...] = ()) -> Rows:
        """All rows of a query."""
        cursor = self.raw.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, sql: str, values: dict[str, Any] | tuple[Any, ...] = ()) -> Row | None:
        """The first row of a query, or None."""
        cursor = self.raw.execute(sql, values)
        found = cursor.fetchone()
        if found is None:
            return None
        return dict(zip((column[0] for column in cursor.description), found, strict=True))

    def value(self, sql: str, values: dict[str, Any] | tuple[Any, ...] = ()) -> Any:
        """The first column of the first row, or None."""
        found = self.raw.execute(sql, values).fetchone()
        return found[0] if found else None


class Database:
    """A database file. Cheap to make; opens a connection for each thread that uses it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._queue = threading.Lock()
        self._pid = os.getpid()
        self._connections: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._open_at_fork = 0
        _databases.add(self)

    def connection(self) -> Connection:
        """This thread's connection, opened at its first use and after a fork.

        Raises RuntimeError in a child whose parent was using the database when it forked: SQLite
        believes there that it holds the parent's locks.
        """
        if self._pid != os.getpid():
            if self._open_at_fork:
                raise RuntimeError("the database was in use when this process was forked")
            self._local, self._queue = threading.local(), threading.Lock()
            self._pid = os.getpid()
        opened: Connection | None = getattr(self._local, "connection", None)
        if opened is None:
            with _unavailable_on_failure():
                opened = Connection(self.path)
                if not opened.is_in_journal_mode():
                    # A new database: of two that turn it to its mode at once, one would fail.
                    with self._turn(time.monotonic() + PATIENCE):
                        opened.set_journal_mode()
            self._local.connection = opened
            self._connections.add(opened)
        return opened

    def before_fork(self) -> None:
        """Closes this thread's connection if it is idle, and notes how many others are open."""
        opened: Connection | None = getattr(self._local, "connection", None)
        if opened is not None and not opened.raw.in_transaction:
            self.close()
        self._open_at_fork = len(self._connections)

    def close(self) -> None:
        """Closes this thread's connection."""
        mine = self._local.__dict__
        if "connection" in mine:
            closed = mine.pop("connection")
            self._connections.discard(closed)
            closed.raw.close()
        if "lock" in mine:
            mine.pop("lock").close()

    @contextmanager
    def write(self, *, durable: bool, patience: float | None = None) -> Iterator[Connection]:
        """One write transaction: all of it or, when the block raises, nothing of it.

        Raises Unavailable when the database cannot be written within `patience` seconds, PATIENCE
        unless said.
        """
        connection = self._idle_connection()
        until = time.monotonic() + (PATIENCE if patience is None else patience)
        with _unavailable_on_failure():
            connection.synchronous("FULL" if durable else "NORMAL")
            while True:
                with self._turn(until):
                    if not connection.begin_immediate():
                        if time.monotonic() >= until:
                            raise Unavailable("another program holds the database")
                        continue  # at the back of the queue, so that nobody waits behind a wait
                    try:
                        yield connection
                        connection.execute("COMMIT")
                    except BaseException:
                        connection.raw.rollback()
                        raise
                    return

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the database."""
        connection = self._idle_connection()
        with _unavailable_on_failure():
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.raw.rollback()

    def _idle_connection(self) -> Connection:
        connection = self.connection()
        if connection.raw.in_transaction:
            raise RuntimeError("this thread is in a transaction already")
        return connection

    @contextmanager
    def _turn(self, until: float) -> Iterator[None]:
        """Waits for this writer's turn: first among the process's threads, then among processes.

        The wait for a file lock has no time-out, so the first of a process's writers waits as long
        as a process that was stopped in its turn; the others behind it give up.
        """
        if not self._queue.acquire(timeout=max(0.0, until - time.monotonic())):
            raise Unavailable("another writer did not end in time")
        try:
            lock = self._lock_file()
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(lock, fcntl.LOCK_UN)
        finally:
            self._queue.release()

    def _lock_file(self) -> IO[bytes]:
        lock: IO[bytes] | None = getattr(self._local, "lock", None)
        if lock is None:
            try:
                lock = open(f"{self.path}.lock", "ab")  # noqa: SIM115 - lives as long as its thread
            except OSError as error:
                raise Unavailable(str(error)) from error
            self._local.lock = lock
        return lock


_databases: weakref.WeakSet[Database] = weakref.WeakSet()


def _before_fork() -> None:
    for database in list(_databases):
        database.before_fork()


os.register_at_fork(before=_before_fork)


def wal_is_safe() -> bool:
    """Whether this process's SQLite may use a write-ahead log."""
    return tuple(sqlite3.sqlite_version_info) >= WAL_SAFE


def _journal_mode() -> str:
    return "WAL" if wal_is_safe() else "TRUNCATE"


def sqlite_version() -> str:
    """The version of the SQLite that this process uses."""
    return str(sqlite3.sqlite_version)


@contextmanager
def _unavailable_on_failure() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if _code(error) in _PASSING:
            raise Unavailable(str(error)) from error
        raise


def _code(error: sqlite3.Error) -> int:
    """The primary result code; the extended ones say more than is needed here."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
