"""The kinds of message: how long each is wanted, its share of the budget, and what holds it up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from settings import Settings
from store import catalogue, consents, orders, outbox
from store.clock import from_text
from store.outbox.writing import quiet_until
from store.shop import Shop
from tests.support import market
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, open_shop
from tests.support.post_office import PostOffice
from tests.support.sending import claim
from tests.support.sending import settle as settled

Open = Callable[..., PostOffice]
BY_DAY = {"quiet_hours": None}


@pytest.fixture
def open_office(settings: Settings, clock: TurnableClock) -> Open:
    """A shop with these settings."""

    def open_office(**changes: object) -> PostOffice:
        return PostOffice(open_shop(settings, clock, **changes), clock)

    return open_office


@pytest.fixture
def office(open_office: Open) -> PostOffice:
    return open_office()


def given_now(office: PostOffice) -> list[str]:
    return [message.id for message in office.turn().messages]


# How long.


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("security", timedelta(minutes=15)),
        ("order", timedelta(days=1)),
        ("reply", timedelta(hours=12)),
        ("reminder", timedelta(hours=12, seconds=20)),
        ("broadcast", timedelta(hours=12)),
    ],
)
def test_each_kind_is_wanted_for_its_time(open_office: Open, kind: str, wanted: timedelta) -> None:
    office = open_office(**BY_DAY)
    message = office.write(kind=kind)
    office.clock.turn(wanted - timedelta(seconds=1))
    assert given_now(office) == [message]
    office.answer("refused", message=outbox.Message(message, SRI, "", 1, "simulator", ""))
    assert office.state(message) == "queued"
    office.clock.turn(seconds=3)
    assert given_now(office) == []
    assert office.state(message) == "expired"


@pytest.mark.parametrize("kind", outbox.CLASSES)
def test_how_long_is_a_setting(open_office: Open, kind: str) -> None:
    setting = outbox.CLASSES[kind].expiry
    office = open_office(**BY_DAY, **{setting: timedelta(minutes=7)})
    expires = from_text(office.row(office.write(kind=kind))["expires_at"])
    assert expires - office.clock.now() in (timedelta(minutes=7), timedelta(minutes=7, seconds=20))


@pytest.mark.parametrize(
    ("until", "expires"),
    [
        ("2026-11-23T01:10:00.000000Z", "2026-11-23T01:10:00.000000Z"),
        ("2026-11-30T01:00:00.000000Z", "2026-11-24T01:00:00.000000Z"),
    ],
)
def test_until_makes_it_shorter_and_never_longer(
    office: PostOffice, until: str, expires: str
) -> None:
    message = office.write(until=until)
    assert office.row(message)["expires_at"] == expires


def test_the_provider_is_told_until_when(office: PostOffice) -> None:
    office.write(until="2026-11-23T01:10:00.000000Z")
    assert office.claim().expires_at == "2026-11-23T01:10:00.000000Z"


def test_one_that_nobody_wants_any_more_holds_up_nobody_while_it_waits(office: PostOffice) -> None:
    office.write(SRI, "code", kind="security")
    for minutes in (2, 2, 2, 7, 2):  # and then it would wait for half an hour
        office.play("send / refused")
        office.clock.turn(minutes=minutes)
    later = office.write(SRI, "new code", kind="security")
    assert given_now(office) == [later]


# The day's budget.

NUMBERS = count(1)


def spend(office: PostOffice, segments: int) -> None:
    for _ in range(segments):
        office.write(f"+6281260{next(NUMBERS):05d}", kind="security")
        office.play("send / accepted a")


@pytest.mark.parametrize(
    ("kind", "most"),
    [("security", None), ("order", None), ("reply", 10), ("reminder", 10), ("broadcast", 5)],
)
def test_each_kind_leaves_until_its_share_of_the_budget_is_used_up(
    open_office: Open, kind: str, most: int | None
) -> None:
    office = open_office(sms_daily_budget=10)
    for already in [] if most is None else [most - 2, most - 1, most]:
        spend(office, already)
        message = office.write(f"+6281270{next(NUMBERS):05d}", "x" * 200, kind=kind)
        office.clock.turn(seconds=20)
        assert bool(given_now(office)) == (already <= most - 2), already
        with office.shop.write() as tx:
            tx.execute("DELETE FROM spending")
            tx.execute("UPDATE outbox SET state = 'withdrawn' WHERE id = ?", (message,))
    if most is None:
        spend(office, 30)
        office.write(kind=kind)
        assert given_now(office)


def test_without_a_budget_only_orders_and_security_leave(open_office: Open) -> None:
    office = open_office(sms_daily_budget=0)
    sent = [office.write(f"+62812700000{n}", kind=k) for n, k in enumerate(outbox.CLASSES)]
    office.clock.turn(seconds=20)
    assert given_now(office) == sent[:2]


def test_what_is_claimed_together_keeps_to_the_budget_together(open_office: Open) -> None:
    office = open_office(sms_daily_budget=3)
    for n in range(8):
        office.write(f"+62812700000{n}", kind="reply")
    assert len(given_now(office)) == 3
    assert given_now(office) == []


def test_a_long_reply_waits_and_those_behind_it_too(open_office: Open) -> None:
    """Else short ones would go on using up what it waits for."""
    office = open_office(sms_daily_budget=1)
    office.write(SRI, "x" * 200, kind="reply")
    office.write(BUDI, kind="reply")
    assert given_now(office) == []


# Quiet hours: 21 to 6 in Lombok unless set; the clock begins at nine in the morning.

NIGHT = timedelta(hours=12)


@pytest.mark.parametrize("kind", outbox.CLASSES)
def test_at_night_only_what_cannot_wait_leaves(office: PostOffice, kind: str) -> None:
    office.clock.turn(NIGHT)
    message = office.write(kind=kind)
    office.clock.turn(minutes=1)
    waits = outbox.CLASSES[kind].waits
    assert given_now(office) == ([] if waits else [message])
    office.clock.turn(hours=8, minutes=58, seconds=59)
    assert given_now(office) == []
    office.clock.turn(seconds=1)
    assert given_now(office) == ([message] if waits else [])


@pytest.mark.parametrize("kind", ["reminder", "broadcast"])
def test_what_could_not_leave_by_day_waits_for_the_morning_too(
    office: PostOffice, kind: str
) -> None:
    office.clock.turn(NIGHT - timedelta(minutes=1))
    message = office.write(kind=kind)
    office.clock.turn(seconds=59)
    office.play("send / refused")
    for _ in range(9):
        assert given_now(office) == []
        office.clock.turn(hours=1)
    office.clock.turn(seconds=1)
    assert given_now(office) == [message]


def test_a_reminder_that_would_leave_just_after_nine_waits(office: PostOffice) -> None:
    office.clock.turn(NIGHT - timedelta(seconds=10))
    office.write(kind="reminder")
    office.clock.turn(seconds=30)
    assert given_now(office) == []


@pytest.mark.parametrize("hours", [(21, 9), (18, 9), (10, 9)])
def test_a_long_night_does_not_use_up_the_time_a_message_is_wanted(
    open_office: Open, hours: tuple[int, int]
) -> None:
    office = open_office(quiet_hours=hours)
    office.clock.turn(hours=12)
    message = office.write(kind="broadcast")
    office.clock.turn(hours=12)
    assert given_now(office) == [message]


@pytest.mark.parametrize(
    ("hours", "zone", "at", "until"),
    [
        ((21, 6), "Asia/Makassar", "2026-11-23T12:59:59", None),
        ((21, 6), "Asia/Makassar", "2026-11-23T13:00:00", "2026-11-23T22:00:00"),
        ((21, 6), "Asia/Makassar", "2026-11-23T21:59:59", "2026-11-23T22:00:00"),
        ((21, 6), "Asia/Makassar", "2026-11-23T22:00:00", None),
        ((21, 6), "Asia/Jakarta", "2026-11-23T13:00:00", None),
        ((21, 6), "Asia/Jakarta", "2026-11-23T22:30:00", "2026-11-23T23:00:00"),
        ((12, 15), "Asia/Makassar", "2026-11-23T04:00:00", "2026-11-23T07:00:00"),
        ((12, 15), "Asia/Makassar", "2026-11-23T07:00:00", None),
        ((12, 15), "Asia/Makassar", "2026-11-23T03:59:59", None),
        ((21, 0), "Asia/Makassar", "2026-11-23T15:59:59", "2026-11-23T16:00:00"),
        ((21, 0), "Asia/Makassar", "2026-11-23T16:00:00", None),
        ((0, 6), "Asia/Makassar", "2026-11-23T16:00:00", "2026-11-23T22:00:00"),
        ((0, 6), "Asia/Makassar", "2026-11-23T15:59:59", None),
        ((21, 6), "Asia/Kathmandu", "2026-11-23T15:15:00", "2026-11-24T00:15:00"),
        # the night in which clocks are set back is an hour longer
        ((21, 6), "Europe/Berlin", "2026-10-24T19:00:00", "2026-10-25T05:00:00"),
        (None, "Asia/Makassar", "2026-11-23T16:00:00", None),
    ],
)
def test_when_it_is_quiet(
    open_office: Open, hours: tuple[int, int] | None, zone: str, at: str, until: str | None
) -> None:
    office = open_office(quiet_hours=hours, timezone=zone)
    with office.shop.read() as tx:
        found = quiet_until(tx, datetime.fromisoformat(f"{at}+00:00"))
    assert found == (datetime.fromisoformat(f"{until}+00:00") if until else None)


HOURS = st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda pair: pair[0] != pair[1])
ZONES = st.sampled_from(
    ["Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "America/New_York", "Africa/Cairo",
     "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana", "Pacific/Chatham", "UTC"]
)  # fmt: skip
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))


@how(max_examples=300, deadline=None)
@given(hours=HOURS, zone=ZONES, at=MOMENTS)
def test_the_end_of_the_quiet_hours_is_not_in_them_and_less_than_a_day_away(
    hours: tuple[int, int], zone: str, at: datetime
) -> None:
    night: Any = SimpleNamespace(settings=Settings(quiet_hours=hours, timezone=zone))
    until = quiet_until(night, at)
    if until is None:
        return
    assert at < until.astimezone(UTC) <= at + timedelta(days=1)
    assert quiet_until(night, until) is None
    before = (until.astimezone(UTC) - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
    assert quiet_until(night, before) is not None


# Reminders of what has happened.


def reminders(shop: Shop) -> list[tuple[str, str]]:
    with shop.read() as tx:
        rows = tx.rows("SELECT notice, state FROM outbox WHERE about <> '' ORDER BY id")
    return [(row["notice"], row["state"]) for row in rows]


def reminded(shop: Shop, clock: TurnableClock) -> orders.Order:
    """An order whose seller is just being reminded of it, in the evening."""
    sri, _, rice = market.trade(shop)
    while message := claim(shop):
        settled(shop, message, outbox.Outcome("accepted"))
    placed = market.order(shop, sri, rice)
    clock.turn(shop.settings.seller_answer / 2)
    market.run_timers(shop)
    assert reminders(shop) == [("order_reminder", "queued")]
    return placed


@pytest.mark.parametrize("do", ["accept", "reject", "cancel"])
def test_once_its_order_has_moved_on_a_reminder_stays(
    shop: Shop, clock: TurnableClock, do: str
) -> None:
    placed = reminded(shop, clock)
    with shop.write() as tx:
        who = market.people.of_phone(tx, SRI if do == "cancel" else BUDI)
        act: Any = {"accept": orders.accept, "reject": orders.reject, "cancel": orders.cancel}[do]
        act(tx, who, placed.number)
    assert reminders(shop) == [("order_reminder", "withdrawn")]
    clock.turn(hours=10)
    while message := claim(shop):
        assert "order_reminder" not in message.text
        settled(shop, message, outbox.Outcome("accepted"))


def test_another_order_does_not_keep_it_back(shop: Shop, clock: TurnableClock) -> None:
    placed = reminded(shop, clock)
    sri = market.register(shop, "+6281234567009")
    with shop.read() as tx:
        rice = catalogue.by_id(tx, placed.listing_id)
    other = market.order(shop, sri, rice)
    with shop.write() as tx:
        orders.accept(tx, market.people.of_phone(tx, BUDI), other.number)
    assert reminders(shop) == [("order_reminder", "queued")]


def test_what_reminds_of_nothing_is_never_withdrawn(office: PostOffice) -> None:
    message = office.write(kind="reminder")
    with office.shop.write() as tx:
        outbox.withdraw(tx, "")
    assert office.state(message) == "queued"


# What its reader has said.


@pytest.mark.parametrize(
    ("purpose", "stays"),
    [("news", ["withdrawn", "queued"]), ("reminders", ["queued", "withdrawn"])],
)
def test_what_waits_is_not_sent_to_whoever_has_said_no_meanwhile(
    office: PostOffice, purpose: str, stays: list[str]
) -> None:
    office.clock.turn(NIGHT)
    news, reminder = (office.write(kind=kind) for kind in ("broadcast", "reminder"))
    other = office.write(BUDI, kind="broadcast")
    with office.shop.write() as tx:
        consents.say(tx, SRI, purpose, yes=False, way="sms")
    assert [office.state(each) for each in (news, reminder)] == stays
    assert office.state(other) == "queued"


def test_saying_yes_keeps_nothing_back(office: PostOffice) -> None:
    message = office.write(kind="broadcast")
    with office.shop.write() as tx:
        consents.say(tx, SRI, "news", yes=True, way="sms")
    assert office.state(message) == "queued"
