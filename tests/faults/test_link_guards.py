"""What keeps links from being overrun or given up, each with a twin that takes it away: it is seen.

A check (`check_…`) passes with the safeguard and raises without it.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from settings import Settings
from store import outbox
from store.outbox import links, settling
from store.shop import Transaction
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, open_shop
from tests.support.post_office import PostOffice

Patch = pytest.MonkeyPatch
NUMBERS = count()
Check = Callable[[PostOffice, PostOffice], None]


@pytest.fixture
def workers(settings: Settings, clock: TurnableClock) -> tuple[PostOffice, PostOffice]:
    """Two workers on one database, with two links; the first may be given two a second."""
    changes: dict[str, Any] = {
        "sms_provider": ("one", "two"),
        "send_rate": (("one", 2.0),),
        "send_at_once": 4,
    }
    one, two = (PostOffice(open_shop(settings, clock, **changes), clock) for _ in range(2))
    return one, two


def crowd(office: PostOffice, first: int = 0) -> None:
    for n in range(first, first + 12):
        office.write(f"+62812400000{n:02}")


def take_down(office: PostOffice) -> None:
    with office.shop.write() as tx:
        for n in range(links.TRIP):
            links.down(tx, "one", f"+62812500000{n:02}", "no answer")


def given(office: PostOffice, link: str = "one") -> int:
    return len(office.turn(link).messages)


def check_the_rate_is_shared(one: PostOffice, two: PostOffice) -> None:
    crowd(one)
    assert given(one) + given(two) == 2


def check_one_bad_number_takes_no_link_down(one: PostOffice, two: PostOffice) -> None:
    for _ in range(9):
        one.write(SRI, secret=True)
        one.claim("one")
        one.answer("unknown", link="down")
        one.clock.turn(seconds=5)
    one.write(BUDI)
    assert given(one) == 1


def check_a_link_that_is_down_is_left_alone(one: PostOffice, two: PostOffice) -> None:
    take_down(one)
    crowd(one)
    assert given(one) + given(two) == 0


def check_one_message_finds_out(one: PostOffice, two: PostOffice) -> None:
    take_down(one)
    one.clock.turn(minutes=1)
    crowd(one)
    assert given(one) + given(two) == 1


def check_others_help_out(one: PostOffice, two: PostOffice) -> None:
    take_down(one)
    crowd(one)
    assert given(two, "two") == 4


def check_an_undecided_one_is_sent_by_no_other(one: PostOffice, two: PostOffice) -> None:
    one.write()
    one.claim("one")
    one.answer("unknown", link="down")
    take_down(one)
    one.clock.turn(seconds=119)
    assert given(two, "two") == 0


def check_nobody_looks_for_what_is_not_there(one: PostOffice, two: PostOffice) -> None:
    one.clock.turn(seconds=1)
    for n in range(12):
        one.write(f"+62812400000{n:02}", route="two")
    assert given(one, "two") == 4
    assert two.turn("two").wait is None


GUARDS: dict[Check, Callable[[Patch], None]] = {
    check_the_rate_is_shared: lambda patch: patch.setattr(links, "pay", lambda *_: None),
    check_one_bad_number_takes_no_link_down: lambda patch: patch.setattr(
        links.sealing, "fingerprint", lambda pepper, text: str(next(NUMBERS))
    ),
    check_a_link_that_is_down_is_left_alone: lambda patch: patch.setattr(
        links.Link, "is_away", lambda self, tx: False
    ),
    check_one_message_finds_out: lambda patch: patch.setattr(links.Link, "is_down", False),
    check_others_help_out: lambda patch: patch.setattr(
        links, "served_by", lambda tx, provider: [provider]
    ),
    check_an_undecided_one_is_sent_by_no_other: lambda patch: patch.setattr(
        settling, "_doubt", refused_at_once
    ),
    check_nobody_looks_for_what_is_not_there: lambda patch: patch.setattr(
        links, "seconds_to_next", lambda *_: 0.0
    ),
}
"""Check -> what takes its safeguard away."""


def refused_at_once(tx: Transaction, message_id: str, reason: str | None) -> None:
    """As if the provider had surely not taken it."""
    outbox.states.change(tx, message_id, "queued", next_at=tx.later(timedelta()))
    tx.execute("UPDATE outbox SET route = 'two' WHERE id = ?", (message_id,))


ALL = pytest.mark.parametrize("check", GUARDS, ids=lambda check: check.__name__)


@ALL
def test_it_holds(workers: tuple[PostOffice, PostOffice], check: Check) -> None:
    check(*workers)


@ALL
def test_twin_without_its_safeguard_it_is_seen(
    workers: tuple[PostOffice, PostOffice], check: Check, monkeypatch: Patch
) -> None:
    GUARDS[check](monkeypatch)
    with pytest.raises(AssertionError):
        check(*workers)
