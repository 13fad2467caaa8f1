"""Messages that leave: in which order, how often, and what becomes of each."""

from collections import Counter
from datetime import timedelta
from itertools import chain

import pytest

from settings import Settings
from store import outbox, people
from store.clock import from_text
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, DEWI, SRI, open_shop, plain
from tests.support.post_office import PostOffice
from tests.support.rivals import in_processes, in_threads
from tests.support.sending import claim, settle


@pytest.fixture
def office(shop: Shop, clock: TurnableClock) -> PostOffice:
    return PostOffice(shop, clock)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ("", "queued"),
        ("send", "sending"),
        ("send / accepted a", "accepted"),
        ("send / refused", "queued"),
        ("send / failed", "failed"),
        ("send / unknown", "unknown"),
        ("send / refused / wait 1s / sweep", "queued"),
        ("send / refused / wait 3s / send", "sending"),
        ("send / refused / wait 3s / send / accepted a", "accepted"),
        ("send / wait 29s / sweep", "sending"),
        ("send / wait 30s / sweep", "unknown"),
        ("send / wait 30s / sweep / accepted a", "accepted"),
        ("send / wait 30s / sweep / refused", "queued"),
        ("send / wait 30s / sweep / failed", "failed"),
        ("send / unknown / wait 119s / sweep", "unknown"),
        ("send / unknown / wait 2m / send", "sending"),
        ("send / unknown / wait 2m / send / accepted b", "accepted"),
        ("send / wait 30s / sweep / wait 2m / send", "sending"),
        ("send / wait 1d / sweep / wait 2m / sweep", "unknown"),
        ("send / wait 23h / refused / wait 1h / sweep", "expired"),
        ("send / wait 1d / refused", "expired"),
        ("wait 1d / sweep", "expired"),
    ],
)
def test_what_becomes_of_a_message(office: PostOffice, steps: str, state: str) -> None:
    message = office.write()
    office.play(steps)
    assert office.state(message) == state


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ("send / unknown / wait 2m / sweep", "unknown"),
        ("send / wait 30s / sweep / wait 2m / sweep / wait 9d / sweep", "unknown"),
        ("send / unknown / wait 2m / sweep / report a delivered", "delivered"),
        ("send / refused / wait 3s / send", "sending"),
    ],
)
def test_a_one_time_code_is_never_sent_again_blindly(
    office: PostOffice, steps: str, state: str
) -> None:
    message = office.write(secret=True)
    office.play(steps)
    assert office.state(message) == state


def test_the_sender_gets_what_it_needs(office: PostOffice) -> None:
    message_id = office.write(BUDI, "Pesanan 10019")
    message = office.claim()
    expires = "2026-11-24T01:00:00.000000Z"
    assert message == outbox.Message(message_id, BUDI, "Pesanan 10019", 1, "simulator", expires)
    assert message.reference == f"{message_id}-1"
    office.answer("accepted", "a")
    assert office.row(message_id)["external_id"] == "a"


def test_the_outbox_keeps_the_code_out_and_counts_segments_as_sent(office: PostOffice) -> None:
    row = office.row(office.write(text="x" * 155, secret=True))
    assert "\x02" in row["text"]
    assert row["segments"] == 1
    assert office.row(office.write(text="x" * 161))["segments"] == 2


def test_waits_between_attempts_grow_and_then_stay(office: PostOffice) -> None:
    message = office.write()
    waits = []
    for _ in range(7):
        office.play("send / refused")
        wait = from_text(office.row(message)["next_at"]) - office.clock.now()
        waits.append(wait.total_seconds())
        office.clock.turn(wait)
    for waited, least in zip(waits, [2, 10, 60, 300, 1800, 1800, 1800], strict=True):
        assert least <= waited <= least * 1.25, "each up to a quarter longer"
    assert len(set(waits[-3:])) == 3, "by chance"


def sent_in_order(office: PostOffice) -> list[str]:
    """The texts of all that may leave now, each accepted before the next."""
    texts = []
    while message := office.claim():
        texts.append(message.text)
        office.answer("accepted", message.id)
    return texts


def test_the_most_urgent_leaves_first(office: PostOffice) -> None:
    for n, kind in enumerate(reversed(outbox.CLASSES)):
        office.write(f"+62812000000{n}", kind, kind=kind)
    office.clock.turn(seconds=20)  # a reminder waits so long for others
    assert sent_in_order(office) == list(outbox.CLASSES)


def test_messages_to_one_phone_leave_one_after_the_other(office: PostOffice) -> None:
    for text in ("one", "two", "three"):
        office.write(SRI, text, kind="reply")
    assert office.claim().text == "one"
    assert office.claim() is None  # until it is known what became of the first
    assert sent_in_order(PostOffice(office.shop, office.clock)) == []


def test_a_message_that_waits_for_another_try_holds_up_those_behind_it(office: PostOffice) -> None:
    for to, text in ((SRI, "one"), (SRI, "two"), (BUDI, "other")):
        office.write(to, text, kind="reply")
    office.claim()
    office.answer("refused")
    assert sent_in_order(office) == ["other"]
    office.clock.turn(seconds=3)
    assert sent_in_order(office) == ["one", "two"]


def test_one_that_may_have_to_be_sent_again_holds_its_phone_s_place(office: PostOffice) -> None:
    for to, text in ((SRI, "one"), (SRI, "two"), (BUDI, "other")):
        office.write(to, text, kind="reply")
    office.play("send / unknown")
    assert sent_in_order(office) == ["other"]
    office.clock.turn(minutes=2)
    assert sent_in_order(office) == ["one", "two"]


def test_one_that_is_not_sent_again_in_any_case_holds_up_nobody(office: PostOffice) -> None:
    office.write(SRI, "code ", secret=True)
    office.write(SRI, "two")
    office.play("send / unknown")
    assert sent_in_order(office) == ["two"]


def test_an_urgent_message_does_not_wait_behind_a_less_urgent_one(office: PostOffice) -> None:
    office.write(SRI, "news", kind="broadcast")
    office.play("send / refused")
    office.write(SRI, "code", kind="security")
    office.write(SRI, "more news", kind="broadcast")
    assert sent_in_order(office) == ["code"]


@pytest.fixture
def thrifty(settings: Settings, clock: TurnableClock) -> PostOffice:
    """A shop that may spend two segments a day."""
    return PostOffice(open_shop(settings, clock, sms_daily_budget=2), clock)


def test_beyond_the_budget_only_orders_and_security_leave(thrifty: PostOffice) -> None:
    for n, kind in enumerate(["order", "order", "reply", "reminder", "broadcast", "security"]):
        thrifty.write(f"+62812000000{n}", kind, kind=kind)
    assert sent_in_order(thrifty) == ["security", "order", "order"]


def test_beyond_the_budget_an_order_does_not_wait_behind_a_reply(thrifty: PostOffice) -> None:
    thrifty.write(BUDI, "x" * 320, kind="order")
    sent_in_order(thrifty)
    thrifty.write(SRI, "reply", kind="reply")
    thrifty.write(SRI, "order", kind="order")
    assert sent_in_order(thrifty) == ["order"]


def test_the_next_day_has_a_budget_of_its_own(thrifty: PostOffice) -> None:
    thrifty.write(BUDI, "x" * 320)
    sent_in_order(thrifty)
    thrifty.write(SRI, "reply", kind="reply")
    thrifty.clock.turn(hours=14, minutes=59)  # one minute to midnight in Lombok
    assert sent_in_order(thrifty) == []
    thrifty.write(SRI, "reply", kind="reply")  # the one before is not wanted any more
    thrifty.clock.turn(minutes=1)
    assert sent_in_order(thrifty) == ["reply"]


def test_every_attempt_costs_its_segments(thrifty: PostOffice) -> None:
    thrifty.write(kind="order")
    thrifty.play("send / refused / wait 3s / send / accepted a")
    thrifty.write(kind="reply")
    assert sent_in_order(thrifty) == []


def test_an_old_message_does_not_leave_and_holds_up_nobody(office: PostOffice) -> None:
    old = [office.write(SRI, f"old {n}") for n in range(3)]
    office.clock.turn(days=1)
    office.write(SRI, "new")
    assert sent_in_order(office) == ["new"]
    assert {office.state(message) for message in old} == {"expired"}
    assert "too old" in office.row(old[0])["reason"]


def queued_again(office: PostOffice) -> tuple[str, outbox.Message]:
    """A message of unknown outcome that is queued again, but not yet claimed."""
    message_id = office.write(SRI, "slow", kind="reply")
    office.play("send / wait 30s / sweep / wait 2m")
    slow = office.message
    assert slow
    office.write(BUDI, "urgent", kind="security")
    assert office.claim().text == "urgent"
    assert office.state(message_id) == "queued"
    return message_id, slow


@pytest.mark.parametrize(
    ("said", "state", "again"),
    [("accepted", "accepted", False), ("failed", "failed", False), ("refused", "queued", True),
     ("unknown", "queued", True)],
)  # fmt: skip
def test_a_very_slow_answer_still_counts(
    office: PostOffice, said: str, state: str, again: bool
) -> None:
    message_id, slow = queued_again(office)
    office.answer(said, message=slow)
    assert office.state(message_id) == state
    assert bool(office.claim()) == again


def test_an_answer_does_not_decide_about_a_later_attempt(office: PostOffice) -> None:
    message_id = office.write()
    office.play("send / wait 30s / sweep / wait 2m")
    first = office.message
    office.play("send")
    for said in ("failed", "refused", "unknown", "accepted"):
        office.answer(said, "late", message=first)
        assert office.state(message_id) == "sending"
    office.answer("accepted", "b")
    assert office.row(message_id)["external_id"] == "b"


def test_rollback_takes_the_message_back(shop: Shop) -> None:
    def fail() -> None:
        with shop.write() as tx:
            outbox.put(tx, SRI, "Halo", notice="test", kind="reply")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert claim(shop) is None


def test_a_notice_is_worded_in_the_language_of_its_phone(
    settings: Settings, clock: TurnableClock
) -> None:
    shop = Shop(settings, lambda lang, notice, values: f"{lang} {notice} {values}", clock=clock)
    shop.migrate()
    with shop.write() as tx:
        people.choose_language(tx, DEWI, "en")
        for to in (SRI, DEWI):
            outbox.notify(tx, to, "order_new", number="10019")
    sent = sent_in_order(PostOffice(shop, clock))
    assert sent == [f"{lang} order_new {{'number': '10019'}}" for lang in ("id", "en")]


def claim_all(shop: Shop) -> list[str]:
    """Claims until nothing is left; the ids."""
    claimed = []
    while message := claim(shop):
        claimed.append(message.id)
        settle(shop, message, outbox.Outcome("accepted", message.id))
    return claimed


def phones(office: PostOffice, most: int) -> list[str]:
    return [office.write(f"+6281240{n:05d}", kind="reply") for n in range(most)]


def test_no_two_threads_send_the_same_message(office: PostOffice) -> None:
    written = phones(office, 40)
    claimed = in_threads([lambda: claim_all(office.shop)] * 8)
    assert Counter(chain(*claimed)) == Counter(written)


def claim_all_in(settings: Settings) -> list[str]:
    return claim_all(Shop(settings, plain))


@pytest.mark.slow
def test_no_two_processes_send_the_same_message(settings: Settings) -> None:
    office = PostOffice(open_shop(settings), TurnableClock())
    written = phones(office, 60)
    claimed = in_processes(claim_all_in, [(settings,)] * 4)
    assert Counter(chain(*claimed)) == Counter(written)


def test_a_crowd_at_one_phone_is_sent_one_at_a_time(office: PostOffice) -> None:
    written = [office.write(SRI, kind="reply") for _ in range(20)]

    def send() -> list[str]:
        claimed = []
        for _ in range(200):
            if message := claim(office.shop):
                claimed.append(message.id)
                with office.shop.read() as tx:
                    assert tx.value("SELECT COUNT(*) FROM outbox WHERE state = 'sending'") == 1
                settle(office.shop, message, outbox.Outcome("accepted", message.id))
        return claimed

    claimed = in_threads([send] * 4)
    assert sorted(chain(*claimed)) == written


def test_a_lease_is_as_long_as_the_settings_say(settings: Settings, clock: TurnableClock) -> None:
    office = PostOffice(open_shop(settings, clock, lease=timedelta(minutes=5)), clock)
    message = office.write()
    office.play("send / wait 299s / sweep")
    assert office.state(message) == "sending"
    office.play("wait 1s / sweep")
    assert office.state(message) == "unknown"
