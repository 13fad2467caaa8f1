"""Somebody who asks to be forgotten is, but for what others count on and what the law wants."""

import re
from typing import Any

import pytest

from store import (
    agents,
    catalogue,
    check,
    erasure,
    orders,
    outbox,
    people,
    pins,
    questions,
    remittances,
    trust,
)
from store.catalogue import Listing
from store.confirmations import ask, waits
from store.errors import Refused
from store.orders import kiosk
from store.outbox import Outcome
from store.people import Person
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import (
    BUDI,
    SRI,
    code_of_order,
    events,
    everything,
    look,
    order,
    register,
    run_timers,
    texts_to,
    trade,
)
from tests.support.sending import claim, settle


def erase(shop: Shop, person: Person) -> None:
    with shop.write() as tx:
        erasure.erase(tx, person)


def refusal(shop: Shop, person: Person) -> str:
    """Why the person stays; nothing is changed."""
    before = everything(shop)
    with shop.write() as tx, pytest.raises(Refused) as refused:
        erasure.erase(tx, person)
    assert everything(shop) == before
    return refused.value.reason


def send_all(shop: Shop, state: Any = "accepted") -> None:
    while message := claim(shop):
        settle(shop, message, Outcome(state, external_id=f"id-{message.id}"))


def done_order(shop: Shop, sri: Person, budi: Person, listing: Listing) -> orders.Order:
    placed = order(shop, sri, listing)
    with shop.write() as tx:
        orders.accept(tx, budi, placed.number)
        orders.send(tx, budi, placed.number)
    code = code_of_order(shop, placed)
    with shop.write() as tx:
        orders.hand_over(tx, budi, placed.number, code)
        orders.receive(tx, sri, placed.number)
    return look(shop, placed)


def test_name_phone_goods_and_pin_are_gone(shop: Shop, clock: TurnableClock) -> None:
    sri, budi, rice = trade(shop)
    bought = done_order(shop, sri, budi, rice)
    clock.turn(shop.settings.late_complaint)
    with shop.write() as tx:
        pins.choose(tx, budi, "9517")
        questions.ask(tx, BUDI, "consent", {"name": "Amaq Budi"}, shop.settings.draft_keep)
        people.choose_language(tx, BUDI, "en")
        ask(tx, BUDI, "PIN", ("9517",))
        ask(tx, BUDI, "SETOR", ("1",), topic="cash:1")
    erase(shop, budi)
    with shop.read() as tx:
        assert people.of_phone(tx, BUDI) is None
        assert not pins.has(tx, budi)
        assert questions.waiting(tx, BUDI) == []
        assert not waits(tx, BUDI)
        assert people.language(tx, BUDI) == shop.settings.locale
        assert catalogue.search(tx, "beras", sri) == []
        nobody = people.by_id(tx, budi.id)
    assert nobody.name == erasure.NAME
    assert not re.search(r"[+\d]{7}", nobody.msisdn), "no network knows such a number"
    assert look(shop, rice).stock == 0
    assert look(shop, bought).seller == erasure.NAME
    assert events(shop)[-1] == (BUDI, "person.erased")
    assert check.first_fault(shop) is None


def test_only_events_and_what_must_still_be_sent_know_the_phone(
    shop: Shop, clock: TurnableClock
) -> None:
    sri, budi, rice = trade(shop)
    done_order(shop, sri, budi, rice)
    send_all(shop)
    clock.turn(shop.settings.late_complaint)
    with shop.write() as tx:
        (known, *_) = tx.rows("SELECT external_id FROM outbox WHERE msisdn = ?", (SRI,))
        for name in (known["external_id"], "unheard of"):
            outbox.report(tx, "sim", name, "Success", "delivered", msisdn=SRI, reason=None)
        outbox.put(tx, SRI, "on its way", notice="test", kind="reply")
    send_all(shop, "unknown")
    with shop.write() as tx:
        erasure.erase(tx, sri)
        outbox.put(tx, SRI, "your data is erased", notice="test", kind="reply")
    assert texts_to(shop, SRI) == ["on its way", "your data is erased"]
    assert phones(shop, SRI) == {"outbox", "events", "reports"}
    with shop.read() as tx:
        erased = tx.rows("SELECT DISTINCT text FROM outbox WHERE msisdn LIKE 'erased%'")
    assert [row["text"] for row in erased] == [""]
    clock.turn(minutes=3)
    send_all(shop)
    clock.turn(shop.settings.message_expiry)
    run_timers(shop)
    assert phones(shop, SRI) == {"events"}


def phones(shop: Shop, msisdn: str) -> set[str]:
    """The tables that have this phone, but for what was told to others."""
    tables = everything(shop)
    tables["outbox"] = [row for row in tables["outbox"] if BUDI not in row]
    return {name for name, rows in tables.items() if msisdn in str(rows)}


def test_what_waits_longer_than_that_is_blanked_once_it_is_given_up(
    shop: Shop, clock: TurnableClock
) -> None:
    sri = register(shop, SRI)
    with shop.write() as tx:
        erasure.erase(tx, sri)
        outbox.put(tx, SRI, "your data is erased", notice="test", kind="reply")
    clock.turn(shop.settings.message_expiry * 1.5)
    run_timers(shop)
    assert texts_to(shop, SRI) == ["your data is erased"]
    send_all(shop)
    clock.turn(shop.settings.message_expiry)
    run_timers(shop)
    assert phones(shop, SRI) == {"events"}


def test_the_phone_is_nobodys_and_can_register_anew(shop: Shop, clock: TurnableClock) -> None:
    old = register(shop, SRI, vouched=True)
    erase(shop, old)
    clock.turn(minutes=1)
    new = register(shop, SRI, "Inaq Sri Baru")
    assert new.id != old.id
    with shop.write() as tx:
        assert not people.by_id(tx, new.id).vouched
        outbox.put(tx, SRI, "welcome", notice="test", kind="reply")
    clock.turn(days=2)
    run_timers(shop)
    assert texts_to(shop, SRI) == ["welcome"]
    erase(shop, new)
    with shop.read() as tx:
        assert tx.value("SELECT COUNT(DISTINCT msisdn) FROM people") == 2


def test_somebody_in_an_open_order_stays(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    placed = order(shop, sri, rice)
    assert refusal(shop, sri) == refusal(shop, budi) == "open_order"
    with shop.write() as tx:
        orders.cancel(tx, sri, placed.number)
    erase(shop, sri)
    erase(shop, budi)


def test_an_agent_stays_until_dismissed(shop: Shop) -> None:
    kim = register(shop, SRI)
    with shop.write() as tx:
        agents.appoint(tx, "operator", kim, "agent", 1_000_000)
    assert refusal(shop, kim) == "agent_stays"
    with shop.write() as tx:
        agents.dismiss(tx, "operator", kim, "pindah")
    erase(shop, kim)


def test_whoever_has_the_goods_of_an_order_stays(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    kim = register(shop, "+6281234567009", "KIM Sukarara")
    placed = order(shop, sri, rice)
    with shop.write() as tx:
        agents.appoint(tx, "operator", kim, "agent", 1_000_000)
        orders.accept(tx, budi, placed.number)
        orders.send(tx, budi, placed.number)
        kiosk.approve(tx, kim, placed.number)
        agents.dismiss(tx, "operator", kim, "pindah")
    assert refusal(shop, kim) == "open_order"
    with shop.write() as tx:
        orders.receive(tx, sri, placed.number)
    erase(shop, kim)


def test_nobody_waits_for_cash_of_an_agent_who_left(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    kims = [register(shop, f"+628123456700{n}", f"KIM {'AB'[n - 4]}") for n in (4, 5)]
    placed = order(shop, sri, rice)
    with shop.write() as tx:
        orders.accept(tx, budi, placed.number)
        for agent in kims:
            agents.appoint(tx, "operator", agent, "agent", 1_000_000)
    for leaves, state in ((kims[0], "called back"), (kims[1], "refused")):
        with shop.write() as tx:
            kiosk.deposit(tx, kims[0], placed.number, placed.total)
            offered = remittances.offer(tx, kims[0], kims[1].msisdn, placed.total)
            kiosk.undo_deposit(tx, placed.number, "salah")
            agents.dismiss(tx, "operator", leaves, "pindah")
        erase(shop, leaves)
        with shop.write() as tx:
            assert remittances.by_id(tx, offered.id).state == state
            kims[0] = people.register(tx, kims[0].msisdn, "KIM A", kims[0].village_code)
            agents.appoint(tx, "operator", kims[0], "agent", 1_000_000)


def test_a_frozen_person_does_not_come_back_as_somebody_new(shop: Shop) -> None:
    budi = register(shop, BUDI, "Amaq Budi")
    with shop.write() as tx:
        trust.freeze_by_operator(tx, BUDI, "tipu")
        budi = people.by_id(tx, budi.id)
    assert refusal(shop, budi) == "frozen"
