"""What was taken with a 200 is answered exactly once, whatever happens meanwhile: the web server
is killed again and again, another program holds the database, the disk is full, or the whole
machine goes out.

The twins take away what this rests on (see tests.support.without).
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from store.database import Database
from tests.support.at_server import AfricasTalkingServer
from tests.support.full_disk import filled_up, small_disk
from tests.support.held import held
from tests.support.phones_writing import PhonesWriting, order_of_answers
from tests.support.processes import kill, wait_until
from tests.support.worlds import RealWorld

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.timeout(300)]

PHONES, EACH = 200, 5
KILL_AFTER = 100  # messages taken since the last kill


@contextmanager
def market(data_dir: Path, without: str = "") -> Iterator[RealWorld]:
    settings = {"PASAR_SWEEP_EVERY": "1s", "PASAR_LEASE": "5s", "PASAR_REPORT_WITHIN": "2s"}
    if without:
        settings["WITHOUT"] = without
    with AfricasTalkingServer() as at:
        world = RealWorld(data_dir, at, **settings)
        try:
            yield world
        finally:
            world.close()


def has_taken(phones: PhonesWriting, wanted: int) -> bool:
    return len(phones.taken) >= wanted


def check_answered(world: RealWorld, phones: PhonesWriting, *, twice: int = 0) -> None:
    """Each SMS that was taken is answered, a phone's in the order in which it wrote them; `twice`
    at most are answered once more."""
    world.at.wait_until_no_more(enough=len(phones.taken), quiet=8)
    texts: dict[str, list[str]] = {msisdn: [] for msisdn in phones.of_phone}
    for sms in world.at.sent:
        texts[sms.to].append(sms.text)
    times: Counter[int] = Counter()
    in_order = 0
    for msisdn, of_phone in phones.of_phone.items():
        order = order_of_answers(of_phone, texts[msisdn])
        assert len(order) == len(texts[msisdn]), "an answer to nothing"
        times.update(order.count(n) for n, sms in enumerate(of_phone) if sms.was_taken)
        firsts = list(dict.fromkeys(order))
        in_order += firsts == sorted(firsts)
    said = f"answered so often: {dict(times)}; the hook's answers: {dict(phones.statuses)}"
    print(said)
    assert set(times) <= {1, 2}, said
    assert times[2] <= twice, said
    assert in_order == len(phones.of_phone), (
        f"{len(phones.of_phone) - in_order} phones' in disorder"
    )


def check_books(world: RealWorld) -> None:
    assert world.market.run("db", "check").startswith("ok: ")


# The web server is killed.


def kill_web(world: RealWorld, *, kills: int, phones: int = PHONES) -> PhonesWriting:
    """Kills, by turns, one of its processes and all of them, each time that it has taken some; all
    are taken in the end."""
    writing = PhonesWriting(world.hooks, phones, EACH).start()
    for n in range(1, kills + 1):
        wait_until(partial(has_taken, writing, n * KILL_AFTER), 60)
        web = world.market.child("web")
        if web is not None:  # else it ended by itself, since its processes keep dying
            one_of_it = web.children()[:1]
            kill(*one_of_it if n % 2 and one_of_it else [web, *web.children()])
    writing.wait_until_taken(60)
    return writing


def test_web_killed_again_and_again(tmp_path: Path) -> None:
    with market(tmp_path / "var") as world:
        phones = kill_web(world, kills=9)
        assert phones.statuses[None] > 0, "the kills found nothing in the middle"
        check_answered(world, phones)
        check_books(world)


@pytest.mark.parametrize("safeguard", ["writing_before_the_200", "knowing_what_came_before"])
def test_twin_web_killed(tmp_path: Path, safeguard: str) -> None:
    with market(tmp_path / "var", safeguard) as world:
        phones = kill_web(world, kills=2, phones=60)
        with pytest.raises(AssertionError, match="answered so often"):
            check_answered(world, phones)


# Another program holds the database.


def hold_database(
    world: RealWorld, data_dir: Path, *, seconds: float, phones: int, each: int = EACH
) -> PhonesWriting:
    gap = (seconds + 4) * 40 / (phones * each)  # they write before it, all the while, and after it
    writing = PhonesWriting(world.hooks, phones, each, gap=gap).start()
    wait_until(partial(has_taken, writing, 10), 60)
    with held(data_dir / "pasar.db"):
        time.sleep(seconds)
        spooled = in_spool(data_dir)
    writing.wait_until_taken(60)
    print(f"{spooled} in the spool; the longest wait for a 200 was {writing.longest:.2f} s")
    assert set(writing.statuses) == {200}
    return writing


def test_database_held_by_another_program(tmp_path: Path) -> None:
    with market(tmp_path / "var") as world:
        phones = hold_database(world, tmp_path / "var", seconds=10, phones=PHONES)
        check_answered(world, phones)
        check_books(world)


@pytest.mark.parametrize("safeguard", ["a_spool_that_is_written", "a_spool_in_order"])
def test_twin_database_held(tmp_path: Path, safeguard: str) -> None:
    with market(tmp_path / "var", safeguard) as world:
        phones = hold_database(world, tmp_path / "var", seconds=4, phones=40, each=12)
        with pytest.raises(AssertionError, match=r"answered so often|in disorder"):
            check_answered(world, phones)


# The disk is full.


def fill_disk(world: RealWorld, data_dir: Path, *, phones: int) -> PhonesWriting:
    writing = PhonesWriting(world.hooks, phones, EACH, gap=0.2).start()
    wait_until(partial(has_taken, writing, 50), 60)
    with filled_up(data_dir):
        time.sleep(5)
        taken, kept = len(writing.taken), in_inbox(data_dir) + in_spool(data_dir)
        print(f"disk full: {taken} taken, {kept} kept, the hook's answers {dict(writing.statuses)}")
        time.sleep(0.5)
        assert taken <= kept <= len(writing.taken), f"{taken} taken, {kept} kept"
        assert writing.statuses[503] > 100, "it was not full"
    writing.wait_until_taken(60)
    return writing


def in_inbox(data_dir: Path) -> int:
    with Database(data_dir / "pasar.db").read() as connection:
        return int(connection.value("SELECT COUNT(*) FROM inbox"))


def in_spool(data_dir: Path) -> int:
    return len(list((data_dir / "spool").glob("*.event")))


def test_disk_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 32) as disk, market(disk / "var") as world:
        phones = fill_disk(world, disk / "var", phones=PHONES)
        check_answered(world, phones)
        check_books(world)


def test_twin_disk_full(tmp_path: Path) -> None:
    without = "a_spool_that_owns_up"
    with (
        small_disk(tmp_path / "disk", 32) as disk,
        market(disk / "var", without) as world,
        pytest.raises(AssertionError, match=r"\d+ taken, \d+ kept"),
    ):
        fill_disk(world, disk / "var", phones=PHONES)


# The machine goes out.


def power_cut(tmp_path: Path, without: str = "") -> None:
    with market(tmp_path / "var", without) as world:
        phones = PhonesWriting(world.hooks, PHONES, EACH).start()
        wait_until(partial(has_taken, phones, PHONES * EACH // 3), 60)
        kill(*world.market.everybody(), world.market.process)
        port = str(world.market.port)
        again = RealWorld(tmp_path / "var", world.at, **world.settings, PASAR_PORT=port)
        try:
            phones.wait_until_taken(60)
            check_answered(again, phones, twice=unknown(tmp_path / "var"))
            check_books(again)
        finally:
            again.close()


def unknown(data_dir: Path) -> int:
    """How many attempts to send had an outcome that nobody knows."""
    with Database(data_dir / "pasar.db").read() as connection:
        return int(
            connection.value(
                "SELECT COUNT(*) FROM attempts WHERE outcome IS NULL OR outcome = 'unknown'"
            )
        )


def test_everything_killed_at_once(tmp_path: Path) -> None:
    power_cut(tmp_path)


def test_twin_everything_killed_at_once(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="answered so often"):
        power_cut(tmp_path, "writing_before_the_200")
