"""The operator's shell beside the running market: real processes, a real terminal."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import Market

pytestmark = pytest.mark.processes

BUYER, SELLER = "081000000020", "081000000001"


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    market = Market(tmp_path / "var")
    yield market.wait_until_open()
    market.clear()


def flask(market: Market, *words: object) -> tuple[list[str], dict[str, str]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PASAR_")}
    here = {"PASAR_DATA_DIR": str(market.data_dir), "PASAR_PORT": str(market.port)}
    command = [sys.executable, "-m", "flask", "--app", "app", *map(str, words)]
    return command, kept | here


def run(market: Market, *words: object, keys: str = "") -> subprocess.CompletedProcess[str]:
    command, env = flask(market, *words)
    return subprocess.run(
        command, env=env, input=keys, capture_output=True, text=True, timeout=60, check=False
    )


class Terminal:
    """A phone in a terminal of its own, typed by hand."""

    def __init__(self, market: Market, number: str) -> None:
        command, env = flask(market, "phone", number)
        self._keyboard, screen = pty.openpty()
        self.process = subprocess.Popen(
            command, env=env, stdin=screen, stdout=screen, stderr=screen
        )
        os.close(screen)
        self.shown = ""

    def type(self, line: str) -> None:
        os.write(self._keyboard, f"{line}\n".encode())

    def wait_for(self, text: str, seconds: float = 20.0) -> str:
        """All that was shown up to this text, which must come."""
        until = time.monotonic() + seconds
        while text not in self.shown:
            assert time.monotonic() < until, f"{text!r} is not in:\n{self.shown}"
            if select.select([self._keyboard], [], [], 0.1)[0]:
                self.shown += os.read(self._keyboard, 65536).decode("utf-8", "replace")
        before, _, self.shown = self.shown.partition(text)
        return before + text

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._keyboard)


def test_two_phones_trade_and_the_operator_looks(market: Market) -> None:
    number = re.search(r"^listing +(\d+)", run(market, "demo", "load").stdout, re.MULTILINE)[1]
    seller = Terminal(market, SELLER)
    try:
        seller.wait_for("Dial *123*45#")
        seller.wait_for("> ")

        keys = f"*123*45*{number}*2#\ntwice\n1\n"
        bought = run(market, "phone", BUYER, keys=keys)
        assert bought.returncode == 0, bought.stdout + bought.stderr
        order = (
            re.search(r"END", bought.stdout) and re.search(r"Pesanan (\d+): 2 kg", bought.stdout)[1]
        )
        assert "(sent twice; the same reply both times)" in bought.stdout

        seller.wait_for(f"YA {order}")  # it shows by itself, nobody pressed a key
        seller.type("sms YA")
        seller.wait_for(f"KIRIM {order}")
        seller.type(f"sms KIRIM {order}")
        seller.wait_for("(SMS sent)")
        inbox = run(market, "phone", BUYER, keys="\ninbox\n")
        code = re.search(r"Kode\s+serah\s+(\d{5})", unframed(inbox.stdout))[1]
        seller.type(f"sms SERAH {order} {code}")
        seller.wait_for(str(order))
        seller.type("quit")
        assert seller.process.wait(10) == 0
    finally:
        seller.close()

    told = run(market, "orders", order).stdout
    assert "handed over" in told
    for action in ("order.place", "order.accept", "order.send", "order.hand_over"):
        assert action in told
    assert code not in told + run(market, "messages").stdout + run(market, "orders", order).stdout
    assert run(market, "db", "check").stdout.startswith("ok: 23 people, 36 listings, 1 orders")


def unframed(shown: str) -> str:
    return " ".join(re.sub("[│┌┐└┘─]", " ", shown).split())


def test_ctrl_c_puts_the_phone_away(market: Market) -> None:
    phone = Terminal(market, BUYER)
    try:
        phone.wait_for("> ")
        phone.type("*123*45#")
        phone.wait_for("Pasar Kampung")
        phone.process.send_signal(signal.SIGINT)
        assert phone.process.wait(10) == 0
    finally:
        phone.close()


def test_a_backup_of_the_open_market_is_restored_once_it_is_closed(
    market: Market, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    assert run(market, "db", "backup", copy).returncode == 0
    registered = "DAFTAR Inaq Wati#Sukarara Jonggat"
    run(market, "phone", "081234567009", keys=f"sms {registered}\nsms YA\n")
    assert "Inaq Wati" in run(market, "people").stdout

    refused = run(market, "db", "restore", copy)
    assert refused.returncode == 1
    assert "the market is open" in refused.stderr

    _, left = market.finish()
    assert not left
    refused = run(market, "db", "restore", copy)
    assert refused.returncode == 1
    restored = run(market, "db", "restore", copy, "--force")
    assert restored.returncode == 0, restored.stderr
    assert "Inaq Wati" not in run(market, "people").stdout
    assert run(market, "db", "check").stdout.startswith("ok: ")
    again = Market(market.data_dir)
    try:
        again.wait_until_open()
        assert again.readiness()["status"] == "ok"
    finally:
        again.clear()
