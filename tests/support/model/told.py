"""Who is to be told what, because of an event: what the tables of the machines say, and the few
notices that actions send themselves."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from store import disputes, escrow, orders, payouts, remittances
from store.database import Row
from store.machine import Machine, Transition
from store.shop import Transaction
from tests.support.model import roles

if TYPE_CHECKING:
    from tests.support.model.witness import Witness

MACHINES: dict[str, Machine[Any]] = {
    "order": orders.MACHINE,
    "escrow": escrow.MACHINE,
    "payout": payouts.MACHINE,
    "dispute": disputes.MACHINE,
    "remittance": remittances.MACHINE,
}
"""What moves, by what its subjects begin with."""


def called(kind: str, transition: Transition[Any]) -> str:
    """What a transition is called where they are counted."""
    return f"{kind} {transition.source}: {transition.action} ({transition.who})"


Told = tuple[str, str]
"""A phone and a notice."""

BEGINNINGS = {"order.place": {"seller": "order_new"}, "payout.owe": {"payee": "order_payout"}}
"""What the beginning of an order or a payout tells."""

COMPLAINTS = {
    "buyer": {"accused": "order_complaint"},
    "seller": {"accused": "order_no_code"},
    "agent": {"buyer": "order_found_bad", "accused": "order_complaint"},
}
"""What a new complaint tells, by who complained."""

WITH_REASON = ("order.reject", "order.give_up")
"""Actions whose notice has another wording with a reason."""


def because_of(
    tx: Transaction, seen: "Witness", event: Row, transition: Transition[Any] | None
) -> Iterator[Told]:
    """Each message that an event causes."""
    if event["action"] in DIRECT:
        yield from DIRECT[event["action"]](seen, event)
    kind = event["action"].split(".")[0]
    machine = MACHINES.get(kind)
    if machine is None:
        return
    row = seen.rows[kind][int(event["subject"].split(":")[1])]
    tells = transition.tells if transition else _tells(machine, event, row)
    for side, notice in tells.items():
        name = machine.variant(machine.load(tx, row["id"]), notice) if machine.variant else notice
        if event["details"].get("why") and event["action"] in WITH_REASON:
            name += "_why"
        for phone in roles.phones(seen, kind, row, side):
            yield phone, name


def _tells(machine: Machine[Any], event: Row, row: Row) -> Mapping[str, str]:
    """What a beginning tells, or a time-out that leaves the state as it is."""
    if event["action"] == "dispute.open":
        return COMPLAINTS[row["side"]]
    if event["action"] in BEGINNINGS:
        return BEGINNINGS[event["action"]]
    for timeout in machine.timeouts:
        if not timeout.action and machine.name_of(timeout.name) == event["action"]:
            return dict(timeout.tells)
    return {}


def _of_courier(seen: "Witness", event: Row) -> Iterator[Told]:
    if "courier_id" in event["details"]:
        yield roles.phone(seen, event["details"]["courier_id"]), "order_courier"


def _of_hand_over(seen: "Witness", event: Row) -> Iterator[Told]:
    """Whoever had an agent hold money says so themselves when they are content."""
    key = int(event["subject"].split(":")[1])
    if roles.escrow_of(seen, key):
        yield roles.phone(seen, seen.rows["order"][key]["buyer_id"]), "order_handed"


def _of_offer(seen: "Witness", event: Row) -> Iterator[Told]:
    if event["actor"] != "operator":
        yield roles.phone(seen, event["details"]["taker_id"]), "cash_offered"


def _of_moved(seen: "Witness", event: Row) -> Iterator[Told]:
    """Whoever paid, or can fetch, money that another agent has from now on."""
    for key, row in seen.rows["escrow"].items():
        before = seen.before["escrow"].get(key)
        if before and before["agent_id"] != row["agent_id"] and row["state"] in ("held", "frozen"):
            yield roles.phone(seen, seen.rows["order"][row["order_id"]]["buyer_id"]), "order_kept"
    for key, row in seen.rows["payout"].items():
        before = seen.before["payout"].get(key)
        if before and before["agent_id"] != row["agent_id"] and row["state"] == "due":
            yield roles.phone(seen, row["person_id"]), "order_moved"


def _of_report(seen: "Witness", event: Row) -> Iterator[Told]:
    """The agent who vouched for somebody, else the coordinators."""
    key = int(event["subject"].split(":")[1])
    vouched_by = seen.rows["person"][key]["vouched_by"]
    agents = {k for k, row in seen.rows["agent"].items() if row["dismissed_at"] is None}
    coordinators = set(roles.acting(seen, "coordinator"))
    for keeper in {vouched_by} if vouched_by in agents else coordinators - {key}:
        yield roles.phone(seen, keeper), "reported"


def _of_frozen(seen: "Witness", event: Row) -> Iterator[Told]:
    """The person, and the buyers whose money an agent has for what they did not send yet."""
    key = int(event["subject"].split(":")[1])
    yield roles.phone(seen, key), "frozen"
    for order in seen.rows["order"].values():
        if order["seller_id"] == key and order["state"] == "held":
            yield roles.phone(seen, order["buyer_id"]), "order_seller_frozen"


def _to_person(notice: str) -> Callable[["Witness", Row], Iterator[Told]]:
    def told(seen: "Witness", event: Row) -> Iterator[Told]:
        yield roles.phone(seen, int(event["subject"].split(":")[1])), notice

    return told


DIRECT: dict[str, Callable[["Witness", Row], Iterator[Told]]] = {
    "order.hand_over": _of_hand_over,
    "order.send": _of_courier,
    "remittance.offer": _of_offer,
    "remittance.take": _of_moved,
    "person.vouched": _to_person("vouched"),
    "person.frozen": _of_frozen,
    "person.thawed": _to_person("thawed"),
    "person.reported": _of_report,
}
"""Notices beside those of the machines, by the action that sends them."""
