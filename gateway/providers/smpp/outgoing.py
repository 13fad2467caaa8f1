"""SMS out: a message as the submit_sm PDUs that carry it."""

import itertools
import random
import re
from datetime import timedelta
from typing import Any

from gateway.providers import Outgoing
from gateway.providers.smpp import alphabet
from gateway.providers.smpp.pdus import UDHI, Address
from settings import Settings

INTERNATIONAL, NETWORK_SPECIFIC, ALPHANUMERIC = 1, 3, 5
"""TON."""
UNKNOWN_PLAN, ISDN = 0, 1
"""NPI."""

MOST_SEGMENTS = 255
"""What a header can count; texts are far shorter."""

_RECEIPT_OF_THE_LAST = 0x01

_references = itertools.count(random.randrange(256))
"""What parts are told apart by on a phone, modulo 256: a text that is sent again has another."""


def sender(settings: Settings) -> Address:
    """Where our SMS come from.

    The type follows from how it is written: +62… international, letters alphanumeric, and digits
    alone are a short code, a number of this network only.
    """
    written = settings.smpp_sender or settings.short_code
    if written.startswith("+"):
        return Address(written[1:], INTERNATIONAL, ISDN)
    if re.fullmatch("[0-9]+", written):
        return Address(written, NETWORK_SPECIFIC, UNKNOWN_PLAN)
    return Address(written, ALPHANUMERIC, UNKNOWN_PLAN)


def segments(settings: Settings, sms: Outgoing) -> list[dict[str, Any]]:
    """The fields of the submit_sm of each segment. Only the last asks for a receipt: the message
    is read when all have come."""
    source = sender(settings)
    coding, cuts = alphabet.encode(sms.text, settings.smpp_alphabet)
    cuts = cuts[:MOST_SEGMENTS]
    reference = next(_references) % 256
    common: dict[str, Any] = {
        "source_addr_ton": source.ton,
        "source_addr_npi": source.npi,
        "source_addr": source.number,
        "dest_addr_ton": INTERNATIONAL,
        "dest_addr_npi": ISDN,
        "destination_addr": sms.msisdn.removeprefix("+"),
        "data_coding": coding,
        "validity_period": validity(sms.valid_for),
    }
    if len(cuts) == 1:
        return [{**common, "short_message": cuts[0], "registered_delivery": _RECEIPT_OF_THE_LAST}]
    return [
        {
            **common,
            "esm_class": UDHI,
            "short_message": bytes((5, 0, 3, reference, len(cuts), number)) + cut,
            "registered_delivery": _RECEIPT_OF_THE_LAST if number == len(cuts) else 0,
        }
        for number, cut in enumerate(cuts, start=1)
    ]


def validity(span: timedelta) -> str:
    """A span as SMPP writes one, `YYMMDDhhmmss000R`; at least a minute, at most 28 days.

    >>> validity(timedelta(days=1, hours=2))
    '000001020000000R'
    """
    seconds = int(min(max(span, timedelta(minutes=1)), timedelta(days=28)).total_seconds())
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"0000{days:02}{hours:02}{minutes:02}{seconds:02}000R"
