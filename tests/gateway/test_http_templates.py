"""Templates: those that come along, and one line for each fault of an operator's own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gateway.providers import make
from gateway.providers.http.loading import FOLDER, load
from gateway.providers.http.placeholders import PLACEHOLDERS
from settings import HTTP_TEMPLATES, Settings

GOOD = """
about = "mine"
methods = ["POST"]
thanks = "OK"
[send]
body = "form"
reports_name = "answer"
fields = { to = "{to}", text = "{text}" }
[[answers]]
body = '^(?P<id>[0-9]+)$'
state = "accepted"
[sms]
id = "id"
sender = "from"
text = "text"
[report]
id = "id"
status = "status"
words = { Delivered = "delivered" }
"""


def test_the_settings_know_the_templates_that_come_along() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(HTTP_TEMPLATES)
    for name in HTTP_TEMPLATES:
        assert load(name).about


def test_a_good_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    template = load(str(path))
    assert (template.about, template.send.method) == ("mine", "POST")
    assert template.report.words == {"delivered": "delivered"}


@pytest.mark.parametrize(
    ("why", "was", "instead", "line"),
    [
        ("a wrong method", '[send]\n', '[send]\nmethod = "PUT"\n',
         "send.method: Input should be 'GET' or 'POST'"),
        ("a wrong body", '"form"', '"xml"',
         "send.body: Input should be 'none', 'form', 'json' or 'text'"),
        ("a field that is none", '[send]\n', '[send]\nverb = "POST"\n',
         "send.verb: no such field; allowed: method, body, reports_name, query, headers, fields,"
         " gsm, ucs2"),
        ("a table that is none", "[report]", "[delivery]",
         "delivery: no such field; allowed: about, send, answers, thanks, methods, sms, report"),
        ("a field of an answer", 'state =', 'stat = 1\nstate =',
         "answers.0.stat: no such field; allowed: status, body, where, id, reason, state, link"),
        ("no text", 'text = "text"\n', '', "sms.text: Field required"),
        ("a misspelt placeholder", '"{text}"', '"{txt}"',
         f"send.fields.text: {{txt}} is no placeholder; allowed: {', '.join(PLACEHOLDERS)}"),
        ("an outcome that is none", '"delivered"', '"arrived"',
         "report.words.delivered: Input should be 'passing', 'delivered' or 'undelivered'"),
        ("a state that is none", '"accepted"', '"ok"',
         "answers.0.state: Input should be 'accepted', 'refused', 'failed' or 'unknown'"),
        ("a pattern that is none", "^(?P<id>[0-9]+)$", "^([0-9]+$",
         "answers.0.body: no regular expression: missing ), unterminated subpattern at position 1"),
        ("no id for the reports", "?P<id>", "",
         "answers.0: id, or a group (?P<id>…) in body, is missing: reports name it"),
        ("a number for a text", '"{to}"', "62",
         "send: fields: of a form are texts"),
        ("fields of nothing", '"form"', '"text"',
         "send: body: text has no fields; allowed: form or json"),
        ("GET with a body", '[send]\n', '[send]\nmethod = "GET"\n',
         'send: body: of GET; allowed: "none"'),
        ("a codec that is none", "[report]", '[sms.codings]\n"" = "klingon"\n[report]',
         "sms.codings.: allowed: gsm, ascii, utf-8, utf-16-be, latin-1"),
        ("octets of no coding", 'text = "text"', 'text = "text"\ntext_is = "hex"\ncodings = {}',
         'sms: codings: "" is missing, for messages that say no coding'),
        ("no way in", '["POST"]', "[]",
         "methods: at least one is needed"),
    ],
)  # fmt: skip
def test_a_fault_is_a_line_that_names_file_field_and_what_is_allowed(
    tmp_path: Path, why: str, was: str, instead: str, line: str
) -> None:
    assert was in GOOD
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace(was, instead, 1))
    with pytest.raises(SystemExit) as stopped:
        load(str(path))
    assert str(stopped.value) == f"{path}: {line}"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace('"form"', '"xml"').replace('"accepted"', '"ok"'))
    with pytest.raises(SystemExit) as stopped:
        load(str(path))
    assert [line.split(": ")[1] for line in str(stopped.value).splitlines()] == [
        *("send.body", "answers.0.state")
    ]


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (b"about = ", "Invalid value"),
        (b"\xff", "'utf-8' codec can't decode byte 0xff"),
        (b"[a]\n[a]", "Cannot declare"),
    ],
)
def test_a_file_that_is_no_toml(tmp_path: Path, octets: bytes, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(octets)
    with pytest.raises(SystemExit) as stopped:
        load(str(path))
    assert str(stopped.value).startswith(f"{path}: cannot be read: {said}")


@pytest.mark.parametrize(
    ("template", "left_out", "lines"),
    [
        ("kannel", ("http_password",), ["PASAR_HTTP_PASSWORD"]),
        ("kannel", ("http_username", "public_url"), ["PASAR_HTTP_USERNAME", "PASAR_PUBLIC_URL"]),
        ("jasmin", ("public_url",), ["PASAR_PUBLIC_URL"]),
        ("generic", ("http_username",), []),
        ("generic", ("http_password",), ["PASAR_HTTP_PASSWORD"]),
        ("kannel", ("http_sender",), []),
    ],
)
def test_what_a_template_asks_for_must_be_set(
    settings: Settings, template: str, left_out: tuple[str, ...], lines: list[str]
) -> None:
    given: dict[str, Any] = dict.fromkeys(("http_username", "http_password", "http_sender"), "x")
    given["sms_provider"] = ("simulator", "http")
    given |= {"http_url": "http://x", "public_url": "http://y", "http_template": template}
    chosen = settings.model_copy(update=given | dict.fromkeys(left_out))
    if not lines:
        assert make("http", chosen).name == "http"
        return
    with pytest.raises(SystemExit) as stopped:
        make("http", chosen)
    assert str(stopped.value).splitlines() == [
        f"{name}: was not set; needed with PASAR_HTTP_TEMPLATE={template}" for name in lines
    ]


@pytest.mark.processes
def test_a_wrong_template_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace('"form"', '"xml"'))
    environ = {
        "PATH": "/usr/bin:/bin",
        "PASAR_DATA_DIR": str(tmp_path / "var"),
        "PASAR_SMS_PROVIDER": "http",
        "PASAR_HTTP_TEMPLATE": str(path),
        "PASAR_HTTP_URL": "http://127.0.0.1:1/send",
    }
    for command in (["-m", "flask", "--app", "app", "db", "migrate"], ["worker.py"]):
        done = subprocess.run(
            [sys.executable, *command], env=environ, capture_output=True, text=True
        )
        assert (done.returncode, done.stdout) == (1, "")
        line = f"{path}: send.body: Input should be 'none', 'form', 'json' or 'text'"
        assert done.stderr.splitlines() == [line]
