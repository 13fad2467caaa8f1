"""State machines as data: tables of transitions and time-outs, and the one interpreter of them.

What must stay true: a thing changes its state by `Machine.move` and nowhere else, in one
transaction with the event, the messages and the timers that its table gives; a state that
somebody must leave in time has a timer from the moment it is entered until it is left.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

from store import outbox, timers
from store.errors import Refused
from store.shop import Transaction

CLOCK = "clock"
"""Who does what nobody did in time."""

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Thing(Protocol):
    """What a machine moves: a row of its table, as read."""

    @property
    def id(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def subject(self) -> str: ...


T = TypeVar("T", bound=Thing)


@dataclass(frozen=True)
class Transition(Generic[T]):
    """`action` takes a thing from `source` to `target` when one in the role `who` does it.

    An action leads from a state to one state only, whoever does it.

    `guard` raises Refused when it may not be just now; the first line of its docstring says when
    it may. `tells` has the notice for each side that is told; where a reason is among the values,
    the notice of the same name and `_why`.
    """

    action: str
    source: str
    target: str
    who: str
    guard: Callable[[Transaction, T], None] | None = None
    tells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Timeout(Generic[T]):
    """What happens when a thing is in one of `states` too long: at `due`, a moment as text, or
    never, None.

    `action` names the clock's transition; without one the state stays, and `tells` is all that
    happens, as messages of `kind`. `span` says in words how long it is.
    """

    name: str
    states: tuple[str, ...]
    due: Callable[[Transaction, T], str | None]
    span: str
    action: str = ""
    tells: Mapping[str, str] = field(default_factory=dict)
    kind: str = "order"


@dataclass(frozen=True)
class Machine(Generic[T]):
    """The states of the rows of `table`.

    `load` reads a row by its id, `sides` gives the phones of each side, `describe` the values of
    its notices, `variant` the notice that is told instead of another. `moved` does what else
    belongs to a change, told the thing before and after it. The first transition's source is the
    state in which things begin; in a state of `over` nobody has to do anything any more, though
    somebody may.
    """

    table: str
    transitions: tuple[Transition[T], ...]
    timeouts: tuple[Timeout[T], ...]
    over: tuple[str, ...]
    load: Callable[[Transaction, int], T]
    sides: Callable[[Transaction, T], Mapping[str, tuple[str, ...]]]
    describe: Callable[[T], dict[str, Any]]
    variant: Callable[[T, str], str] | None = None
    moved: Callable[[Transaction, T, T], None] | None = None

    def __post_init__(self) -> None:
        for timeout in self.timeouts:
            timers.HANDLERS[self.name_of(timeout.name)] = self._handler(timeout)

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order in which the table names them."""
        named = [state for each in self.transitions for state in (each.source, each.target)]
        return tuple(dict.fromkeys(named))

    def transition(self, thing: T, action: str, who: str) -> Transition[T]:
        """What `action` by `who` would do now. Raises Refused("not_now")."""
        for each in self.transitions:
            if (each.action, each.source, each.who) == (action, thing.state, who):
                return each
        raise Refused("not_now", number=thing.number, state=thing.state)

    def check(self, tx: Transaction, thing: T, action: str, who: str) -> Transition[T]:
        """The same, if its guard lets it. Raises Refused, also what the guard raises."""
        transition = self.transition(thing, action, who)
        if transition.guard:
            transition.guard(tx, thing)
        return transition

    def allows(self, tx: Transaction, thing: T, action: str, who: str) -> bool:
        """Whether `who` may do this now, as far as the table tells."""
        try:
            self.check(tx, thing, action, who)
        except Refused:
            return False
        return True

    def begin(
        self,
        tx: Transaction,
        thing: T,
        action: str,
        actor: str,
        *,
        tells: Mapping[str, str] = NOTHING,
        details: Mapping[str, Any] = NOTHING,
    ) -> None:
        """What belongs to a new thing's first state: event, timers, messages."""
        tx.event(actor, self.name_of(action), thing.subject, **details)
        self._set_timers(tx, thing)
        self._tell(tx, thing, tells)

    def move(
        self,
        tx: Transaction,
        thing: T,
        action: str,
        who: str,
        actor: str,
        *,
        keep: Mapping[str, Any] = NOTHING,
        details: Mapping[str, Any] = NOTHING,
        values: Mapping[str, Any] = NOTHING,
    ) -> T:
        """Moves the thing along its transition, with all that belongs to it; as it is after that.

        `actor` is the phone of who does it, in the role `who`, or what that is called. `keep` are
        columns to set, `details` go into the event, `values` into the notices, beside what
        describes the thing. A detail that is called like a column is what that column is from now
        on (`store.check.histories`). Raises Refused, also when somebody else moved it meanwhile.
        """
        transition = self.check(tx, thing, action, who)
        columns = "".join(f", {column} = :{column}" for column in keep)
        changed = tx.execute(
            f"UPDATE {self.table} SET state = :target, changed_at = :now{columns}"
            " WHERE id = :id AND state = :source",
            {
                "target": transition.target,
                "now": tx.moment,
                "id": thing.id,
                "source": transition.source,
                **keep,
            },
        )
        moved = self.load(tx, thing.id)
        if not changed:
            raise Refused("not_now", number=thing.number, state=moved.state)
        tx.event(actor, self.name_of(action), thing.subject, **details)
        left = (self.name_of(each.name) for each in self._timeouts(thing.state))
        timers.cancel(tx, str(thing.id), *left)
        outbox.withdraw(tx, thing.subject)
        self._set_timers(tx, moved)
        self._tell(tx, moved, transition.tells, values)
        if self.moved is None:
            return moved
        self.moved(tx, thing, moved)
        return self.load(tx, thing.id)  # which may have moved on at once

    def _timeouts(self, state: str) -> list[Timeout[T]]:
        return [each for each in self.timeouts if state in each.states]

    def _set_timers(self, tx: Transaction, thing: T) -> None:
        for timeout in self._timeouts(thing.state):
            due = timeout.due(tx, thing)
            if due is not None:
                timers.set_timer(tx, self.name_of(timeout.name), str(thing.id), due)

    def _handler(self, timeout: Timeout[T]) -> timers.Handler:
        def out_of_time(tx: Transaction, subject: str) -> None:
            thing = self.load(tx, int(subject))
            if thing.state not in timeout.states:
                return
            if timeout.action:
                self.move(tx, thing, timeout.action, CLOCK, CLOCK)
                return
            tx.event(CLOCK, self.name_of(timeout.name), thing.subject)
            self._tell(tx, thing, timeout.tells, kind=timeout.kind)

        return out_of_time

    def name_of(self, action: str) -> str:
        """How events and timers name an action or a time-out."""
        return f"{self.table.removesuffix('s')}.{action.replace(' ', '_')}"

    def _tell(
        self,
        tx: Transaction,
        thing: T,
        tells: Mapping[str, str],
        values: Mapping[str, Any] = NOTHING,
        *,
        kind: str = "order",
    ) -> None:
        if not tells:
            return
        told, phones = {**self.describe(thing), **values}, self.sides(tx, thing)
        about = thing.subject if kind == "reminder" else ""
        for side, notice in tells.items():
            name = self.variant(thing, notice) if self.variant else notice
            name = f"{name}_why" if values.get("why") else name
            for msisdn in phones[side]:
                outbox.notify(tx, msisdn, name, kind=kind, about=about, **told)
