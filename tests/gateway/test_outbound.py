"""The worker's side of messages: one provider after the other, and secrets put in at the last."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from gateway import inbound
from gateway.desk import Desk
from gateway.doorbell import Bell
from gateway.outbound import Sender
from gateway.providers import Outgoing
from menus.notices import NOTICES
from menus.wording import Wording
from settings import Settings
from store import codes, inbox, outbox
from store.inbox import Received
from store.outbox import Outcome
from store.shop import Shop
from tests.support.carrier import Carrier
from tests.support.clock import TurnableClock
from tests.support.processes import wait_until
from tests.support.sending import send_next

SRI, BUDI = "+6281234567001", "+6281234567002"
REFUSED = Outcome("refused", reason="busy")


@pytest.fixture
def wording(settings: Settings) -> Wording:
    return Wording(settings.zone, NOTICES)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
def shop(settings: Settings, wording: Wording, clock: TurnableClock) -> Shop:
    """Its links are called one and two."""
    links = settings.model_copy(update={"sms_provider": ("one", "two")})
    shop = Shop(links, wording, clock=clock)
    shop.migrate()
    return shop


def write(shop: Shop, msisdn: str = SRI, text: str = "Halo") -> None:
    with shop.write() as tx:
        outbox.put(tx, msisdn, text, notice="test", kind="reply")


def sender(shop: Shop, *carriers: Any) -> Callable[[], bool]:
    return send_next(shop, carriers)


def states(shop: Shop) -> list[str]:
    with shop.read() as tx:
        return [row["state"] for row in tx.rows("SELECT state FROM outbox ORDER BY id")]


def test_with_nothing_to_send_there_is_nothing_to_do(shop: Shop) -> None:
    assert not sender(shop, Carrier("one"))()


def test_messages_leave_one_by_one_in_their_order(shop: Shop) -> None:
    carrier = Carrier("one")
    for text in ("satu", "dua"):
        write(shop, text=text)
    send = sender(shop, carrier)
    assert [send(), send(), send()] == [True, True, False]
    assert carrier.given == [(SRI, "satu"), (SRI, "dua")]
    assert states(shop) == ["accepted", "accepted"]


def test_what_one_provider_refuses_is_tried_at_the_next(shop: Shop, clock: TurnableClock) -> None:
    one, two = Carrier("one", REFUSED, REFUSED), Carrier("two", REFUSED)
    write(shop)
    send = sender(shop, one, two)
    for _ in range(4):
        send()
        clock.turn(timedelta(hours=1))
    assert (len(one.given), len(two.given)) == (2, 2)
    assert states(shop) == ["accepted"]


def test_the_code_is_put_in_for_the_provider_alone(shop: Shop, settings: Settings) -> None:
    carrier = Carrier("one")
    kept = f"Kode {codes.placeholder(17, '00ff')}."
    code = codes.hand_over_code(settings.pepper or "", 17, "00ff")
    write(shop, text=kept)
    sender(shop, carrier)()
    assert carrier.given == [(SRI, f"Kode {code}.")]
    with shop.read() as tx:
        assert tx.value("SELECT text FROM outbox") == kept


def test_each_message_that_came_is_answered_once(shop: Shop, wording: Wording) -> None:
    with shop.write() as tx:
        for number in range(3):
            inbox.keep(tx, Received("simulator", f"id-{number}", SRI, "BANTU"))
    answer = inbound.answer_waiting(shop, wording, Desk(shop, wording))
    while answer():
        pass
    assert states(shop) == ["queued"] * 3


def test_a_reply_goes_by_the_link_that_its_reader_wrote_by(shop: Shop, wording: Wording) -> None:
    with shop.write() as tx:
        inbox.keep(tx, Received("two", "1", SRI, "BANTU"))
    inbound.answer_waiting(shop, wording, Desk(shop, wording))()
    one, two = Carrier("one"), Carrier("two")
    sender(shop, one, two)()
    assert (len(one.given), len(two.given)) == (0, 1)


# With threads, as in the worker.


@pytest.fixture
def real(settings: Settings, wording: Wording) -> Shop:
    shop = Shop(settings.model_copy(update={"send_at_once": 4}), wording)
    shop.migrate()
    return shop


@contextmanager
def sending(shop: Shop, *carriers: Any) -> Iterator[None]:
    """While this runs, a worker's senders are at work."""
    bell = Bell()
    shop.on_commit = lambda kinds: bell.ring()
    senders = [Sender(shop, carrier, bell.ear(), 0.2) for carrier in carriers]
    for each in senders:
        each.start()
    try:
        yield
    finally:
        for each in senders:
            each.stop()
        for each in senders:
            each.join(10)
            assert not each.is_alive()


def settled(shop: Shop, *wanted: str) -> None:
    wait_until(lambda: states(shop) == list(wanted), 10)


def test_a_sender_sends_what_is_written(real: Shop) -> None:
    carrier = Carrier("simulator")
    with sending(real, carrier):
        for text in ("satu", "dua", "tiga"):
            write(real, text=text)
        settled(real, "accepted", "accepted", "accepted")
    assert carrier.given == [(SRI, "satu"), (SRI, "dua"), (SRI, "tiga")]


def test_a_provider_that_breaks_its_promise_and_raises_leaves_an_unknown_outcome(
    real: Shop,
) -> None:
    class Broken(Carrier):
        def send(self, sms: Outgoing) -> Outcome:
            if sms.msisdn == SRI:
                raise ZeroDivisionError
            return super().send(sms)

    write(real)
    write(real, BUDI)
    with sending(real, Broken("simulator")):
        settled(real, "unknown", "accepted")


def test_a_number_that_hangs_holds_up_no_other(real: Shop) -> None:
    release = threading.Event()

    class Hanging(Carrier):
        def send(self, sms: Outgoing) -> Outcome:
            if sms.msisdn == SRI:
                release.wait(10)
            return super().send(sms)

    write(real)
    for n in range(20):
        write(real, f"+62812000000{n:02}")
    with sending(real, Hanging("simulator")):
        settled(real, "sending", *["accepted"] * 20)
        release.set()
        settled(real, *["accepted"] * 21)


def test_what_was_under_way_when_it_is_stopped_is_settled(real: Shop) -> None:
    begun, release = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        release.wait(10)

    write(real)
    with sending(real, Carrier("simulator", before=hold)):
        assert begun.wait(5)
        threading.Timer(0.3, release.set).start()
    assert states(real) == ["accepted"]


def test_a_lease_that_is_over_is_not_begun(real: Shop) -> None:
    """This process stood still between the claim and the call: somebody else may have it by now."""
    carrier: Any = Carrier("simulator")
    sender = Sender(real, carrier, threading.Event(), 0.2)
    write(real)
    [message] = outbox.turn(real, "simulator", (), 1).messages
    sender._give(message, time.monotonic() - 1)
    assert carrier.given == []


def test_no_more_are_under_way_than_the_setting_says(real: Shop) -> None:
    now, most = 0, 0
    lock = threading.Lock()

    class Counting(Carrier):
        def send(self, sms: Outgoing) -> Outcome:
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.05)
            with lock:
                now -= 1
            return super().send(sms)

    for n in range(24):
        write(real, f"+62812000000{n:02}")
    with sending(real, Counting("simulator")), sending(real, Counting("simulator")):
        settled(real, *["accepted"] * 24)
    assert most == 4, "by two workers together"
