"""SMPP in bytes. smpplib makes and reads the PDUs; its client is not used, as it loses its place in
the stream when a PDU comes in two pieces, and cannot be called from several threads.

Optional parameters are kept here by their tags: smpplib's tables know none for USSD that arrives,
and none of vendors. This is the only module that knows smpplib.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from smpplib import command, command_codes, exceptions, smpp

from gateway.providers import BadRequest

RECEIPTED_MESSAGE_ID = 0x001E
USER_MESSAGE_REFERENCE = 0x0204
SAR_REFERENCE, SAR_TOTAL, SAR_NUMBER = 0x020C, 0x020E, 0x020F
NETWORK_ERROR_CODE, MESSAGE_PAYLOAD, MESSAGE_STATE = 0x0423, 0x0424, 0x0427
USSD_SERVICE_OP, ITS_SESSION_INFO = 0x0501, 0x1383

UDHI = 0x40
"""The bit of esm_class that says that the message begins with a header."""

HEADER = 16
LONGEST = 70_000
"""Octets of a PDU: a message_payload may have 64 KB."""

LAST_SEQUENCE = 0x7FFFFFFF


class NotSmpp(Exception):
    """What comes is no SMPP, so that nobody knows where the next PDU begins."""


@dataclass(frozen=True)
class Address:
    """A number with its type (TON) and plan (NPI)."""

    number: str
    ton: int = 0
    npi: int = 0


@dataclass(frozen=True)
class Pdu:
    """One PDU as it came."""

    name: str
    """As smpplib calls it; empty when it knows none."""
    status: int
    sequence: int
    raw: bytes = field(repr=False)

    @property
    def message_id(self) -> str:
        """Of an answer to a message; empty if it has none."""
        return self.raw[HEADER:].split(b"\x00")[0].decode("latin-1").strip()[:65]


@dataclass(frozen=True)
class Delivery:
    """A deliver_sm."""

    sequence: int
    source: Address
    destination: Address
    esm_class: int
    data_coding: int
    body: bytes = field(repr=False)
    tlvs: Mapping[int, bytes] = field(default_factory=dict, repr=False)

    def whole(self, tag: int) -> int | None:
        """The whole number in this optional parameter, if it is there."""
        value = self.tlvs.get(tag)
        return int.from_bytes(value, "big") if value else None


def split(stream: bytearray) -> list[Pdu]:
    """Takes the whole PDUs out of what came so far. Raises NotSmpp."""
    pdus = []
    while len(stream) >= HEADER:
        length, code, status, sequence = struct.unpack(">LLLL", stream[:HEADER])
        if not HEADER <= length <= LONGEST:
            raise NotSmpp(f"a PDU of {length} octets")
        if len(stream) < length:
            break
        pdus.append(Pdu(_name(code), status, sequence, bytes(stream[:length])))
        del stream[:length]
    return pdus


def _name(code: int) -> str:
    try:
        return str(command_codes.get_command_name(code))
    except exceptions.UnknownCommandError:
        return ""


class _Numbered:
    """In the place of smpplib's client, which numbers PDUs; here their sender does."""

    sequence = 0

    def next_sequence(self) -> int:
        return 0


def make(name: str, sequence: int, status: int = 0, **fields: Any) -> bytes:
    """A PDU with these fields. A message may have `tlvs`, a mapping of tags to octets."""
    tlvs = fields.pop("tlvs", {})
    pdu = smpp.make_pdu(name, client=_Numbered(), status=status, **fields)
    pdu.sequence = sequence
    raw: bytes = pdu.generate()
    if tlvs:
        raw += b"".join(struct.pack(">HH", tag, len(v)) + v for tag, v in tlvs.items())
        raw = struct.pack(">L", len(raw)) + raw[4:]
    return raw


class _DeliverSM(command.DeliverSM):
    """smpplib's, with its optional parameters by their tags, and strict about lengths."""

    sm_length: int | None = None  # until it is read

    def parse_optional_params(self, data: bytes) -> None:
        self.tlvs: dict[int, bytes] = {}
        at = 0
        while at < len(data):
            tag, length = struct.unpack(">HH", data[at : at + 4])
            at += 4 + length
            if at > len(data):
                raise ValueError("an optional parameter is cut off")
            self.tlvs.setdefault(tag, data[at - length : at])

    def _parse_string(
        self, field: str, data: bytes, pos: int, length: int | None = None
    ) -> tuple[bytes, int]:
        if b"\x00" not in data[pos:]:
            raise ValueError(f"{field} has no end")
        parsed: tuple[bytes, int] = super()._parse_string(field, data, pos, length)
        return parsed


def read_delivery(pdu: Pdu) -> Delivery:
    """The deliver_sm in these octets. Raises BadRequest."""
    try:
        read = _DeliverSM("deliver_sm", client=_Numbered())
        read.parse(pdu.raw)
        tlvs: dict[int, bytes] = getattr(read, "tlvs", {})
        body: bytes = read.short_message or b""
        if len(body) != read.sm_length:
            raise ValueError("the message is cut off")
        return Delivery(
            pdu.sequence,
            Address(_text(read.source_addr), read.source_addr_ton, read.source_addr_npi),
            Address(_text(read.destination_addr), read.dest_addr_ton, read.dest_addr_npi),
            read.esm_class,
            read.data_coding,
            body or tlvs.get(MESSAGE_PAYLOAD, b""),
            tlvs,
        )
    except (ValueError, TypeError, AttributeError, struct.error) as error:
        raise BadRequest(f"deliver_sm: {error}"[:100]) from None


def _text(octets: bytes) -> str:
    return octets.decode("latin-1").strip()
