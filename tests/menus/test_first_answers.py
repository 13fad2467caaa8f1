"""The first answer teaches: whatever is missing or wrong, it says what to type instead."""

import random
import re
from collections.abc import Iterator

import pytest

from menus.commands import account, answer, complaints, group, money
from menus.commands import help as helps
from menus.commands.keywords import Keywords
from menus.commands.look import NO_ORDERS
from menus.commands.registry import HANDLERS, NOT_REGISTERED, NOTHING_WAITS
from menus.opening import open_shop
from menus.page import BUDGET, width
from menus.wording import Wording, translate
from settings import Settings
from store import agents, people
from store.data_files import data_rows
from store.inbox import Received
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, DEWI, SRI, register, sell

STRANGER, AGENT = "+6281234567009", DEWI
KEYWORDS = Keywords.load()
ENGLISH = {row["keyword"]: row["english"] for row in data_rows("commands.csv")}
ANSWERED = [keyword for keyword in ENGLISH if keyword in HANDLERS]
WRONG = ("xyz", "0", "-1 -1", "99999999 x", "081234567890", "#", "x#y#z#a#b", "10013 1000 1234")
WHOLE = {
    "BANTU": helps.BANTU,
    "BUKA": "",
    "BAHASA": account.LANGUAGES,
    "KELOMPOK": group.NO_MEMBERS,
    "CEK": NO_ORDERS,
    "HAPUS": "",
    "KAS": "",
    "MULAI": account.STARTED,
    "REKAP": "",
    "STOP": account.STOPPED,
    "TIDAK": NOTHING_WAITS,
    "TUTUP": "",
    "YA": NOTHING_WAITS,
}
"""Keywords that need no field, and what they answer when that is always the same."""
OF_AGENTS = [keyword for keyword in HANDLERS if HANDLERS[keyword].instead]


@pytest.fixture
def market(settings: Settings, clock: TurnableClock) -> tuple[Shop, Wording]:
    """Sri buys, Budi sells, Dewi is an agent."""
    shop, wording = open_shop(settings)
    shop = Shop(settings, wording, clock=clock, chance=random.Random(7))
    shop.migrate()
    register(shop, SRI)
    sell(shop, register(shop, BUDI, "Amaq Budi"))
    dewi = register(shop, AGENT, "Ibu Dewi")
    with shop.write() as tx:
        agents.appoint(tx, "operator", dewi, "agent", 1_000_000)
    return shop, wording


def answers(market: tuple[Shop, Wording], phone: str, *texts: str) -> Iterator[str]:
    """What is answered to each of these SMS, as if none had been sent before."""
    shop, wording = market
    for text in texts:
        with shop.write() as tx:
            answer.answering(wording)(tx, Received("at", "1", phone, text))
            yield str(
                tx.value("SELECT text FROM outbox WHERE msisdn = ? ORDER BY id DESC", (phone,))
            )
            tx.execute("DELETE FROM outbox")
            tx.execute("DELETE FROM questions")
            tx.execute("DELETE FROM confirmations")


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("phone", [STRANGER, SRI, BUDI, AGENT])
def test_every_word_with_anything_behind_it_is_answered_in_one_sms(
    market: tuple[Shop, Wording], phone: str, lang: str
) -> None:
    with market[0].write() as tx:
        people.choose_language(tx, phone, lang)
    asked = [*KEYWORDS.meaning, *(f"{word} {fields}" for word in ENGLISH for fields in WRONG)]
    for text, said in zip(asked, answers(market, phone, *asked), strict=True):
        assert 0 < width(said) <= BUDGET, (text, said)


@pytest.mark.parametrize("keyword", ANSWERED)
def test_a_word_alone_tells_how_it_is_typed(market: tuple[Shop, Wording], keyword: str) -> None:
    (said,) = answers(market, AGENT, keyword)
    if keyword not in WHOLE:
        assert said == HANDLERS[keyword].how
    elif WHOLE[keyword]:
        assert said.startswith(WHOLE[keyword].split("{")[0])
    for text in (said, HANDLERS[keyword].how):
        assert keyword in text or keyword in WHOLE


@pytest.mark.parametrize("keyword", ANSWERED)
def test_strangers_are_told_how_to_register_or_how_it_is_typed(
    market: tuple[Shop, Wording], keyword: str
) -> None:
    (said,) = answers(market, STRANGER, keyword)
    if HANDLERS[keyword].registered:
        assert said == NOT_REGISTERED
    elif keyword not in WHOLE:
        assert said == HANDLERS[keyword].how


@pytest.mark.parametrize("lang", ["id", "en"])
def test_how_a_word_is_typed_names_the_word_with_an_example(lang: str) -> None:
    """None of a PIN: somebody might take it."""
    without = {"KELOMPOK", "BUKA", "KAS", "STOP", "MULAI", "BAHASA", "PIN", "HAPUS"}
    for keyword, handler in HANDLERS.items():
        how = translate(lang, handler.how)
        assert (keyword if lang == "id" else ENGLISH[keyword]) in how
        assert (("misalnya" if lang == "id" else "e.g.") in how) != (keyword in without), how


def test_the_words_of_agents_are_those_of_the_table() -> None:
    """KEMBALI is also what buyers write who want their money."""
    table = {row["keyword"] for row in data_rows("commands.csv") if row["role"] == "KIM"}
    assert {*OF_AGENTS, "KEMBALI"} == table


@pytest.mark.parametrize("keyword", OF_AGENTS)
@pytest.mark.parametrize("fields", ["", "10013 1000", "081234567002 Sukarara", "10013 58213 1234"])
def test_others_are_told_that_it_is_for_agents_and_what_they_can_do(
    market: tuple[Shop, Wording], keyword: str, fields: str
) -> None:
    (said,) = answers(market, SRI, f"{keyword} {fields}")
    assert said == HANDLERS[keyword].instead
    assert said.startswith(f"Maaf, {keyword} hanya untuk petugas KIM. ")


def test_a_buyer_who_writes_kembali_is_told_how_to_ask(market: tuple[Shop, Wording]) -> None:
    assert set(answers(market, SRI, "KEMBALI", "KEMBALI uang")) == {money.HOW_TO_ASK}


@pytest.mark.parametrize(
    ("lang", "listed"), [("id", r"alasan: (.*), misalnya"), ("en", r"reason: (.*), e.g.")]
)
def test_the_reasons_that_are_named_are_understood(lang: str, listed: str) -> None:
    """Of a complaint, and of what an agent finds."""
    (named,) = re.findall(listed, translate(lang, HANDLERS["KOMPLAIN"].how))
    understood = [complaints.complaint_in(reason) for reason in named.split(", ")]
    assert understood == ["not arrived", "wrong", "broken", "short"]
    words = re.findall("[A-Z]{2,}", translate(lang, HANDLERS["PERIKSA"].how))
    found = {complaints._FINDINGS[word] for word in words if word in complaints._FINDINGS}
    assert found == {None, "broken", "wrong", "short"}


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ("1", "not arrived"),
        ("4", "short"),
        ("5", "other"),
        ("barangnya belum sampai", "not arrived"),
        ("tidak sampai-sampai", "not arrived"),
        ("it is not here", "not arrived"),
        ("not good", "other"),
        ("Rusaknya parah", "broken"),
        ("tidak sesuai gambar", "wrong"),
        ("12 kurang 2", "short"),
        ("", "other"),
    ],
)
def test_what_is_wrong_is_read_from_what_people_write(told: str, complaint: str) -> None:
    assert complaints.complaint_in(told) == complaint
