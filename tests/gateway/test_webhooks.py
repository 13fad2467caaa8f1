"""The addresses that providers call: what is answered, and what is safe by then."""

import logging
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.serving import make_server

from app import LONGEST_BODY
from gateway import desk
from gateway.desk import Desk
from store import inbox
from tests.support import payloads
from tests.support.gateway import NEW, OLD, Gateway
from tests.support.held import held
from tests.support.processes import NO_PROXY

SRI = "+6281234567001"
HOOKS = ("ussd", "sms", "delivery", "session", "optout")
GOOD_BODIES = {
    "ussd": payloads.body("ussd-begin"),
    "sms": payloads.body("sms-in-full-fields"),
    "delivery": payloads.body("dlr-failed"),
    "session": payloads.body("ussd-end-event-incomplete"),
    "optout": urlencode({"senderId": "PASAR", "phoneNumber": SRI}),
}


# Addresses


@pytest.mark.parametrize("what", HOOKS)
def test_a_good_body_is_taken_with_either_token(gateway: Gateway, what: str) -> None:
    for token in (NEW, OLD):
        status, text = gateway.post(what, GOOD_BODIES[what], token)
        assert status == 200
        assert text == "OK" or text.startswith("CON ")


def test_every_hook_of_the_table_is_tested(gateway: Gateway) -> None:
    assert set(GOOD_BODIES) == set(HOOKS)
    rules = [rule for rule in gateway.app.url_map.iter_rules() if rule.rule.startswith("/hooks")]
    assert len(rules) == 1
    assert gateway.post("other", "")[0] == 404


@pytest.mark.parametrize(
    ("why", "provider", "token", "what"),
    [
        ("a wrong token", "africastalking", "x" * 22, "ussd"),
        ("a token cut short", "africastalking", NEW[:-1], "ussd"),
        ("a token gone on", "africastalking", NEW + "n", "sms"),
        ("both tokens", "africastalking", f"{NEW},{OLD}", "sms"),
        ("an empty token", "africastalking", "%20", "sms"),
        ("a token in another case", "africastalking", NEW.upper(), "sms"),
        ("a token beyond ASCII", "africastalking", "ñ" * 22, "sms"),
        ("a token of broken bytes", "africastalking", "%ff%fe", "sms"),
        ("a wrong provider", "telepathy", NEW, "sms"),
        ("a provider that has no hooks here", "smpp", NEW, "sms"),
        ("a wrong hook", "africastalking", NEW, "telex"),
        ("all wrong", "telepathy", "x" * 22, "telex"),
    ],
)
def test_a_wrong_address_tells_nothing(
    gateway: Gateway, why: str, provider: str, token: str, what: str
) -> None:
    nowhere = gateway.client.post("/no/such/page")
    found = gateway.client.post(f"/hooks/{provider}/{token}/{what}", data=GOOD_BODIES["sms"])
    assert (found.status_code, found.data) == (404, nowhere.data)
    assert dict(found.headers) == dict(nowhere.headers)
    assert gateway.rows("SELECT id FROM inbox") == []


@pytest.mark.parametrize("token", [NEW, "x" * 22])
@pytest.mark.parametrize("what", [*HOOKS, "telex"])
def test_get_is_not_allowed_whatever_the_token(gateway: Gateway, what: str, token: str) -> None:
    answer = gateway.client.get(f"/hooks/africastalking/{token}/{what}")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("simulator", "status"), [({}, 200), ({"PASAR_SIMULATOR": "0"}, 404)], ids=["default", "0"]
)
def test_the_simulator_s_hooks_can_be_closed(
    tmp_path: Path, simulator: dict[str, str], status: int
) -> None:
    gateway = Gateway(tmp_path / "var", **simulator)
    for what in HOOKS:
        assert gateway.post(what, GOOD_BODIES[what], provider="simulator")[0] == status
        assert gateway.post(what, GOOD_BODIES[what])[0] == 200


def test_the_simulator_s_hooks_are_closed_beside_another_provider(tmp_path: Path) -> None:
    account = {"PASAR_AT_USERNAME": "sandbox", "PASAR_AT_API_KEY": "k"}
    gateway = Gateway(tmp_path / "var", PASAR_SMS_PROVIDER="africastalking", **account)
    assert gateway.post("sms", GOOD_BODIES["sms"], provider="simulator")[0] == 404
    gateway = Gateway(
        tmp_path / "on", PASAR_SMS_PROVIDER="africastalking", PASAR_SIMULATOR="1", **account
    )
    assert gateway.post("sms", GOOD_BODIES["sms"], provider="simulator")[0] == 200


# Bodies


@pytest.mark.parametrize(
    ("what", "body", "said"),
    [
        ("ussd", "", "sessionId: missing"),
        ("ussd", "sessionId=1", "phoneNumber: missing"),
        ("sms", payloads.body("sms-in-invalid-from"), "from: not a phone number"),
        ("sms", "from=%2B6281234567001&text=YA", "id: missing"),
        ("delivery", "id=ATXid_1", "status: missing"),
        ("session", "status=Success", "sessionId: missing"),
        ("optout", "senderId=PASAR", "phoneNumber: missing"),
    ],
)
def test_a_body_that_can_never_be_valid(gateway: Gateway, what: str, body: str, said: str) -> None:
    assert gateway.post(what, body) == (400, said)


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/x-www-form-urlencoded", 200),
        ("application/x-www-form-urlencoded; charset=UTF-8", 200),
        ("application/x-www-form-urlencoded;charset=utf-8", 200),
        ("Application/X-WWW-Form-URLencoded", 200),
        ("application/x-www-form-urlencoded; charset=iso-8859-1", 200),
        ("application/json", 400),
        ("text/plain", 400),
        ("", 400),
        ("nonsense", 400),
        ("multipart/form-data", 400),
    ],
)
def test_content_types(gateway: Gateway, content_type: str, status: int) -> None:
    body = payloads.sms(SRI, "CARI kopi Sembalun é")
    assert gateway.post("sms", body, headers={"Content-Type": content_type})[0] == status
    assert gateway.texts() == (["CARI kopi Sembalun é"] if status == 200 else [])


def test_a_hop_that_is_no_form_is_refused_with_a_text(gateway: Gateway) -> None:
    answer = gateway.post("ussd", '{"sessionId": "1"}', headers={"Content-Type": "text/json"})
    assert answer == (400, "sessionId: missing")


@pytest.mark.parametrize("what", HOOKS)
def test_a_body_beyond_all_measure_is_refused(gateway: Gateway, what: str) -> None:
    body = GOOD_BODIES[what] + "&more=" + "x" * LONGEST_BODY
    assert gateway.post(what, body)[0] == 413
    assert gateway.rows("SELECT id FROM inbox") == []
    assert gateway.rows("SELECT session_id FROM sessions") == []


def test_a_large_body_with_a_wrong_token_is_not_even_read(gateway: Gateway) -> None:
    assert gateway.post("sms", "x" * (LONGEST_BODY + 1), token="x" * 22)[0] == 404


def test_a_long_text_is_cut_and_kept(gateway: Gateway) -> None:
    assert gateway.post("sms", payloads.sms(SRI, "a" * 50_000)) == (200, "OK")
    assert gateway.texts() == ["a" * 1600]


# Incoming SMS


def test_an_sms_that_comes_again_is_kept_once(gateway: Gateway) -> None:
    body = payloads.sms(SRI, "BANTU", "id-1")
    assert [gateway.post("sms", body) for _ in range(3)] == [(200, "OK")] * 3
    assert gateway.post("sms", payloads.sms(SRI, "BANTU", "id-2")) == (200, "OK")
    assert gateway.rows("SELECT external_id, state FROM inbox ORDER BY id") == [
        ("id-1", "new"),
        ("id-2", "new"),
    ]


def test_two_providers_may_give_the_same_id(gateway: Gateway) -> None:
    body = payloads.sms(SRI, "BANTU", "id-1")
    for provider in ("africastalking", "simulator"):
        assert gateway.post("sms", body, provider=provider) == (200, "OK")
    assert len(gateway.rows("SELECT id FROM inbox")) == 2


def read_back(gateway: Gateway) -> None:
    """What a worker does with the spool."""
    Desk(gateway.shop, gateway.wording).read_back()


def test_what_the_database_does_not_take_waits_in_the_spool(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    body = payloads.sms(SRI, "BANTU")
    with held(gateway.settings.database_path):
        began = time.monotonic()
        assert gateway.post("sms", body) == (200, "OK")
        assert time.monotonic() - began < 5
        assert gateway.post("sms", body) == (200, "OK"), "the provider sends it again"
    assert gateway.rows("SELECT id FROM inbox") == []
    assert NEW not in caplog.text
    assert gateway.post("sms", body) == (200, "OK")
    read_back(gateway)
    assert gateway.texts() == ["BANTU"]
    assert list(gateway.settings.spool_path.iterdir()) == []


@pytest.mark.parametrize("what", ["sms", "delivery", "session", "optout"])
def test_what_cannot_be_kept_is_not_said_to_be(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(desk, "PATIENCE", 0.3)
    gateway.settings.spool_path.write_text("not a folder")
    with held(gateway.settings.database_path):
        answer = gateway.post(what, GOOD_BODIES[what])
        assert answer == (503, "cannot be stored now, please send it again")
    monkeypatch.setattr(desk, "LEAVE_ALONE", 0.0)
    time.sleep(1)
    assert gateway.post(what, GOOD_BODIES[what]) == (200, "OK")


def test_a_fault_of_ours_is_told_without_the_token(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **values: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(inbox, "keep", fail)
    answer = gateway.post("sms", payloads.sms(SRI, "BANTU"))
    assert answer == (500, "cannot be stored, please send it again")
    assert "ZeroDivisionError" in caplog.text
    assert NEW not in caplog.text


def test_the_access_log_of_flask_run_tells_no_token(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    site = make_server("127.0.0.1", 0, gateway.app)
    thread = threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    path = f"/hooks/africastalking/{NEW}/sms"
    body = payloads.sms(SRI, "BANTU").encode()
    with NO_PROXY.open(f"http://127.0.0.1:{site.server_port}{path}?a=b", body, timeout=10):
        pass
    site.shutdown()
    site.server_close()
    thread.join()
    assert "/hooks/africastalking/…/sms?a=b" in caplog.text
    assert NEW not in caplog.text


# Work that is left


def test_whoever_leaves_work_rings_for_it(gateway: Gateway) -> None:
    rung: list[frozenset[str]] = []
    gateway.shop.on_commit = rung.append
    assert gateway.post("sms", payloads.sms(SRI, "BANTU", "id-1")) == (200, "OK")
    assert gateway.post("sms", payloads.sms(SRI, "BANTU", "id-1")) == (200, "OK")
    assert gateway.post("ussd", payloads.hop(SRI, "s", "*123*45#", ""))[0] == 200
    assert rung == [{"inbox"}], "one ring for the one message"
