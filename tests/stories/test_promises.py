"""What a person can count on, as numbers: requests to the end of an order, and SMS it costs."""

from pathlib import Path

import pytest

from settings import Settings
from tests.support.dialogue import Player
from tests.support.worlds import LocalWorld

STORIES = Path(__file__).parent


class CountingWorld(LocalWorld):
    """Counts requests."""

    hops = 0

    def hop(self, msisdn: str, session_id: str, service_code: str, text: str) -> str:
        self.hops += 1
        return super().hop(msisdn, session_id, service_code, text)

    def segments(self) -> int:
        """All that was sent so far."""
        with self.shop.read() as tx:
            return int(tx.value("SELECT COALESCE(SUM(segments), 0) FROM outbox"))


@pytest.fixture
def world(settings: Settings) -> CountingWorld:
    return CountingWorld(settings)


def part(story: str, begin: str, end: str = "\0") -> tuple[str, str]:
    """What comes before `begin`, and from there until `end`."""
    text = (STORIES / story).read_text(encoding="utf-8")
    before, _, rest = text.partition(begin)
    return before, rest.partition(end)[0]


def test_a_first_purchase_by_search_takes_seven_requests(world: CountingWorld) -> None:
    before, purchase = part("first_purchase.txt", "# Seven requests", "Budi receives")
    player = Player(world).play(before)
    world.hops = 0
    player.play("#" + purchase)
    assert world.hops <= 7


def test_an_extended_code_takes_two_requests(world: CountingWorld) -> None:
    before, purchase = part(
        "ordering_again.txt",
        "# Two requests",
        "Sri dials *123*45*{listing}*2#\nSri picks Ya\n  Pesanan",
    )
    player = Player(world).play(before)
    world.hops = 0
    player.play("#" + purchase)
    assert world.hops <= 2


def test_ordering_again_takes_three_requests(world: CountingWorld) -> None:
    before, purchase = part("ordering_again.txt", "later 2 days")
    player = Player(world).play(before)
    world.hops = 0
    player.play(purchase)
    assert world.hops <= 3


def test_a_cash_on_delivery_order_costs_five_segments(world: CountingWorld) -> None:
    before, purchase = part("first_purchase.txt", "# Seven requests")
    player = Player(world).play(before)
    spent = world.segments()
    player.play("#" + purchase)
    assert 0 < world.segments() - spent <= 5
    player.play(
        "Sri dials *123*45#\nSri picks Pesanan saya\nSri picks {order}\nSri picks Nilai\n"
        "Sri picks Baik sekali\n  (end)\nBudi receives nothing\nSri receives nothing"
    )
    assert world.segments() - spent <= 5
