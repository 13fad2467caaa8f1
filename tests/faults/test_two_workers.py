"""Two workers at once keep to what a link may be given, and send nothing twice."""

from collections import Counter
from pathlib import Path

import pytest

from store import outbox
from tests.support.at_faults import Faults, always
from tests.support.at_server import AfricasTalkingServer
from tests.support.pieces import Pieces
from tests.support.processes import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.processes]

MESSAGES, RATE = 100, 20


def send(data_dir: Path, without: str = "") -> tuple[Counter[str], float, int]:
    """How often each phone's message arrived, the seconds from the first to the last, and how many
    workers had one."""
    rate = f"africastalking:{RATE}"
    with (
        AfricasTalkingServer() as at,
        Pieces(data_dir, at, PASAR_SEND_RATE=rate, PASAR_SWEEP_EVERY="1s") as pieces,
    ):
        at.faults = Faults(slow=always, slow_seconds=0.3, reports="none")
        pieces.open(workers=2, without=without)
        wait_until(lambda: len(list((data_dir / "workers").glob("*.worker"))) == 2)
        with pieces.shop.write() as tx:
            for n in range(MESSAGES):
                outbox.put(tx, f"+62812345{n:05d}", "Halo", notice="news", kind="reply")
        wait_until(lambda: not pieces.left())
        at.settle(quiet=1.0)
        times = [sms.at_monotonic for sms in at.sent]
        with pieces.shop.read() as tx:
            workers = tx.value("SELECT COUNT(DISTINCT worker) FROM outbox")
        print(f"{len(times)} SMS by {workers} workers in {max(times) - min(times):.2f} s")
        return Counter(sms.to for sms in at.sent), max(times) - min(times), workers


def test_two_workers_keep_one_rate_and_send_nothing_twice(tmp_path: Path) -> None:
    arrived, seconds, workers = send(tmp_path / "var")
    assert workers == 2
    assert set(arrived.values()) == {1}
    assert len(arrived) == MESSAGES
    # A second's worth may leave at once. The first is some moments on its way, hence not the whole.
    assert seconds > (MESSAGES - RATE) / RATE * 0.95


def test_twin_without_a_common_count_they_are_faster(tmp_path: Path) -> None:
    arrived, seconds, _ = send(tmp_path / "var", "a_rate_for_all_workers")
    assert set(arrived.values()) == {1}
    assert seconds < (MESSAGES - RATE) / RATE * 0.95


def test_twin_without_a_look_at_what_the_other_sends_some_arrive_twice(tmp_path: Path) -> None:
    arrived, *_ = send(tmp_path / "var", "a_look_at_what_others_send")
    assert max(arrived.values()) > 1
