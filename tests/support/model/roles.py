"""Who is who in an order, a payout, a complaint or a remittance, worked out from the rows alone,
so that a mistake in the shop's own way of asking is seen."""

from typing import TYPE_CHECKING

from store.database import Row

if TYPE_CHECKING:
    from tests.support.model.witness import Witness

NOBODY = ("clock", "operator", "dispute", "order", "remittance")
"""Those who act without a phone, called as their role."""


def phone(seen: "Witness", person_id: int) -> str:
    """Theirs, also when they were erased in this step."""
    now = str(seen.rows["person"][person_id]["msisdn"])
    before = seen.before["person"].get(person_id)
    return now if now.startswith("+") or not before else str(before["msisdn"])


def acting(seen: "Witness", *roles: str) -> dict[int, Row]:
    """Everybody who may act as one of these now, or as an agent of either kind."""
    return {
        key: row
        for key, row in seen.rows["agent"].items()
        if row["dismissed_at"] is None
        and seen.rows["person"][key]["frozen_at"] is None
        and row["role"] in (roles or ("agent", "coordinator"))
    }


def order_of(seen: "Witness", kind: str, row: Row) -> Row:
    return row if kind == "order" else seen.rows["order"][row["order_id"]]


def parties(order: Row) -> set[int]:
    """Whoever gains or loses by an order."""
    return {order["buyer_id"], order["seller_id"], order["courier_id"]} - {None}


def escrow_of(seen: "Witness", order_id: int) -> Row | None:
    """What is or was held for an order, but for mistakes."""
    for row in seen.rows["escrow"].values():
        if row["order_id"] == order_id and row["state"] != "void":
            return row
    return None


def custodian(seen: "Witness", order_id: int) -> int | None:
    """The agent who has, or had last, the buyer's money."""
    held = escrow_of(seen, order_id)
    return held["agent_id"] if held else None


def dispute_of(seen: "Witness", order_id: int) -> Row | None:
    return next((d for d in seen.rows["dispute"].values() if d["order_id"] == order_id), None)


def phones(seen: "Witness", kind: str, row: Row, side: str) -> list[str]:
    """The phones of one side."""
    if kind == "remittance":
        return [phone(seen, row[f"{side}_id"])]
    if kind == "payout":
        return [phone(seen, row["person_id"])]
    order = order_of(seen, kind, row)
    if side in ("accused", "opener"):
        by_seller = row["side"] == "seller"
        side = "seller" if by_seller == (side == "opener") else "buyer"
    if side in ("buyer", "seller", "courier"):
        key = order[f"{side}_id"]
        return [phone(seen, key)] if key else []
    if side == "coordinator":
        barred = parties(order)
        if row["state"] != "owing":
            barred |= {row["first_id"], custodian(seen, order["id"])}
        return [phone(seen, key) for key in acting(seen, "coordinator") if key not in barred]
    if kind == "dispute":
        return [phone(seen, row["agent_id"])] if row["agent_id"] in acting(seen) else []
    kiosk = order["kiosk_id"] if order["state"] == "at agent" else None
    keepers = {custodian(seen, order["id"])} | ({kiosk} if kiosk in acting(seen) else set())
    return [phone(seen, key) for key in keepers if key]


JUDGING = ("rule", "propose", "second", "differ")
"""What nobody does about an order whose money they keep."""


def is_in(seen: "Witness", kind: str, row: Row, action: str, who: str, actor: str) -> bool:
    """Whether the actor may do this in the role `who`: it is theirs, and they are apart from what
    they judge, hold or look at."""
    if who in NOBODY:
        return actor == who
    if who in ("agent", "coordinator"):
        for key in acting(seen, *([who] if who == "coordinator" else [])):
            if phone(seen, key) == actor:
                return _is_apart(seen, kind, row, action, key)
        return False
    return actor in phones(seen, kind, row, who)


def _is_apart(seen: "Witness", kind: str, row: Row, action: str, agent_id: int) -> bool:
    if kind == "payout":
        return bool(row["agent_id"] == agent_id != row["person_id"])
    order = order_of(seen, kind, row)
    if action in JUDGING and agent_id == custodian(seen, order["id"]):
        return False
    return agent_id not in parties(order)
