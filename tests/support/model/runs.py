"""Many runs of the market, in as many processes as there are cores, and what happened in them."""

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.model.market_model import MarketModel
from tests.support.model.play import Play
from tests.support.model.told import MACHINES, called

STEPS = 50

PLAYING = {"begin", "go_on", "go_on_with_another"}
"""Rules that only choose among others."""

VARIANTS = {
    "pay_out: seller", "pay_out: buyer", "pay_out: courier", "rule_on: with agent",
    "rule_on: with coordinator", "second: agree", "second: differ",
}  # fmt: skip
"""What must happen of rules that do one of several things."""

SETTINGS = settings(
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


def play(runs: int, seeded: int | None = None, *, shrink: bool = True) -> Counter[str]:
    """Plays in this process; how often each thing happened. Raises what a step raised.

    Seeded, it plays the same each time; else another game each time.
    """
    Play.done.clear()
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    game = type("Game", (MarketModel,), {})
    if seeded is not None:
        game = seed(seeded)(game)
    how = settings(SETTINGS, max_examples=runs, phases=phases)
    run_state_machine_as_test(game, settings=how, _min_steps=STEPS)  # else half the runs are short
    return Counter(Play.done)


def play_everywhere(runs: int) -> Counter[str]:
    """Shares the runs among processes, one for each core."""
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as processes:
        return sum(processes.map(play, [-(-runs // cores)] * cores), Counter())


def never_done(done: Counter[str]) -> set[str]:
    """The rules that never did anything but be refused, and the transitions that never happened."""
    happened = {name for name, count in done.items() if count}
    rules = {rule.function.__name__ for rule in MarketModel.setup_state().rules}
    rules -= PLAYING | {name.split(":")[0] for name in happened}
    moves = {called(kind, each) for kind, of in MACHINES.items() for each in of.transitions}
    return (rules | VARIANTS | moves) - happened
