"""Providers from another folder: the example of docs/PROVIDERS.md, and ones that cannot be used."""

import re
from datetime import timedelta
from pathlib import Path
from textwrap import indent

import pytest

import settings as configuration
from gateway import providers
from gateway.desk import Desk
from gateway.linked import LinkKeeper
from gateway.providers import DeliveryReport, Linked, Outgoing, Provider
from menus.notices import NOTICES
from menus.wording import Wording
from settings import Settings, WrongSettings, read
from store.inbox import Received
from store.outbox import Outcome
from tests.support.listener import Listener
from tests.support.market import open_shop
from tests.support.post_office import PostOffice
from tests.support.processes import wait_until
from tests.support.sending import send_next

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples" / "providers"
SRI, BUDI = "+6281234567001", "+6281234567002"


@pytest.fixture
def loft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty one, which is the pigeons' setting."""
    loft = tmp_path / "loft"
    for name in ("in", "out"):
        (loft / name).mkdir(parents=True)
    monkeypatch.setenv("PASAR_PIGEON_DIR", str(loft))
    return loft


def with_provider(tmp_path: Path, name: str = "pigeon", folder: Path = EXAMPLES) -> Settings:
    return configuration.load(
        {
            "PASAR_DATA_DIR": str(tmp_path / "var"),
            "PASAR_PROVIDERS_DIR": str(folder),
            "PASAR_SMS_PROVIDER": name,
        }
    )


@pytest.fixture
def pigeon(tmp_path: Path, loft: Path) -> Provider:
    return providers.make("pigeon", with_provider(tmp_path))


def outgoing(text: str = "Pesanan 17\nBeras 蜂") -> Outgoing:
    return Outgoing("a-1", SRI, text, timedelta(days=1))


# The example


def test_it_is_among_the_providers_and_is_listened_to(tmp_path: Path, loft: Path) -> None:
    known = providers.of(with_provider(tmp_path))
    assert next(iter(known)) == "pigeon"
    assert isinstance(known["pigeon"], Linked)


def test_its_own_setting_is_no_unknown_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configuration.load(
        {
            "PASAR_DATA_DIR": str(tmp_path),
            "PASAR_PROVIDERS_DIR": str(EXAMPLES),
            "PASAR_SMS_PROVIDER": "pigeon",
            "PASAR_PIGEON_DIR": "/loft",
            "PASAR_PIGEONS": "7",
        }
    )
    assert capsys.readouterr().err == "PASAR_PIGEONS: no such setting; ignored\n"


def test_it_sends_and_the_same_message_is_one_file(pigeon: Provider, loft: Path) -> None:
    for _ in range(2):
        assert pigeon.send(outgoing()) == Outcome("accepted", "a-1")
    [path] = (loft / "out").iterdir()
    assert path.name == "a-1.sms"
    assert path.read_text(encoding="utf-8") == f"{SRI}\nPesanan 17\nBeras 蜂"


@pytest.mark.parametrize(("why", "text"), [("no loft", "Halo"), ("no text", "\ud800")])
def test_what_it_cannot_send_is_refused(pigeon: Provider, loft: Path, why: str, text: str) -> None:
    if why == "no loft":
        (loft / "out").rmdir()
    outcome = pigeon.send(outgoing(text))
    assert (outcome.state, outcome.link) == ("refused", "down")
    assert not list(loft.glob("out/*.sms"))


def test_what_came_is_taken_and_gone(pigeon: Linked, loft: Path) -> None:
    (loft / "in" / "1.sms").write_text(f"{SRI}\nCARI beras\n蜂", encoding="utf-8")
    (loft / "in" / "2.arrived").touch()
    (loft / "in" / "3.draft").touch()
    with Listener(pigeon) as listener:
        events = listener.wait_for(2)
        wait_until(lambda: len(list((loft / "in").iterdir())) == 1)
    assert events == [
        Received("pigeon", "1", SRI, "CARI beras\n蜂"),
        DeliveryReport("pigeon", "2", "arrived", "delivered"),
    ]


@pytest.mark.parametrize("body", [b"", b"INFO\npromo", b"22345", b"\xff\xfe", b"\n\n"])
def test_what_can_never_be_valid_is_left_aside(pigeon: Linked, loft: Path, body: bytes) -> None:
    (loft / "in" / "1.sms").write_bytes(body)
    (loft / "in" / "2.sms").write_text(f"{SRI}\nYA")
    with Listener(pigeon) as listener:
        [event] = listener.wait_for(1)
        wait_until(lambda: [path.name for path in (loft / "in").iterdir()] == ["1.bad"])
    assert event.text == "YA"


def test_a_message_goes_out_and_its_report_comes_in(tmp_path: Path, loft: Path) -> None:
    """As in the worker: the outbox, the keeper of the link, and the desk."""
    settings = with_provider(tmp_path)
    pigeon = providers.make("pigeon", settings)
    shop = open_shop(settings)
    office = PostOffice(shop, None)
    message_id = office.write(SRI, "Halo")
    assert send_next(shop, [pigeon])()
    assert office.state(message_id) == "accepted"
    [path] = (loft / "out").iterdir()
    (loft / "in" / f"{path.stem}.arrived").touch()
    assert isinstance(pigeon, Linked)
    keeper = LinkKeeper("pigeon", pigeon, Desk(shop, Wording(settings.zone, NOTICES)).take)
    keeper.start()
    try:
        wait_until(lambda: office.state(message_id) == "delivered", 10)
    finally:
        keeper.stop()
        keeper.join(2)
    assert not keeper.is_alive()


# Ones that cannot be used


@pytest.mark.parametrize("folder", [None, EXAMPLES, ROOT / "nowhere"])
def test_one_that_is_not_there_is_a_wrong_setting(folder: Path | None) -> None:
    environ = {"PASAR_SMS_PROVIDER": "stork"}
    if folder:
        environ["PASAR_PROVIDERS_DIR"] = str(folder)
    with pytest.raises(WrongSettings) as wrong:
        read(environ)
    [line] = str(wrong.value).splitlines()
    assert line.startswith("PASAR_SMS_PROVIDER: was 'stork'; allowed: one or more of ")


GOOD = (EXAMPLES / "pigeon" / "__init__.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("why", "code", "said"),
    [
        ("no Python", "def", "cannot be loaded: SyntaxError: "),
        ("what it needs is missing", "import pigeons", "ModuleNotFoundError: No module named 'pig"),
        ("nothing in it", "", "cannot be loaded: AttributeError: module 'pasar_provider_stork'"),
        ("it fails", "raise ValueError('a\\nb')", "cannot be loaded: ValueError: a"),
        ("its make fails", "def make(settings): return {}['x']", "cannot be loaded: KeyError: 'x'"),
        ("make of nothing", "def make(): pass", "cannot be loaded: TypeError: make() takes 0"),
        (
            "no provider",
            "def make(settings): pass",
            "cannot be used: its provider lacks name, prom",
        ),
        ("it cannot send", GOOD.replace("def send", "def post"), "its provider lacks send"),
        ("another name", GOOD, "cannot be used: its provider is called 'pigeon'"),
    ],
)
def test_a_broken_one_stops_the_start_with_one_line(
    tmp_path: Path, loft: Path, why: str, code: str, said: str
) -> None:
    path = tmp_path / "stork" / "__init__.py"
    path.parent.mkdir()
    path.write_text(code, encoding="utf-8")
    settings = with_provider(tmp_path, "stork", tmp_path)
    with pytest.raises(SystemExit) as stopped:
        providers.make("stork", settings)
    [line] = str(stopped.value).splitlines()
    assert line.startswith(f"{path}: cannot be ")
    assert said in line


def test_a_wrong_setting_of_its_own_stops_the_start(
    tmp_path: Path, loft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASAR_PIGEON_DIR", str(loft / "out"))
    with pytest.raises(SystemExit) as stopped:
        providers.make("pigeon", with_provider(tmp_path))
    assert str(stopped.value) == (
        f"PASAR_PIGEON_DIR: was '{loft / 'out'}'; allowed: a folder with `in` and `out`"
    )


# The page

PAGE = ROOT / "docs" / "PROVIDERS.md"


def test_the_code_on_the_page_is_that_of_the_example() -> None:
    shown = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    for code in shown:
        assert code in GOOD or indent(code, "    ") in GOOD, f"not in the example:\n{code}"


@pytest.mark.parametrize("name", providers._ALL)
def test_the_page_explains_all_that_a_provider_has(name: str) -> None:
    assert f"`{name}" in PAGE.read_text(encoding="utf-8")
