"""How the machine plays: whom it picks, one action at a time, and what is counted."""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from store import people, timers
from store.database import Row
from store.errors import Refused
from store.people import Person
from store.shop import Transaction
from tests.support.model.world import EVERYBODY, World

Action = Callable[[Transaction], Any]

WHICH = st.integers(0, 63)
"""Which of several; the highest ones mean any at all, also what an action does not fit."""
WHO = st.integers(0, 39)
"""Who does it: mostly the right one, and else somebody."""

WEEKS_AFTER = 8
"""All time-outs are over by then."""

_ANY_FROM, _SOMEBODY_FROM = 58, 30


class Unregistered(Exception):
    """The phone is nobody's just now, so nothing is done."""


class Play(RuleBasedStateMachine):
    """One run of the market. `done` counts over all runs what rules did, and what it moved."""

    world: ClassVar[World | None] = None
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        if Play.world is None:
            Play.world = World()
        self.shop, self.clock, self.seen = Play.world.begin()
        self.done["runs"] += 1
        self.last: Action | None = None
        self.sound = True
        self.chosen: Row | None = None
        self.disturbed = 0

    def teardown(self) -> None:
        try:
            if self.sound:
                for _ in range(WEEKS_AFTER):
                    self.clock.turn(days=7)
                    self.run_timers()
                with self.shop.read() as tx:
                    self.seen.look_at_all(tx)
        finally:
            Play.done.update(self.seen.moves)
            Play.world.end()

    # One action, and a look at what came of it.

    def do(self, name: str, action: Action) -> None:
        """Does it in a transaction of its own; a refusal is committed, as the menus do."""
        if self._try(action) is None:
            self.done[name] += 1

    def refuse(self, name: str, action: Action, reason: str) -> None:
        """Does what must be refused, often for this reason."""
        refusal = self._try(action)
        assert refusal, f"{name} was not refused"
        self.done[name] += refusal == reason

    def _try(self, action: Action) -> str | None:
        """Why it was refused; the rest of the market is as it should be after it."""
        self.last, self.sound = action, False
        connection = self.shop.database.connection().raw
        before, refusal = connection.total_changes, None
        try:
            with self.shop.write() as tx:
                try:
                    action(tx)
                except Refused as refused:
                    refusal = refused
        except Unregistered:
            self.sound = True
            return "unregistered"
        changed = connection.total_changes - before
        with self.shop.read() as tx:
            if refusal:
                self.seen.refused(tx, refusal, changed)
            else:
                self.seen.look(tx)
        self.sound = True
        return refusal.reason if refusal else None

    def disturb(self, name: str, action: Action) -> None:
        """Does something that makes it harder for others to go on."""
        self.disturbed += 1
        self.do(name, action)

    def run_timers(self) -> None:
        """Runs all that is due, one by one; none may fail."""
        self.sound = False
        while timers.run_next(self.shop):
            with self.shop.read() as tx:
                failed = tx.value("SELECT kind FROM timers WHERE attempts > 0")
                assert failed is None, f"the timer {failed} failed"
                self.seen.look(tx)
        self.sound = True

    # Whom and what it picks.

    def rows(self, kind: str, *states: str) -> list[Row]:
        """The rows of a kind in one of these states, or all, the newest first."""
        every = reversed(self.seen.rows[kind].values())
        return [row for row in every if not states or row["state"] in states]

    def pick(self, which: int, kind: str, *states: str) -> Row:
        """One in one of these states; seldom any. The chosen one, if there is one."""
        if self.chosen is not None:
            return self.chosen
        fitting = self.rows(kind, *states)
        if which >= _ANY_FROM or not fitting:
            fitting = self.rows(kind)
        return fitting[which % len(fitting)]

    def someone(self, who: int, right: int | str | None) -> str:
        """The phone of the right one, a person's id or a phone; seldom somebody else's."""
        if who >= _SOMEBODY_FROM or right is None:
            return EVERYBODY[who % len(EVERYBODY)]
        return right if isinstance(right, str) else self.phone(right)

    def phone(self, person_id: int) -> str:
        return str(self.seen.rows["person"][person_id]["msisdn"])

    def order_of(self, row: Row) -> Row:
        return self.seen.rows["order"][row["order_id"]]


def person(tx: Transaction, phone: str) -> Person:
    """The phone's owner, as the menus find them: nobody calls from no phone."""
    found = people.of_phone(tx, phone) if phone.startswith("+") else None
    if found is None:
        raise Unregistered
    return found


def seldom(self: Play) -> bool:
    """Whether enough has gone on to bear a disturbance: without that few orders come far."""
    return self.disturbed * 4 <= self.seen.moves.total()


def any_in(kind: str, *states: str) -> Callable[[Play], bool]:
    """Whether there is a row of this kind in one of these states, or at all."""

    def found(self: Play) -> bool:
        rows = self.seen.rows[kind].values()
        return any(not states or row["state"] in states for row in rows)

    return found
