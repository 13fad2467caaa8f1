"""USSD through the hooks: always an answer, in time, for the eyes of its phone only."""

import threading
import time
from collections.abc import Sequence
from urllib.parse import urlencode

import pytest

from store import consents
from tests.support import payloads
from tests.support.gateway import NEW, Gateway
from tests.support.held import held
from tests.support.worlds import LocalWorld

SRI, BUDI, SITI = "+6281234567001", "+6281234567002", "+6281234567003"
CODE = "*123*45#"
SORRY = "END Maaf, sedang ada gangguan. Mohon hubungi *123*45# lagi."


def listing_of(world: LocalWorld) -> str:
    with world.shop.read() as tx:
        return str(tx.value("SELECT number FROM listings"))


def test_a_hop_is_answered_in_plain_text(gateway: Gateway) -> None:
    path = f"/hooks/africastalking/{NEW}/ussd"
    answer = gateway.client.post(
        path, data=payloads.hop(SRI, "s", CODE, ""), headers=payloads.HEADERS
    )
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    assert answer.data.startswith(b"CON ")


def test_hops_are_answered_politely_while_another_program_holds_the_database(
    gateway: Gateway,
) -> None:
    """Also when many people dial at that moment: each within the five seconds of the contract."""
    took: list[float] = []
    answers: list[tuple[int, str]] = []

    def dial(number: int) -> None:
        client = gateway.app.test_client()
        body = payloads.hop(f"+62812345678{number:02d}", f"s{number}", CODE, "")
        began = time.monotonic()
        answer = client.post(
            f"/hooks/africastalking/{NEW}/ussd", data=body, headers=payloads.HEADERS
        )
        took.append(time.monotonic() - began)
        answers.append((answer.status_code, answer.get_data(as_text=True)))

    threads = [threading.Thread(target=dial, args=(number,)) for number in range(8)]
    with held(gateway.settings.database_path):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [(200, SORRY)] * 8
    assert max(took) < 5
    assert gateway.post("ussd", payloads.hop("+6281234567800", "s0", CODE, ""))[1].startswith("CON")


@pytest.mark.parametrize(
    ("form", "code", "begin", "then"),
    [
        ("in the text", CODE, "{listing}*2", ["{listing}*2*1"]),
        ("in the service code", "*123*45*{listing}*2#", "", ["1"]),
        ("in both", "*123*45*{listing}*2#", "{listing}*2", ["{listing}*2*1"]),
    ],
)
def test_an_extended_code(
    world: LocalWorld, form: str, code: str, begin: str, then: Sequence[str]
) -> None:
    listing = listing_of(world)
    code, begin = code.format(listing=listing), begin.format(listing=listing)
    shown = world.hop(SRI, "session", code, begin)
    assert shown.startswith("CON 2 kg")
    assert world.hop(SRI, "session", code, begin) == shown
    for typed in then:
        shown = world.hop(SRI, "session", code, typed.format(listing=listing))
    assert shown.startswith("END Pesanan")


def test_an_extended_code_that_the_provider_dropped_opens_the_menu(world: LocalWorld) -> None:
    assert "1. Cari" in world.hop(SRI, "session", CODE, "")


def test_nobody_is_shown_another_phone_s_screen(world: LocalWorld) -> None:
    code = f"*123*45*{listing_of(world)}*2#"
    first = world.hop(SRI, "session", code, "")
    last = world.hop(SRI, "session", code, "1")
    assert (first[:8], last[:11]) == ("CON 2 kg", "END Pesanan")
    for text in ("", "1", "1*1", "2"):
        seen = world.hop(SITI, "session", code, text)
        assert seen == "END Sesi sudah selesai. Mohon hubungi *123*45# lagi."
    assert world.hop(SRI, "session", code, "1") == last, "its own phone still may"


def test_the_end_of_a_session_ends_it(world: LocalWorld) -> None:
    session = payloads.new_session_id()
    shown = world.hop(SRI, session, CODE, "")
    body = payloads.body("ussd-end-event-incomplete", phoneNumber=SRI, sessionId=session)
    for _ in range(2):
        assert world.post("session", body) == (200, "OK")
    assert world.hop(SRI, session, CODE, "1").startswith("END Sesi sudah selesai")
    assert world.hop(SRI, session, CODE, "") == shown, "a repeat gets the reply that it was given"


def test_the_end_of_a_session_that_never_was(world: LocalWorld) -> None:
    assert world.post("session", payloads.body("ussd-end-event-success")) == (200, "OK")


def test_an_opt_out_stops_broadcasts(world: LocalWorld) -> None:
    body = urlencode({"senderId": "PASAR", "phoneNumber": SRI})
    for _ in range(2):
        assert world.post("optout", body) == (200, "OK")
    with world.shop.read() as tx:
        assert not consents.given(tx, SRI, "news")
        assert consents.given(tx, BUDI, "news")
