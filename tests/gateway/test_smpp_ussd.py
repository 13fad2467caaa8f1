"""Turns of USSD over SMPP, each with its last input alone, as hops of sessions."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.providers import BadRequest, SessionEnded
from gateway.providers.smpp import pdus, ussd
from gateway.providers.smpp.pdus import Address, Delivery
from menus.engine import Hop
from settings import Settings

SRI, BUDI = "+6281234567001", "+6281234567002"
TAG = pdus.ITS_SESSION_INFO


class Phone:
    """Sri's phone: what the SMSC brings of it, and what is shown on it."""

    def __init__(self, settings: Settings) -> None:
        self.now = 1000.0
        self.settings = settings
        self.sessions = ussd.Sessions(settings, lambda: self.now)

    def turn(
        self, operation: int, text: str, token: bytes | None = b"\x5a\x00", msisdn: str = SRI
    ) -> Any:
        tlvs = {pdus.USSD_SERVICE_OP: bytes((operation,))}
        if token is not None:
            tlvs[self.settings.smpp_session_tag] = token
        source = Address(msisdn.removeprefix("+"), 1, 1)
        delivery = Delivery(7, source, Address("22345"), 0, 0, text.encode(), tlvs)
        return self.sessions.turn(delivery)

    def dial(self, code: str = "*123*45#", token: bytes | None = b"\x5a\x00") -> Hop:
        hop = self.turn(1, code, token)
        assert isinstance(hop, Hop)
        self.sessions.shows(hop, last=False)
        return hop


@pytest.fixture
def phone(settings: Settings) -> Phone:
    return Phone(settings)


def test_the_history_is_joined(phone: Phone) -> None:
    first = phone.dial("*123*45*1013#")
    assert first == Hop("smpp", first.session_id, SRI, "*123*45*1013#", "")
    for typed, joined in (("1", "1"), ("beras", "1*beras"), ("2*3", "1*beras*2*3")):
        hop = phone.turn(18, typed)
        assert hop == replace(first, text=joined)
        phone.sessions.shows(hop, last=False)


def test_a_turn_that_comes_again_before_its_answer_is_nothing(phone: Phone) -> None:
    phone.dial()
    hop = phone.turn(18, "1")
    assert phone.turn(18, "1") is None
    phone.sessions.shows(hop, last=False)
    assert phone.turn(18, "1") == replace(hop, text="1*1")


def test_dialling_again_is_another_session(phone: Phone) -> None:
    first = phone.dial()
    second = phone.dial()
    assert second.session_id != first.session_id
    phone.sessions.shows(first, last=True)  # late: about the one that is over
    assert phone.turn(18, "1") == replace(second, text="1")


@pytest.mark.parametrize("how", ["never began", "ended", "forgotten", "other token"])
def test_an_unknown_session_begins_at_its_home(phone: Phone, how: str) -> None:
    token = b"\x5a\x00"
    if how != "never began":
        hop = phone.dial("*123*45*1013#")
        if how == "ended":
            phone.sessions.shows(hop, last=True)
        if how == "forgotten":
            phone.now += ussd.FORGOTTEN_AFTER + 1
        if how == "other token":
            token = b"\x5b\x00"
    begun = phone.turn(18, "1", token)
    assert isinstance(begun, Hop)
    assert (begun.service_code, begun.text) == ("*123*45#", "")


def test_phones_are_apart(phone: Phone) -> None:
    sri = phone.dial()
    budi = phone.turn(1, "*123*45#", msisdn=BUDI)
    assert isinstance(budi, Hop)
    assert budi.msisdn == BUDI
    assert phone.turn(18, "1") == replace(sri, text="1")


@pytest.mark.parametrize("operation", [0, 2, 17, 32, 129, 255])
def test_any_other_operation_ends_the_session(phone: Phone, operation: int) -> None:
    hop = phone.dial()
    assert phone.turn(operation, "") == SessionEnded("smpp", hop.session_id, dropped=True)
    assert phone.turn(operation, "") is None


def test_a_notice_that_was_read_is_nothing(phone: Phone) -> None:
    hop = phone.dial()
    assert phone.turn(19, "") is None
    assert phone.turn(18, "1") == replace(hop, text="1")


def test_a_session_that_no_answer_reaches_is_over(phone: Phone) -> None:
    hop = phone.dial()
    assert phone.sessions.lost(hop) == SessionEnded("smpp", hop.session_id, dropped=True)
    assert phone.sessions.lost(hop) is None


# Session ids


@pytest.mark.parametrize(
    ("began", "then", "goes_on"),
    [
        (b"\x5a\x00", b"\x5a\x02", True),  # the count of turns went on
        (b"\x5a\x00", b"\x5a\x03", False),  # … and the session ends
        (b"\x5a\x01", b"\x5a\x01", True),  # an operator's own id, which is odd
        (b"", b"", True),
        (None, None, True),
    ],
)
def test_its_session_info(
    phone: Phone, began: bytes | None, then: bytes | None, goes_on: bool
) -> None:
    hop = phone.dial(token=began)
    after = phone.turn(18, "1", then)
    ended = SessionEnded("smpp", hop.session_id, dropped=True)
    assert after == (replace(hop, text="1") if goes_on else ended)


def test_a_vendors_id_is_taken_as_a_whole(settings: Settings) -> None:
    phone = Phone(settings.model_copy(update={"smpp_session_tag": 0x1501}))
    hop = phone.dial(token=b"\x00\x00\x00\x07")
    assert phone.turn(18, "1", b"\x00\x00\x00\x07") == replace(hop, text="1")
    other = phone.turn(18, "1", b"\x00\x00\x00\x09")
    assert isinstance(other, Hop)
    assert other.session_id != hop.session_id


# Answers


@pytest.mark.parametrize(
    ("answer", "coding", "body", "operation"),
    [
        ("CON 1. Cari\n2. Akun", 0, b"1. Cari\n2. Akun", b"\x02"),
        ("END Pesanan 1013", 0, b"Pesanan 1013", b"\x11"),
        ("CON 蜂蜜", 8, b"\x87\x02\x87\x1c", b"\x02"),
        ("", 0, b"", b"\x11"),
    ],
)
def test_answers(
    settings: Settings, answer: str, coding: int, body: bytes, operation: bytes
) -> None:
    tlvs = {pdus.USSD_SERVICE_OP: b"\x01", TAG: b"\x5a\x00"}
    source, ours = Address("6281234567001", 1, 1), Address("22345", 3, 0)
    came = Delivery(7, source, ours, 0, 15, b"*123*45#", tlvs)
    fields = ussd.answer_fields(settings, came, answer)
    assert (fields["data_coding"], fields["short_message"]) == (coding, body)
    assert fields["tlvs"] == {pdus.USSD_SERVICE_OP: operation, TAG: b"\x5a\x00"}
    assert fields["source_addr"] == "22345"
    assert fields["destination_addr"] == "6281234567001"
    assert "registered_delivery" not in fields


@pytest.mark.parametrize(
    ("values", "said"),
    [({"source": Address("INFO", 5, 0)}, "source_addr"), ({"data_coding": 4}, "data_coding")],
)
def test_a_turn_that_can_never_be_valid(phone: Phone, values: dict, said: str) -> None:
    came = Delivery(7, Address("6281234567001", 1, 1), Address("22345"), 0, 0, b"1", {})
    with pytest.raises(BadRequest, match=said):
        phone.sessions.turn(replace(came, **values))
