"""What the web server loads: it is started often, on small machines, in several processes."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

HEAVY = (
    "requests",  # 20 MB with the SDK
    "urllib3",
    "africastalking",
    "smpplib",
    "phonenumbers.carrier",  # 109 MB with the next two
    "phonenumbers.geocoder",
    "phonenumbers.geodata",
    "phonenumbers.timezone",
    "worker",
    "deploy",
    "tests",
)

SHOW = """
import sys
{}
print(*sys.modules)
"""
APP = "import app; app.create_app()"


def modules(begin: str, data_dir: Path) -> set[str]:
    """What is loaded in a process after this code."""
    environ = {
        "PATH": "/usr/bin:/bin",
        "PASAR_DATA_DIR": str(data_dir),
        "PASAR_SMS_PROVIDER": "http,simulator",
        "PASAR_HTTP_TEMPLATE": "generic",
        "PASAR_HTTP_URL": "http://127.0.0.1:1/send",
        "PASAR_HTTP_PASSWORD": "key",
        "PASAR_PUBLIC_URL": "http://127.0.0.1:2",
    }
    command = [sys.executable, "-c", SHOW.format(begin)]
    found = subprocess.run(command, env=environ, check=True, capture_output=True, text=True)
    return set(found.stdout.split())


def test_the_web_server_loads_nothing_that_only_others_need(tmp_path: Path) -> None:
    loaded = modules(APP, tmp_path)
    assert {"flask", "gateway.webhooks", "gateway.providers.http", "phonenumbers"} <= loaded
    assert not loaded & set(HEAVY)


def test_a_provider_loads_what_it_sends_with_only_where_it_sends(tmp_path: Path) -> None:
    load = (
        "import settings; from gateway import providers; providers.make({!r}, settings.read({{}}))"
    )
    for name in ("africastalking", "smpp"):
        loaded = modules(load.format(name), tmp_path)
        assert f"gateway.providers.{name}" in loaded
        assert not loaded & set(HEAVY)


def test_twin_the_sdk_would_be_seen(tmp_path: Path) -> None:
    loaded = modules(f"{APP}; import gateway.providers.africastalking_sms", tmp_path)
    assert {"requests", "africastalking"} <= loaded


def test_twin_the_connections_to_gateways_would_be_seen(tmp_path: Path) -> None:
    loaded = modules(f"{APP}; import gateway.providers.http.sending", tmp_path)
    assert "urllib3" in loaded


def test_the_worker_loads_no_table_of_places_and_no_web_server(tmp_path: Path) -> None:
    loaded = modules("import worker; import gateway.providers.africastalking_sms", tmp_path)
    assert not {name for name in loaded if name.startswith("phonenumbers.")} & set(HEAVY)
    assert not loaded & {"granian", "app", "web", "deploy", "tests"}
