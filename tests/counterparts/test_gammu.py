"""The modem's provider with the real gammu-smsd and Gammu's dummy phone."""

import gzip
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3

from gateway.providers import DeliveryReport, Outgoing
from gateway.providers.modem import Modem as Provider
from gateway.providers.modem import make, writing
from settings import Settings
from store.inbox import Part, Received
from tests.support.listener import Listener
from tests.support.processes import wait_until
from tests.support.smsd import SCHEMA, Modem

pytestmark = pytest.mark.processes

SRI, BUDI = "+6281234567001", "+6281234567002"


@pytest.fixture
def link(modem: Modem, settings: Settings) -> Provider:
    quickly = {"modem_database": modem.database, "modem_poll": timedelta(milliseconds=50)}
    return make(settings.model_copy(update=quickly))


def outgoing(reference: str, text: str = "Halo", to: str = SRI) -> Outgoing:
    return Outgoing(reference, to, text, timedelta(days=1))


TEXTS = {
    "plain": "Pesanan 17: Beras medium 2 kg, Rp25.000",
    "the extension table": "[a]{b}^~\\|€",
    "accents and line feeds": "àèéì\nÄÖÑÜ@$¥",
    "a full one": "a" * 160,
    "two parts": "a" * 152 + "€" + "b" * 100,
    "UCS-2": "蜂蜜 Rp25.000",
    "UCS-2 in parts": "蜂" * 60 + "😀" * 30,
}


def test_what_is_sent_leaves_the_phone_as_it_was_written(modem: Modem, link: Provider) -> None:
    for number, text in enumerate(TEXTS.values()):
        assert link.send(outgoing(f"{number}-1", text)).state == "accepted"
    wait_until(modem.is_idle, 20)
    assert modem.texts_to(SRI) == list(TEXTS.values())
    assert [sms.parts for sms in modem.sent()] == [1, 1, 1, 1, 2, 1, 2]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_comes_to_the_phone_is_taken_as_it_was_written(
    modem: Modem, link: Provider, text: str
) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    modem.receive(SRI, text)
    with Listener(link) as listener:
        wait_until(lambda: "".join(each.text for each in listener.events) == text, 20)
        wait_until(modem.is_idle, 5)
    for each in listener.events:
        assert isinstance(each, Received)
        assert each.msisdn == SRI
        assert began <= each.sent_at <= datetime.now(UTC)


@pytest.fixture(params=["Asia/Makassar", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where this machine is: SMSD writes most of its times as its clock on the wall shows them."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_east_and_west_of_greenwich_it_is_now(zone: str, modem: Modem, link: Provider) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    modem.receive(SRI, "YA")
    link.send(outgoing("a-1"))
    with Listener(link) as listener:
        wait_until(modem.is_idle, 10)
        came = next(each for each in listener.events if isinstance(each, Received))
    assert began <= came.sent_at <= datetime.now(UTC)
    assert not came.fetched
    assert modem.texts_to(SRI) == ["Halo"]


def test_the_parts_of_a_long_sms_say_which_they_are(modem: Modem, link: Provider) -> None:
    modem.receive(SRI, "a" * 153 + "b" * 20)
    with Listener(link) as listener:
        first, second = listener.wait_for(2)
    assert (first.text, second.text) == ("a" * 153, "b" * 20)
    reference = first.part.reference
    assert first.part == Part(reference, 1, 2)
    assert second.part == Part(reference, 2, 2)
    assert first.external_id != second.external_id


@pytest.mark.parametrize(
    ("said", "status", "outcome"),
    [
        ("Delivered", "DeliveryOK", "delivered"),
        ("Failed", "DeliveryFailed", "undelivered"),
        ("Pending", "DeliveryPending", "passing"),
        ("Unknown", "DeliveryUnknown", "passing"),
    ],
)
def test_a_delivery_report_is_told(
    modem: Modem, link: Provider, said: str, status: str, outcome: str
) -> None:
    with Listener(link) as listener:
        assert link.send(outgoing("a-1")).external_id == "a-1"
        [sent] = listener.wait_for(1)
        modem.report(SRI, said)
        *_, reported = listener.wait_for(2)
    assert sent == DeliveryReport("modem", "a-1", "SendingOK", "passing", SRI)
    assert (reported.external_id, reported.status, reported.outcome) == ("a-1", status, outcome)


def test_nothing_is_lost_and_nothing_sent_twice_when_smsd_is_killed(
    modem: Modem, link: Provider
) -> None:
    texts = [f"Pesanan {number}" for number in range(8)]
    modem.stop()
    for number, text in enumerate(texts):
        modem.receive(BUDI, text)
        for _ in range(2):
            assert link.send(outgoing(f"{number}-1", text)).state == "accepted"
    modem.start()
    with Listener(link) as listener:
        for sent in (2, 4):
            wait_until(lambda sent=sent: len(modem.sent()) >= sent, 20)
            modem.kill()
            # SMSD leaves alone for a minute what it was at.
            modem.run("UPDATE outbox SET SendingTimeOut = '2000-01-01 00:00:00'")
            modem.start()
        wait_until(modem.is_idle, 30)
        wait_until(lambda: len(taken(listener)) >= len(texts))
    assert modem.texts_to(SRI) == texts
    assert taken(listener) == texts


def taken(listener: Listener) -> list[str]:
    """The texts that came, each as often as it is told apart, in order."""
    texts = {each.external_id: each.text for each in listener.events if isinstance(each, Received)}
    return list(texts.values())


def test_twin_without_the_look_it_would_leave_twice(
    modem: Modem, link: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_IS_THERE", "SELECT 1 WHERE 0")
    for _ in range(2):
        link.send(outgoing("a-1"))
    wait_until(modem.is_idle, 20)
    assert modem.texts_to(SRI) == ["Halo", "Halo"]


def test_smsd_waits_for_us_and_we_for_it(modem: Modem, link: Provider) -> None:
    """Both write to one file."""
    with Listener(link) as listener:
        for number in range(10):
            modem.receive(BUDI, f"CEK {number}")
            assert link.send(outgoing(f"{number}-1", f"Halo {number}")).state == "accepted"
        wait_until(lambda: len(taken(listener)) == 10, 30)
        wait_until(modem.is_idle, 30)
    assert modem.texts_to(SRI) == [f"Halo {number}" for number in range(10)]


def test_the_tables_of_other_tests_are_those_of_smsd(modem: Modem) -> None:
    """As Debian installs them."""
    folder = Path("/usr/share/doc/gammu-smsd/examples")
    found = [*folder.glob("sqlite.sql"), *folder.glob("sqlite.sql.gz")]
    if not found:
        pytest.skip("gammu-smsd came without its examples")
    raw = found[0].read_bytes()
    theirs = (gzip.decompress(raw) if found[0].suffix == ".gz" else raw).decode()
    assert columns(theirs) == columns(SCHEMA)


def columns(schema: str) -> dict[str, list[tuple[str, str, int, str | None, int]]]:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(schema)
        tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {
            name: [row[1:] for row in database.execute(f"PRAGMA table_info({name})")]
            for (name,) in tables
        }
