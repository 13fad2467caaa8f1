"""Copies of the database: made while the market is open, put back while it is closed.

SQLite only. What must stay true: a copy has its name only once it is whole, checked and on the
disk; the database that a restore replaces is kept beside it, and so are the heads of its chains,
which the copy's cannot fit.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils.utils import sqlite3

from store import chain, heads, heartbeats
from store.chain import Head
from store.database import Database
from store.errors import Unavailable
from store.migrations import migrations
from store.shop import Shop


class NotCopied(Exception):
    """No copy was made or put back; the text says why, and what helps."""


@dataclass(frozen=True)
class Restored:
    """What a restore did: where the replaced database is, and what the new one lacks."""

    kept: Path | None
    pending: list[str]


def save(database: Database, target: Path, *, force: bool = False) -> int:
    """Copies the database while others read and write it; the bytes of the copy.

    Raises NotCopied, also when `target` is there and `force` is not given.
    """
    if target.exists() and not force:
        raise NotCopied(f"{target} is there already; choose another name, or replace it by --force")
    if not database.path.exists():
        raise NotCopied(f"there is no database yet at {database.path}")
    with _draft(target) as draft:
        with closing(sqlite3.connect(str(draft))) as copy:
            database.connection().raw.backup(copy)
            _check(copy, "the copy")
        _keep(draft)
        os.replace(draft, target)
    _keep(target.parent)
    return target.stat().st_size


def restore(shop: Shop, source: Path, *, force: bool = False) -> Restored:
    """Puts a copy in the place of the database, which is kept as `….before-restore`.

    Raises NotCopied: `source` is not sound; or, without `force`, the market is open or has seen
    trade that the copy has not.
    """
    path = shop.database.path
    if not source.is_file():
        raise NotCopied(f"{source}: no such file")
    if path.exists() and source.samefile(path):
        raise NotCopied(f"{source} is the database itself")
    with _draft(path) as draft:
        pending = _bring(source, draft)
        if path.exists() and not force:
            _refuse_to_lose(shop, draft)
        ends = _ends(draft)
        shop.database.close()
        kept = _move_aside(path) if path.exists() else None
        known = shop.settings.heads_path
        if known.exists():
            os.link(known, _free(known))
        os.replace(draft, path)
        heads.start(known, ends)
    _keep(path.parent)
    return Restored(kept, pending)


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """A new file beside `target` that only its owner reads; gone afterwards, whatever happened."""
    draft = target.with_name(f"{target.name}.{os.getpid()}.new")
    try:
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise NotCopied(f"{target.parent} cannot be written ({error.strerror})") from None
    try:
        yield draft
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(f"{draft}{suffix}").unlink(missing_ok=True)


def _bring(source: Path, draft: Path) -> list[str]:
    """Copies `source` to `draft` and checks it; the migrations that it lacks."""
    uri = f"{source.resolve().as_uri()}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(uri, uri=True)) as original,
            closing(sqlite3.connect(str(draft))) as copy,
        ):
            original.backup(copy)
            _check(copy, str(source))
            pending = _lacking(copy, source)
    except sqlite3.DatabaseError as error:
        raise NotCopied(f"{source}: {error}") from None
    _keep(draft)
    return pending


def _check(copy: Any, name: str) -> None:
    """Makes a copy one whole file. Raises NotCopied when it is damaged."""
    copy.execute("PRAGMA journal_mode = DELETE")
    told = str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if told != "ok":
        raise NotCopied(f"{name} is damaged: {' '.join(told.split())}")
    orphan = copy.execute("PRAGMA foreign_key_check").fetchone()
    if orphan:
        raise NotCopied(f"{name} is damaged: {orphan[0]} row {orphan[1]} names what is not there")


def _lacking(copy: Any, source: Path) -> list[str]:
    known = [migration.name for migration in migrations.pending(sqlite_utils.Database(memory=True))]
    applied = {migration.name for migration in migrations.applied(sqlite_utils.Database(copy))}
    if not applied:
        raise NotCopied(f"{source}: not a database of this program")
    if newer := applied - set(known):
        raise NotCopied(f"{source} is from a newer version of this program ({min(newer)})")
    return [name for name in known if name not in applied]


def _ends(draft: Path) -> heads.Heads:
    """The heads of a copy's chains; none in an older schema."""
    with closing(sqlite3.connect(str(draft))) as copy:
        try:
            found = {table: copy.execute(last).fetchone() for table, last in chain.LAST.items()}
        except sqlite3.OperationalError:
            return {}
    return {table: Head(*row) for table, row in found.items() if row}


def _refuse_to_lose(shop: Shop, draft: Path) -> None:
    """Raises NotCopied while the market is open, or when the copy is older than the database."""
    try:
        with shop.read() as tx:
            is_open = heartbeats.seen_lately(tx)
            latest = _latest(tx.value)
    except Unavailable as error:
        raise NotCopied(f"the database is in use ({error}); close the market, or --force") from None
    except sqlite3.DatabaseError:
        shop.database.close()
        return  # a database that cannot be read is what a restore is for
    if is_open or _is_open_elsewhere(shop.database):
        raise NotCopied(
            "the market is open, or was within the last half minute: close it and wait, or --force"
        )
    with closing(sqlite3.connect(str(draft))) as copy:
        copied = _latest(lambda sql: next(iter(copy.execute(sql).fetchone() or ()), None))
    if latest > copied:
        raise NotCopied(
            f"the database has trade until {latest}, the copy until {copied or 'never'}:"
            " what came between would be gone; --force restores all the same"
        )


def _latest(value: Callable[[str], Any]) -> str:
    """The moment of the newest row; ids sort by time. An older schema may lack a table."""
    latest = ""
    for table, column in (("events", "at"), ("inbox", "received_at"), ("outbox", "created_at")):
        try:
            row = value(f"SELECT {column} FROM {table} ORDER BY id DESC LIMIT 1")
        except sqlite3.OperationalError:
            continue
        latest = max(latest, str(row or ""))
    return latest


def _is_open_elsewhere(database: Database) -> bool:
    """Whether another process has the database open: only the last one may end a WAL."""
    try:
        database.connection().raw.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        return True
    finally:
        database.close()
    return False


def _move_aside(path: Path) -> Path:
    """Keeps the database under another name, its log with it; `path` itself stays in place.

    The log goes first: one that stayed would be taken for the new database's and spoil it.
    """
    aside = _free(path)
    for suffix in ("-wal", "-journal"):
        if Path(f"{path}{suffix}").exists():
            os.replace(f"{path}{suffix}", f"{aside}{suffix}")
    Path(f"{path}-shm").unlink(missing_ok=True)
    os.link(path, aside)
    return aside


def _free(path: Path) -> Path:
    """The first name for what a restore replaces that is not taken."""
    aside = Path(f"{path}.before-restore")
    for n in count(2):
        if not aside.exists():
            break
        aside = Path(f"{path}.before-restore-{n}")
    return aside


def _keep(path: Path) -> None:
    """Puts a file, or a folder's names, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
