"""Real programs that the gateway talks to; a test is skipped where its program is missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import kannel as kannel_programs
from bench.kannel import Kannel
from tests.support import smsd
from tests.support.smsd import Modem


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[Modem]:
    """A modem that runs."""
    if reason := smsd.missing():
        pytest.skip(reason)
    with Modem(tmp_path / "modem") as modem:
        yield modem


@pytest.fixture
def kannel(tmp_path: Path) -> Iterator[Kannel]:
    """A Kannel that is not started yet."""
    if missing := kannel_programs.missing():
        pytest.skip(f"Kannel is not installed: no {', '.join(missing)} on the path")
    with Kannel(tmp_path / "kannel") as kannel:
        yield kannel
