"""The worker's side of messages: one provider after the other, and secrets put in at the last."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from gateway import doorbell, inbound, outbound
from gateway.desk import Desk
from gateway.doorbell import Bell
from gateway.outbound import Sender
from gateway.providers import Outgoing
from menus.notices import NOTICES
from menus.wording import Wording
from settings import Settings
from store import codes, inbox, outbox
from store.errors import Unavailable
from store.inbox import Received
from store.outbox import Message, Outcome
from store.shop import Shop
from tests.support.carrier import Carrier
from tests.support.clock import TurnableClock
from tests.support.processes import wait_until
from tests.support.sending import send_next

SRI, BUDI, DEWI = "+6281234567001", "+6281234567002", "+6281234567003"
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


@pytest.mark.parametrize(("late", "state"), [(False, "accepted"), (True, "expired")])
def test_what_nobody_wants_any_more_when_its_turn_comes_is_not_given(
    shop: Shop, clock: TurnableClock, late: bool, state: str
) -> None:
    carrier: Any = Carrier("one")
    write(shop)
    clock.turn(hours=11, minutes=59, seconds=59)
    [message] = outbox.turn(shop, "one", (), 1).messages
    clock.turn(seconds=int(late))
    outcome = outbound.send(shop, carrier, message)
    outbox.turn(shop, "one", [(message, outcome)], 0)
    assert states(shop) == [state]
    assert len(carrier.given) == (not late)


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


def test_what_came_with_a_ring_and_was_not_rung_for_is_sent_soon_after(
    real: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rings of one moment are one; the second writer's is not heard."""
    monkeypatch.setattr(doorbell, "TOGETHER", 2.0)
    bell = Bell()
    sender = Sender(real, Carrier("simulator"), bell.ear(), 60.0)  # type: ignore[arg-type]
    sender.start()
    write(real)
    bell.ring()
    settled(real, "accepted")
    write(real, BUDI)
    settled(real, "accepted", "accepted")
    sender.stop()
    sender.join(10)


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
    assert sender._back.get()[1].link is None, "its provider was not asked"


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


def claimed(shop: Shop, *phones: str) -> list[Message]:
    for msisdn in phones:
        write(shop, msisdn)
    return outbox.turn(shop, "simulator", (), 9).messages


@pytest.fixture
def idle(real: Shop) -> Sender:
    """A sender that takes its turns when it is told to; an answer of each kind has come back."""
    carrier: Any = Carrier("simulator")
    sender = Sender(real, carrier, threading.Event(), 0.2)
    unwritable: Any = object()
    outcomes = (Outcome("accepted", unwritable), Outcome("accepted", "a"), Outcome("failed"))
    for message, outcome in zip(claimed(real, SRI, BUDI, DEWI), outcomes, strict=True):
        sender._under_way += 1
        sender._back.put((message, outcome))
    return sender


def test_an_answer_that_cannot_be_written_down_does_not_take_the_others_with_it(
    real: Shop, idle: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    idle._turn()
    assert states(real) == ["sending", "accepted", "failed"]
    assert "-1 not kept" in caplog.text
    assert not idle._unsettled


def test_nor_are_the_others_lost_when_the_database_is_away_just_then(
    real: Shop, idle: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = outbox.turn

    def away_for_one_alone(shop: Shop, provider: str, settled: Any, *more: Any, **and_more: Any):
        if len(settled) == 1:
            raise Unavailable("just now")
        return turn(shop, provider, settled, *more, **and_more)

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "turn", away_for_one_alone)
        idle._turn()
    assert states(real) == ["sending"] * 3
    idle._turn()
    assert states(real) == ["sending", "accepted", "failed"]


def test_what_could_not_be_written_down_is_when_it_is_stopped(
    real: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn, away = outbox.turn, threading.Event()

    def away_for_a_while(shop: Shop, *more: Any, **and_more: Any) -> Any:
        if away.is_set():
            raise Unavailable("for a while")
        return turn(shop, *more, **and_more)

    monkeypatch.setattr(outbox, "turn", away_for_a_while)
    write(real)
    with sending(real, Carrier("simulator", before=away.set)):
        assert away.wait(5)
        time.sleep(0.3)
        threading.Timer(0.5, away.clear).start()
    assert states(real) == ["accepted"]


def test_a_slow_link_is_given_messages_at_its_pace(real: Shop) -> None:
    real.settings = real.settings.model_copy(update={"send_rate": (("simulator", 5.0),)})
    carrier = Carrier("simulator")
    for n in range(8):
        write(real, f"+62812000000{n:02}")
    begun = time.monotonic()
    with sending(real, carrier):
        settled(real, *["accepted"] * 8)
    assert 0.55 < time.monotonic() - begun < 3, "five at once, and one each fifth of a second"


def test_while_its_provider_hangs_a_sender_looks_only_now_and_then(
    real: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that may be under way is, so there is nothing to look for."""
    release, looks, turn = threading.Event(), [], outbox.turn

    def counted(*args: Any, **more: Any) -> outbox.Turn:
        looks.append(args)
        return turn(*args, **more)

    monkeypatch.setattr(outbox, "turn", counted)
    for n in range(12):
        write(real, f"+62812000000{n:02}")
    hanging = [Carrier("simulator", before=lambda: release.wait(10)) for _ in range(2)]
    with sending(real, *hanging):
        wait_until(lambda: sum(len(each.given) for each in hanging) == 4, 5)
        looks.clear()
        time.sleep(0.6)
        assert len(looks) <= 8, "two senders, each five times a second"
        release.set()
        settled(real, *["accepted"] * 12)
