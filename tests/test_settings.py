"""Settings from the environment: defaults, one line for each wrong one, secrets made once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

import settings
from settings import Settings, WrongSettings, load, read

H, D, M, S = (timedelta(**{unit: 1}) for unit in ("hours", "days", "minutes", "seconds"))

DEFAULTS = {
    "PASAR_HOST": "127.0.0.1",
    "PASAR_PORT": 8000,
    "PASAR_DATA_DIR": Path("var"),
    "PASAR_DATABASE_URL": None,
    "PASAR_REDIS_URL": None,
    "PASAR_HOOK_TOKENS": (),
    "PASAR_SMS_PROVIDER": ("simulator",),
    "PASAR_AT_USERNAME": None,
    "PASAR_AT_API_KEY": None,
    "PASAR_AT_SENDER": None,
    "PASAR_AT_BASE_URL": None,
    "PASAR_SMPP_HOST": None,
    "PASAR_SMPP_PORT": 2775,
    "PASAR_SMPP_SYSTEM_ID": None,
    "PASAR_SMPP_PASSWORD": None,
    "PASAR_SMPP_SYSTEM_TYPE": "",
    "PASAR_SMPP_SENDER": None,
    "PASAR_SMPP_ALPHABET": "gsm7",
    "PASAR_SMPP_SESSION_TAG": 0x1383,
    "PASAR_SMPP_RECEIPT_IDS": "same",
    "PASAR_SMPP_WINDOW": 10,
    "PASAR_SMPP_ANSWER_WITHIN": 10 * S,
    "PASAR_SMPP_ENQUIRE_EVERY": 30 * S,
    "PASAR_MODEM_DATABASE": None,
    "PASAR_MODEM_POLL": 1 * S,
    "PASAR_HTTP_URL": None,
    "PASAR_HTTP_TEMPLATE": "kannel",
    "PASAR_HTTP_USERNAME": None,
    "PASAR_HTTP_PASSWORD": None,
    "PASAR_HTTP_SENDER": None,
    "PASAR_HTTP_TIMEOUT": 9 * S,
    "PASAR_PUBLIC_URL": None,
    "PASAR_SERVICE_CODE": "*123*45#",
    "PASAR_SHORT_CODE": "22345",
    "PASAR_REGION": "ID",
    "PASAR_LOCALE": "id",
    "PASAR_TIMEZONE": "Asia/Makassar",
    "PASAR_SELLER_ANSWER": 24 * H,
    "PASAR_SHIP_WITHIN": 72 * H,
    "PASAR_COMPLAINT_WINDOW": 2 * D,
    "PASAR_RESUME_WITHIN": 10 * M,
    "PASAR_SMS_DAILY_BUDGET": 10_000,
    "PASAR_CAP_NEW": 300_000,
    "PASAR_CAP_VOUCHED": 2_000_000,
    "PASAR_PEPPER": None,
    "PASAR_SECRET_KEY": None,
    "PASAR_SIMULATOR": True,
}
"""What outside programs were promised; a change here is a change for operators."""


def field(name: str) -> str:
    return name.removeprefix("PASAR_").lower()


def test_defaults_are_those_that_were_promised() -> None:
    nothing_set = read({})
    assert {name: getattr(nothing_set, field(name)) for name in DEFAULTS} == DEFAULTS
    assert nothing_set.database_path == Path("var/pasar.db")
    assert nothing_set.seller_answer_perishable == 6 * H


READ = {
    ("PASAR_PORT", "1"): 1,
    ("PASAR_PORT", "65535"): 65_535,
    ("PASAR_PORT", " "): 8000,
    ("PASAR_PORT", ""): 8000,
    ("PASAR_DATABASE_URL", "sqlite:///here/pasar.db"): "sqlite:///here/pasar.db",
    ("PASAR_REDIS_URL", "unix:///run/redis.sock"): "unix:///run/redis.sock",
    ("PASAR_REDIS_URL", "rediss://:word@redis:6380/2"): "rediss://:word@redis:6380/2",
    ("PASAR_HOOK_TOKENS", f"{'n' * 22}, {'o' * 22},"): ("n" * 22, "o" * 22),
    ("PASAR_SMS_PROVIDER", "simulator"): ("simulator",),
    ("PASAR_SMPP_SESSION_TAG", "0x1501"): 0x1501,
    ("PASAR_SMPP_SESSION_TAG", "5377"): 5377,
    ("PASAR_SMPP_SENDER", "22345"): "22345",
    ("PASAR_SMPP_SENDER", "+62812345"): "+62812345",
    ("PASAR_SMPP_SENDER", "Pasar 1"): "Pasar 1",
    ("PASAR_SELLER_ANSWER", "90s"): 90 * S,
    ("PASAR_SELLER_ANSWER", "15m"): 15 * M,
    ("PASAR_SELLER_ANSWER", "2d"): 2 * D,
    ("PASAR_SIMULATOR", "0"): False,
    ("PASAR_COD_AREA", "district"): "district",
}


@pytest.mark.parametrize(("name", "text"), list(READ))
def test_read(name: str, text: str) -> None:
    assert getattr(read({name: text}), field(name)) == READ[name, text]


WRONG = {
    "PASAR_PORT": ("0", "65536", "-1", "80a", "8000.5"),
    "PASAR_DATABASE_URL": ("postgresql://h/db", "sqlite:///", "pasar.db"),
    "PASAR_REDIS_URL": ("http://redis", "redis://h:port/0", "redis://h:70000"),
    "PASAR_HOOK_TOKENS": ("short", "n" * 22 + ",no", "with space in the token!"),
    "PASAR_QUIET_HOURS": ("21", "21-24", "6-6", "21:00-06:00", "never"),
    "PASAR_SEND_AT_ONCE": ("0", "257", "many"),
    "PASAR_SEND_RATE": ("20", "smpp=20", "smpp:0", "smpp:-1", "smpp:"),
    "PASAR_SMS_PER_PHONE": ("0", "-1", "100001"),
    "PASAR_SMS_COUNTRIES": ("XX", "62", "id"),
    "PASAR_REPLIES_LIMIT": ("2", "100001"),
    "PASAR_SMS_PROVIDER": ("smtp", ",", "simulator,simulator", "Simulator"),
    "PASAR_AT_BASE_URL": ("api.example.com", "ftp://x", "http://", "http://h:x", "http://[::1"),
    "PASAR_SMPP_PORT": ("0", "65536", "smpp"),
    "PASAR_SMPP_SYSTEM_ID": ("x" * 16, "with space", "pasár"),
    "PASAR_SMPP_PASSWORD": ("x" * 9, "with sp", "é"),
    "PASAR_SMPP_SYSTEM_TYPE": ("x" * 13, "with space"),
    "PASAR_SMPP_SENDER": ("12", "Pasar Kampung", "+62abc", "1" * 21, "Pasar!"),
    "PASAR_SMPP_ALPHABET": ("gsm", "utf-8"),
    "PASAR_SMPP_SESSION_TAG": ("0", "0x10000", "1383h", "x", "-1"),
    "PASAR_SMPP_RECEIPT_IDS": ("hex", "Same"),
    "PASAR_SMPP_WINDOW": ("0", "1001", "many"),
    "PASAR_HTTP_URL": ("127.0.0.1:13013", "ftp://x", "http://"),
    "PASAR_HTTP_TEMPLATE": ("Kannel", "infobip", "no/such/file.toml", "tests"),
    "PASAR_PUBLIC_URL": ("pasar.example", "https://"),
    "PASAR_SERVICE_CODE": ("123", "*123*45", "*abc#", "*" + "1" * 13 + "#"),
    "PASAR_SHORT_CODE": ("12", "PASAR", "1" * 16),
    "PASAR_REGION": ("id", "IDN"),
    "PASAR_LOCALE": ("ID", "id_ID"),
    "PASAR_TIMEZONE": ("WITA", "Asia", "../../etc/passwd"),
    "PASAR_SELLER_ANSWER": ("24", "0h", "1.5h", "24 h", "-1h", "1w", "1d12h"),
    "PASAR_CAP_NEW": ("0", "1000000000", "300rb"),
    "PASAR_CAP_VOUCHED": ("0", "1000000000"),
    "PASAR_TWO_AGENTS_ABOVE": ("-1", "1000000000"),
    "PASAR_COD_AREA": ("village", "Province"),
    "PASAR_SMS_DAILY_BUDGET": ("-1", "many"),
    "PASAR_PIN_WRONG_LIMIT": ("0", "some"),
    "PASAR_PEPPER": ("pepper", "x" * 31),
    "PASAR_SECRET_KEY": ("x" * 31,),
    "PASAR_SIMULATOR": ("2",),
    "PASAR_LOG_LEVEL": ("loud",),
}
SECRET = (
    "PASAR_PEPPER",
    "PASAR_SECRET_KEY",
    "PASAR_AT_API_KEY",
    "PASAR_SMPP_PASSWORD",
    "PASAR_HTTP_PASSWORD",
    "PASAR_HOOK_TOKENS",
)


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts]
)
def test_a_wrong_setting_is_one_line_that_helps(name: str, text: str) -> None:
    with pytest.raises(WrongSettings) as wrong:
        read({name: text})
    extra = Settings.model_fields[field(name)].json_schema_extra
    assert isinstance(extra, dict)
    shown = "(hidden)" if name in SECRET else text
    assert str(wrong.value) == f"{name}: was {shown!r}; allowed: {extra['allowed']}"


def test_every_setting_that_can_be_wrong_was_wrong_above() -> None:
    durations = {
        name for name, info in Settings.model_fields.items() if info.annotation is timedelta
    }
    texts = {"host", "data_dir", "at_username", "at_api_key", "at_sender", "providers_dir"}
    texts |= {"smpp_host"}
    texts |= {"modem_database"}
    texts |= {"http_username", "http_password", "http_sender"}
    assert set(Settings.model_fields) - durations - texts == {field(name) for name in WRONG} - {
        "seller_answer"
    }


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(WrongSettings) as wrong:
        read({"PASAR_PORT": "x", "PASAR_REGION": "y", "PASAR_SELLER_ANSWER": "z"})
    assert [line.split(":")[0] for line in str(wrong.value).splitlines()] == [
        *("PASAR_PORT", "PASAR_REGION", "PASAR_SELLER_ANSWER")
    ]


@pytest.mark.parametrize("name", [name for name in SECRET if name in WRONG])
def test_a_wrong_secret_is_not_echoed(name: str) -> None:
    with pytest.raises(WrongSettings) as wrong:
        read({name: "hunter2 é"})
    assert "hunter2" not in str(wrong.value)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("PASAR_DATABASE_URL", "postgresql://pasar:hunter2@db/pasar"),
        ("PASAR_REDIS_URL", "http://:hunter2@redis:6379"),
        ("PASAR_AT_BASE_URL", "ftp://me:hunter2@api"),
        ("PASAR_HTTP_URL", "ftp://me:hunter2@sms"),
    ],
)
def test_the_password_of_a_wrong_address_is_not_echoed(name: str, address: str) -> None:
    with pytest.raises(WrongSettings) as wrong:
        read({name: address})
    assert "hunter2" not in str(wrong.value)
    assert address.split("@")[1] in str(wrong.value)


def test_a_provider_needs_its_account() -> None:
    with pytest.raises(WrongSettings) as wrong:
        read({"PASAR_SMS_PROVIDER": "africastalking", "PASAR_AT_USERNAME": "pasar"})
    assert str(wrong.value) == (
        "PASAR_AT_API_KEY: was not set; needed with PASAR_SMS_PROVIDER=africastalking"
    )


def test_a_modem_needs_its_database() -> None:
    with pytest.raises(WrongSettings) as wrong:
        read({"PASAR_SMS_PROVIDER": "modem"})
    assert str(wrong.value) == (
        "PASAR_MODEM_DATABASE: was not set; needed with PASAR_SMS_PROVIDER=modem"
    )


@pytest.mark.parametrize(
    ("environ", "on"),
    [
        ({}, True),
        ({"PASAR_SMS_PROVIDER": "africastalking"}, False),
        ({"PASAR_SMS_PROVIDER": "africastalking,simulator"}, True),
        ({"PASAR_SMS_PROVIDER": "africastalking", "PASAR_SIMULATOR": "1"}, True),
        ({"PASAR_SIMULATOR": "0"}, False),
    ],
)
def test_the_simulator_is_on_with_its_provider(environ: dict[str, str], on: bool) -> None:
    account = {"PASAR_AT_USERNAME": "pasar", "PASAR_AT_API_KEY": "key"}
    assert read(environ | account).simulator is on


def test_settings_do_not_change_afterwards() -> None:
    with pytest.raises(ValidationError):
        read({}).port = 1  # type: ignore[misc]


def test_a_copy_with_other_values_has_their_consequences() -> None:
    here = read({})
    assert here.database_path, here.zone
    there = here.model_copy(update={"data_dir": Path("there"), "timezone": "Asia/Jakarta"})
    assert there.database_path == Path("there/pasar.db")
    assert there.zone.key == "Asia/Jakarta"


def test_an_unknown_setting_is_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load({"PASAR_DATA_DIR": str(tmp_path), "PASAR_PROT": "1", "PASARAN": "x", "HOME": "/"})
    assert capsys.readouterr().err == "PASAR_PROT: no such setting; ignored\n"


def test_a_wrong_setting_stops_the_start_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        load({"PASAR_DATA_DIR": str(tmp_path / "var"), "PASAR_PORT": "x"})
    assert str(stopped.value).startswith("PASAR_PORT: was 'x'; allowed: ")
    assert not (tmp_path / "var").exists()


def test_a_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as stopped:
        load({"PASAR_DATA_DIR": str(tmp_path / "file" / "var")})
    assert str(stopped.value) == (
        f"PASAR_DATA_DIR: was '{tmp_path / 'file' / 'var'}'; allowed: a folder that can be"
        " written (Not a directory)"
    )


# Secrets

KEPT = {"hook_token.secret", "pepper.secret", "secret_key.secret"}


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        first = load({"PASAR_DATA_DIR": str(tmp_path)})
    finally:
        os.umask(before)
    assert load({"PASAR_DATA_DIR": str(tmp_path)}) == first
    assert {path.name for path in tmp_path.iterdir()} == KEPT
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    made = {*first.hook_tokens, first.pepper, first.secret_key}
    assert len(made) == 3
    assert all(len(str(secret)) >= 43 for secret in made), "256 bits each"


def test_secrets_of_the_environment_are_not_kept(tmp_path: Path) -> None:
    given = load(
        {
            "PASAR_DATA_DIR": str(tmp_path),
            "PASAR_HOOK_TOKENS": "t" * 22,
            "PASAR_PEPPER": "p" * 32,
            "PASAR_SECRET_KEY": "k" * 32,
        }
    )
    assert (given.hook_tokens, given.pepper, given.secret_key) == (("t" * 22,), "p" * 32, "k" * 32)
    assert list(tmp_path.iterdir()) == []


def test_what_a_start_that_was_cut_short_left_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", cut)
    with pytest.raises(SystemExit, match="No space left on device"):
        load({"PASAR_DATA_DIR": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []
    (tmp_path / f"pepper.{os.getpid()}.new").write_text("half")
    monkeypatch.undo()
    assert len(load({"PASAR_DATA_DIR": str(tmp_path)}).pepper or "") >= 43


RACER = """
import os, sys
import settings
{sabotage}
print("ready", flush=True)
for line in sys.stdin:
    loaded = settings.load({{"PASAR_DATA_DIR": line.strip()}})
    print(loaded.hook_tokens[0], loaded.pepper, loaded.secret_key, flush=True)
"""
AT_ONCE, ROUNDS = 8, 20


@contextmanager
def racers(sabotage: str = "") -> Iterator[list["subprocess.Popen[str]"]]:
    root = Path(settings.__file__).parents[1]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RACER.format(sabotage=sabotage)],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(AT_ONCE)
    ]
    try:
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def race(processes: list["subprocess.Popen[str]"], data_dir: Path) -> set[str]:
    """The different secrets that processes got which started at the same moment."""
    for process in processes:
        process.stdin.write(f"{data_dir}\n")
    for process in processes:
        process.stdin.flush()
    return {process.stdout.readline() for process in processes}


def test_processes_that_start_together_get_the_same_secrets(tmp_path: Path) -> None:
    with racers() as processes:
        for n in range(ROUNDS):
            found = race(processes, tmp_path / str(n))
            assert len(found) == 1
            assert len(found.pop().split()) == 3
            assert {path.name for path in (tmp_path / str(n)).iterdir()} == KEPT


def test_twin_without_the_link_that_only_the_first_can_make(tmp_path: Path) -> None:
    with racers("os.link = os.replace") as processes:
        assert any(len(race(processes, tmp_path / str(n))) > 1 for n in range(ROUNDS))
