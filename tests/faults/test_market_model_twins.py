"""The game of the whole market sees what it is for: each safeguard that is taken away, it finds.

Seeded, so that it plays the same each time, and loses the same each time.
"""

from collections.abc import Callable
from typing import Any

import pytest

from store import agents, catalogue, escrow, outbox, payouts, remittances
from store.database import Connection
from tests.support.model import runs

pytestmark = pytest.mark.slow

SEED, RUNS = 2026, 150


def without(monkeypatch: pytest.MonkeyPatch, guard: str) -> None:
    """Takes a condition out of every statement."""
    execute = Connection.execute

    def unguarded(self: Connection, sql: str, values: Any = ()) -> int:
        return execute(self, sql.replace(guard, ""), values)

    monkeypatch.setattr(Connection, "execute", unguarded)


def a_change_that_looks_at_no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, " AND state = :source")


def an_agent_without_a_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    def room_for_all(tx: Any, agent: Any, amount: int) -> None:
        agents.required(tx, agent)

    monkeypatch.setattr(escrow, "must_have_room", room_for_all)


def a_complaint_that_freezes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escrow, "freeze", lambda tx, order_id: 0)


def cash_that_moves_without_its_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remittances.machine, "_hand_on", lambda *parts: None)


def a_side_that_is_told_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    notify = outbox.notify

    def twice(tx: Any, msisdn: str, notice: str, **values: Any) -> None:
        notify(tx, msisdn, notice, **values)
        if notice == "order_sent_paid":
            notify(tx, msisdn, notice, **values)

    monkeypatch.setattr(outbox, "notify", twice)


def goods_that_do_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "release", lambda *parts: None)


def a_code_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an agent types is the payee's code."""
    monkeypatch.setattr(payouts, "_code", lambda tx, payout: "00000")


LOST: tuple[tuple[Callable[[pytest.MonkeyPatch], None], str], ...] = (
    (a_change_that_looks_at_no_state, "while .* was|too_late was not refused"),
    (an_agent_without_a_cap, "more than"),
    (a_complaint_that_freezes_nothing, "its money is held"),
    (cash_that_moves_without_its_orders, "held and owed"),
    (a_side_that_is_told_twice, "told .*order_sent_paid"),
    (goods_that_do_not_come_back, "reserved, sold are"),
    (a_code_for_everybody, "pay_out_wrongly was not refused"),
)


@pytest.mark.parametrize(("safeguard", "found"), LOST, ids=[each.__name__ for each, _ in LOST])
def test_twin_without_a_safeguard_the_game_is_lost(
    monkeypatch: pytest.MonkeyPatch, safeguard: Callable[[pytest.MonkeyPatch], None], found: str
) -> None:
    safeguard(monkeypatch)
    with pytest.raises(AssertionError, match=found):
        runs.play(RUNS, SEED, shrink=False)


def test_with_all_of_them_it_is_not_lost() -> None:
    runs.play(RUNS, SEED, shrink=False)
