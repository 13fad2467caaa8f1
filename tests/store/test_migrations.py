"""The schema: made once, whole or not at all, and strict."""

import pytest
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from settings import Settings
from store import check, sessions
from store.migrations import migrations
from store.shop import Shop
from tests.support.market import BUDI, SRI, SUKARARA, code_of, open_shop, plain, sell, trade
from tests.support.rivals import in_processes, in_threads

HAPPENS = (("place", SRI), ("accept", BUDI), ("send", BUDI), ("hand_over", BUDI))
OLD_ORDERS = ((1001, "10019", "sent", 3), (1002, "10024", "handed over", 4))
"""Id, number, state, and how much of `HAPPENS` has happened."""

COUNTED = (("person", 2), ("listing", 17), ("order", 1002))


def day(number: int) -> str:
    """A moment on a day of a month, as the database writes it."""
    return f"2026-01-{number:02}T00:00:00.000000Z"


def all_names() -> list[str]:
    """Every migration, in order."""
    return [migration.name for migration in migrations.pending(Database(memory=True))]


def test_a_second_time_there_is_nothing_to_do(settings: Settings) -> None:
    shop = Shop(settings, plain)
    assert shop.migrate() == all_names()
    assert shop.migrate() == []


def test_a_migration_that_fails_leaves_nothing_behind(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(db: object) -> None:
        raise ZeroDivisionError

    steps = list(migrations._migrations)
    monkeypatch.setattr(steps[-1], "fn", broken)
    shop = Shop(settings, plain)
    with pytest.raises(ZeroDivisionError):
        shop.migrate()
    monkeypatch.undo()
    assert len(shop.migrate()) == len(all_names())


def migrate(settings: Settings) -> list[str]:
    return Shop(settings, plain).migrate()


def test_of_several_threads_one_migrates(settings: Settings) -> None:
    done = in_threads([lambda: migrate(settings)] * 6)
    assert sorted(map(len, done)) == [0, 0, 0, 0, 0, len(all_names())]


@pytest.mark.slow
def test_of_several_processes_one_migrates(settings: Settings) -> None:
    done = in_processes(migrate, [(settings,)] * 4)
    assert sorted(map(len, done)) == [0, 0, 0, len(all_names())]


def open_before_the_ledger(shop: Shop) -> None:
    """A market as it was before agents held money, with the orders of `OLD_ORDERS`."""
    with shop.database.write(durable=True) as connection:
        migrations.apply(connection.utils, stop_before="ledger")
        table = connection.utils.table
        table("counters").insert_all({"name": name, "value": value} for name, value in COUNTED)
        for person, msisdn in enumerate((SRI, BUDI), 1):
            table("phones").insert({"msisdn": msisdn, "lang": "id"})
            table("people").insert(
                {
                    **{"id": person, "msisdn": msisdn, "name": "Sri"},
                    **{"village_code": code_of(SUKARARA), "consented_at": day(1)},
                }
            )
        table("listings").insert(
            {
                **{"id": 17, "number": "174", "seller_id": 2, "category": "lain", "title": "Madu"},
                **{"unit": "kg", "price": 10, "stock": 7, "reserved": 1, "sold": 1},
                "listed_at": day(1),
            }
        )
        for order, number, state, done in OLD_ORDERS:
            table("orders").insert(
                {
                    **{"id": order, "number": number, "listing_id": 17, "buyer_id": 1},
                    **{"seller_id": 2, "title": "Madu", "unit": "kg", "quantity": 1},
                    **{"price": 10, "total": 10, "state": state, "placed_at": day(4)},
                    **{"answer_by": day(5), "code_nonce": "0"},
                    "changed_at": day(4),
                }
            )
            for at, (action, actor) in enumerate(HAPPENS[:done]):
                table("events").insert(
                    {
                        **{"id": f"{order}-{at}", "at": day(4), "actor": actor},
                        **{"action": f"order.{action}", "subject": f"order:{order}"},
                        "details": "{}",
                    }
                )
        table("sessions").insert(
            {
                **{"provider": "simulator", "session_id": "1", "msisdn": SRI, "length": 0},
                **{"mark": "", "version": 1, "frames": "[]", "seen_at": day(4), "ended": 0},
            }
        )
        table("timers").insert({"kind": "order.finish", "subject": "1002", "due_at": day(6)})


def test_orders_of_before_go_on(settings: Settings) -> None:
    """One that was sent is asked about, and of one that was handed over is known when."""
    shop = Shop(settings, plain)
    open_before_the_ledger(shop)

    assert shop.migrate()[0] == "ledger"

    assert check.first_fault(shop) is None
    with shop.read() as tx:
        timer = tx.row("SELECT due_at FROM timers WHERE kind = 'order.overdue'")
        handed = tx.rows("SELECT id FROM orders WHERE handed_at IS NOT NULL")
        session = sessions.find(tx, "simulator", "1")
    assert timer
    assert timer["due_at"] == day(11)
    assert [row["id"] for row in handed] == [1002]
    assert session is None


def test_the_whole_province_is_there(shop: Shop) -> None:
    with shop.read() as tx:
        assert [
            tx.value(f"SELECT COUNT(*) FROM {table}")
            for table in ("regencies", "districts", "villages")
        ] == [10, 117, 1166]
        assert tx.rows("PRAGMA foreign_key_check") == []
        assert tx.value("PRAGMA integrity_check") == "ok"


def test_every_table_takes_only_what_it_was_made_for(shop: Shop) -> None:
    with shop.read() as tx:
        loose = tx.rows(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0"
            " AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlite%'"
            " AND name NOT LIKE 'listings_fts%'"
        )
    assert loose == []


def test_a_village_must_exist(shop: Shop) -> None:
    trade(shop)
    with pytest.raises(sqlite3.IntegrityError), shop.write() as tx:
        tx.execute("UPDATE people SET village_code = '99'")


def index_writes(shop: Shop, sql: str) -> int:
    """How many rows a statement changes, those of the search index included."""
    raw = shop.database.connection().raw
    before = raw.total_changes
    with shop.write() as tx:
        tx.execute(sql)
    return int(raw.total_changes - before)


def test_the_search_index_follows_titles_only(settings: Settings) -> None:
    shop = open_shop(settings)
    trade(shop)
    assert index_writes(shop, "UPDATE listings SET stock = stock - 1") == 1
    assert index_writes(shop, "UPDATE listings SET title = 'Madu hutan'") > 1
    with shop.write() as tx:
        tx.execute("INSERT INTO listings_fts (listings_fts, rank) VALUES ('integrity-check', 1)")


def test_the_search_index_forgets_what_is_deleted(shop: Shop) -> None:
    _, budi, _ = trade(shop)
    gone = sell(shop, budi, "Madu hutan")
    with shop.write() as tx:
        tx.execute("DELETE FROM listings WHERE id = ?", (gone.id,))
        tx.execute("INSERT INTO listings_fts (listings_fts, rank) VALUES ('integrity-check', 1)")
