"""The game of the messages out sees what it is for: each safeguard that is taken away, it finds.

Seeded, so that it plays the same each time, and loses the same each time.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from store import codes
from store.outbox import claiming, links, merging, reports, settling, spending, writing
from tests.support import outbox_model

pytestmark = pytest.mark.slow

SEED, RUNS = 2026, 150
Patch = pytest.MonkeyPatch


def a_claim_that_looks_at_no_earlier_message(patch: Patch) -> None:
    patch.setattr(claiming, "_NEXT", claiming._NEXT.replace("earlier.id < outbox.id", "0"))


def a_doubt_that_holds_no_place(patch: Patch) -> None:
    held = "earlier.state IN ('queued', 'sending', 'unknown')"
    patch.setattr(
        claiming, "_NEXT", claiming._NEXT.replace(held, "earlier.state IN ('queued', 'sending')")
    )


def a_code_that_is_sent_again_blindly(patch: Patch) -> None:
    has_no_secret = SimpleNamespace(**{**vars(codes), "has_secret": lambda text: False})
    patch.setattr(writing, "codes", has_no_secret)


def an_answer_that_decides_about_a_later_attempt(patch: Patch) -> None:
    settle = settling.settle

    def unfenced(tx: Any, message_id: str, attempt: int, *more: Any) -> None:
        now = tx.value("SELECT attempt FROM outbox WHERE id = ?", (message_id,))
        settle(tx, message_id, now, *more)

    patch.setattr(settling, "settle", unfenced)


def a_budget_without_end(patch: Patch) -> None:
    patch.setattr(spending.Purse, "has", lambda *_: True)


def any_number_at_once(patch: Patch) -> None:
    patch.setattr(links, "_free", lambda *_: 99)


def a_rate_that_is_never_paid(patch: Patch) -> None:
    patch.setattr(links, "pay", lambda *_: None)


def what_was_joined_and_not_taken_stays_so(patch: Patch) -> None:
    patch.setattr(merging, "apart", lambda *_: None)


def a_joined_one_that_overtakes(patch: Patch) -> None:
    patch.setattr(merging, "_WAITING", merging._WAITING.replace("id <> :id", "id > :id"))


def a_report_that_takes_back_a_delivery(patch: Patch) -> None:
    passing = reports._APPLY["passing"].replace("state = 'unknown'", "state <> 'sending'")
    patch.setattr(reports, "_APPLY", {"passing": passing})


def nobody_who_looks_after_the_dead(patch: Patch) -> None:
    patch.setattr(settling, "mark_abandoned", lambda tx: None)


def nothing_that_is_ever_too_old(patch: Patch) -> None:
    patch.setattr(settling, "give_up_old", lambda tx: None)


def a_merged_one_that_nobody_sent(patch: Patch) -> None:
    patch.setattr(merging, "_keep", lambda *_: None)


LOST: tuple[tuple[Callable[[Patch], None], str], ...] = (
    (a_claim_that_looks_at_no_earlier_message, "overtook"),
    (a_doubt_that_holds_no_place, "overtook"),
    (a_code_that_is_sent_again_blindly, "a code may arrive twice"),
    (an_answer_that_decides_about_a_later_attempt, "decides about a later one"),
    (a_budget_without_end, "more than the budget"),
    (any_number_at_once, "more at once"),
    (a_rate_that_is_never_paid, "faster than its rate"),
    (what_was_joined_and_not_taken_stays_so, "it is by itself"),
    (a_joined_one_that_overtakes, "overtook"),
    (a_report_that_takes_back_a_delivery, "stays so|moves"),
    (nobody_who_looks_after_the_dead, "it never ends"),
    (nothing_that_is_ever_too_old, "it never ends"),
    (a_merged_one_that_nobody_sent, "left without it"),
)


@pytest.mark.parametrize(("safeguard", "found"), LOST, ids=[each.__name__ for each, _ in LOST])
def test_twin_without_a_safeguard_the_game_is_lost(
    monkeypatch: Patch, safeguard: Callable[[Patch], None], found: str
) -> None:
    safeguard(monkeypatch)
    with pytest.raises(AssertionError, match=found):
        outbox_model.play(RUNS, SEED, shrink=False)


def test_with_all_of_them_it_is_not_lost() -> None:
    outbox_model.play(RUNS, SEED, shrink=False)
