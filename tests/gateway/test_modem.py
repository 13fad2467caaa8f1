"""Sending and listening through the tables of Gammu's SMS daemon, without the daemon."""

import logging
import os
import threading
import time
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3

from gateway.desk import Desk
from gateway.outbound import send
from gateway.providers import LinkUp, Outgoing
from gateway.providers.modem import Modem, make
from gateway.providers.modem import tables as modem_tables
from gateway.providers.modem.writing import lasts, validity
from menus.notices import NOTICES
from menus.wording import Wording
from settings import Settings
from store.errors import Unavailable
from store.inbox import Received
from store.outbox import Outcome
from tests.support.clock import TurnableClock
from tests.support.listener import Listener
from tests.support.market import open_shop
from tests.support.post_office import PostOffice
from tests.support.processes import wait_until
from tests.support.smsd import Tables
from tests.support.worlds import at_once

SRI, BUDI = "+6281234567001", "+6281234567002"
LONG = "a" * 152 + "€" + "b" * 100
LONG_UCS2 = "蜂" * 66 + "😀" + "b" * 10


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    tables = Tables(tmp_path)
    tables.run("INSERT INTO phones (ID, IMEI, IMSI, Client) VALUES ('', '9', '9', 'Gammu')")
    return tables


@pytest.fixture
def link(settings: Settings, tables: Tables) -> Modem:
    quickly = {"modem_database": tables.database, "modem_poll": timedelta(milliseconds=20)}
    return make(settings.model_copy(update=quickly))


def outgoing(
    reference: str = "a-1", text: str = "Halo", valid_for: timedelta = timedelta(days=1)
) -> Outgoing:
    return Outgoing(reference, SRI, text, valid_for)


def came(tables: Tables, text: str = "CARI beras", sender: str = BUDI, **values: Any) -> None:
    """SMSD stores a message that came."""
    row = {
        "Text": text.encode("utf-16-be").hex(),
        **{"TextDecoded": text, "SenderNumber": sender, "UDH": "", "RecipientID": "", **values},
    }
    names = ", ".join(row)
    tables.run(
        f"INSERT INTO inbox ({names}) VALUES ({', '.join('?' * len(row))})", (*row.values(),)
    )


def becomes(tables: Tables, status: str, reference: str = "a-1") -> None:
    """SMSD has sent a message that waited, or hears of one that it sent."""
    creator = f"pasar:{reference}"
    if not tables.run("SELECT 1 FROM sentitems WHERE CreatorID = ?", (creator,)):
        tables.run(
            "INSERT INTO sentitems (ID, CreatorID, DestinationNumber, Text, UDH, SenderID)"
            " SELECT ID, CreatorID, DestinationNumber, '', '', '' FROM outbox WHERE CreatorID = ?",
            (creator,),
        )
        tables.run("DELETE FROM outbox WHERE CreatorID = ?", (creator,))
    tables.run("UPDATE sentitems SET Status = ? WHERE CreatorID = ?", (status, creator))


def unread(tables: Tables) -> int:
    return len(tables.run("SELECT 1 FROM inbox WHERE Processed = 'false'"))


# Sending


def test_a_good_send(link: Modem, tables: Tables) -> None:
    assert link.send(outgoing()) == Outcome("accepted", "a-1")
    [row] = tables.run(
        "SELECT CreatorID, DestinationNumber, TextDecoded, Text, Coding, UDH, MultiPart FROM outbox"
    )
    assert row == ("pasar:a-1", SRI, "Halo", None, "Default_No_Compression", None, "false")
    [row] = tables.run(
        "SELECT RelativeValidity, DeliveryReport, Class, Status, SenderID FROM outbox"
    )
    assert row == (167, "yes", -1, "Reserved", None)
    assert tables.run("SELECT * FROM outbox_multipart") == []


def test_it_is_due_at_once_on_every_continent(link: Modem, tables: Tables) -> None:
    link.send(outgoing())
    due = "SendingDateTime < datetime('now', '-14 hours')"
    due += " AND SendingTimeOut < datetime('now', '-14 hours')"
    assert tables.run(f"SELECT 1 FROM outbox WHERE {due}")


@pytest.mark.parametrize(
    ("text", "coding", "texts"),
    [
        (LONG, "Default_No_Compression", ["a" * 152, "€" + "b" * 100]),
        (LONG_UCS2, "Unicode_No_Compression", ["蜂" * 66, "😀" + "b" * 10]),
    ],
    ids=["GSM-7", "UCS-2"],
)
def test_a_long_text_goes_in_parts(
    link: Modem, tables: Tables, text: str, coding: str, texts: list[str]
) -> None:
    assert link.send(outgoing(text=text)).state == "accepted"
    [first] = tables.run("SELECT ID, TextDecoded, Coding, UDH, MultiPart FROM outbox")
    reference = f"{first[0]:02X}"
    assert first[1:] == (texts[0], coding, f"050003{reference}0201", "true")
    assert tables.run(
        "SELECT ID, SequencePosition, TextDecoded, Coding, UDH FROM outbox_multipart"
    ) == [(first[0], 2, texts[1], coding, f"050003{reference}0202")]


def test_two_long_texts_have_their_own_reference(link: Modem, tables: Tables) -> None:
    link.send(outgoing("a-1", LONG))
    link.send(outgoing("b-1", LONG))
    headers = tables.run("SELECT substr(UDH, 7, 2) FROM outbox")
    assert len(set(headers)) == 2


@pytest.mark.parametrize("text", ["Halo", LONG])
def test_what_is_sent_again_is_written_once(link: Modem, tables: Tables, text: str) -> None:
    outcomes = at_once([lambda: link.send(outgoing(text=text))] * 6)
    assert set(outcomes) == {Outcome("accepted", "a-1")}
    assert len(tables.run("SELECT 1 FROM outbox")) == 1


@pytest.mark.parametrize("status", ["SendingOK", "SendingError", "DeliveryOK"])
def test_what_has_left_is_not_written_again(link: Modem, tables: Tables, status: str) -> None:
    link.send(outgoing())
    becomes(tables, status)
    assert link.send(outgoing()) == Outcome("accepted", "a-1")
    assert tables.run("SELECT 1 FROM outbox") == []


def test_all_senders_write_at_the_same_time(link: Modem, tables: Tables) -> None:
    references = [f"{number}-1" for number in range(8)] * 2
    for _ in range(5):
        outcomes = at_once([partial(link.send, outgoing(each, LONG)) for each in references])
        assert {outcome.state for outcome in outcomes} == {"accepted"}
    assert len(tables.run("SELECT 1 FROM outbox")) == 8
    assert len(tables.run("SELECT 1 FROM outbox_multipart")) == 8


def test_another_attempt_is_another_message(link: Modem, tables: Tables) -> None:
    link.send(outgoing("a-1"))
    link.send(outgoing("a-2"))
    assert len(tables.run("SELECT 1 FROM outbox")) == 2


def test_without_a_database_nothing_is_sent_and_none_is_made(link: Modem, tables: Tables) -> None:
    tables.database.unlink()
    outcome = link.send(outgoing())
    assert (outcome.state, outcome.link) == ("refused", "down")
    assert outcome.reason == "OperationalError: unable to open database file"
    assert not tables.database.exists()


def test_a_path_is_a_path_whatever_is_in_it(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "modem #1? 50%"
    folder.mkdir()
    tables = Tables(folder)
    link = make(settings.model_copy(update={"modem_database": tables.database}))
    assert link.send(outgoing()).state == "accepted"
    assert len(tables.run("SELECT 1 FROM outbox")) == 1


def test_a_database_of_something_else(link: Modem, tables: Tables) -> None:
    tables.run("DROP TABLE outbox")
    outcome = link.send(outgoing())
    assert (outcome.state, outcome.link) == ("refused", "down")


def test_a_database_that_another_program_holds(
    link: Modem, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modem_tables, "BUSY_SECONDS", 0.1)
    holder = sqlite3.connect(str(tables.database), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    outcome = link.send(outgoing())
    assert outcome == Outcome("refused", reason="OperationalError: database is locked", link="down")
    holder.execute("ROLLBACK")
    holder.close()
    assert link.send(outgoing()).state == "accepted"


def test_when_a_part_cannot_be_written_nothing_is(link: Modem, tables: Tables) -> None:
    tables.run("DROP TABLE outbox_multipart")
    assert link.send(outgoing(text=LONG)).state == "refused"
    assert tables.run("SELECT 1 FROM outbox") == []


def test_a_text_that_cannot_be_written_is_refused(link: Modem, tables: Tables) -> None:
    outcome = link.send(outgoing(text="\ud800"))
    assert (outcome.state, outcome.link) == ("refused", "works")
    assert tables.run("SELECT 1 FROM outbox") == []


@pytest.mark.parametrize(
    ("span", "code", "minutes"),
    [
        (timedelta(0), 0, 5),
        (timedelta(minutes=9), 0, 5),
        (timedelta(minutes=10), 1, 10),
        (timedelta(hours=12), 143, 720),
        (timedelta(hours=12, minutes=30), 144, 750),
        (timedelta(days=1), 167, 1_440),
        (timedelta(days=2), 168, 2_880),
        (timedelta(days=30), 196, 43_200),
        (timedelta(days=34), 196, 43_200),
        (timedelta(weeks=5), 197, 50_400),
        (timedelta(weeks=63), 255, 635_040),
        (timedelta(days=9999), 255, 635_040),
    ],
)
def test_how_long_a_message_is_valid(span: timedelta, code: int, minutes: int) -> None:
    assert validity(span) == code
    assert lasts(code) == timedelta(minutes=minutes)


# What came


def test_what_came_is_taken_in_order_and_marked(link: Modem, tables: Tables) -> None:
    for number in range(250):
        came(tables, f"CEK {number}")
    with Listener(link) as listener:
        events = listener.wait_for(250)
        came(tables, "CEK 250")
        events = listener.wait_for(251)
    assert [event.text for event in events] == [f"CEK {number}" for number in range(251)]
    assert unread(tables) == 0


def test_what_was_read_before_is_left_alone(link: Modem, tables: Tables) -> None:
    came(tables, "lama", Processed="true")
    came(tables, "baru")
    with Listener(link) as listener:
        [event] = listener.wait_for(1)
    assert event.text == "baru"


def test_one_that_can_never_be_valid_is_marked_and_told(
    link: Modem, tables: Tables, caplog: pytest.LogCaptureFixture
) -> None:
    came(tables, "Promo 4711", sender="INFO")
    came(tables)
    with Listener(link) as listener:
        listener.wait_for(1)
    assert unread(tables) == 0
    assert [record.getMessage() for record in caplog.records] == [
        "modem: SMS 1 is left aside: SenderNumber: not a phone number"
    ]


def test_bytes_that_are_no_text_hold_up_nobody(link: Modem, tables: Tables) -> None:
    came(tables, TextDecoded=b"\xff\xfe", Text="zz")
    tables.run("UPDATE inbox SET TextDecoded = CAST(TextDecoded AS TEXT)")
    came(tables, "YA")
    with Listener(link) as listener:
        odd, good = listener.wait_for(2)
    assert (odd.text, good.text) == ("\ufffd\ufffd", "YA")


def test_what_lay_there_while_nobody_listened_can_be_too_old(link: Modem, tables: Tables) -> None:
    """The market was away, or there was none yet."""
    long_ago = {
        "UpdatedInDB": "2026-01-01 00:00:01",
        "ReceivingDateTime": "2026-01-01 08:00:00",
    }
    came(tables, "BELI 10019 2", **long_ago)
    came(tables, "CEK", ReceivingDateTime="2026-01-01 08:00:00")
    with Listener(link) as listener:
        old, late = listener.wait_for(2)
    assert (old.fetched, late.fetched) == (True, False)
    local = datetime(2026, 1, 1, 8).astimezone()
    assert old.sent_at == late.sent_at == local


class PickyDesk:
    """Takes what it can: raises, once each, what is said of a text."""

    def __init__(self, errors: dict[str, Exception]) -> None:
        self.errors = errors
        self.texts: list[str] = []

    def take(self, event: Any) -> str:
        if error := self.errors.pop(event.text, None):
            raise error
        self.texts.append(event.text)
        return ""


def run_shortly(link: Modem, desk: PickyDesk, until: int) -> None:
    """Listens until so many were taken."""
    stopping = threading.Event()

    def take(event: Any) -> str:
        if isinstance(event, LinkUp):
            return ""
        answer = desk.take(event)
        if len(desk.texts) >= until:
            stopping.set()
        return answer

    link.run(take, stopping)


def test_what_cannot_be_kept_now_comes_again(link: Modem, tables: Tables) -> None:
    for text in "abc":
        came(tables, text)
    desk = PickyDesk({"b": Unavailable("the disk is full")})
    with pytest.raises(Unavailable):
        run_shortly(link, desk, 3)
    assert unread(tables) == 2
    run_shortly(link, desk, 3)
    assert desk.texts == ["a", "b", "c"]
    assert unread(tables) == 0


def test_one_that_cannot_be_taken_holds_up_no_other(
    link: Modem, tables: Tables, caplog: pytest.LogCaptureFixture
) -> None:
    for text in "abc":
        came(tables, text)
    desk = PickyDesk({"b": RuntimeError("kode 4711")})
    run_shortly(link, desk, 2)
    assert desk.texts == ["a", "c"]
    assert unread(tables) == 1
    assert "modem: SMS 2 was not taken" in caplog.text
    assert "4711" not in caplog.text
    run_shortly(link, desk, 3)
    assert desk.texts == ["a", "c", "b"]


# What became of what was sent


def test_each_state_is_told_once(link: Modem, tables: Tables) -> None:
    link.send(outgoing())
    with Listener(link) as listener:
        for count, status in enumerate(["SendingOK", "DeliveryPending", "DeliveryOK"], start=1):
            becomes(tables, status)
            listener.wait_for(count)
        came(tables)  # SMSD writes something else
        listener.wait_for(4)
    told = [event.status for event in listener.events if not isinstance(event, Received)]
    assert told == ["SendingOK", "DeliveryPending", "DeliveryOK"]


def test_after_a_restart_the_last_day_is_told_again(
    link: Modem, settings: Settings, tables: Tables
) -> None:
    for reference in ("a-1", "b-1"):
        link.send(outgoing(reference))
        becomes(tables, "DeliveryOK", reference)
    tables.run("DROP TRIGGER update_sentitems_time")
    tables.run(
        "UPDATE sentitems SET UpdatedInDB = datetime('now', '-2 days')"
        " WHERE CreatorID = 'pasar:a-1'"
    )
    with Listener(link) as listener:
        [report] = listener.wait_for(1)
    assert (report.external_id, report.outcome) == ("b-1", "delivered")


def test_what_other_programs_sent_is_not_told(link: Modem, tables: Tables) -> None:
    tables.run(
        "INSERT INTO sentitems (ID, CreatorID, DestinationNumber, Text, UDH, SenderID)"
        " VALUES (1, 'Gammu 1.42.0', ?, '', '', '')",
        (SRI,),
    )
    came(tables)
    with Listener(link) as listener:
        [event] = listener.wait_for(1)
    assert isinstance(event, Received)


def wrote(tables: Tables, ago: str) -> None:
    """The messages that wait were written so long ago."""
    tables.run("UPDATE outbox SET InsertIntoDB = datetime('now', ?)", (ago,))


def test_a_message_that_waits_is_told_of(link: Modem, tables: Tables) -> None:
    """So that it is known to be with SMSD when we were killed before we knew."""
    link.send(outgoing())
    wrote(tables, "-1 minute")
    with Listener(link) as listener:
        [report] = listener.wait_for(1)
        time.sleep(0.2)
    assert len(listener.events) == 1
    assert (report.external_id, report.status, report.outcome) == ("a-1", "Reserved", "passing")
    assert len(tables.run("SELECT 1 FROM outbox")) == 1


def test_a_worker_that_is_killed_before_it_knew_sends_nothing_twice(
    link: Modem, tables: Tables, settings: Settings, clock: TurnableClock
) -> None:
    """SMSD has no signal meanwhile, so that only its outbox tells."""
    shop = open_shop(settings, clock, sms_provider=("modem",))
    office = PostOffice(shop, clock)
    message_id = office.write(SRI, "Halo")
    send(shop, link, office.claim("modem"))
    clock.turn(settings.lease)
    assert office.claim("modem") is None
    assert office.state(message_id) == "unknown"
    wrote(tables, "-1 minute")
    with Listener(link, Desk(shop, Wording(settings.zone, NOTICES)).take):
        wait_until(lambda: office.state(message_id) == "accepted", 5)
    clock.turn(settings.report_within * 2)
    assert office.claim("modem") is None
    assert len(tables.run("SELECT 1 FROM outbox")) == 1


@pytest.mark.parametrize("text", ["Halo", LONG])
def test_a_message_that_waited_too_long_is_withdrawn(
    link: Modem, tables: Tables, text: str
) -> None:
    link.send(outgoing("a-1", text, valid_for=timedelta(hours=1)))
    link.send(outgoing("b-1", text, valid_for=timedelta(hours=3)))
    wrote(tables, "-2 hours")
    with Listener(link) as listener:
        reports = listener.wait_for(2)
        time.sleep(0.1)
    assert [(each.external_id, each.status, each.outcome) for each in reports] == [
        ("a-1", "Expired", "undelivered"),
        ("b-1", "Reserved", "passing"),
    ]
    assert tables.run("SELECT CreatorID FROM outbox") == [("pasar:b-1",)]
    left = tables.run("SELECT ID FROM outbox_multipart")
    assert left == (tables.run("SELECT ID FROM outbox") if text == LONG else [])


def test_one_that_smsd_is_at_is_not_withdrawn(link: Modem, tables: Tables) -> None:
    link.send(outgoing(valid_for=timedelta(hours=1)))
    wrote(tables, "-2 hours")
    tables.run("UPDATE outbox SET SendingTimeOut = datetime('now', '+1 minute', 'localtime')")
    with Listener(link) as listener:
        time.sleep(0.2)
    assert listener.events == []
    assert len(tables.run("SELECT 1 FROM outbox")) == 1


def test_nor_one_that_smsd_begins_with_in_that_moment(link: Modem, tables: Tables) -> None:
    link.send(outgoing(text=LONG))
    tables.run("UPDATE outbox SET SendingTimeOut = datetime('now', '+1 minute', 'localtime')")
    with closing(modem_tables.Smsd(tables.database)) as smsd:
        smsd.withdraw(1)
    assert len(tables.run("SELECT 1 FROM outbox")) == 1
    assert len(tables.run("SELECT 1 FROM outbox_multipart")) == 1


# The daemon and its file


def test_a_silent_smsd_is_told_of_once(
    link: Modem, tables: Tables, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    tables.run(
        "UPDATE phones SET UpdatedInDB = datetime('now', '-10 minutes'), Signal = 42, Battery = 7"
    )
    with Listener(link):
        time.sleep(0.3)
        tables.run("UPDATE phones SET UpdatedInDB = datetime('now')")
        time.sleep(0.3)
    silent, back = (record.getMessage() for record in caplog.records)
    assert silent.startswith("modem: gammu-smsd is silent, messages wait; is it running? (last at ")
    assert silent.endswith(" UTC, signal 42 %, battery 7 %)")
    assert back == "modem: gammu-smsd is back"


def test_an_smsd_that_never_ran_is_told_of(
    link: Modem, tables: Tables, caplog: pytest.LogCaptureFixture
) -> None:
    tables.run("DELETE FROM phones")
    assert link.send(outgoing()).state == "accepted"
    with Listener(link):
        time.sleep(0.2)
    assert "it never had a phone" in caplog.text


@pytest.mark.parametrize("replacement", [False, True])
def test_it_ends_when_its_file_is_gone_or_another(
    link: Modem, tables: Tables, tmp_path: Path, replacement: bool
) -> None:
    came(tables)
    with Listener(link) as listener:
        listener.wait_for(1)
        if replacement:
            (tmp_path / "new").mkdir()
            os.replace(Tables(tmp_path / "new").database, tables.database)
        else:
            tables.database.unlink()
        assert isinstance(listener.ended(2), FileNotFoundError)


def test_it_lets_go_within_a_second(link: Modem, tables: Tables) -> None:
    with Listener(link) as listener:
        came(tables)
        listener.wait_for(1)
        began = time.monotonic()
    assert time.monotonic() - began < 1


def test_it_cannot_begin_without_its_file(link: Modem, tables: Tables) -> None:
    tables.database.unlink()
    with pytest.raises(OSError, match="No such file"):
        link.run(lambda event: "", threading.Event())
