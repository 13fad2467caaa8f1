"""Loops of machines are cut; people are answered, whatever they write."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import pytest

from settings import Settings
from store import codes, inbox, outbox
from store.inbox import Received
from store.shop import Shop, Transaction
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, open_shop, texts_to
from tests.support.sending import answer_next

LIMIT = 9
"""SMS of one phone in ten minutes; three when all are alike."""

Words = Callable[[], str]


@pytest.fixture
def shop(settings: Settings, clock: TurnableClock) -> Shop:
    return open_shop(settings, clock, replies_limit=LIMIT)


def answer(tx: Transaction, received: Received) -> str:
    outbox.put(tx, received.msisdn, "Maaf, belum kami pahami", notice="reply", kind="reply")
    return received.text


_ids = count()


def write(
    shop: Shop, text: str, *, msisdn: str = SRI, ago: timedelta | None = None, wait: bool = False
) -> None:
    """A message comes, sent so long ago, and is answered unless it has to `wait`."""
    with shop.write() as tx:
        sent_at = None if ago is None else tx.now - ago
        inbox.keep(tx, Received("at", f"id {next(_ids)}", msisdn, text, sent_at))
    if not wait:
        answer_all(shop)


def answer_all(shop: Shop) -> None:
    while answer_next(shop, answer, answer):
        pass


def states(shop: Shop, msisdn: str = SRI) -> list[str]:
    with shop.read() as tx:
        rows = tx.rows("SELECT state FROM inbox WHERE msisdn = ? ORDER BY id", (msisdn,))
    return [row["state"] for row in rows]


def test_our_own_words_are_not_answered(shop: Shop) -> None:
    write(shop, "halo")
    write(shop, " Maaf, belum kami pahami\n")
    write(shop, "halo lagi")
    assert states(shop) == ["answered", "cut", "answered"]
    assert len(texts_to(shop, SRI)) == 2


def test_nor_are_they_with_a_code_in(shop: Shop) -> None:
    with shop.write() as tx:
        text = f"Kode {codes.placeholder(1001, '0af3')}"
        outbox.put(tx, SRI, text, notice="order", kind="order")
    write(shop, codes.reveal(text, shop.settings.pepper))
    assert states(shop) == ["cut"]
    with shop.read() as tx:
        assert tx.value("SELECT text FROM inbox") == "Kode *****"


def test_whoever_sends_them_on_long_after_is_a_person(shop: Shop, clock: TurnableClock) -> None:
    write(shop, "halo")
    clock.turn(minutes=11)
    write(shop, "Maaf, belum kami pahami")
    assert states(shop) == ["answered"] * 2


def test_what_we_said_to_others_is_no_echo(shop: Shop) -> None:
    write(shop, "halo", msisdn=BUDI)
    write(shop, "Maaf, belum kami pahami")
    assert states(shop) == ["answered"]


def test_a_person_who_writes_the_same_twice_is_answered_twice(settings: Settings) -> None:
    for limit in (3, 4, 60):
        shop = open_shop(settings, replies_limit=limit)
        phone = f"+62812345670{limit:02}"
        for _ in range(2):
            write(shop, "BELI 117 2", msisdn=phone)
        assert states(shop, phone) == ["answered"] * 2


def numbered() -> Iterator[str]:
    return (f"pesan {number}" for number in count())


@pytest.mark.parametrize(
    ("words", "answered"),
    [(lambda: "sedang di jalan", 3), (numbered().__next__, LIMIT)],
    ids=["all alike", "each another"],
)
def test_one_that_goes_on_and_on_is_cut_until_it_is_quiet(
    shop: Shop, clock: TurnableClock, words: Words, answered: int
) -> None:
    for _ in range(40):
        write(shop, words())
        clock.turn(seconds=5)
    assert states(shop) == ["answered"] * answered + ["cut"] * (40 - answered)
    assert len(texts_to(shop, SRI)) == answered
    write(shop, "halo", msisdn=BUDI)
    assert states(shop, BUDI) == ["answered"], "another phone is"
    clock.turn(minutes=11)
    write(shop, words())
    assert states(shop)[-1] == "answered"


def test_a_person_at_a_persons_pace_is_never_cut(shop: Shop, clock: TurnableClock) -> None:
    words = numbered()
    for _ in range(5 * LIMIT):
        write(shop, next(words))
        clock.turn(seconds=75)
    assert set(states(shop)) == {"answered"}


@pytest.mark.parametrize("dated", [True, False])
def test_what_waited_for_us_is_no_loop_before_it_was_answered(shop: Shop, dated: bool) -> None:
    """An agent's day of messages comes at once after an outage: typed over hours, if we know when;
    otherwise as many are answered as of anybody."""
    for number in range(3 * LIMIT):
        ago = timedelta(minutes=5 * (3 * LIMIT - number)) if dated else None
        write(shop, f"SETOR {number}", ago=ago, wait=True)
    answer_all(shop)
    answered = states(shop).count("answered")
    assert answered == (3 * LIMIT if dated else LIMIT)
    assert states(shop)[:answered] == ["answered"] * answered
