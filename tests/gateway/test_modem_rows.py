"""What the rows of Gammu's SMS daemon say, good ones and bad ones beside each other."""

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.providers import BadRequest, DeliveryReport
from gateway.providers.modem.rows import REPORTS, read_message, read_part, read_reports
from settings import Settings
from store.inbox import Part, Received

SRI = "+6281234567001"


def hexed(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


ROW = {
    "UpdatedInDB": "2026-11-24 23:36:36",
    "ReceivingDateTime": "2026-11-25 07:36:35",
    "SentUTC": "2026-11-24 23:36:35",
    "StoredUTC": "2026-11-24 23:36:36",
    "WasLeft": 0,
    "Text": hexed("CARI beras €[x]"),
    "SenderNumber": SRI,
    "Coding": "Default_No_Compression",
    "UDH": "",
    "SMSCNumber": "+254722500029",
    "Class": -1,
    "TextDecoded": "CARI beras €[x]",
    "ID": 1,
    "RecipientID": "",
    "Processed": "false",
    "Status": 0,
}
"""As version 1.42 stored it on a machine in Makassar."""

FIRST = {**ROW, "Text": hexed("a" * 153), "TextDecoded": "a" * 153 + "bb", "UDH": "0500034D0201"}
SECOND = {**ROW, "Text": hexed("bb"), "TextDecoded": "", "UDH": "0500034D0202", "ID": 2}
"""The parts of a long message: the first has the text of all of them in `TextDecoded`."""


def test_a_recorded_sms(settings: Settings) -> None:
    received = read_message(ROW, settings)
    assert received == Received(
        provider="modem",
        external_id=received.external_id,
        msisdn=SRI,
        text="CARI beras €[x]",
        sent_at=datetime(2026, 11, 24, 23, 36, 35, tzinfo=UTC),
    )


def test_recorded_parts(settings: Settings) -> None:
    first, second = read_message(FIRST, settings), read_message(SECOND, settings)
    assert (first.text, first.part) == ("a" * 153, Part("4D", 1, 2))
    assert (second.text, second.part) == ("bb", Part("4D", 2, 2))


@pytest.mark.parametrize(
    ("why", "values", "msisdn", "text"),
    [
        (
            "UCS-2",
            {"Coding": "Unicode_No_Compression", "Text": hexed("halo 🍯 蜂")},
            SRI,
            "halo 🍯 蜂",
        ),
        ("only decoded", {"Text": "", "TextDecoded": "YA"}, SRI, "YA"),
        ("not in hexadecimal", {"Text": "zz", "TextDecoded": "YA"}, SRI, "YA"),
        ("half a character", {"Text": hexed("YA") + "D8"}, SRI, "YA\ufffd"),
        ("half a surrogate pair", {"Text": hexed("YA") + "D83C"}, SRI, "YA\ufffd"),
        ("without the country's code", {"SenderNumber": "081234567001"}, SRI, ROW["TextDecoded"]),
        ("without +", {"SenderNumber": "6281234567001"}, SRI, ROW["TextDecoded"]),
        ("spaces stay", {"Text": hexed(" ya ")}, SRI, " ya "),
        ("a header of something else", {"UDH": "0605040B8423F0"}, SRI, ROW["TextDecoded"]),
        ("a header that is cut off", {"UDH": "050003"}, SRI, ROW["TextDecoded"]),
    ],
)
def test_an_odd_sms_is_read(
    settings: Settings, why: str, values: dict[str, Any], msisdn: str, text: str
) -> None:
    received = read_message({**ROW, **values}, settings)
    assert (received.msisdn, received.text, received.part) == (msisdn, text, None)


@pytest.mark.parametrize(
    ("why", "values", "said"),
    [
        ("from a name", {"SenderNumber": "INFO"}, "SenderNumber: not a phone number"),
        ("from a short code", {"SenderNumber": "22345"}, "SenderNumber: not a phone number"),
        ("a USSD answer", {"SenderNumber": "*888#", "Class": 127}, "SenderNumber: not a phone"),
        ("from nobody", {"SenderNumber": ""}, "SenderNumber: not a phone number"),
        ("a short national number", {"SenderNumber": "0812"}, "SenderNumber: not a phone number"),
        ("a picture", {"Coding": "8bit", "Text": "FFD8"}, "Coding: 8bit, which is no text"),
        ("compressed", {"Coding": "Default_Compression"}, "Coding: Default_Compression, which"),
        ("nothing in it", {"Text": "", "TextDecoded": ""}, "Text: missing"),
    ],
)
def test_an_sms_that_can_never_be_valid(
    settings: Settings, why: str, values: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        read_message({**ROW, **values}, settings)


@pytest.mark.parametrize(
    ("why", "values", "same"),
    [
        ("stored twice by an SMSD that was killed", {"ID": 2, "StoredUTC": "2026-11-25"}, True),
        ("stored again, put together otherwise", {"TextDecoded": "CARI beras €[x] dan"}, True),
        ("the same text a second later", {"ReceivingDateTime": "2026-11-25 07:36:36"}, False),
        ("another text", {"Text": hexed("CARI")}, False),
        ("another sender", {"SenderNumber": "+6281234567002"}, False),
        ("another part", {"UDH": "0500034D0202"}, False),
    ],
)
def test_what_is_one_message(
    settings: Settings, why: str, values: dict[str, Any], same: bool
) -> None:
    one, other = read_message(ROW, settings), read_message({**ROW, **values}, settings)
    assert (one.external_id == other.external_id) is same


def test_where_no_time_is_known_each_row_is_a_message(settings: Settings) -> None:
    row = {**ROW, "ReceivingDateTime": "0000-00-00 00:00:00", "SentUTC": None}
    one, other = read_message(row, settings), read_message({**row, "ID": 2}, settings)
    assert one.external_id != other.external_id
    assert one.sent_at == datetime(2026, 11, 24, 23, 36, 36, tzinfo=UTC)


def test_the_id_of_a_message_gives_nothing_of_it_away(settings: Settings) -> None:
    """A hand-over code has so few digits that all can be tried."""
    elsewhere = settings.model_copy(update={"pepper": "another-pepper-" * 3})
    one, other = read_message(ROW, settings), read_message(ROW, elsewhere)
    assert one.external_id != other.external_id


@pytest.mark.parametrize(
    ("why", "udh", "part"),
    [
        ("one byte of reference", "0500034D0201", Part("4D", 1, 2)),
        ("two bytes of reference", "06080412340302", Part("1234", 2, 3)),
        ("in small letters", "0500034d0201", Part("4D", 1, 2)),
        ("behind ports", "0B0504158200000003D30201", Part("D3", 1, 2)),
        ("none", "", None),
        ("null", None, None),
        ("the only one", "0500034D0101", None),
        ("number nought", "0500034D0200", None),
        ("one more than all", "0500034D0203", None),
        ("of none", "0500034D0000", None),
        ("too short", "0400034D02", None),
        ("cut off", "050003", None),
        ("no hexadecimal", "05x", None),
    ],
)
def test_which_part_it_is(why: str, udh: Any, part: Part | None) -> None:
    assert read_part(udh) == part


SENT = {
    "ID": 7,
    "CreatorID": "pasar:a-1",
    "DestinationNumber": SRI,
    "Status": "SendingOK",
    "StatusError": -1,
    "UDH": "",
    "SequencePosition": 1,
}

MEANT = {
    "SendingOK": "passing",
    "SendingOKNoReport": "passing",
    "SendingError": "undelivered",
    "DeliveryOK": "delivered",
    "DeliveryFailed": "undelivered",
    "DeliveryPending": "passing",
    "DeliveryUnknown": "passing",
    "Error": "undelivered",
}
"""Every state of `sentitems` that SMSD documents."""


def test_every_documented_state_is_known() -> None:
    assert {*MEANT, "Reserved", "Expired"} == set(REPORTS)


@pytest.mark.parametrize("status", MEANT)
def test_a_state(status: str) -> None:
    [report] = read_reports([{**SENT, "Status": status}])
    reason = status if MEANT[status] == "undelivered" else None
    assert report == DeliveryReport("modem", "a-1", status, MEANT[status], SRI, reason)  # type: ignore[arg-type]


def test_why_the_network_did_not_deliver_it() -> None:
    [report] = read_reports([{**SENT, "Status": "DeliveryFailed", "StatusError": 70}])
    assert report.reason == "DeliveryFailed, TP-Status 70"


@pytest.mark.parametrize(
    ("statuses", "status", "outcome"),
    [
        (("DeliveryOK", "DeliveryOK"), "DeliveryOK", "delivered"),
        (("DeliveryOK", "SendingOK"), "SendingOK", "passing"),
        (("SendingOK", "DeliveryOK"), "SendingOK", "passing"),
        (("DeliveryOK", "DeliveryFailed"), "DeliveryFailed", "undelivered"),
        (("SendingOK", "SendingError"), "SendingError", "undelivered"),
        (("DeliveryOK",), "Reserved", "passing"),
        (("SendingError",), "SendingError", "undelivered"),
        (("DeliveryOK", "Novel"), "Novel", "passing"),
    ],
)
def test_a_long_message_is_as_its_worst_part(
    statuses: tuple[str, ...], status: str, outcome: str
) -> None:
    rows = [
        {**SENT, "UDH": f"0500034D020{n}", "SequencePosition": n, "Status": each}
        for n, each in enumerate(statuses, start=1)
    ]
    [report] = read_reports(rows)
    assert (report.status, report.outcome) == (status, outcome)


def test_messages_are_told_apart() -> None:
    other = {**SENT, "ID": 8, "CreatorID": "pasar:b-1", "Status": "DeliveryOK"}
    reports = list(read_reports([SENT, other]))
    assert [(each.external_id, each.outcome) for each in reports] == [
        ("a-1", "passing"),
        ("b-1", "delivered"),
    ]
