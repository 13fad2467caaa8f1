"""Where stories take place: in this process with a clock to turn, or in the market's real
processes with the SDK sending to a local Africa's Talking server."""

import random
import shlex
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask

from gateway import inbound, providers, webhooks
from gateway.desk import Desk
from gateway.providers import Outgoing
from gateway.providers.simulator import Simulator
from menus.notices import NOTICES
from menus.wording import Wording
from settings import Settings
from store import timers
from store.outbox import Outcome
from store.shop import Shop
from tests.support import payloads
from tests.support.at_server import AfricasTalkingServer
from tests.support.clock import TurnableClock
from tests.support.processes import Market
from tests.support.sending import send_next
from web import cli

Answer = TypeVar("Answer")


class Carried(Simulator):
    """A network that remembers what it carried, which the market may have to forget."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.sent: list[tuple[str, str]] = []

    def send(self, sms: Outgoing) -> Outcome:
        self.sent.append((sms.msisdn, sms.text))
        return super().send(sms)


class LocalWorld:
    """The hooks, the conversation and the worker's work, all in this thread, on a turned clock."""

    def __init__(self, settings: Settings, provider: str = "simulator") -> None:
        self.clock = TurnableClock()
        self.wording = Wording(settings.zone, NOTICES)
        self.shop = Shop(settings, self.wording, clock=self.clock, chance=random.Random(7))
        self.shop.migrate()
        self.provider = provider
        known = providers.of(settings)
        app = Flask(__name__)
        desk = Desk(self.shop, self.wording)
        app.register_blueprint(webhooks.blueprint(self.shop, desk, known))
        self.client = app.test_client()
        self.answer_next = inbound.answer_waiting(self.shop, self.wording, desk)
        self.carried = Carried(settings)
        self.send_next = send_next(self.shop, [self.carried])

    def post(self, what: str, body: str) -> tuple[int, str]:
        """Posts a body to a hook; status and text of the answer."""
        token = self.shop.settings.hook_tokens[0]
        answer = self.client.post(
            f"/hooks/{self.provider}/{token}/{what}", data=body, headers=payloads.HEADERS
        )
        return answer.status_code, answer.get_data(as_text=True)

    def work(self) -> None:
        """All that waits for a worker."""
        while any([self.answer_next(), timers.run_next(self.shop), self.send_next()]):
            pass

    def hop(self, msisdn: str, session_id: str, service_code: str, text: str) -> str:
        status, answer = self.post("ussd", payloads.hop(msisdn, session_id, service_code, text))
        assert status == 200, answer
        self.work()
        return answer

    def drop(self, msisdn: str, session_id: str) -> None:
        assert self.post("session", payloads.dropped(msisdn, session_id)) == (200, "OK")
        self.work()

    def send(self, msisdn: str, text: str) -> None:
        assert self.post("sms", payloads.sms(msisdn, text)) == (200, "OK")
        self.work()

    def texts(self, msisdn: str) -> list[str]:
        """All SMS to a phone, as its owner reads them."""
        return [text for to, text in self.carried.sent if to == msisdn]

    def receive(self, msisdn: str, index: int) -> str:
        texts = self.texts(msisdn)
        assert len(texts) > index, f"no SMS number {index + 1} to {msisdn}; there were {texts}"
        return texts[index]

    def count(self, msisdn: str) -> int:
        return len(self.texts(msisdn))

    def turn(self, span: timedelta) -> None:
        """Time passes in steps of a quarter of an hour, each with its work."""
        left = span
        while left > timedelta():
            step = min(left, timedelta(minutes=15))
            self.clock.turn(step)
            self.work()
            left -= step

    def run(self, command: str) -> str:
        app = Flask(__name__)
        cli.register(app, self.shop)
        printed = app.test_cli_runner().invoke(args=shlex.split(command)).output
        self.work()
        return printed


class RealWorld:
    """`make run`'s processes: web, worker and Redis, and the SDK sending to a local server."""

    patience = 15.0
    """Seconds in which every message must have arrived."""

    def __init__(self, data_dir: Path, at: AfricasTalkingServer, **settings: str) -> None:
        self.at = at
        self.settings = settings
        self.market = Market(
            data_dir,
            PASAR_SMS_PROVIDER="africastalking",
            PASAR_AT_USERNAME="sandbox",
            PASAR_AT_API_KEY="test-key",
            PASAR_AT_BASE_URL=at.base_url,
            PASAR_SIMULATOR="0",
            **settings,
        )
        self.market.wait_until_open()
        token = (data_dir / "hook_token.secret").read_text()
        self.hooks = f"http://127.0.0.1:{self.market.port}/hooks/africastalking/{token}"
        at.report_url = f"{self.hooks}/delivery"

    def post(self, what: str, body: str) -> tuple[int, str]:
        """Posts a body to a hook; status and text of the answer."""
        request = urllib.request.Request(
            f"{self.hooks}/{what}", data=body.encode(), headers=payloads.HEADERS
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def hop(self, msisdn: str, session_id: str, service_code: str, text: str) -> str:
        status, answer = self.post("ussd", payloads.hop(msisdn, session_id, service_code, text))
        assert status == 200, answer
        return answer

    def drop(self, msisdn: str, session_id: str) -> None:
        assert self.post("session", payloads.dropped(msisdn, session_id)) == (200, "OK")

    def send(self, msisdn: str, text: str) -> None:
        assert self.post("sms", payloads.sms(msisdn, text)) == (200, "OK")

    def receive(self, msisdn: str, index: int) -> str:
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            texts = self.at.to(msisdn)
            if len(texts) > index:
                return texts[index]
            time.sleep(0.02)
        raise AssertionError(f"no SMS number {index + 1} to {msisdn}; there were {texts}")

    def count(self, msisdn: str) -> int:
        self.at.settle(quiet=1.5)
        return len(self.at.to(msisdn))

    def turn(self, span: timedelta) -> None:
        pytest.skip("real processes have no clock to turn")

    def run(self, command: str) -> str:
        return self.market.run(*shlex.split(command))

    def close(self) -> None:
        """Stops everything."""
        self.market.clear()


class RepeatingWorld(RealWorld):
    """A network that delivers everything three times, some of it at the same moment, some late.

    Every answer to a hop must be the one that was given first.
    """

    def __init__(self, data_dir: Path, at: AfricasTalkingServer, **settings: str) -> None:
        super().__init__(data_dir, at, **settings)
        self.earlier: list[tuple[tuple[str, str, str, str], str]] = []
        self.chance = random.Random(3)

    def hop(self, msisdn: str, session_id: str, service_code: str, text: str) -> str:
        hop = (msisdn, session_id, service_code, text)
        first = at_once([lambda: super(RepeatingWorld, self).hop(*hop)] * 2)
        assert first[0] == first[1], first
        for late, given in self.chance.sample(self.earlier, k=min(2, len(self.earlier))):
            assert super().hop(*late) == given
        assert super().hop(*hop) == first[0]
        self.earlier.append((hop, first[0]))
        return first[0]

    def send(self, msisdn: str, text: str) -> None:
        body = payloads.sms(msisdn, text)
        answers = [*at_once([lambda: self.post("sms", body)] * 2), self.post("sms", body)]
        assert answers == [(200, "OK")] * 3


def at_once(calls: list[Callable[[], Answer]]) -> list[Answer]:
    """Makes all calls at the same moment from threads of their own; their answers in order."""
    answers: dict[int, Answer] = {}
    ready = threading.Barrier(len(calls))

    def call(index: int) -> None:
        ready.wait()
        answers[index] = calls[index]()

    threads = [threading.Thread(target=call, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[index] for index in range(len(calls))]
