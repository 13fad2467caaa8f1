"""The worker is killed in the middle of sending: no message is lost, and none is sent twice
unless its outcome was unknown."""

import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from store.database import Database
from tests.support import payloads
from tests.support.at_faults import Faults, always, every
from tests.support.at_server import AfricasTalkingServer
from tests.support.processes import wait_until
from tests.support.worlds import RealWorld

pytestmark = pytest.mark.processes

PHONES = [f"+62812345{number:05d}" for number in range(40)]


@contextmanager
def market(data_dir: Path, *, lease: str) -> Iterator[RealWorld]:
    with AfricasTalkingServer() as at:
        world = RealWorld(
            data_dir,
            at,
            PASAR_LEASE=lease,
            PASAR_REPORT_WITHIN="3s",
            PASAR_SEND_AT_ONCE="8",
            PASAR_SWEEP_EVERY="1s",
        )
        try:
            yield world
        finally:
            world.close()


def kill_while_sending(world: RealWorld, *, leave_no_trace: bool = False) -> None:
    # Each send takes a while and none is reported, so the kill finds eight in the middle; those
    # that were asked for and not taken would be lost.
    world.at.faults = Faults(slow=always, slow_seconds=0.4, lost_answer=every(7), reports="none")
    for phone in PHONES:
        assert world.post("sms", payloads.sms(phone, "BANTU")) == (200, "OK")
    for wanted in (8, 20):
        wait_until(partial(_has_sent, world, wanted), 30)
        worker = world.market.child("worker")
        assert worker is not None
        if leave_no_trace:
            shutil.rmtree(world.market.data_dir / "workers")
        worker.send_signal(signal.SIGKILL)


def _has_sent(world: RealWorld, wanted: int) -> bool:
    return len(world.at.sent) >= wanted


def test_worker_killed_while_sending(tmp_path: Path) -> None:
    kill_and_check(tmp_path, lease="2s")


def test_a_dead_worker_of_this_machine_is_known_before_its_leases_end(tmp_path: Path) -> None:
    kill_and_check(tmp_path, lease="1d")


def test_twin_of_a_worker_that_nobody_knows_of_a_message_would_hang(tmp_path: Path) -> None:
    """What the tests above rely on: what was being sent when the worker died is taken up again."""
    with pytest.raises(AssertionError, match="not within"):
        kill_and_check(tmp_path, lease="1d", leave_no_trace=True)


def kill_and_check(tmp_path: Path, *, lease: str, leave_no_trace: bool = False) -> None:
    with market(tmp_path / "var", lease=lease) as world:
        kill_while_sending(world, leave_no_trace=leave_no_trace)
        check(world, tmp_path)


def check(world: RealWorld, tmp_path: Path) -> None:
    wait_until(lambda: {sms.to for sms in world.at.sent} == set(PHONES), 30)
    world.at.settle(quiet=6, timeout=60)

    sent = Counter(sms.to for sms in world.at.sent)
    with Database(tmp_path / "var" / "pasar.db").read() as connection:
        unknown = Counter(
            {
                row["msisdn"]: row["unknown"]
                for row in connection.rows(
                    "SELECT outbox.msisdn, COUNT(*) AS unknown FROM outbox"
                    " JOIN attempts ON attempts.message_id = outbox.id"
                    " WHERE attempts.outcome IS NULL OR attempts.outcome = 'unknown'"
                    " GROUP BY outbox.msisdn"
                )
            }
        )
        states = Counter(row["state"] for row in connection.rows("SELECT state FROM outbox"))
    assert set(sent) == set(PHONES), "a message was lost"
    assert states == {"accepted": len(PHONES)}
    assert sum(unknown.values()) > 0, "the kill found nothing in the middle"
    for phone, times in sent.items():
        assert times <= 1 + unknown[phone], f"{phone} got it {times} times"
