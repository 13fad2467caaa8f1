"""Agents, and what they may do: vouch, freeze; and what anybody may: report."""

import pytest

from store import agents, catalogue, orders, people, trust
from store.errors import Refused
from store.people import Person
from store.shop import Shop, Transaction
from tests.support.clock import TurnableClock
from tests.support.market import (
    BUDI,
    DEWI,
    SRI,
    SUKARARA,
    code_of,
    events,
    everything,
    notices_to,
    order,
    register,
    trade,
)

KIM, HEAD = "+6281234567005", "+6281234567006"
HERE = code_of(SUKARARA)


def agent(shop: Shop, msisdn: str = KIM, role: agents.Role = "agent") -> Person:
    person = register(shop, msisdn, "Pak Kim")
    with shop.write() as tx:
        return agents.appoint(tx, "operator", person, role, 1_000_000).person


def refused(shop: Shop, act, reason: str) -> None:
    before = everything(shop)
    with pytest.raises(Refused, match=reason), shop.write() as tx:
        act(tx)
    assert everything(shop) == before


def vouched_by(shop: Shop, msisdn: str) -> Person:
    with shop.read() as tx:
        return people.of_phone(tx, msisdn)


def test_an_agent_vouches_for_somebody_they_met(shop: Shop) -> None:
    kim, _ = agent(shop), register(shop, SRI)
    with shop.write() as tx:
        person = trust.vouch(tx, kim, SRI, HERE)
    assert person.vouched
    assert notices_to(shop, SRI) == ["vouched"]
    assert events(shop)[-1] == (KIM, "person.vouched")


@pytest.mark.parametrize("who", ["member", "dismissed", "frozen"])
def test_nobody_else_may(shop: Shop, who: str) -> None:
    sri = register(shop, SRI)
    kim = register(shop, KIM) if who == "member" else agent(shop)
    with shop.write() as tx:
        if who == "dismissed":
            assert agents.dismiss(tx, "operator", kim, "pindah")
            assert not agents.dismiss(tx, "operator", kim, "pindah")
        elif who == "frozen":
            kim = trust.freeze_by_operator(tx, KIM, "diperiksa")
    for act in (
        lambda tx: trust.vouch(tx, kim, sri.msisdn, HERE),
        lambda tx: trust.freeze(tx, kim, sri.msisdn, "tipu"),
    ):
        refused(shop, act, "not_agent")


def test_whom_an_agent_cannot_vouch_for(shop: Shop) -> None:
    kim, sri = agent(shop), register(shop, SRI, village="Durian")
    refused(shop, lambda tx: trust.vouch(tx, kim, KIM, HERE), "own_number")
    refused(shop, lambda tx: trust.vouch(tx, kim, DEWI, HERE), "nobody")
    refused(shop, lambda tx: trust.vouch(tx, kim, sri.msisdn, HERE), "other_village")
    with shop.write() as tx:
        trust.freeze(tx, kim, sri.msisdn, "tipu")
    refused(shop, lambda tx: trust.vouch(tx, kim, SRI, code_of("Durian")), "is_frozen")


def test_who_is_frozen_trades_no_more_until_thawed(shop: Shop) -> None:
    kim = agent(shop)
    sri, budi, rice = trade(shop)
    waiting = order(shop, sri, rice)
    with shop.write() as tx:
        budi = trust.freeze(tx, kim, BUDI, "minta uang dulu")
        sri = trust.freeze(tx, kim, SRI, "tidak jujur")

    def sell(tx: Transaction) -> object:
        return catalogue.sell(tx, budi, title="Madu", price=1000, unit="botol", stock=1)

    refused(shop, lambda tx: orders.place(tx, sri, rice, 1, again=True), "frozen")
    refused(shop, lambda tx: orders.accept(tx, budi, waiting.number), "frozen")
    refused(shop, sell, "frozen")
    refused(shop, lambda tx: trust.freeze(tx, kim, BUDI, "tipu"), "is_frozen")
    with shop.write() as tx:
        orders.cancel(tx, sri, waiting.number)  # what is to their own cost, they may
        budi = trust.thaw(tx, BUDI, "uang kembali")
        sell(tx)
    assert notices_to(shop, BUDI)[-2:] == ["order_cancelled", "thawed"]
    refused(shop, lambda tx: trust.thaw(tx, BUDI, "lagi"), "not_frozen")


def test_a_frozen_sellers_goods_are_neither_found_nor_ordered(shop: Shop) -> None:
    sri, _, rice = trade(shop)
    with shop.write() as tx:
        trust.freeze_by_operator(tx, BUDI, "tipu")
    with shop.read() as tx:
        assert catalogue.search(tx, "beras", sri) == []
        assert catalogue.in_category(tx, rice.category, sri) == []
        stale = catalogue.find(tx, rice.number)
    refused(shop, lambda tx: orders.place(tx, sri, stale, 1), "not_offered")


def test_only_a_coordinator_freezes_an_agent(shop: Shop) -> None:
    kim, head = agent(shop), agent(shop, HEAD, "coordinator")
    refused(shop, lambda tx: trust.freeze(tx, kim, HEAD, "tipu"), "not_agent")
    with shop.write() as tx:
        assert trust.freeze(tx, head, KIM, "tipu").frozen


@pytest.mark.parametrize("why", ["", "   ", "123", "\u200b"])
def test_a_reason_is_needed(shop: Shop, why: str) -> None:
    kim, _ = agent(shop), register(shop, SRI)
    refused(shop, lambda tx: trust.freeze(tx, kim, SRI, why), "no_reason")
    refused(shop, lambda tx: trust.report(tx, SRI, KIM, why), "no_reason")


def test_a_report_goes_to_the_agent_who_vouched(shop: Shop) -> None:
    kim, head = agent(shop), agent(shop, HEAD, "coordinator")
    register(shop, BUDI)
    with shop.write() as tx:
        trust.report(tx, SRI, BUDI, "tidak dikirim")
    assert (notices_to(shop, KIM), notices_to(shop, HEAD)) == ([], ["reported"])
    with shop.write() as tx:
        trust.vouch(tx, kim, BUDI, HERE)
        trust.report(tx, SRI, BUDI, "tidak dikirim")
    assert (notices_to(shop, KIM), notices_to(shop, HEAD)) == (["reported"], ["reported"])
    with shop.write() as tx:
        agents.dismiss(tx, "operator", kim, "pindah")
        trust.report(tx, DEWI, BUDI, "tidak dikirim")
        trust.report(tx, DEWI, head.msisdn, "pilih kasih")
    assert (notices_to(shop, KIM), notices_to(shop, HEAD)) == (["reported"], ["reported"] * 2)


def test_nobody_buries_anybody_in_reports(shop: Shop, clock: TurnableClock) -> None:
    register(shop, BUDI)
    with shop.write() as tx:
        for _ in range(trust.REPORTS_A_DAY):
            trust.report(tx, SRI, BUDI, "tidak dikirim")
    refused(shop, lambda tx: trust.report(tx, SRI, BUDI, "lagi"), "too_many_reports")
    refused(shop, lambda tx: trust.report(tx, SRI, SRI, "saya"), "own_number")
    clock.turn(hours=25)
    with shop.write() as tx:
        trust.report(tx, SRI, BUDI, "lagi")


def test_agents_are_listed_with_those_of_before(shop: Shop) -> None:
    kim = agent(shop)
    register(shop, SRI)
    with shop.write() as tx:
        trust.vouch(tx, kim, SRI, HERE)
        agents.dismiss(tx, "operator", kim, "pindah")
        agents.appoint(tx, "operator", kim, "coordinator", 5)
        (listed,) = agents.listed(tx)
    assert (listed["role"], listed["cap"], listed["vouched_for"]) == ("coordinator", 5, 1)
    assert listed["dismissed_at"] is None
    refused(shop, lambda tx: agents.appoint(tx, "operator", kim, "agent", -1), "bad_price")
