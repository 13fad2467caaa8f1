"""The way of a complaint: the other side answers, an agent rules, and where nobody does in time,
the next one up is asked."""

from store import agents, escrow, orders
from store.disputes.dispute import Dispute, accused_of, by_id, describe
from store.errors import Refused
from store.machine import CLOCK, Machine, Timeout, Transition
from store.orders import sides
from store.orders.machine import DISPUTE
from store.shop import Transaction

OPENER, ACCUSED, AGENT, COORDINATOR = "opener", "accused", "agent", "coordinator"
OPERATOR = "operator"


def small(tx: Transaction, dispute: Dispute) -> None:
    """Up to PASAR_TWO_AGENTS_ABOVE."""
    if dispute.paid > tx.settings.two_agents_above:
        raise Refused("two_agents", number=dispute.number)


def large(tx: Transaction, dispute: Dispute) -> None:
    """Above PASAR_TWO_AGENTS_ABOVE."""
    if dispute.paid <= tx.settings.two_agents_above:
        raise Refused("one_agent", number=dispute.number)


def by_buyer(tx: Transaction, dispute: Dispute) -> None:
    """Unless the seller complained, who would then be paid without the buyer's code."""
    if accused_of(dispute) == "buyer":
        raise Refused("no_withdrawal", number=dispute.number)


def _phones(tx: Transaction, dispute: Dispute) -> dict[str, tuple[str, ...]]:
    order = orders.by_id(tx, dispute.order_id)
    phones = sides.phones(tx, order)
    accused = accused_of(dispute)
    opener = "buyer" if accused == "seller" else "seller"
    judge = agents.phone(tx, dispute.agent_id) if dispute.agent_id else None
    barred = sides.parties(tx, order)
    if dispute.state != "owing":
        barred = barred | {order.agent_id or 0, dispute.first_id or 0}  # none of them may rule
    apart = [each.msisdn for each in agents.coordinators(tx) if each.id not in barred]
    return {
        **phones,
        "accused": phones[accused],
        "opener": phones[opener],
        "agent": (judge,) if judge else (),
        "coordinator": tuple(apart),
    }


def _variant(dispute: Dispute, notice: str) -> str:
    """Where the buyer paid nothing yet, there is no money to speak of."""
    unpaid = not dispute.paid and notice in ("order_complaint", "order_ruled")
    return f"{notice}_unpaid" if unpaid else notice


def _moved(tx: Transaction, before: Dispute, after: Dispute) -> None:
    if after.state in _ASKED and not _phones(tx, after)["agent"]:
        MACHINE.move(tx, after, "escalate", CLOCK, CLOCK)  # no agent is apart from it
    elif after.state == "withdrawn":
        orders.MACHINE.move(tx, orders.by_id(tx, after.order_id), "withdraw", DISPUTE, DISPUTE)
    elif after.state == "ruled" and before.state != "owing":
        _carry_out(tx, after)


def _carry_out(tx: Transaction, dispute: Dispute) -> None:
    """The money follows the ruling: out of what is held first, the rest the seller brings back."""
    order = orders.by_id(tx, dispute.order_id)
    orders.MACHINE.move(tx, order, "settle", DISPUTE, DISPUTE)
    frozen = escrow.of_order(tx, order.id)
    held = frozen.amount if frozen and frozen.state == "frozen" else 0
    escrow.settle(tx, order.id, to_buyer=min(dispute.to_buyer, held))
    owed = dispute.to_buyer - min(dispute.to_buyer, held)
    if owed:
        owing = {"owed": owed}
        MACHINE.move(tx, dispute, "demand", DISPUTE, DISPUTE, keep=owing, details=owing)


_ASKED = ("with agent", "proposed")
_OPEN = ("opened", *_ASKED, "with coordinator")

MACHINE: Machine[Dispute] = Machine(
    table="disputes",
    transitions=(
        Transition("answer", "opened", "with agent", ACCUSED, tells={"agent": "order_to_rule"}),
        Transition("hear", "opened", "with agent", CLOCK, tells={"agent": "order_to_rule"}),
        Transition("rule", "with agent", "ruled", AGENT, guard=small,
                   tells={"buyer": "order_ruled", "seller": "order_ruled"}),
        Transition("propose", "with agent", "proposed", AGENT, guard=large,
                   tells={"agent": "order_to_second"}),
        Transition("second", "proposed", "ruled", AGENT,
                   tells={"buyer": "order_ruled", "seller": "order_ruled"}),
        Transition("differ", "proposed", "with coordinator", AGENT,
                   tells={"coordinator": "order_to_rule"}),
        *(
            Transition("escalate", state, "with coordinator", CLOCK,
                       tells={"coordinator": "order_to_rule"})
            for state in _ASKED
        ),
        *(
            Transition("rule", "with coordinator", "ruled", who,
                       tells={"buyer": "order_ruled", "seller": "order_ruled"})
            for who in (COORDINATOR, OPERATOR)
        ),
        *(
            Transition("concede", state, "ruled", ACCUSED, tells={"opener": "order_ruled"})
            for state in _OPEN
        ),
        *(
            Transition("withdraw", state, "withdrawn", OPENER, guard=by_buyer,
                       tells={"accused": "order_withdrawn"})
            for state in _OPEN
        ),
        Transition("demand", "ruled", "owing", DISPUTE, tells={"seller": "order_owing"}),
        Transition("repay", "owing", "ruled", AGENT, tells={"seller": "order_repaid"}),
    ),
    timeouts=(
        Timeout("hear", ("opened",), lambda tx, _: tx.later(tx.settings.dispute_answer),
                "PASAR_DISPUTE_ANSWER", action="hear"),
        Timeout("escalate", _ASKED, lambda tx, _: tx.later(tx.settings.dispute_agent),
                "PASAR_DISPUTE_AGENT", action="escalate"),
        Timeout("overdue", ("with coordinator",),
                lambda tx, _: tx.later(tx.settings.dispute_coordinator),
                "PASAR_DISPUTE_COORDINATOR", tells={"coordinator": "order_to_rule"},
                kind="reminder"),
        Timeout("unpaid", ("owing",), lambda tx, _: tx.later(tx.settings.repay_within),
                "PASAR_REPAY_WITHIN",
                tells={"seller": "order_owing", "coordinator": "order_unpaid"}),
    ),
    over=("ruled", "withdrawn"),
    load=by_id,
    variant=_variant,
    sides=_phones,
    describe=describe,
    moved=_moved,
)  # fmt: skip
"""What may become of a complaint, who does it, and what happens when nobody does."""
