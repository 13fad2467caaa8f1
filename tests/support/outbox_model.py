"""The messages out as a game that hypothesis plays: two links, three phones, workers that die,
answers that come late or never, reports in any order, and a clock that goes on.

What a provider was given is kept here, apart from the database, and is what the rules are held
against: nothing is lost, what may not be sent twice is not, each phone reads its messages in their
order, the budget and the links' limits hold, and every message comes to an end.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from settings import Settings
from store import codes, consents, outbox
from store.outbox import Message, Outcome
from store.outbox.states import NEVER
from store.shop import Shop
from tests.support import moves
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, DEWI, SRI, plain
from tests.support.model.world import OpenShop, Sandbox

LINKS, PHONES = ("one", "two"), (SRI, BUDI, DEWI)
AT_ONCE, BUDGET, RATE = 2, 14, 2.0

WHICH = st.integers(0, 31)
NEW = st.tuples(
    st.sampled_from(PHONES),
    st.sampled_from(["security", "order", "order", "reply", "reminder", "reminder", "broadcast"]),
    st.booleans(),
    st.sampled_from([0, 0, 30, 150]),
    st.integers(0, 9),
)
"""To whom, of which kind, with a code, how long, about which order."""

ANSWER = st.tuples(
    WHICH,
    st.sampled_from(["accepted", "accepted", "refused", "refused", "failed", "unknown"]),
    st.sampled_from(["works", "works", "works", "busy", "down"]),
    st.booleans(),
)
"""To which attempt, what it says, what it says of its link, and whether the message was taken."""

SPANS = st.sampled_from([0.25, 1, 3, 3, 3, 3, 20, 20, 31, 31, 31, 121, 121, 121, 600, 3600, 21600])
"""Seconds."""


@dataclass
class Written:
    """A message as it was written, and what became of it as far as its reader could tell."""

    number: int
    id: str
    msisdn: str
    kind: str
    secret: bool
    given: list[int] = field(default_factory=list)
    """When it was given to a provider: a count over all that was given."""
    may_have_arrived: bool = False

    @property
    def mark(self) -> str:
        return f"<{self.number}>"


@dataclass
class Given:
    """An attempt: what a provider was given."""

    message: Message
    took: bool | None = None
    """Whether the provider has it; None: its answer is still to come."""


def rules() -> Settings:
    """Little of everything, so that it is soon used up."""
    return Settings(
        simulator=False,
        sms_provider=LINKS,
        send_at_once=AT_ONCE,
        send_rate=(("two", RATE),),
        sms_daily_budget=BUDGET,
        sms_per_phone=60,
        pepper="pepper-of-tests-" * 2,
    )


class World:
    """An empty shop, and games in it, which are taken back."""

    def __init__(self) -> None:
        self._database = Sandbox()
        shop = self._shop(TurnableClock())
        shop.migrate()
        moves.watch(shop)

    def begin(self) -> tuple[Shop, TurnableClock]:
        self._database.connection().raw.rollback()
        self._database.connection().execute("BEGIN")
        clock = TurnableClock()
        return self._shop(clock), clock

    def _shop(self, clock: TurnableClock) -> Shop:
        return OpenShop(
            rules(), plain, clock=clock, chance=random.Random(7), database=self._database
        )


class OutboxModel(RuleBasedStateMachine):
    """One game."""

    world: ClassVar[World | None] = None

    def __init__(self) -> None:
        super().__init__()
        if OutboxModel.world is None:
            OutboxModel.world = World()
        self.shop, self.clock = OutboxModel.world.begin()
        self.written: dict[str, Written] = {}
        self.open: list[Given] = []
        self.given: dict[str, Given] = {}
        self.count = 0
        self.spent: dict[str, int] = defaultdict(int)
        self.paced: list[datetime] = []
        self.over: set[str] = set()
        """Messages that a provider has, as it said in time."""

    # What people and the market do.

    @rule(messages=st.lists(NEW, min_size=1, max_size=4))
    def write(self, messages: list[tuple[str, str, bool, int, int]]) -> None:
        for to, kind, secret, size, about in messages:
            number = len(self.written)
            text = f"<{number}>" + "x" * size
            if secret and kind in ("security", "order"):
                text += codes.placeholder(number, "0af3")
            with self.shop.write() as tx:
                message = outbox.put(
                    tx,
                    to,
                    text,
                    notice="test",
                    kind=kind,
                    route=LINKS[number % 2],
                    about=f"order:{about}" if kind == "reminder" else "",
                )
            self.written[message] = Written(number, message, to, kind, codes.has_secret(text))

    @rule(about=st.integers(0, 9))
    def it_has_happened(self, about: int) -> None:
        with self.shop.write() as tx:
            outbox.withdraw(tx, f"order:{about}")

    @rule(to=st.sampled_from(PHONES), way=st.sampled_from(["yes", "yes", "yes", "no"]))
    def say(self, to: str, way: str) -> None:
        with self.shop.write() as tx:
            consents.say(tx, to, "reminders", yes=way == "yes", way="sms")

    @rule(seconds=SPANS)
    def wait(self, seconds: float) -> None:
        self.clock.turn(seconds=seconds)

    # What a worker does, and its provider.

    @rule(link=st.sampled_from(LINKS), most=st.integers(1, 4))
    def turn(self, link: str, most: int) -> None:
        self.take_turn(link, most)

    @precondition(lambda self: self.open)
    @rule()
    def hang(self) -> None:
        """No answer comes for so long that its message is sent again."""
        for seconds in (31, 121, 3):
            self.clock.turn(seconds=seconds)
            for link in LINKS:
                self.take_turn(link, 1)

    def take_turn(self, link: str, most: int) -> list[Given]:
        turn = outbox.turn(self.shop, link, (), most, worker=f"worker of {link}")
        found = [Given(message) for message in turn.messages]
        for each in found:
            self._is_given(each)
        return found

    def _is_given(self, given: Given) -> None:
        message = given.message
        self.count += 1
        inside = [each for each in self.written.values() if each.mark in message.text]
        assert self.written[message.id] in inside, "it says what was written"
        assert [message.text.index(each.mark) for each in inside] == sorted(
            message.text.index(each.mark) for each in inside
        ), "in the order in which it was written"
        for each in inside:
            assert each.msisdn == message.msisdn
            assert not (each.secret and each.may_have_arrived), "a code may arrive twice"
            assert each.id not in self.over, "it is sent again though its provider has it"
            each.given.append(self.count)
            each.may_have_arrived = True
        self._budget_holds(message, [outbox.CLASSES[each.kind] for each in inside])
        if message.provider == "two":
            self._pace_holds()
        assert message.reference not in self.given, "each attempt has a reference of its own"
        self.given[message.reference] = given
        self.open.append(given)

    def _budget_holds(self, message: Message, kinds: list[Any]) -> None:
        with self.shop.read() as tx:
            segments = tx.value(
                "SELECT segments FROM attempts WHERE message_id = ? AND attempt = ?",
                (message.id, message.attempt),
            )
        day = self.clock.now().astimezone(self.shop.settings.zone).date().isoformat()
        self.spent[day] += segments
        for kind in kinds:
            if kind.budget is not None:
                assert self.spent[day] <= BUDGET * kind.budget, "more than the budget"

    def _pace_holds(self) -> None:
        self.paced.append(self.clock.now())
        for before, begun in enumerate(reversed(self.paced)):
            passed = (self.clock.now() - begun).total_seconds()
            assert before + 1 <= RATE * (passed + 1) + 0.001, "faster than its rate"

    @precondition(lambda self: self.open)
    @rule(answers=st.lists(ANSWER, min_size=1, max_size=3))
    def answer(self, answers: list[tuple[int, str, str, bool]]) -> None:
        for which, state, link, took in answers:
            if self.open:
                self.settle(self.open[which % len(self.open)], state, link, took)

    def settle(self, given: Given, state: Any, link: Any, took: bool) -> None:
        self.open.remove(given)
        message = given.message
        given.took = {"accepted": True, "unknown": took}.get(state, False)
        before = self._row(message.id)
        outcome = Outcome(
            state, message.reference if state == "accepted" else None, reason=state,
            link="works" if state in ("accepted", "failed") else link,
        )  # fmt: skip
        outbox.turn(self.shop, message.provider, [(message, outcome)], 0)
        after = self._row(message.id)
        if before["attempt"] != message.attempt:
            assert after["attempt"] == before["attempt"]
            assert after["state"] in (before["state"], "delivered"), "it decides about a later one"
        elif state == "accepted" and after["state"] in ("accepted", "delivered"):
            self.over.add(message.id)
        inside = [each for each in self.written.values() if each.mark in message.text]
        if given.took is False:
            for each in inside:
                each.may_have_arrived = any(
                    other.took is not False and each.mark in other.message.text
                    for other in self.given.values()
                )

    @precondition(lambda self: self.open)
    @rule(which=WHICH, took=st.booleans())
    def die(self, which: int, took: bool) -> None:
        """Its worker dies: no answer is ever written down."""
        given = self.open.pop(which % len(self.open))
        given.took = took

    @rule(link=st.sampled_from(LINKS), took=st.booleans())
    def is_found_dead(self, link: str, took: bool) -> None:
        """A link's worker dies, and another sees it at once."""
        for given in [given for given in self.open if given.message.provider == link]:
            self.open.remove(given)
            given.took = took
        with self.shop.write() as tx:
            outbox.abandon(tx, f"worker of {link}")

    @precondition(lambda self: any(given.took for given in self.given.values()))
    @rule(
        which=WHICH,
        outcome=st.sampled_from(["passing", "delivered", "undelivered"]),
        named=st.booleans(),
    )
    def report(
        self, which: int, outcome: Literal["passing", "delivered", "undelivered"], named: bool
    ) -> None:
        taken = [given for given in self.given.values() if given.took]
        message = taken[which % len(taken)].message
        before = self._row(message.id)
        with self.shop.write() as tx:
            outbox.report(
                tx, message.provider, message.reference, outcome, outcome,
                msisdn=message.msisdn if named else None, reason=outcome,
            )  # fmt: skip
        if before["state"] == "delivered":
            assert self._row(message.id)["state"] == "delivered", "what was delivered stays so"

    # What must be true at any time.

    @invariant()
    def moves_are_those_of_the_table(self) -> None:
        assert moves.seen(self.shop) <= set(outbox.MOVES)

    @invariant()
    def no_more_is_under_way_than_may_be(self) -> None:
        for link in LINKS:
            with self.shop.read() as tx:
                now = tx.value(
                    "SELECT COUNT(*) FROM outbox WHERE state = 'sending' AND provider = ?", (link,)
                )
            assert now <= AT_ONCE, "more at once than may be"

    @invariant()
    def nothing_is_lost(self) -> None:
        rows = self._rows()
        assert set(rows) == set(self.written)
        for each in self.written.values():
            row = rows[each.id]
            if row["state"] in ("accepted", "delivered", "undelivered", "failed", "sending"):
                assert each.given, "it was never given to anybody"
            if row["state"] == "merged":
                assert each.mark in rows[row["merged_into"]]["text"], "it left without it"
            if row["state"] in ("queued", "withdrawn"):
                others = [other.mark for other in self.written.values() if other is not each]
                assert not any(mark in row["text"] for mark in others), "it is by itself"

    @invariant()
    def each_phone_reads_in_order(self) -> None:
        for a in self.written.values():
            for b in self.written.values():
                if (
                    a.number < b.number
                    and a.msisdn == b.msisdn
                    and outbox.CLASSES[a.kind].priority <= outbox.CLASSES[b.kind].priority
                    and a.given
                    and b.given
                    and not a.secret  # which holds up nobody while it is in doubt
                ):
                    alone = [when for when in b.given if when not in a.given]
                    assert not alone or a.given[-1] < alone[0], f"{b.mark} overtook {a.mark}"

    @invariant()
    def what_was_spent_is_written_down(self) -> None:
        with self.shop.read() as tx:
            rows = tx.rows("SELECT day, segments FROM spending")
        assert {row["day"]: row["segments"] for row in rows} == dict(self.spent)

    def _row(self, message_id: str) -> dict[str, Any]:
        return self._rows()[message_id]

    def _rows(self) -> dict[str, dict[str, Any]]:
        with self.shop.read() as tx:
            return {row["id"]: row for row in tx.rows("SELECT * FROM outbox")}

    # In the end.

    def teardown(self) -> None:
        """Links that work, and days that pass: every message comes to an end."""
        for _ in range(8):
            for link in LINKS:
                while found := self.take_turn(link, AT_ONCE):
                    for given in found:
                        self.settle(given, "accepted", "works", True)
                    self.clock.turn(seconds=1)
            self.clock.turn(hours=7)
        for row in self._rows().values():
            is_over = row["state"] not in ("queued", "sending", "unknown")
            assert is_over or (row["state"], row["next_at"]) == ("unknown", NEVER), (
                f"it never ends: {row}"
            )
        self.each_phone_reads_in_order()
        self.moves_are_those_of_the_table()


SETTINGS = settings(
    stateful_step_count=40,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


def play(runs: int, seeded: int | None = None, *, shrink: bool = True) -> None:
    """Plays so many games. Raises what a step raised. Seeded, it plays the same each time."""
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    game = type("Game", (OutboxModel,), {})
    if seeded is not None:
        game = seed(seeded)(game)
    how = settings(SETTINGS, max_examples=runs, phases=phases)
    run_state_machine_as_test(game, settings=how, _min_steps=30)
