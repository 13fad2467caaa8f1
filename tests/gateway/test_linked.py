"""A link that is lost is listened to again."""

import threading

import pytest

from gateway import linked
from gateway.linked import LinkKeeper
from gateway.providers import Take
from tests.support.processes import wait_until


class Line:
    """A link that is lost as often as it is told, then holds."""

    def __init__(self, *losses: Exception | None) -> None:
        self.losses = list(losses)
        self.runs = 0
        self.holds = threading.Event()

    def run(self, take: Take, stopping: threading.Event) -> None:
        self.runs += 1
        if self.losses:
            loss = self.losses.pop(0)
            if loss:
                raise loss
            return
        take(None)
        self.holds.set()
        stopping.wait()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked, "FIRST_WAIT", 0.01)


def kept(line: Line) -> tuple[LinkKeeper, list[object]]:
    taken: list[object] = []

    def take(event: object) -> str:
        taken.append(event)
        return ""

    keeper = LinkKeeper("line", line, take)
    keeper.start()
    return keeper, taken


@pytest.mark.usefixtures("quick")
def test_a_lost_link_is_tried_until_it_holds(caplog: pytest.LogCaptureFixture) -> None:
    line = Line(OSError("no route"), None, OSError("no route"))
    keeper, taken = kept(line)
    assert line.holds.wait(10)
    keeper.stop()
    keeper.join(5)
    assert not keeper.is_alive()
    assert (line.runs, taken) == (4, [None])
    told = [record.getMessage() for record in caplog.records]
    assert told == ["line: the link is lost, and is tried again (OSError: no route)"]


def test_waits_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked, "FIRST_WAIT", 0.05)
    line = Line(*[OSError("gone")] * 100)
    keeper, _ = kept(line)
    wait_until(lambda: line.runs >= 4, 10)
    keeper.stop()
    keeper.join(5)
    assert line.runs < 10, "it is tried ever less often"
