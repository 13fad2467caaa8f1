"""A buyer's unfinished order."""

from datetime import timedelta

import pytest

from store import catalogue, closing, drafts
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import DEWI, SRI, notices_to, order, run_timers, sell, texts_to, trade


@pytest.fixture
def draft(shop: Shop):
    """Sri's for 2 of Budi's 5 kg of rice."""
    traded = trade(shop, stock=5)
    keep(shop, traded[-1].number)
    return traded


def keep(shop: Shop, listing: str, quantity: int = 2, msisdn: str = SRI) -> None:
    with shop.write(durable=False) as tx:
        drafts.keep(tx, msisdn, listing, quantity)


def find(shop: Shop, msisdn: str = SRI) -> drafts.Draft | None:
    with shop.read() as tx:
        return drafts.find(tx, msisdn)


def turn(shop: Shop, clock: TurnableClock, **span: float) -> None:
    clock.turn(timedelta(**span))
    run_timers(shop)


def test_it_is_kept_for_a_day(shop: Shop, clock: TurnableClock, draft) -> None:
    found = find(shop)
    assert (found.listing, found.quantity) == (draft[-1], 2)
    turn(shop, clock, hours=24)
    assert find(shop) is None


def test_it_is_offered_once_after_a_while(shop: Shop, clock: TurnableClock, draft) -> None:
    turn(shop, clock, minutes=9)
    assert texts_to(shop, SRI) == []
    turn(shop, clock, minutes=1)
    assert texts_to(shop, SRI) == ["draft_offer quantity=2 unit=kg title=Beras medium total=24000"]
    turn(shop, clock, hours=30)
    assert len(texts_to(shop, SRI)) == 1


def test_the_latest_is_the_one(shop: Shop, clock: TurnableClock, draft) -> None:
    honey = sell(shop, draft[1], "Madu")
    turn(shop, clock, minutes=5)
    keep(shop, honey.number, 1)
    turn(shop, clock, minutes=9)
    assert texts_to(shop, SRI) == []
    assert find(shop).listing.title == "Madu"


def test_an_order_ends_it(shop: Shop, clock: TurnableClock, draft) -> None:
    order(shop, draft[0], draft[-1])
    assert find(shop) is None
    turn(shop, clock, minutes=10)
    assert notices_to(shop, SRI) == []


def test_leaving_it_on_purpose_ends_it(shop: Shop, clock: TurnableClock, draft) -> None:
    with shop.write() as tx:
        drafts.drop(tx, SRI)
    turn(shop, clock, minutes=10)
    assert notices_to(shop, SRI) == []


def test_what_is_sold_out_is_not_offered(shop: Shop, clock: TurnableClock, draft) -> None:
    with shop.write() as tx:
        catalogue.set_stock(tx, draft[1], draft[-1].number, 1)
    assert find(shop) is None
    turn(shop, clock, minutes=10)
    assert notices_to(shop, SRI) == []


def test_what_a_closed_shop_sells_is_not_offered_but_kept(
    shop: Shop, clock: TurnableClock, draft
) -> None:
    with shop.write() as tx:
        closing.close(tx, draft[1])
    turn(shop, clock, minutes=10)
    assert notices_to(shop, SRI) == []
    assert find(shop).listing.number == draft[-1].number


def test_strangers_are_sent_nothing(shop: Shop, clock: TurnableClock, draft) -> None:
    keep(shop, draft[-1].number, msisdn=DEWI)
    turn(shop, clock, minutes=10)
    assert texts_to(shop, DEWI) == []


def test_a_listing_that_is_not_there_is_no_draft(shop: Shop) -> None:
    keep(shop, "99999")
    assert find(shop) is None


# The network says that the session dropped


def drop_session(shop: Shop) -> None:
    with shop.write() as tx:
        drafts.session_dropped(tx, SRI)


def test_it_is_offered_soon_once_the_session_dropped(
    shop: Shop, clock: TurnableClock, draft
) -> None:
    drop_session(shop)
    turn(shop, clock, seconds=59)
    assert notices_to(shop, SRI) == []
    turn(shop, clock, seconds=1)
    assert notices_to(shop, SRI) == ["draft_offer"]
    drop_session(shop)
    turn(shop, clock, hours=1)
    assert notices_to(shop, SRI) == ["draft_offer"], "once"


def test_an_event_that_comes_late_does_not_put_it_off(
    shop: Shop, clock: TurnableClock, draft
) -> None:
    turn(shop, clock, minutes=9, seconds=30)
    drop_session(shop)
    turn(shop, clock, seconds=30)
    assert notices_to(shop, SRI) == ["draft_offer"]


def test_without_an_unfinished_order_nothing_is_offered(
    shop: Shop, clock: TurnableClock, draft
) -> None:
    order(shop, draft[0], draft[-1])
    drop_session(shop)
    turn(shop, clock, hours=1)
    assert "draft_offer" not in notices_to(shop, SRI)


def test_who_looks_at_it_again_is_not_sent_it_meanwhile(
    shop: Shop, clock: TurnableClock, draft
) -> None:
    drop_session(shop)
    turn(shop, clock, seconds=30)
    with shop.write() as tx:
        drafts.taken_up(tx, SRI)
    turn(shop, clock, minutes=9)
    assert notices_to(shop, SRI) == []
    turn(shop, clock, minutes=1)
    assert notices_to(shop, SRI) == ["draft_offer"]
    with shop.write() as tx:
        drafts.taken_up(tx, SRI)
    turn(shop, clock, hours=1)
    assert notices_to(shop, SRI) == ["draft_offer"], "once"


@pytest.mark.parametrize("end", ["order", "leave"])
def test_an_offer_that_waits_to_be_sent_is_withdrawn(
    shop: Shop, clock: TurnableClock, draft, end: str
) -> None:
    drop_session(shop)
    turn(shop, clock, minutes=1)
    if end == "order":
        order(shop, draft[0], draft[-1])
    else:
        with shop.write() as tx:
            drafts.drop(tx, SRI)
    with shop.read() as tx:
        row = tx.row("SELECT state FROM outbox WHERE notice = 'draft_offer'")
    assert row == {"state": "withdrawn"}
