"""Complaints about an order: what they are (`dispute`), the way they go (`machine`), and what
people do about them (`actions`)."""

from store.disputes.actions import (
    answer,
    concede,
    inspect,
    may_repay,
    may_rule,
    open_,
    repay,
    rule,
    rule_by_operator,
    withdraw,
)
from store.disputes.dispute import (
    COMPLAINTS,
    NO_CODE,
    Dispute,
    accused_of,
    by_id,
    by_number,
    describe,
    find,
    of_agent,
    of_order,
    share,
    side_of,
    waiting_for,
)
from store.disputes.machine import MACHINE

__all__ = [
    "COMPLAINTS",
    "MACHINE",
    "NO_CODE",
    "Dispute",
    "accused_of",
    "answer",
    "by_id",
    "by_number",
    "concede",
    "describe",
    "find",
    "inspect",
    "may_repay",
    "may_rule",
    "of_agent",
    "of_order",
    "open_",
    "repay",
    "rule",
    "rule_by_operator",
    "share",
    "side_of",
    "waiting_for",
    "withdraw",
]
