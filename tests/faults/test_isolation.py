"""What does not work holds up nothing else: neither a number that always hangs the others of its
link, nor a link that is down the others.

Each compares two measurements of one run; no time is a matter of the machine. The twins take away
what this rests on (see tests.support.without).
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from store import outbox
from tests.support.at_faults import Faults, always
from tests.support.at_server import AfricasTalkingServer
from tests.support.pieces import Pieces
from tests.support.processes import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.processes]

PHONES, BAD, ROUNDS = 400, 20, 3
TROUBLED = "+6281299999999"
WELL = Faults(slow=always, slow_seconds=0.05, reports="none")
PROVIDERS = Path(__file__).parents[1] / "support" / "providers"


@contextmanager
def two_links(
    data_dir: Path, without: str = ""
) -> Iterator[tuple[Pieces, AfricasTalkingServer, AfricasTalkingServer]]:
    with AfricasTalkingServer() as first, AfricasTalkingServer() as second:
        first.faults = second.faults = WELL
        with Pieces(
            data_dir,
            first,
            PASAR_SMS_PROVIDER="africastalking,other",
            PASAR_PROVIDERS_DIR=str(PROVIDERS),
            PASAR_OTHER_URL=second.base_url,
            PASAR_SEND_AT_ONCE="16",
            PASAR_SMS_DAILY_BUDGET="100000000",
            PASAR_SMS_PER_PHONE="100000",
        ) as pieces:
            yield pieces.open(without=without), first, second


Bad = Callable[[int], str]
"""The phones of the messages that are in trouble."""


def delays(pieces: Pieces, at: AfricasTalkingServer, route: str, bad: Bad) -> float:
    """The median of seconds that messages by this link take, while as many as BAD more go by the
    first to the phones that `bad` names."""
    before = len(at.sent)
    phones = {f"+62812345{n:05d}" for n in range(PHONES)}
    with pieces.shop.write() as tx:
        for n in range(BAD):
            outbox.put(tx, bad(n), "Halo", notice="news", kind="reply", route="africastalking")
        for msisdn in sorted(phones):
            outbox.put(tx, msisdn, "Halo", notice="news", kind="reply", route=route)
    began = time.monotonic()

    def arrived() -> list[float]:
        return [sms.at_monotonic for sms in at.sent[before:] if sms.to in phones]

    wait_until(lambda: len(arrived()) >= PHONES, 60)
    return statistics.median(arrived()) - began


def growth(
    pieces: Pieces,
    at: AfricasTalkingServer,
    route: str,
    bad: Bad,
    break_it: Callable[[], None],
    rounds: int = ROUNDS,
) -> float:
    """How many times as long the messages take once that is broken: all rounds take less than one
    time-out of what hangs."""
    delays(pieces, at, route, bad)  # the worker is still starting
    well = [delays(pieces, at, route, bad) for _ in range(rounds)]
    break_it()
    broken = [delays(pieces, at, route, bad) for _ in range(rounds)]
    found = statistics.median(broken) / statistics.median(well)
    print(
        f"median delays {[f'{each:.3f}' for each in well]} s, then"
        f" {[f'{each:.3f}' for each in broken]} s: {found:.2f} times"
    )
    return found


def one_number_hangs(data_dir: Path, without: str = "", rounds: int = ROUNDS) -> float:
    with two_links(data_dir, without) as (pieces, first, _):

        def hang() -> None:
            first.faults = replace(WELL, hang_for={TROUBLED}, hang_seconds=60.0)

        return growth(pieces, first, "africastalking", lambda n: TROUBLED, hang, rounds)


def first_link_hangs(data_dir: Path, without: str = "", rounds: int = ROUNDS) -> float:
    with two_links(data_dir, without) as (pieces, first, second):

        def hang() -> None:
            first.faults = replace(WELL, hang=always, hang_seconds=60.0)

        return growth(pieces, second, "other", lambda n: f"+62812999{n:05d}", hang, rounds)


def first_link_refuses(data_dir: Path) -> float:
    with two_links(data_dir) as (pieces, first, second):
        found = growth(pieces, second, "other", lambda n: f"+62812999{n:05d}", first.stop)
        first.start()
        return found


def test_a_number_that_hangs_holds_up_no_other(tmp_path: Path) -> None:
    assert one_number_hangs(tmp_path / "var") < 1.5


def test_a_link_that_hangs_holds_up_no_other(tmp_path: Path) -> None:
    assert first_link_hangs(tmp_path / "var") < 1.5


def test_a_link_that_refuses_connections_holds_up_no_other(tmp_path: Path) -> None:
    assert first_link_refuses(tmp_path / "var") < 1.5


def test_twin_if_a_number_could_have_more_than_its_turn(tmp_path: Path) -> None:
    assert one_number_hangs(tmp_path / "var", "waiting_for_earlier_ones", rounds=1) > 1.5


def test_twin_if_links_shared_what_they_have(tmp_path: Path) -> None:
    assert first_link_hangs(tmp_path / "var", "links_apart", rounds=1) > 1.5
