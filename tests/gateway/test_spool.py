"""The spool: whole, sealed, in order, and none holds up the others."""

import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import get_args

import pytest

from gateway import spool as spooling
from gateway.providers import DeliveryReport, Event, LinkUp, OptedOut, SessionEnded
from gateway.spool import Spool
from menus.engine import Hop
from store import sealing
from store.errors import Unavailable
from store.inbox import Part, Received
from tests.support.clock import TurnableClock
from tests.support.rivals import in_threads

PEPPER = "pepper-of-tests-" * 2
SRI = "+6281234567001"

EVENTS: tuple[Event, ...] = (
    Received("at", "1", SRI, "SERAH 10019 48217"),
    Received("at", "2", SRI, "kopi é €\n\x00 \U0001f33e", datetime(2026, 1, 2, 3, 4, 5, 6, UTC)),
    Received("modem", "3", SRI, "ju", None, Part("4D|1", 2, 3), fetched=True),
    DeliveryReport("at", "x", "Success", "delivered"),
    DeliveryReport("at", "y", "Failed", "undelivered", SRI, "gone"),
    SessionEnded("at", "s", dropped=True),
    OptedOut("at", SRI),
    LinkUp("smpp"),
    Hop("at", "s", SRI, "*123*45#", "1*739164"),
)
"""One of each kind, in each shape."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def spool(folder: Path, clock: TurnableClock) -> Spool:
    return Spool(folder, PEPPER, clock)


def files(folder: Path) -> list[str]:
    """The names, without what makes them different each time."""
    return sorted(path.suffix for path in folder.iterdir())


def read_back(spool: Spool) -> list[Event]:
    events: list[Event] = []
    spool.read_back(lambda event, came: events.append(event))
    return events


def test_what_is_kept_is_read_back_as_it_was_once_and_in_order(spool: Spool, folder: Path) -> None:
    for event in EVENTS:
        spool.keep(event)
    assert files(folder) == [".event"] * len(EVENTS)
    assert tuple(read_back(spool)) == EVENTS
    assert files(folder) == []
    assert read_back(spool) == []


def test_every_kind_of_event_can_be_kept() -> None:
    assert {type(event).__name__ for event in EVENTS} == set(spooling._KINDS)
    assert set(spooling._KINDS.values()) == set(get_args(Event))


def test_before_anything_came_there_is_nothing(spool: Spool, folder: Path) -> None:
    assert read_back(spool) == []
    assert not folder.exists(), "to look makes no folder"


def test_each_is_handed_on_with_when_it_came(spool: Spool, clock: TurnableClock) -> None:
    began, came = clock.now(), []
    for minutes in (0, 5, 5):
        clock.turn(minutes=minutes)
        spool.keep(EVENTS[0])
    clock.turn(hours=3)
    assert spool.read_back(lambda event, at: came.append(at)) == 3
    assert came == [began + timedelta(minutes=minutes) for minutes in (0, 5, 10)]


def test_nothing_of_it_can_be_read_without_the_pepper(spool: Spool, folder: Path) -> None:
    for event in EVENTS:
        spool.keep(event)
    for path in folder.iterdir():
        kept = path.name + path.read_text()
        for secret in ("48217", "739164", "SERAH", SRI, "Received", "Hop"):
            assert secret not in kept
    assert folder.stat().st_mode & 0o077 == 0


def test_it_is_on_the_disk_before_it_is_promised(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file, then its name: the folder is written down once the file has its last name."""
    synced: list[str] = []
    fsync = os.fsync

    def noted(number: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{number}")).suffix)
        assert files(folder) == [".new" if len(synced) == 1 else ".event"]
        fsync(number)

    monkeypatch.setattr(os, "fsync", noted)
    spool.keep(EVENTS[0])
    assert synced == [".new", ""]


# What cannot be read


def seal(content: object) -> str:
    return sealing.seal(PEPPER, content if isinstance(content, str) else json.dumps(content))


WHOLE = seal(["OptedOut", {"provider": "at", "msisdn": SRI}])

CORRUPT = {
    "empty": "",
    "cut short": WHOLE[:-7],
    "zeros": "\0" * 200,
    "beyond ASCII": "é" * 40,
    "another pepper": sealing.seal("another" * 5, '["OptedOut", {}]'),
    "no JSON": seal("OptedOut"),
    "no pair": seal(["OptedOut"]),
    "a number": seal(7),
    "nothing": seal(None),
    "an unknown kind": seal(["Telegram", {"provider": "at"}]),
    "a kind that is no word": seal([["OptedOut"], {}]),
    "a field that is missing": seal(["OptedOut", {"provider": "at"}]),
    "a field of another type": seal(["OptedOut", {"provider": "at", "msisdn": [1]}]),
}
"""Why a file cannot be read, and what is in it."""


@pytest.mark.parametrize("why", CORRUPT)
def test_what_cannot_be_read_is_set_aside_and_told_of(
    why: str, spool: Spool, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool.keep(EVENTS[0])
    first = next(folder.iterdir())
    spool.keep(EVENTS[3])
    first.write_bytes(CORRUPT[why].encode())
    assert read_back(spool) == [EVENTS[3]]
    assert files(folder) == [".corrupt"]
    assert caplog.text.count(first.name) == 1
    assert SRI not in caplog.text
    assert read_back(spool) == []
    assert first.with_suffix(".corrupt").read_bytes() == CORRUPT[why].encode(), "for an operator"


def test_a_name_that_is_none_of_ours_is_set_aside_too(spool: Spool, folder: Path) -> None:
    spool.keep(EVENTS[0])
    for name in ("x.event", "9" * 40 + "-1.event", "notes.txt"):
        (folder / name).write_text(WHOLE)
    assert read_back(spool) == [EVENTS[0]]
    assert files(folder) == [".corrupt", ".corrupt", ".txt"]


def test_one_that_may_not_be_read_holds_up_nobody(
    spool: Spool, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool.keep(EVENTS[0])
    (folder / "0000000000000001-0-a.event").mkdir()  # not even root can read it as a file
    assert read_back(spool) == [EVENTS[0]]
    assert read_back(spool) == []
    assert caplog.text.count("stays until the next start") == 1


def test_what_was_being_written_when_the_power_went_is_not_read(spool: Spool, folder: Path) -> None:
    spool.keep(EVENTS[0])
    next(folder.iterdir()).rename(folder / "1-1-a.new")
    assert read_back(spool) == []


# What cannot be taken


def test_what_cannot_be_taken_stays_and_holds_up_nobody(
    spool: Spool, folder: Path, clock: TurnableClock, caplog: pytest.LogCaptureFixture
) -> None:
    for event in EVENTS:
        spool.keep(event)
    taken: list[Event] = []

    def take(event: Event, came: datetime) -> None:
        if isinstance(event, Received):
            raise ValueError("kode 48217")
        taken.append(event)

    assert spool.read_back(take) == len(EVENTS) - 3
    assert taken == [event for event in EVENTS if not isinstance(event, Received)]
    assert spool.read_back(take) == 0, "and is not tried again and again"
    assert files(folder) == [".event"] * 3
    assert caplog.text.count("stays until the next start") == 3
    assert "48217" not in caplog.text
    assert read_back(Spool(folder, PEPPER, clock)) == list(EVENTS[:3]), "but after a start"


def test_while_the_database_is_away_all_stays(spool: Spool, folder: Path) -> None:
    for event in EVENTS:
        spool.keep(event)
    taken: list[Event] = []

    def take(event: Event, came: datetime) -> None:
        if len(taken) == 2:
            raise Unavailable("held")
        taken.append(event)

    with pytest.raises(Unavailable, match="held"):
        spool.read_back(take)
    assert (*taken, *read_back(spool)) == EVENTS


def test_a_crash_before_it_is_forgotten_brings_it_again(spool: Spool) -> None:
    spool.keep(EVENTS[0])

    def crash(event: Event, came: datetime) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spool.read_back(crash)
    assert read_back(spool) == [EVENTS[0]]


# A disk that does not take it


@pytest.mark.parametrize("which", [1, 2], ids=["the file", "the folder"])
def test_a_full_disk_is_unavailable_and_leaves_nothing(
    which: int, spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.keep(EVENTS[0])
    calls: list[int] = []
    fsync = os.fsync

    def full(number: int) -> None:
        calls.append(number)
        if len(calls) == which:
            raise OSError(28, "No space left on device")
        fsync(number)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match="No space left"):
            spool.keep(EVENTS[1])
    assert files(folder) == [".event"]
    spool.keep(EVENTS[2])
    assert read_back(spool) == [EVENTS[0], EVENTS[2]]


_FULL = """
import resource, sys
from pathlib import Path
from gateway.spool import Spool
from store.clock import SystemClock
from store.errors import Unavailable
from store.inbox import Received
resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
try:
    Spool(Path(sys.argv[1]), "p" * 32, SystemClock()).keep(Received("at", "1", "+62", "x" * 500))
except Unavailable as error:
    print(error)
"""


def test_a_file_that_may_not_grow_leaves_nothing(folder: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 64
    command = [sys.executable, "-c", _FULL, str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert "the spool cannot be written" in said
    assert files(folder) == []


def test_a_folder_that_cannot_be_is_unavailable(folder: Path, spool: Spool) -> None:
    folder.write_text("a file")
    with pytest.raises(Unavailable):
        spool.keep(EVENTS[0])
    with pytest.raises(OSError, match="Not a directory"):
        read_back(spool)


# Several at once


def test_what_many_threads_keep_at_once_is_all_there(spool: Spool) -> None:
    events = [SessionEnded("at", str(number)) for number in range(64)]
    in_threads([partial(spool.keep, event) for event in events])
    assert set(read_back(spool)) == set(events)


def test_several_workers_read_each_at_least_once(
    spool: Spool, folder: Path, clock: TurnableClock
) -> None:
    for number in range(40):
        spool.keep(SessionEnded("at", str(number)))
    workers = [partial(read_back, Spool(folder, PEPPER, clock)) for _ in range(4)]
    seen = [[vars(event)["session_id"] for event in events] for events in in_threads(workers)]
    assert set().union(*seen) == set(map(str, range(40)))
    for each in seen:
        assert each == sorted(each, key=int)
    assert read_back(spool) == []
