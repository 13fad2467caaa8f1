"""The desk: what many bring at a time is written together, and all of it is kept."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gateway import desk as desks
from gateway.desk import Desk
from gateway.providers import DeliveryReport, OptedOut, SessionEnded
from menus.engine import Hop
from menus.notices import NOTICES
from menus.wording import Wording
from settings import Settings
from store import consents, inbox
from store.database import Database
from store.errors import Unavailable
from store.inbox import Received
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.held import held
from tests.support.market import SRI
from tests.support.processes import wait_until
from tests.support.rivals import in_threads


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return Desk(shop, Wording(shop.settings.zone, NOTICES))


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The thread of each write transaction that begins from here on."""
    begun: list[str] = []
    write = Database.write

    def noted(self: Database, **values: Any) -> Any:
        begun.append(threading.current_thread().name)
        return write(self, **values)

    monkeypatch.setattr(Database, "write", noted)
    return begun


def sms(number: int, text: str = "BANTU") -> Received:
    return Received("at", str(number), SRI, text)


def kept(shop: Shop) -> set[str]:
    with shop.read() as tx:
        return {row["external_id"] for row in tx.rows("SELECT external_id FROM inbox")}


def spooled(shop: Shop) -> int:
    folder = shop.settings.spool_path
    return len(list(folder.glob("*.event"))) if folder.is_dir() else 0


def all_at_once(desk: Desk, calls: list[Callable[[], Any]]) -> None:
    """Makes all calls while somebody is writing, who ends once all wait."""
    threads = [threading.Thread(target=call) for call in calls]
    with desk._writing:
        for thread in threads:
            thread.start()
        wait_until(lambda: len(desk._brought) == len(calls))
    for thread in threads:
        thread.join()


def test_what_many_bring_at_once_is_written_together(
    shop: Shop, desk: Desk, begun: list[str]
) -> None:
    begun.clear()
    all_at_once(desk, [partial(desk.take, sms(number)) for number in range(32)])
    assert kept(shop) == set(map(str, range(32)))
    assert spooled(shop) == 0
    assert len(begun) == 1


def test_under_a_steady_stream_nothing_is_lost(shop: Shop, desk: Desk, begun: list[str]) -> None:
    def bring(first: int) -> None:
        for number in range(first, first + 20):
            assert desk.take(sms(number)) == ""
            assert str(number) in kept(shop), "it is safe when it was taken"

    begun.clear()
    in_threads([partial(bring, first) for first in range(0, 32 * 20, 20)])
    assert len(kept(shop)) == 32 * 20
    assert len(begun) < 32 * 20, "the slower the disk is, the fewer"


def test_each_kind_of_event_is_written(shop: Shop, desk: Desk) -> None:
    for event in (
        sms(1),
        DeliveryReport("at", "x", "Success", "delivered", SRI),
        OptedOut("at", SRI),
        SessionEnded("at", "no such session", dropped=True),
    ):
        assert desk.take(event) == ""
    with shop.read() as tx:
        assert not consents.given(tx, SRI, "news")
        assert tx.value("SELECT status FROM reports") == "Success"
    assert kept(shop) == {"1"}


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A message that says poison cannot be kept, whatever is tried."""
    keep = inbox.keep

    def poisoned(tx: Any, received: Received, **values: Any) -> bool:
        fresh = keep(tx, received, **values)
        if received.text == "poison":
            raise ZeroDivisionError
        return fresh

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "keep", poisoned)
        yield


@pytest.mark.usefixtures("poison")
def test_one_that_cannot_be_kept_does_not_hurt_the_others(shop: Shop, desk: Desk) -> None:
    told: list[str] = []

    def bring(number: int) -> None:
        try:
            desk.take(sms(number, "poison" if number % 8 == 3 else "BANTU"))
        except ZeroDivisionError:
            told.append(str(number))

    all_at_once(desk, [partial(bring, number) for number in range(32)])
    assert sorted(told, key=int) == ["3", "11", "19", "27"]
    assert kept(shop) == set(map(str, range(32))) - set(told)


def test_one_whose_writer_is_interrupted_is_not_said_to_be_kept(
    shop: Shop, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes for all dies in between: the others go to the spool, and none is lost."""
    keep, interrupted = inbox.keep, []

    def interrupt(tx: Any, received: Received, **values: Any) -> bool:
        if len(tx.rows("SELECT 1 FROM inbox")) == 5 and not interrupted:
            interrupted.append(received.external_id)
            raise KeyboardInterrupt
        return keep(tx, received, **values)

    taken: list[str] = []

    def bring(number: int) -> None:
        try:
            desk.take(sms(number))
        except KeyboardInterrupt:
            return
        taken.append(str(number))

    monkeypatch.setattr(inbox, "keep", interrupt)
    all_at_once(desk, [partial(bring, number) for number in range(16)])
    assert interrupted
    assert len(taken) == 15
    desk.read_back()
    assert kept(shop) >= set(taken)


# While the database is held


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "PATIENCE", 0.3)


@pytest.mark.usefixtures("impatient")
def test_what_the_database_does_not_take_is_spooled_and_read_back_once(
    shop: Shop, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with held(shop.settings.database_path):
        in_threads([partial(desk.take, sms(number % 12)) for number in range(24)])
        assert spooled(shop) == 24, "each as often as it came"
        with pytest.raises(Unavailable):
            desk.read_back()
        assert spooled(shop) == 24
    assert caplog.text.count("what comes is kept in the spool") == 1
    assert desk.read_back()
    assert not desk.read_back()
    assert kept(shop) == set(map(str, range(12)))
    assert spooled(shop) == 0


@pytest.mark.usefixtures("impatient")
def test_several_workers_read_back_at_once(shop: Shop, desk: Desk, settings: Settings) -> None:
    with held(shop.settings.database_path):
        for number in range(30):
            desk.take(sms(number))
        desk.take(DeliveryReport("at", "x", "Success", "delivered", SRI))
    wording = Wording(settings.zone, NOTICES)
    workers = [Desk(Shop(settings, shop.wording), wording) for _ in range(4)]
    in_threads([worker.read_back for worker in workers])
    with shop.read() as tx:
        assert tx.value("SELECT COUNT(*) FROM inbox") == 30
        assert tx.value("SELECT COUNT(*) FROM reports") == 1
    assert spooled(shop) == 0


@pytest.mark.usefixtures("impatient")
def test_the_database_is_left_alone_for_a_moment(shop: Shop, desk: Desk, begun: list[str]) -> None:
    with held(shop.settings.database_path):
        desk.take(sms(0))
        begun.clear()
        for number in range(1, 20):
            desk.take(sms(number))
    assert begun == []
    assert spooled(shop) == 20


@pytest.mark.usefixtures("impatient")
def test_and_tried_again_after_it_however_much_comes(
    shop: Shop, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "LEAVE_ALONE", 0.3)
    with held(shop.settings.database_path):
        desk.take(sms(0))
    for number in range(1, 20):
        desk.take(sms(number))
        time.sleep(0.05)
    assert 1 <= spooled(shop) < 15
    assert "19" in kept(shop)


def test_one_that_was_read_back_before_a_crash_is_kept_once(
    shop: Shop, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database has it, and its file is still there."""

    def crash(path: Path, missing_ok: bool = False) -> None:
        raise KeyboardInterrupt

    desk._spool_until = float("inf")
    for event in (sms(1), Hop("at", "s", SRI, "*123*45#", "1*2")):
        desk._spool.keep(event)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", crash)
            with pytest.raises(KeyboardInterrupt):
                desk.read_back()
        assert spooled(shop) == 1
        desk.read_back()
        assert spooled(shop) == 0
    with shop.read() as tx:
        rows = tx.rows("SELECT kind, state FROM inbox ORDER BY id")
    assert rows == [{"kind": "sms", "state": "new"}, {"kind": "hop", "state": "new"}]


@pytest.mark.usefixtures("poison")
def test_one_in_the_spool_that_cannot_be_kept_holds_up_nobody(shop: Shop, desk: Desk) -> None:
    desk._spool_until = float("inf")
    for number, text in enumerate(("one", "poison", "two")):
        desk.take(sms(number, text))
    assert desk.read_back()
    assert kept(shop) == {"0", "2"}
    assert spooled(shop) == 1


def test_a_spool_that_cannot_be_read_holds_up_nobody(
    shop: Shop, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    shop.settings.spool_path.write_text("not a folder")
    for _ in range(3):
        assert not desk.read_back()
    assert caplog.text.count("the spool cannot be read") == 1


def test_what_waited_is_answered_before_what_came_later(
    shop: Shop, desk: Desk, clock: TurnableClock
) -> None:
    desk._spool_until = float("inf")
    for number in (1, 2):
        desk.take(sms(number))
        clock.turn(seconds=1)
    desk._spool_until = 0.0
    desk.take(sms(3))
    clock.turn(seconds=1)
    desk.read_back()
    with shop.read() as tx:
        rows = tx.rows("SELECT external_id FROM inbox ORDER BY id")
    assert [row["external_id"] for row in rows] == ["1", "2", "3"]


def test_what_is_spooled_while_the_spool_is_read_back_comes_too(
    shop: Shop, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk._spool_until = float("inf")
    keep, late = inbox.keep, [sms(2)]

    def keep_slowly(tx: Any, received: Received, **more: Any) -> bool:
        if late:
            desk.take(late.pop())
        return keep(tx, received, **more)

    monkeypatch.setattr(inbox, "keep", keep_slowly)
    desk.take(sms(1))
    assert desk.read_back()
    assert kept(shop) == {"1", "2"}
    assert not desk.read_back()
