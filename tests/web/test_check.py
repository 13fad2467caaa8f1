"""`flask --app app db check`: each kind of tampering is found and named, and trade is not."""

from pathlib import Path
from typing import Any

import pytest

from settings import Settings
from store import check, orders, timers
from store.machine import Machine
from store.orders import Order
from store.orders.machine import RESERVING, SELLING
from store.shop import Shop
from tests.support import market
from tests.support.dialogue import Player, stories
from tests.support.moments import EVERY_STATE
from tests.support.money import MACHINES
from tests.support.tampering import tamper
from tests.support.worlds import LocalWorld


def test_a_busy_shop_has_no_fault(busy: Shop, run) -> None:
    assert check.first_fault(busy) is None
    result = run("db", "check")
    assert result.exit_code == 0
    assert result.output.startswith(f"ok: 9 people, 1 listings, {len(EVERY_STATE)} orders, ")


TAMPERINGS = {
    "constraint": (["UPDATE orders SET quantity = 2 WHERE id = 1001"], "file: CHECK constraint"),
    "foreign key": (
        ["DELETE FROM people WHERE name = 'Amaq Budi'"],
        "agents row 2: what it names in people is not there",
    ),
    "reserved": (
        ["UPDATE listings SET reserved = reserved + 1"],
        "listing {listing}: reserved is {reserved + 1}, its orders make {reserved}",
    ),
    "sold": (
        ["UPDATE listings SET sold = 0"],
        "listing {listing}: sold is 0, its orders make {sold}",
    ),
    "order taken away": (
        ["DELETE FROM orders WHERE id = {id of done}"],
        "listing {listing}: sold is {sold}, its orders make {sold - 1}",
    ),
    "order that came to nothing taken away": (
        ["DELETE FROM orders WHERE id = {id of rejected}"],
        "order:{id of rejected}: is not there any more",
    ),
    "week": (
        ["INSERT INTO slots (listing_id, week, taken) VALUES (11, '2026-11-23', 1)"],
        "listing {listing}: 1 taken in the week of 2026-11-23, its orders make 0",
    ),
    "listing number": (
        ["UPDATE listings SET number = '998'"],
        "listing 998: its check digit is wrong",
    ),
    "another's number": (
        ["UPDATE listings SET number = '1010'"],
        "listing 1010: is the number of id 101, not of 11",
    ),
    "order number": (
        ["UPDATE orders SET number = '99999' WHERE id = 1001"],
        "order 99999: its check digit is wrong",
    ),
    "state": (
        ["UPDATE orders SET state = 'done' WHERE id = {id of handed over}"],
        "order {handed over}: is done, its events make it handed over",
    ),
    "event taken away": (
        ["DELETE FROM events WHERE action = 'order.accept'"
         " AND subject = 'order:{id of sent}'"],
        "order {sent}: event send came while it was waiting",
    ),
    "first event taken away": (
        ["DELETE FROM events WHERE action = 'order.place'"
         " AND subject = 'order:{id of cancelled}'"],
        "order {cancelled}: its first event is cancel, not place",
    ),
    "all events taken away": (
        ["DELETE FROM events WHERE subject = 'order:{id of waiting}'"],
        "order {waiting}: its first event is missing, not place",
    ),
    "unknown event": (
        ["UPDATE events SET action = 'order.free' WHERE subject = 'order:{id of expired}'"
         " AND action = 'order.expire'"],
        "order {expired}: no order has an event free",
    ),
    "waiting without timer": (
        ["DELETE FROM timers WHERE kind = 'order.expire'"],
        "order {waiting}: is waiting and has no timer order.expire",
    ),
    "promised without timer": (
        ["DELETE FROM timers WHERE kind = 'order.late'"],
        "order {refused}: is held and has no timer order.late",
    ),
    "on the way without timer": (
        ["DELETE FROM timers WHERE kind = 'order.overdue'"],
        "order {sent}: is sent and has no timer order.overdue",
    ),
    "unpaid without timer": (
        ["DELETE FROM timers WHERE kind = 'order.lapse'"],
        "order {unpaid}: is accepted and has no timer order.lapse",
    ),
    "handed over without timer": (
        ["DELETE FROM timers WHERE kind = 'order.finish'"],
        "order {handed over}: is handed over and has no timer order.finish",
    ),
    "search index": (
        ["INSERT INTO listings_fts (listings_fts, rowid, title)"
         " VALUES ('delete', 11, 'Beras medium')"],
        "listings_fts: the search index disagrees with the listings",
    ),
    "schema": (
        ["DELETE FROM _sqlite_migrations WHERE name = 'messages'"],
        "schema: not up to date (messages); run `flask --app app db migrate`",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_it_names(name: str, busy: Shop, moments: dict[str, Order], run) -> None:
    statements, told = TAMPERINGS[name]
    values = values_of(busy, moments)
    tamper(busy, *(filled(each, values) for each in statements))
    result = run("db", "check")
    assert result.exit_code == 1
    assert result.output.startswith(filled(told, values)), result.output
    assert result.output.count("\n") == 1, "one fault, one line"


def values_of(shop: Shop, moments: dict[str, Order]) -> dict[str, object]:
    """What stands in braces: numbers and ids of orders by their moment, and of the listing."""
    with shop.read() as tx:
        listing = tx.rows("SELECT number, sold, reserved FROM listings")[0]
    values: dict[str, object] = {"listing": listing["number"]}
    for column in ("sold", "reserved"):
        had = listing[column]
        values |= {column: had, f"{column} - 1": had - 1, f"{column} + 1": had + 1}
    for moment, order in moments.items():
        values |= {moment: order.number, f"id of {moment}": order.id}
    return values


def filled(text: str, values: dict[str, object]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def test_all_faults_are_told_one_by_one(busy: Shop) -> None:
    with busy.read() as tx:
        kept = tx.value("SELECT COUNT(DISTINCT subject) FROM timers WHERE kind LIKE 'order.%'")
        kept += tx.value("SELECT COUNT(*) FROM timers WHERE kind NOT LIKE 'order.%'")
    tamper(busy, "UPDATE listings SET sold = 0, reserved = 0", "DELETE FROM timers")
    with busy.read() as tx:
        found = list(check.faults(tx))
    assert len(found) == 2 + kept
    assert len(set(found)) == len(found)


def test_an_order_that_is_late_needs_no_timer(busy: Shop, moments: dict[str, Order]) -> None:
    late = moments["accepted, late"].id
    with busy.read() as tx:
        assert not tx.value("SELECT 1 FROM timers WHERE subject = ?", (str(late),))
    assert check.first_fault(busy) is None


def test_more_orders_than_are_read_at_a_time(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check.histories, "_AT_A_TIME", 2)
    sri, _, rice = market.trade(shop)
    numbers = [market.order(shop, sri, rice, 1, again=True).number for _ in range(5)]
    tamper(shop, "DELETE FROM timers")
    with shop.read() as tx:
        found = list(check.faults(tx))
    assert [fault.split(":")[0] for fault in found] == [f"order {number}" for number in numbers]


def test_a_file_that_is_no_database_is_told_in_one_line(settings: Settings) -> None:
    settings.database_path.write_bytes(b"nothing that SQLite knows" * 100)
    fault = check.first_fault(Shop(settings, market.plain))
    assert fault == "database: file is not a database"


def test_a_damaged_page_is_told_in_one_line(busy: Shop, settings: Settings) -> None:
    busy.database.connection().raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    busy.database.close()
    with settings.database_path.open("r+b") as file:
        file.seek(4096 * 20)
        file.write(b"\xff" * 4096 * 30)
    fault = check.first_fault(Shop(settings, market.plain))
    assert fault is not None
    assert fault.startswith(("file: ", "database: "))
    assert "\n" not in fault


def test_it_changes_nothing(busy: Shop) -> None:
    before = market.everything(busy)
    check.first_fault(busy)
    assert market.everything(busy) == before


@pytest.mark.parametrize("story", stories(), ids=lambda path: path.stem)
def test_no_story_leaves_a_fault(story: Path, settings: Settings) -> None:
    world = LocalWorld(settings)
    Player(world).play(story.read_text(encoding="utf-8"), story.stem)
    assert check.first_fault(world.shop) is None


LEFT_BY_OTHERS = {
    "orders": {"disputed"},  # the complaint has the timers
    "escrows": {"held", "frozen"},  # the order has them, or the complaint
    "payouts": {"due"},  # people fetch their money when they come by
    "disputes": set(),
    "remittances": set(),
}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.table)
def test_every_state_that_somebody_must_leave_has_a_timer(machine: Machine[Any]) -> None:
    timed = {state for timeout in machine.timeouts for state in timeout.states}
    open_ones = set(machine.states) - set(machine.over)
    assert timed == open_ones - LEFT_BY_OTHERS[machine.table]
    assert {machine.name_of(timeout.name) for timeout in machine.timeouts} <= set(timers.HANDLERS)


def test_goods_are_on_the_shelf_or_not_in_every_state() -> None:
    assert set(RESERVING) & set(SELLING) == set()
    back = {"rejected", "expired", "cancelled"}
    assert set(RESERVING) | set(SELLING) | back == set(orders.MACHINE.states)
