"""What gateways call us with: Kannel's as recorded, Jasmin's and others' as documented, and such
as should never come."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

import settings as configuration
from gateway.providers import BadRequest, DeliveryReport, make
from gateway.providers.http import Http
from settings import HTTP_TEMPLATES, Settings
from store.inbox import Part, Received
from tests.support.gateway import Gateway

SITI = "+6281234567001"
REFERENCE = "01jd0000000000000000000000-1"
BEE = "蜂蜜 🍯"

GIVEN = {
    "PASAR_SMS_PROVIDER": "http",
    "PASAR_HTTP_URL": "http://127.0.0.1:1/send",
    "PASAR_HTTP_USERNAME": "pasar",
    "PASAR_HTTP_PASSWORD": "s3cret",
    "PASAR_PUBLIC_URL": "http://127.0.0.1:8000",
}


def http(settings: Settings, template: str) -> Http:
    given: dict[str, Any] = {
        name.removeprefix("PASAR_").lower(): value for name, value in GIVEN.items()
    }
    given |= {"http_template": template, "sms_provider": ("http",)}
    provider = make("http", settings.model_copy(update=given))
    assert isinstance(provider, Http)
    return provider


PROVIDERS = {name: http(configuration.read({}), name) for name in HTTP_TEMPLATES}


def fields(provider: Http, query: str) -> dict[str, str]:
    """A query as the hooks read it."""
    return dict(parse_qsl(query, keep_blank_values=True, encoding=provider.charset))


# Kannel's, recorded from bearerbox and smsbox 1.4.5

KANNEL = "id=fe334d7f-6f48-4cda-b20c-800de62140f9&from=%2B6281234567001"
ID = "fe334d7f-6f48-4cda-b20c-800de62140f9"
AT = datetime(2026, 11, 24, 23, 38, 14, tzinfo=UTC)


def from_kannel(text: str, at: datetime | None = None, part: Part | None = None) -> Received:
    return Received("http", ID, SITI, text, sent_at=at, part=part)


@pytest.mark.parametrize(
    ("why", "rest", "expected"),
    [
        (
            "GSM",
            "&text=halo+%C3%A9&coding=0&time=1795563494&udh=",
            from_kannel("halo é", AT),
        ),
        ("UCS-2", "&text=%87%02%87%1C%00+%D8%3C%DFo&coding=2", from_kannel(BEE)),
        ("UCS-2 said by %C", "&text=%87%02&coding=UTF-16BE", from_kannel("蜂")),
        ("8-bit", "&text=caf%E9&coding=1", from_kannel("café")),
        ("an alt-charset said by %C", "&text=caf%E9&coding=ISO-8859-1", from_kannel("café")),
        ("UCS-2 cut in the middle", "&text=%87%02%87&coding=2", from_kannel("蜂\ufffd")),
        ("octets that are no UTF-8", "&text=%E9&coding=0", from_kannel("\ufffd")),
        ("a coding of the future", "&text=halo&coding=7", from_kannel("halo")),
        ("no coding", "&text=halo", from_kannel("halo")),
        ("no text", "", from_kannel("")),
        ("a null", "&text=%00&coding=0", from_kannel("\x00")),
        ("a time that is none", "&text=x&time=soon", from_kannel("x")),
        ("a time far off", "&text=x&time=99999999999999999999", from_kannel("x")),
        (
            "the second part of three",
            "&text=bcd&coding=0&udh=%05%00%03M%03%02",
            from_kannel("bcd", part=Part("77", 2, 3)),
        ),
        (
            "with a reference of 16 bits, after another element",
            "&text=bcd&coding=0&udh=%0B%05%04%15%83%00%00%08%04%01%02%02%01",
            from_kannel("bcd", part=Part("258", 1, 2)),
        ),
        ("a header without parts", "&text=x&udh=%06%05%04%15%83%00%00", from_kannel("x")),
        ("the only part", "&text=x&udh=%05%00%03M%01%01", from_kannel("x")),
        ("part 3 of 2", "&text=x&udh=%05%00%03M%02%03", from_kannel("x")),
        ("a header that ends early", "&text=x&udh=%05%00%03M", from_kannel("x")),
        ("a header of nothing", "&text=x&udh=%00", from_kannel("x")),
        ("an element that goes on", "&text=x&udh=%02%00%FF", from_kannel("x")),
    ],
)
def test_an_sms_from_kannel(settings: Settings, why: str, rest: str, expected: Received) -> None:
    kannel = http(settings, "kannel")
    assert kannel.readers["sms"](fields(kannel, KANNEL + rest)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            f"id={REFERENCE}&status=8&phone=%2B6281234567001&reason=ACK%2F",
            DeliveryReport("http", REFERENCE, "8", "passing", SITI, "ACK/"),
        ),
        (
            f"id={REFERENCE}&status=1&phone=%2B6281234567001&reason=",
            DeliveryReport("http", REFERENCE, "1", "delivered", SITI),
        ),
        (
            f"id={REFERENCE}&status=2&reason=err%3A011",
            DeliveryReport("http", REFERENCE, "2", "undelivered", None, "err:011"),
        ),
        (
            f"id={REFERENCE}&status=16&phone=PASAR&reason=NACK%2F11%2F" + "caf%C3%A9" * 40,
            DeliveryReport(
                "http", REFERENCE, "16", "undelivered", None, ("NACK/11/" + "café" * 40)[:100]
            ),
        ),
        (f"id={REFERENCE}&status=4", DeliveryReport("http", REFERENCE, "4", "passing")),
        (f"id={REFERENCE}&status=34", DeliveryReport("http", REFERENCE, "34", "undelivered")),
        (f"id={REFERENCE}&status=99", DeliveryReport("http", REFERENCE, "99", "passing")),
    ],
)
def test_a_report_from_kannel(settings: Settings, query: str, expected: DeliveryReport) -> None:
    kannel = http(settings, "kannel")
    assert kannel.readers["delivery"](fields(kannel, query)) == expected


# Jasmin's

JASMIN = {
    "id": "16fd2706-8baf-433b-82eb-8c7fada847da",
    "from": "6281234567001",
    "to": "22345",
    "origin-connector": "telkomsel",
    "priority": "1",
}


def from_jasmin(text: str) -> Received:
    return Received("http", JASMIN["id"], SITI, text)


@pytest.mark.parametrize(
    ("why", "content", "coding", "text"),
    [
        ("the SMSC's alphabet", b"Caf\x05 \x1be1 \x00 \x11", {"coding": "0"}, "Café €1 @ _"),
        ("no coding is that too", b"Caf\x05", {}, "Café"),
        ("Latin 1", b"caf\xe9", {"coding": "3"}, "café"),
        ("ASCII", b"a_b", {"coding": "1"}, "a_b"),
        ("UCS-2", BEE.encode("utf-16-be"), {"coding": "8"}, BEE),
        ("octets that the alphabet has not", b"a\xe9\x1b\x05", {"coding": "0"}, "a\ufffd é"),
        ("nothing", b"", {"coding": "0"}, ""),
    ],
)
def test_an_sms_from_jasmin(
    settings: Settings, why: str, content: bytes, coding: dict[str, str], text: str
) -> None:
    jasmin = http(settings, "jasmin")
    body = urlencode({**JASMIN, **coding, "content": content, "binary": content.hex()})
    assert jasmin.readers["sms"](fields(jasmin, body)) == from_jasmin(text)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("ESME_ROK", "passing"),
        ("CommandStatus.ESME_ROK", "passing"),
        ("ESME_RINVDSTADR", "undelivered"),
        ("CommandStatus.ESME_RTHROTTLED", "undelivered"),
        ("DELIVRD", "delivered"),
        ("delivrd", "delivered"),
        ("UNDELIV", "undelivered"),
        ("EXPIRED", "undelivered"),
        ("REJECTD", "undelivered"),
        ("DELETED", "undelivered"),
        ("ENROUTE", "passing"),
        ("UNKNOWN", "passing"),
        ("SOMETHING", "passing"),
    ],
)
def test_a_report_from_jasmin(settings: Settings, status: str, outcome: Any) -> None:
    jasmin = http(settings, "jasmin")
    body = {"id": JASMIN["id"], "message_status": status, "level": "2", "err": "000"}
    report = jasmin.readers["delivery"]({"reference": REFERENCE, **body})
    assert report == DeliveryReport("http", REFERENCE, status, outcome, reason="000")


# Others'

WITA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("why", "more", "expected"),
    [
        ("plain", {"text": BEE}, Received("http", "m-1", SITI, BEE)),
        ("a national number", {"from": "081234567001"}, Received("http", "m-1", SITI, "")),
        (
            "with its time",
            {"timestamp": "2026-11-25T07:38:14+08:00"},
            Received("http", "m-1", SITI, "", datetime(2026, 11, 25, 7, 38, 14, tzinfo=WITA)),
        ),
        (
            "a time without a zone is UTC",
            {"timestamp": "2026-11-24 23:38:14"},
            Received("http", "m-1", SITI, "", AT),
        ),
        ("a time that is none", {"timestamp": "24/11/26"}, Received("http", "m-1", SITI, "")),
        (
            "a part",
            {"part_reference": "a7", "part_number": "1", "part_total": "2"},
            Received("http", "m-1", SITI, "", part=Part("a7", 1, 2)),
        ),
        ("part x", {"part_number": "x", "part_total": "2"}, Received("http", "m-1", SITI, "")),
        ("part 0", {"part_number": "0", "part_total": "2"}, Received("http", "m-1", SITI, "")),
        ("part ²", {"part_number": "²", "part_total": "2"}, Received("http", "m-1", SITI, "")),
    ],
)
def test_an_sms_from_an_aggregator(
    settings: Settings, why: str, more: dict[str, str], expected: Received
) -> None:
    generic = http(settings, "generic")
    assert generic.readers["sms"]({"id": "m-1", "from": SITI, **more}) == expected


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *(("Delivered", "delivered"), ("UNDELIVERABLE", "undelivered"), ("sent", "passing")),
        *(("rejected", "undelivered"), ("RejectedByOperator", "undelivered"), ("??", "passing")),
    ],
)
def test_a_report_from_an_aggregator(settings: Settings, status: str, outcome: Any) -> None:
    report = http(settings, "generic").readers["delivery"]({"id": "m-1", "status": status})
    assert report == DeliveryReport("http", "m-1", status, outcome)


# What can never be valid


@pytest.mark.parametrize(
    ("template", "what", "query", "said"),
    [
        ("kannel", "sms", "", "id: missing"),
        ("kannel", "sms", "id=1", "from: missing"),
        ("kannel", "sms", f"id={'9' * 101}&from=%2B6281234567001", "id: longer than 100"),
        ("kannel", "sms", "id=1&from=PASAR&text=x", "from: not a phone number"),
        ("kannel", "sms", "id=1&from=22345&text=x", "from: not a phone number"),
        ("kannel", "sms", "id=1&from=0812&text=x", "from: not a phone number"),
        ("kannel", "sms", "id=1&from=%D9%A0%D9%A8&text=x", "from: not a phone number"),
        ("kannel", "delivery", "id=1", "status: missing"),
        ("kannel", "delivery", "status=1", "id: missing"),
        ("jasmin", "sms", "id=1&from=6281234567001&binary=0g", "binary: not hexadecimal digits"),
        ("jasmin", "delivery", "id=1&message_status=DELIVRD", "reference: missing"),
        ("generic", "delivery", f"id=1&status={'x' * 51}", "status: longer than 50"),
    ],
)
def test_a_callback_that_can_never_be_valid(
    settings: Settings, template: str, what: str, query: str, said: str
) -> None:
    provider = http(settings, template)
    with pytest.raises(BadRequest, match=said):
        provider.readers[what](fields(provider, query))


ANY = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=60).map(lambda octets: octets.decode("latin-1")),
    st.sampled_from(
        [SITI, "0", "1", "2", "8", "UTF-16BE", "4a4", "00" * 9, "\x05\x00\x03a\x02\x01"]
    ),
)
NAMES = (
    *("id", "from", "text", "coding", "time", "udh", "binary", "status", "phone", "reason", "to"),
    *("reference", "message_status", "err", "timestamp", "part_number", "part_total"),
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, ANY)), st.booleans())
@examples(max_examples=200, deadline=None)
def test_whatever_comes_is_read_or_refused(come: dict[str, str], is_whole: bool) -> None:
    if is_whole:
        come = {"id": "1", "from": SITI, "status": "1", "message_status": "x", **come}
    for provider in PROVIDERS.values():
        for reader in provider.readers.values():
            try:
                event = reader(come)
            except BadRequest:
                continue
            assert isinstance(event, Received | DeliveryReport)


# At the hooks


@pytest.mark.parametrize(
    ("template", "thanks"), [("kannel", ""), ("jasmin", "ACK/Jasmin"), ("generic", "OK")]
)
def test_a_gateway_is_thanked_as_it_wants(tmp_path: Any, template: str, thanks: str) -> None:
    gateway = Gateway(tmp_path, PASAR_HTTP_TEMPLATE=template, **GIVEN)
    sms = urlencode({"id": "1", "from": SITI, "text": "YA", "binary": "5941"})
    assert gateway.post("sms", sms, provider="http") == (200, thanks)
    report = urlencode({"id": "1", "reference": "1", "status": "1", "message_status": "ENROUTE"})
    assert gateway.post("delivery", report, provider="http") == (200, thanks)
    assert gateway.texts() == ["YA"]
    assert gateway.post("ussd", sms, provider="http")[0] == 404


def test_octets_come_whole_through_the_hooks(tmp_path: Any) -> None:
    gateway = Gateway(tmp_path, PASAR_HTTP_TEMPLATE="kannel", **GIVEN)
    path = f"/hooks/http/{gateway.settings.hook_tokens[0]}/sms"
    octets = {"id": "1", "from": SITI, "coding": "2", "text": BEE.encode("utf-16-be")}
    for _ in range(2):
        answer = gateway.client.get(f"{path}?{urlencode(octets)}")
        assert (answer.status_code, answer.data) == (200, b"")
    assert gateway.client.get(f"{path}?id=2").status_code == 400
    assert gateway.texts() == [BEE]


def test_twin_octets_read_as_utf_8_are_spoiled(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the test above sees."""
    monkeypatch.setattr(
        Http, "charset", property(lambda http: "utf-8", lambda http, _: None), False
    )
    gateway = Gateway(tmp_path, PASAR_HTTP_TEMPLATE="kannel", **GIVEN)
    path = f"/hooks/http/{gateway.settings.hook_tokens[0]}/sms"
    octets = {"id": "1", "from": SITI, "coding": "2", "text": BEE.encode("utf-16-be")}
    assert gateway.client.get(f"{path}?{urlencode(octets)}").status_code == 200
    assert gateway.texts() != [BEE]


def test_no_template_promises_ussd(settings: Settings) -> None:
    for template in HTTP_TEMPLATES:
        assert set(http(settings, template).readers) == {"sms", "delivery"}
