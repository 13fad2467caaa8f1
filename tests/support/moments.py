"""Every state that an order, its money, a complaint about it or cash that is handed on can be in,
and the moments that make a difference within one: each a line, by what led to it."""

from tests.support.money import Stage

_CASH, _MONEY, _LARGE = "cash", "money", "large"

_HELD = ("accept", "hold")
_SENT = (*_HELD, "send")
_HANDED = (*_SENT, "hand over")
_DONE = (*_HANDED, "receive")
_COMPLAINT = (*_HANDED, "complain")
_HEARD = (*_COMPLAINT, "answer")
_OWING = (*_DONE, "pay seller", "complain", "answer", "rule")

MOMENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    # Paid in cash when the goods are handed over.
    "waiting": (_CASH, ()),
    "waiting, seller frozen": (_CASH, ("freeze the seller",)),
    "rejected": (_CASH, ("reject",)),
    "expired": (_CASH, ("order.expire",)),
    "cancelled": (_CASH, ("cancel",)),
    "accepted": (_CASH, ("accept",)),
    "accepted, late": (_CASH, ("accept", "order.late")),
    "sent": (_CASH, ("accept", "send")),
    "sent, no tries left": (_CASH, ("accept", "send", "use up the tries")),
    "sent, overdue": (_CASH, ("accept", "send", "order.overdue")),
    "at agent": (_CASH, ("accept", "send", "inspect")),
    "handed over": (_CASH, ("accept", "send", "hand over")),
    "done": (_CASH, ("accept", "send", "hand over", "receive")),
    "done long ago": (_CASH, ("accept", "receive", "receive", "8 days")),
    "disputed": (_CASH, ("accept", "receive", "complain")),
    "to be ruled on": (_CASH, ("accept", "receive", "complain", "answer")),
    # Paid to an agent, who holds it.
    "unpaid, waiting": (_MONEY, ()),
    "unpaid": (_MONEY, ("accept",)),
    "unpaid, no agent has room": (_MONEY, ("accept", "fill all agents")),
    "unpaid, seller frozen": (_MONEY, ("accept", "freeze the seller")),
    "lapsed": (_MONEY, ("accept", "order.lapse")),
    "held": (_MONEY, _HELD),
    "held, late": (_MONEY, (*_HELD, "order.late")),
    "held, seller frozen": (_MONEY, (*_HELD, "freeze the seller")),
    "held, custodian frozen": (_MONEY, (*_HELD, "freeze the custodian")),
    "held by the judge": (_MONEY, ("accept", "hold: judge")),
    "held, deposit undone": (_MONEY, (*_HELD, "unhold: operator")),
    "held, handed on": (_MONEY, (*_HELD, "offer", "take")),
    "held, sent": (_MONEY, _SENT),
    "held, sent by courier": (_MONEY, (*_HELD, "send by courier")),
    "held, at agent": (_MONEY, (*_SENT, "inspect")),
    "held, handed over": (_MONEY, _HANDED),
    # The seller's, or the buyer's again.
    "due": (_MONEY, _DONE),
    "due, no tries left": (_MONEY, (*_DONE, "use up the tries")),
    "due, payee frozen": (_MONEY, (*_DONE, "freeze the seller")),
    "due, fee fetched": (
        _MONEY, (*_HELD, "send by courier", "hand over", "receive", "pay courier"),
    ),
    "due long ago": (_MONEY, (*_DONE, "8 days")),
    "paid": (_MONEY, (*_DONE, "pay seller")),
    "paid, custodian frozen": (_MONEY, (*_DONE, "pay seller", "freeze the custodian")),
    "refund due": (_MONEY, (*_HELD, "give up")),
    "refunded": (_MONEY, (*_HELD, "give up", "pay buyer")),
    # Complaints: about what is held, and what comes of them.
    "opened": (_MONEY, _COMPLAINT),
    "opened by the seller": (_MONEY, (*_SENT, "complain: seller")),
    "opened for the buyer": (_MONEY, (*_SENT, "find bad")),
    "opened when due": (_MONEY, (*_DONE, "complain")),
    "opened, fee fetched": (
        _MONEY, (*_HELD, "send by courier", "hand over", "receive", "pay courier", "complain"),
    ),
    "with agent": (_MONEY, _HEARD),
    "with agent, by the seller": (_MONEY, (*_SENT, "complain: seller", "dispute.hear")),
    "with agent, who got the money": (_MONEY, (*_HELD, "send", "complain", "answer", "to judge")),
    "with agent, large": (_LARGE, _HEARD),
    "proposed": (_LARGE, (*_HEARD, "rule")),
    "proposed, judge promoted": (_LARGE, (*_HEARD, "rule", "promote the judge")),
    "with coordinator": (_MONEY, (*_HEARD, "dispute.escalate")),
    "with coordinator, who proposed": (
        _LARGE, (*_HEARD, "rule", "promote the judge", "dispute.escalate"),
    ),
    "ruled": (_MONEY, (*_HEARD, "rule")),
    "ruled, half fetched": (_MONEY, (*_HEARD, "rule", "pay buyer")),
    "withdrawn": (_MONEY, (*_HEARD, "withdraw")),
    "owing": (_MONEY, _OWING),
    "owing, no agent has room": (_MONEY, (*_OWING, "fill all agents")),
    "repaid": (_MONEY, (*_OWING, "repay")),
    "owing for cash": (_CASH, ("accept", "receive", "complain", "answer", "rule")),
    # Cash that the custodian hands on to the agent.
    "offered": (_MONEY, (*_HELD, "offer")),
    "offered when due": (_MONEY, (*_DONE, "offer")),
    "offered, no agent has room": (_MONEY, (*_HELD, "offer", "fill all agents")),
    "offered, paid meanwhile": (_MONEY, (*_DONE, "offer", "pay seller")),
    "taken": (_MONEY, (*_DONE, "offer", "take")),
    "refused": (_MONEY, (*_HELD, "offer", "refuse")),
    "called back": (_MONEY, (*_HELD, "offer", "offer")),
    "cash lapsed": (_MONEY, (*_HELD, "offer", "remittance.lapse")),
}  # fmt: skip
"""What it is called, how the order is paid (`large`: as `money`, above the limit of one agent), and
what happened since it was placed."""


def bring(stage: Stage, moment: str) -> Stage:
    """A new order on this stage, brought to this moment."""
    paid, steps = MOMENTS[moment]
    return stage.place(by_agent=paid != _CASH, large=paid == _LARGE).do(*steps)


EVERY_STATE = (
    # Whoever hands cash on hands on all of it, so these come first.
    "taken", "refused", "cash lapsed",
    "waiting", "rejected", "expired", "cancelled", "accepted", "accepted, late", "sent",
    "at agent", "handed over", "done", "unpaid", "held", "held, deposit undone",
    "held, sent by courier", "due", "paid", "refund due", "opened", "opened when due",
    "with agent", "proposed", "with coordinator", "ruled", "withdrawn", "owing", "repaid",
    "called back",
)  # fmt: skip
"""Moments of one shop in which every machine has something in each of its states."""
