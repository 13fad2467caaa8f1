"""Real programs that the gateway talks to; a test is skipped where its program is missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.smsd import Modem, missing


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[Modem]:
    """A modem that runs."""
    if reason := missing():
        pytest.skip(reason)
    with Modem(tmp_path / "modem") as modem:
        yield modem
