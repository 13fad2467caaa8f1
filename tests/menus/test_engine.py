"""The state machine itself, on small screens of its own and on the market's."""

import pytest

from menus import engine
from menus.engine import Hop
from menus.opening import open_shop
from menus.screen import SCREENS, Again, Ask, Choice, End, Go, Home, Rows, Screen
from menus.wording import Wording
from settings import Settings
from store import sessions
from store.errors import Refused
from store.shop import Shop

SRI = "+6281234567001"


def refuse(talk):
    raise Refused("no_listing", listing="123")


def fail(talk):
    raise ZeroDivisionError


FRUIT = [
    "apel",
    "belimbing",
    "ceri",
    "durian",
    "enau",
    "gambir",
    "jeruk",
    "kelapa",
    "langsat",
    "manggis",
]
FAKES = {
    screen.name: screen
    for screen in (
        Screen(
            "welcome",
            text="Awal",
            choices=(
                Choice("Buah", "fruit"),
                Choice("Nama", "name"),
                Choice("Tolak", refuse),
                Choice("Rusak", fail),
                Choice("Tersembunyi", "fruit", when=lambda talk: False),
                Choice("Sudah", lambda talk: End("selesai")),
                Choice("Ulang", lambda talk: Again("sekali lagi")),
            ),
        ),
        Screen(
            "fruit",
            text="Buah:",
            rows=Rows(
                label="{told}",
                load=lambda talk: [(fruit, {"told": fruit}) for fruit in FRUIT],
                then=lambda talk, fruit: Go("picked", told=fruit),
                empty="Habis",
            ),
        ),
        Screen("picked", text="{told}", values=lambda talk: {"told": talk.data["told"]}),
        Screen(
            "name",
            text="Nama?",
            ask=Ask(
                lambda typed: typed if typed.isalpha() else None,
                hint="Huruf saja.",
                then=lambda talk, name: Home(f"Halo {name}"),
            ),
        ),
        Screen("told", text="{told}", values=lambda talk: {"told": talk.data["told"]}),
    )
}


@pytest.fixture
def opened(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[Shop, Wording]:
    for name, screen in FAKES.items():
        monkeypatch.setitem(SCREENS, name, screen)
    shop, wording = open_shop(settings)
    shop.migrate()
    return shop, wording


class Session:
    """Types into one session."""

    def __init__(self, opened: tuple[Shop, Wording], session_id: str = "s1", msisdn: str = SRI):
        self.opened, self.session_id, self.msisdn = opened, session_id, msisdn
        self.text = ""

    def hop(self, text: str, code: str = "*123*45#") -> str:
        return engine.answer(*self.opened, Hop("at", self.session_id, self.msisdn, code, text))

    def types(self, *keys: str) -> str:
        reply = ""
        for key in keys:
            self.text = f"{self.text}*{key}" if self.text else key
            reply = self.hop(self.text)
        return reply


@pytest.fixture
def session(opened: tuple[Shop, Wording]) -> Session:
    session = Session(opened)
    session.hop("")
    return session


def test_dialling_shows_the_first_screen_without_a_way_back(opened: tuple[Shop, Wording]) -> None:
    reply = Session(opened).hop("")
    assert reply.startswith("CON Awal\n1. Buah\n2. Nama\n")
    assert "0." not in reply


def test_a_choice_that_is_not_offered_has_no_number(session: Session) -> None:
    assert "Tersembunyi" not in session.types("8")
    assert session.types("5") == "END selesai"


def test_zero_goes_back_and_double_zero_home(session: Session) -> None:
    assert "Buah:" in session.types("1")
    assert "apel" in session.types("1")
    assert "Buah:" in session.types("0")
    session.types("1")
    assert session.types("00").startswith("CON Awal")


def test_nine_shows_more_and_zero_returns_to_the_page_before(session: Session) -> None:
    first = session.types("1")
    assert "9. Lagi" in first
    assert "manggis" not in first
    second = session.types("9")
    assert "manggis" in second
    assert "9. Lagi" not in second
    assert session.types("0") == first


def test_a_number_means_what_was_shown_even_if_the_shop_has_changed(session: Session) -> None:
    session.types("1")
    FRUIT.insert(0, "zaitun")
    try:
        assert "belimbing" in session.types("2")
    finally:
        FRUIT.remove("zaitun")


def test_a_wrong_key_repeats_the_screen_with_a_hint(session: Session) -> None:
    reply = session.types("7")
    assert reply.startswith(f"CON {engine._WRONG_KEY}\n")
    assert "1. Buah" in reply
    for wrong in ("", "abc", "1.5", "-1", "١٠", "9", "0"):
        assert "1. Buah" in session.types(wrong)


def test_a_screen_whose_subject_is_gone_says_so_and_leads_back(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is come to, seen once more, or come back to."""
    gone = Screen("picked", text="{told}", values=refuse)
    told = "CON Maaf, barang nomor 123 tidak ada. "
    assert session.types("1", "1") == "CON apel\n0. Kembali\n00. Menu"
    monkeypatch.setitem(SCREENS, "picked", gone)
    assert session.types("5").startswith(told)
    assert session.types("0").startswith("CON Buah:")
    assert session.types("1").startswith(told)
    assert session.types("0").startswith("CON Buah:")
    assert session.types("00").startswith("CON Awal")


def test_digits_of_any_script_count(session: Session) -> None:
    assert "Buah:" in session.types("١")


def test_what_cannot_be_understood_is_asked_again(session: Session) -> None:
    session.types("2")
    reply = session.types("123")
    assert "Huruf saja.\nNama?" in reply
    assert session.types("Sri").startswith("CON Halo Sri\nAwal")


def test_an_answer_may_contain_a_star(session: Session) -> None:
    session.types("2")
    assert "Huruf saja." in session.types("a*b")
    assert "Halo" in session.types("ab")


def test_empty_answers_do_not_shift_the_next_one(session: Session) -> None:
    session.types("2")
    assert "Huruf saja." in session.types("")
    assert "Halo Sri" in session.types("Sri")


def test_a_refusal_is_told_and_zero_goes_back(session: Session) -> None:
    reply = session.types("3")
    assert "123" in reply
    assert "0. Kembali" in reply
    assert "1. Buah" in session.types("0")


def test_a_failure_is_apologised_for_and_changes_nothing(session: Session) -> None:
    assert session.types("4").startswith("END Maaf")
    # The failed hop was rolled back: the same screen still answers.
    session.text = ""
    assert "Buah:" in session.types("1")


def test_a_repeated_hop_gets_the_same_reply_also_after_later_ones(session: Session) -> None:
    first = session.types("1")
    second = session.types("9")
    third = session.types("1")
    assert session.hop("1") == first
    assert session.hop("1*9") == second
    assert session.hop("1*9*1") == third
    assert session.hop("").startswith("CON Awal")
    assert "0. Kembali" in session.types("0")


def test_a_hop_that_was_never_seen_comes_late_and_does_nothing(session: Session) -> None:
    shown = session.types("1")
    assert session.hop("5") == shown
    assert "apel" in session.types("1")


def test_an_ended_session_stays_ended(session: Session) -> None:
    assert session.types("5") == "END selesai"
    assert session.types("1").startswith("END Sesi sudah selesai")


def test_another_phone_never_sees_the_screen_of_a_session(
    session: Session, opened: tuple[Shop, Wording]
) -> None:
    session.types("1")
    stranger = Session(opened, session.session_id, "+6281234567009")
    for text in ("", "1", "1*1"):
        assert stranger.hop(text).startswith("END ")
    assert "apel" in session.types("1")


def test_a_hop_overtaken_again_and_again_is_apologised_for(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*_: object) -> None:
        raise sessions.Overtaken

    monkeypatch.setattr(sessions, "save", overtaken)
    assert session.types("1").startswith("END Maaf")


def test_a_very_long_hop_is_answered_and_repeated(session: Session) -> None:
    reply = session.types("x" * 5000)
    assert "1. Buah" in reply
    assert session.hop(session.text) == reply
    assert "Buah:" in session.types("1")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("*123*45*999#", ""),
        ("*123*45*999*2#", ""),
        ("*123*45#", "999"),
        ("*123*45#", "999*2"),
    ],
)
def test_an_extended_code_is_understood_in_every_form(
    opened: tuple[Shop, Wording], code: str, text: str
) -> None:
    reply = Session(opened).hop(text, code)
    assert "999" in reply
    assert "0. Kembali" in reply


@pytest.mark.parametrize("text", ["abc", "1*2*3*4", "*", "9" * 40])
def test_an_extension_that_is_none_shows_home(opened: tuple[Shop, Wording], text: str) -> None:
    assert Session(opened).hop(text).startswith("CON Awal")


def test_a_session_goes_on_after_an_extended_code(opened: tuple[Shop, Wording]) -> None:
    session = Session(opened)
    session.text = "999"
    session.hop("999")
    assert session.types("0").startswith("CON Awal")
