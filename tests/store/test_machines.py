"""Everything that anybody can do, in every moment: the little that is allowed, and the rest.

`tests/support/moments.py` has the moments, `tests/support/allowed.py` what is allowed in them.
A refusal is committed, as the conversation does it, so that one that came after a change is seen.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from store import check, orders, timers
from store.errors import Refused
from store.machine import Machine
from store.shop import Transaction
from tests.support import market
from tests.support.allowed import DONE, REFUSED, TABLES
from tests.support.moments import MOMENTS, bring
from tests.support.money import (
    BY_CLOCK,
    BY_OPERATOR,
    BY_PEOPLE,
    MACHINES,
    NAMES,
    PHONES,
    ROLES,
    Stage,
)

MACHINE = {machine.table: machine for machine in MACHINES}

TABLE = {
    name: {
        (source, action, who): target
        for source, action, who, target in (
            [cell.strip() for cell in line.split("|")] for line in lines.strip().split("\n")
        )
    }
    for name, lines in TABLES.items()
}

ROLES_OF = {name: sorted({who for _, _, who in table}) for name, table in TABLE.items()}

CELLS = {
    (moment, act, who): (happens.split(), tells.split(", ") if tells else [])
    for acts, people, moments, happens, tells in DONE
    for moment in moments.split(" / ")
    for act in acts.split(" / ")
    for who in people.split(", ")
}
"""What is allowed, each by itself."""

TRIED = [
    *((act, who) for act in BY_PEOPLE for who in NAMES),
    *((act, "operator") for act in BY_OPERATOR),
    *((act, "clock") for act in BY_CLOCK),
]


class Gallery:
    """A stage in each moment, made once; who changes something takes a photo of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = Stage.empty(folder / "base")
        self.made: dict[str, Stage] = {}

    def at(self, moment: str) -> Stage:
        """The moment itself, to look at."""
        if moment not in self.made:
            stage = self.base.photo(self.folder / f"moment {len(self.made)}")
            self.made[moment] = bring(stage, moment)
        return self.made[moment]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return Gallery(tmp_path_factory.mktemp("gallery"))


def attempt(tx: Transaction, stage: Stage, act: str, who: str) -> None:
    """Does it, or is refused; the clock only does what is waited for."""
    if who == "operator":
        BY_OPERATOR[act](tx, stage.now(tx))
    elif who == "clock":
        timers.HANDLERS[act](tx, str(stage.subject(tx, BY_CLOCK[act])))
    else:
        stage.act(tx, act, who)


def refusal(stage: Stage, act: str, who: str) -> str | None:
    """Why it is not done; None when it is."""
    with stage.shop.write() as tx:
        try:
            attempt(tx, stage, act, who)
        except Refused as refused:
            return refused.reason
    return None


# The tables.


@pytest.mark.parametrize("name", MACHINE)
def test_the_table_in_the_code_is_the_one_that_was_agreed(name: str) -> None:
    machine = MACHINE[name]
    in_code = {(each.source, each.action, each.who): each.target for each in machine.transitions}
    assert in_code == TABLE[name]
    assert len(in_code) == len(machine.transitions), "each is there once"
    leads_on = {source for source, _, _ in TABLE[name]}
    assert set(machine.states) - leads_on <= set(machine.over) <= set(machine.states)


def test_every_state_has_a_moment(gallery: Gallery) -> None:
    for name, machine in MACHINE.items():
        seen = {state for moment in MOMENTS for state in states(gallery.at(moment), name)}
        assert seen == set(machine.states)


def states(stage: Stage, table: str) -> list[str]:
    with stage.shop.read() as tx:
        return [row["state"] for row in tx.rows(f"SELECT state FROM {table}")]


@pytest.mark.parametrize("moment", MOMENTS)
def test_nobody_moves_anything_but_by_the_tables(moment: str, gallery: Gallery) -> None:
    """Also in the roles that nobody has: the order's own end, a ruling, the clock."""
    stage = gallery.at(moment)
    before = market.everything(stage.shop)
    with stage.shop.write() as tx:
        for name, machine in MACHINE.items():
            actions = {action for _, action, _ in TABLE[name]}
            for row in tx.rows(f"SELECT id FROM {name}"):
                thing = machine.load(tx, row["id"])
                for action in actions:
                    for who in ROLES_OF[name]:
                        if (thing.state, action, who) not in TABLE[name]:
                            with pytest.raises(Refused, match="not_now"):
                                machine.move(tx, thing, action, who, who)
    assert market.everything(stage.shop) == before


# What is allowed.


@pytest.mark.parametrize(("moment", "act", "who"), CELLS)
def test_it_is_done(moment: str, act: str, who: str, gallery: Gallery, tmp_path: Path) -> None:
    happens, tells = CELLS[moment, act, who]
    stage = gallery.at(moment).photo(tmp_path)
    events, told = len(market.events(stage.shop)), messages(stage)
    if who == "clock":
        stage.run_timer(act)
    else:
        assert refusal(stage, act, who) is None
    new = market.events(stage.shop)[events:]
    assert [action for _, action in new] == happens
    own = [actor for actor, action in new if action != "question.asked"]
    assert set(own) <= {PHONES.get(who, who), "order", "dispute", "remittance"}
    assert Counter(messages(stage)) - Counter(told) == Counter(tells)
    with stage.shop.read() as tx:
        assert list(check.faults(tx)) == []
    assert_timers_fit(stage)


def messages(stage: Stage) -> list[str]:
    """All that was written to phones, as who was told what."""
    with stage.shop.read() as tx:
        rows = tx.rows("SELECT msisdn, notice FROM outbox")
    return [f"{ROLES[row['msisdn']]} {row['notice']}" for row in rows]


def test_every_line_of_the_tables_is_among_what_is_done(gallery: Gallery) -> None:
    """By what happens in the cells, from the states that things are in at those moments."""
    walked: dict[str, set[tuple[str, str]]] = {name: set() for name in MACHINE}
    for (moment, _, _), (happens, _) in CELLS.items():
        now = {name: set(states(gallery.at(moment), name)) for name in MACHINE}
        for event in happens:
            kind, _, action = event.partition(".")
            name, action = f"{kind}s", action.replace("_", " ")
            for (source, done, _), target in TABLE.get(name, {}).items():
                if done == action and source in now[name]:
                    walked[name].add((source, action))
                    now[name] = {target}
                    break
    for name, table in TABLE.items():
        assert walked[name] == {(source, action) for source, action, _ in table}


# And everything else.


@pytest.mark.parametrize("moment", MOMENTS)
def test_everything_else_is_refused_and_changes_nothing(moment: str, gallery: Gallery) -> None:
    assert_nothing_else_is_done(moment, gallery.at(moment))


def assert_nothing_else_is_done(moment: str, stage: Stage) -> None:
    before = market.everything(stage.shop)
    connection = stage.shop.database.connection().raw
    for act, who in TRIED:
        if (moment, act, who) in CELLS:
            continue
        if who == "clock":
            with stage.shop.read() as tx:
                assert stage.due_at(tx, act) is None, f"{act} is waited for"
            continue
        changes = connection.total_changes
        assert refusal(stage, act, who), f"{who} may {act}"
        assert connection.total_changes == changes, f"{act} by {who} is refused after a change"
    assert market.everything(stage.shop) == before


@pytest.mark.parametrize("moment", MOMENTS)
def test_time_that_is_up_for_something_else_changes_nothing(moment: str, gallery: Gallery) -> None:
    """A timer that is left over, as from a worker that read it just before."""
    stage = gallery.at(moment)
    before = market.everything(stage.shop)
    for timer, table in BY_CLOCK.items():
        machine = MACHINE[table]
        waiting = next(
            each.states for each in machine.timeouts if machine.name_of(each.name) == timer
        )
        with stage.shop.write() as tx:
            subject = stage.subject(tx, table)
            if subject and machine.load(tx, subject).state not in waiting:
                timers.HANDLERS[timer](tx, str(subject))
    assert market.everything(stage.shop) == before


@pytest.mark.parametrize("moment", MOMENTS)
def test_only_what_is_waited_for_has_a_timer(moment: str, gallery: Gallery) -> None:
    assert_timers_fit(gallery.at(moment))


def assert_timers_fit(stage: Stage) -> None:
    with stage.shop.read() as tx:
        for name, machine in MACHINE.items():
            names = {machine.name_of(each.name): each for each in machine.timeouts}
            for row in tx.rows("SELECT kind, subject FROM timers"):
                if row["kind"] in names:
                    state = machine.load(tx, int(row["subject"])).state
                    assert state in names[row["kind"]].states, f"{row['kind']} of {name} survived"


@pytest.mark.parametrize(("moment", "act", "who", "reason"), REFUSED)
def test_why_not(moment: str, act: str, who: str, reason: str, gallery: Gallery) -> None:
    assert refusal(gallery.at(moment), act, who) == reason


def unguarded(machine: Machine[Any], tx: Transaction, thing: Any, action: str, who: str) -> Any:
    return machine.transition(thing, action, who)


@pytest.mark.parametrize("moment", ["accepted", "opened by the seller", "done long ago"])
def test_twin_without_the_guards_more_is_done(
    moment: str, gallery: Gallery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = gallery.at(moment).photo(tmp_path)
    monkeypatch.setattr(Machine, "check", unguarded)
    with pytest.raises(AssertionError, match=r" may |after a change"):
        assert_nothing_else_is_done(moment, stage)


def test_an_order_that_somebody_else_changed_meanwhile_is_left_alone(
    gallery: Gallery, tmp_path: Path
) -> None:
    stage = gallery.at("waiting").photo(tmp_path)
    with stage.shop.read() as tx:
        stale = stage.now(tx)
    stage.do("cancel")
    before = market.everything(stage.shop)
    with stage.shop.write() as tx, pytest.raises(Refused, match="not_now") as refused:
        orders.MACHINE.move(tx, stale, "accept", "seller", PHONES["seller"])
    assert refused.value.values["state"] == "cancelled"
    assert market.everything(stage.shop) == before
