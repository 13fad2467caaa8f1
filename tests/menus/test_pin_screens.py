"""The PIN's screens: choosing one, changing it, and the gate that it opens."""

import re

import pytest

from menus import engine
from menus.engine import Hop
from menus.opening import open_shop
from menus.screen import SCREENS, Ask, Choice, End, Go, Home, Screen
from menus.screens import pin
from menus.wording import Wording
from settings import Settings
from store import people, pins
from store.shop import Shop
from tests.support.market import SRI, events, register

PIN, OTHER, WRONG = "9517", "62840", "73194"


@pytest.fixture
def opened(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[Shop, Wording]:
    """The market with a screen that only a PIN leads to, as the first choice of home."""
    gated = Screen(
        "gated",
        text="Di dalam {told}",
        values=lambda talk: {"told": talk.data["told"]},
        choices=(Choice("Selesai", lambda talk: End("selesai")),),
    )
    home = Screen(
        "home",
        text="Awal",
        choices=(
            Choice("Masuk", lambda talk: pin.gate(talk, Go("gated", told="kas"))),
            Choice("PIN", pin.change),
            Choice("Bahasa", lambda talk: Home("lagi")),
        ),
    )
    monkeypatch.setitem(SCREENS, "gated", gated)
    monkeypatch.setitem(SCREENS, "home", home)
    shop, wording = open_shop(settings)
    shop.migrate()
    register(shop, SRI)
    return shop, wording


class Session:
    """Types into one session, from dialling on."""

    def __init__(self, opened: tuple[Shop, Wording], session_id: str = "s1") -> None:
        self.opened, self.session_id, self.text = opened, session_id, ""
        self.types()

    def types(self, *keys: str) -> str:
        reply = ""
        for key in keys or ("",):
            self.text = f"{self.text}*{key}" if self.text else key
            hop = Hop("at", self.session_id, SRI, "*123*45#", self.text)
            reply = engine.answer(*self.opened, hop)
        return reply


def has_pin(opened: tuple[Shop, Wording], chosen: str = PIN) -> None:
    with opened[0].write() as tx:
        person = people.of_phone(tx, SRI)
        assert person
        pins.choose(tx, person, chosen)


def fits(opened: tuple[Shop, Wording], typed: str) -> bool:
    with opened[0].read() as tx:
        row = tx.row("SELECT hash FROM pins")
        return row is not None and pins._fits(row["hash"], pins._peppered(tx, typed))


def test_a_first_pin_is_typed_twice(opened: tuple[Shop, Wording]) -> None:
    session = Session(opened)
    assert "pilih PIN baru" in session.types("2")
    assert "sekali lagi" in session.types(PIN)
    assert session.types(PIN).startswith("CON PIN sudah disimpan")
    assert fits(opened, PIN)


def test_a_pin_that_is_weak_or_typed_differently_is_asked_for_again(
    opened: tuple[Shop, Wording],
) -> None:
    session = Session(opened)
    assert "mudah ditebak" in session.types("2", "1234")
    assert "4 sampai 6 angka" in session.types("12")
    assert "Tidak sama" in session.types(PIN, OTHER)
    assert "pilih PIN baru" in session.types("0")
    assert "sudah disimpan" in session.types(OTHER, OTHER)
    assert fits(opened, OTHER)


def test_another_pin_takes_the_old_one(opened: tuple[Shop, Wording]) -> None:
    has_pin(opened)
    session = Session(opened)
    assert "PIN lama" in session.types("2")
    assert re.match(
        r"CON PIN tidak cocok, sisa 2 kali. .*\nMohon ketik PIN lama", session.types(WRONG)
    )
    assert "sudah disimpan" in session.types(PIN, OTHER, OTHER)
    assert fits(opened, OTHER)


def test_the_gate_opens_to_the_pin_and_leads_back_past_it(opened: tuple[Shop, Wording]) -> None:
    has_pin(opened)
    session = Session(opened)
    assert "ketik PIN Bpk/Ibu" in session.types("1")
    assert "sisa 2 kali" in session.types(WRONG)
    assert session.types(PIN).startswith("CON Di dalam kas")
    assert session.types("0").startswith("CON Awal")
    assert session.types("1").startswith("CON Di dalam kas")


def test_it_stays_open_for_the_session_and_no_longer(opened: tuple[Shop, Wording]) -> None:
    has_pin(opened)
    session = Session(opened)
    session.types("1", PIN, "00")
    assert session.types("3").startswith("CON lagi\nAwal")
    assert session.types("1").startswith("CON Di dalam kas")
    assert "ketik PIN Bpk/Ibu" in Session(opened, "s2").types("1")


def test_whoever_has_no_pin_chooses_one_at_the_gate(opened: tuple[Shop, Wording]) -> None:
    session = Session(opened)
    assert "pilih PIN baru" in session.types("1")
    assert session.types(PIN, PIN).startswith("CON Di dalam kas")
    assert session.types("0").startswith("CON Awal")
    assert fits(opened, PIN)


def test_a_locked_pin_is_told_with_the_time_it_opens(opened: tuple[Shop, Wording]) -> None:
    has_pin(opened)
    session = Session(opened)
    reply = session.types("1", WRONG, WRONG, WRONG)
    assert re.search(r"dikunci sampai \d+ \w{3} pukul \d\d\.\d\d", reply)
    assert "ketik PIN Bpk/Ibu" in session.types("0")
    assert "dikunci" in session.types(PIN)
    assert [action for _, action in events(opened[0])][2:] == [*["pin.wrong"] * 3, "pin.locked"]


def test_no_choice_of_data_opens_the_gate(
    opened: tuple[Shop, Wording], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the engine marks a session, outside what screens can put into it."""
    has_pin(opened)
    session = Session(opened)
    home = SCREENS["home"]
    forged = Choice("Curang", lambda talk: Go("home", trusted=True))
    choices = (*home.choices, forged)
    monkeypatch.setitem(SCREENS, "home", Screen("home", text=home.text, choices=choices))
    session.types("4")
    assert "ketik PIN Bpk/Ibu" in session.types("1")


def test_a_screen_cannot_take_a_secret_along(
    opened: tuple[Shop, Wording], monkeypatch: pytest.MonkeyPatch
) -> None:
    leaky = Screen(
        "pin",
        text="PIN?",
        ask=Ask(pin.digits, hint="", then=lambda talk, typed: Go("gated", told=typed), secret=True),
    )
    monkeypatch.setitem(SCREENS, "pin", leaky)
    has_pin(opened)
    assert Session(opened).types("1", PIN).startswith("END Maaf, sedang ada gangguan")
    with opened[0].read() as tx:
        assert PIN not in str(tx.rows("SELECT frames FROM sessions"))


SECRET = re.compile(r"\b(PIN|kode)\b", re.IGNORECASE)


def test_whatever_asks_for_a_pin_or_a_code_says_that_it_is_secret() -> None:
    asking = {name: screen.ask for name, screen in SCREENS.items() if screen.ask}
    found = {name for name in asking if SECRET.search(SCREENS[name].text)}
    assert found >= {"pin", "old pin", "new pin", "same pin", "hand over"}
    assert {name for name in found if not asking[name].secret} == set()


def test_whatever_asks_for_a_secret_is_on_the_disk_before_it_is_answered() -> None:
    """A wrong try is counted, which takes a durable transaction; a new PIN only waits sealed."""
    secret = {name for name, each in SCREENS.items() if each.ask and each.ask.secret}
    assert {name for name in secret if not SCREENS[name].durable} == {"new pin"}
