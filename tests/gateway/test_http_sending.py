"""Sending over HTTP: what leaves by each template, what each answer means, and what goes wrong."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from urllib3.connection import HTTPConnection

from gateway.providers import Outgoing
from gateway.providers.http import Http, sending
from gateway.providers.http.answers import STATUS
from settings import Settings
from store.outbox import Outcome
from tests.support.http_gateway import HttpGateway, Told
from tests.support.processes import free_port

SITI = "+6281234567001"
REFERENCE = "01jd0000000000000000000000-1"
REPORTS = "https://pasar.example/hooks/http/hook-token-of-the-tests/delivery"
BEE = "蜂蜜 🍯"


@pytest.fixture
def gateway() -> Iterator[HttpGateway]:
    with HttpGateway() as gateway:
        yield gateway


def account(settings: Settings, template: str, url: str, **values: Any) -> Http:
    given = {
        "http_template": template,
        "http_url": url,
        "http_username": "pasar",
        "http_password": "s3cret&=ü",
        "http_timeout": timedelta(seconds=0.6),
        "public_url": "https://pasar.example/",
    }
    return Http(settings.model_copy(update=given | values))


def sms(text: str = "Pesanan 17") -> Outgoing:
    return Outgoing(REFERENCE, SITI, text, timedelta(hours=2))


def file(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


# What leaves


@pytest.mark.parametrize(("text", "coding"), [("Café €1\nYA 17?", "0"), (BEE, "2")])
def test_kannel_is_told_in_headers(
    settings: Settings, gateway: HttpGateway, text: str, coding: str
) -> None:
    gateway.told = Told(202, "0: Accepted for delivery")
    outcome = account(settings, "kannel", gateway.url, http_password="s3cret").send(sms(text))
    assert outcome == Outcome("accepted", REFERENCE)
    [asked] = gateway.asked
    assert (asked.method, asked.path, asked.body.decode()) == ("POST", "/send", text)
    told = {name: value for name, value in asked.headers.items() if name.startswith("X-Kannel")}
    assert told == {
        "X-Kannel-Username": "pasar",
        "X-Kannel-Password": "s3cret",
        "X-Kannel-From": "22345",
        "X-Kannel-To": SITI,
        "X-Kannel-Validity": "120",
        "X-Kannel-DLR-Mask": "27",
        "X-Kannel-DLR-URL": f"{REPORTS}?id={REFERENCE}&status=%d&phone=%p&reason=%A",
        "X-Kannel-Coding": coding,
    }
    assert asked.headers["Content-Type"] == "text/plain; charset=UTF-8"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Café €1\nYA 17?", {"coding": "0", "content": "Café €1\nYA 17?"}),
        (BEE, {"coding": "8", "hex-content": BEE.encode("utf-16-be").hex()}),
    ],
)
def test_jasmin_gets_a_form(
    settings: Settings, gateway: HttpGateway, text: str, written: dict[str, str]
) -> None:
    gateway.told = Told(200, 'Success "07033084-5cfd-4812-90a4-e4d24ffb6e3d"')
    assert account(settings, "jasmin", gateway.url).send(sms(text)).state == "accepted"
    [asked] = gateway.asked
    assert (asked.method, asked.path) == ("POST", "/send")
    form = {name: value for name, [value] in parse_qs(asked.body.decode()).items()}
    assert form == written | {
        "username": "pasar",
        "password": "s3cret&=ü",
        "from": "22345",
        "to": SITI,
        "validity-period": "120",
        "dlr": "yes",
        "dlr-level": "3",
        "dlr-method": "POST",
        "dlr-url": f"{REPORTS}?reference={REFERENCE}",
    }


@pytest.mark.parametrize(("text", "more"), [("Café €1", {}), (BEE, {"unicode": True})])
def test_an_aggregator_gets_json(
    settings: Settings, gateway: HttpGateway, text: str, more: dict[str, bool]
) -> None:
    gateway.told = Told(201, '{"id": "m-1", "status": "queued"}')
    http = account(settings, "generic", gateway.url, http_sender="PASAR", http_password="key")
    assert http.send(sms(text)) == Outcome("accepted", "m-1")
    [asked] = gateway.asked
    assert asked.headers["Authorization"] == "Bearer key"
    assert asked.headers["Content-Type"] == "application/json"
    assert json.loads(asked.body) == more | {
        "to": SITI,
        "from": "PASAR",
        "text": text,
        "reference": REFERENCE,
        "callback_url": REPORTS,
    }


MINE = """
about = "in the address"
methods = ["GET"]
thanks = ""
[send]
method = "GET"
body = "none"
reports_name = "reference"
headers = { Authorization = "Basic {basic}" }
query = { msisdn = "{to_digits}", msg = "{text}", "{text}" = "a name is no place for it" }
[[answers]]
body = '^OK'
state = "accepted"
"""


def test_a_template_of_ones_own_in_the_address(
    settings: Settings, gateway: HttpGateway, tmp_path: Path
) -> None:
    gateway.told = Told(200, "OK")
    url = f"{gateway.url}?route=3"
    text = "{to} & {password}+?#"
    http = account(settings, file(tmp_path, MINE), url, public_url=None)
    assert http.send(sms(text)).state == "accepted"
    [asked] = gateway.asked
    assert (asked.method, asked.body) == ("GET", b"")
    assert parse_qs(urlsplit(asked.path).query) == {
        "route": ["3"],
        "msisdn": [SITI[1:]],
        "msg": [text],
        "{text}": ["a name is no place for it"],
    }
    basic = asked.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(basic).decode() == "pasar:s3cret&=ü"


# What answers mean

NOT_UNDERSTOOD = ("unknown", "down")


@pytest.mark.parametrize(
    ("template", "status", "body", "state", "link", "reason"),
    [
        ("kannel", 202, "0: Accepted for delivery", "accepted", "works", None),
        ("kannel", 202, "3: Queued for later delivery", "accepted", "works", None),
        ("kannel", 202, "Sent. Message splits: 2", "accepted", "works", None),
        ("kannel", 202, "", *NOT_UNDERSTOOD, "202"),
        ("kannel", 200, "<html>Log in to this network", *NOT_UNDERSTOOD, "200 <html>Log in to"),
        *(
            ("kannel", 403, "Authorization failed for sendsms", "refused", "down", said)
            for said in ("403 Authorization failed for sendsms",)
        ),
        ("kannel", 403, "Not routable. Do not try again.", "failed", "works", "403 Not routable"),
        *(
            ("kannel", 503, "Temporal failure, try again later.", "refused", "busy", said)
            for said in ("503 Temporal failure",)
        ),
        ("kannel", 400, "Empty receiver number not allowed, rejected", "failed", "works", "400"),
        (
            *("kannel", 400, "Number(s) has/have been denied by white- and/or black-lists."),
            *("failed", "works", "400 Number"),
        ),
        ("kannel", 400, "Charset or body misformed, rejected", "failed", "works", "400 Charset"),
        ("kannel", 404, "", "refused", "down", "404"),
        ("kannel", 500, "Sending failed.", *NOT_UNDERSTOOD, "500 Sending failed."),
        ("jasmin", 200, 'Success "07033084-5cfd-4812"', "accepted", "works", None),
        ("jasmin", 200, 'Error "what"', *NOT_UNDERSTOOD, '200 Error "what"'),
        (
            *("jasmin", 403, 'Error "Authentication failure for username:pasar"'),
            *("refused", "down", "403 Authentication failure for username:pasar"),
        ),
        ("jasmin", 403, 'Error "User throughput exceeded"', "refused", "busy", "403 User through"),
        (
            *(
                "jasmin",
                403,
                'Error "Cannot charge submit_sm, check RouterPB log file for details"',
            ),
            *("refused", "down", "403 Cannot charge submit_sm"),
        ),
        ("jasmin", 412, 'Error "No route found"', "refused", "down", "412 No route found"),
        (
            *("jasmin", 500, 'Error "Cannot send submit_sm, check SMPPClientManagerPB log file"'),
            *("refused", "down", "500 Cannot send submit_sm"),
        ),
        ("jasmin", 500, 'Error "Unknown error: x"', *NOT_UNDERSTOOD, "500 Error"),
        (
            *("jasmin", 400, 'Error "Argument [to] has an invalid value: [x]."'),
            *("failed", "works", "400 Argument [to]"),
        ),
        ("generic", 200, '{"id": 17, "status": "sent"}', "accepted", "works", None),
        (
            *("generic", 200, '{"id": "m-1", "status": "rejected", "message": "no such number"}'),
            *("failed", "works", "200 no such number"),
        ),
        ("generic", 200, '{"status": "sent"}', *NOT_UNDERSTOOD, '200 {"status": "sent"}'),
        ("generic", 200, "[1, 2]", *NOT_UNDERSTOOD, "200 [1, 2]"),
        ("generic", 200, '{"id": {"of": "what"}}', *NOT_UNDERSTOOD, "200"),
        ("generic", 200, "[" * 20_000, *NOT_UNDERSTOOD, "200 [[["),
        ("generic", 400, '{"message": "to: is invalid"}', "failed", "works", "400 to: is invalid"),
        ("generic", 401, '{"message": "bad key"}', "refused", "down", '401 {"message"'),
        ("generic", 402, '{"message": "top up"}', "refused", "down", "402 top up"),
        ("generic", 429, "", "refused", "busy", "429"),
    ],
)
def test_what_an_answer_means(
    settings: Settings, gateway: HttpGateway,
    template: str, status: int, body: str, state: Any, link: Any, reason: str | None,
) -> None:  # fmt: skip
    gateway.told = Told(status, body)
    outcome = account(settings, template, gateway.url, http_password="s3cret").send(sms())
    assert (outcome.state, outcome.link) == (state, link)
    if reason is None:
        assert outcome.reason is None
    else:
        assert outcome.reason.startswith(reason)


@pytest.mark.parametrize("template", ["kannel", "jasmin", "generic"])
@pytest.mark.parametrize("status", [301, 302, 307, 308, 408, 418, 429, 500, 502, 503, 504])
def test_a_status_alone_with_a_page(
    settings: Settings, gateway: HttpGateway, template: str, status: int
) -> None:
    gateway.told = Told(status, "<html>x", {"Location": gateway.url})
    outcome = account(settings, template, gateway.url, http_password="s3cret").send(sms())
    assert (outcome.state, outcome.link) == STATUS.get(status, NOT_UNDERSTOOD)
    assert len(gateway.asked) == 1, "neither repeated nor redirected"


def test_what_a_status_means_where_the_template_is_silent() -> None:
    busy = {429: ("refused", "busy"), 503: ("refused", "busy")}
    never = {400: ("failed", "works"), 413: ("failed", "works"), 422: ("failed", "works")}
    down = {status: ("refused", "down") for status in (401, 402, 404, 405)}
    assert busy | never | down | {403: ("refused", "works")} == STATUS


@pytest.mark.parametrize(
    ("template", "state", "known"),
    [("kannel", "unknown", True), ("jasmin", "unknown", True), ("generic", "unknown", False)],
)
def test_a_report_can_settle_a_lost_answer_where_it_names_our_reference(
    settings: Settings, gateway: HttpGateway, template: str, state: str, known: bool
) -> None:
    gateway.told = Told(how="cut")
    outcome = account(settings, template, gateway.url, http_password="s3cret").send(sms())
    assert (outcome.state, outcome.external_id) == (state, REFERENCE if known else None)


# What goes wrong on the way


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (Told(202, "0: Accepted", how="hang"), "ReadTimeoutError"),
        (Told(202, "0: Accepted", how="cut"), "ProtocolError"),
        (Told(202, "0: Accepted", how="half"), "ProtocolError"),
        (Told(202, "0: Accepted" * 20, how="drops"), "ReadTimeoutError"),
        (Told(202, "0: Accepted" * 9_000), "ReadTimeoutError"),
    ],
)
def test_a_message_whose_answer_is_lost_is_unknown(
    settings: Settings,
    gateway: HttpGateway,
    monkeypatch: pytest.MonkeyPatch,
    told: Told,
    reason: str,
) -> None:
    monkeypatch.setattr(sending, "CONNECT_WITHIN", 0.5)
    gateway.told = told
    http = account(settings, "kannel", gateway.url, http_password="s3cret")
    began = time.monotonic()
    outcome = http.send(sms())
    assert time.monotonic() - began < 3
    assert (outcome.state, outcome.external_id, outcome.link) == ("unknown", REFERENCE, "down")
    assert outcome.reason.startswith(reason)
    gateway.told = Told(202, "0: Accepted")
    assert http.send(sms()).state == "accepted", "the next call has a connection of its own"


@pytest.mark.parametrize(
    ("why", "url", "reason"),
    [
        ("nobody listens", "http://127.0.0.1:{free}/send", "NewConnectionError"),
        ("no such name", "http://no-such-host.invalid/send", "NameResolutionError"),
        ("no TLS there", "https://127.0.0.1:{port}/send", "SSLError"),
        ("a name that is none", "http://a..b/send", ""),
    ],
)
def test_a_message_that_never_left_is_refused(
    settings: Settings, gateway: HttpGateway, why: str, url: str, reason: str
) -> None:
    address = url.format(port=gateway.port, free=free_port())
    outcome = account(settings, "kannel", address, http_password="s3cret").send(sms())
    assert (outcome.state, outcome.external_id, outcome.link) == ("refused", None, "down")
    assert outcome.reason.startswith(reason)
    assert gateway.asked == []


def test_twin_without_the_watched_connection_nobody_knows(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the test above sees."""
    monkeypatch.setattr(sending, "_Http", HTTPConnection)
    url = f"http://127.0.0.1:{free_port()}/send"
    outcome = account(settings, "kannel", url, http_password="s3cret").send(sms())
    assert outcome.state == "unknown"


def test_a_certificate_that_nobody_vouches_for_is_refused(
    settings: Settings, gateway: HttpGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = self_signed(tmp_path)
    gateway._server.socket = context.wrap_socket(gateway._server.socket, server_side=True)
    url = gateway.url.replace("http:", "https:").replace("127.0.0.1", "localhost")
    gateway.told = Told(202, "0: Accepted")
    http = account(settings, "kannel", url, http_password="s3cret")
    outcome = http.send(sms())
    assert (outcome.state, outcome.link) == ("refused", "down")
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.reason
    assert gateway.asked == [], "the password was told to nobody"
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    http = account(settings, "kannel", url, http_password="s3cret")
    assert http.send(sms()).state == "accepted", "an operator can vouch for it"


def self_signed(folder: Path) -> Any:
    import ssl
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize("password", ["two\nlines", "蜂"])
def test_a_password_that_no_header_can_carry_is_refused(
    settings: Settings, gateway: HttpGateway, password: str
) -> None:
    http = account(settings, "kannel", gateway.url, http_password=password)
    outcome = http.send(sms())
    assert (outcome.state, outcome.link) == ("refused", "down")
    assert password not in outcome.reason
    assert gateway.asked == []


def test_the_gateway_comes_back(settings: Settings) -> None:
    with HttpGateway() as gateway:
        gateway.told = Told(202, "0: Accepted")
        http = account(settings, "kannel", gateway.url, http_password="s3cret")
        assert http.send(sms()).state == "accepted"
    assert http.send(sms()).state in ("refused", "unknown")
    assert http.send(sms()).state == "refused"
    with HttpGateway(gateway.port) as gateway:
        gateway.told = Told(202, "0: Accepted")
        assert http.send(sms()).state == "accepted"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_password_is_not_carried_to_another_host(
    settings: Settings, gateway: HttpGateway, status: int
) -> None:
    with HttpGateway() as other:
        gateway.told = Told(status, "Moved.", {"Location": other.url})
        outcome = account(settings, "kannel", gateway.url, http_password="s3cret").send(sms())
        assert outcome.state == "unknown"
        assert (len(gateway.asked), other.asked) == (1, [])


def test_what_an_answer_repeats_of_us_is_not_kept(
    settings: Settings, gateway: HttpGateway, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level("DEBUG")
    gateway.told = Told(500, "s3cret said: Kode serah 58213 to +6281234567001")
    for template in ("kannel", "jasmin", "generic", file(tmp_path, MINE)):
        http = account(settings, template, gateway.url, http_password="s3cret")
        outcome = http.send(sms("Kode serah 58213"))
        assert outcome.reason == "500 … said: … to +…"
    for secret in ("s3cret", "58213", "hook-token"):
        assert secret not in caplog.text


def test_twin_urllib3_would_log_addresses(
    settings: Settings, gateway: HttpGateway, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """What the test above sees."""
    caplog.set_level("DEBUG")
    caplog.set_level("DEBUG", "urllib3.connectionpool")
    http = account(settings, file(tmp_path, MINE), gateway.url)
    http.send(sms("Kode serah 58213"))
    assert "58213" in caplog.text


# Connections


def test_a_connection_is_kept_open_and_eight_threads_share_few(
    settings: Settings, gateway: HttpGateway
) -> None:
    gateway.told = Told(202, "0: Accepted")
    http = account(settings, "kannel", gateway.url, http_password="s3cret")
    for _ in range(20):
        assert http.send(sms()).state == "accepted"
    assert gateway.connections == 1
    outcomes: list[Outcome] = []
    ready = threading.Barrier(8)

    def send() -> None:
        ready.wait()
        outcomes.extend(http.send(sms()) for _ in range(10))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [outcome.state for outcome in outcomes] == ["accepted"] * 80
    assert gateway.connections <= 9
