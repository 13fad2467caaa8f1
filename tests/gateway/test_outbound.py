"""The worker's side of messages: one provider after the other, and secrets put in at the last."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gateway import inbound, outbound
from gateway.providers import Outgoing
from menus.notices import NOTICES
from menus.wording import Wording
from settings import Settings
from store import codes, inbox, outbox
from store.inbox import Received
from store.outbox import Outcome
from store.shop import Shop
from tests.support.carrier import Carrier
from tests.support.clock import TurnableClock

SRI, BUDI = "+6281234567001", "+6281234567002"
REFUSED = Outcome("refused", reason="busy")


@pytest.fixture
def wording(settings: Settings) -> Wording:
    return Wording(settings.zone, NOTICES)


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
def shop(settings: Settings, wording: Wording, clock: TurnableClock) -> Shop:
    shop = Shop(settings, wording, clock=clock)
    shop.migrate()
    return shop


def write(shop: Shop, msisdn: str = SRI, text: str = "Halo") -> None:
    with shop.write() as tx:
        outbox.put(tx, msisdn, text, notice="test", kind="order")


def sender(shop: Shop, *carriers: Any) -> Callable[[], bool]:
    return outbound.send_next(shop, carriers)


def states(shop: Shop) -> list[str]:
    with shop.read() as tx:
        return [row["state"] for row in tx.rows("SELECT state FROM outbox ORDER BY id")]


def test_with_nothing_to_send_there_is_nothing_to_do(shop: Shop) -> None:
    assert not sender(shop, Carrier("one"))()


def test_messages_leave_one_by_one_in_their_order(shop: Shop) -> None:
    carrier = Carrier("one")
    for text in ("satu", "dua"):
        write(shop, text=text)
    send = sender(shop, carrier)
    assert [send(), send(), send()] == [True, True, False]
    assert carrier.given == [(SRI, "satu"), (SRI, "dua")]
    assert states(shop) == ["accepted", "accepted"]


def test_what_one_provider_refuses_is_tried_at_the_next(shop: Shop, clock: TurnableClock) -> None:
    one, two = Carrier("one", REFUSED, REFUSED), Carrier("two", REFUSED)
    write(shop)
    send = sender(shop, one, two)
    for _ in range(4):
        send()
        clock.turn(timedelta(hours=1))
    assert (len(one.given), len(two.given)) == (2, 2)
    assert states(shop) == ["accepted"]


def test_the_code_is_put_in_for_the_provider_alone(shop: Shop, settings: Settings) -> None:
    carrier = Carrier("one")
    kept = f"Kode {codes.placeholder(17, '00ff')}."
    code = codes.hand_over_code(settings.pepper or "", 17, "00ff")
    write(shop, text=kept)
    sender(shop, carrier)()
    assert carrier.given == [(SRI, f"Kode {code}.")]
    with shop.read() as tx:
        assert tx.value("SELECT text FROM outbox") == kept


def test_a_provider_that_breaks_its_promise_and_raises_leaves_an_unknown_outcome(
    shop: Shop, clock: TurnableClock, settings: Settings
) -> None:
    class Broken(Carrier):
        def send(self, sms: Outgoing) -> Outcome:
            raise ZeroDivisionError

    write(shop)
    write(shop, BUDI)
    with pytest.raises(ZeroDivisionError):
        sender(shop, Broken("one"))()
    good = Carrier("one")
    assert sender(shop, good)(), "the next message is not held up"
    assert good.given == [(BUDI, "Halo")]
    assert states(shop) == ["sending", "accepted"]
    clock.turn(settings.lease)
    sender(shop, good)()
    assert states(shop) == ["unknown", "accepted"]


def test_each_message_that_came_is_answered_once(shop: Shop, wording: Wording) -> None:
    with shop.write() as tx:
        for number in range(3):
            inbox.keep(tx, Received("simulator", f"id-{number}", SRI, "BANTU"))
    answer = inbound.answer_next(shop, wording)
    assert [answer() for _ in range(4)] == [True, True, True, False]
    assert states(shop) == ["queued"] * 3
