"""Writes messages for Gammu's SMS daemon to send.

What must stay true: a message is written once, however often that is asked for, and all its parts
or none; SMSD finds it due at once, wherever on earth this machine is.
"""

from bisect import bisect_right
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from gateway.providers import Outgoing
from gateway.providers.modem.tables import LATELY, OURS, connect, transaction
from store import gsm7

_LASTS = [
    *(5 * n for n in range(1, 145)),
    *(720 + 30 * n for n in range(1, 25)),
    *(1_440 * n for n in range(2, 31)),
    *(10_080 * n for n in range(5, 64)),
]
"""TP-Validity-Period, relative format -> minutes (3GPP TS 23.040, 9.2.3.12.1)."""


def validity(span: timedelta) -> int:
    """The longest period that the network knows and that is not beyond `span`; at least 5 minutes.

    >>> validity(timedelta(hours=1)), validity(timedelta(days=1)), validity(timedelta(seconds=1))
    (11, 167, 0)
    """
    return max(0, bisect_right(_LASTS, span / timedelta(minutes=1)) - 1)


def lasts(code: int) -> timedelta:
    """How long that period is; the longest for what is none."""
    return timedelta(minutes=_LASTS[code] if 0 <= code < len(_LASTS) else _LASTS[-1])


_IS_THERE = """
SELECT 1 FROM outbox WHERE CreatorID = :creator
UNION ALL
SELECT 1 FROM sentitems
WHERE CreatorID = :creator AND ID > (SELECT MAX(ID) FROM sentitems) - :lately
"""

_PUT = """
INSERT INTO outbox
  (CreatorID, DestinationNumber, TextDecoded, Coding, MultiPart, RelativeValidity, DeliveryReport,
   SendingDateTime, SendingTimeOut)
VALUES
  (:creator, :to, :text, :coding, :multipart, :validity, 'yes',
   '2000-01-01 00:00:00', '2000-01-01 00:00:00')
RETURNING ID
"""
# SMSD sends what is due by its own clock; the schema's default is UTC, hours from now in the west.

_PUT_PART = """
INSERT INTO outbox_multipart (ID, SequencePosition, UDH, TextDecoded, Coding)
VALUES (:id, :number, :udh, :text, :coding)
"""


def put(path: Path, sms: Outgoing) -> None:
    """Has SMSD send this, unless it was told to already. Raises Error: then it was not told."""
    values = {
        "creator": f"{OURS}{sms.reference}",
        "to": sms.msisdn,
        "coding": "Default_No_Compression" if gsm7.is_gsm7(sms.text) else "Unicode_No_Compression",
        "validity": validity(sms.valid_for),
        "lately": LATELY,
    }
    texts = gsm7.parts(sms.text)
    values |= {"text": texts[0], "multipart": "true" if len(texts) > 1 else "false"}
    with closing(connect(path)) as connection, transaction(connection):
        if connection.execute(_IS_THERE, values).fetchone():
            return
        row_id = int(connection.execute(_PUT, values).fetchone()[0])
        if len(texts) > 1:
            udh = [_concatenation(row_id, n, len(texts)) for n in range(1, len(texts) + 1)]
            connection.execute("UPDATE outbox SET UDH = ? WHERE ID = ?", (udh[0], row_id))
            for n, text in enumerate(texts[1:], start=1):
                part = {"id": row_id, "number": n + 1, "udh": udh[n], "text": text}
                connection.execute(_PUT_PART, values | part)


def _concatenation(reference: int, number: int, total: int) -> str:
    """The user data header of a part, in hexadecimal (3GPP TS 23.040, 9.2.3.24.1).

    >>> _concatenation(0xD3, 1, 2)
    '050003D30201'
    """
    return bytes([5, 0, 3, reference & 0xFF, total, number]).hex().upper()
