"""Whole stories with an operator's SMSC that others wrote: USSD and SMS by SMPP, in the market's
real processes, while answers are lost, messages refused as too many, and the SMSC killed."""

import re
import shlex
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.providers import Event, LinkUp, Outgoing
from gateway.providers.smpp import Smpp
from gateway.providers.smpp.names import SPELL
from settings import Settings
from tests.support.dialogue import Player
from tests.support.node_smsc import NodeSmsc, needs_node
from tests.support.processes import Market, wait_until

pytestmark = pytest.mark.processes

STORIES = Path(__file__).parents[1] / "stories"
SRI, BUDI = "+6281234567001", "+6281234567002"


class SmppWorld:
    """`make run`'s processes, bound to an SMSC."""

    patience = 20.0

    def __init__(self, data_dir: Path, smsc: NodeSmsc, **settings: str) -> None:
        self.smsc = smsc
        self.typed: dict[str, str] = {}
        self.market = Market(
            data_dir,
            PASAR_SMS_PROVIDER="smpp",
            PASAR_SMPP_HOST="127.0.0.1",
            PASAR_SMPP_PORT=str(smsc.port),
            PASAR_SMPP_SYSTEM_ID="gw",
            PASAR_SMPP_PASSWORD="pw",
            PASAR_SMPP_ANSWER_WITHIN="1s",
            PASAR_REPORT_WITHIN="5s",
            PASAR_LEASE="5s",
            PASAR_SIMULATOR="0",
            **settings,
        )
        self.market.wait_until_open()
        smsc.wait_until_bound()

    def hop(self, msisdn: str, session_id: str, service_code: str, text: str) -> str:
        before, self.typed[session_id] = self.typed.get(session_id, ""), text
        if not text:
            return self.smsc.turn(msisdn, service_code, dials=True)
        last = text.removeprefix(before).removeprefix("*") if before else text
        return self.smsc.turn(msisdn, last, dials=False)

    def send(self, msisdn: str, text: str) -> None:
        number = self.smsc.sms(msisdn, text)
        wait_until(lambda: self.smsc.is_taken(number), self.patience)

    def receive(self, msisdn: str, index: int) -> str:
        until = time.monotonic() + self.patience
        texts: list[str] = []
        while time.monotonic() < until:
            texts = self.smsc.to(msisdn)
            if len(texts) > index:
                return texts[index]
            time.sleep(0.02)
        raise AssertionError(f"no SMS number {index + 1} to {msisdn}; there were {texts}")

    def count(self, msisdn: str) -> int:
        self.smsc.settle(quiet=1.5)
        return len(self.smsc.to(msisdn))

    def turn(self, span: timedelta) -> None:
        pytest.skip("real processes have no clock to turn")

    def run(self, command: str) -> str:
        return self.market.run(*shlex.split(command))

    def close(self) -> None:
        self.market.clear()


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., SmppWorld]]:
    """Starts an SMSC with this environment, and the market with it."""
    needs_node()
    started: list[NodeSmsc | SmppWorld] = []

    def begin(**environ: str) -> SmppWorld:
        settings = {k: environ.pop(k) for k in list(environ) if k.startswith("PASAR_")}
        smsc = NodeSmsc(**environ)
        started.append(smsc.start())
        world = SmppWorld(tmp_path / "var", smsc, **settings)
        started.append(world)
        return world

    yield begin
    for each in reversed(started):
        each.kill() if isinstance(each, NodeSmsc) else each.close()


def read(name: str) -> str:
    return (STORIES / f"{name}.txt").read_text(encoding="utf-8")


def once_each(world: SmppWorld) -> None:
    """Every message came once, and one order was made."""
    texts = [(each["to"], each["text"]) for each in world.smsc.seen if each["event"] == "sms"]
    assert len(texts) == len(set(texts)), "a message was sent twice"
    assert len({found for _, text in texts for found in re.findall(r"Pesanan (\d+)", text)}) == 1


TEXTS = (
    "Halo",
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà",
    "[{~|^\\}]€",
    "Pesanan 1013: beras [medium] 2 kg, Rp24.000. " * 8,
    "a" * 152 + "€" * 4,
    "蜂蜜 🍯 dari Sukarara. " * 9,
    "café ñandú ÿþ",
)


@pytest.mark.parametrize(("alphabet", "theirs"), [("gsm7", "ASCII"), ("latin1", "LATIN1")])
def test_texts_there_and_back(alphabet: str, theirs: str, settings: Settings) -> None:
    needs_node()
    smsc, stopping = NodeSmsc(ECHO="1", ALPHABET=theirs), threading.Event()
    came: list[Any] = []
    account = {"smpp_host": "127.0.0.1", "smpp_system_id": "gw", "smpp_password": "pw"}
    here = {"smpp_port": smsc.port, "smpp_alphabet": alphabet}
    provider = Smpp(settings.model_copy(update=account | here))

    def take(event: Event) -> str:
        if not isinstance(event, LinkUp):
            came.append(event)
        return ""

    running = threading.Thread(target=provider.run, args=(take, stopping), daemon=True)
    try:
        smsc.start()
        running.start()
        smsc.wait_until_bound()
        for number, text in enumerate(TEXTS, start=1):
            sms = Outgoing(f"ref-{number}", SRI, text, timedelta(days=1))
            wait_until(lambda sms=sms: provider.send(sms).state == "accepted", 5)
            wait_until(lambda n=number: smsc.count("delivered") == n, 5)
            assert smsc.to(SRI)[-1] == text
            parts = sorted(came, key=lambda event: event.part.number if event.part else 0)
            assert "".join(part.text for part in parts) == text
            assert {part.part.total for part in parts if part.part} <= {len(parts)}
            came.clear()
    finally:
        stopping.set()
        running.join(2)
        smsc.kill()


ROUGH = {"DROP": "10", "THROTTLE": "7", "DLR": "1"}
"""Every tenth answer is lost, and every seventh message refused as too many."""

ANOTHER_OPERATOR = {
    "SESSION_TAG": "0x1501",
    "PASAR_SMPP_SESSION_TAG": "0x1501",
    "RECEIPT_IDS": "decimal",
    "PASAR_SMPP_RECEIPT_IDS": "decimal",
    "PASAR_SMPP_SENDER": "Pasar",
}


@pytest.mark.parametrize(
    ("story", "environ"),
    [("first_purchase", ROUGH), ("escrow_happy_path", ROUGH | ANOTHER_OPERATOR)],
    ids=["first_purchase", "escrow_happy_path of another operator"],
)
def test_a_story_while_answers_are_lost_and_messages_refused(
    story: str, environ: dict[str, str], begin: Callable[..., SmppWorld]
) -> None:
    world = begin(**environ)
    Player(world).play(read(story), story)
    once_each(world)
    assert world.smsc.count("dropped") >= 1
    assert world.smsc.count("throttled") >= 2


def test_a_story_while_the_smsc_is_killed_and_comes_back(begin: Callable[..., SmppWorld]) -> None:
    world = begin(DLR="1")
    player = Player(world)
    paragraphs = read("by_sms_alone").split("\n\n")
    kills = {2, len(paragraphs) // 2, len(paragraphs) - 2}
    for number, paragraph in enumerate(paragraphs):
        if number in kills:
            world.smsc.settle(quiet=1)
            times = world.smsc.count("bound")
            world.smsc.kill()
            world.smsc.sms(SRI, "BANTU")  # sent while it is down
            world.smsc.start()
            world.smsc.wait_until_bound(times + 1)
            world.receive(SRI, player.phones["Sri"].read)
            player.phones["Sri"].read += 1
        player.play(paragraph, f"by_sms_alone, paragraph {number}")


def test_a_long_sms_is_answered_once(begin: Callable[..., SmppWorld]) -> None:
    world = begin()
    world.send(SRI, f"DAFTAR Inaq Sri{' ' * 300}#Durian")
    assert "Setuju?" in world.receive(SRI, 0)
    assert world.count(SRI) == 1


def test_a_dialling_phone_gets_home_after_the_smsc_was_killed(
    begin: Callable[..., SmppWorld],
) -> None:
    world = begin()
    first = world.smsc.turn(SRI, "*123*45#", dials=True)
    assert first.startswith("CON ")
    world.smsc.kill()
    world.smsc.start()
    world.smsc.wait_until_bound(2)
    assert world.smsc.turn(SRI, "1", dials=False) == first, "its session began anew"
    assert world.smsc.turn(SRI, "1", dials=False) not in (first, "")


def test_the_worker_is_killed_and_nothing_is_lost_or_comes_twice(
    begin: Callable[..., SmppWorld],
) -> None:
    left = SPELL - time.time() % SPELL  # what comes after a restart has its name to the end of it
    time.sleep(left if left < 40 else 0)
    world = begin(DLR="1")
    phones = [f"+62812345{number:05d}" for number in range(30)]
    numbers = [world.smsc.sms(phone, "BANTU") for phone in phones]
    for wanted in (5, 15):
        wait_until(lambda n=wanted: world.smsc.count("sms") >= n, 20)
        world.market.child("worker").kill()
        wait_until(lambda: world.market.child("worker") is not None, 20)
    wait_until(lambda: all(world.smsc.is_taken(number) for number in numbers), 30)
    for phone in phones:
        assert "BANTU" in world.receive(phone, 0)
    world.smsc.settle(quiet=8)  # leases and waits for reports are over by then
    assert [len(world.smsc.to(phone)) for phone in phones] == [1] * len(phones)


def test_the_worker_says_good_bye(begin: Callable[..., SmppWorld]) -> None:
    world = begin()
    took, left = world.market.finish()
    assert took < 8
    assert left == []
    wait_until(lambda: world.smsc.count("unbound") == 1, 5)
