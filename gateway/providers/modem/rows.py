"""Reads the rows of Gammu's SMS daemon: what came in, and what became of what was sent.

What must stay true: a row that can never be valid is a BadRequest, and nothing else is raised.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Literal

from gateway.providers import BadRequest, DeliveryReport
from gateway.providers.modem.tables import OURS, Row
from settings import Settings
from store import phones, sealing
from store.inbox import Part, Received

NAME = "modem"

REPORTS: dict[str, Literal["passing", "delivered", "undelivered"]] = {
    "Error": "undelivered",
    "SendingError": "undelivered",  # the phone could not, as often as MaxRetries says
    "DeliveryFailed": "undelivered",
    "Expired": "undelivered",  # our own word: it waited for SMSD until nobody wanted it any more
    "Reserved": "passing",  # it waits for SMSD
    "SendingOKNoReport": "passing",
    "SendingOK": "passing",
    "DeliveryPending": "passing",
    "DeliveryUnknown": "passing",
    "DeliveryOK": "delivered",
}
"""SMSD's states, the worst first: a message is as its worst part. Others say nothing yet."""

TEXTS = ("Default_No_Compression", "Unicode_No_Compression")
"""Codings of texts; what comes in another is none."""


def read_message(row: Row, settings: Settings) -> Received:
    """Reads a row of the inbox. Raises BadRequest."""
    number = str(row["SenderNumber"])
    # From the same network a number may come without the country's code.
    is_national = number.startswith("0")
    msisdn = (phones.parse_phone if is_national else phones.from_provider)(number, settings.region)
    if msisdn is None:
        raise BadRequest("SenderNumber: not a phone number")
    if row["Coding"] not in TEXTS:
        raise BadRequest(f"Coding: {row['Coding']}, which is no text")
    part = read_part(row["UDH"])
    text = _text(row)
    if not text and part is None:
        raise BadRequest("Text: missing")
    moment = row["SentUTC"] or row["StoredUTC"]
    return Received(
        provider=NAME,
        external_id=_external_id(row, settings),
        msisdn=msisdn,
        text=text,
        sent_at=datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None,
        part=part,
        # Of one that lay there while we were away it may be asked whether it is too old; one that
        # comes now is not, whatever the network's clock says.
        fetched=bool(row["WasLeft"]),
    )


def _external_id(row: Row, settings: Settings) -> str:
    """By which a message is known again.

    Its id will not do: the ids begin again with a new database, and SMSD stores a message twice
    when it is killed before it took it from the phone. The network's own time, to the second, with
    all of the message, is the same then; so it is when the network itself brings it twice.
    """
    moment = row["ReceivingDateTime"]
    content = f"{row['SenderNumber']}|{row['UDH']}|{row['Text'] or row['TextDecoded']}"
    if row["SentUTC"] is None:  # a phone that knows no time
        content += f"|{row['ID']}"
    return f"{moment} {sealing.fingerprint(settings.pepper, content)}"


def read_part(udh: object) -> Part | None:
    """Which part of a long message a user data header, in hexadecimal, says that this is.

    Source: 3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8.

    >>> read_part("0500034D0201"), read_part("06080412340302"), read_part("")
    (Part(reference='4D', number=1, total=2), Part(reference='1234', number=2, total=3), None)
    """
    try:
        header = bytes.fromhex(str(udh or ""))[1:]
    except ValueError:
        return None
    while len(header) >= 2:
        element, length = header[0], header[1]
        data, header = header[2 : 2 + length], header[2 + length :]
        if (element, len(data)) in ((0x00, 3), (0x08, 4)):
            *reference, total, number = data
            is_part = 1 <= number <= total and total > 1
            return Part(bytes(reference).hex().upper(), number, total) if is_part else None
    return None


def read_reports(rows: Sequence[Row]) -> Iterator[DeliveryReport]:
    """What all parts of each message in `sentitems` come to."""
    order = {status: position for position, status in enumerate(REPORTS)}
    for _, group in groupby(rows, key=lambda row: row["ID"]):
        parts = list(group)
        first = read_part(parts[0]["UDH"])
        worst = min(parts, key=lambda row: order.get(row["Status"], order["Reserved"]))
        status = worst["Status"]
        is_whole = first is None or len(parts) == first.total
        if not is_whole and REPORTS.get(status) != "undelivered":
            status = "Reserved"
        yield read_report(status, worst)


def read_report(status: str, row: Row) -> DeliveryReport:
    """What is told of a message of ours that has come to this state."""
    outcome = REPORTS.get(status, "passing")
    network = row.get("StatusError")
    said = f"{status}, TP-Status {network}" if isinstance(network, int) and network >= 0 else status
    return DeliveryReport(
        provider=NAME,
        external_id=row["CreatorID"].removeprefix(OURS),
        status=status,
        outcome=outcome,
        msisdn=row["DestinationNumber"],
        reason=said if outcome == "undelivered" else None,
    )


def _text(row: Row) -> str:
    """The text of this row alone: `TextDecoded` of a first part is that of all parts."""
    try:
        text = bytes.fromhex(row["Text"]).decode("utf-16-be", "replace")
    except (TypeError, ValueError):
        text = ""
    return text or str(row["TextDecoded"])
