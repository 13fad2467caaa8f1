"""Whatever arrives is answered: random SMS and hops, hostile and long, raise nothing."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from stdnum import damm

import settings as configuration
from menus.commands.keywords import Keywords
from menus.page import BUDGET, width
from menus.screen import SCREENS
from store import (
    agents,
    catalogue,
    codes,
    disputes,
    gazetteer,
    numbers,
    orders,
    payouts,
    people,
    proxies,
    remittances,
    sealing,
)
from store.orders import Order, kiosk
from store.people import Person
from store.shop import Transaction
from tests.support import payloads
from tests.support.worlds import LocalWorld

pytestmark = pytest.mark.slow

SRI, BUDI, STRANGER = "+6281234567001", "+6281234567002", "+6281234567003"
DEWI, RATNA, HADI = "+6281234567004", "+6281234567005", "+6281234567006"
"""Somebody whom agents do things to, an agent, and a coordinator."""
REGISTERED = [SRI, BUDI, RATNA, HADI]
PHONES = [*REGISTERED, STRANGER]

LISTING = "117"
ORDERS = [
    f"{number}{damm.calc_check_digit(str(number))}"
    for number in range(numbers.FIRST["order"], numbers.FIRST["order"] + 11)
]
"""The orders that `stages` places, by number."""

KEYWORDS = [*Keywords.load().meaning, "ya", "tdk", "Krm", "titip", "komplain", "pin"]
FIELDS = st.one_of(
    st.sampled_from(
        [
            LISTING,
            "2",
            "0",
            "-1",
            "99999",
            "1,5jt",
            "10rb/kg",
            "240rb",
            "Sukarara",
            "beras",
            "LAGI",
            "TITIP",
            "OK",
            "rusak",
            "TERIMA",
            "50",
            "100%",
            "081234567004",
            "081234567006",
            "tipu",
            "24-11",
            "JUAL madu#10rb/btl#5",
            "DAFTAR Inaq Baru#Durian",
            "58213",
            "١٢٣",
            "½",
            "1e9",
        ]
    ),
    st.sampled_from(ORDERS),
    st.integers().map(str),
    st.text(max_size=30),
)
COMMANDS = st.builds(
    lambda word, fields, between: between.join([word, *fields]),
    st.sampled_from(KEYWORDS),
    st.lists(FIELDS, max_size=4),
    st.sampled_from([" ", "#", ".", "*", "  ", "\n", "\x00", "\u00a0", "/"]),
)
_ORDER, _CODE = st.sampled_from(ORDERS), st.sampled_from(["58213", "00000", "12340", "40217"])
_AMOUNT, _DEWI = st.sampled_from(["240rb", "240000", "120000", "1jt"]), st.just("081234567004")
FORMS: dict[str, tuple[st.SearchStrategy[str], ...]] = {
    "YA": (_ORDER,),
    "TIDAK": (_ORDER, st.just("habis")),
    "CEK": (_ORDER,),
    "BELI": (st.just(LISTING), st.just("20"), st.sampled_from(["LAGI", "TITIP", "LAGI TITIP"])),
    "KIRIM": (_ORDER,),
    "SERAH": (_ORDER, _CODE),
    "TERIMA": (_ORDER,),
    "BATAL": (_ORDER,),
    "KOMPLAIN": (_ORDER, st.sampled_from(["belum", "salah", "rusak", "kurang", "lain"])),
    "REFUND": (_ORDER,),
    "NILAI": (_ORDER, st.just("5")),
    "TITIP": (_ORDER, _AMOUNT),
    "BAYAR": (_ORDER, _CODE),
    "KEMBALI": (_ORDER, _CODE),
    "PERIKSA": (_ORDER, st.sampled_from(["OK", "RUSAK", "SALAH", "KURANG"])),
    "PUTUS": (_ORDER, st.sampled_from(["0", "50", "100"])),
    "VER": (_DEWI, st.just("Durian")),
    "BEKU": (_DEWI, st.just("tipu")),
    "LAPOR": (_DEWI, st.just("tipu")),
    "WAKIL": (_DEWI, st.sampled_from(["BUKA", "JUAL madu#10rb#5", "DAFTAR Inaq#Durian", "YA"])),
    "SETOR": (_AMOUNT, st.sampled_from(["081234567006", "081234567005"])),
    "SETOR TERIMA": (st.sampled_from("123"),),
    "REKAP": (st.sampled_from(["23", "23-11", "31-2"]),),
}
"""What could well be sent, by anybody."""
LIKELY = st.sampled_from(sorted(FORMS)).flatmap(
    lambda word: st.tuples(*FORMS[word]).map(lambda fields: " ".join([word, *fields]))
)
LONG = st.builds(
    lambda text, times: (text * times)[:5000], st.text(min_size=1), st.integers(1, 5000)
)
ANY_BYTES = st.one_of(
    LIKELY.map(str.encode),
    COMMANDS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    LONG.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=300),
)
KEYS = st.one_of(
    st.sampled_from(
        ["0", "00", "9", *"12345678", "beras", "Sri", "su", "2", "12rb", "kg", "", "1*2"]
    ),
    st.sampled_from(["250rb", "240000", "50", "100", "081234567004", "081234567006", "tipu"]),
    st.sampled_from(ORDERS),
    st.text(max_size=40),
)
DATA = {
    "listing": st.just(LISTING),
    "own": st.just(LISTING),
    "title": st.just("Madu hutan"),
    "price": st.just(125_000),
    "unit": st.just("botol"),
    "stock": st.just(10),
    "shelf": st.just("staples"),
    "quantity": st.sampled_from([1, 2, 9_999]),
    "query": st.sampled_from(["beras", "madu"]),
    "category": st.just("staples"),
    "order": st.sampled_from(ORDERS),
    "number": st.sampled_from([*ORDERS, "1", "99999999"]),
    "other": st.sampled_from(ORDERS),
    "amount": st.sampled_from([1, 24_000, 240_000, 999_999_999]),
    "phone": st.sampled_from([DEWI, RATNA, HADI, "+6281234567999"]),
    "name": st.just("Inaq Sri"),
    "letters": st.sampled_from(["su", "zz", "١٢"]),
    "village": st.just("52.02.02.2010"),
    "why": st.just("tipu"),
    "member": st.just("2"),
    "days": st.just(7),
    "advance": st.sampled_from([0, 50]),
    "spec": st.just("ayat kursi"),
    "ruling": st.sampled_from([0, 50, 100]),
    "remittance": st.sampled_from([1, 2, 99]),
    "told": st.just("Maaf."),
}
"""What a session can know by the time it comes to a screen."""
OF_PINS = {"pin", "old pin", "new pin", "same pin"}
"""Their answers are hashed, which takes its time; tests/menus/test_pin_screens.py has them."""


def many(number: int) -> examples:
    """So many examples, the same ones each time, however long they take."""
    return examples(
        max_examples=number,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> LocalWorld:
    folder = tmp_path_factory.mktemp("whatever")
    world = LocalWorld(configuration.load({"PASAR_DATA_DIR": str(folder)}), "africastalking")
    with world.shop.write() as tx:
        village = gazetteer.load().named("Durian")[0].code
        sri, budi, _, ratna, hadi = (
            people.register(tx, phone, name, village)
            for phone, name in (
                (SRI, "Inaq Sri"),
                (BUDI, "Amaq Budi"),
                (DEWI, "Inaq Dewi"),
                (RATNA, "Ibu Ratna"),
                (HADI, "Pak Hadi"),
            )
        )
        agents.appoint(tx, "operator", ratna, "agent", 50_000_000)
        agents.appoint(tx, "operator", hadi, "coordinator", 50_000_000)
        catalogue.sell(tx, budi, title="Beras medium", price=12_000, unit="kg", stock=5_000)
        placed = stages(tx, sri, budi, ratna, hadi)
        assert [order.number for order in placed] == ORDERS
        proxies.ask(
            tx, ratna, DEWI, ("BUKA", (), ""), notice="proxy_asked", told="BUKA",
            values={"command": "BUKA"},
        )  # fmt: skip
    return world


def stages(
    tx: Transaction, sri: Person, budi: Person, ratna: Person, hadi: Person
) -> Iterator[Order]:
    """Sri's orders at Budi's, one at each place that an order can come to."""
    listing = catalogue.find(tx, LISTING)

    def place(*, held: bool) -> Order:
        order = orders.place(tx, sri, listing, 20, again=True, by_agent=held)
        if held:
            orders.accept(tx, budi, order.number)
            kiosk.deposit(tx, ratna, order.number, 240_000)
        return order

    def sent(*, held: bool = True) -> Order:
        order = place(held=held)
        orders.send(tx, budi, order.number)
        return order

    yield orders.place(tx, sri, listing, 20)
    accepted = orders.place(tx, sri, listing, 20, again=True, by_agent=True)
    yield orders.accept(tx, budi, accepted.number)
    yield place(held=True)
    yield sent()
    at_agent = sent()
    yield kiosk.approve(tx, hadi, at_agent.number)
    handed_over = sent()
    yield orders.receive(tx, sri, handed_over.number)
    done = sent()
    orders.receive(tx, sri, done.number)
    yield orders.receive(tx, sri, done.number)
    for answered in (False, True):
        disputed = sent()
        disputes.open_(tx, sri, disputed.number, "broken", "pecah semua")
        if answered:
            disputes.answer(tx, budi, disputed.number, "tidak benar")
        yield disputed
    settled = sent()
    disputes.open_(tx, sri, settled.number, "wrong")
    disputes.concede(tx, budi, settled.number)
    yield settled
    moving = place(held=True)
    remittances.offer(tx, ratna, HADI, 240_000)
    assert len(payouts.due_to(tx, budi)) == 1
    yield moving


@pytest.fixture
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.timeout(600)
@many(10_000)
@given(text=ANY_BYTES, phone=st.sampled_from(PHONES), confirmed=st.booleans())
def test_any_sms_gets_an_answer(
    world: LocalWorld, no_errors: None, text: bytes, phone: str, confirmed: bool
) -> None:
    """And so does the one-time number that it is answered with."""
    world.clock.turn(timedelta(minutes=7))  # so few numbers are asked for in an hour
    said = _answers(
        world, phone, payloads.sms(phone, "@@").replace("%40%40", quote_from_bytes(text))
    )
    number = re.search(r"(?:YA|YES) ([0-9]{5})$", said)
    if confirmed and number:
        _answers(world, phone, payloads.sms(phone, f"YA {number[1]}"))


def _answers(world: LocalWorld, phone: str, body: str) -> str:
    """Posts an SMS and has it answered; what its sender is told, which is nothing where a notice to
    the other side says it all. Whatever is written is one SMS."""
    before = _last(world)
    assert world.post("sms", body) == (200, "OK")
    while world.answer_next():
        pass
    assert _count(world, "SELECT COUNT(*) FROM inbox WHERE state <> 'answered'") == 0
    with world.shop.read() as tx:
        written = tx.rows("SELECT msisdn, notice, text FROM outbox WHERE id > ?", (before,))
    assert written
    for row in written:
        assert width(row["text"]) <= BUDGET, row["text"]
        assert row["notice"] != "sorry"
    told = [row["text"] for row in written if row["msisdn"] == phone]
    assert told or [row["notice"][:10] for row in written] == ["order_sent"]
    return codes.reveal(told[-1], world.shop.settings.pepper) if told else ""


def _last(world: LocalWorld) -> str:
    with world.shop.read() as tx:
        return str(tx.value("SELECT MAX(id) FROM outbox"))


@pytest.mark.timeout(600)
@many(10_000)
@given(text=ANY_BYTES, phone=st.sampled_from(PHONES))
def test_any_hop_gets_an_answer(
    world: LocalWorld, no_errors: None, text: bytes, phone: str
) -> None:
    session = payloads.new_session_id()
    assert world.post("ussd", payloads.hop(phone, session, "*123*45#", ""))[1].startswith("CON ")
    body = payloads.hop(phone, session, "*123*45#", "@@").replace("%40%40", quote_from_bytes(text))
    _check_answer(*world.post("ussd", body))


@pytest.mark.timeout(600)
@many(1_500)
@given(keys=st.lists(KEYS, max_size=12), phone=st.sampled_from(PHONES))
def test_any_walk_through_the_menus_is_answered(
    world: LocalWorld, no_errors: None, keys: list[str], phone: str
) -> None:
    session = payloads.new_session_id()
    typed = ""
    for key in ["", *keys]:
        typed = f"{typed}*{key}" if typed else key
        body = payloads.hop(phone, session, "*123*45#", "@@")
        encoded = quote_from_bytes(typed.encode("utf-8", "surrogatepass"))
        _check_answer(*world.post("ussd", body.replace("%40%40", encoded)))


@pytest.mark.timeout(600)
@many(4_000)
@given(
    name=st.sampled_from(sorted(SCREENS.keys() - OF_PINS)),
    phone=st.sampled_from(REGISTERED),
    data=st.fixed_dictionaries(DATA),
    keys=st.lists(KEYS, min_size=1, max_size=4),
)
def test_any_key_on_any_screen_is_answered(
    world: LocalWorld,
    no_errors: None,
    name: str,
    phone: str,
    data: dict[str, object],
    keys: list[str],
) -> None:
    """Also where its subject is gone meanwhile, or its reader is no agent any more."""
    session, typed = payloads.new_session_id(), "0"
    assert world.post("ussd", payloads.hop(phone, session, "*123*45#", ""))[1].startswith("CON ")
    frame = {"at": 0, "shown": [], "next": 0}
    frames = [
        {**frame, "screen": "home", "data": {}, "trusted": True},
        {**frame, "screen": name, "data": data},
        {**frame, "screen": "told", "data": data},  # from which 0 leads back to the screen
    ]
    kept = sealing.seal(world.shop.settings.pepper, json.dumps(frames))
    with world.shop.write() as tx:
        changed = {"frames": kept, "session": session}
        tx.execute("UPDATE sessions SET frames = :frames WHERE session_id = :session", changed)
    for key in ["", *keys]:
        typed = f"{typed}*{key}" if key else typed
        body = payloads.hop(phone, session, "*123*45#", "@@")
        encoded = quote_from_bytes(typed.encode("utf-8", "surrogatepass"))
        _check_answer(*world.post("ussd", body.replace("%40%40", encoded)))


@pytest.mark.parametrize(
    ("what", "body", "said"),
    [
        ("ussd", "sessionId=1", "phoneNumber: missing"),
        ("ussd", "", "sessionId: missing"),
        ("ussd", "phoneNumber=abc&sessionId=1&text=", "phoneNumber: not a phone number"),
        ("sms", "from=%2B6281234567001&text=YA", "id: missing"),
        ("sms", payloads.body("sms-in-invalid-from"), "from: not a phone number"),
        ("sms", "id=" + "9" * 500 + "&from=%2B6281234567001", "id: longer than 100 characters"),
        ("delivery", "id=ATXid_1", "status: missing"),
    ],
)
def test_a_body_that_can_never_be_valid_is_refused_with_the_reason(
    world: LocalWorld, what: str, body: str, said: str
) -> None:
    assert world.post(what, body) == (400, said)


def _check_answer(status: int, answer: str) -> None:
    assert status == 200
    assert answer[:4] in ("CON ", "END ")
    assert 0 < width(answer[4:]) <= BUDGET, answer
    assert "Maaf, sedang ada gangguan" not in answer


def _count(world: LocalWorld, sql: str, *values: str) -> int:
    with world.shop.read() as tx:
        return int(tx.value(sql, values))
