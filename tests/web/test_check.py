"""`flask --app app db check`: each kind of tampering is found and named, and trade is not."""

from pathlib import Path

import pytest

from settings import Settings
from store import check, orders, timers
from store.orders.machine import RESERVING, SELLING
from store.shop import Shop
from tests.support import market
from tests.support.dialogue import Player, stories
from tests.support.tampering import tamper
from tests.support.worlds import LocalWorld


def test_a_busy_shop_has_no_fault(busy: Shop, run) -> None:
    assert check.first_fault(busy) is None
    result = run("db", "check")
    assert result.exit_code == 0
    assert result.output.startswith("ok: 2 people, 1 listings, 10 orders, ")


IN_STATE = "(SELECT MIN(id) FROM orders WHERE state = '{}')"

TAMPERINGS = {
    "constraint": (["UPDATE orders SET quantity = 2 WHERE id = 1001"], "file: CHECK constraint"),
    "foreign key": (
        ["DELETE FROM people WHERE name = 'Amaq Budi'"],
        "listings row 11: what it names in people is not there",
    ),
    "reserved": (
        ["UPDATE listings SET reserved = reserved + 1"],
        "listing {listing}: reserved is 5, its orders make 4",
    ),
    "sold": (
        ["UPDATE listings SET sold = 0"],
        "listing {listing}: sold is 0, its orders make 2",
    ),
    "order taken away": (
        ["DELETE FROM orders WHERE state = 'done'"],
        "listing {listing}: sold is 2, its orders make 1",
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
        [f"UPDATE orders SET state = 'done' WHERE id = {IN_STATE.format('handed over')}"],
        "order {handed over}: is done, its events make it handed over",
    ),
    "event taken away": (
        [f"DELETE FROM events WHERE action = 'order.accept' AND subject = 'order:'"
         f" || {IN_STATE.format('sent')}"],
        "order {sent}: event send came while it was waiting",
    ),
    "first event taken away": (
        ["DELETE FROM events WHERE action = 'order.place' AND subject = 'order:1001'"],
        "order {1001}: its first event is remind, not place",
    ),
    "all events taken away": (
        ["DELETE FROM events WHERE subject = 'order:1001'"],
        "order {1001}: its first event is missing, not place",
    ),
    "unknown event": (
        ["UPDATE events SET action = 'order.free' WHERE action = 'order.expire'"
         " AND subject = 'order:1001'"],
        "order {1001}: no order has an event free",
    ),
    "waiting without timer": (
        ["DELETE FROM timers WHERE kind = 'order.expire'"],
        "order {waiting}: is waiting and has no timer order.expire",
    ),
    "accepted without timer": (
        ["DELETE FROM timers WHERE kind = 'order.late'"],
        "order {on time}: is accepted and has no timer order.late",
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
def test_it_names(name: str, busy: Shop, run) -> None:
    statements, told = TAMPERINGS[name]
    told = filled(busy, told)
    tamper(busy, *statements)
    result = run("db", "check")
    assert result.exit_code == 1
    assert result.output.startswith(told), result.output
    assert result.output.count("\n") == 1, "one fault, one line"


def filled(shop: Shop, told: str) -> str:
    with shop.read() as tx:
        values = {row["state"]: row["number"] for row in tx.rows(
            "SELECT state, number FROM orders WHERE state <> 'accepted'")}  # fmt: skip
        values["1001"] = tx.value("SELECT number FROM orders WHERE id = 1001")
        values["on time"] = tx.value(
            "SELECT number FROM orders WHERE state = 'accepted' ORDER BY id DESC LIMIT 1"
        )
        values["listing"] = tx.value("SELECT number FROM listings")
    for name, value in values.items():
        told = told.replace(f"{{{name}}}", str(value))
    return told


def test_all_faults_are_told_one_by_one(busy: Shop) -> None:
    tamper(busy, "UPDATE listings SET sold = 0, reserved = 0", "DELETE FROM timers")
    with busy.read() as tx:
        found = list(check.faults(tx))
    assert len(found) == 2 + 3
    assert len(set(found)) == len(found)


def test_an_order_that_is_late_needs_no_timer(busy: Shop) -> None:
    with busy.read() as tx:
        late = tx.rows("SELECT subject FROM events WHERE action = 'order.late'")
        kept = {row["subject"] for row in tx.rows("SELECT subject FROM timers")}
    assert late
    assert not {row["subject"].removeprefix("order:") for row in late} & kept
    assert check.first_fault(busy) is None


def test_more_orders_than_are_read_at_a_time(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check.orders, "_AT_A_TIME", 2)
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


def test_every_open_state_but_sent_has_a_timer_that_somebody_handles() -> None:
    machine = orders.MACHINE
    timed = {timeout.state for timeout in machine.timeouts}
    assert timed == set(machine.states) - set(machine.final) - {"sent"}
    assert {machine.name_of(timeout.name) for timeout in machine.timeouts} <= set(timers.HANDLERS)
    assert set(RESERVING) | set(SELLING) <= set(orders.MACHINE.states)
