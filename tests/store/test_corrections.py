"""What an operator takes back because it did not happen: not what others could not make good."""

import pytest

from store import agents, codes, erasure, orders, payouts
from store.errors import Refused
from store.orders import kiosk
from store.payouts import Payout
from store.people import Person
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import DEWI, order, register, run_timers, trade


def paid(shop: Shop, clock: TurnableClock) -> tuple[Person, Person, Payout]:
    """The agent who paid a seller for an order, the seller, and the payout."""
    sri, budi, rice = trade(shop)
    dewi = register(shop, DEWI, "Inaq Dewi")
    placed = order(shop, sri, rice)
    with shop.write() as tx:
        agents.appoint(tx, "operator", dewi, "agent", 1_000_000)
        orders.accept(tx, budi, placed.number)
        kiosk.deposit(tx, dewi, placed.number, placed.total)
        orders.receive(tx, sri, placed.number)
        orders.receive(tx, sri, placed.number)
        (due,) = payouts.of_order(tx, placed.id)
        code = codes.reveal(due.code, shop.settings.pepper)
        return dewi, budi, payouts.pay(tx, dewi, placed.number, ("seller",), code)


def refusal(shop: Shop, payout: Payout) -> str:
    with shop.write() as tx, pytest.raises(Refused) as refused:
        payouts.unpay(tx, payout.id, "belum dibayar")
    return refused.value.reason


def test_a_payout_of_an_agent_who_is_none_any_more_stays(shop: Shop, clock: TurnableClock) -> None:
    dewi, _, payout = paid(shop, clock)
    with shop.write() as tx:
        agents.dismiss(tx, "operator", dewi, "pindah")
    assert refusal(shop, payout) == "not_agent"
    with shop.write() as tx:
        agents.appoint(tx, "operator", dewi, "agent", 1_000_000)
        assert payouts.unpay(tx, payout.id, "belum dibayar").state == "due"


def test_a_payout_to_somebody_who_was_erased_stays(shop: Shop, clock: TurnableClock) -> None:
    _, budi, payout = paid(shop, clock)
    clock.turn(days=30)
    run_timers(shop)
    with shop.write() as tx:
        erasure.erase(tx, budi)
    assert refusal(shop, payout) == "no_payout"
