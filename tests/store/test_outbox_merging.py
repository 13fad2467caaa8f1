"""Several notices to one phone in one SMS: what may join, what it saves, and what comes of it."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from settings import Settings
from store import gsm7, outbox
from store.outbox.merging import MOST
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, open_shop
from tests.support.post_office import PostOffice


@pytest.fixture
def office(shop: Shop, clock: TurnableClock) -> PostOffice:
    return PostOffice(shop, clock)


def write(office: PostOffice, *texts: str, kind: str = "order") -> list[str]:
    return [office.write(SRI, text, kind=kind) for text in texts]


def sent(office: PostOffice) -> list[str]:
    """The texts of all that may leave now, one accepted after the other."""
    texts = []
    while message := office.claim():
        texts.append(message.text)
        office.answer("accepted", message.reference)
    return texts


def states(office: PostOffice, messages: list[str]) -> list[str]:
    return [office.state(message) for message in messages]


# What joins.


def test_notices_that_wait_for_one_phone_are_one_sms(office: PostOffice) -> None:
    messages = write(office, "one", "two")
    message = office.claim()
    assert message.text == "one\ntwo"
    assert states(office, messages) == ["sending", "merged"]
    assert office.row(messages[1])["merged_into"] == messages[0] == message.id


def test_no_more_than_three(office: PostOffice) -> None:
    write(office, *"abcdefgh")
    assert sent(office) == ["a\nb\nc", "d\ne\nf", "g\nh"]
    assert MOST == 3


def test_only_where_it_saves(office: PostOffice) -> None:
    write(office, "a" * 100, "b" * 60)
    assert sent(office) == ["a" * 100, "b" * 60], "with the line between, it would take two"
    write(office, "a" * 100, "b" * 59)
    assert sent(office) == ["a" * 100 + "\n" + "b" * 59]


def test_what_was_saved_is_not_counted(office: PostOffice) -> None:
    first, _ = write(office, "a" * 200, "b" * 20)
    office.claim()
    assert office.row(first)["segments"] == 2
    with office.shop.read() as tx:
        assert tx.value("SELECT segments FROM spending") == 2
        assert tx.value("SELECT SUM(segments) FROM attempts") == 2


@pytest.mark.parametrize(
    ("kinds", "leave"),
    [
        (("order", "order"), ["0\n1"]),
        (("order", "reminder"), ["0\n1"]),
        (("reminder", "reminder"), ["0\n1"]),
        (("reminder", "order"), ["1", "0"]),
        (("order", "reply"), ["0", "1"]),
        (("reply", "reply"), ["0", "1"]),
        (("reply", "order"), ["1", "0"]),
        (("order", "reply", "order"), ["0\n2", "1"]),
        (("order", "reply", "reminder"), ["0", "1", "2"]),
        (("reply", "order", "reminder"), ["1", "0", "2"]),
        (("broadcast", "order", "reminder"), ["1\n2", "0"]),
        (("order", "broadcast", "order"), ["0\n2", "1"]),
        (("order", "broadcast"), ["0", "1"]),
        (("broadcast", "broadcast"), ["0", "1"]),
        (("security", "order"), ["0", "1"]),
        (("order", "security", "order"), ["1", "0\n2"]),
        (("reminder", "order", "order", "reminder"), ["1\n2", "0\n3"]),
    ],
)
def test_which_kinds_join_which(
    office: PostOffice, kinds: tuple[str, ...], leave: list[str]
) -> None:
    for n, kind in enumerate(kinds):
        write(office, str(n), kind=kind)
    office.clock.turn(seconds=20)
    assert sent(office) == leave


@pytest.mark.parametrize("secret", [(True, False), (False, True), (True, True)])
def test_nothing_with_a_code_joins(office: PostOffice, secret: tuple[bool, bool]) -> None:
    messages = [office.write(SRI, "x", secret=each) for each in secret]
    assert len(sent(office)) == 2
    assert states(office, messages) == ["accepted", "accepted"]


def test_other_phones_are_other_phones(office: PostOffice) -> None:
    for to in (SRI, BUDI):
        office.write(to, to)
    assert sent(office) == [SRI, BUDI]


def test_a_reminder_waits_a_moment_for_others(office: PostOffice) -> None:
    write(office, "one", kind="reminder")
    office.clock.turn(seconds=19)
    assert office.turn().messages == []
    write(office, "two", kind="reminder")
    office.clock.turn(seconds=1)
    assert sent(office) == ["one\ntwo"]


def test_a_reminder_that_waits_for_the_morning_goes_along_with_an_order(office: PostOffice) -> None:
    """The phone rings in any case."""
    office.clock.turn(hours=13)
    write(office, "order")
    write(office, "reminder", kind="reminder")
    assert sent(office) == ["order\nreminder"]


def test_what_an_attempt_was_made_of_is_not_joined(office: PostOffice) -> None:
    write(office, "one")
    office.play("send / refused")
    write(office, "two", "three")
    office.clock.turn(seconds=3)
    assert sent(office) == ["one", "two\nthree"]


def test_none_overtakes_one_that_waits_for_another_try(office: PostOffice) -> None:
    """The second is more urgent, and was refused: the third may not leave before it."""
    write(office, "one")
    write(office, "code", kind="security")
    office.play("send / refused")
    write(office, "three")
    assert sent(office) == ["one"]
    office.clock.turn(seconds=3)
    assert sent(office) == ["code", "three"]


@pytest.mark.parametrize(("spent", "leave"), [(1, ["one\ntwo"]), (2, ["one"])])
def test_what_the_budget_has_no_room_for_does_not_join(
    settings: Settings, clock: TurnableClock, spent: int, leave: list[str]
) -> None:
    office = PostOffice(open_shop(settings, clock, sms_daily_budget=2), clock)
    for _ in range(spent):
        office.write(BUDI, kind="security")
        office.play("send / accepted a")
    write(office, "one")
    write(office, "two", kind="reminder")
    assert sent(office) == leave


def test_nor_does_it_go_beyond_the_budget_by_a_segment(
    settings: Settings, clock: TurnableClock
) -> None:
    office = PostOffice(open_shop(settings, clock, sms_daily_budget=2), clock)
    write(office, "a" * 200, "b" * 200, kind="reminder")  # together they would take three
    clock.turn(seconds=20)
    assert sent(office) == ["a" * 200]


# What comes of it.


def test_what_was_refused_waits_by_itself_again(office: PostOffice) -> None:
    messages = write(office, "one", "two", "three")
    office.play("send / refused")
    assert states(office, messages) == ["queued"] * 3
    assert [office.row(message)["text"] for message in messages] == ["one", "two", "three"]
    assert office.row(messages[0])["segments"] == 1
    assert sent(office) == [], "the first still holds their place"
    office.clock.turn(seconds=3)
    assert sent(office) == ["one", "two\nthree"]


@pytest.mark.parametrize("first", ["order", "reminder"])
def test_what_is_not_true_any_more_does_not_leave_with_the_next_try(
    office: PostOffice, first: str
) -> None:
    one = office.write(SRI, "one", kind=first, about="order:1")
    two = office.write(SRI, "two", kind="reminder", about="order:2")
    office.clock.turn(seconds=20)
    office.play("send / refused")
    with office.shop.write() as tx:
        outbox.withdraw(tx, "order:2")
    assert states(office, [one, two]) == ["queued", "withdrawn"]
    office.clock.turn(seconds=3)
    assert sent(office) == ["one"]


def test_the_first_may_be_withdrawn_without_the_others(office: PostOffice) -> None:
    one = office.write(SRI, "one", kind="reminder", about="order:1")
    two = office.write(SRI, "two", kind="reminder", about="order:2")
    office.clock.turn(seconds=20)
    office.play("send / unknown / wait 2m")
    assert office.claim("another") is None  # it waits for its turn at the only link
    with office.shop.write() as tx:
        outbox.withdraw(tx, "order:1")
    assert states(office, [one, two]) == ["withdrawn", "queued"]
    assert sent(office) == ["two"]


def test_each_expires_in_its_own_time(office: PostOffice) -> None:
    write(office, "old")
    office.clock.turn(hours=23)
    write(office, "new")
    old, new = (row["id"] for row in rows(office))
    office.play("send / refused")
    office.clock.turn(hours=1, minutes=1)
    assert sent(office) == ["new"]
    assert states(office, [old, new]) == ["expired", "accepted"]


def test_nor_does_one_leave_that_nobody_wants_any_more(office: PostOffice) -> None:
    one = office.write(SRI, "one")
    two = office.write(SRI, "two", until="2026-11-23T01:00:02.000000Z")
    office.play("send / refused")
    office.clock.turn(seconds=3)
    assert sent(office) == ["one"]
    assert states(office, [one, two]) == ["accepted", "expired"]


def rows(office: PostOffice) -> list[dict]:
    with office.shop.read() as tx:
        return tx.rows("SELECT * FROM outbox ORDER BY id")


def test_where_the_first_is_refused_for_good_the_others_are_tried(office: PostOffice) -> None:
    messages = write(office, "one", "two")
    office.play("send / failed")
    assert states(office, messages) == ["failed", "queued"]
    assert sent(office) == ["two"]


def test_where_nobody_can_tell_all_are_sent_again(office: PostOffice) -> None:
    messages = write(office, "one", "two")
    office.play("send / unknown")
    assert states(office, messages) == ["unknown", "merged"]
    office.clock.turn(minutes=2)
    assert sent(office) == ["one", "two"]


def test_a_report_on_it_is_about_all(office: PostOffice) -> None:
    messages = write(office, "one", "two")
    office.play("send / unknown / report a delivered / wait 1d / sweep")
    assert states(office, messages) == ["delivered", "merged"]


@pytest.mark.parametrize(
    ("steps", "state", "even_twice"),
    [
        ("send / accepted a / report a undelivered", "undelivered", False),
        ("send / unknown / wait 1d / sweep", "unknown", True),
    ],
)
def test_what_came_to_nothing_is_sent_again_whole(
    office: PostOffice, steps: str, state: str, even_twice: bool
) -> None:
    messages = write(office, "one", "two")
    office.play(steps)
    assert states(office, messages) == [state, "merged"]
    with office.shop.write() as tx:
        [letter] = outbox.dead(tx, 9)
        assert letter["text"] == "one\ntwo"
        outbox.send_again(tx, letter["id"], even_twice=even_twice)
    office.play("send / refused / wait 1m")
    assert sent(office) == ["one\ntwo"], "and nobody takes it apart any more"
    assert states(office, messages) == ["accepted", "merged"]


def test_where_its_time_is_over_when_it_is_refused_each_is_for_itself(office: PostOffice) -> None:
    messages = write(office, "one")
    office.clock.turn(hours=23)
    messages += write(office, "two")
    office.play("send / wait 1h / refused")
    assert states(office, messages) == ["expired", "queued"]
    with office.shop.read() as tx:
        assert [letter["text"] for letter in outbox.dead(tx, 9)] == ["one"]


def test_what_belongs_to_nobody_any_more_stays_as_it_is(office: PostOffice) -> None:
    """Its owner was erased while it was on its way."""
    messages = write(office, "one", "two")
    office.claim()
    with office.shop.write() as tx:
        tx.execute("UPDATE outbox SET text = '', msisdn = 'erased-1' WHERE state = 'merged'")
    office.answer("refused")
    assert states(office, messages) == ["queued", "merged"]
    office.clock.turn(seconds=3)
    assert sent(office) == ["one\ntwo"]


TEXT = st.text(string.ascii_lowercase + "é€[]\n\u0416", max_size=170)
NOTICE = st.tuples(st.sampled_from(["order", "order", "reminder", "reply"]), TEXT)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> PostOffice:
    clock = TurnableClock()
    folder = tmp_path_factory.mktemp("merging")
    shop = open_shop(Settings(data_dir=folder, simulator=True, sms_per_phone=10_000), clock)
    return PostOffice(shop, clock)


@settings(max_examples=60, deadline=None)
@given(notices=st.lists(NOTICE, max_size=9), refuse=st.sets(st.integers(0, 6)))
def test_each_notice_leaves_once_and_takes_no_more_than_alone(
    empty: PostOffice, notices: list[tuple[str, str]], refuse: set[int]
) -> None:
    """Whatever waits, and whichever tries are refused."""
    office = empty
    with office.shop.write() as tx:
        tx.execute("DELETE FROM attempts")
        tx.execute("DELETE FROM outbox")
    begun, alone = office.clock.now(), 0
    for n, (kind, text) in enumerate(notices):
        text = f"<{n}>{text}<{n}>"
        alone += gsm7.segments(gsm7.to_gsm7(text))
        office.write(SRI, text, kind=kind)
    texts: list[str] = []
    for look in range(200):
        office.clock.turn(minutes=1)
        message = office.claim()
        if message and look in refuse:
            office.answer("refused")
        elif message:
            texts.append(message.text)
            office.answer("accepted", message.reference)
    office.clock.turn(begun - office.clock.now())
    everything = "\n".join(texts)
    for n, (_, text) in enumerate(notices):
        assert everything.count(gsm7.to_gsm7(f"<{n}>{text}<{n}>")) == 1
    assert sum(map(gsm7.segments, texts)) <= alone
