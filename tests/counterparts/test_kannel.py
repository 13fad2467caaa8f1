"""Kannel 1.4.5 and the `http` provider, both ways: every text arrives as it was written, is known
to have arrived, and what Kannel cannot bring now it brings later."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bench.kannel import Kannel
from gateway import webhooks
from gateway.providers import DeliveryReport, Event, Outgoing
from gateway.providers.http import Http
from settings import Settings
from store.errors import Unavailable
from store.inbox import Part, Received
from store.shop import Shop
from tests.support.processes import free_port, wait_until
from tests.support.worlds import at_once

pytestmark = pytest.mark.processes

SRI, BUDI = "+6281234567001", "+6281234567002"
BEE = "蜂蜜 🍯"
TOKEN = "hook-token-of-the-tests"
Kind = TypeVar("Kind", Received, DeliveryReport)


class Collector:
    """A desk that remembers what it was brought, and may be unable to keep it."""

    def __init__(self) -> None:
        self.taken: list[Event] = []
        self.refusing = 0

    def take(self, event: Event) -> str:
        if self.refusing:
            self.refusing -= 1
            raise Unavailable("told to")
        self.taken.append(event)
        return ""

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.taken if isinstance(event, kind)]


class Hooks:
    """Our hooks, on one port, open or closed."""

    def __init__(self, shop: Shop, http: Http, port: int) -> None:
        self.desk = Collector()
        self._app = Flask(__name__)
        self._app.register_blueprint(webhooks.blueprint(shop, self.desk, {"http": http}))  # type: ignore[arg-type]
        self._port = port

    def open(self) -> None:
        self._server = make_server("127.0.0.1", self._port, self._app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Pair:
    """Kannel, and the provider that sends to it."""

    def __init__(self, settings: Settings, shop: Shop, kannel: Kannel) -> None:
        port = free_port()
        given: dict[str, Any] = {
            name.removeprefix("PASAR_").lower(): value for name, value in kannel.account.items()
        }
        given |= {"public_url": f"http://127.0.0.1:{port}", "sms_provider": ("http",)}
        self.http = Http(settings.model_copy(update=given))
        self.hooks = Hooks(shop, self.http, port)
        self.hooks.open()
        self.kannel, self.phones = kannel, kannel.phones
        kannel.start(f"http://127.0.0.1:{port}/hooks/http/{TOKEN}")

    def send(self, text: str, reference: str = "ref-1", to: str = SRI) -> tuple[str, str]:
        """State, and what it says of the link."""
        outcome = self.http.send(Outgoing(reference, to, text, timedelta(hours=1)))
        return outcome.state, outcome.link

    def received(self, count: int) -> list[Received]:
        """Once so many have come, and then no more."""
        desk = self.hooks.desk
        wait_until(lambda: len(desk.of(Received)) >= count, 20)
        time.sleep(0.3)
        assert len(desk.of(Received)) == count
        return desk.of(Received)


@pytest.fixture
def pair(settings: Settings, shop: Shop, kannel: Kannel) -> Iterator[Pair]:
    pair = Pair(settings, shop, kannel)
    yield pair
    kannel.stop()
    pair.hooks.close()


def test_every_text_arrives_as_it_was_written_and_is_reported(pair: Pair) -> None:
    texts = [
        "Pesanan 17 Rp12.500/kg @ Durian_2 <b> &amp; %d 100% +1",
        "Café €1\n\nbaris [dua] {x} ~ |\\^",
        BEE,
        "Kode serah 58213 é€ " * 20,
        BEE * 40,
        "é" * 161,
        "one\ntwo\n",
        "x" * 160,
    ]
    for number, text in enumerate(texts):
        assert pair.send(text, f"ref-{number}") == ("accepted", "works")
    assert pair.phones.wait_for(SRI, len(texts) - 1, 10)
    assert pair.phones.to(SRI) == texts
    assert {sms.sender for sms in pair.phones.got} == {"22345"}
    wanted = {
        (f"ref-{number}", outcome)
        for number in range(len(texts))
        for outcome in ("passing", "delivered")
    }
    desk = pair.hooks.desk
    wait_until(lambda: len(desk.of(DeliveryReport)) >= len(wanted), 10)
    reports = desk.of(DeliveryReport)
    assert {(report.external_id, report.outcome) for report in reports} == wanted
    assert len(reports) == len(wanted), "one report of each kind for all parts of a message"
    assert {report.msisdn for report in reports} == {SRI}


def test_every_sms_comes_as_it_was_written_and_once(pair: Pair) -> None:
    texts = ["BELI 117 2", "a+b%20c &x=1 #é", BEE, "JUAL madu\n12rb", "CARI beras " * 30]
    for text in texts:
        pair.phones.send(SRI, text)
    received = pair.received(len(texts))
    assert Counter(sms.text for sms in received) == Counter(texts)
    assert {sms.msisdn for sms in received} == {SRI}
    assert len({sms.external_id for sms in received}) == len(texts)
    assert {sms.part for sms in received} == {None}, "Kannel joins them"
    now = time.time()
    assert all(now - 60 < sms.sent_at.timestamp() <= now for sms in received)
    assert pair.phones.got == [], "what we answer is no SMS"


def test_parts_that_kannel_does_not_join_say_which_they_are(
    settings: Settings, shop: Shop, kannel: Kannel
) -> None:
    pair = Pair(settings, shop, Kannel(kannel.folder, join=False))
    try:
        text = "JUAL madu hutan " * 20
        pair.phones.send(SRI, text)
        parts = sorted(pair.received(3), key=lambda sms: sms.part.number)
        assert "".join(sms.text for sms in parts) == text
        reference = parts[0].part.reference
        assert [sms.part for sms in parts] == [Part(reference, n, 3) for n in (1, 2, 3)]
    finally:
        pair.kannel.stop()
        pair.hooks.close()


def test_what_cannot_be_kept_comes_again_with_the_same_name(pair: Pair) -> None:
    pair.hooks.desk.refusing = 4
    for number in range(3):
        pair.phones.send(SRI, f"CEK {number}")
    received = pair.received(3)
    assert {sms.text for sms in received} == {"CEK 0", "CEK 1", "CEK 2"}
    assert len({sms.external_id for sms in received}) == 3


def test_what_comes_while_we_are_away_is_brought_when_we_are_back(pair: Pair) -> None:
    pair.hooks.close()
    assert pair.send("Pesanan 17") == ("accepted", "works")
    for number in range(5):
        pair.phones.send(BUDI, f"CEK {number}")
    time.sleep(2.5)
    pair.hooks.open()
    assert {sms.text for sms in pair.received(5)} == {f"CEK {number}" for number in range(5)}
    desk = pair.hooks.desk
    wait_until(lambda: len(desk.of(DeliveryReport)) == 2, 10)


def test_phones_that_are_away_get_it_when_they_are_back(pair: Pair) -> None:
    pair.phones.switch_off()
    time.sleep(0.2)
    assert pair.send("Pesanan 17") == ("accepted", "works"), "queued for later delivery"
    pair.kannel.switch_phones_on()
    assert pair.phones.wait_for(SRI, 0, 15) == "Pesanan 17"


def test_a_kannel_that_is_away_is_down_and_takes_nothing(pair: Pair) -> None:
    assert pair.send("one") == ("accepted", "works")
    pair.kannel.smsbox.stop()
    assert pair.send("two", "ref-2") == ("refused", "down")
    pair.kannel.start_smsbox()
    assert pair.send("three", "ref-3") == ("accepted", "works")
    assert pair.phones.wait_for(SRI, 1, 10) == "three"


def test_a_kannel_that_hangs_is_unknown_and_a_report_tells(pair: Pair) -> None:
    pair.http._settings = pair.http._settings.model_copy(
        update={"http_timeout": timedelta(seconds=1)}
    )
    box = pair.kannel.bearerbox  # smsbox has passed it on, and answers when it is told to
    os.kill(box.pid, signal.SIGSTOP)
    try:
        assert pair.send("Pesanan 17") == ("unknown", "down")
    finally:
        os.kill(box.pid, signal.SIGCONT)
    assert pair.phones.wait_for(SRI, 0, 10) == "Pesanan 17", "it had it all the same"
    desk = pair.hooks.desk
    wait_until(
        lambda: (
            ("ref-1", "delivered")
            in {(report.external_id, report.outcome) for report in desk.of(DeliveryReport)}
        ),
        10,
    )


@pytest.mark.parametrize(
    ("why", "change", "outcome"),
    [
        ("a wrong password", {"http_password": "wrong"}, ("refused", "down")),
        ("another path", {"http_url": "/no/such/path"}, ("refused", "down")),
    ],
)
def test_an_account_that_kannel_does_not_know(
    pair: Pair, why: str, change: dict[str, str], outcome: tuple[str, str]
) -> None:
    settings = pair.http._settings
    if "http_url" in change:
        change = {"http_url": settings.http_url.replace("/cgi-bin/sendsms", change["http_url"])}
    pair.http = Http(settings.model_copy(update=change))
    assert pair.send("Pesanan 17") == outcome


def test_a_number_that_kannel_cannot_send_to(pair: Pair) -> None:
    assert pair.send("Pesanan 17", to="PASAR") == ("failed", "works")
    assert pair.send("Pesanan 17", to="") == ("failed", "works")


def test_many_at_once_both_ways(pair: Pair) -> None:
    phones = [f"+62812345670{number:02}" for number in range(40)]
    for phone in phones:
        pair.phones.send(phone, f"CEK dari {phone}")

    def sender(phone: str) -> Callable[[], tuple[str, str]]:
        return lambda: pair.send(f"untuk {phone}", f"ref{phone[1:]}", phone)

    for start in range(0, len(phones), 8):
        batch = [sender(phone) for phone in phones[start : start + 8]]
        assert at_once(batch) == [("accepted", "works")] * 8
    received = pair.received(len(phones))
    assert {(sms.msisdn, sms.text) for sms in received} == {
        (phone, f"CEK dari {phone}") for phone in phones
    }
    wait_until(lambda: len(pair.phones.got) == len(phones), 10)
    assert {(sms.to, sms.text) for sms in pair.phones.got} == {
        (phone, f"untuk {phone}") for phone in phones
    }
