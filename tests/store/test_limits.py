"""The lengths that the rules promise are those that the database holds."""

import pytest
from sqlite_utils.utils import sqlite3

from store import limits
from store.data_files import data_rows
from store.shop import Shop
from tests.support.market import order, trade

TEXTS = [
    ("people", "name", 2, limits.NAME),
    ("people", "msisdn", 9, 16),
    ("listings", "title", 2, limits.TITLE),
    ("listings", "unit", 1, limits.UNIT),
    ("listings", "number", 0, limits.NUMBER),
    ("orders", "number", 0, limits.NUMBER),
]
AMOUNTS = [
    ("listings", "price", 1, limits.RUPIAH),
    ("listings", "stock", 0, None),
    ("listings", "reserved", 0, None),
    ("listings", "sold", 0, None),
    ("orders", "code_tries", 0, limits.CODE_TRIES),
]


@pytest.fixture
def traded(shop: Shop) -> Shop:
    """One person, listing and order whose columns can be tried."""
    sri, _, rice = trade(shop)
    order(shop, sri, rice)
    return shop


def holds(shop: Shop, table: str, column: str, value: object) -> bool:
    """Whether the column of the newest row takes the value."""
    newest = f"(SELECT MAX(id) FROM {table})"
    try:
        with shop.write() as tx:
            tx.execute(f"UPDATE {table} SET {column} = ? WHERE id = {newest}", (value,))
    except sqlite3.IntegrityError:
        return False
    return True


@pytest.mark.parametrize(("table", "column", "least", "most"), TEXTS)
def test_texts(traded: Shop, table: str, column: str, least: int, most: int) -> None:
    assert holds(traded, table, column, "x" * most)
    assert not holds(traded, table, column, "x" * (most + 1))
    assert holds(traded, table, column, "x" * least)
    assert least == 0 or not holds(traded, table, column, "x" * (least - 1))


@pytest.mark.parametrize(("table", "column", "least", "most"), AMOUNTS)
def test_amounts(traded: Shop, table: str, column: str, least: int, most: int | None) -> None:
    assert holds(traded, table, column, least)
    assert not holds(traded, table, column, least - 1)
    assert most is None or holds(traded, table, column, most)
    assert most is None or not holds(traded, table, column, most + 1)


@pytest.mark.parametrize("quantity", [0, limits.QUANTITY + 1])
def test_quantity(traded: Shop, quantity: int) -> None:
    with pytest.raises(sqlite3.IntegrityError), traded.write() as tx:
        tx.execute("UPDATE orders SET quantity = ?, total = price * ?", (quantity, quantity))


def test_a_total_is_price_times_quantity(traded: Shop) -> None:
    assert not holds(traded, "orders", "total", 1)


def test_a_total_has_an_end(traded: Shop) -> None:
    with pytest.raises(sqlite3.IntegrityError), traded.write() as tx:
        tx.execute("UPDATE orders SET price = 999_999_999, total = 999_999_999 * quantity")


def test_nobody_buys_from_themselves(traded: Shop) -> None:
    with traded.read() as tx:
        seller = tx.value("SELECT seller_id FROM orders")
    assert not holds(traded, "orders", "buyer_id", seller)


def test_the_longest_places_of_the_province() -> None:
    assert max(len(row["name"]) for row in data_rows("ntb_villages.csv")) == limits.VILLAGE
    assert max(len(row["name"]) for row in data_rows("ntb_districts.csv")) == limits.DISTRICT
