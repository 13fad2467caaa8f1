"""Orders with what happened to them, and with the timers that somebody's delay needs."""

from collections.abc import Iterator

from store.check import numbering
from store.orders.machine import MACHINE
from store.shop import Transaction

BESIDE_THE_PATH = {"place", "remind", "late", "wrong_code", "rate"}
"""Actions of an order's events that do not change its state."""

_PATH = {(t.source, t.action.replace(" ", "_")): t.target for t in MACHINE.transitions}
_ACTIONS = {action for _, action in _PATH} | BESIDE_THE_PATH
_AT_A_TIME = 500


def faults(tx: Transaction) -> Iterator[str]:
    """Every fault of an order."""
    last = 0
    while rows := tx.rows(
        "SELECT id, number, state FROM orders WHERE id > ? ORDER BY id LIMIT ?", (last, _AT_A_TIME)
    ):
        for row in rows:
            yield from numbering.faults("order", row["id"], row["number"])
            yield from _history_faults(tx, row["id"], f"order {row['number']}", row["state"])
        last = rows[-1]["id"]


def _history_faults(tx: Transaction, order_id: int, name: str, kept: str) -> Iterator[str]:
    """Walks an order's events from its placing on."""
    actions = [
        str(row["action"]).removeprefix("order.")
        for row in tx.rows(
            "SELECT action FROM events WHERE subject = ? ORDER BY seq", (f"order:{order_id}",)
        )
    ]
    if actions[:1] != ["place"]:
        yield f"{name}: its first event is {actions[0] if actions else 'missing'}, not place"
        return
    state = "waiting"
    for action in actions:
        if action not in _ACTIONS:
            yield f"{name}: no order has an event {action}"
            return
        if action in BESIDE_THE_PATH:
            continue
        if (state, action) not in _PATH:
            yield f"{name}: event {action} came while it was {state}"
            return
        state = _PATH[state, action]
    if state != kept:
        yield f"{name}: is {kept}, its events make it {state}"
        return
    for timeout in MACHINE.timeouts:
        if timeout.state == state and timeout.name not in actions:  # it did not come up yet
            timer = MACHINE.name_of(timeout.name)
            if not _is_set(tx, timer, order_id):
                yield f"{name}: is {state} and has no timer {timer}"
                return


def _is_set(tx: Transaction, kind: str, order_id: int) -> bool:
    found = tx.value("SELECT 1 FROM timers WHERE kind = ? AND subject = ?", (kind, str(order_id)))
    return found is not None
