"""The phone in the terminal, over real HTTP: what it dials, sends, shows and survives."""

import re
import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from settings import Settings
from store import orders, people
from store.shop import Shop
from tests.support import market
from tests.support.market import BUDI, SRI
from tests.support.processes import free_port
from tests.support.worlds import LocalWorld
from tests.web.conftest import shell_of
from web.cli import phone_terminal
from web.cli.phone import NoAnswer, Phone, address
from web.cli.phone_keys import Keys, frame

CODE = "*123*45#"


@pytest.fixture
def world(settings: Settings) -> LocalWorld:
    """Sri, and Budi who sells rice."""
    world = LocalWorld(settings)
    market.trade(world.shop)
    return world


@pytest.fixture
def url(world: LocalWorld) -> Iterator[str]:
    """The market's web server."""
    server = make_server("127.0.0.1", 0, world.client.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sri(world: LocalWorld, url: str) -> Phone:
    return Phone(world.shop, SRI, url)


@pytest.fixture
def budi(world: LocalWorld, url: str) -> Phone:
    return Phone(world.shop, BUDI, url)


def listing(shop: Shop) -> str:
    with shop.read() as tx:
        return str(tx.value("SELECT number FROM listings"))


def placed(shop: Shop) -> int:
    with shop.read() as tx:
        return int(tx.value("SELECT COUNT(*) FROM orders"))


def test_a_session_from_dialling_to_its_end(world: LocalWorld, sri: Phone) -> None:
    assert sri.dial(f"*123*45*{listing(world.shop)}*2#").startswith("CON 2 kg Beras medium")
    assert sri.in_session
    assert sri.answer("1").startswith("END Pesanan ")
    assert not sri.in_session
    assert placed(world.shop) == 1


def test_what_is_typed_adds_up(sri: Phone) -> None:
    assert "1. Cari" in sri.dial(CODE)
    sri.answer("1")
    assert "Beras medium" in sri.answer("beras")
    assert "1. Cari" in sri.answer("00")


def test_dialling_again_begins_anew(sri: Phone) -> None:
    home = sri.dial(CODE)
    sri.answer("1")
    assert sri.dial(CODE) == home


def test_sms_go_out_and_come_in_once(world: LocalWorld, sri: Phone) -> None:
    assert sri.new_sms() == []
    sri.send("CARI beras")
    world.work()
    (answer,) = sri.new_sms()
    assert "Beras medium" in answer
    assert sri.new_sms() == []
    assert sri.inbox() == [answer]


def test_only_sms_that_left_arrive(world: LocalWorld, sri: Phone) -> None:
    sri.send("CARI beras")
    assert world.answer_next()
    assert sri.new_sms() == []
    assert world.send_next()
    assert len(sri.new_sms()) == 1


def test_sms_from_before_are_in_the_inbox_only(world: LocalWorld, url: str, sri: Phone) -> None:
    sri.send("CARI beras")
    world.work()
    later = Phone(world.shop, SRI, url)
    assert later.new_sms() == []
    assert len(later.inbox()) == 1
    assert Phone(world.shop, BUDI, url).inbox() == []


def test_the_buyers_phone_shows_the_code_and_the_sellers_does_not(
    world: LocalWorld, sri: Phone, budi: Phone
) -> None:
    sri.dial(f"*123*45*{listing(world.shop)}*2#")
    sri.answer("1")
    for text in ("YA", "KIRIM {}"):
        with world.shop.read() as tx:
            number = tx.value("SELECT number FROM orders")
        budi.send(text.format(number))
        world.work()
    with world.shop.read() as tx:
        order = orders.of_person(tx, people.of_phone(tx, SRI))[0]
    code = market.code_of_order(world.shop, order)
    assert code in sri.new_sms()[-1]
    assert not any(code in text or "\x02" in text for text in budi.inbox())


def test_twice_delivers_the_next_request_two_times_and_no_other(
    world: LocalWorld, sri: Phone
) -> None:
    sri.dial(f"*123*45*{listing(world.shop)}*2#")
    assert sri.noted == ""
    sri.twice = True
    sri.answer("1")
    assert sri.noted == "sent twice; the same reply both times"
    assert placed(world.shop) == 1
    sri.dial(CODE)
    assert sri.noted == ""
    sri.twice = True
    sri.send("CEK")
    world.work()
    assert len(sri.new_sms()) == 1


def test_twice_tells_when_the_replies_differ(sri: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    replies = iter(["CON one", "CON two"])
    monkeypatch.setattr(sri, "_request", lambda *_: next(replies))
    sri.twice = True
    assert sri.dial(CODE) == "CON one"
    assert sri.noted == "sent twice; then another reply: CON two"


def test_a_dropped_session_is_over_for_the_market_too(world: LocalWorld, sri: Phone) -> None:
    sri.dial(CODE)
    sri.answer("1")
    sri.hang_up()
    assert not sri.in_session
    with world.shop.read() as tx:
        assert tx.rows("SELECT length, ended FROM sessions") == [{"length": 1, "ended": 1}]


def test_an_unfinished_order_is_offered_at_the_next_dial(world: LocalWorld, sri: Phone) -> None:
    sri.dial(f"*123*45*{listing(world.shop)}*2#")
    sri.hang_up()
    assert "2 kg Beras medium" in sri.dial(CODE)


def test_what_nobody_took_can_be_typed_again(world: LocalWorld, sri: Phone, url: str) -> None:
    sri.dial(f"*123*45*{listing(world.shop)}*2#")
    sri.url = f"http://127.0.0.1:{free_port()}"
    for _ in range(2):
        with pytest.raises(NoAnswer, match="nobody answers"):
            sri.answer("1")
    assert sri.in_session
    sri.url = url
    assert sri.answer("1").startswith("END Pesanan")
    assert placed(world.shop) == 1


def test_hanging_up_needs_no_network(sri: Phone) -> None:
    sri.dial(CODE)
    sri.url = f"http://127.0.0.1:{free_port()}"
    sri.hang_up()
    assert not sri.in_session


@pytest.mark.parametrize("code", ["*999#", "*123*4#", "*123*456#", "#", "*123*45"])
def test_the_network_knows_our_code_only(code: str, sri: Phone) -> None:
    with pytest.raises(NoAnswer, match=re.escape(f"the network knows no {code}")):
        sri.dial(code)


def test_another_token_is_told_without_being_shown(world: LocalWorld, url: str) -> None:
    settings = world.shop.settings.model_copy(update={"hook_tokens": ("another" * 4,)})
    other = Phone(Shop(settings, market.plain), SRI, url)
    with pytest.raises(NoAnswer, match="has no simulator hooks for our token") as told:
        other.dial(CODE)
    assert "another" not in str(told.value)


def test_a_refusal_is_told(world: LocalWorld, url: str) -> None:
    with pytest.raises(NoAnswer, match="said 400: phoneNumber: not a phone number"):
        Phone(world.shop, "Sri", url).dial(CODE)


@pytest.mark.parametrize(
    ("host", "port", "wanted"),
    [
        ("127.0.0.1", 8000, "http://127.0.0.1:8000"),
        ("0.0.0.0", 80, "http://127.0.0.1:80"),
        ("::", 8000, "http://[::1]:8000"),
        ("pasar.example", 8000, "http://pasar.example:8000"),
    ],
)
def test_it_finds_the_market_of_the_settings(
    settings: Settings, host: str, port: int, wanted: str
) -> None:
    assert address(settings.model_copy(update={"host": host, "port": port})) == wanted


# What is typed, and what is shown


@pytest.fixture
def keys(sri: Phone) -> Keys:
    return Keys(sri, CODE)


def test_a_screen_is_framed_with_its_length(keys: Keys) -> None:
    (shown,) = keys.press(CODE)
    lines = shown.splitlines()
    assert lines[0] == "┌" + "─" * 40 + "┐"
    assert lines[1] == "│ Pasar Kampung                          │"
    assert re.fullmatch(r"└─+ CON \d+/160 ─┘", lines[-1])
    assert {len(line) for line in lines} == {42}


def test_septets_are_counted_not_letters() -> None:
    keys = Keys(None, CODE)
    keys.phone = type("Ended", (), {"in_session": False})()
    assert "END 4/160" in keys._screen("END €€")
    assert "END 2 letters, not GSM-7" in keys._screen("END 蜂蜜")
    assert "neither CON nor END" in keys._screen("<html>")


def test_long_lines_are_folded_and_empty_ones_kept() -> None:
    shown = frame("kata " * 20 + "\n\nend", "SMS")
    assert {len(line) for line in shown.splitlines()} == {42}
    assert "│" + " " * 40 + "│" in shown


def test_keys_that_are_words(world: LocalWorld, keys: Keys) -> None:
    assert keys.press("1") == ["(no session: dial *123*45#, or sms TEXT; help tells more)"]
    assert keys.press("") == ["(no new SMS)"]
    assert keys.press("inbox") == ["(no SMS)"]
    assert keys.press("drop") == ["(no session)"]
    assert CODE in keys.press("help")[0]
    assert keys.press("sms CARI beras") == ["(SMS sent)"]
    assert keys.expects_sms
    world.work()
    assert "Beras medium" in keys.press("")[0]
    assert "Beras medium" in keys.press("inbox")[0]
    keys.press(CODE)
    assert keys.press("drop") == ["(session dropped)"]
    assert keys.press("*999#") == ["the network knows no *999#; the market is *123*45#"]
    assert keys.failed


def test_a_word_that_is_a_key_can_be_typed_all_the_same(keys: Keys) -> None:
    keys.press(CODE)
    keys.press("1")
    assert "inbox belum ada" in " ".join(keys.press("type inbox")[0].split())


def test_twice_is_told(keys: Keys) -> None:
    assert "two times" in keys.press("twice")[0]
    assert keys.press(CODE)[-1] == "(sent twice; the same reply both times)"
    assert "sent twice" not in keys.press("1")[-1]


# The command


def test_keys_from_a_file_need_no_prompt(world: LocalWorld, url: str) -> None:
    shell = shell_of(world.shop)
    code = f"*123*45*{listing(world.shop)}*2#"
    result = shell("phone", "0812-3456-7001", "--url", url, "--wait", 0, input=f"{code}\n1\n")
    assert result.exit_code == 0, result.output
    assert "2 kg Beras medium" in result.output
    assert "END" in result.output
    assert ">" not in result.output
    assert placed(world.shop) == 1


def test_an_sms_is_waited_for(world: LocalWorld, url: str) -> None:
    worker = threading.Timer(0.5, world.work)
    worker.start()
    result = shell_of(world.shop)("phone", SRI, "--url", url, input="sms CARI beras\nquit\n1\n")
    worker.join()
    assert "Beras medium" in result.output
    assert "no session" not in result.output, "nothing is typed after quit"


def test_nobody_there_is_one_line_that_helps(world: LocalWorld) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    result = shell_of(world.shop)("phone", SRI, "--url", nowhere, input=f"{CODE}\n1\n")
    assert result.exit_code == 1
    assert result.output == (
        f"nobody answers at {nowhere} (Connection refused): start the market with `make run`,"
        " or name its address with --url\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["phone", "12"], "12 is not a phone number"),
        (["phone", SRI, "--url", "localhost:8000"], "--url: was 'localhost:8000'; allowed: http"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(words: list[str], told: str, shop: Shop) -> None:
    result = shell_of(shop)(*words, input="")
    assert result.exit_code == 1
    assert told in result.output
    assert result.output.count("\n") == 1


def test_without_simulator_nobody_reads_others_sms_here(settings: Settings) -> None:
    shop = market.open_shop(settings, simulator=False)
    result = shell_of(shop)("phone", SRI, input="inbox\n")
    assert result.exit_code == 1
    assert "PASAR_SIMULATOR=1" in result.output


def test_the_wait_ends_with_the_sms(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([[], [], ["one"], ["two"], ["much later"]])
    monkeypatch.setattr(keys, "new_sms", lambda: next(looks))
    monkeypatch.setattr(phone_terminal.time, "sleep", lambda _: None)
    assert phone_terminal._arriving(keys, 60) == ["one", "two"]
