"""Messages of before there were links and kinds: none is lost, and the market trades on."""

from datetime import timedelta
from typing import Any

import pytest

from settings import Settings
from store import codes, consents, inbox, outbox, sealing
from store.clock import to_text
from store.inbox import Received
from store.migrations import migrations
from store.outbox import Outcome
from store.outbox.states import NEVER
from store.shop import Shop, Transaction
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, DEWI, SRI, plain, texts_to
from tests.support.sending import answer_next, claim, settle

OUTBOX = {
    # state: (attempts made, next at, in seconds from now)
    "queued": (0, 0),
    "sending": (1, 10),
    "accepted": (1, 0),
    "unknown": (1, 60),
    "failed": (1, None),
    "delivered": (1, 0),
    "undelivered": (1, 0),
}
"""The states that there were, and what the row of each says."""

INBOX = ("new", "answered", "failed")


def phone(number: int) -> str:
    return f"+62812345671{number:02}"


@pytest.fixture
def before(settings: Settings, clock: TurnableClock) -> Shop:
    """A market with a message in each state that there was, in and out."""
    shop = Shop(settings, plain, clock=clock)
    now = clock.now()

    def at(seconds: float | None) -> str:
        return NEVER if seconds is None else to_text(now + timedelta(seconds=seconds))

    with shop.database.write(durable=True) as connection:
        migrations.apply(connection.utils, stop_before="post")
        table = connection.utils.table
        for msisdn, stopped in ((SRI, None), (BUDI, at(-3600))):
            table("phones").insert({"msisdn": msisdn, "lang": "id", "stopped_at": stopped})
        for number, (state, (attempts, due)) in enumerate(OUTBOX.items()):
            message_id = f"{number:028x}"
            table("outbox").insert(
                {
                    **{"id": message_id, "msisdn": phone(number), "text": f"text {state}"},
                    **{"notice": "order_new", "priority": 1, "resend": 1, "segments": 1},
                    **{"state": state, "attempt": attempts, "created_at": at(-600)},
                    **{"next_at": at(due), "provider": "simulator" if attempts else None},
                    **{"external_id": f"x{number}" if attempts else None, "reason": "because"},
                    "cost": "IDR 350" if attempts else None,
                }
            )
            if not attempts:
                continue
            open_ = state in ("sending", "unknown")
            table("attempts").insert(
                {
                    **{"message_id": message_id, "attempt": 1, "provider": "simulator"},
                    **{"started_at": at(-590), "outcome": None if open_ else "accepted"},
                    **{"external_id": None if open_ else f"x{number}", "reason": None},
                }
            )
            if state.endswith("delivered"):
                table("reports").insert(
                    {
                        **{"provider": "simulator", "external_id": f"x{number}"},
                        **{"status": state, "outcome": state, "msisdn": phone(number)},
                        **{"reason": None, "received_at": at(-500), "message_id": message_id},
                    }
                )
        table("reports").insert(
            {
                **{"provider": "simulator", "external_id": "of nobody", "status": "Success"},
                **{"outcome": "delivered", "received_at": at(-5), "msisdn": phone(1)},
            }
        )
        for number, state in enumerate(INBOX):
            text = f"BELI 117 {number}"
            table("inbox").insert(
                {
                    **{"id": f"{number:028x}", "provider": "africastalking", "kind": "sms"},
                    **{"external_id": f"callback {number}", "msisdn": SRI, "state": state},
                    "text": sealing.seal(settings.pepper, text) if state == "new" else text,
                    **{"received_at": at(-60), "attempts": 1, "next_at": at(-60)},
                }
            )
    return shop


def tables(shop: Shop) -> dict[str, list[dict[str, Any]]]:
    with shop.read() as tx:
        return {
            table: tx.rows(f"SELECT * FROM {table} ORDER BY 1, 2")
            for table in ("outbox", "attempts", "reports", "inbox")
        }


def test_no_row_and_no_value_is_lost(before: Shop) -> None:
    there = tables(before)
    before.migrate()
    for table, rows in tables(before).items():
        assert len(rows) == len(there[table]) > 0
        for was, row in zip(there[table], rows, strict=True):
            assert {name: row[name] for name in was} == was


def test_nothing_points_to_what_is_gone(before: Shop) -> None:
    before.migrate()
    with before.read() as tx:
        assert tx.rows("PRAGMA foreign_key_check") == []
        assert tx.value("PRAGMA integrity_check") == "ok"
        assert (
            tx.rows("SELECT name FROM sqlite_schema WHERE sql LIKE '%\\_before%' ESCAPE '\\'") == []
        )


def test_it_has_the_tables_of_a_new_one(before: Shop, tmp_path_factory: Any) -> None:
    new = Shop(
        before.settings.model_copy(update={"data_dir": tmp_path_factory.mktemp("new")}), plain
    )
    schemas = []
    for shop in (before, new):
        shop.migrate()
        with shop.read() as tx:
            rows = tx.rows("SELECT name, sql FROM sqlite_schema ORDER BY name")
        schemas.append({row["name"]: row["sql"] for row in rows})
    assert schemas[0] == schemas[1]


def test_who_stopped_the_news_is_sent_none(before: Shop) -> None:
    before.migrate()
    with before.write() as tx:
        for msisdn in (SRI, BUDI, DEWI):
            outbox.notify(tx, msisdn, "news", kind="broadcast")
        assert [consents.given(tx, each, "news") for each in (SRI, BUDI, DEWI)] == [1, 0, 1]
        assert all(consents.given(tx, each, "reminders") for each in (SRI, BUDI, DEWI))
    assert [len(texts_to(before, each)) for each in (SRI, BUDI, DEWI)] == [1, 0, 1]


def states(shop: Shop) -> dict[str, str]:
    with shop.read() as tx:
        return {
            row["text"]: row["state"]
            for row in tx.rows("SELECT text, state FROM outbox ORDER BY id")
        }


def send_all(shop: Shop) -> list[str]:
    """As a worker does when it begins."""
    outbox.adopt(shop)
    sent = []
    while message := claim(shop):
        sent.append(message.text)
        settle(shop, message, Outcome("accepted", f"new {message.reference}"))
    return sent


def test_what_waited_leaves_and_what_is_over_does_not(before: Shop, clock: TurnableClock) -> None:
    before.migrate()
    assert send_all(before) == ["text queued"]
    clock.turn(minutes=1)
    assert send_all(before) == ["text unknown"], "nobody reported on it, and it does no harm twice"
    now = states(before)
    assert now.pop("text sending") == "delivered", "the report that had no message is its own"
    assert now.pop("text unknown") == now.pop("text queued") == "accepted"
    over = ("accepted", "failed", "delivered", "undelivered")
    assert now == {f"text {state}": state for state in over}


def test_reports_on_what_was_sent_before_still_count(before: Shop) -> None:
    before.migrate()
    nothing: dict[str, Any] = {"msisdn": None, "reason": None}
    with before.write() as tx:
        for number, state in enumerate(OUTBOX):
            if state in ("accepted", "undelivered"):
                outbox.report(tx, "simulator", f"x{number}", "Success", "delivered", **nothing)
    now = states(before)
    assert now["text accepted"] == now["text undelivered"] == "delivered"


def test_what_nobody_wants_any_more_expires(before: Shop, clock: TurnableClock) -> None:
    before.migrate()
    clock.turn(days=2)
    assert send_all(before) == []
    assert states(before)["text queued"] == "expired"


def test_a_code_that_waited_is_still_one(before: Shop) -> None:
    with before.database.write(durable=True) as connection:
        secret = f"Kode {codes.placeholder(1001, '0af3')}"
        connection.execute(
            "UPDATE outbox SET text = ?, resend = 0 WHERE state = 'queued'", (secret,)
        )
    before.migrate()
    assert send_all(before) == [secret]


def test_what_waited_to_be_answered_is_answered_once(before: Shop) -> None:
    before.migrate()
    answered: list[str] = []

    def answer(tx: Transaction, received: Received) -> str:
        answered.append(received.text)
        return received.text

    while answer_next(before, answer, answer):
        pass
    with before.write() as tx:
        for number in range(len(INBOX)):
            again = Received("africastalking", f"callback {number}", SRI, f"BELI 117 {number}")
            assert not inbox.keep(tx, again), "it comes again by callback"
    assert answered == ["BELI 117 0"]


def test_nothing_is_answered_again_when_it_is_fetched(before: Shop, clock: TurnableClock) -> None:
    before.migrate()
    sent_at = clock.now() - timedelta(seconds=70)
    with before.write() as tx:
        news = [
            inbox.keep(
                tx,
                Received("africastalking", str(n), SRI, f"BELI 117 {n}", sent_at, fetched=True),
            )
            for n in range(4)
        ]
    assert news == [False, False, False, True], "the last was never brought"
