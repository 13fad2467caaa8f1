"""Which workers were seen lately."""

from store import heartbeats
from store.shop import Shop
from tests.support.clock import TurnableClock


def seen_lately(shop: Shop) -> bool:
    with shop.read() as tx:
        return heartbeats.seen_lately(tx)


def test_a_worker_is_seen_for_half_a_minute(shop: Shop, clock: TurnableClock) -> None:
    assert not seen_lately(shop)
    heartbeats.beat(shop, "one")
    clock.turn(seconds=29)
    assert seen_lately(shop)
    clock.turn(seconds=1)
    assert not seen_lately(shop)


def test_one_worker_is_enough(shop: Shop, clock: TurnableClock) -> None:
    heartbeats.beat(shop, "one")
    clock.turn(minutes=5)
    heartbeats.beat(shop, "two")
    assert seen_lately(shop)


def test_a_worker_that_is_gone_for_a_day_is_forgotten(shop: Shop, clock: TurnableClock) -> None:
    heartbeats.beat(shop, "one")
    heartbeats.beat(shop, "one")
    clock.turn(days=1, seconds=1)
    heartbeats.beat(shop, "two")
    with shop.read() as tx:
        assert [row["name"] for row in tx.rows("SELECT name FROM heartbeats")] == ["two"]
