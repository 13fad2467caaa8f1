"""All there is about one order, for whoever has to judge it or to prove it: the people and who
vouched for them, the money, the complaint, and every event, message and posting, oldest first.

Reads only. Texts come as they are kept, with placeholders for secrets. Cash that agents hand on
has no order of its own, so what is told of it is told of each order whose money was in it.
"""

import json
import re
from dataclasses import asdict
from typing import Any

from store import chain
from store.database import Row, Rows
from store.overview import IN, ORDERS, OUT, oldest_first
from store.shop import Transaction

SECTIONS = (
    "people", "complaint", "deposits", "payouts", "events", "messages", "postings", "heads",
)  # fmt: skip
"""What there is about an order besides what it is."""

_MORE = """
SELECT price, spec, slot, deposit, courier_fee, handed_at, changed_at FROM orders WHERE id = :order
"""

_PEOPLE = """
SELECT people.id, people.name, people.msisdn, villages.name AS village, districts.name AS district,
       people.consented_at AS registered_at, people.frozen_at,
       agents.name AS vouched_by, agents.msisdn AS vouched_by_msisdn, homes.name AS agents_village
FROM people
JOIN villages ON villages.code = people.village_code
JOIN districts ON districts.code = villages.district_code
LEFT JOIN people AS agents ON agents.id = people.vouched_by
LEFT JOIN villages AS homes ON homes.code = agents.village_code
WHERE people.id = ?
"""

_SUBJECTS = """
SELECT 'order:' || :order AS subject
UNION ALL SELECT 'escrow:' || id FROM escrows WHERE order_id = :order
UNION ALL SELECT 'payout:' || id FROM payouts WHERE order_id = :order
UNION ALL SELECT 'dispute:' || id FROM disputes WHERE order_id = :order
UNION ALL SELECT 'remittance:' || remittance_id FROM remitted WHERE order_id = :order
"""

_BESIDE = "took part"
"""Whoever did something for the order, and is nothing else to it."""

# Who acted is known by the phone of that time, which may be nobody's or somebody else's by now.
_INVOLVED = f"""
SELECT 'buyer' AS role, buyer_id AS person_id FROM orders WHERE id = :order
UNION SELECT 'seller', seller_id FROM orders WHERE id = :order
UNION SELECT 'courier', courier_id FROM orders WHERE id = :order AND courier_id IS NOT NULL
UNION SELECT 'goods with', kiosk_id FROM orders WHERE id = :order AND kiosk_id IS NOT NULL
UNION SELECT 'money with', agent_id FROM escrows WHERE order_id = :order
UNION SELECT 'money with', agent_id FROM payouts WHERE order_id = :order
UNION SELECT 'handed cash on', giver_id FROM remittances
 JOIN remitted ON remitted.remittance_id = remittances.id
 WHERE order_id = :order AND state = 'taken'
UNION SELECT 'judge', agent_id FROM disputes WHERE order_id = :order AND agent_id IS NOT NULL
UNION SELECT 'first judge', first_id FROM disputes WHERE order_id = :order AND first_id IS NOT NULL
UNION SELECT '{_BESIDE}', people.id FROM events
 JOIN people ON people.msisdn = events.actor AND people.consented_at <= events.at
 WHERE events.subject IN ({_SUBJECTS})
UNION SELECT '{_BESIDE}', people.id FROM people
 JOIN events AS erasures ON erasures.subject = 'person:' || people.id
  AND erasures.action = 'person.erased'
 JOIN events ON events.actor = erasures.actor
  AND events.at >= people.consented_at AND events.seq < erasures.seq
 WHERE people.msisdn LIKE 'erased-%' AND events.subject IN ({_SUBJECTS})
"""


def of_order(tx: Transaction, number: str) -> Row | None:
    """The order with its `people`, `complaint`, `deposits`, `payouts`, `events`, `messages` and
    `postings`, and the `heads` of the chains."""
    row = tx.row(ORDERS + "WHERE orders.number = ?", (number,))
    if row is None:
        return None
    of = {"order": row.pop("id")}
    row |= tx.row(_MORE, of) or {}
    involved = tx.rows(f"{_INVOLVED} ORDER BY person_id, role", of)
    row["people"] = _people(tx, involved)
    row["complaint"] = tx.row(
        "SELECT state, side, complaint, told, reply, paid, percent, owed, opened_at, changed_at"
        " FROM disputes WHERE order_id = :order",
        of,
    )
    row["deposits"] = tx.rows(
        "SELECT agents.name AS agent, escrows.amount, escrows.state, escrows.held_at,"
        " escrows.changed_at FROM escrows JOIN people AS agents ON agents.id = escrows.agent_id"
        " WHERE escrows.order_id = :order ORDER BY escrows.id",
        of,
    )
    row["payouts"] = tx.rows(
        "SELECT payouts.role, payees.name, payouts.amount, payouts.state, agents.name AS agent,"
        " payouts.owed_at, payouts.changed_at FROM payouts"
        " JOIN people AS payees ON payees.id = payouts.person_id"
        " JOIN people AS agents ON agents.id = payouts.agent_id"
        " WHERE payouts.order_id = :order ORDER BY payouts.id",
        of,
    )
    events = tx.rows(
        "SELECT seq, at, actor, action, subject, details, hash FROM events"
        f" WHERE subject IN ({_SUBJECTS}) ORDER BY seq",
        of,
    )
    row["events"] = [{**event, "details": json.loads(event["details"])} for event in events]
    row["messages"] = _messages(tx, number, row)
    row["postings"] = tx.rows(
        "SELECT seq, at, key, debit, credit, amount, reason, hash FROM postings"
        " WHERE order_id = :order OR key IN (SELECT 'remittance:' || remittance_id FROM remitted"
        "  WHERE order_id = :order) ORDER BY seq",
        of,
    )
    row["heads"] = {table: asdict(chain.last(tx, table)) for table in chain.CHAINS}
    return row


def _people(tx: Transaction, involved: Rows) -> Rows:
    """Everybody involved once, with all that they are to the order."""
    roles: dict[int, list[str]] = {}
    for each in involved:
        roles.setdefault(each["person_id"], []).append(each["role"])
    found = []
    for person_id, every in roles.items():
        role = ", ".join(each for each in every if each != _BESIDE) or _BESIDE
        found.append({"role": role, **(tx.row(_PEOPLE, (person_id,)) or {})})
    return found


def _messages(tx: Transaction, number: str, order: Row) -> Rows:
    """What anybody involved wrote or was sent that names the order."""
    phones: dict[str, Any] = {
        f"phone{index}": person["msisdn"] for index, person in enumerate(order["people"])
    }
    marks = ", ".join(f":{name}" for name in phones)
    names_it = re.compile(rf"(?<!\d){number}(?!\d)")
    return [
        message
        for message in oldest_first(
            tx.rows(
                f"{OUT} WHERE msisdn IN ({marks}) AND created_at >= :since UNION ALL"
                f" {IN} WHERE msisdn IN ({marks}) AND received_at >= :since",
                {**phones, "since": order["placed_at"]},
            )
        )
        if names_it.search(message["text"])
    ]
