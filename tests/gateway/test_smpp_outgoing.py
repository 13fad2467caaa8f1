"""Messages as PDUs: alphabets, segments, senders; and what an SMSC's answers mean."""

from datetime import timedelta

import pytest

from gateway.providers import Outgoing
from gateway.providers.smpp import alphabet, outgoing, statuses
from gateway.providers.smpp.pdus import Address
from settings import Settings
from store import gsm7

SRI = "+6281234567001"


def segments(settings: Settings, text: str, **values: str) -> list[dict]:
    other = settings.model_copy(update=values)
    sms = Outgoing("ref-1", SRI, text, timedelta(days=1))
    return outgoing.segments(other, sms)


def test_a_short_text(settings: Settings) -> None:
    assert segments(settings, "Rp1 €") == [
        {
            "source_addr_ton": 3,
            "source_addr_npi": 0,
            "source_addr": "22345",
            "dest_addr_ton": 1,
            "dest_addr_npi": 1,
            "destination_addr": "6281234567001",
            "data_coding": 0,
            "validity_period": "000001000000000R",
            "short_message": b"Rp1 \x1be",
            "registered_delivery": 1,
        }
    ]


TEXTS = {
    "one": "a" * 160,
    "two": "a" * 161,
    "extension at the seam": "a" * 152 + "€" * 5 + "b" * 10,
    "one of UCS-2": "蜂" * 70,
    "two of UCS-2": "蜂" * 71,
    "a pair at the seam": "蜂" * 66 + "🍯" * 5,
    "three": "Pesanan 1013 [baru] " * 20,
    "empty": "",
}


@pytest.mark.parametrize("default", ["gsm7", "latin1"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_segments_are_those_that_are_counted_and_carry_the_text(
    settings: Settings, text: str, default: str
) -> None:
    parts = segments(settings, text, smpp_alphabet=default)
    bodies = [part["short_message"] for part in parts]
    if len(parts) > 1:
        heads = [body[:6] for body in bodies]
        count = len(parts)
        assert heads == [bytes((5, 0, 3, heads[0][3], count, n)) for n in range(1, count + 1)]
        assert all(part["esm_class"] == 0x40 for part in parts)
        bodies = [body[6:] for body in bodies]
    coding = parts[0]["data_coding"]
    read = [alphabet.decode(body, coding, default) for body in bodies]  # type: ignore[arg-type]
    assert "".join(read) == text, "and no character is in two of them"
    if default == "gsm7" or "€" not in text:
        assert len(parts) == gsm7.segments(text)
    assert [part["registered_delivery"] for part in parts] == [0] * (len(parts) - 1) + [1]
    assert all(len(part["short_message"]) <= 160 for part in parts)


def test_every_gsm7_character_there_and_back() -> None:
    every = "".join(sorted(gsm7._ALPHABET))
    assert alphabet.from_gsm7(alphabet.to_gsm7(every)) == every


@pytest.mark.parametrize(
    ("text", "default", "coding", "octets"),
    [
        ("@", "gsm7", 0, b"\x00"),
        ("@", "latin1", 0, b"@"),
        ("[é]", "latin1", 0, b"[\xe9]"),
        ("€", "latin1", 8, b"\x20\xac"),
        ("Δ", "latin1", 8, b"\x03\x94"),
        ("ç", "latin1", 8, b"\x00\xe7"),
        ("ç", "gsm7", 8, b"\x00\xe7"),
    ],
)
def test_alphabets(text: str, default: str, coding: int, octets: bytes) -> None:
    assert alphabet.encode(text, default) == (coding, [octets])  # type: ignore[arg-type]


def test_a_text_that_is_sent_again_cannot_mix_with_its_first_parts(settings: Settings) -> None:
    references = {segments(settings, "a" * 200)[0]["short_message"][3] for _ in range(20)}
    assert len(references) == 20


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        (None, Address("22345", 3, 0)),
        ("808", Address("808", 3, 0)),
        ("+62812345", Address("62812345", 1, 1)),
        ("Pasar", Address("Pasar", 5, 0)),
    ],
)
def test_senders(settings: Settings, sender: str | None, address: Address) -> None:
    other = settings.model_copy(update={"smpp_sender": sender})
    assert outgoing.sender(other) == address


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(), "000000000100000R"),
        (timedelta(minutes=90), "000000013000000R"),
        (timedelta(days=1, seconds=5), "000001000005000R"),
        (timedelta(days=400), "000028000000000R"),
    ],
)
def test_validity(span: timedelta, written: str) -> None:
    assert outgoing.validity(span) == written


@pytest.mark.parametrize(
    ("status", "state", "link"),
    [
        (0x00, "accepted", "works"),
        (0x0B, "failed", "works"),
        (0x0A, "refused", "works"),
        (0x14, "refused", "busy"),
        (0x58, "refused", "busy"),
        (0x04, "refused", "down"),
        (0x45, "refused", "works"),
        (0x0000040A, "refused", "works"),
    ],
)
def test_what_an_answer_means(status: int, state: str, link: str) -> None:
    assert statuses.SUBMITTING.get(status, statuses.REST) == (state, link)


def test_no_answer_to_a_message_is_unknown() -> None:
    assert {state for state, _ in statuses.SUBMITTING.values()} == {
        *("accepted", "refused", "failed")
    }
    assert {s for s, (_, link) in statuses.SUBMITTING.items() if link == "busy"} == set(
        statuses.BUSY
    )
