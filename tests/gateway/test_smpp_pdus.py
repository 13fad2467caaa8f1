"""SMPP in bytes, made by another implementation (the npm package smpp) and by nobody at all."""

from typing import Any

import pytest

from gateway.providers import BadRequest
from gateway.providers.smpp import pdus
from gateway.providers.smpp.pdus import Address, Delivery, NotSmpp, Pdu
from tests.support.smpp_pdus import DELIVERIES, OTHERS, SUBMITS, pdu_of

SRI, US = Address("6281234567001", 1, 1), Address("22345")

READ: dict[str, dict[str, Any]] = {
    "gsm7": {"data_coding": 0, "body": b"BELI 1013 2 \x00\x1be"},
    "latin1": {"data_coding": 3, "body": b"Caf\xe9"},
    "udh8": {"esm_class": 0x40, "body": b"\x05\x00\x03\x2a\x03\x02bagian dua"},
    "sar": {"body": b"bagian dua", "tlvs": {0x20C: b"\x01\x2a", 0x20E: b"\x03", 0x20F: b"\x02"}},
    "payload": {"body": b"CARI beras", "tlvs": {0x424: b"CARI beras"}},
    "dial": {
        "data_coding": 15,
        "body": b"*123*45#",
        "tlvs": {0x501: b"\x01", 0x1383: b"\x5a\x00"},
    },
}


@pytest.mark.parametrize("name", READ)
def test_a_deliver_sm_is_read(name: str) -> None:
    expected: dict[str, Any] = {"esm_class": 0, "data_coding": 0, "tlvs": {}} | READ[name]
    read = pdus.read_delivery(pdu_of(DELIVERIES[name]))
    assert read == Delivery(sequence=7, source=SRI, destination=US, **expected)


WHOLE = bytes.fromhex(DELIVERIES["sar"])


@pytest.mark.parametrize("length", range(16, len(WHOLE)))
def test_a_deliver_sm_that_is_cut_off_is_refused(length: int) -> None:
    without_parameters = len(WHOLE) - 16
    if length in (without_parameters, without_parameters + 6, without_parameters + 11):
        pdus.read_delivery(Pdu("deliver_sm", 0, 7, WHOLE[:length]))  # these are whole by chance
        return
    with pytest.raises(BadRequest, match="deliver_sm: "):
        pdus.read_delivery(Pdu("deliver_sm", 0, 7, WHOLE[:length]))


@pytest.mark.parametrize("at", range(16, len(WHOLE)))
@pytest.mark.parametrize("octet", [0x00, 0x1B, 0x7F, 0xFF])
def test_whatever_octet_is_wrong_nothing_but_a_refusal_comes_of_it(at: int, octet: int) -> None:
    spoilt = WHOLE[:at] + bytes((octet,)) + WHOLE[at + 1 :]
    try:
        pdus.read_delivery(Pdu("deliver_sm", 0, 7, spoilt))
    except BadRequest:
        pass


# Streams


def test_a_stream_is_split_wherever_it_is_torn() -> None:
    whole = b"".join(map(bytes.fromhex, [*DELIVERIES.values(), *OTHERS.values()]))
    for size in (1, 3, 17, 1000):
        stream, read = bytearray(), []
        for at in range(0, len(whole), size):
            stream += whole[at : at + size]
            read += pdus.split(stream)
        assert b"".join(pdu.raw for pdu in read) == whole
        assert not stream


@pytest.mark.parametrize("head", ["0000000f", "00000000", "ffffffff", "47455420"])
def test_what_is_no_smpp_is_told(head: str) -> None:
    with pytest.raises(NotSmpp):
        pdus.split(bytearray.fromhex(head + "00000005" * 3))


def test_an_unknown_command_has_no_name() -> None:
    (pdu,) = pdus.split(bytearray.fromhex("00000010000009990000000000000009"))
    assert (pdu.name, pdu.sequence) == ("", 9)


@pytest.mark.parametrize(
    ("raw", "status", "message_id"),
    [
        (OTHERS["submit_sm_resp"], 0, "00a1"),
        (OTHERS["throttled"], 0x58, ""),
        ("0000001480000004000000000000000730306131", 0, "00a1"),
        ("0000001180000004000000450000000700", 0x45, ""),
    ],
    ids=["as it should be", "no body", "an id without end", "an empty id"],
)
def test_an_answer_to_a_message(raw: str, status: int, message_id: str) -> None:
    pdu = pdu_of(raw)
    assert (pdu.name, pdu.status, pdu.message_id) == ("submit_sm_resp", status, message_id)


# What we make


@pytest.mark.parametrize(
    ("name", "fields", "raw"),
    [
        ("enquire_link", {}, OTHERS["enquire_link"]),
        ("deliver_sm_resp", {"message_id": ""}, OTHERS["deliver_sm_resp"]),
        (
            "bind_transceiver",
            {
                "system_id": "gw",
                "password": "pw",
                "system_type": "USSD",
                "interface_version": 0x34,
            },
            OTHERS["bind_transceiver"],
        ),
        (
            "submit_sm",
            {
                "source_addr_ton": 3,
                "source_addr": "22345",
                "dest_addr_ton": 1,
                "dest_addr_npi": 1,
                "destination_addr": "6281234567001",
                "registered_delivery": 1,
                "validity_period": "000001000000000R",
                "short_message": b"Halo",
            },
            SUBMITS["sms"],
        ),
        (
            "submit_sm",
            {
                "service_type": "USSD",
                "source_addr": "22345",
                "dest_addr_ton": 1,
                "dest_addr_npi": 1,
                "destination_addr": "6281234567001",
                "short_message": b"1. Cari",
                "tlvs": {pdus.USSD_SERVICE_OP: b"\x02", pdus.ITS_SESSION_INFO: b"\x5a\x00"},
            },
            SUBMITS["menu"],
        ),
    ],
)
def test_our_pdus_are_those_of_the_other_implementation(
    name: str, fields: dict[str, Any], raw: str
) -> None:
    assert pdus.make(name, 7, **fields).hex() == raw


def test_a_status_is_told() -> None:
    made = pdus.make("deliver_sm_resp", 7, 0x64, message_id="")
    assert pdu_of(made.hex()) == Pdu("deliver_sm_resp", 0x64, 7, made)
