"""Callbacks in JSON: read by the paths of their values, as an aggregator nests them."""

import json
from pathlib import Path

import pytest

from gateway import json_fields
from gateway.providers import BadRequest
from gateway.providers.http.loading import FOLDER
from tests.support.gateway import NEW, Gateway

SITI = "+6281234567001"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ('{"id": "m-1", "text": "蜂\\ud83c\\udf6f"}', {"id": "m-1", "text": "蜂🍯"}),
        ('{"id": 17, "cost": 1.5, "final": true}', {"id": "17", "cost": "1.5", "final": "true"}),
        ('{"results": [{"from": {"number": "+62"}}]}', {"results.0.from.number": "+62"}),
        ('{"keywords": ["YA", "17"]}', {"keywords.0": "YA", "keywords.1": "17"}),
        ('[{"id": "m-1"}]', {"0.id": "m-1"}),
        ('{"udh": null, "parts": []}', {}),
    ],
)
def test_read(body: str, fields: dict[str, str]) -> None:
    assert json_fields.read(body.encode()) == fields


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "body: not JSON"),
        (b"id=1", "body: not JSON"),
        (b"\xff\xfe", "body: not JSON"),
        (b"[" * 60_000, "body: not JSON"),
        (b"17", "body: not a JSON object"),
        (b"null", "body: not a JSON object"),
        (b'[{"id": 1}, {"id": 2}]', "body: more than one in a call"),
        (b'{"results": [{"id": 1}, {"id": 2}]}', "results: more than one in a call"),
    ],
)
def test_what_can_never_be_read(body: bytes, said: str) -> None:
    with pytest.raises(BadRequest) as wrong:
        json_fields.read(body)
    assert str(wrong.value) == said


NESTED = {
    '"id"\nsender = "from"': '"results.0.messageId"\nsender = "results.0.from"',
    'text = "text"\ntime': 'text = "results.0.cleanText"\ntime',
}


def test_an_aggregator_that_calls_with_nested_json(tmp_path: Path) -> None:
    template = (FOLDER / "generic.toml").read_text(encoding="utf-8")
    for was, instead in NESTED.items():
        assert was in template
        template = template.replace(was, instead, 1)
    path = tmp_path / "mine.toml"
    path.write_text(template, encoding="utf-8")
    gateway = Gateway(
        tmp_path / "var",
        PASAR_SMS_PROVIDER="http",
        PASAR_HTTP_TEMPLATE=str(path),
        PASAR_HTTP_URL="http://127.0.0.1:1/send",
        PASAR_HTTP_PASSWORD="key",
        PASAR_PUBLIC_URL="http://127.0.0.1:2",
    )
    sms = {"messageId": "m-1", "from": SITI[1:], "cleanText": "蜂蜜"}

    def post(what: str, body: object) -> tuple[int, str]:
        answer = gateway.client.post(f"/hooks/http/{NEW}/{what}", json=body)
        return answer.status_code, answer.get_data(as_text=True)

    assert post("sms", {"results": [sms], "messageCount": 1}) == (200, "OK")
    assert post("sms", {"results": [sms, {**sms, "messageId": "m-2"}]}) == (
        *(400, "results: more than one in a call"),
    )
    assert post("delivery", {"id": "m-9", "status": "DELIVERED", "to": SITI}) == (200, "OK")
    assert gateway.texts() == ["蜂蜜"]
    assert gateway.rows("SELECT external_id, outcome, msisdn FROM reports") == [
        ("m-9", "delivered", SITI)
    ]
    body = json.dumps({"id": "m-9"})
    assert gateway.post("delivery", body, provider="http")[0] == 400, "said to be a form"
