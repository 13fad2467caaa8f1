"""The worker's side of what came in."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from gateway import desk as desks
from gateway.desk import Desk
from gateway.inbound import catch_up
from gateway.providers import africastalking_sms
from gateway.providers.africastalking import AfricasTalking
from settings import Settings
from store import database, inbox, sealing
from store.errors import Unavailable
from store.inbox import Received
from tests.support import payloads
from tests.support.at_server import AfricasTalkingServer
from tests.support.held import held
from tests.support.worlds import LocalWorld, RealWorld

SRI, LOMBOK, SUMBAWA = "+6281234567001", "+6281234567801", "+6281234567802"

Fetch = Callable[[], int]


def test_two_of_our_markets_stop_answering_each_other(settings: Settings, tmp_path: Path) -> None:
    """Each takes what the other says for a person's."""
    for first_word in ("halo", "BANTU", "MULAI"):
        folders = [tmp_path / first_word / name for name in ("lombok", "sumbawa")]
        for folder in folders:
            folder.mkdir(parents=True)
        lombok, sumbawa = (
            LocalWorld(settings.model_copy(update={"data_dir": folder})) for folder in folders
        )
        ends = ((lombok, SUMBAWA, sumbawa, LOMBOK), (sumbawa, LOMBOK, lombok, SUMBAWA))
        lombok.send(SUMBAWA, first_word)
        read = {LOMBOK: 0, SUMBAWA: 0}
        while any(here.count(to) > read[to] for here, to, *_ in ends):
            for here, to, there, from_ in ends:
                said = here.texts(to)
                for text in said[read[to] :]:
                    there.send(from_, text)
                read[to] = len(said)
                assert len(said) <= settings.replies_limit
                here.clock.turn(seconds=4)


# What we missed


@pytest.fixture
def market(settings: Settings, at: AfricasTalkingServer) -> LocalWorld:
    """A market that answers the SMS of an Africa's Talking account."""
    account = {"at_username": "sandbox", "at_api_key": "test-key", "at_base_url": at.base_url}
    return LocalWorld(settings.model_copy(update=account), "africastalking")


@pytest.fixture
def fetch(market: LocalWorld) -> Fetch:
    """Fetches all there is; how many times the provider was asked."""
    desk = Desk(market.shop, market.wording)
    work = catch_up(market.shop, AfricasTalking(market.shop.settings), desk)

    def fetch() -> int:
        return next(times for times in count(1) if not work())

    return fetch


def receive(at: AfricasTalkingServer, market: LocalWorld, *texts: str) -> list[int]:
    """SMS come to the provider, now."""
    return [at.receive(SRI, text, date=market.clock.now()) for text in texts]


def kept(market: LocalWorld) -> list[str]:
    with market.shop.read() as tx:
        rows = tx.rows("SELECT text FROM inbox ORDER BY id")
    return [sealing.unseal(market.shop.settings.pepper, row["text"]) for row in rows]


def latest(market: LocalWorld) -> str:
    with market.shop.read() as tx:
        return inbox.latest(tx, "africastalking")


@pytest.mark.parametrize(("messages", "asked"), [(0, 1), (1, 2), (100, 2), (101, 3), (250, 4)])
def test_all_that_came_is_fetched_page_by_page(
    at: AfricasTalkingServer, market: LocalWorld, fetch: Fetch, messages: int, asked: int
) -> None:
    texts = [f"CARI beras {number}" for number in range(messages)]
    ids = receive(at, market, *texts)
    assert fetch() == asked
    assert kept(market) == texts
    assert latest(market) == (str(ids[-1]) if ids else "")
    assert fetch() == 1
    assert at.requests[-1].form["lastReceivedId"] == str(ids[-1] if ids else 0)


def test_after_a_start_it_goes_on_where_it_was(
    at: AfricasTalkingServer, market: LocalWorld, fetch: Fetch
) -> None:
    receive(at, market, "one", "two")
    fetch()
    receive(at, market, "three")
    again = LocalWorld(market.shop.settings, "africastalking")
    again.clock.turn(minutes=1)
    desk = Desk(again.shop, again.wording)
    work = catch_up(again.shop, AfricasTalking(again.shop.settings), desk)
    before = len(at.requests)
    assert work()
    assert not work()
    assert [each.form["lastReceivedId"] for each in at.requests[before:]] == ["2", "3"]
    assert kept(market) == ["one", "two", "three"]


def test_what_was_not_noted_as_fetched_is_fetched_again_and_answered_once(
    at: AfricasTalkingServer, market: LocalWorld, fetch: Fetch
) -> None:
    """A crash between keeping a page and noting its end."""
    receive(at, market, "BANTU", "BANTU", "CARI beras")
    fetch()
    with market.shop.write() as tx:
        inbox.fetched_up_to(tx, "africastalking", "")
    market.work()
    assert fetch() == 2
    market.work()
    assert market.count(SRI) == 3


def test_by_callback_and_fetched_each_is_answered_once(
    at: AfricasTalkingServer, market: LocalWorld, fetch: Fetch
) -> None:
    texts = ["BANTU", "CARI beras", "BANTU", "CARI kopi"]
    receive(at, market, *texts)
    said = market.clock.now().strftime("%Y-%m-%d %H:%M:%S")
    bodies = [
        payloads.body("sms-in-iso-date", **{"from": SRI, "text": text, "id": f"c{n}", "date": said})
        for n, text in enumerate(texts)
    ]
    for body in bodies[:2]:
        assert market.post("sms", body) == (200, "OK")
    market.work()
    fetch()
    market.work()
    for body in [*bodies, *bodies]:
        assert market.post("sms", body) == (200, "OK")
    market.work()
    assert fetch() == 1
    assert market.count(SRI) == 4


def test_what_is_found_too_late_is_kept_and_not_acted_on(
    at: AfricasTalkingServer, market: LocalWorld, fetch: Fetch
) -> None:
    receive(at, market, "BANTU")
    market.clock.turn(hours=13)
    receive(at, market, "CARI beras")
    fetch()
    market.work()
    assert market.count(SRI) == 1
    with market.shop.read() as tx:
        rows = tx.rows("SELECT state FROM inbox ORDER BY id")
    assert [row["state"] for row in rows] == ["old", "answered"]


UNREADABLE: dict[str, dict[str, object]] = {
    "no number": {"from": "PASAR"},
    "no sender": {"from": None},
    "no date": {"date": "yesterday"},
    "a date of long ago": {"date": "0001-01-01T00:00:00+14:00"},
    "no text": {"text": None},
    "a text that is none": {"text": ["BELI"]},
    "no id": {"id": None},
    "an id that is none": {"id": "abc"},
}


@pytest.mark.parametrize("why", UNREADABLE)
def test_one_that_cannot_be_read_holds_up_nobody(
    why: str,
    at: AfricasTalkingServer,
    market: LocalWorld,
    monkeypatch: pytest.MonkeyPatch,
    fetch: Fetch,
) -> None:
    receive(at, market, "one", "two", "three")
    answer = at._fetch

    def fetched(last: int) -> dict[str, Any]:
        messages = answer(last)["SMSMessageData"]["Messages"]
        changed = [{**each, **UNREADABLE[why]} if each["id"] == 2 else each for each in messages]
        return {"SMSMessageData": {"Messages": changed}}

    monkeypatch.setattr(at, "_fetch", fetched)
    assert fetch() == 2
    assert [text for text in kept(market) if text in ("one", "three")] == ["one", "three"]
    assert latest(market) == "3"


def test_half_a_character_is_none(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    message = json.loads('{"id": 7, "from": "+6281234567001", "text": "kopi \\ud83d"}')
    answer = {"SMSMessageData": {"Messages": [message]}}
    service = SimpleNamespace(fetch_messages=lambda after: answer)
    monkeypatch.setattr(africastalking_sms, "_service", lambda settings: service)
    assert AfricasTalking(settings).fetch("") == (
        [Received("africastalking", "7", SRI, "kopi ?", fetched=True)],
        "7",
    )


def test_one_that_is_no_message_holds_up_nobody(
    at: AfricasTalkingServer, market: LocalWorld, monkeypatch: pytest.MonkeyPatch, fetch: Fetch
) -> None:
    receive(at, market, "one")
    answer = at._fetch

    def fetched(last: int) -> dict[str, Any]:
        page = answer(last)
        page["SMSMessageData"]["Messages"][:0] = ["a text", None, 7, []]
        return page

    monkeypatch.setattr(at, "_fetch", fetched)
    assert fetch() == 2
    assert kept(market) == ["one"]


def test_a_provider_that_gives_the_same_for_ever_is_not_asked_for_ever(
    at: AfricasTalkingServer, market: LocalWorld, monkeypatch: pytest.MonkeyPatch, fetch: Fetch
) -> None:
    receive(at, market, "one", "two")
    answer = at._fetch
    monkeypatch.setattr(at, "_fetch", lambda last: answer(0))
    assert fetch() == 2
    at._incoming.pop()
    assert fetch() == 1, "nor does it go back"
    assert kept(market) == ["one", "two"]


@pytest.mark.parametrize("answer", [{}, {"SMSMessageData": None}, [], {"SMSMessageData": {}}])
def test_an_answer_that_is_none_is_told_of_and_asked_for_again(
    answer: Any,
    at: AfricasTalkingServer,
    market: LocalWorld,
    monkeypatch: pytest.MonkeyPatch,
    fetch: Fetch,
) -> None:
    receive(at, market, "one")
    with monkeypatch.context() as patch:
        patch.setattr(at, "_fetch", lambda last: answer)
        with pytest.raises(ValueError, match="not understood"):
            fetch()
    fetch()
    assert kept(market) == ["one"]


def test_one_that_cannot_be_kept_is_told_of_and_holds_up_nobody(
    at: AfricasTalkingServer,
    market: LocalWorld,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fetch: Fetch,
) -> None:
    keep = inbox.keep

    def poisoned(tx: Any, received: Received, **values: Any) -> bool:
        if received.text == "two":
            raise ZeroDivisionError
        return keep(tx, received, **values)

    monkeypatch.setattr(inbox, "keep", poisoned)
    receive(at, market, "one", "two", "three")
    fetch()
    assert kept(market) == ["one", "three"]
    assert "message 2 of africastalking is fetched and not kept" in caplog.text


def test_a_provider_that_is_down_is_asked_later(
    at: AfricasTalkingServer, market: LocalWorld, fetch: Fetch
) -> None:
    at.stop()
    with pytest.raises(requests.ConnectionError):
        fetch()
    at.start()
    receive(at, market, "one")
    fetch()
    assert kept(market) == ["one"]


def test_a_key_that_is_wrong_is_told(at: AfricasTalkingServer, fetch: Fetch) -> None:
    at.api_key = "another"
    with pytest.raises(Exception, match="401"):
        fetch()


def test_what_is_fetched_while_the_database_is_held_is_not_lost(
    at: AfricasTalkingServer, market: LocalWorld, monkeypatch: pytest.MonkeyPatch, fetch: Fetch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.3)
    monkeypatch.setattr(desks, "PATIENCE", 0.3)
    receive(at, market, "BANTU", "CARI beras")
    with held(market.shop.settings.database_path), pytest.raises(Unavailable):
        fetch()
    assert latest(market) == ""
    market.work()
    fetch()
    market.work()
    assert market.count(SRI) == 2


@pytest.mark.processes
def test_messages_of_an_outage_are_each_answered_once(
    tmp_path: Path, at: AfricasTalkingServer
) -> None:
    """The market is down while somebody registers; then the provider repeats its callbacks too."""
    often = {"PASAR_FETCH_EVERY": "3s"}
    RealWorld(tmp_path / "var", at, **often).close()
    now = datetime.now(UTC)
    texts = ["DAFTAR Inaq Sri#Durian", "YA", "BANTU", "BANTU"]
    for text in texts:
        at.receive(SRI, text, date=now)
    world = RealWorld(tmp_path / "var", at, **often)
    try:
        world.receive(SRI, len(texts) - 1)
        for _ in range(2):
            for number, text in enumerate(texts):
                fields = {"from": SRI, "text": text, "id": f"c{number}", "date": f"{now:%FT%TZ}"}
                body = payloads.body("sms-in-iso-date", **fields)
                assert world.post("sms", body) == (200, "OK")
        world.send(SRI, "CARI kopi")
        world.receive(SRI, len(texts))
        assert world.count(SRI) == len(texts) + 1
        said = " ".join(world.receive(SRI, n) for n in range(2))  # the answer to YA may overtake
        assert "Setuju?" in said
        assert "Terima kasih, Inaq Sri" in said
    finally:
        world.close()
