"""The SMPP link as a whole, against an SMSC that does what it should and what it should not."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from gateway.providers import DeliveryReport, Event, Linked, LinkUp, Outgoing, SessionEnded
from gateway.providers.smpp import Smpp, link, make, pdus
from menus.engine import Hop
from settings import Settings
from store.errors import Unavailable
from store.inbox import Received
from store.outbox import Outcome
from tests.support.processes import wait_until
from tests.support.tiny_smsc import TinySmsc, deliver, ok, silent, status

SRI, BUDI = "+6281234567001", "+6281234567002"


@dataclass
class Bound:
    """A provider that is being run, and what it brought."""

    provider: Smpp
    smsc: TinySmsc
    stopping: threading.Event = field(default_factory=threading.Event)
    taken: list[Any] = field(default_factory=list)
    answer: Callable[[Any], str] = lambda event: ""
    ended: list[BaseException | None] = field(default_factory=list)
    thread: threading.Thread | None = None

    def take(self, event: Event) -> str:
        if isinstance(event, LinkUp):
            return ""
        answer = self.answer(event)
        self.taken.append(event)
        return answer

    def start(self) -> None:
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.provider.run(self.take, self.stopping)
            self.ended.append(None)
        except Exception as error:
            self.ended.append(error)

    def wait_until_bound(self) -> None:
        wait_until(lambda: self.provider._link is not None, 5)

    def why_lost(self) -> str:
        self.thread.join(5)
        assert isinstance(self.ended[-1], link.LinkLost)
        return str(self.ended[-1])

    def send(self, text: str = "Halo", msisdn: str = SRI) -> Outcome:
        return self.provider.send(Outgoing("ref-1", msisdn, text, timedelta(days=1)))


Begin = Callable[..., Bound]


@pytest.fixture
def begin(settings: Settings) -> Iterator[Begin]:
    """Starts an SMSC, and a provider with these settings."""
    begun: list[Bound] = []

    def begin(answers: dict[str, Any] | None = None, *, bound: bool = True, **values: Any) -> Bound:
        smsc = TinySmsc()
        smsc.answers |= answers or {}
        account = {
            "smpp_host": "127.0.0.1",
            "smpp_port": smsc.port,
            "smpp_system_id": "gw",
            "smpp_password": "pw",
            "smpp_answer_within": timedelta(seconds=0.5),
        }
        begun.append(Bound(make(settings.model_copy(update=account | values)), smsc))
        begun[-1].start()
        if bound:
            begun[-1].wait_until_bound()
        return begun[-1]

    yield begin
    for each in begun:
        each.stopping.set()
        each.smsc.close()
        each.thread.join(5)


# The connection


def test_it_is_a_linked_provider(settings: Settings) -> None:
    assert isinstance(make(settings), Linked)


def test_it_binds_and_lets_go_within_a_second(begin: Begin) -> None:
    bound = begin(smpp_system_type="SMS")
    (bind,) = bound.smsc.named("bind_transceiver")
    assert bind.raw[16:] == b"gw\x00pw\x00SMS\x00\x34\x00\x00\x00"
    began = time.monotonic()
    bound.stopping.set()
    bound.thread.join(5)
    assert time.monotonic() - began < 1
    assert bound.ended == [None]
    assert len(bound.smsc.named("unbind")) == 1


def test_it_lets_go_within_a_second_of_an_smsc_that_says_nothing(begin: Begin) -> None:
    bound = begin({"unbind": silent})
    began = time.monotonic()
    bound.stopping.set()
    bound.thread.join(5)
    assert time.monotonic() - began < 1


def test_a_second_bind_is_impossible_while_there_is_one(begin: Begin) -> None:
    bound = begin()
    with pytest.raises(RuntimeError, match="there is a bind already"):
        bound.provider.run(bound.take, threading.Event())
    assert bound.smsc.connections == 1
    assert bound.send().state == "accepted"


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"bind_transceiver": status(0x0D)}, "bind refused with status 0xd"),
        ({"bind_transceiver": silent}, "bind not answered: no answer in time"),
        ({"bind_transceiver": lambda _: b"HTTP/1.1 400 Bad Request"}, "a PDU of 1213486160"),
    ],
    ids=["refused", "silent", "no SMSC at all"],
)
def test_a_bind_that_fails(begin: Begin, answers: dict[str, Any], why: str) -> None:
    bound = begin(answers, bound=False)
    assert why in bound.why_lost()
    assert bound.send() == Outcome("refused", reason="not bound", link="down")


def test_nobody_listens(begin: Begin) -> None:
    bound = begin(bound=False)
    bound.stopping.set()
    bound.thread.join(5)
    bound.smsc.close()
    bound.stopping.clear()
    bound.start()
    assert "cannot connect" in bound.why_lost()


def test_it_asks_whether_the_smsc_is_still_there(begin: Begin) -> None:
    bound = begin(smpp_enquire_every=timedelta(seconds=0.1))
    bound.smsc.wait_for("enquire_link", 3)
    bound.smsc.answers["enquire_link"] = silent
    assert bound.why_lost() == "enquire_link not answered: no answer in time"
    assert bound.send().link == "down"


def test_it_is_still_there_itself(begin: Begin) -> None:
    bound = begin()
    bound.smsc.push(pdus.make("enquire_link", 77), piece=1)
    assert bound.smsc.wait_for("enquire_link_resp")[0].sequence == 77


@pytest.mark.parametrize(
    ("say", "why"),
    [
        (lambda smsc: smsc.hang_up(), "closed by the SMSC"),
        (lambda smsc: smsc.push(b"\xff" * 16), "a PDU of 4294967295 octets"),
        (lambda smsc: smsc.push(pdus.make("unbind", 5)), "unbound by the SMSC"),
    ],
    ids=["hangs up", "noise", "unbinds"],
)
def test_a_link_that_is_lost_can_be_bound_again(
    begin: Begin, say: Callable[[TinySmsc], None], why: str
) -> None:
    bound = begin()
    say(bound.smsc)
    assert bound.why_lost() == why
    bound.start()
    bound.wait_until_bound()
    assert bound.send().state == "accepted"


def test_a_command_that_has_no_meaning_here(begin: Begin) -> None:
    bound = begin()
    unknown = bytes.fromhex("00000010000009990000000000000009")
    bound.smsc.push(unknown + pdus.make("query_sm", 10, message_id="x"))
    nacks = bound.smsc.wait_for("generic_nack", 2)
    assert [(nack.status, nack.sequence) for nack in nacks] == [(3, 9), (3, 10)]
    assert bound.send().state == "accepted"


# Sending


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (ok, Outcome("accepted", "m2")),
        (status(0x58), Outcome("refused", reason="status 0x00000058", link="busy")),
        (status(0x14), Outcome("refused", reason="status 0x00000014", link="busy")),
        (status(0x0B), Outcome("failed", reason="status 0x0000000b")),
        (status(0x0400), Outcome("refused", reason="status 0x00000400")),
        (silent, Outcome("unknown", reason="no answer in time", link="down")),
        (
            lambda pdu: pdus.make("generic_nack", pdu.sequence, 3),
            Outcome("refused", reason="status 0x00000003"),
        ),
        (
            lambda pdu: pdus.make("submit_sm_resp", pdu.sequence, message_id=""),
            Outcome("accepted"),
        ),
    ],
    ids=["ok", "throttled", "full", "no such phone", "vendor's", "silent", "nack", "no id"],
)
def test_an_sms(begin: Begin, answer: Any, outcome: Outcome) -> None:
    bound = begin({"submit_sm": answer})
    assert bound.send() == outcome


def test_the_link_is_lost_while_an_answer_is_awaited(begin: Begin) -> None:
    bound = begin(smpp_answer_within=timedelta(seconds=5))
    bound.smsc.answers["submit_sm"] = lambda _: bound.smsc.hang_up()
    outcome = bound.send()
    assert (outcome.state, outcome.link) == ("unknown", "down")
    assert bound.why_lost()
    assert bound.send() == Outcome("refused", reason="not bound", link="down")


def test_a_message_that_was_not_written_was_not_sent(begin: Begin) -> None:
    bound = begin()
    here = bound.provider._link
    here.close("it is over")
    bound.provider._link = here  # as a thread that looked just before sees it
    assert bound.send() == Outcome("refused", reason="it is over", link="down")


def test_an_answer_that_comes_late_is_a_report(begin: Begin) -> None:
    bound = begin({"submit_sm": silent})
    assert bound.send(msisdn=BUDI).state == "unknown"
    (sent,) = bound.smsc.named("submit_sm")
    bound.smsc.push(pdus.make("submit_sm_resp", sent.sequence, message_id="late"))
    wait_until(lambda: bound.taken, 5)
    assert bound.taken == [DeliveryReport("smpp", "late", "ACCEPTED", "passing", BUDI)]


def test_answers_out_of_order_find_their_messages(begin: Begin) -> None:
    held: list[pdus.Pdu] = []

    def hold(pdu: pdus.Pdu) -> bytes | None:
        held.append(pdu)
        return b"".join(map(ok, reversed(held))) if len(held) == 5 else None

    bound = begin({"submit_sm": hold}, smpp_answer_within=timedelta(seconds=5))
    outcomes: dict[int, Outcome] = {}
    threads = [
        threading.Thread(target=lambda n=n: outcomes.update({n: bound.send(f"number {n}")}))
        for n in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text_of = {f"m{pdu.sequence}": pdu.raw[-8:].decode() for pdu in held}
    assert {text_of[outcomes[n].external_id] for n in outcomes} == {f"number {n}" for n in range(5)}
    assert all(text_of[outcomes[n].external_id] == f"number {n}" for n in outcomes)


def most_at_a_time(begin: Begin, window: int) -> int:
    """How many of twelve messages wait for their answers at a time."""
    open_now, most = set(), [0]

    def later(pdu: pdus.Pdu) -> None:
        open_now.add(pdu.sequence)
        most[0] = max(most[0], len(open_now))

        def answer() -> None:
            open_now.discard(pdu.sequence)
            bound.smsc.push(ok(pdu))

        threading.Timer(0.05, answer).start()

    bound = begin({"submit_sm": later}, smpp_window=window, smpp_answer_within=timedelta(seconds=5))
    threads = [threading.Thread(target=bound.send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bound.smsc.named("submit_sm")) == 12
    return most[0]


def test_no_more_messages_wait_than_the_window_allows(begin: Begin) -> None:
    assert most_at_a_time(begin, 3) == 3


def test_twin_a_wide_window_would_be_seen(begin: Begin) -> None:
    assert most_at_a_time(begin, 12) > 3


def test_a_full_window_is_a_busy_link(begin: Begin) -> None:
    bound = begin({"submit_sm": silent}, smpp_window=1)
    until = time.monotonic() + 5
    here = bound.provider._link
    here.submit({"destination_addr": "x", "short_message": b"x"}, until)
    assert bound.send() == Outcome("refused", reason="the window is full", link="busy")
    assert len(bound.smsc.named("submit_sm")) == 1


def test_what_cannot_be_written_takes_no_place_in_the_window(begin: Begin) -> None:
    bound = begin(smpp_window=1)
    with pytest.raises(UnicodeError):
        bound.provider._link.submit({"destination_addr": "蜂"}, time.monotonic() + 1)
    assert bound.send().state == "accepted"


LONG = "Pesanan 1013 " * 30


def nth(answers: dict[int, Any]) -> Any:
    """Answers the message of each number so, others with ok."""
    count = [0]

    def answer(pdu: pdus.Pdu) -> bytes | None:
        count[0] += 1
        answered: bytes | None = answers.get(count[0], ok)(pdu)
        return answered

    return answer


@pytest.mark.parametrize(
    ("answers", "outcome", "sent"),
    [
        ({}, Outcome("accepted", "m4"), 3),
        ({2: status(0x58), 3: status(0x14)}, Outcome("accepted", "m6"), 5),
        ({1: status(0x58)}, Outcome("refused", reason="status 0x00000058", link="busy"), 1),
        ({2: status(0x45)}, Outcome("refused", reason="status 0x00000045"), 2),
        ({2: silent}, Outcome("refused", reason="segment 2: no answer", link="down"), 2),
        ({3: silent}, Outcome("unknown", reason="no answer in time", link="down"), 3),
    ],
    ids=["all", "throttled inside", "throttled at first", "refused", "no answer", "last silent"],
)
def test_a_long_sms(begin: Begin, answers: dict[int, Any], outcome: Outcome, sent: int) -> None:
    bound = begin({"submit_sm": nth(answers)}, smpp_answer_within=timedelta(seconds=1))
    assert bound.send(LONG) == outcome
    assert len(bound.smsc.named("submit_sm")) == sent


# What comes


def test_an_sms_is_answered_when_it_is_safe_and_not_before(begin: Begin) -> None:
    bound, safe = begin(), threading.Event()
    bound.answer = lambda _: str(safe.wait(5))
    bound.smsc.push(deliver(31, b"CARI beras") + pdus.make("enquire_link", 32))
    assert bound.smsc.wait_for("enquire_link_resp"), "the link is listened to meanwhile"
    time.sleep(0.1)
    assert not bound.smsc.named("deliver_sm_resp")
    safe.set()
    (answer,) = bound.smsc.wait_for("deliver_sm_resp")
    assert (answer.sequence, answer.status) == (31, 0)
    (taken,) = bound.taken
    assert isinstance(taken, Received)
    assert (taken.msisdn, taken.text) == (SRI, "CARI beras")


def fail(error: Exception) -> Callable[[Event], str]:
    def answer(event: Event) -> str:
        raise error

    return answer


@pytest.mark.parametrize(
    ("error", "number"),
    [(Unavailable("disk is full"), 0x64), (ValueError("a fault of ours"), 0x64)],
    ids=["unavailable", "fault"],
)
def test_an_sms_that_is_not_kept_is_brought_again(
    begin: Begin, error: Exception, number: int
) -> None:
    bound = begin()
    bound.answer = fail(error)
    bound.smsc.push(deliver(31, b"CARI beras"))
    assert bound.smsc.wait_for("deliver_sm_resp")[0].status == number
    bound.answer = lambda event: ""
    bound.smsc.push(deliver(32, b"CARI beras") + deliver(33, b"CARI beras"))
    answers = bound.smsc.wait_for("deliver_sm_resp", 3)
    assert [answer.status for answer in answers] == [number, 0, 0]
    again, another = (event.external_id for event in bound.taken)
    assert again != another


@pytest.mark.parametrize(
    "raw",
    [
        deliver(31, b"x", source="INFO"),
        deliver(31, b"x", data_coding=4),
        deliver(31, b"x", esm_class=0x40),
        deliver(31, b"x")[:-1],
    ],
    ids=["no phone", "no text", "no header", "cut off"],
)
def test_what_can_never_be_valid_is_refused_for_good(begin: Begin, raw: bytes) -> None:
    bound = begin()
    raw = len(raw).to_bytes(4, "big") + raw[4:]
    bound.smsc.push(raw)
    assert bound.smsc.wait_for("deliver_sm_resp")[0].status == 0x66
    assert bound.taken == []
    assert bound.send().state == "accepted"


def test_each_phone_is_taken_in_its_order(begin: Begin) -> None:
    bound = begin()
    bound.answer = lambda _: str(time.sleep(0.002))  # type: ignore[func-returns-value]
    phones = [f"628123456700{n}" for n in range(1, 6)]
    for number in range(100):
        bound.smsc.push(deliver(number + 1, str(number).encode(), source=phones[number % 5]))
    wait_until(lambda: len(bound.taken) == 100, 10)
    for phone in phones:
        texts = [int(sms.text) for sms in bound.taken if sms.msisdn == f"+{phone}"]
        assert len(texts) == 20
        assert texts == sorted(texts)


# USSD


def turn(sequence: int, operation: int, text: bytes, token: bytes = b"\x5a\x00") -> bytes:
    tlvs = {pdus.USSD_SERVICE_OP: bytes((operation,)), pdus.ITS_SESSION_INFO: token}
    return deliver(sequence, text, service_type="USSD", tlvs=tlvs)


def menus(bound: Bound, count: int) -> list[str]:
    """The ends of the messages to phones: text, operation and session."""
    return [pdu.raw.hex() for pdu in bound.smsc.wait_for("submit_sm", count)]


def test_a_ussd_session(begin: Begin) -> None:
    bound = begin()
    bound.answer = lambda hop: "END Selesai" if hop.text == "1*2" else f"CON {hop.text}"
    for number, (operation, text) in enumerate([(1, b"*123*45#"), (18, b"1"), (18, b"2")]):
        bound.smsc.push(turn(number + 1, operation, text))
        bound.smsc.wait_for("submit_sm", number + 1)
    session_id = bound.taken[0].session_id
    assert bound.taken == [
        Hop("smpp", session_id, SRI, "*123*45#", text) for text in ("", "1", "1*2")
    ]
    ends = ["05010001" + op + "138300025a00" for op in ("02", "02", "11")]
    for sent, shown, end in zip(menus(bound, 3), ("", "1", "Selesai"), ends, strict=True):
        assert sent.endswith(shown.encode().hex() + end)
    assert [resp.status for resp in bound.smsc.named("deliver_sm_resp")] == [0, 0, 0]


def test_a_turn_is_acknowledged_at_once(begin: Begin) -> None:
    bound, safe = begin(), threading.Event()
    bound.answer = lambda _: "CON x" if safe.wait(5) else ""
    bound.smsc.push(turn(1, 1, b"*123*45#"))
    assert bound.smsc.wait_for("deliver_sm_resp")[0].status == 0
    assert not bound.smsc.named("submit_sm")
    safe.set()
    bound.smsc.wait_for("submit_sm")


def test_a_menu_that_the_smsc_is_too_busy_for_comes_again(begin: Begin) -> None:
    bound = begin({"submit_sm": nth({1: status(0x58), 2: status(0x14)})})
    bound.answer = lambda _: "CON Halo"
    bound.smsc.push(turn(1, 1, b"*123*45#"))
    first, *others = menus(bound, 3)
    assert [each[32:] for each in others] == [first[32:]] * 2
    bound.smsc.push(turn(2, 18, b"1"))
    wait_until(lambda: len(bound.taken) == 2, 5)


def test_a_menu_that_the_smsc_refuses_ends_the_session(begin: Begin) -> None:
    bound = begin({"submit_sm": status(0x0B)})
    bound.answer = lambda _: "CON Halo"
    bound.smsc.push(turn(1, 1, b"*123*45#"))
    wait_until(lambda: len(bound.taken) == 2, 5)
    hop, ended = bound.taken
    assert isinstance(hop, Hop)
    assert ended == SessionEnded("smpp", hop.session_id, dropped=True)
