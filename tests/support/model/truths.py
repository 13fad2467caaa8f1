"""What must be true of the market whatever people do in it."""

from collections import Counter
from typing import TYPE_CHECKING

from store import ledger
from store.database import Row
from store.orders.machine import OVER, RESERVING, SELLING
from tests.support.model import roles

if TYPE_CHECKING:
    from tests.support.model.witness import Witness

NOT_WHILE_FROZEN = ("order.place", "order.accept", "order.send", "order.hold", "escrow.hold")
"""What nobody does who is frozen."""


def of_event(seen: "Witness", event: Row) -> None:
    """What must be true at the moment of one event."""
    action, key = event["action"], event["subject"].split(":")[1]
    if action == "payout.owe" and event["details"]["role"] != "buyer":
        _is_earned(seen, seen.rows["payout"][int(key)])
    if action == "payout.pay":
        _may_be_paid(seen, seen.rows["payout"][int(key)])
    if action in ("escrow.hold", "dispute.repay"):
        _has_room(seen, event["actor"])
    if action == "remittance.take":
        _has_room(seen, roles.phone(seen, seen.rows["remittance"][int(key)]["taker_id"]))
    if action == "order.place":
        _may_be_placed(seen, seen.rows["order"][int(key)])
    if action in ("dispute.open", "dispute.propose"):
        _has_a_judge_apart(seen, seen.rows["dispute"][int(key)])
    if action in NOT_WHILE_FROZEN:
        for row in seen.rows["person"].values():
            assert row["msisdn"] != event["actor"] or not row["frozen_at"], f"{action} by {row}"
    _fill_shelves(seen, event)


def _may_be_paid(seen: "Witness", payout: Row) -> None:
    """Nobody is paid who is frozen, or while there is a complaint."""
    state = seen.states[f"order:{payout['order_id']}"]
    assert state != "disputed", f"payout {payout['id']}: in the middle of a complaint"
    payee = seen.rows["person"][payout["person_id"]]
    assert payee["frozen_at"] is None, f"payout {payout['id']}: to somebody who is frozen"


def _has_a_judge_apart(seen: "Witness", dispute: Row) -> None:
    """Whoever is asked to rule is an agent, no party, does not keep the money, and is not asked
    twice."""
    order = roles.order_of(seen, "dispute", dispute)
    judge = dispute["agent_id"]
    barred = {*roles.parties(order), roles.custodian(seen, order["id"]), dispute["first_id"]}
    assert judge is None or judge in roles.acting(seen), f"dispute {dispute['id']}: no agent rules"
    assert judge is None or judge not in barred, f"dispute {dispute['id']}: {judge} is to rule"


def _is_earned(seen: "Witness", payout: Row) -> None:
    """The seller gets money for what the buyer has got, or because somebody ruled so."""
    order = seen.rows["order"][payout["order_id"]]
    dispute = roles.dispute_of(seen, order["id"])
    if dispute and dispute["state"] != "withdrawn":
        return
    agreed = bool(dispute) and dispute["side"] != "seller"
    assert order["handed_at"] or agreed, f"order {order['id']}: the seller is paid for nothing"


def _has_room(seen: "Witness", actor: str) -> None:
    """Whoever takes cash does not hold more than their cap afterwards."""
    for key, agent in roles.acting(seen).items():
        if roles.phone(seen, key) == actor:
            cash = seen.accounts[ledger.cash(key)]
            assert cash <= agent["cap"], f"agent {key} holds {cash}, more than {agent['cap']}"
            return
    raise AssertionError(f"{actor} took cash and is no agent")


def _may_be_placed(seen: "Witness", order: Row) -> None:
    """Within the cap of its buyer, and, of a service, within a week's room."""
    buyer = seen.rows["person"][order["buyer_id"]]
    assert buyer["frozen_at"] is None, f"order {order['id']}: its buyer is frozen"
    seller = seen.rows["person"][order["seller_id"]]
    assert seller["frozen_at"] is None, f"order {order['id']}: its seller is frozen"
    assert (seller["closed_until"] or "") <= seen.moment, f"order {order['id']}: the shop is closed"
    cap = 2_000_000 if buyer["vouched_by"] else 300_000
    assert order["total"] - order["deposit"] <= cap, f"order {order['id']}: over the cap"
    if order["slot"]:
        taken = seen.rows["slot"][f"{order['listing_id']} {order['slot']}"]["taken"]
        room = seen.rows["listing"][order["listing_id"]]["stock"]
        assert taken <= room, f"order {order['id']}: {taken} in a week of {room}"


def _fill_shelves(seen: "Witness", event: Row) -> None:
    """What the sellers did to their shelves."""
    key = event["subject"].split(":")[1]
    if event["action"] == "person.erased":
        for listing in seen.rows["listing"].values():
            if listing["seller_id"] == int(key):
                is_goods = listing["kind"] == "goods"
                left = listing["reserved"] + listing["sold"] if is_goods else 0
                seen.shelves[listing["id"]] = left
    elif event["action"] in ("listing.new", "listing.stock"):
        listing = next(row for row in seen.rows["listing"].values() if row["number"] == key)
        before = event["details"].get("before", 0)
        shelf = seen.shelves.get(listing["id"], 0)
        seen.shelves[listing["id"]] = shelf + event["details"]["stock"] - before


def of_now(seen: "Witness") -> None:
    """What must be true between any two steps."""
    _goods_are_somewhere(seen)
    _money_is_somewhere(seen)
    _rulings_are_carried_out(seen)
    _nobody_is_judge_of_their_own(seen)
    _nobody_gone_is_needed(seen)


def _goods_are_somewhere(seen: "Witness") -> None:
    reserved, sold, booked = Counter(), Counter(), Counter()
    for order in seen.rows["order"].values():
        if order["state"] in RESERVING:
            reserved[order["listing_id"]] += order["quantity"]
        elif order["state"] in SELLING:
            sold[order["listing_id"]] += order["quantity"]
        else:
            continue
        if order["slot"]:
            booked[f"{order['listing_id']} {order['slot']}"] += order["quantity"]
    for key, listing in seen.rows["listing"].items():
        ours = (reserved[key], sold[key])
        theirs = (listing["reserved"], listing["sold"])
        assert theirs == ours, f"listing {key}: reserved, sold are {theirs}, its orders make {ours}"
        on_shelf = listing["stock"] + (sum(theirs) if listing["kind"] == "goods" else 0)
        assert on_shelf == seen.shelves[key], f"listing {key}: {on_shelf}, not {seen.shelves[key]}"
    taken = {key: row["taken"] for key, row in seen.rows["slot"].items() if row["taken"]}
    assert taken == booked, f"weeks: {taken} taken, orders make {dict(booked)}"


def _money_is_somewhere(seen: "Witness") -> None:
    """Balances are what the postings make, and what is held and owed, agent by agent."""
    expected: Counter[str] = Counter()
    for escrow in seen.rows["escrow"].values():
        if escrow["state"] in ("held", "frozen"):
            expected[ledger.cash(escrow["agent_id"])] += escrow["amount"]
            expected[ledger.held(escrow["order_id"])] += escrow["amount"]
    for payout in seen.rows["payout"].values():
        if payout["state"] == "due":
            expected[ledger.cash(payout["agent_id"])] += payout["amount"]
            expected[ledger.due(payout["role"], payout["person_id"])] += payout["amount"]
    kept = {key: row["balance"] for key, row in seen.rows["balance"].items()}
    assert all(balance >= 0 for balance in kept.values()), kept
    posted = {account: made for account, made in seen.accounts.items() if made}
    assert {account: left for account, left in kept.items() if left} == posted, (kept, posted)
    assert posted == expected, f"balances {posted}, held and owed {dict(expected)}"
    cash = sum(left for account, left in posted.items() if ledger.is_cash(account))
    assert cash * 2 == sum(posted.values()), posted
    _orders_get_no_more_than_was_paid(seen)


def _orders_get_no_more_than_was_paid(seen: "Witness") -> None:
    given: Counter[int] = Counter()
    for payout in seen.rows["payout"].values():
        if payout["state"] != "taken back":
            given[payout["order_id"]] += payout["amount"]
    for order_id, amount in given.items():
        paid_in = seen.paid_in[ledger.held(order_id)]
        assert amount <= paid_in, f"order {order_id}: {amount} owed of {paid_in}"
    for key, row in seen.rows["balance"].items():
        if ledger.is_cash(key) and row["balance"]:
            agent = seen.rows["agent"][int(key.split(":")[1])]
            assert agent["dismissed_at"] is None, f"{key}: {row['balance']} with no agent"


def _rulings_are_carried_out(seen: "Witness") -> None:
    """The buyer gets what was ruled, to the rupiah, and the courier no more than their fee."""
    got: Counter[tuple[int, str]] = Counter()
    for payout in seen.rows["payout"].values():
        if payout["state"] != "taken back":
            got[payout["order_id"], payout["role"]] += payout["amount"]
    for (order_id, role), amount in got.items():
        fee = seen.rows["order"][order_id]["courier_fee"]
        assert role != "courier" or amount <= fee, f"order {order_id}: {amount} to its courier"
    for dispute in seen.rows["dispute"].values():
        if dispute["state"] in ("ruled", "owing"):
            ruled = (dispute["paid"] * dispute["percent"] + 50) // 100
            still = dispute["owed"] if dispute["state"] == "owing" else 0
            buyers = got[dispute["order_id"], "buyer"] + still
            assert buyers == ruled, f"dispute {dispute['id']}: {buyers} of {ruled}"


def _nobody_is_judge_of_their_own(seen: "Witness") -> None:
    """No agent keeps money of an order of their own, and nothing moves in a complaint."""
    for escrow in seen.rows["escrow"].values():
        if escrow["state"] in ("held", "frozen"):
            order = seen.rows["order"][escrow["order_id"]]
            assert escrow["agent_id"] not in roles.parties(order), (
                f"order {order['id']}: a party keeps its money"
            )
            disputed = order["state"] == "disputed"
            assert disputed == (escrow["state"] == "frozen"), (
                f"order {order['id']} is {order['state']}, its money is {escrow['state']}"
            )
    for payout in seen.rows["payout"].values():
        if payout["state"] == "due":
            order = seen.rows["order"][payout["order_id"]]
            assert payout["agent_id"] not in roles.parties(order), (
                f"order {order['id']}: a party owes its money"
            )


def _nobody_gone_is_needed(seen: "Witness") -> None:
    """Nobody who was erased has an order that is under way, money to get, or money of others."""
    gone = {key for key, row in seen.rows["person"].items() if not row["msisdn"].startswith("+")}
    if not gone:
        return
    for order in seen.rows["order"].values():
        if order["state"] not in OVER:
            here = {order["kiosk_id"]} if order["state"] == "at agent" else set()
            needed = roles.parties(order) | here
            assert not gone & needed, f"order {order['id']}: somebody is gone"
    for payout in seen.rows["payout"].values():
        if payout["state"] == "due":
            assert not gone & {payout["person_id"], payout["agent_id"]}, payout
    for cash in seen.rows["remittance"].values():
        if cash["state"] == "offered":
            assert not gone & {cash["giver_id"], cash["taker_id"]}, cash


IN_TIME = {
    "order": ("waiting", "handed over"),
    "dispute": ("opened", "with agent", "proposed"),
    "remittance": ("offered",),
}
"""What does not stay so if nobody does anything."""


def of_the_end(seen: "Witness") -> None:
    """What must be true once nobody has done anything for a long time."""
    for kind, states in IN_TIME.items():
        for key, row in seen.rows[kind].items():
            assert row["state"] not in states, f"{kind} {key} is {row['state']} for ever"
    for key, order in seen.rows["order"].items():
        unpaid = order["state"] == "accepted" and order["deposit"]
        assert not unpaid, f"order {key} waits for its deposit for ever"
