"""What people do about a complaint."""

from typing import Any

from store import agents, escrow, ledger, orders, payouts
from store.disputes.dispute import (
    NO_CODE,
    Dispute,
    Side,
    accused_of,
    by_id,
    by_number,
    find,
    side_of,
)
from store.disputes.machine import ACCUSED, AGENT, COORDINATOR, MACHINE, OPENER, OPERATOR
from store.errors import Refused
from store.orders import Order, kiosk, sides
from store.orders.machine import SELLING
from store.people import Person
from store.reasons import clean_reason
from store.shop import Transaction


def open_(tx: Transaction, person: Person, number: str, complaint: str, told: str = "") -> Dispute:
    """The buyer complains, or the seller, who was not given the code; the other side is asked.

    What an agent holds for the order is frozen. Raises Refused("no_order" | "not_now" | "too_late"
    | "complained").
    """
    order = orders.find(tx, person, number)
    side: Side = "buyer" if person.id == order.buyer_id else "seller"
    if side == "seller":
        return _open(tx, person, order, side, NO_CODE, told, tells={ACCUSED: "order_no_code"})
    return _open(tx, person, order, side, complaint, told, tells={ACCUSED: "order_complaint"})


def inspect(tx: Transaction, agent: Person, number: str, complaint: str | None) -> Order:
    """An agent has looked at the goods at their place: as ordered, or a complaint on behalf of the
    buyer. Raises Refused as `kiosk.may_inspect` does."""
    if complaint is None:
        return kiosk.approve(tx, agent, number)
    order = kiosk.may_inspect(tx, agent, number)
    tells = {"buyer": "order_found_bad", ACCUSED: "order_complaint"}
    _open(tx, agent, order, "agent", complaint, "", tells=tells)
    return orders.by_id(tx, order.id)


def _open(
    tx: Transaction,
    person: Person,
    order: Order,
    side: Side,
    complaint: str,
    told: str,
    *,
    tells: dict[str, str],
) -> Dispute:
    orders.MACHINE.transition(order, "complain", side)
    if tx.value("SELECT 1 FROM disputes WHERE order_id = ?", (order.id,)):
        raise Refused("complained", number=order.number)
    paid = order.total if order.state in SELLING else order.held
    orders.MACHINE.move(tx, order, "complain", side, person.msisdn)
    escrow.freeze(tx, order.id)
    dispute_id = tx.count("dispute", 1)
    kept = clean_reason(told)
    tx.execute(
        "INSERT INTO disputes (id, order_id, side, complaint, told, paid, state, agent_id,"
        " opened_at, changed_at)"
        " VALUES (:id, :order, :side, :complaint, :told, :paid, 'opened', :agent, :now, :now)",
        {
            "id": dispute_id,
            "order": order.id,
            "side": side,
            "complaint": complaint,
            "told": kept,
            "paid": paid,
            "agent": _judge(tx, order),
            "now": tx.moment,
        },
    )
    dispute = by_id(tx, dispute_id)
    details = {
        "order": order.number,
        "side": side,
        "complaint": complaint,
        "told": kept,
        "paid": paid,
        "agent_id": dispute.agent_id,
    }
    MACHINE.begin(tx, dispute, "open", person.msisdn, tells=tells, details=details)
    return dispute


def answer(tx: Transaction, person: Person, number: str, reply: str) -> Dispute:
    """The accused side says that it is not so: an agent is to rule.

    Raises Refused("no_order" | "no_dispute" | "not_accused" | "not_now").
    """
    dispute = _as(tx, person, number, accused=True)
    MACHINE.transition(dispute, "answer", ACCUSED)
    kept = clean_reason(reply)
    told = {"reply": kept}
    return MACHINE.move(tx, dispute, "answer", ACCUSED, person.msisdn, keep=told, details=told)


def concede(tx: Transaction, person: Person, number: str) -> Dispute:
    """The accused side gives in: all of it to the buyer, or, when that is who gives in, nothing.

    Raises Refused as `answer` does.
    """
    dispute = _as(tx, person, number, accused=True)
    percent = 100 if accused_of(dispute) == "seller" else 0
    return _rule(tx, dispute, "concede", ACCUSED, person.msisdn, percent)


def withdraw(tx: Transaction, person: Person, number: str) -> Dispute:
    """The buyer is content after all, and the order is done.

    Raises Refused("no_order" | "no_dispute" | "not_opener" | "not_now" | "no_withdrawal").
    """
    dispute = _as(tx, person, number, accused=False)
    return MACHINE.move(tx, dispute, "withdraw", OPENER, person.msisdn)


def may_rule(tx: Transaction, ruler: Person, number: str, percent: int) -> tuple[Dispute, str, str]:
    """The dispute, the action and the role in which this agent may rule on it now.

    Raises Refused("not_agent" | "bad_percent" | "no_dispute" | "conflict" | "custodian" |
    "not_now" | "same_agent" | "other_judge").
    """
    role = agents.required(tx, ruler).role
    if not 0 <= percent <= 100:
        raise Refused("bad_percent", number=number)
    dispute = by_number(tx, number)
    order = orders.by_id(tx, dispute.order_id)
    sides.must_be_apart(tx, ruler, order)
    if order.agent_id == ruler.id:
        raise Refused("custodian", number=number)
    if dispute.state in MACHINE.over or dispute.state == "owing":
        raise Refused("not_now", number=number, state=dispute.state)
    who = COORDINATOR if dispute.state == "with coordinator" else AGENT
    if who == COORDINATOR and role != "coordinator":
        raise Refused("other_judge", number=number)
    if dispute.first_id == ruler.id:
        raise Refused("same_agent", number=number)
    action = "rule"
    if dispute.state == "proposed":
        action = "second" if percent == dispute.percent else "differ"
    elif MACHINE.allows(tx, dispute, "propose", AGENT):
        action = "propose"
    # A coordinator may go before an agent, but not as the first of two: nobody would be left.
    asked = who == AGENT and dispute.agent_id == ruler.id
    if not asked and (role != "coordinator" or action == "propose"):
        raise Refused("other_judge", number=number)
    MACHINE.check(tx, dispute, action, who)
    return dispute, action, who


def rule(tx: Transaction, ruler: Person, number: str, percent: int) -> Dispute:
    """An agent gives the buyer `percent` of what they paid; above a limit it takes two who agree.

    Raises Refused as `may_rule` does.
    """
    dispute, action, who = may_rule(tx, ruler, number, percent)
    if action == "propose":
        order = orders.by_id(tx, dispute.order_id)
        keep = {"first_id": ruler.id, "agent_id": _judge(tx, order, besides=ruler.id)}
        return _rule(tx, dispute, action, who, ruler.msisdn, percent, keep)
    if action == "differ":
        other = {"other_percent": percent}
        return MACHINE.move(tx, dispute, action, who, ruler.msisdn, details=other)
    return _rule(tx, dispute, action, who, ruler.msisdn, percent)


def rule_by_operator(tx: Transaction, number: str, percent: int, why: str) -> Dispute:
    """An operator rules where no coordinator can. Raises Refused("bad_percent" | "no_dispute" |
    "not_now")."""
    if not 0 <= percent <= 100:
        raise Refused("bad_percent", number=number)
    dispute = by_number(tx, number)
    return _rule(tx, dispute, "rule", OPERATOR, OPERATOR, percent, why=why)


def repay(tx: Transaction, agent: Person, number: str, amount: int) -> Dispute:
    """The seller has brought an agent what a ruling has them give back; the buyer can fetch it.

    Raises Refused as `may_repay` does.
    """
    dispute = may_repay(tx, agent, number, amount)
    ledger.post(
        tx,
        f"dispute:{dispute.id}:repaid",
        ledger.cash(agent.id),
        ledger.held(dispute.order_id),
        amount,
        order_id=dispute.order_id,
    )
    payouts.owe(tx, dispute.order_id, "buyer", dispute.buyer_id, agent.id, amount)
    return MACHINE.move(tx, dispute, "repay", AGENT, agent.msisdn, details={"amount": amount})


def may_repay(tx: Transaction, agent: Person, number: str, amount: int) -> Dispute:
    """The dispute for which this agent may take this much from the seller.

    Raises Refused("not_agent" | "no_dispute" | "conflict" | "not_now" | "bad_repayment" |
    "over_agent_cap").
    """
    agents.required(tx, agent)
    dispute = by_number(tx, number)
    sides.must_be_apart(tx, agent, orders.by_id(tx, dispute.order_id))
    MACHINE.transition(dispute, "repay", AGENT)
    if amount != dispute.owed:
        raise Refused("bad_repayment", number=number, owed=dispute.owed)
    escrow.must_have_room(tx, agent, amount)
    return dispute


def _rule(
    tx: Transaction,
    dispute: Dispute,
    action: str,
    who: str,
    actor: str,
    percent: int,
    keep: dict[str, Any] | None = None,
    why: str = "",
) -> Dispute:
    ruling = {"percent": percent, **(keep or {})}
    details = {**ruling, **({"why": why} if why else {})}
    return MACHINE.move(tx, dispute, action, who, actor, keep=ruling, details=details)


def _as(tx: Transaction, person: Person, number: str, *, accused: bool) -> Dispute:
    dispute = find(tx, person, number)
    if (side_of(tx, dispute, person) == accused_of(dispute)) != accused:
        raise Refused("not_accused" if accused else "not_opener", number=number)
    return dispute


def _judge(tx: Transaction, order: Order, besides: int = 0) -> int | None:
    """The nearest agent to the buyer who is no party and does not hold the money."""
    apart = sides.parties(tx, order) | {order.agent_id or 0, besides}
    return agents.nearest(tx, order.buyer_id, apart)
