"""`flask --app app db backup` and `restore`: whole copies, and nothing lost without being told."""

import os
import shutil
import threading
from contextlib import closing
from pathlib import Path

import pytest

from settings import Settings
from store import backup, check, heads, heartbeats
from store.database import Database, sqlite3
from store.migrations import migrations
from store.shop import Shop
from tests.support import market
from tests.support.clock import TurnableClock
from tests.web.conftest import shell_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the copy is to be."""
    return tmp_path / "copies" / "pasar-copy.db"


@pytest.fixture(autouse=True)
def folder(file: Path) -> None:
    file.parent.mkdir()


def opened(path: Path, settings: Settings) -> Shop:
    """The shop of a database file, with the data directory that the file is in."""
    changes = {"database_url": f"sqlite:///{path}", "data_dir": path.parent}
    return Shop(settings.model_copy(update=changes), market.plain)


def placed(shop: Shop) -> int:
    with shop.read() as tx:
        return int(tx.value("SELECT COUNT(*) FROM orders"))


def test_a_copy_is_one_whole_file_that_only_its_owner_reads(
    shop: Shop, run, file: Path, settings: Settings
) -> None:
    sri, _, rice = market.trade(shop)
    market.order(shop, sri, rice)
    result = run("db", "backup", file)
    assert result.exit_code == 0
    assert f"{file}: {file.stat().st_size} bytes, checked" in result.output
    assert "secrets" in result.output
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o400)
    copy = opened(file, settings)
    assert placed(copy) == 1
    assert check.first_fault(copy) is None


def test_a_copy_is_made_in_the_middle_of_trade(shop: Shop, file: Path, settings: Settings) -> None:
    sri, _, rice = market.trade(shop, stock=9_000)
    stopping = threading.Event()
    sold = []

    def trade() -> None:
        while not stopping.is_set():
            sold.append(market.order(shop, sri, rice, 1, again=True))
        shop.database.close()

    trader = threading.Thread(target=trade)
    trader.start()
    try:
        for n in range(5):
            before = len(sold)
            backup.save(shop.database, file, force=n > 0)
            copy = opened(file, settings)
            assert check.first_fault(copy) is None
            assert before <= placed(copy) <= len(sold) + 1
            copy.database.close()
    finally:
        stopping.set()
        trader.join()
    assert len(sold) > 5


def test_a_copy_that_is_there_is_replaced_only_by_force(shop: Shop, run, file: Path) -> None:
    file.write_text("last week's")
    result = run("db", "backup", file)
    assert result.exit_code == 1
    assert f"{file} is there already" in result.output
    assert file.read_text() == "last week's"
    assert run("db", "backup", file, "--force").exit_code == 0
    assert file.read_bytes().startswith(b"SQLite format 3")


def test_a_copy_that_fails_leaves_nothing_behind(
    shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    file.write_text("last week's")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        backup.save(shop.database, file, force=True)
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert file.read_text() == "last week's"


def test_a_damaged_database_gives_no_copy(shop: Shop, run, file: Path) -> None:
    market.trade(shop)
    raw = shop.database.connection().raw
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.execute("UPDATE listings SET price = 0")
    raw.commit()
    result = run("db", "backup", file)
    assert result.exit_code == 1
    assert "the copy is damaged: CHECK constraint failed in listings" in result.output
    assert not file.exists()


def test_nowhere_to_write_is_told_in_one_line(run, tmp_path: Path) -> None:
    result = run("db", "backup", tmp_path / "no" / "such" / "folder.db")
    assert result.exit_code == 1
    assert "cannot be written (No such file or directory)" in result.output


def test_restored_and_what_was_there_is_kept(
    shop: Shop, run, file: Path, settings: Settings, clock: TurnableClock
) -> None:
    sri, _, rice = market.trade(shop)
    market.order(shop, sri, rice)
    backup.save(shop.database, file)
    clock.turn(minutes=1)
    market.order(shop, sri, rice, again=True)

    refused = run("db", "restore", file)
    assert refused.exit_code == 1
    assert "what came between would be gone" in refused.output
    assert placed(shop) == 2

    result = run("db", "restore", file, "--force")
    assert result.exit_code == 0, result.output
    kept = Path(f"{settings.database_path}.before-restore")
    assert f"kept as {kept}" in result.output
    restored = opened(settings.database_path, settings)
    assert placed(restored) == 1
    assert check.first_fault(restored) is None
    assert placed(opened(kept, settings)) == 2
    assert placed(opened(file, settings)) == 1, "the backup itself stays"


def check_an_older_copy_is_sound_once_it_is_restored(
    shop: Shop, file: Path, settings: Settings
) -> None:
    sri, _, rice = market.trade(shop)
    backup.save(shop.database, file)
    market.order(shop, sri, rice)
    backup.restore(shop, file, force=True)
    restored = opened(settings.database_path, settings)
    assert check.first_fault(restored) is None


def test_the_ends_of_the_chains_are_those_of_the_copy(
    shop: Shop, file: Path, settings: Settings
) -> None:
    check_an_older_copy_is_sound_once_it_is_restored(shop, file, settings)
    kept = Path(f"{settings.heads_path}.before-restore")
    assert heads.read(kept)["events"].seq == heads.read(settings.heads_path)["events"].seq + 1
    replaced = opened(Path(f"{settings.database_path}.before-restore"), settings)
    assert check.first_fault(replaced, kept) is None
    market.register(shop, market.DEWI)
    assert check.first_fault(shop) is None
    assert heads.read(settings.heads_path)["events"].seq == 4


def test_twin_with_the_ends_left_there_the_copy_looks_cut_off(
    shop: Shop, file: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "start", lambda *_: None)
    with pytest.raises(AssertionError, match="missing at the end"):
        check_an_older_copy_is_sound_once_it_is_restored(shop, file, settings)


def test_a_copy_as_new_as_the_database_needs_no_force(shop: Shop, run, file: Path) -> None:
    sri, _, rice = market.trade(shop)
    market.order(shop, sri, rice)
    backup.save(shop.database, file)
    assert run("db", "restore", file).exit_code == 0
    assert placed(shop) == 1


def test_each_restore_keeps_what_it_replaces(
    shop: Shop, run, file: Path, settings: Settings
) -> None:
    backup.save(shop.database, file)
    for _ in range(3):
        assert run("db", "restore", file).exit_code == 0
    kept = {path.name for path in settings.data_dir.glob("*.before-restore*")}
    assert kept == {f"pasar.db.before-restore{n}" for n in ("", "-2", "-3")}


def test_refused_while_a_worker_was_seen_lately(
    shop: Shop, run, file: Path, clock: TurnableClock
) -> None:
    heartbeats.beat(shop, "worker:1")
    backup.save(shop.database, file)
    result = run("db", "restore", file)
    assert result.exit_code == 1
    assert "the market is open" in result.output
    clock.turn(seconds=31)
    assert run("db", "restore", file).exit_code == 0


def test_refused_while_another_program_has_the_database_open(
    shop: Shop, run, file: Path, settings: Settings
) -> None:
    backup.save(shop.database, file)
    web_server = Database(settings.database_path)
    with web_server.read() as connection:
        connection.value("SELECT 1 FROM people")
    result = run("db", "restore", file)
    assert result.exit_code == 1
    assert "the market is open" in result.output
    web_server.close()
    assert run("db", "restore", file).exit_code == 0


def test_the_log_of_the_replaced_database_stays_with_it(
    shop: Shop, file: Path, settings: Settings
) -> None:
    """As after a power cut: what was traded last is in the log only."""
    sri, _, rice = market.trade(shop)
    backup.save(shop.database, file)
    _cut_the_power(shop, lambda: market.order(shop, sri, rice))
    path = settings.database_path
    assert Path(f"{path}-wal").stat().st_size > 0

    done = backup.restore(opened(path, settings), file, force=True)
    assert placed(opened(path, settings)) == 0
    assert placed(opened(done.kept, settings)) == 1
    assert check.first_fault(opened(path, settings)) is None


def test_twin_with_the_log_left_there_the_copy_would_be_spoilt(
    shop: Shop, file: Path, settings: Settings
) -> None:
    sri, _, rice = market.trade(shop)
    backup.save(shop.database, file)
    _cut_the_power(shop, lambda: market.order(shop, sri, rice))
    shutil.copy(file, settings.database_path)
    restored = opened(settings.database_path, settings)
    assert check.first_fault(restored) or placed(restored) != 0


def _cut_the_power(shop: Shop, work) -> None:
    path = shop.database.path
    work()
    after = {suffix: Path(f"{path}{suffix}").read_bytes() for suffix in ("", "-wal")}
    shop.database.close()
    for suffix, content in after.items():
        Path(f"{path}{suffix}").write_bytes(content)


def test_what_is_no_sound_copy_is_refused(shop: Shop, run, file: Path, settings: Settings) -> None:
    sri, _, rice = market.trade(shop)
    market.order(shop, sri, rice)
    backup.save(shop.database, file)
    whole = file.read_bytes()

    def refused(told: str) -> None:
        result = run("db", "restore", file, "--force")
        assert result.exit_code == 1
        assert told in result.output
        assert result.output.count("\n") == 1
        assert placed(shop) == 1

    file.write_bytes(b"something else entirely" * 999)
    refused("file is not a database")
    file.write_bytes(b"")
    refused("not a database of this program")
    file.write_bytes(whole[: len(whole) // 2])
    refused("malformed")
    for statement, told in {
        "UPDATE orders SET quantity = 1": "is damaged: CHECK constraint failed in orders",
        "DELETE FROM people": "names what is not there",
        "UPDATE _sqlite_migrations SET name = 'x' WHERE id = 2": "is from a newer version",
        "DELETE FROM _sqlite_migrations": "not a database of this program",
    }.items():
        file.write_bytes(whole)
        with closing(sqlite3.connect(str(file))) as copy, copy:
            copy.execute("PRAGMA ignore_check_constraints = ON")
            copy.execute(statement)
        refused(told)
    file.unlink()
    refused("no such file")
    result = run("db", "restore", settings.database_path, "--force")
    assert "is the database itself" in result.output
    assert not list(settings.data_dir.glob("*.new*"))
    assert not list(settings.data_dir.glob("*.before-restore*"))


def test_an_older_schema_is_restored_and_told(
    shop: Shop, run, file: Path, settings: Settings
) -> None:
    with shop.write() as tx:
        tx.event(market.SRI, "test", "test:1")
    with closing(sqlite3.connect(str(file))) as raw:
        migrations.apply(backup.sqlite_utils.Database(raw), stop_before="messages")
    result = run("db", "restore", file, "--force")
    assert result.exit_code == 0
    assert "run `flask --app app db migrate`" in result.output
    assert not settings.heads_path.exists()
    assert shop.migrate()[0] == "messages"
    assert check.first_fault(shop) is None


def test_a_database_that_cannot_be_read_is_replaced_without_force(
    shop: Shop, run, file: Path, settings: Settings
) -> None:
    backup.save(shop.database, file)
    shop.database.close()
    settings.database_path.write_bytes(b"what a dying disk left" * 500)
    result = run("db", "restore", file)
    assert result.exit_code == 0, result.output
    assert check.first_fault(opened(settings.database_path, settings)) is None
    assert Path(f"{settings.database_path}.before-restore").read_bytes().startswith(b"what a")


def test_restored_onto_a_new_machine(
    shop: Shop, file: Path, settings: Settings, tmp_path: Path
) -> None:
    sri, _, rice = market.trade(shop)
    market.order(shop, sri, rice)
    backup.save(shop.database, file)
    fresh = opened(tmp_path / "new.db", settings)
    result = shell_of(fresh)("db", "restore", file)
    assert result.exit_code == 0, result.output
    assert "kept" not in result.output
    assert placed(fresh) == 1


def test_a_restore_that_fails_at_the_last_moment_loses_nothing(
    shop: Shop, file: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sri, _, rice = market.trade(shop)
    backup.save(shop.database, file)
    market.order(shop, sri, rice)
    put = os.replace

    def fail(source: object, target: object) -> None:
        if Path(str(target)) == settings.database_path:
            raise OSError(5, "Input/output error")
        put(str(source), str(target))

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="Input/output"):
        backup.restore(shop, file, force=True)
    assert placed(opened(settings.database_path, settings)) == 1
    assert check.first_fault(opened(settings.database_path, settings)) is None
    assert not list(settings.data_dir.glob("*.new*"))
