"""Events are only added to, and each is chained to the one before it."""

import json
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from sqlite_utils.utils import sqlite3

from settings import Settings
from store import chain, check, ledger
from store.migrations import migrations
from store.shop import Shop
from tests.support import market
from tests.support.market import SRI, events
from tests.support.rivals import in_processes, in_threads


def record(shop: Shop, action: str) -> None:
    with shop.write() as tx:
        tx.event(SRI, action, "test:1", price=12_000)


def rows(shop: Shop, table: str = "events") -> list[dict[str, Any]]:
    with shop.read() as tx:
        return tx.rows(f"SELECT * FROM {table} ORDER BY seq")


def faults(shop: Shop) -> list[str]:
    with shop.read() as tx:
        return list(check.faults(tx))


def test_a_hash_is_taken_over_the_one_before_and_the_row(shop: Shop) -> None:
    """As written down in docs/ARCHITECTURE.md, so that others can check it too."""
    record(shop, "first")
    record(shop, "second")
    first, second = rows(shop)
    assert (first["seq"], second["seq"]) == (1, 2)
    before = "0" * 64
    for row in (first, second):
        said = row.pop("hash")
        content = json.dumps(row, sort_keys=True, separators=(",", ":"))
        assert said == sha256((before + content).encode()).hexdigest()
        before = said


def test_the_next_follows_within_a_transaction_too(shop: Shop) -> None:
    with shop.write() as tx:
        for action in "abc":
            tx.event(SRI, action, "test:1")
        assert tx.grown["events"] == (chain.NOTHING, chain.last(tx, "events"))
    assert [row["seq"] for row in rows(shop)] == [1, 2, 3]
    assert faults(shop) == []


def test_what_is_rolled_back_leaves_no_gap(shop: Shop) -> None:
    def fail() -> None:
        with shop.write() as tx:
            tx.event(SRI, "undone", "test:1")
            raise ZeroDivisionError

    record(shop, "first")
    with pytest.raises(ZeroDivisionError):
        fail()
    record(shop, "second")
    assert [row["action"] for row in rows(shop)] == ["first", "second"]
    assert faults(shop) == []


def test_threads_make_one_chain(shop: Shop) -> None:
    in_threads([lambda: record(shop, "here")] * 12)
    assert [row["seq"] for row in rows(shop)] == list(range(1, 13))
    assert faults(shop) == []
    assert check.first_fault(shop) is None


def record_ten(settings: Settings) -> None:
    shop = Shop(settings, market.plain)
    for n in range(10):
        record(shop, f"event {n}")


@pytest.mark.slow
def test_processes_make_one_chain(shop: Shop, settings: Settings) -> None:
    in_processes(record_ten, [(settings,)] * 3)
    assert len(events(shop)) == 30
    assert check.first_fault(shop) is None


CHANGES = [
    "UPDATE {table} SET at = '2020-01-01'",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE seq = 1",
    "INSERT OR REPLACE INTO {table} SELECT {replaced} FROM {table} WHERE seq = 1",
]
REPLACED = {
    "events": "99, id, at, actor, action, subject, details, hash",
    "postings": "99, at, key, debit, credit, amount, order_id, reason, undoes, hash",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", chain.CHAINS)
def test_rows_are_only_added(shop: Shop, table: str, change: str) -> None:
    record(shop, "first")
    with shop.write() as tx:
        ledger.post(tx, "deposit", "agent:1:cash", "order:1:held", 5)
    before = market.everything(shop)
    statement = change.format(table=table, replaced=REPLACED[table])
    told = f"{table} are only added to"
    with pytest.raises(sqlite3.IntegrityError, match=told), shop.write() as tx:
        tx.execute(statement)
    assert market.everything(shop) == before


@pytest.mark.parametrize("change", CHANGES)
def test_twin_without_triggers_rows_are_lost(shop: Shop, change: str) -> None:
    record(shop, "first")
    with shop.write() as tx:
        for name in ("change", "removal", "replacement"):
            tx.execute(f"DROP TRIGGER events_no_{name}")
    before = rows(shop)
    with shop.write() as tx:
        tx.execute(change.format(table="events", replaced=REPLACED["events"]))
    assert rows(shop) != before


def test_events_from_before_are_chained_in_their_order(settings: Settings) -> None:
    shop = Shop(settings, market.plain)
    with shop.database.write(durable=True) as connection:
        migrations.apply(connection.utils, stop_before="ledger")
    old = [(f"{n:02}", "2026-11-23", SRI, "test", "test:1", "{}") for n in (3, 1, 2)]
    raw = shop.database.connection().raw
    raw.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", old)
    raw.commit()
    assert "ledger" in shop.migrate()
    assert [(row["seq"], row["id"]) for row in rows(shop)] == [(1, "01"), (2, "02"), (3, "03")]
    record(shop, "after")
    assert faults(shop) == []
    assert check.first_fault(shop) is None


def test_each_row_has_a_hash_of_its_own(shop: Shop) -> None:
    for _ in range(5):
        record(shop, "the same")
    assert all(a["hash"] != b["hash"] for a, b in pairwise(rows(shop)))
