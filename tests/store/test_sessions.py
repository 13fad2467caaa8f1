"""USSD sessions: every reply is remembered, and two hops never answer for each other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlite_utils.utils import sqlite3

from settings import Settings
from store import sessions, timers
from store.sessions import Overtaken, Session
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import SRI, open_shop, run_timers

FRAMES = [{"screen": "home", "data": {"query": "madu é"}, "at": 0, "shown": ["row:1"], "next": 0}]
NEW = Session("at", "s1", SRI, frames=FRAMES)


def save(shop: Shop, session: Session, hop: str, reply: str = "CON") -> None:
    with shop.write(durable=False) as tx:
        sessions.save(tx, session, hop, reply)


def find(shop: Shop, session_id: str = "s1") -> Session | None:
    with shop.read() as tx:
        return sessions.find(tx, "at", session_id)


def reply_to(shop: Shop, hop: str, session_id: str = "s1", provider: str = "at") -> str | None:
    with shop.read() as tx:
        return sessions.reply_to(tx, provider, session_id, hop)


def test_a_session_is_found_as_it_was_left(shop: Shop) -> None:
    assert find(shop) is None
    save(shop, NEW, "")
    assert find(shop) == replace(NEW, version=1)
    save(shop, replace(NEW, version=1, mark="1*2", ended=True), "1*2")
    assert find(shop) == replace(NEW, version=2, mark="1*2", ended=True)


def test_every_hop_keeps_its_reply(shop: Shop) -> None:
    save(shop, NEW, "", "CON home")
    save(shop, replace(NEW, version=1, mark="1"), "1", "CON one")
    save(shop, replace(NEW, version=2, mark="1*1"), "1*1", "END")
    assert [reply_to(shop, hop) for hop in ("", "1", "1*1", "2")] == [
        "CON home",
        "CON one",
        "END",
        None,
    ]


def test_what_a_hop_adds_is_what_was_typed_since(shop: Shop) -> None:
    with shop.read() as tx:
        at_first = NEW.after(tx, "")
        later = NEW.after(tx, "1*12")
        assert [at_first.typed_since(tx, text) for text in ("", "1", "1*2")] == [None, "1", "1*2"]
        assert later.typed_since(tx, "1*12*5") == "5"
        assert later.typed_since(tx, "1*12*") == ""
        assert later.typed_since(tx, "1*12**") == "*"
        for other in ("", "1", "1*12", "1*123", "1*13*5", "2*12*5"):
            assert later.typed_since(tx, other) is None, other


def test_what_was_typed_is_not_kept(shop: Shop) -> None:
    with shop.write() as tx:
        sessions.save(tx, NEW.after(tx, "1*58213"), "1*58213", "CON")
        rows = str(tx.rows("SELECT * FROM sessions") + tx.rows("SELECT * FROM hops"))
    assert "58213" not in rows


def test_a_session_is_its_providers_own(shop: Shop) -> None:
    save(shop, NEW, "", "CON at")
    assert reply_to(shop, "", provider="simulator") is None
    save(shop, replace(NEW, provider="simulator"), "", "CON simulator")
    assert reply_to(shop, "") == "CON at"


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_hop_that_began_before_another_ended_is_overtaken(shop: Shop, version: int) -> None:
    save(shop, NEW, "")
    save(shop, replace(NEW, version=1, mark="1"), "1")
    with pytest.raises(Overtaken):
        save(shop, replace(NEW, version=version, mark="2"), "2")
    assert find(shop).mark == "1"
    assert reply_to(shop, "2") is None


def test_no_hop_gets_a_second_reply(shop: Shop) -> None:
    save(shop, NEW, "", "CON first")
    with pytest.raises(sqlite3.IntegrityError):
        save(shop, replace(NEW, version=1), "", "CON second")
    assert reply_to(shop, "") == "CON first"


def test_the_provider_ends_a_session(shop: Shop) -> None:
    save(shop, NEW, "")
    with shop.write(durable=False) as tx:
        sessions.end(tx, "at", "s1")
        sessions.end(tx, "at", "never seen")
    assert find(shop).ended


def begin_forgetting(shop: Shop) -> None:
    with shop.write() as tx:
        timers.set_timer(tx, "forget_sessions", "", tx.moment)


def test_old_sessions_are_forgotten_with_their_replies(shop: Shop, clock: TurnableClock) -> None:
    save(shop, NEW, "", "CON old")
    clock.turn(hours=23)
    save(shop, replace(NEW, session_id="s2"), "", "CON young")
    begin_forgetting(shop)
    run_timers(shop)
    assert find(shop)
    clock.turn(hours=1, minutes=59)
    run_timers(shop)
    assert find(shop) is None
    assert reply_to(shop, "") is None
    assert reply_to(shop, "", "s2") == "CON young"


def test_a_session_that_goes_on_is_kept(shop: Shop, clock: TurnableClock) -> None:
    save(shop, NEW, "")
    clock.turn(hours=23)
    save(shop, replace(NEW, version=1, mark="1"), "1")
    clock.turn(hours=23)
    begin_forgetting(shop)
    run_timers(shop)
    assert reply_to(shop, "") is not None


def test_many_are_forgotten_some_at_a_time(settings: Settings, clock: TurnableClock) -> None:
    shop = open_shop(settings, clock, sweep_every=timedelta(seconds=2))
    with shop.write(durable=False) as tx:
        for n in range(1500):
            sessions.save(tx, replace(NEW, session_id=str(n)), "", "CON")
    clock.turn(days=2)
    begin_forgetting(shop)
    left = []
    for _ in range(3):
        run_timers(shop)
        with shop.read() as tx:
            left.append(tx.value("SELECT COUNT(*) FROM sessions"))
            due = tx.value("SELECT due_at FROM timers")
        clock.turn(seconds=2)
    assert left == [500, 0, 0]
    assert due == "2026-11-25T02:00:02.000000Z"  # an hour after the last
