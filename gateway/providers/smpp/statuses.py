"""What an SMSC's numbers and words mean for a message. Source: SMPP 3.4, 5.1.3, 5.2.28 and
appendix B."""

from typing import Literal

State = Literal["accepted", "refused", "failed", "unknown"]
LinkState = Literal["works", "busy", "down"]
ReportOutcome = Literal["passing", "delivered", "undelivered"]

OK = 0x00
INVALID_COMMAND = 0x03
QUEUE_FULL = 0x14
THROTTLED = 0x58
TRY_LATER = 0x64
"""RX_T_APPN: we cannot keep it now, bring it again."""
NEVER = 0x66
"""RX_R_APPN: it can never be valid."""

BUSY = (QUEUE_FULL, THROTTLED)

SUBMITTING: dict[int, tuple[State, LinkState]] = {
    0x00: ("accepted", "works"),  # ROK
    0x01: ("failed", "works"),  # RINVMSGLEN
    0x02: ("failed", "works"),  # RINVCMDLEN
    0x04: ("refused", "down"),  # RINVBNDSTS: it thinks that we are not bound
    0x05: ("refused", "down"),  # RALYBND
    0x08: ("refused", "works"),  # RSYSERR: of the SMSC, at this message
    0x0A: ("refused", "works"),  # RINVSRCADR: an operator puts it right, and it still leaves
    0x0B: ("failed", "works"),  # RINVDSTADR
    0x0D: ("refused", "down"),  # RBINDFAIL
    0x0E: ("refused", "down"),  # RINVPASWD
    0x0F: ("refused", "down"),  # RINVSYSID
    0x14: ("refused", "busy"),  # RMSGQFUL
    0x15: ("refused", "works"),  # RINVSERTYP
    0x43: ("failed", "works"),  # RINVESMCLASS
    0x45: ("refused", "works"),  # RSUBMITFAIL
    0x48: ("refused", "works"),  # RINVSRCTON
    0x49: ("refused", "works"),  # RINVSRCNPI
    0x50: ("failed", "works"),  # RINVDSTTON
    0x51: ("failed", "works"),  # RINVDSTNPI
    0x58: ("refused", "busy"),  # RTHROTTLED
    0x61: ("failed", "works"),  # RINVSCHED
    0x62: ("failed", "works"),  # RINVEXPIRY
    0x64: ("refused", "works"),  # RX_T_APPN
    0x65: ("failed", "works"),  # RX_P_APPN
    0x66: ("failed", "works"),  # RX_R_APPN
    0xC0: ("failed", "works"),  # RINVOPTPARSTREAM
    0xC1: ("failed", "works"),  # ROPTPARNOTALLWD
    0xC2: ("failed", "works"),  # RINVPARLEN
    0xC3: ("failed", "works"),  # RMISSINGOPTPARAM
    0xC4: ("failed", "works"),  # RINVOPTPARAMVAL
}
"""The command_status of an answer to a message -> what that says of the message and of the link.

Others, those of vendors too, say that the message was not taken.
"""

REST: tuple[State, LinkState] = ("refused", "works")

MESSAGE_STATES: dict[int, tuple[str, ReportOutcome]] = {
    0: ("SCHEDULED", "passing"),
    1: ("ENROUTE", "passing"),
    2: ("DELIVRD", "delivered"),
    3: ("EXPIRED", "undelivered"),
    4: ("DELETED", "undelivered"),
    5: ("UNDELIV", "undelivered"),
    6: ("ACCEPTD", "passing"),  # by rights final, but sent on the way by many
    7: ("UNKNOWN", "passing"),
    8: ("REJECTD", "undelivered"),
    9: ("SKIPPED", "undelivered"),
}
"""The message_state of a receipt -> its word in the text of a receipt, and what that means."""

REPORTS: dict[str, ReportOutcome] = dict(MESSAGE_STATES.values()) | {
    "BUFFRED": "passing",
    "DELIVERED": "delivered",
    "FAILED": "undelivered",
    "UNDELIVERABLE": "undelivered",
    "REJECTED": "undelivered",
}
"""The word after `stat:` in the text of a receipt; one not listed is kept as it came."""
