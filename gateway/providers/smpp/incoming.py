"""What a deliver_sm says: an SMS to us, or a receipt for one of ours. (USSD is in `ussd`.)"""

import re
from typing import Literal

from gateway.providers import BadRequest, DeliveryReport
from gateway.providers.smpp import alphabet, pdus
from gateway.providers.smpp.outgoing import INTERNATIONAL
from gateway.providers.smpp.pdus import Address, Delivery
from gateway.providers.smpp.statuses import MESSAGE_STATES, REPORTS
from settings import Settings
from store import phones
from store.inbox import Part, Received

PROVIDER = "smpp"

ReceiptIds = Literal["same", "decimal"]

_KIND = 0x3C
_RECEIPT, _INTERMEDIATE = 0x04, 0x20
"""Bits of esm_class: what kind of message it is."""

_CONCATENATED, _CONCATENATED_16 = 0x00, 0x08
"""Elements of a header that say which part this is."""

_FIELD = re.compile(r"\b(id|stat|err):\s*([^\s:]+)", re.IGNORECASE)


def read(settings: Settings, delivery: Delivery, external_id: str) -> Received | DeliveryReport:
    """The event. `external_id` is what an SMS is to be called. Raises BadRequest."""
    kind = delivery.esm_class & _KIND
    tells_state = {pdus.RECEIPTED_MESSAGE_ID, pdus.MESSAGE_STATE} <= delivery.tlvs.keys()
    # The text of a receipt does not make one: anybody can write it into an SMS.
    if kind in (_RECEIPT, _INTERMEDIATE) or tells_state:
        return _receipt(settings, delivery)
    if kind:
        raise BadRequest(f"esm_class: 0x{delivery.esm_class:02x} is neither an SMS nor a receipt")
    return _sms(settings, delivery, external_id)


def msisdn(settings: Settings, address: Address) -> str | None:
    """The phone at this address, E.164; None if it is none."""
    number = address.number
    if address.ton == INTERNATIONAL and number.isdigit():
        number = f"+{number}"
    found = phones.from_provider(number, settings.region)
    if found is None and re.fullmatch("0[0-9]{6,14}", number):
        found = phones.parse_phone(number, settings.region)
    return found


def _sms(settings: Settings, delivery: Delivery, external_id: str) -> Received:
    sender = msisdn(settings, delivery.source)
    if sender is None:
        raise BadRequest("source_addr: not a phone number")
    body, part = delivery.body, _sar(delivery)
    if delivery.esm_class & pdus.UDHI:
        body, in_header = _header(body)
        part = in_header or part
    text = alphabet.decode(body, delivery.data_coding, settings.smpp_alphabet)
    if text is None:
        raise BadRequest(f"data_coding: 0x{delivery.data_coding:02x} is no text")
    return Received(PROVIDER, external_id, sender, text, part=part)


def _header(body: bytes) -> tuple[bytes, Part | None]:
    """The text's octets behind a header, and which part it says this is. Raises BadRequest."""
    length = body[0] if body else 0
    header, rest = body[1 : 1 + length], body[1 + length :]
    if not length or len(header) < length:
        raise BadRequest("short_message: its header is cut off")
    part = None
    while len(header) >= 2:
        element, size = header[0], header[1]
        value, header = header[2 : 2 + size], header[2 + size :]
        if len(value) < size:
            raise BadRequest("short_message: its header is cut off")
        if (element, size) in ((_CONCATENATED, 3), (_CONCATENATED_16, 4)):
            part = _part(value[:-2].hex(), value[-1], value[-2])
    return rest, part


def _sar(delivery: Delivery) -> Part | None:
    reference = delivery.whole(pdus.SAR_REFERENCE)
    number, total = delivery.whole(pdus.SAR_NUMBER), delivery.whole(pdus.SAR_TOTAL)
    if reference is None or number is None or total is None:
        return None
    return _part(f"{reference:04x}", number, total)


def _part(reference: str, number: int, total: int) -> Part | None:
    """The part; None for the only one. Raises BadRequest."""
    if not 1 <= number <= total <= 255:
        raise BadRequest(f"part {number} of {total}: there is no such part")
    return Part(reference, number, total) if total > 1 else None


def _receipt(settings: Settings, delivery: Delivery) -> DeliveryReport:
    text = alphabet.decode(delivery.body, delivery.data_coding, settings.smpp_alphabet) or ""
    written = {name.lower(): value for name, value in reversed(_FIELD.findall(text))}
    named = delivery.tlvs.get(pdus.RECEIPTED_MESSAGE_ID, b"").split(b"\x00")[0]
    in_tlv, in_text = named.decode("latin-1").strip(), written.get("id", "")
    if not in_tlv and not in_text:
        raise BadRequest("receipt: names no message")
    if in_tlv and in_tlv != in_text:  # as the answer named it
        external_id = answered_id(in_tlv, settings.smpp_receipt_ids)
    else:
        external_id = _receipted_id(in_text, settings.smpp_receipt_ids)
    number = delivery.whole(pdus.MESSAGE_STATE)
    state = None if number is None else MESSAGE_STATES.get(number)
    status = state[0] if state else written.get("stat", "").upper()[:50]
    if not status:
        raise BadRequest("receipt: tells no state")
    error = written.get("err", "").strip("0")
    return DeliveryReport(
        provider=PROVIDER,
        external_id=external_id[:100],
        status=status,
        outcome=REPORTS.get(status, "passing"),
        msisdn=msisdn(settings, delivery.source) or msisdn(settings, delivery.destination),
        reason=f"err {written['err']}"[:100] if error else None,
    )


def answered_id(message_id: str, receipt_ids: ReceiptIds) -> str:
    """What we call the message that an answer named so.

    >>> answered_id("001F", "same"), answered_id("001F", "decimal")
    ('001F', '31')
    """
    if receipt_ids == "decimal" and re.fullmatch("[0-9A-Fa-f]{1,32}", message_id):
        return str(int(message_id, 16))
    return message_id


def _receipted_id(message_id: str, receipt_ids: ReceiptIds) -> str:
    if receipt_ids == "decimal" and re.fullmatch("[0-9]{1,39}", message_id):
        return str(int(message_id))
    return message_id
