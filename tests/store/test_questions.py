"""What waits for a YA or TIDAK."""

from datetime import timedelta

from store import questions
from store.questions import Question
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI

HOUR = timedelta(hours=1)


def ask(shop: Shop, kind: str, keep: timedelta = HOUR, msisdn: str = SRI, **details: str) -> None:
    with shop.write() as tx:
        questions.ask(tx, msisdn, kind, details, keep)


def waiting(shop: Shop, msisdn: str = SRI) -> list[Question]:
    with shop.read() as tx:
        return questions.waiting(tx, msisdn)


def test_a_question_waits_for_its_phone_and_for_a_while(shop: Shop, clock: TurnableClock) -> None:
    ask(shop, "consent", name="Inaq Sri")
    assert waiting(shop) == [Question("consent", {"name": "Inaq Sri"})]
    assert waiting(shop, BUDI) == []
    clock.turn(hours=1)
    assert waiting(shop) == []


def test_asking_again_replaces_and_prolongs(shop: Shop, clock: TurnableClock) -> None:
    ask(shop, "consent", name="Inaq Sri")
    clock.turn(minutes=59)
    ask(shop, "consent", name="Inaq Ayu")
    clock.turn(minutes=59)
    assert waiting(shop) == [Question("consent", {"name": "Inaq Ayu"})]


def test_the_oldest_comes_first(shop: Shop, clock: TurnableClock) -> None:
    ask(shop, "draft")
    clock.turn(minutes=1)
    ask(shop, "consent")
    assert [question.kind for question in waiting(shop)] == ["draft", "consent"]


def test_one_kind_is_found_and_dropped(shop: Shop) -> None:
    ask(shop, "draft")
    ask(shop, "consent")
    with shop.write() as tx:
        assert questions.find(tx, SRI, "draft")
        questions.drop(tx, SRI, "draft")
        assert questions.find(tx, SRI, "draft") is None
        questions.drop(tx, SRI, "draft")
    assert [question.kind for question in waiting(shop)] == ["consent"]
