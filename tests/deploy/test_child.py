"""Processes that are started, kept and stopped."""

import signal
import subprocess
import sys
import time

import psutil
import pytest

from deploy import child as deploy_child
from deploy.child import Child, Keeper
from tests.support.processes import is_alive, wait_until

pytestmark = pytest.mark.processes

FAMILY = ["sh", "-c", "sleep 300 & sleep 300 & wait"]
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("says nothing more", flush=True)
time.sleep(300)
"""
STARTER = """
import time
from deploy import child
{before}
orphan = child.Child("orphan", ["sleep", "300"])
orphan.spawn()
print(orphan.pid, flush=True)
time.sleep(300)
"""


def family_of(child):
    """The child's process and what it started, once both of its sleepers are there."""
    parent = psutil.Process(child.pid)
    wait_until(lambda: len(parent.children()) == 2, 10)
    return [parent, *parent.children()]


def wait_until_gone(processes):
    wait_until(lambda: not any(is_alive(process) for process in processes), 5)


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_what_a_child_started_ends_with_it(how):
    child = Child("family", FAMILY)
    child.spawn()
    family = family_of(child)
    assert len(family) == 3

    getattr(child, how)()

    wait_until_gone(family)
    assert child.pid is None


def test_without_a_signal_to_the_group_what_a_child_started_would_live_on(monkeypatch):
    monkeypatch.setattr(Child, "_signal_group", lambda *_: None)
    child = Child("family", FAMILY)
    child.spawn()
    _, *sleepers = family_of(child)

    child.stop()

    time.sleep(0.5)
    assert all(is_alive(sleeper) for sleeper in sleepers)
    for sleeper in sleepers:
        sleeper.kill()


def test_what_a_child_started_ends_when_the_child_is_killed_by_somebody_else():
    child = Child("family", FAMILY)
    child.spawn()
    parent, *sleepers = family_of(child)

    parent.kill()

    assert child.wait(5) == -signal.SIGKILL
    wait_until_gone(sleepers)


def test_a_child_that_will_not_stop_is_killed_in_time(capfd):
    child = Child("deaf", [sys.executable, "-c", DEAF])
    child.spawn()
    wait_until(lambda: "deaf   | says nothing more" in capfd.readouterr().out, 10)

    started = time.monotonic()
    child.stop(within=0.3)

    assert child.ended() == -signal.SIGKILL
    assert time.monotonic() - started < 3


def test_a_frozen_child_stops_by_its_own_means():
    child = Child("frozen", ["sleep", "300"])
    child.spawn()
    psutil.Process(child.pid).suspend()

    child.stop(within=5)

    assert child.ended() == -signal.SIGTERM


def orphan_of(before=""):
    """What is left of a child whose starter was killed."""
    program = [sys.executable, "-c", STARTER.format(before=before)]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as starter:
        orphan = psutil.Process(int(starter.stdout.readline()))
        starter.kill()
    return orphan


def test_a_child_ends_with_whoever_started_it():
    wait_until_gone([orphan_of()])


def test_without_the_tie_to_its_starter_a_child_would_live_on():
    orphan = orphan_of(before="child.end_with_parent = lambda: None")
    time.sleep(0.5)
    assert is_alive(orphan)
    orphan.kill()


def test_a_kept_child_comes_back_and_waits_longer_each_time_that_it_fails(monkeypatch, capsys):
    monkeypatch.setattr(deploy_child, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(deploy_child, "LONGEST_PAUSE", 0.2)
    child = Child("short", ["false"])
    keeper = Keeper(child)
    child.spawn()

    lines = []

    def five_lines():
        keeper.look()
        lines.extend(capsys.readouterr().out.splitlines())
        return len(lines) == 5

    wait_until(five_lines, 20)

    assert lines == [
        f"short  | ended with code 1; starting it again in {pause} s"
        for pause in (0.05, 0.1, 0.2, 0.2, 0.2)
    ]


def test_a_kept_child_that_cannot_be_started_is_tried_again(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(deploy_child, "FIRST_PAUSE", 0.05)
    program = tmp_path / "program"
    child = Child("late", [str(program)])
    keeper = Keeper(child)

    def after_a_look(what):
        keeper.look()
        return what()

    wait_until(lambda: after_a_look(lambda: "could not start" in capsys.readouterr().out), 10)

    program.write_text("#!/bin/sh\nexec sleep 300\n")
    program.chmod(0o755)
    wait_until(lambda: after_a_look(lambda: child.pid), 10)
    child.kill()
