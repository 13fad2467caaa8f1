"""Orders, the money held for them, payouts, complaints and cash handed on: each with what happened
to it, and with the timers that somebody's delay needs.

What an event says of a column holds until another says otherwise, and what none says is as it was
when the row began. So a row that was changed by hand disagrees with events that were not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from store import disputes, escrow, orders, payouts, remittances
from store.check import details, numbering
from store.database import Row
from store.machine import Machine
from store.shop import Transaction

_AT_A_TIME = 500


@dataclass(frozen=True)
class _Kind:
    """What a machine moves, and how its history is read.

    It begins with the event `begins`, and then has `blank` in columns that only later events set;
    events in `beside` do not change the state. `name` is a SQL expression for what people call it.
    """

    machine: Machine[Any]
    begins: str
    name: str
    beside: frozenset[str] = frozenset()
    blank: Mapping[str, Any] = field(default_factory=dict)
    path: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.machine.transitions:
            self.path[each.source, each.action.replace(" ", "_")] = each.target

    @property
    def quiet(self) -> frozenset[str]:
        """Actions of events that change nothing."""
        told = {each.name for each in self.machine.timeouts if not each.action}
        return self.beside | told | {self.begins}

    @property
    def prefix(self) -> str:
        """What its subjects begin with."""
        return self.machine.name_of("").removesuffix(".")


KINDS = (
    _Kind(
        orders.MACHINE, "place", "orders.number", frozenset({"wrong_code", "rate"}),
        {"promised_by": None, "kiosk_id": None, "courier_id": None, "courier_fee": 0},
    ),
    _Kind(escrow.MACHINE, "hold", "'of order ' || orders.number", frozenset({"hand_on"})),
    _Kind(
        payouts.MACHINE, "owe", "'of order ' || orders.number",
        frozenset({"wrong_code", "new_code", "hand_on"}),
    ),
    _Kind(
        disputes.MACHINE, "open", "'of order ' || orders.number",
        blank={"reply": "", "percent": None, "first_id": None, "owed": 0},
    ),
    _Kind(remittances.MACHINE, "offer", "CAST(remittances.id AS TEXT)"),
)  # fmt: skip
"""Everything that a machine moves."""


def faults(tx: Transaction) -> Iterator[str]:
    """Every fault of an order, an escrow, a payout, a complaint or a remittance."""
    for row in tx.rows("SELECT id, number FROM orders ORDER BY id"):
        yield from numbering.faults("order", row["id"], row["number"])
    for kind in KINDS:
        yield from _missing(tx, kind)
        yield from _faults(tx, kind)


def _missing(tx: Transaction, kind: _Kind) -> Iterator[str]:
    """What began once, and is not there any more."""
    for row in tx.rows(
        "SELECT subject FROM events WHERE action = ? AND subject NOT IN"
        f" (SELECT '{kind.prefix}:' || id FROM {kind.machine.table}) ORDER BY seq",
        (f"{kind.prefix}.{kind.begins}",),
    ):
        yield f"{row['subject']}: is not there any more"


def _faults(tx: Transaction, kind: _Kind) -> Iterator[str]:
    table = kind.machine.table
    join = "" if "orders" not in kind.name or table == "orders" else (
        f" JOIN orders ON orders.id = {table}.order_id"
    )  # fmt: skip
    last = 0
    while rows := tx.rows(
        f"SELECT {table}.*, {kind.name} AS name FROM {table}{join}"
        f" WHERE {table}.id > ? ORDER BY {table}.id LIMIT ?",
        (last, _AT_A_TIME),
    ):
        for row in rows:
            yield from _history_faults(tx, kind, row)
        last = rows[-1]["id"]


def _history_faults(tx: Transaction, kind: _Kind, row: Row) -> Iterator[str]:
    """Walks the events from the first on."""
    name = f"{kind.prefix} {row['name']}"
    events = tx.rows(
        "SELECT action, at, details FROM events WHERE subject = ? ORDER BY seq",
        (f"{kind.prefix}:{row['id']}",),
    )
    actions = [str(event["action"]).removeprefix(f"{kind.prefix}.") for event in events]
    if actions[:1] != [kind.begins]:
        first = actions[0] if actions else "missing"
        yield f"{name}: its first event is {first}, not {kind.begins}"
        return
    known = {action for _, action in kind.path} | kind.quiet
    made: Row = {**kind.blank, "state": kind.machine.transitions[0].source}
    since: set[str] = set()
    for action, event in zip(actions, events, strict=True):
        if action not in known:
            yield f"{name}: no {kind.prefix} has an event {action}"
            return
        if (made["state"], action) in kind.path:
            made |= {"state": kind.path[made["state"], action], "changed_at": event["at"]}
            since = set()
        elif action not in kind.quiet:
            yield f"{name}: event {action} came while it was {made['state']}"
            return
        elif action == kind.begins:
            made["changed_at"] = event["at"]
        made |= details.read(event)
        since.add(action)
    wrong = [column for column in row if column in made and row[column] != made[column]]
    for column in sorted(wrong, key=lambda column: column != "state"):
        yield f"{name}: {_called(column)} {row[column]}, its events make it {made[column]}"
    if not wrong:
        yield from _timer_faults(tx, kind, row, name, since)


def _called(column: str) -> str:
    return "is" if column == "state" else f"{column} is"


def _timer_faults(
    tx: Transaction, kind: _Kind, row: Row, name: str, since: set[str]
) -> Iterator[str]:
    """What is waited for has a timer, unless it came up since the state began."""
    for timeout in kind.machine.timeouts:
        if row["state"] not in timeout.states or timeout.name in since:
            continue
        timer = kind.machine.name_of(timeout.name)
        if timeout.due(tx, kind.machine.load(tx, row["id"])) is None:
            continue
        if not _is_set(tx, timer, row["id"]):
            yield f"{name}: is {row['state']} and has no timer {timer}"
            return


def _is_set(tx: Transaction, kind: str, subject: int) -> bool:
    found = tx.value("SELECT 1 FROM timers WHERE kind = ? AND subject = ?", (kind, str(subject)))
    return found is not None
