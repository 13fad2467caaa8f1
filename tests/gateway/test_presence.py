"""A worker that is killed is known to be dead at once."""

import signal
import subprocess
import sys
from pathlib import Path

from gateway.presence import Presence

BE_THERE = """
import sys, time
from pathlib import Path
from gateway.presence import Presence
presence = Presence(Path(sys.argv[1]))
print(presence.name, flush=True)
time.sleep(60)
"""


def test_a_killed_worker_is_dead_and_a_living_one_is_not(tmp_path: Path) -> None:
    mine = Presence(tmp_path / "workers")
    command = [sys.executable, "-c", BE_THERE, str(tmp_path / "workers")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        name = other.stdout.readline().strip()
        assert mine.dead() == []
        other.send_signal(signal.SIGKILL)
        other.wait(5)
        assert mine.dead() == [name]
        assert mine.dead() == [name], "until it is dealt with"
        mine.forget(name)
        assert mine.dead() == []


def test_two_in_one_process_are_both_alive(tmp_path: Path) -> None:
    one, two = (Presence(tmp_path) for _ in range(2))
    assert (one.dead(), two.dead()) == ([], [])
