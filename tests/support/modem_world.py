"""Where stories take place that need no menu: the market's real processes, with gammu-smsd and its
dummy phone as the only link to anybody."""

import shlex
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.processes import Market, wait_until
from tests.support.smsd import Modem


class ModemWorld:
    """`make run`'s processes behind a modem."""

    patience = 20.0
    """Seconds in which every message must have arrived."""

    def __init__(self, data_dir: Path, modem: Modem, **settings: str) -> None:
        self.modem = modem
        self.market = Market(
            data_dir,
            PASAR_SMS_PROVIDER="modem",
            PASAR_MODEM_DATABASE=str(modem.database),
            **settings,
        )
        self.market.wait_until_open()

    def hop(self, msisdn: str, session_id: str, service_code: str, text: str) -> str:
        raise AssertionError("a modem shows no menus")

    def send(self, msisdn: str, text: str) -> None:
        self.modem.receive(msisdn, text)

    def receive(self, msisdn: str, index: int) -> str:
        wait_until(lambda: len(self.modem.texts_to(msisdn)) > index, self.patience)
        return self.modem.texts_to(msisdn)[index]

    def count(self, msisdn: str) -> int:
        """How many SMS a phone has got, once nothing has moved for two rounds of the worker."""
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < 4:
            sent = len(self.modem.sent())
            if sent != seen or not self.modem.is_idle():
                seen, since = sent, time.monotonic()
            time.sleep(0.1)
        return len(self.modem.texts_to(msisdn))

    def turn(self, span: timedelta) -> None:
        pytest.skip("real processes have no clock to turn")

    def run(self, command: str) -> str:
        return self.market.run(*shlex.split(command))

    def close(self) -> None:
        """Stops everything but the modem."""
        self.market.clear()
