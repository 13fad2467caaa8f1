"""What a phone's owner agreed to be sent, and what they do not want any more."""

import pytest

from store import consents, outbox, people
from store.shop import Shop
from tests.support.market import BUDI, DEWI, events, notices_to


def say(shop: Shop, msisdn: str, purpose: str, yes: bool) -> None:
    with shop.write() as tx:
        consents.say(tx, msisdn, purpose, yes=yes, way="sms")


def given(shop: Shop, msisdn: str) -> list[str]:
    with shop.read() as tx:
        return [purpose for purpose in consents.PURPOSES if consents.given(tx, msisdn, purpose)]


@pytest.mark.parametrize("chosen", [None, "en"])
def test_each_purpose_is_stopped_and_begun_again_by_itself(shop: Shop, chosen: str | None) -> None:
    with shop.write() as tx:
        if chosen:
            people.choose_language(tx, DEWI, chosen)
    assert given(shop, DEWI) == ["news", "reminders"]
    say(shop, DEWI, "news", False)
    assert given(shop, DEWI) == ["reminders"]
    say(shop, DEWI, "reminders", False)
    assert given(shop, DEWI) == []
    say(shop, DEWI, "news", True)
    assert given(shop, DEWI) == ["news"]
    assert given(shop, BUDI) == ["news", "reminders"]
    with shop.read() as tx:
        assert people.language(tx, DEWI) == (chosen or "id")


def test_all_that_was_said_is_in_the_log(shop: Shop) -> None:
    say(shop, DEWI, "news", False)
    say(shop, DEWI, "news", True)
    with shop.read() as tx:
        log = tx.rows("SELECT actor, action, details FROM events ORDER BY seq")
    assert [(row["actor"], row["action"]) for row in log] == [
        (DEWI, "consent.withdrawn"),
        (DEWI, "consent.given"),
    ]
    assert log[0]["details"] == '{"purpose": "news", "way": "sms"}'
    assert len(events(shop)) == 2


def test_what_somebody_does_not_want_is_not_written(shop: Shop) -> None:
    say(shop, DEWI, "reminders", False)
    with shop.write() as tx:
        for to in (DEWI, BUDI):
            for kind in ("order", "reminder", "broadcast"):
                outbox.notify(tx, to, f"a_{kind}", kind=kind)
    assert notices_to(shop, BUDI) == ["a_order", "a_reminder", "a_broadcast"]
    assert notices_to(shop, DEWI) == ["a_order", "a_broadcast"]
