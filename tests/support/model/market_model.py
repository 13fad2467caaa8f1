"""All rules together, and those that play with the others: the same again, what nobody asked for,
and what was seen before somebody else was faster."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from store.shop import Transaction
from tests.support.model.onward import Onward
from tests.support.model.play import WHICH, Play
from tests.support.model.told import MACHINES
from tests.support.model.trust import Trust
from tests.support.model.world import EVERYBODY


def somebody_was_faster(self: Play) -> bool:
    return any(len(past) > 1 for past in self.seen.past.values())


class MarketModel(Onward, Trust):
    """The whole market."""

    @precondition(lambda self: self.last is not None)
    @rule()
    def again(self) -> None:
        """The same command comes twice: delivered twice, or sent by somebody impatient."""
        self.do("again", self.last)

    @precondition(somebody_was_faster)
    @rule(which=WHICH, when=st.integers(0, 7), who=st.integers(0, len(EVERYBODY) - 1))
    def too_late(self, which: int, when: int, who: int) -> None:
        """Somebody acts on what they saw before it moved on: refused, whatever it is."""
        moved = sorted(subject for subject, past in self.seen.past.items() if len(past) > 1)
        subject = moved[which % len(moved)]
        kind, key = subject.split(":")
        machine, now = MACHINES[kind], self.seen.states[subject]
        earlier = [
            each
            for each in machine.transitions
            if each.source in self.seen.past[subject] and each.source != now
        ]
        if not earlier:
            return
        chosen = earlier[when % len(earlier)]

        def act(tx: Transaction) -> None:
            seen = replace(machine.load(tx, int(key)), state=chosen.source)
            machine.move(tx, seen, chosen.action, chosen.who, EVERYBODY[who])

        self.refuse("too_late", act, "not_now")
