"""What a turn costs does not grow with what waits, nor with what was sent in all the years."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from settings import Settings
from store import consents, outbox
from store.database import Connection
from store.outbox.states import NEVER
from tests.support.clock import TurnableClock
from tests.support.market import SRI, open_shop
from tests.support.post_office import PROVIDER, PostOffice

FEW, MANY = 100, 10_000

FILL = """
WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :many)
INSERT INTO outbox (id, msisdn, text, notice, about, priority, resend, segments, state, route,
                    created_at, next_at, expires_at)
SELECT printf(:id, n), printf(:phone, n), 'Halo', 'test', printf('order:%d', n), :priority, 1, 1,
       :state, 'simulator', :now, :next_at, :expires_at
FROM n
"""


def fill(office: PostOffice, many: int, **more: object) -> None:
    """So many messages, each to a phone of its own, that wait to be sent, or as `more` says."""
    with office.shop.write() as tx:
        values = {
            "many": many, "id": "00%026d", "phone": "+6281%08d", "priority": 2, "state": "queued",
            "now": tx.moment, "next_at": tx.moment, "expires_at": "2026-12-31T00:00:00.000000Z",
        }  # fmt: skip
        tx.execute(FILL, {**values, **more})


@pytest.fixture
def open_office(settings: Settings, clock: TurnableClock) -> Callable[[str], PostOffice]:
    """A shop of this name, where 20 orders wait."""

    def open_office(name: str) -> PostOffice:
        address = f"sqlite:///{settings.data_dir / name}.db"
        office = PostOffice(open_shop(settings, clock, database_url=address), clock)
        for n in range(19):
            office.write(f"+6282000000{n:02}")
        office.write(SRI)
        return office

    return open_office


@pytest.fixture
def office(open_office: Callable[[str], PostOffice]) -> PostOffice:
    return open_office("one")


def steps(office: PostOffice, act: Callable[[], object]) -> int:
    """How many hundreds of steps the database takes for it."""
    raw, count = office.shop.database.connection().raw, 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    raw.set_progress_handler(step, 100)
    try:
        act()
    finally:
        raw.set_progress_handler(None, 0)
    return count


def turn(office: PostOffice) -> None:
    messages = office.turn(most=16).messages
    settled = [(message, outbox.Outcome("accepted", message.id)) for message in messages]
    outbox.turn(office.shop, PROVIDER, settled, 0)


def refused(office: PostOffice) -> None:
    messages = office.turn(most=16).messages
    settled = [(message, outbox.Outcome("refused")) for message in messages]
    outbox.turn(office.shop, PROVIDER, settled, 0)


def write(office: PostOffice) -> None:
    office.write()


def withdraw(office: PostOffice) -> None:
    with office.shop.write() as tx:
        outbox.withdraw(tx, "order:7")


def stop(office: PostOffice) -> None:
    with office.shop.write() as tx:
        consents.say(tx, SRI, "news", yes=False, way="sms")


def report(office: PostOffice) -> None:
    office.report("a", "delivered")


ACTS = [turn, refused, write, withdraw, stop, report]

CROWDS: dict[str, dict[str, object]] = {
    "waiting": {},
    "reminders waiting for the morning": {
        "priority": 3, "next_at": "2026-11-23T22:00:00.000000Z",
    },
    "sent long ago": {"state": "delivered", "next_at": "2026-01-01T00:00:00.000000Z"},
    "to this phone, long ago": {"state": "delivered", "phone": SRI},
    "never reported on": {"state": "unknown", "next_at": NEVER},
}  # fmt: skip


@pytest.mark.parametrize("crowd", CROWDS)
def test_ten_thousand_others_make_it_no_dearer(
    open_office: Callable[[str], PostOffice], crowd: str
) -> None:
    few, many = open_office("few"), open_office("many")
    fill(few, FEW, **CROWDS[crowd])
    fill(many, MANY, **CROWDS[crowd])
    few.clock.turn(hours=12)  # to the quiet hours
    for act in ACTS:
        dear, cheap = (steps(office, partial(act, office)) for office in (many, few))
        assert dear <= 2 * cheap + 20, act.__name__


@pytest.fixture
def plans(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, list[str]]]:
    """How the database does each statement about messages: statement -> its plan."""
    found: dict[str, list[str]] = {}
    raw = office.shop.database.connection().raw

    def watched(name: str) -> Callable[..., Any]:
        act = getattr(Connection, name)

        def explained(self: Connection, sql: str, values: Any = ()) -> Any:
            if "outbox" in sql or "attempts" in sql or "reports" in sql:
                plan = raw.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
                found[" ".join(sql.split())] = [row[3] for row in plan]
            return act(self, sql, values)

        return explained

    with monkeypatch.context() as patch:
        for name in ("execute", "row", "rows", "value"):
            patch.setattr(Connection, name, watched(name))
        yield found


def test_whatever_is_done_no_table_is_read_from_end_to_end(
    office: PostOffice, plans: dict[str, list[str]]
) -> None:
    for act in ACTS:
        act(office)
    office.play("wait 30s / wait 2m")
    turn(office)
    assert len(plans) > 15
    for sql, plan in plans.items():
        assert not [line for line in plan if line.startswith("SCAN")], (sql, plan)
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan, (sql, plan)
