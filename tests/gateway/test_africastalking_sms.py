"""Sending with the SDK: what goes wrong on the way, and the connection that is kept."""

import http.server
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from gateway.providers import Outgoing, africastalking_sms
from gateway.providers.africastalking import AfricasTalking
from gateway.providers.africastalking_sms import HTTP, send
from settings import Settings
from store.outbox import Outcome
from tests.support import at_wire
from tests.support.at_faults import Faults, always, first
from tests.support.at_server import AfricasTalkingServer

SITI = "+6281234567001"


def account(settings: Settings, at: AfricasTalkingServer, **values: str) -> Settings:
    good = {"at_username": "sandbox", "at_api_key": "test-key", "at_base_url": at.base_url}
    return settings.model_copy(update={**good, **values})


def test_a_good_send(settings: Settings, at: AfricasTalkingServer) -> None:
    outcome = send(account(settings, at), SITI, "Pesanan 17")
    [sms] = at.sent
    assert (sms.to, sms.text, sms.sender) == (SITI, "Pesanan 17", None)
    assert outcome == Outcome("accepted", sms.message_id, "KES 0.8000")
    [request] = at.requests
    assert (request.method, request.path) == ("POST", "/version1/messaging")
    assert (request.form["bulkSMSMode"], request.form["enqueue"]) == ("1", "1")


def test_the_sender_id_is_said(settings: Settings, at: AfricasTalkingServer) -> None:
    assert send(account(settings, at, at_sender="PASAR"), SITI, "Halo").state == "accepted"
    assert at.sent[0].sender == "PASAR"


def test_the_provider_of_the_settings_sends(settings: Settings, at: AfricasTalkingServer) -> None:
    sms = Outgoing("a-1", SITI, "Halo", timedelta(hours=1))
    assert AfricasTalking(account(settings, at)).send(sms).state == "accepted"
    assert at.to(SITI) == ["Halo"]


@pytest.mark.parametrize(
    ("username", "address"),
    [
        ("sandbox", "https://api.sandbox.africastalking.com/version1/messaging"),
        ("pasar", "https://api.africastalking.com/version1/messaging"),
    ],
)
def test_without_a_base_url_it_is_the_sdk_s_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, username: str, address: str
) -> None:
    asked = []

    def request(session: requests.Session, method: str, url: str, **values: Any) -> None:
        asked.append(url)
        raise requests.ConnectTimeout

    monkeypatch.setattr(requests.Session, "request", request)
    values = {"at_username": username, "at_api_key": "k", "at_base_url": None}
    assert send(settings.model_copy(update=values), SITI, "Halo").state == "refused"
    assert asked == [address]


@pytest.mark.parametrize(
    ("why", "faults", "state", "arrives"),
    [
        ("answered late", Faults(slow=always, slow_seconds=0.4), "accepted", True),
        ("answer lost", Faults(lost_answer=always), "unknown", True),
        ("an error within", Faults(error_500=always), "unknown", False),
        ("too many", Faults(throttled_429=always), "refused", False),
        ("hangs and took it", Faults(hang=always, hang_accepts=True), "unknown", True),
        ("hangs and did not", Faults(hang=always), "unknown", False),
        ("a wrong sender id", Faults(bad_sender=always), "refused", False),
        ("on the black list", Faults(blacklisted={SITI}), "failed", False),
    ],
)
def test_what_goes_wrong_at_the_provider(
    settings: Settings,
    at: AfricasTalkingServer,
    monkeypatch: pytest.MonkeyPatch,
    why: str,
    faults: Faults,
    state: str,
    arrives: bool,
) -> None:
    monkeypatch.setattr(africastalking_sms, "TIMEOUT", (1.0, 0.8))
    at.faults = faults
    began = time.monotonic()
    outcome = send(account(settings, at), SITI, "Halo")
    assert outcome.state == state
    assert (outcome.reason is None) == (state == "accepted")
    assert at.to(SITI) == (["Halo"] if arrives else [])
    assert time.monotonic() - began < 5


def test_the_next_send_after_a_lost_answer_is_not_lost(
    settings: Settings, at: AfricasTalkingServer
) -> None:
    at.faults = Faults(lost_answer=first(1))
    states = [send(account(settings, at), SITI, f"Halo {n}").state for n in range(3)]
    assert states == ["unknown", "accepted", "accepted"]
    assert at.to(SITI) == ["Halo 0", "Halo 1", "Halo 2"]


def test_a_wrong_key_is_refused(settings: Settings, at: AfricasTalkingServer) -> None:
    outcome = send(account(settings, at, at_api_key="wrong-key"), SITI, "Halo")
    assert outcome.state == "refused"
    assert outcome.reason == "_Status: 401 The supplied authentication is invalid"


def test_a_provider_that_is_down_is_refused_until_it_is_up(
    settings: Settings, at: AfricasTalkingServer
) -> None:
    of_ours = account(settings, at)
    assert send(of_ours, SITI, "Halo").state == "accepted"
    at.stop()
    assert send(of_ours, SITI, "Halo").state == "refused"
    at.start()
    assert send(of_ours, SITI, "Halo").state == "accepted"
    assert len(at.sent) == 2


class Teller(http.server.BaseHTTPRequestHandler):
    """Gives the answer that its server was told to."""

    server: Any

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.path)
        status, content_type, text, more = self.server.told
        self.send_response(status)
        for name, value in {"Content-Type": content_type, **more}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def teller() -> Iterator[Any]:
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Teller)
    server.asked = []
    server.base_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


GOOD = (
    '{"SMSMessageData":{"Message":"Sent to 1/1","Recipients":'
    '[{"cost":"KES 0.8000","messageId":"ATXid_1","number":"+6281234567001",'
    '"status":"Success","statusCode":102}]}}'
)


@pytest.mark.parametrize(
    ("why", "status", "content_type", "text", "state"),
    [
        ("as recorded", 201, "application/json", GOOD, "accepted"),
        ("with a charset", 201, "application/json; charset=UTF-8", GOOD, "accepted"),
        ("with status 200", 200, "application/json", GOOD, "accepted"),
        ("JSON said to be text", 201, "text/plain", GOOD, "unknown"),
        ("text said to be JSON", 201, "application/json", "Sent to 1/1", "unknown"),
        ("half of it", 201, "application/json", GOOD[:50], "unknown"),
        ("a page", 200, "text/html", "<html>Log in to this network</html>", "unknown"),
        ("nothing", 204, "text/plain", "", "unknown"),
        ("a code beyond numbers", 201, "application/json", GOOD.replace("102", "1e999"), "unknown"),
        *(
            (f"status {status}", status, "text/plain", "No.", HTTP.get(status, "unknown"))
            for status in (*HTTP, 301, 302, 307, 402, 408, 418, 500, 502, 504)
        ),
    ],
)  # fmt: skip
def test_answers_of_the_whole_call(
    settings: Settings, teller: Any,
    why: str, status: int, content_type: str, text: str, state: str,
) -> None:  # fmt: skip
    teller.told = (status, content_type, text, {})
    outcome = send(account(settings, teller), SITI, "Halo")
    assert outcome.state == state
    assert (outcome.reason is None) == (state == "accepted")


@pytest.mark.parametrize("path", ["", "/", "/proxy", "/proxy/"])
def test_a_base_url_may_end_with_a_slash(settings: Settings, teller: Any, path: str) -> None:
    teller.told = (201, "application/json", GOOD, {})
    of_ours = account(settings, teller, at_base_url=f"{teller.base_url}{path}")
    assert send(of_ours, SITI, "Halo").state == "accepted"
    assert teller.asked == [f"{path.rstrip('/')}/version1/messaging"]


def test_what_an_error_status_means() -> None:
    worth_trying_again = dict.fromkeys((401, 403, 404, 429, 503), "refused")
    assert {400: "failed", **worth_trying_again} == HTTP


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_key_is_not_carried_to_another_host(
    settings: Settings, teller: Any, at: AfricasTalkingServer, status: int
) -> None:
    elsewhere = {"Location": f"{at.base_url}/version1/messaging"}
    teller.told = (status, "text/plain", "Moved.", elsewhere)
    assert send(account(settings, teller), SITI, "Halo").state == "unknown"
    assert len(teller.asked) == 1
    assert at.requests == []


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (requests.ConnectTimeout("connect timeout=3.05"), "refused"),
        (requests.exceptions.ProxyError("Unable to connect to proxy"), "refused"),
        (requests.exceptions.InvalidHeader("apiKey"), "refused"),
        (requests.ConnectionError("NameResolutionError(\"Failed to resolve 'api'\")"), "refused"),
        (requests.exceptions.SSLError("SSLCertVerificationError(1, 'expired')"), "refused"),
        (requests.exceptions.SSLError("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"), "unknown"),
        (requests.ReadTimeout("read timeout=9.05"), "unknown"),
        (requests.ConnectionError("('Connection aborted.', RemoteDisconnected())"), "unknown"),
        (requests.exceptions.ChunkedEncodingError("IncompleteRead"), "unknown"),
        (MemoryError(), "unknown"),
    ],
)
def test_whether_a_failed_call_can_have_arrived(
    settings: Settings,
    at: AfricasTalkingServer,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    state: str,
) -> None:
    def fail(session: requests.Session, *args: Any, **values: Any) -> None:
        raise error

    monkeypatch.setattr(requests.Session, "request", fail)
    assert send(account(settings, at), SITI, "Halo").state == state


def test_no_secret_and_no_text_is_logged(
    settings: Settings, at: AfricasTalkingServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for faults in (Faults(), Faults(error_500=always), Faults(lost_answer=always)):
        at.faults = faults
        send(account(settings, at, at_api_key="k3y-to-everything"), SITI, "kode 58213")
    at.stop()
    send(account(settings, at, at_api_key="k3y-to-everything"), SITI, "kode 58213")
    at.start()
    for secret in ("k3y-to-everything", "58213"):
        assert secret not in caplog.text


# Connections


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Who connected to the provider, one entry a connection."""
    seen: list[Any] = []
    process = at_wire.Http.process_request

    def count(server: at_wire.Http, request: Any, address: Any) -> None:
        seen.append(address)
        process(server, request, address)

    monkeypatch.setattr(at_wire.Http, "process_request", count)
    return seen


def test_a_connection_is_kept_open(
    settings: Settings, at: AfricasTalkingServer, connections: list[Any]
) -> None:
    for n in range(20):
        assert send(account(settings, at), SITI, f"Halo {n}").state == "accepted"
    assert len(connections) == 1


def test_twin_the_sdk_as_shipped_opens_one_for_each_message(
    settings: Settings,
    at: AfricasTalkingServer,
    connections: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the test above sees."""
    monkeypatch.delattr(africastalking_sms._Service, "_make_request")
    for n in range(5):
        assert send(account(settings, at), SITI, f"Halo {n}").state == "accepted"
    assert len(connections) == 5


def test_eight_threads_send_at_once(
    settings: Settings, at: AfricasTalkingServer, connections: list[Any]
) -> None:
    of_ours = account(settings, at)
    send(of_ours, SITI, "first")
    outcomes: list[Outcome] = []
    ready = threading.Barrier(8)

    def sender(name: int) -> None:
        ready.wait()
        for n in range(10):
            outcomes.append(send(of_ours, SITI, f"{name}-{n}"))

    threads = [threading.Thread(target=sender, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = {"first"} | {f"{name}-{n}" for name in range(8) for n in range(10)}
    assert Counter(at.to(SITI)) == Counter(wanted)
    assert {outcome.state for outcome in outcomes} == {"accepted"}
    assert {outcome.external_id for outcome in outcomes} == {sms.message_id for sms in at.sent[1:]}
    assert len(connections) <= 1 + 8
