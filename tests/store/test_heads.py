"""Where the chains end is known outside the database, whoever writes it and whatever breaks."""

import fcntl
import os
from pathlib import Path
from typing import Any

import pytest

from settings import Settings
from store import chain, check, heads, ledger
from store.chain import Head
from store.shop import Shop
from tests.support import market
from tests.support.market import SRI, events
from tests.support.rivals import in_processes, in_threads
from tests.support.tampering import tamper


@pytest.fixture
def file(settings: Settings) -> Path:
    """Where the heads are."""
    return settings.data_dir / "heads"


def record(shop: Shop, times: int = 1) -> None:
    for _ in range(times):
        with shop.write() as tx:
            tx.event(SRI, "test", "test:1")


def end(shop: Shop, table: str = "events") -> Head:
    with shop.read() as tx:
        return chain.last(tx, table)


def test_each_commit_leaves_the_ends_of_both_chains(shop: Shop, file: Path) -> None:
    assert not file.exists()
    record(shop)
    assert heads.read(file) == {"events": end(shop), "postings": chain.NOTHING}
    size = file.stat().st_size
    with shop.write() as tx:
        tx.event(SRI, "test", "test:1")
        ledger.post(tx, "deposit", ledger.cash(1), ledger.held(1), 5)
    assert heads.read(file) == {table: end(shop, table) for table in chain.CHAINS}
    assert [line.split()[0] for line in file.read_text().splitlines()] == list(chain.CHAINS)
    assert file.stat().st_size == size
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_rolled_back_is_not_in_the_file(shop: Shop, file: Path) -> None:
    def fail() -> None:
        with shop.write() as tx:
            tx.event(SRI, "test", "test:1")
            raise ZeroDivisionError

    record(shop)
    before = file.read_bytes()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert file.read_bytes() == before


def test_a_process_that_comes_second_leaves_the_later_end(shop: Shop, file: Path) -> None:
    record(shop)
    first = heads.read(file)
    record(shop)
    second = file.read_bytes()
    heads.keep(file, {"events": (chain.NOTHING, first["events"])}, lambda *_: True)
    assert file.read_bytes() == second


def test_a_file_that_lags_catches_up(
    shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a crash between a commit and the writing of its end."""
    record(shop)
    with monkeypatch.context() as patch:
        patch.setattr(heads, "keep", lambda *_: None)
        record(shop, 3)
    assert heads.read(file)["events"].seq == 1
    assert check.first_fault(shop) is None
    record(shop)
    assert heads.read(file)["events"] == end(shop)


def test_a_file_that_is_gone_is_made_again(shop: Shop, file: Path) -> None:
    record(shop, 2)
    file.unlink()
    assert check.first_fault(shop) is None
    record(shop)
    assert heads.read(file)["events"] == end(shop)


def test_an_end_that_cannot_be_written_does_not_undo_the_work(
    shop: Shop, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file.mkdir()
    record(shop)
    assert len(events(shop)) == 1
    assert "where the chains end was not kept" in caplog.text


def test_nobody_waits_for_a_process_that_was_stopped_while_it_wrote(
    shop: Shop, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record(shop)
    with file.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        record(shop)
    assert len(events(shop)) == 2
    assert "where the chains end was not kept" in caplog.text
    record(shop)
    assert heads.read(file)["events"].seq == 3


def record_many(settings: Settings) -> None:
    record(Shop(settings, market.plain), 20)


@pytest.mark.slow
def test_of_many_writers_the_last_end_stays(shop: Shop, settings: Settings, file: Path) -> None:
    in_processes(record_many, [(settings,)] * 3)
    in_threads([lambda: record(shop, 5)] * 4)
    assert heads.read(file)["events"] == end(shop)
    assert end(shop).seq == 80


# A database whose end was cut off does not cover that up by trading on.


def check_a_cut_is_remembered(shop: Shop, trades: int) -> None:
    record(shop, 5)
    tamper(shop, "DELETE FROM events WHERE seq > 3")
    record(shop, trades)
    told = check.first_fault(shop)
    assert told is not None
    assert told.startswith("events: "), told


@pytest.mark.parametrize("trades", [0, 1, 2, 3, 10])
def test_a_cut_is_remembered(shop: Shop, trades: int) -> None:
    check_a_cut_is_remembered(shop, trades)


def test_a_cut_is_remembered_when_one_commit_goes_beyond_it(shop: Shop) -> None:
    record(shop, 5)
    tamper(shop, "DELETE FROM events WHERE seq > 3")
    with shop.write() as tx:
        for _ in range(9):
            tx.event(SRI, "test", "test:1")
    assert "written anew" in check.first_fault(shop)


def test_twin_when_any_later_end_is_taken_the_cut_is_forgotten(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "has", lambda *_: True)
    with pytest.raises(AssertionError):
        check_a_cut_is_remembered(shop, 10)


# What is not a whole file is named, and not written over.


@pytest.mark.parametrize(
    "spoil",
    [
        lambda said: said[:-20],
        lambda said: said[: len(said) // 2],
        lambda said: said + b"more\n",
        lambda said: said.replace(b"events", b"evento"),
        lambda said: said.replace(b"postings", b"events  "),
        lambda said: b"\0" * len(said),
        lambda said: b"\xff" + said[1:],
    ],
)
def test_a_damaged_file_is_named(shop: Shop, file: Path, caplog: Any, spoil: Any) -> None:
    record(shop)
    file.write_bytes(spoil(file.read_bytes()))
    spoilt = file.read_bytes()
    assert check.first_fault(shop) == f"heads: {file}: is damaged"
    record(shop)
    assert "is damaged" in caplog.text
    assert file.read_bytes() == spoilt


def test_every_digit_of_the_file_counts(shop: Shop, file: Path) -> None:
    record(shop, 2)
    whole = file.read_bytes()
    for place, letter in enumerate(whole[: whole.index(b"\n")]):
        if chr(letter) not in " evnts":
            file.write_bytes(whole[:place] + (b"0" if letter != 48 else b"1") + whole[place + 1 :])
            assert check.first_fault(shop), place


def test_trade_that_goes_on_during_a_check_is_no_fault(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(shop)
    seen = heads.read

    def read_and_trade(path: Path) -> heads.Heads:
        known = seen(path)
        in_threads([lambda: record(shop)])
        return known

    monkeypatch.setattr(heads, "read", read_and_trade)
    assert check.first_fault(shop) is None


def test_a_file_that_may_not_be_read_is_named(
    shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(shop)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(os, "open", refuse)
    assert check.first_fault(shop).startswith("heads: [Errno 13] Permission denied")
