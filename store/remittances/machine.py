"""The way of cash that is handed on: it counts once the other agent has said that they have got it,
and then all that it is for is theirs to answer for."""

from store import confirmations, escrow, ledger, outbox, payouts, people
from store.database import Rows
from store.machine import CLOCK, Machine, Timeout, Transition
from store.remittances.remittance import Remittance, by_id, describe
from store.shop import Transaction

GIVER, TAKER, OPERATOR = "giver", "taker", "operator"


def orders_of(tx: Transaction, remittance: Remittance) -> Rows:
    return tx.rows(
        "SELECT order_id, amount FROM remitted WHERE remittance_id = ? ORDER BY order_id",
        (remittance.id,),
    )


def _hand_on(tx: Transaction, order_id: int, remittance: Remittance) -> None:
    """The order's money is the other agent's to keep; who can fetch it, or paid it, is told so."""
    here = escrow.of_order(tx, order_id)
    if here and here.agent_id == remittance.giver_id:
        _is_with(tx, "escrow", here.id, remittance)
        if here.state in ("held", "frozen"):
            buyer = people.by_id(tx, here.buyer_id)
            outbox.notify(
                tx,
                buyer.msisdn,
                "order_kept",
                number=here.number,
                agent=remittance.taker,
                agent_phone=remittance.taker_msisdn,
            )
    for due in payouts.of_order(tx, order_id):
        if due.state != "due" or due.agent_id != remittance.giver_id:
            continue
        _is_with(tx, "payout", due.id, remittance)
        outbox.notify(
            tx,
            due.msisdn,
            "order_moved",
            number=due.number,
            agent=remittance.taker,
            agent_phone=remittance.taker_msisdn,
        )


def _is_with(tx: Transaction, kind: str, row_id: int, remittance: Remittance) -> None:
    taker_id = remittance.taker_id
    tx.execute(f"UPDATE {kind}s SET agent_id = ? WHERE id = ?", (taker_id, row_id))
    tx.event("remittance", f"{kind}.hand_on", f"{kind}:{row_id}", agent_id=taker_id)


def _moved(tx: Transaction, before: Remittance, after: Remittance) -> None:
    """Nobody is asked about it any more; with the cash go the orders that it belongs to."""
    confirmations.drop(tx, after.taker_msisdn, after.subject)
    if after.state != "taken":
        return
    ledger.post(
        tx,
        after.subject,
        ledger.cash(after.taker_id),
        ledger.cash(after.giver_id),
        after.amount,
    )
    for row in orders_of(tx, after):
        _hand_on(tx, row["order_id"], after)


MACHINE: Machine[Remittance] = Machine(
    table="remittances",
    transitions=(
        Transition("take", "offered", "taken", TAKER, tells={"giver": "cash_taken"}),
        Transition(
            "take", "offered", "taken", OPERATOR,
            tells={"giver": "cash_taken", "taker": "cash_yours"},
        ),
        Transition("refuse", "offered", "refused", TAKER, tells={"giver": "cash_refused"}),
        *(Transition("call back", "offered", "called back", who) for who in (GIVER, OPERATOR)),
        Transition("lapse", "offered", "lapsed", CLOCK, tells={"giver": "cash_refused"}),
    ),
    timeouts=(
        Timeout(
            "lapse", ("offered",),
            lambda tx, remittance: tx.later(tx.settings.remit_within),
            "PASAR_REMIT_WITHIN", action="lapse",
        ),
    ),
    over=("taken", "refused", "called back", "lapsed"),
    load=by_id,
    sides=lambda tx, each: {"giver": (each.giver_msisdn,), "taker": (each.taker_msisdn,)},
    describe=describe,
    moved=_moved,
)  # fmt: skip
"""What becomes of cash that is handed on."""
