"""How links share messages: how fast each is given them, when it is left alone, who helps out."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from itertools import count

import pytest

from settings import Settings
from store import outbox
from store.clock import from_text
from store.outbox import links
from store.outbox.links import TRIP
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, open_shop
from tests.support.post_office import PROVIDER, PostOffice
from tests.support.rivals import in_threads

Open = Callable[..., PostOffice]

LONGEST_AWAY, LONGEST_BUSY, JITTER = 300, 60, 1.5


@pytest.fixture
def open_office(settings: Settings, clock: TurnableClock) -> Open:
    """Another worker of the same shop, with these settings."""

    def open_office(**changes: object) -> PostOffice:
        return PostOffice(open_shop(settings, clock, **changes), clock)

    return open_office


def phones(office: PostOffice, most: int) -> list[str]:
    """A message to each of so many phones."""
    return [office.write(f"+6281240{n:05d}", kind="reply") for n in range(most)]


def link(office: PostOffice, provider: str = PROVIDER) -> dict:
    with office.shop.read() as tx:
        return tx.row("SELECT * FROM links WHERE provider = ?", (provider,)) or {}


def given(office: PostOffice, provider: str = PROVIDER, most: int = 256) -> list[str]:
    """The ids of all that this provider is given now."""
    return [message.id for message in office.turn(provider, most).messages]


def accept(office: PostOffice, messages: Sequence[outbox.Message]) -> None:
    for message in messages:
        office.answer("accepted", message.reference, message)


# How fast.


@pytest.mark.parametrize("rate", [0.001, 0.01, 0.5, 0.9, 1.0, 1.5, 3.0, 7.0, 20.0, 333.0])
def test_a_link_is_given_what_its_rate_allows_and_no_more(open_office: Open, rate: float) -> None:
    office = open_office(send_rate=((PROVIDER, rate),))
    begin, burst = office.clock.now(), max(rate, 1)
    count, looks = 0, 0
    phones(office, round(burst) + 25)
    while looks < 25:
        turn = office.turn()
        accept(office, turn.messages)
        count += len(turn.messages)
        passed = (office.clock.now() - begin).total_seconds()
        assert count <= burst + rate * passed + 0.01
        looks += 1
        if not turn.messages:
            assert turn.wait, "it says when to look again"
            office.clock.turn(seconds=turn.wait + 0.000_002)
            assert given(office, most=1), f"{looks}: and then there is room"
            with office.shop.write() as tx:
                tx.execute("UPDATE outbox SET state = 'accepted' WHERE state = 'sending'")
            count += 1
    passed = (office.clock.now() - begin).total_seconds()
    assert count >= int(burst) + rate * passed - 1.1


def test_who_has_been_quiet_for_long_may_send_no_more_at_once(open_office: Open) -> None:
    office = open_office(send_rate=((PROVIDER, 5.0),))
    phones(office, 20)
    office.clock.turn(hours=1)
    assert len(given(office)) == 5


def test_two_workers_together_keep_to_the_rate(open_office: Open) -> None:
    one, two = (open_office(send_rate=((PROVIDER, 4.0),)) for _ in range(2))
    phones(one, 20)
    assert [len(given(one, most=3)), len(given(two)), len(given(one))] == [3, 1, 0]
    one.clock.turn(seconds=0.5)
    assert [len(given(two)), len(given(one))] == [2, 0]


def test_two_workers_at_the_same_moment_keep_to_the_rate(open_office: Open) -> None:
    offices = [open_office(send_rate=((PROVIDER, 10.0),)) for _ in range(2)]
    phones(offices[0], 30)
    claimed = in_threads([partial(given, office, most=3) for office in offices * 4])
    assert sum(map(len, claimed)) == 10


def test_two_workers_together_have_so_many_under_way(open_office: Open) -> None:
    one, two = (open_office(send_at_once=4) for _ in range(2))
    phones(one, 20)
    first = one.turn(most=3).messages
    assert [len(first), len(given(two)), len(given(one))] == [3, 1, 0]
    accept(one, first)
    assert len(given(two)) == 3


def test_whom_not_the_rate_keeps_from_more_waits_to_be_called(open_office: Open) -> None:
    """Else it would look again at once, and again, until the other's answers come."""
    one, two = (open_office(send_at_once=4) for _ in range(2))
    phones(one, 20)
    one.turn()
    assert two.turn() == outbox.Turn([])


def test_a_link_that_nobody_gave_a_rate_is_given_all_there_is(open_office: Open) -> None:
    office = open_office(send_at_once=256, send_rate=(("another", 0.001),))
    written = phones(office, 200)
    assert given(office) == written


def test_a_clock_that_is_set_back_silences_no_link(open_office: Open) -> None:
    office = open_office(send_rate=((PROVIDER, 2.0),))
    phones(office, 2)
    accept(office, office.turn().messages)
    assert link(office)["paid_until"] > "2026-11-23T01:00:01"
    trip(office)
    office.clock.turn(days=-30)
    phones(office, 3)
    assert len(given(office)) == 1, "it is found out at once whether it is back"


# When a link is left alone.


FRESH = count(1)


def trip(office: PostOffice, provider: str = PROVIDER, times: int = TRIP) -> None:
    """So many messages to different phones that the provider does not answer."""
    for _ in range(times):
        with office.shop.write() as tx:
            links.down(tx, provider, f"+6281250{next(FRESH):05d}", "no answer")


def away_for(office: PostOffice, provider: str = PROVIDER) -> float:
    """Seconds from now for which it is left alone."""
    until = link(office, provider).get("away_until")
    return (from_text(until) - office.clock.now()).total_seconds() if until else 0.0


@pytest.fixture
def office(open_office: Open) -> PostOffice:
    return open_office()


@pytest.mark.parametrize("state", ["refused", "unknown"])
def test_a_link_is_left_alone_after_a_few_failures(office: PostOffice, state: str) -> None:
    phones(office, TRIP + 1)
    for _ in range(TRIP):
        assert away_for(office) == 0
        assert office.claim()
        office.answer(state, link="down")
    assert given(office) == []
    assert 2 <= away_for(office) <= 2 * JITTER


@pytest.mark.parametrize("state", ["refused", "unknown"])
def test_one_number_that_always_hangs_does_not_take_its_link_down(
    office: PostOffice, state: str
) -> None:
    for _ in range(3 * TRIP):
        office.write(SRI, secret=True, kind="order")
        assert office.claim()
        office.answer(state, link="down")
        office.clock.turn(hours=1)
    assert link(office)["failures"] == 1
    assert away_for(office) <= 0


def test_an_answer_in_between_begins_the_count_anew(office: PostOffice) -> None:
    for _ in range(3):
        trip(office, times=TRIP - 1)
        office.write(BUDI, kind="security")
        office.play("send / accepted a")
    assert link(office)["failures"] == 0


@pytest.mark.parametrize("state", ["refused", "unknown"])
def test_a_message_that_its_provider_was_not_given_says_nothing_of_it(
    office: PostOffice, state: str
) -> None:
    trip(office)
    office.clock.turn(seconds=4)
    office.write()
    assert office.claim()
    office.answer(state, link=None)
    assert link(office)["failures"] == TRIP
    assert len(phones(office, 3)) > len(given(office)) == 1


@pytest.mark.parametrize("state", ["failed", "refused", "unknown"])
def test_a_link_that_says_no_is_not_down(office: PostOffice, state: str) -> None:
    for n in range(3 * TRIP):
        office.write(f"+6281250{n:05d}")
        assert office.claim()
        office.answer(state)
    assert link(office) == {} or link(office)["failures"] == 0


def test_what_was_under_way_when_a_link_went_down_counts_once(office: PostOffice) -> None:
    phones(office, 16)
    for message in office.turn().messages:
        office.answer("unknown", message=message, link="down")
    assert link(office)["failures"] == TRIP
    assert away_for(office) <= 2 * JITTER


def test_one_message_finds_out_whether_a_link_is_back(office: PostOffice) -> None:
    trip(office)
    phones(office, 10)
    office.clock.turn(seconds=4)
    [probe] = office.turn().messages
    assert office.turn() == outbox.Turn([]), "nor is there any hurry to look again"
    office.answer("accepted", "a", probe)
    assert link(office)["failures"] == 0
    assert link(office)["why"] == ""
    assert len(given(office)) > 1


def test_two_workers_find_out_with_one_message(open_office: Open) -> None:
    one, two = open_office(), open_office()
    trip(one)
    phones(one, 10)
    one.clock.turn(seconds=4)
    assert [len(given(one)), len(given(two))] == [1, 0]


def test_a_link_that_stays_away_is_asked_ever_more_seldom(office: PostOffice) -> None:
    trip(office)
    waits = []
    for n in range(12):
        waits.append(away_for(office))
        office.clock.turn(seconds=waits[-1])
        office.write(f"+6281260{n:05d}", kind="security")
        [probe] = office.turn().messages
        office.answer("refused", message=probe, link="down")
    for n, wait in enumerate(waits):
        least = min(2 * 2**n, LONGEST_AWAY)
        assert least <= wait <= least * JITTER
    assert len(set(waits[-4:])) == 4, "by chance, so that workers do not come together"


def test_a_link_that_has_not_been_used_for_long_is_found_out_about(office: PostOffice) -> None:
    trip(office)
    office.clock.turn(days=9)
    phones(office, 5)
    assert len(given(office)) == 1


def test_a_probe_that_is_never_answered_ends_with_its_lease(office: PostOffice) -> None:
    trip(office)
    phones(office, 5)
    office.clock.turn(seconds=4)
    assert len(given(office)) == 1
    office.clock.turn(seconds=30)
    assert len(given(office)) == 1


# Asked for fewer.


def busy(office: PostOffice, n: int) -> None:
    office.write(f"+6281260{n:05d}", kind="security", secret=True)
    assert office.claim()
    office.answer("refused", link="busy")


def test_a_busy_link_is_left_alone_for_a_moment_longer_each_time(office: PostOffice) -> None:
    waits = []
    for n in range(60):
        busy(office, n)
        waits.append(away_for(office))
        office.write(BUDI, kind="security", secret=True)
        assert given(office) == []
        office.clock.turn(hours=1)
    for n, wait in enumerate(waits):
        least = min(2**n, LONGEST_BUSY)
        assert least <= wait <= least * JITTER
    assert link(office)["failures"] == 0


def test_what_was_under_way_when_it_became_busy_counts_once(office: PostOffice) -> None:
    phones(office, 16)
    for message in office.turn().messages:
        office.answer("refused", message=message, link="busy")
    assert away_for(office) <= JITTER


def test_an_answer_ends_being_busy(office: PostOffice) -> None:
    for n in range(5):
        busy(office, n)
        office.clock.turn(hours=1)
    office.write()
    office.play("send / accepted a")
    busy(office, 6)
    assert away_for(office) <= JITTER


@pytest.mark.parametrize(
    "why", ["all lines busy now: wait", "busy", "busy 99999999999: ", "busy x:"]
)
def test_whatever_a_provider_says_it_is_counted_right(office: PostOffice, why: str) -> None:
    office.write(SRI)
    for outcome in (
        outbox.Outcome("refused", reason=why, link="down"),
        outbox.Outcome("refused", reason=why, link="busy"),
    ):
        message = office.claim()
        outbox.turn(office.shop, PROVIDER, [(message, outcome)], 0)
        office.clock.turn(minutes=1)
    assert link(office)["why"] == f"busy 1: {why}".rstrip()


# Several links.


LINKS = ("one", "two", "three")


@pytest.fixture
def two_links(open_office: Open) -> PostOffice:
    return open_office(sms_provider=("one", "two"))


@pytest.fixture
def three_links(open_office: Open) -> PostOffice:
    return open_office(sms_provider=LINKS)


def test_each_link_is_given_its_own(three_links: PostOffice) -> None:
    a, b, c, d = (
        three_links.write(f"+628124000000{n}", route=route)
        for n, route in enumerate(["", "one", "two", "elsewhere"])
    )
    assert given(three_links, "two") == [c]
    assert given(three_links, "three") == []
    assert given(three_links, "one") == [a, b, d]


def test_the_next_link_takes_the_messages_of_one_that_is_down(two_links: PostOffice) -> None:
    mine, other = two_links.write(SRI, route="one"), two_links.write(BUDI, route="two")
    trip(two_links, "one")
    assert given(two_links, "two") == [mine, other]
    assert given(two_links, "one") == []


def test_a_busy_link_keeps_its_messages(two_links: PostOffice) -> None:
    two_links.write(SRI, route="one")
    two_links.claim("one")
    two_links.answer("refused", link="busy")
    kept = two_links.write(BUDI, route="one")
    assert kept not in given(two_links, "two")


def test_while_one_message_finds_out_the_others_still_go_by_the_next(two_links: PostOffice) -> None:
    trip(two_links, "one")
    two_links.clock.turn(seconds=4)
    first, second = two_links.write(SRI, route="one"), two_links.write(BUDI, route="one")
    assert given(two_links, "two") == [], "the link's own message is what finds out"
    assert given(two_links, "one") == [first]
    assert given(two_links, "two") == [second]


def test_once_a_link_is_back_it_has_its_messages_to_itself(two_links: PostOffice) -> None:
    trip(two_links, "one")
    two_links.clock.turn(seconds=4)
    two_links.write(SRI, route="one")
    two_links.claim("one")
    two_links.answer("accepted", "a")
    kept = two_links.write(BUDI, route="one")
    assert given(two_links, "two") == []
    assert given(two_links, "one") == [kept]


@pytest.mark.parametrize(
    ("down", "asked", "served"),
    [
        ((), "one", {"one"}),
        ((), "three", {"three"}),
        (("one",), "two", {"one", "two"}),
        (("one",), "three", {"three"}),
        (("one", "two"), "three", {"one", "two", "three"}),
        (("three",), "one", {"three", "one"}),
        (("two",), "one", {"one"}),
        (("three", "two"), "one", {"one", "two", "three"}),
        (("one",), "one", set()),
        (("one", "two", "three"), "two", set()),
    ],
)
def test_the_nearest_link_that_works_helps_out(
    three_links: PostOffice, down: tuple[str, ...], asked: str, served: set[str]
) -> None:
    for provider in down:
        trip(three_links, provider)
    written = {
        three_links.write(f"+62812400000{n:02}", route=route): route
        for n, route in enumerate(LINKS)
    }
    assert {written[message] for message in given(three_links, asked)} == served


def test_what_is_refused_goes_round_all_links_before_it_waits(three_links: PostOffice) -> None:
    three_links.write()
    tried: list[str] = []
    for _ in range(2):
        for _ in range(3):
            [turn] = [turn for name in LINKS if (turn := three_links.turn(name)).messages]
            tried += [message.provider for message in turn.messages]
            three_links.answer("refused", message=turn.messages[0])
        assert not any(three_links.turn(name).messages for name in LINKS)
        three_links.clock.turn(seconds=3)
    assert tried == [*LINKS, *LINKS]


@pytest.mark.parametrize("told", [True, False], ids=["hangs", "its sender died"])
def test_an_undecided_message_stays_with_its_link(two_links: PostOffice, told: bool) -> None:
    message = two_links.write()
    two_links.claim("one")
    if told:
        two_links.answer("unknown", link="down")
    else:
        two_links.clock.turn(seconds=30)
        assert given(two_links, "two") == []
    trip(two_links, "one")
    two_links.clock.turn(seconds=119)
    assert message not in given(two_links, "two")
    assert two_links.state(message) == "unknown"
    two_links.clock.turn(seconds=1)
    assert message in given(two_links, "two")


def test_a_code_of_unknown_outcome_goes_by_no_other_link(two_links: PostOffice) -> None:
    two_links.write(secret=True)
    two_links.claim("one")
    two_links.answer("unknown", link="down")
    two_links.clock.turn(minutes=30)
    assert given(two_links, "two") == given(two_links, "one") == []


def test_a_code_that_was_surely_not_taken_goes_by_the_next(two_links: PostOffice) -> None:
    message = two_links.write(secret=True)
    two_links.claim("one")
    two_links.answer("refused", link="down")
    assert given(two_links, "two") == [message]


def test_a_phones_messages_keep_their_order_over_several_links(two_links: PostOffice) -> None:
    first = two_links.write(SRI, kind="reply", route="one")
    second = two_links.write(SRI, kind="reply", route="two")
    assert given(two_links, "two") == []
    assert given(two_links, "one") == [first]
    assert given(two_links, "two") == []
    accept(two_links, [outbox.Message(first, SRI, "Halo", 1, "one", "")])
    assert given(two_links, "two") == [second]


def test_messages_of_a_link_that_is_not_used_any_more_go_by_the_first(
    open_office: Open, two_links: PostOffice
) -> None:
    waiting = two_links.write(SRI, route="two")
    undecided = two_links.write(BUDI, route="two")
    two_links.write("+6281234567009", route="two")
    with two_links.shop.write() as tx:
        tx.execute("UPDATE outbox SET state = 'accepted' WHERE msisdn = '+6281234567009'")
        tx.execute(
            "UPDATE outbox SET state = 'unknown', provider = 'two', next_at = ? WHERE id = ?",
            (tx.later(timedelta(minutes=2)), undecided),
        )
    after = open_office(sms_provider=("three", "one"))
    outbox.adopt(after.shop)
    assert given(after, "three") == [waiting]
    after.clock.turn(minutes=2)
    assert given(after, "three") == [undecided]
    assert given(after, "one") == []


def test_a_link_that_is_not_used_any_more_takes_only_its_own(two_links: PostOffice) -> None:
    """A worker that is still to be started anew with the new settings."""
    two_links.write()
    assert given(two_links, "former") == []
