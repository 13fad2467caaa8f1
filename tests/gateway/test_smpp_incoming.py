"""What a deliver_sm says, and what it should never say."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.providers import BadRequest, DeliveryReport
from gateway.providers.smpp import incoming, pdus
from gateway.providers.smpp.names import DOUBT, SPELL, Names
from gateway.providers.smpp.pdus import Address, Delivery
from gateway.providers.smpp.statuses import MESSAGE_STATES
from gateway.providers.smpp.ussd import Sessions
from settings import Settings
from store.inbox import Part, Received
from tests.support.smpp_pdus import DELIVERIES, pdu_of

SRI = "+6281234567001"


def delivery(name: str = "latin1", **values: Any) -> Delivery:
    """A recorded one, some of it with other values."""
    return replace(pdus.read_delivery(pdu_of(DELIVERIES[name])), **values)


# SMS


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("gsm7", "BELI 1013 2 @€", None),
        ("ucs2", "蜂蜜 🍯", None),
        ("latin1", "Café", None),
        ("udh8", "bagian dua", Part("2a", 2, 3)),
        ("udh16", "bagian dua", Part("012a", 2, 3)),
        ("sar", "bagian dua", Part("012a", 2, 3)),
        ("payload", "CARI beras", None),
    ],
)
def test_recorded_sms(settings: Settings, name: str, text: str, part: Part | None) -> None:
    read = incoming.read(settings, delivery(name), "name")
    assert read == Received("smpp", "name", SRI, text, part=part)


@pytest.mark.parametrize(
    ("octets", "coding", "default", "text"),
    [
        (b"\x00\x1be\x1b\x99\x1b", 0, "gsm7", "@€  "),
        (b"@\xa3", 0, "latin1", "@£"),
        (b"@$_", 1, "gsm7", "@$_"),
        (b"a\xff", 1, "gsm7", "a\ufffd"),
        (b"\x00", 0xF1, "latin1", "@"),
        (b"\x00", 0x0F, "latin1", "@"),
        (b"\x86\x02", 0x48, "gsm7", "蘂"),
        (b"\x86\x02\x86", 8, "gsm7", "蘂\ufffd"),
        (b"\xd8\x3c", 8, "gsm7", "\ufffd"),
        (b"a\x00b", 3, "gsm7", "ab"),
        (b"", 0, "gsm7", ""),
    ],
)
def test_octets_as_text(
    settings: Settings, octets: bytes, coding: int, default: str, text: str
) -> None:
    other = settings.model_copy(update={"smpp_alphabet": default})
    read = incoming.read(other, delivery(body=octets, data_coding=coding), "name")
    assert isinstance(read, Received)
    assert read.text == text
    read.text.encode()


@pytest.mark.parametrize(
    ("address", "msisdn"),
    [
        (Address("6281234567001", 1, 1), SRI),
        (Address("+6281234567001", 1, 1), SRI),
        (Address("6281234567001", 0, 0), SRI),
        (Address("081234567001", 2, 1), SRI),
        (Address("254000000001", 1, 1), "+254000000001"),
        (Address("254000000001", 0, 0), None),
        (Address("PASAR", 5, 0), None),
        (Address("22345", 3, 0), None),
        (Address("", 0, 0), None),
    ],
)
def test_senders(settings: Settings, address: Address, msisdn: str | None) -> None:
    assert incoming.msisdn(settings, address) == msisdn


HEADED = {"esm_class": 0x40}


@pytest.mark.parametrize(
    ("why", "values", "said"),
    [
        ("a name for a phone", {"source": Address("INFO", 5, 0)}, "source_addr: not a phone"),
        ("octets without text", {"data_coding": 4}, "data_coding: 0x04 is no text"),
        ("no header", {**HEADED, "body": b""}, "its header is cut off"),
        ("an empty header", {**HEADED, "body": b"\x00abc"}, "its header is cut off"),
        ("half a header", {**HEADED, "body": b"\x05\x00\x03\x2a"}, "its header is cut off"),
        ("a long element", {**HEADED, "body": b"\x05\x00\x09\x2a\x03\x02x"}, "is cut off"),
        ("part 0", {**HEADED, "body": b"\x05\x00\x03\x2a\x03\x00x"}, "part 0 of 3"),
        ("part 4 of 3", {**HEADED, "body": b"\x05\x00\x03\x2a\x03\x04x"}, "part 4 of 3"),
        ("part 2 of 0", {"tlvs": {0x20C: b"\x01", 0x20E: b"\x00", 0x20F: b"\x02"}}, "part 2 of 0"),
        ("a phone's own receipt", {"esm_class": 0x08}, "neither an SMS nor a receipt"),
    ],
)
def test_an_sms_that_can_never_be_valid(
    settings: Settings, why: str, values: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        incoming.read(settings, delivery(**values), "name")


@pytest.mark.parametrize(
    ("why", "values"),
    [
        ("the only part", {**HEADED, "body": b"\x05\x00\x03\x2a\x01\x01x"}),
        ("a header about something else", {**HEADED, "body": b"\x04\x04\x02\x00\x01x"}),
        ("half of a sar", {"body": b"x", "tlvs": {0x20C: b"\x01"}}),
    ],
)
def test_a_whole_sms_has_no_part(settings: Settings, why: str, values: dict[str, Any]) -> None:
    read = incoming.read(settings, delivery(**values), "name")
    assert read == Received("smpp", "name", SRI, "x")


@pytest.mark.parametrize("name", DELIVERIES)
def test_whatever_octet_is_wrong_it_is_an_event_or_refused(settings: Settings, name: str) -> None:
    whole, events = bytes.fromhex(DELIVERIES[name]), 0
    for at in range(pdus.HEADER, len(whole)):
        for octet in (0x00, 0x05, 0x1B, 0x40, 0x7F, 0xD8, 0xFF):
            spoilt = whole[:at] + bytes((octet,)) + whole[at + 1 :]
            try:
                came = pdus.read_delivery(pdus.Pdu("deliver_sm", 0, 7, spoilt))
                incoming.read(settings, came, "name")
                Sessions(settings).turn(came)
                events += 1
            except BadRequest:
                pass
    assert events > len(whole)


# Receipts


def receipt(text: str, **values: Any) -> Delivery:
    """One in words alone."""
    given = {"esm_class": 4, "body": text.encode(), "tlvs": {}, **values}
    return delivery("receipt", **given)


WORDS = "id:{} sub:001 dlvrd:001 submit date:2601010000 done date:2601010001 stat:{} err:{} text:Ya"


def test_a_recorded_receipt(settings: Settings) -> None:
    assert incoming.read(settings, delivery("receipt"), "") == DeliveryReport(
        "smpp", "00a1", "UNDELIV", "undelivered", SRI, "err 027"
    )


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("DELIVRD", "delivered"),
        ("delivrd", "delivered"),
        ("EXPIRED", "undelivered"),
        ("DELETED", "undelivered"),
        ("UNDELIV", "undelivered"),
        ("REJECTD", "undelivered"),
        ("FAILED", "undelivered"),
        ("ACCEPTD", "passing"),
        ("ENROUTE", "passing"),
        ("UNKNOWN", "passing"),
        ("BUFFRED", "passing"),
        ("NEWWORD", "passing"),
    ],
)
def test_states_in_words(settings: Settings, word: str, outcome: str) -> None:
    read = incoming.read(settings, receipt(WORDS.format("a1", word, "000")), "")
    assert read == DeliveryReport("smpp", "a1", word.upper(), outcome, SRI)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", [*MESSAGE_STATES])
def test_states_in_numbers(settings: Settings, state: int) -> None:
    tlvs = {pdus.RECEIPTED_MESSAGE_ID: b"a1\x00", pdus.MESSAGE_STATE: bytes((state,))}
    for esm_class in (0x04, 0x20, 0x00):  # an operator may forget to say that it is one
        read = incoming.read(settings, receipt("", tlvs=tlvs, esm_class=esm_class), "")
        status, outcome = MESSAGE_STATES[state]
        assert read == DeliveryReport("smpp", "a1", status, outcome, SRI)


@pytest.mark.parametrize(
    ("in_text", "in_tlv", "same", "decimal"),
    [
        ("a1", "", "a1", "a1"),
        ("0000000161", "", "0000000161", "161"),
        ("161", "a1", "a1", "161"),
        ("161", "161", "161", "161"),
        ("", "0A1", "0A1", "161"),
        ("", "b7c1-x", "b7c1-x", "b7c1-x"),
    ],
)
def test_ids_in_receipts(
    settings: Settings, in_text: str, in_tlv: str, same: str, decimal: str
) -> None:
    tlvs = {pdus.RECEIPTED_MESSAGE_ID: f"{in_tlv}\0".encode()} if in_tlv else {}
    written = WORDS.format(in_text, "DELIVRD", "000") if in_text else "stat:DELIVRD"
    for how, expected in (("same", same), ("decimal", decimal)):
        other = settings.model_copy(update={"smpp_receipt_ids": how})
        read = incoming.read(other, receipt(written, tlvs=tlvs), "")
        assert isinstance(read, DeliveryReport)
        assert read.external_id == expected


@pytest.mark.parametrize(
    ("answer", "same", "decimal"),
    [("a1", "a1", "161"), ("00A1", "00A1", "161"), ("161", "161", "353"), ("x-1", "x-1", "x-1")],
)
def test_ids_in_answers(answer: str, same: str, decimal: str) -> None:
    assert incoming.answered_id(answer, "same") == same
    assert incoming.answered_id(answer, "decimal") == decimal


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "names no message"), ("stat:DELIVRD", "names no message"), ("id:a1", "tells no state")],
)
def test_a_receipt_that_can_never_be_valid(settings: Settings, text: str, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        incoming.read(settings, receipt(text), "")


def test_the_words_of_a_receipt_in_an_sms_are_an_sms(settings: Settings) -> None:
    forged = receipt(WORDS.format("a1", "DELIVRD", "000"), esm_class=0)
    assert isinstance(incoming.read(settings, forged, "name"), Received)


def test_a_receipt_from_the_wrong_end_has_its_phone(settings: Settings) -> None:
    turned = receipt(
        WORDS.format("a1", "DELIVRD", "000"),
        source=Address("22345"),
        destination=Address("6281234567001", 1, 1),
    )
    read = incoming.read(settings, turned, "")
    assert isinstance(read, DeliveryReport)
    assert read.msisdn == SRI


# Names


class Now:
    def __init__(self) -> None:
        self.at = 100 * SPELL

    def __call__(self) -> float:
        return self.at


def test_names() -> None:
    now = Now()
    names, bound_at, ya = Names("pepper" * 6, now), now() - 10, delivery(body=b"YA")
    first = names.name(ya, bound_at)
    assert names.name(replace(ya, sequence=99), bound_at) == first, "not answered: the same"
    names.answered(first)
    second = names.name(ya, bound_at)
    assert second != first, "answered by a connection that still stands: another one"
    names.answered(second)
    now.at += 5
    assert names.name(ya, now()) == second, "bound again soon after: the answer may be lost"
    now.at += DOUBT
    assert names.name(ya, now()) not in (first, second), "bound again long after"
    others = [
        replace(ya, body=b"TIDAK"),
        replace(ya, source=Address("6281234567002", 1, 1)),
        replace(ya, destination=Address("22346")),
        replace(ya, tlvs={pdus.USER_MESSAGE_REFERENCE: b"\x00\x01"}),
    ]
    assert len({first, second, *(names.name(other, bound_at) for other in others)}) == 6


def test_names_after_a_restart() -> None:
    now, ya = Now(), delivery(body=b"YA")
    before = Names("pepper" * 6, now).name(ya, now())
    assert Names("pepper" * 6, now).name(ya, now()) == before, "it may come again"
    assert Names("another" * 5, now).name(ya, now()) != before, "nobody else can find it out"
    now.at += timedelta(minutes=10).total_seconds()
    assert Names("pepper" * 6, now).name(ya, now()) != before


def test_names_are_forgotten() -> None:
    now = Now()
    names = Names("pepper" * 6, now)
    for number in range(100):
        names.answered(names.name(delivery(body=str(number).encode()), 0))
    now.at += 3 * SPELL
    names.name(delivery(body=b"x"), 0)
    assert len(names._known) == len(names._counts) == 1
