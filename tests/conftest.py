"""What many tests need."""

import signal
from pathlib import Path

import pytest

import settings as configuration
from settings import Settings
from store.shop import Shop
from tests.support import market
from tests.support.clock import TurnableClock

# A shell that starts the tests in the background has them ignore Ctrl-C, and all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The defaults and known secrets, in a data directory of the test's own."""
    return configuration.load(
        {
            "PASAR_DATA_DIR": str(tmp_path / "var"),
            "PASAR_PEPPER": "pepper-of-tests-" * 2,
            "PASAR_SECRET_KEY": "secret-key-of-tests-" * 2,
            "PASAR_HOOK_TOKENS": "hook-token-of-the-tests",
        }
    )


@pytest.fixture
def clock() -> TurnableClock:
    """Stands still, at nine o'clock in Lombok on a Monday."""
    return TurnableClock()


@pytest.fixture
def shop(settings: Settings, clock: TurnableClock) -> Shop:
    """An empty shop with plain wording; the same each time."""
    return market.open_shop(settings, clock)
