"""Where the chains end, kept in a small file outside the database.

A chain shows what was changed in its middle; this file shows that its end was cut off or written
anew. What must stay true: a head is written after the commit that made it, so the file may lag
behind the database (by a crash between the two) and is never ahead of it; a head gives way only
to a later one of the same chain, so a database that was cut does not cover that up by trading on.
"""

import fcntl
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from store.chain import CHAINS, NOTHING, Head

_LINE = re.compile(r"(\w+) +([0-9]{20}) ([0-9a-f]{64})")
_LONGEST = 4096
_PATIENCE = 0.1
"""Seconds to wait for another process that writes; it needs some microseconds."""

Heads = dict[str, Head]


class WrongHeads(Exception):
    """The file is damaged, or knows an end that the database does not have."""


def read(path: Path) -> Heads:
    """The heads in the file, by table; none when there is no file yet. Raises WrongHeads."""
    try:
        with _locked(path, os.O_RDONLY, fcntl.LOCK_SH) as file:
            return _parse(path, os.pread(file, _LONGEST, 0))
    except FileNotFoundError:
        return {}


def keep(
    path: Path, grown: Mapping[str, tuple[Head, Head]], is_row: Callable[[str, Head], bool]
) -> None:
    """Writes where chains end that have grown, from one head to another.

    `is_row` looks up whether the database has a head among its rows; it is asked only when the
    file lagged. Raises WrongHeads, or OSError.
    """
    with _locked(path, os.O_RDWR | os.O_CREAT, fcntl.LOCK_EX) as file:
        said = os.pread(file, _LONGEST, 0)
        heads = _parse(path, said)
        for table, (before, after) in grown.items():
            kept = heads.get(table, NOTHING)
            if kept.seq >= after.seq:
                continue  # another was first, with a later commit
            if kept not in (before, NOTHING) and not is_row(table, kept):
                raise WrongHeads(f"{path}: the database does not have {table} {kept.seq} as it was")
            heads[table] = after
        os.pwrite(file, _written(heads), 0)
        if not said:
            os.fsync(file)  # from now on it is overwritten in place, and stays whole


def start(path: Path, heads: Heads) -> None:
    """Puts these heads in the place of the file's, whatever it says; none: there is no file."""
    if not heads:
        path.unlink(missing_ok=True)
        return
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(_written(heads))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path, flags: int, kind: int) -> Iterator[int]:
    file = os.open(path, flags, 0o600)
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(file, kind | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise
                time.sleep(0.001)
        yield file
    finally:
        os.close(file)


def _written(heads: Heads) -> bytes:
    """One line of fixed length a chain."""
    lines = ((table, heads.get(table, NOTHING)) for table in CHAINS)
    return "".join(f"{name:<10}{head.seq:020d} {head.hash}\n" for name, head in lines).encode()


def _parse(path: Path, said: bytes) -> Heads:
    if not said:
        return {}
    found = [_LINE.fullmatch(line) for line in said.decode(errors="replace").split("\n")[:-1]]
    heads = {line[1]: Head(int(line[2]), line[3]) for line in found if line}
    if list(heads) != list(CHAINS) or _written(heads) != said:
        raise WrongHeads(f"{path}: is damaged")
    return heads
