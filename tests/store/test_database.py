"""Transactions: durable or not, whole or not at all, one after the other."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3

from store import database
from store.database import Database
from store.errors import Unavailable
from tests.support.held import held
from tests.support.rivals import in_processes, in_threads


@pytest.fixture
def db(tmp_path: Path) -> Database:
    """A database with one counter, at nought."""
    db = Database(tmp_path / "test.db")
    with db.write(durable=True) as connection:
        connection.execute("CREATE TABLE counter (n INTEGER NOT NULL CHECK (n >= 0))")
        connection.execute("INSERT INTO counter VALUES (0)")
        connection.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE child (parent INTEGER REFERENCES parent (id))")
    return db


def add(db: Database, most: int = 1) -> int:
    """Counts on; the number of transactions that it took."""
    for _ in range(most):
        with db.write(durable=False) as connection:
            n = connection.value("SELECT n FROM counter")
            connection.execute("UPDATE counter SET n = ?", (n + 1,))
    return most


def count(db: Database) -> int:
    with db.read() as connection:
        return int(connection.value("SELECT n FROM counter"))


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
def test_durability_is_what_was_asked_for(db: Database, durable: bool, level: int) -> None:
    for asked in (durable, not durable, durable, durable):
        with db.write(durable=asked) as connection:
            found = connection.value("PRAGMA synchronous")
    assert found == level


def test_foreign_keys_are_on(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError), db.write(durable=True) as connection:
        connection.execute("INSERT INTO child VALUES (1)")


def test_what_raises_leaves_nothing_behind(db: Database) -> None:
    def fail() -> None:
        with db.write(durable=True) as connection:
            connection.execute("UPDATE counter SET n = 5")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(db) == 0
    assert add(db) == 1


def test_a_mistake_in_a_statement_is_no_outage(db: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), db.read() as connection:
        connection.rows("SELECT * FROM missing")


def test_what_a_reader_changes_is_taken_back(db: Database) -> None:
    with db.read() as connection:
        connection.execute("UPDATE counter SET n = 5")
    assert count(db) == 0


@pytest.mark.parametrize("outer", ["read", "write"])
@pytest.mark.parametrize("inner", ["read", "write"])
def test_a_transaction_in_a_transaction_is_a_mistake(db: Database, outer: str, inner: str) -> None:
    ways: dict[str, Callable[[], Any]] = {"read": db.read, "write": lambda: db.write(durable=True)}
    with ways[outer](), pytest.raises(RuntimeError, match="already"), ways[inner]():
        pass
    assert add(db) == 1


def test_a_reader_sees_one_moment(db: Database) -> None:
    with db.read() as connection:
        before = connection.value("SELECT n FROM counter")
        writer = threading.Thread(target=add, args=(db,))
        writer.start()
        writer.join(0.3)  # without a WAL it waits for the reader
        assert connection.value("SELECT n FROM counter") == before
    writer.join()
    assert count(db) == before + 1


def test_threads_write_one_after_the_other(db: Database) -> None:
    assert sum(in_threads([lambda: add(db, 25)] * 8)) == count(db) == 200


def add_in(path: Path, most: int) -> int:
    return add(Database(path), most)


@pytest.mark.slow
def test_processes_write_one_after_the_other(db: Database) -> None:
    assert sum(in_processes(add_in, [(db.path, 50)] * 4)) == count(db) == 200


def test_each_thread_has_its_own_connection(db: Database) -> None:
    mine = db.connection()
    assert in_threads([lambda: db.connection() is mine, lambda: db.connection() is mine]) == [
        False,
        False,
    ]
    assert db.connection() is mine


def test_a_closed_connection_is_opened_again(db: Database) -> None:
    first = db.connection()
    db.close()
    assert db.connection() is not first
    assert add(db) == 1


def in_a_fork(check: Callable[[], Any]) -> int:
    """What becomes of the check in a fork of this process: 0 when it is true."""
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if check() else 1)
        except RuntimeError as error:
            os._exit(7 if "forked" in str(error) else 8)
        finally:
            os._exit(9)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


forks = pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")


@forks
def test_nothing_is_carried_across_a_fork(db: Database) -> None:
    mine = db.connection()
    assert in_a_fork(lambda: add(db) and db.connection() is not mine) == 0
    assert add(db) == 1
    assert count(db) == 2


@forks
def test_a_fork_in_the_middle_of_a_transaction_cannot_use_the_database(db: Database) -> None:
    with db.write(durable=True) as connection:
        connection.execute("UPDATE counter SET n = 7")
        assert in_a_fork(db.connection) == 7
    assert count(db) == 7


@forks
def test_nor_can_one_while_another_thread_has_it_open(db: Database) -> None:
    opened, done = threading.Event(), threading.Event()

    def use() -> None:
        add(db)
        opened.set()
        done.wait(30)

    other = threading.Thread(target=use)
    other.start()
    opened.wait(30)
    assert in_a_fork(db.connection) == 7
    done.set()
    other.join()
    assert in_a_fork(lambda: add(db)) == 0
    assert count(db) == 2


def take_a_turn(path: Path, line: Connection) -> None:
    """Begins to write, says so, and goes on when told anything."""
    with Database(path).write(durable=True):
        line.send("begun")
        line.poll(30)


class Writer:
    """Another process of ours, in the middle of its turn while the block runs."""

    def __init__(self, db: Database) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, its_line = context.Pipe()
        self.process = context.Process(target=take_a_turn, args=(db.path, its_line), daemon=True)

    def __enter__(self) -> "Writer":
        self.process.start()
        assert self.line.poll(30)
        return self

    def go_on(self) -> None:
        self.line.send("go on")
        self.process.join()

    def __exit__(self, *exc: object) -> None:
        self.process.kill()
        self.process.join()


@pytest.mark.slow
def test_a_database_that_is_held_is_unavailable_in_time_and_then_back(db: Database) -> None:
    with held(db.path):
        began = time.monotonic()
        with pytest.raises(Unavailable):
            add(db)
        assert time.monotonic() - began < database.PATIENCE + 1
    assert add(db) == 1


@pytest.mark.slow
def test_nobody_waits_behind_anothers_wait(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten writers that give up take no longer than one."""
    monkeypatch.setattr(database, "PATIENCE", 1.0)

    def give_up() -> float:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            add(db)
        return time.monotonic() - began

    with held(db.path):
        assert max(in_threads([give_up] * 10)) < 2.5


@pytest.mark.slow
def test_a_writer_that_waits_is_served_as_soon_as_it_can_be(db: Database) -> None:
    writer = threading.Thread(target=add, args=(db,))
    with held(db.path):
        writer.start()
        time.sleep(0.3)
    writer.join(1)
    assert count(db) == 1


@pytest.mark.slow
def test_behind_a_process_that_stopped_in_its_turn_writers_give_up(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but the first of each process, which waits for the file lock."""
    monkeypatch.setattr(database, "PATIENCE", 0.5)
    with Writer(db) as other:
        first = threading.Thread(target=add, args=(db,))
        first.start()
        time.sleep(0.1)
        with pytest.raises(Unavailable):
            add(db)
        other.go_on()
        first.join(5)
    assert count(db) == 1


def test_a_killed_writer_leaves_its_turn_to_the_next(db: Database) -> None:
    with Writer(db) as other:
        other.process.kill()
        other.process.join()
        assert add(db) == 1


@pytest.mark.parametrize("path", ["no/such/folder/test.db", "."])
def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path: Path, path: str) -> None:
    with pytest.raises(Unavailable), Database(tmp_path / path).write(durable=True):
        pass


def test_a_wal_only_where_it_cannot_be_corrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAL_SAFE", (3, 0, 0))
    safe = Database(tmp_path / "safe.db").connection().value("PRAGMA journal_mode")
    monkeypatch.setattr(database, "WAL_SAFE", (99, 0, 0))
    unsafe = Database(tmp_path / "unsafe.db").connection().value("PRAGMA journal_mode")
    assert (safe, unsafe) == ("wal", "truncate")


def test_without_a_wal_threads_write_and_read_all_the_same(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAL_SAFE", (99, 0, 0))
    db.close()
    assert db.connection().value("PRAGMA journal_mode") == "truncate"
    calls = [lambda: add(db, 10), lambda: sum(count(db) >= 0 for _ in range(20))]
    in_threads(calls * 3)
    assert count(db) == 30


def write_in_a_loop(path: Path, seconds: float) -> int:
    db, done, until = Database(path), 0, time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            done += add(db)
        except Unavailable:
            pass
    return done


@pytest.mark.slow
def test_each_writing_process_gets_its_share(db: Database) -> None:
    done = in_processes(write_in_a_loop, [(db.path, 2.0)] * 4)
    assert min(done) >= sum(done) / len(done) / 2, done
    assert count(db) == sum(done)


def write_out_of_turn(path: Path, seconds: float) -> int:
    @contextmanager
    def at_once(self: Database, until: float) -> Any:
        yield

    Database._turn = at_once  # type: ignore[method-assign]
    return write_in_a_loop(path, seconds)


@pytest.mark.slow
def test_twin_without_the_file_lock_shares_are_by_luck(
    db: Database,
) -> None:
    """Only told (by pytest -rP), for luck may be fair: what each got of its share, in per cent."""
    done = in_processes(write_out_of_turn, [(db.path, 2.0)] * 4)
    assert count(db) == sum(done)  # the immediate transaction alone keeps them apart
    print([n * 400 // max(1, sum(done)) for n in done])
