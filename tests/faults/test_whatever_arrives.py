"""Whatever arrives is answered: random SMS and hops, hostile and long, raise nothing."""

import logging
from collections.abc import Iterator
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

import settings as configuration
from tests.support import payloads
from tests.support.worlds import LocalWorld

pytestmark = pytest.mark.slow

SRI, BUDI, STRANGER = "+6281234567001", "+6281234567002", "+6281234567003"

KEYWORDS = [
    "DAFTAR",
    "CARI",
    "BELI",
    "YA",
    "TIDAK",
    "KIRIM",
    "SERAH",
    "TERIMA",
    "BATAL",
    "CEK",
    "JUAL",
    "STOK",
    "HARGA",
    "BAHASA",
    "BANTU",
    "STOP",
    "MULAI",
    "BUY",
    "YES",
    "NO",
    "FIND",
    "SELL",
    "ya",
    "tdk",
    "PSN",
    "Krm",
    "HRG",
    "titip",
    "komplain",
    "pin",
    "hapus",
]
FIELDS = st.one_of(
    st.sampled_from(
        [
            "117",
            "10019",
            "2",
            "0",
            "-1",
            "99999",
            "1,5jt",
            "10rb/kg",
            "Sukarara",
            "beras",
            "LAGI",
            "58213",
            "١٢٣",
            "½",
            "1e9",
        ]
    ),
    st.integers().map(str),
    st.text(max_size=30),
)
COMMANDS = st.builds(
    lambda word, fields, between: between.join([word, *fields]),
    st.sampled_from(KEYWORDS),
    st.lists(FIELDS, max_size=4),
    st.sampled_from([" ", "#", ".", "*", "  ", "\n", "\x00", "\u00a0", "/"]),
)
LONG = st.builds(
    lambda text, times: (text * times)[:5000], st.text(min_size=1), st.integers(1, 5000)
)
ANY_BYTES = st.one_of(
    COMMANDS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    LONG.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=300),
)
KEYS = st.one_of(
    st.sampled_from(
        ["0", "00", "9", *"12345678", "beras", "Sri", "su", "2", "12rb", "kg", "", "1*2"]
    ),
    st.text(max_size=40),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> LocalWorld:
    folder = tmp_path_factory.mktemp("whatever")
    world = LocalWorld(configuration.load({"PASAR_DATA_DIR": str(folder)}), "africastalking")
    for phone, name in ((SRI, "Inaq Sri"), (BUDI, "Amaq Budi")):
        world.send(phone, f"DAFTAR {name}#Durian")
        world.send(phone, "YA")
    world.send(BUDI, "JUAL beras medium#12rb/kg#5000")
    world.send(SRI, "BELI 117 2")
    return world


@pytest.fixture
def no_errors(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def many(number: int) -> examples:
    """So many examples, the same ones each time, however long they take."""
    return examples(
        max_examples=number,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.mark.timeout(600)
@many(10_000)
@given(text=ANY_BYTES, phone=st.sampled_from([SRI, BUDI, STRANGER]))
def test_any_sms_gets_an_answer(
    world: LocalWorld, no_errors: None, text: bytes, phone: str
) -> None:
    before = _count(world, "SELECT COUNT(*) FROM outbox WHERE msisdn = ?", phone)
    body = payloads.sms(phone, "@@").replace("%40%40", quote_from_bytes(text))
    assert world.post("sms", body) == (200, "OK")
    while world.answer_next():
        pass
    assert _count(world, "SELECT COUNT(*) FROM inbox WHERE state <> 'answered'") == 0
    assert _count(world, "SELECT COUNT(*) FROM outbox WHERE msisdn = ?", phone) > before


@pytest.mark.timeout(600)
@many(10_000)
@given(text=ANY_BYTES, phone=st.sampled_from([SRI, BUDI, STRANGER]))
def test_any_hop_gets_an_answer(
    world: LocalWorld, no_errors: None, text: bytes, phone: str
) -> None:
    session = payloads.new_session_id()
    assert world.post("ussd", payloads.hop(phone, session, "*123*45#", ""))[1].startswith("CON ")
    body = payloads.hop(phone, session, "*123*45#", "@@").replace("%40%40", quote_from_bytes(text))
    _check_answer(*world.post("ussd", body))


@pytest.mark.timeout(600)
@many(1_500)
@given(keys=st.lists(KEYS, max_size=12), phone=st.sampled_from([SRI, BUDI, STRANGER]))
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
    assert len(answer) > 4
    assert "Maaf, sedang ada gangguan" not in answer


def _count(world: LocalWorld, sql: str, *values: str) -> int:
    with world.shop.read() as tx:
        return int(tx.value(sql, values))
