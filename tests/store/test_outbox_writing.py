"""Writing a message: in which characters, to which countries, and how much to one phone."""

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from settings import Settings
from store import codes, gsm7, inbox, outbox
from store.inbox import Received
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI, open_shop, register
from tests.support.post_office import PostOffice

CODE = codes.placeholder(1001, "0af3")


@pytest.fixture
def office(settings: Settings, clock: TurnableClock) -> PostOffice:
    return PostOffice(open_shop(settings, clock), clock)


def limited(settings: Settings, clock: TurnableClock, **changes: object) -> PostOffice:
    return PostOffice(open_shop(settings, clock, **changes), clock)


# Characters.


@pytest.mark.parametrize(
    ("text", "kept", "segments"),
    [
        ("Halo", "Halo", 1),
        ("Harga €5 [baru]", "Harga €5 [baru]", 1),
        ("“Café” Ibu Çelik…", '"Café" Ibu Çelik...', 1),
        ("Madu 🍯 10 kg", "Madu  10 kg", 1),
        ("é" * 161, "é" * 161, 2),
        ("’" * 100, "'" * 100, 1),
        (f"Kode {CODE}.", f"Kode {CODE}.", 1),
        (f"“Kode” {CODE} – {CODE}", f'"Kode" {CODE} - {CODE}', 1),
        ("x" * 155 + CODE, "x" * 155 + CODE, 1),
        ("x" * 156 + CODE, "x" * 156 + CODE, 2),
    ],
)
def test_what_gsm7_lacks_is_written_otherwise(
    office: PostOffice, text: str, kept: str, segments: int
) -> None:
    row = office.row(office.write(text=text))
    assert (row["text"], row["segments"]) == (kept, segments)


@pytest.mark.parametrize("quoted", ["BELII", "12345", "[kata]"])
def test_what_somebody_typed_counts_as_long_as_it_is_shown(office: PostOffice, quoted: str) -> None:
    text = "Tidak dikenal: " + codes.quoted(office.shop.settings.pepper, quoted) + " “?”"
    row = office.row(office.write(text=text))
    assert codes.reveal(row["text"], office.shop.settings.pepper) == f'Tidak dikenal: {quoted} "?"'
    assert row["segments"] == 1
    assert row["resend"] == 1, "it is no code"


@pytest.fixture(scope="module")
def one_shop(tmp_path_factory: pytest.TempPathFactory) -> PostOffice:
    clock = TurnableClock()
    folder = tmp_path_factory.mktemp("writing")
    changes = {"data_dir": folder, "simulator": True, "sms_per_phone": 100_000}
    return PostOffice(open_shop(Settings(**changes), clock), clock)


@how(max_examples=100, deadline=None)
@given(parts=st.lists(st.text(st.characters(exclude_characters="\x02\x03"), max_size=40)))
def test_whatever_it_says_it_goes_as_gsm7_with_its_codes_whole(
    one_shop: PostOffice, parts: list[str]
) -> None:
    row = one_shop.row(one_shop.write(text=CODE.join(parts), kind="security"))
    assert row["text"].count(CODE) == max(0, len(parts) - 1)
    shown = codes.masked(row["text"])
    assert gsm7.is_gsm7(shown)
    assert row["segments"] == gsm7.segments(shown)
    one_shop.clock.turn(days=2)


# Countries.

KENYA, ABROAD, US, JAMAICA = "+254712345678", "+447911123456", "+12025550123", "+18765550123"


def refusal(office: PostOffice, to: str, kind: str = "order") -> str | None:
    row = office.row(office.write(to, kind=kind))
    assert (row["state"] == "blocked") == bool(row["reason"])
    return row["reason"]


@pytest.mark.parametrize("kind", outbox.CLASSES)
def test_nothing_goes_abroad_by_itself(office: PostOffice, kind: str) -> None:
    assert refusal(office, SRI, kind) is None
    assert "PASAR_SMS_COUNTRIES is ID" in refusal(office, ABROAD, kind)


def test_whoever_wrote_is_answered(office: PostOffice) -> None:
    with office.shop.write() as tx:
        inbox.keep(tx, Received("simulator", "1", ABROAD, "BANTU"))
    assert refusal(office, ABROAD) is None
    assert refusal(office, KENYA)


def dial(office: PostOffice, msisdn: str) -> None:
    with office.shop.write() as tx:
        tx.execute(
            "INSERT INTO sessions (provider, session_id, msisdn, length, mark, version, frames,"
            " seen_at, ended) VALUES ('simulator', 's', ?, 0, '', 1, '[]', ?, 0)",
            (msisdn, tx.moment),
        )


def test_whoever_dialled_is_answered(office: PostOffice) -> None:
    dial(office, ABROAD)
    assert refusal(office, ABROAD) is None
    assert refusal(office, KENYA)


def test_whoever_is_registered_is_told_of_their_orders(office: PostOffice) -> None:
    """Also when the session in which they registered is long forgotten."""
    register(office.shop, ABROAD, "Ibu Ayu")
    assert refusal(office, ABROAD) is None


@pytest.mark.parametrize(
    ("countries", "goes"),
    [
        (("ID",), {SRI}),
        (("KE",), {KENYA}),
        (("ID", "KE"), {SRI, KENYA}),
        (("US",), {US, JAMAICA}),  # all of +1 is one
    ],
)
def test_where_countries_are_named_nothing_goes_anywhere_else(
    settings: Settings, clock: TurnableClock, countries: tuple[str, ...], goes: set[str]
) -> None:
    office = limited(settings, clock, sms_countries=countries)
    everybody = (SRI, KENYA, ABROAD, US, JAMAICA)
    for to in everybody:
        with office.shop.write() as tx:
            inbox.keep(tx, Received("simulator", to, to, "BANTU"))
    assert {to for to in everybody if refusal(office, to) is None} == goes


def test_another_region_is_home(settings: Settings, clock: TurnableClock) -> None:
    office = limited(settings, clock, region="KE")
    assert refusal(office, KENYA) is None
    assert "PASAR_SMS_COUNTRIES is KE" in refusal(office, SRI)


def test_what_is_blocked_does_not_leave_and_holds_up_nobody(office: PostOffice) -> None:
    blocked = office.write(ABROAD)
    with office.shop.write() as tx:
        inbox.keep(tx, Received("simulator", "1", ABROAD, "BANTU"))
    sent = office.write(ABROAD)
    assert [message.id for message in office.turn().messages] == [sent]
    assert office.state(blocked) == "blocked"


# How much to one phone.


@pytest.mark.parametrize(
    ("kind", "most"),
    [("security", 8), ("order", 8), ("reply", 4), ("reminder", 4), ("broadcast", 2)],
)
def test_each_kind_has_its_share_of_what_one_phone_is_sent(
    settings: Settings, clock: TurnableClock, kind: str, most: int
) -> None:
    office = limited(settings, clock, sms_per_phone=4)
    states = [office.state(office.write(kind=kind)) for _ in range(10)]
    assert states == ["queued"] * most + ["blocked"] * (10 - most)
    assert office.state(office.write(BUDI, kind=kind)) == "queued"


@pytest.mark.parametrize(
    ("already", "kinds"),
    [
        (0, ["security", "order", "reply", "reminder", "broadcast"]),
        (2, ["security", "order", "reply", "reminder"]),
        (4, ["security", "order"]),
        (8, []),
    ],
)
def test_what_other_kinds_sent_counts_too(
    settings: Settings, clock: TurnableClock, already: int, kinds: list[str]
) -> None:
    office = limited(settings, clock, sms_per_phone=4)
    for _ in range(already):
        office.write(kind="order")
    for kind in outbox.CLASSES:
        message = office.write(kind=kind)
        assert (office.state(message) == "queued") == (kind in kinds), kind
        with office.shop.write() as tx:
            tx.execute("DELETE FROM outbox WHERE id = ?", (message,))


def test_it_is_segments_that_count(settings: Settings, clock: TurnableClock) -> None:
    office = limited(settings, clock, sms_per_phone=4)
    assert office.state(office.write(text="x" * 400, kind="reply")) == "queued"
    assert office.state(office.write(text="x" * 200, kind="reply")) == "blocked"
    assert office.state(office.write(kind="reply")) == "queued"
    row = office.row(office.write(kind="reply"))
    assert row["reason"] == "enough for a day: 4 segments; PASAR_SMS_PER_PHONE lets it have 4"


def test_the_day_is_the_last_24_hours(settings: Settings, clock: TurnableClock) -> None:
    office = limited(settings, clock, sms_per_phone=1)
    assert refusal(office, SRI, "reply") is None
    clock.turn(hours=23, minutes=59)
    assert refusal(office, SRI, "reply")
    clock.turn(minutes=1, seconds=1)
    assert refusal(office, SRI, "reply") is None


def test_what_was_not_sent_by_itself_does_not_count(
    settings: Settings, clock: TurnableClock
) -> None:
    office = limited(settings, clock, sms_per_phone=2)
    office.write(text="a", kind="order")
    office.write(text="b", kind="order")
    office.claim()  # both
    assert refusal(office, SRI, "reply") is None
    assert refusal(office, SRI, "reply")


@pytest.mark.parametrize(
    ("route", "goes_by"), [("", "one"), ("two", "two"), ("one", "one"), ("former", "one")]
)
def test_the_link_that_its_reader_wrote_by_is_tried_first(
    settings: Settings, clock: TurnableClock, route: str, goes_by: str
) -> None:
    office = limited(settings, clock, sms_provider=("one", "two"))
    assert office.row(office.write(route=route))["route"] == goes_by
