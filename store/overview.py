"""What an operator asks: who is registered, what became of an order, which messages went where.

Reads only. Texts come as they are kept, with placeholders for secrets: `codes.masked` is the
caller's duty, and so is masking phones.
"""

import json
import re
from typing import Any

from store.database import Row, Rows
from store.shop import Transaction

_PEOPLE = """
SELECT people.name, people.msisdn, villages.name AS village, districts.name AS district,
       people.consented_at AS registered_at, people.demo,
       CASE WHEN people.vouched_by IS NULL THEN 0 ELSE 1 END AS vouched,
       (SELECT COUNT(*) FROM listings WHERE listings.seller_id = people.id) AS listings,
       (SELECT COUNT(*) FROM orders WHERE orders.buyer_id = people.id) AS bought,
       (SELECT COUNT(*) FROM orders WHERE orders.seller_id = people.id) AS sold
FROM people
JOIN villages ON villages.code = people.village_code
JOIN districts ON districts.code = villages.district_code
"""

_ORDERS = """
SELECT orders.id, orders.number, orders.state, orders.placed_at, orders.quantity, orders.unit,
       orders.title, orders.total, listings.number AS listing, orders.answer_by,
       orders.promised_by, orders.code_tries,
       buyers.name AS buyer, buyers.msisdn AS buyer_msisdn,
       sellers.name AS seller, sellers.msisdn AS seller_msisdn
FROM orders
JOIN listings ON listings.id = orders.listing_id
JOIN people AS buyers ON buyers.id = orders.buyer_id
JOIN people AS sellers ON sellers.id = orders.seller_id
"""

_OUT = """
SELECT id, created_at AS at, 'out' AS way, msisdn, text, state, attempt AS attempts, provider,
       external_id, reason
FROM outbox
"""

_IN = """
SELECT id, received_at AS at, 'in' AS way, msisdn,
       CASE WHEN state = 'new' THEN '(sealed until it is answered)' ELSE text END AS text,
       state, attempts, provider, external_id, NULL AS reason
FROM inbox
"""


def people(
    tx: Transaction, limit: int, *, msisdn: str | None = None, name: str | None = None
) -> Rows:
    """The people of this phone, or with this in their name, or all; newest first."""
    if msisdn is not None:
        return tx.rows(_PEOPLE + "WHERE people.msisdn = ?", (msisdn,))
    part = re.sub("[!%_]", r"!\g<0>", (name or "").lower())
    return tx.rows(
        _PEOPLE + "WHERE LOWER(people.name) LIKE :like ESCAPE '!' ORDER BY people.id DESC"
        " LIMIT :limit",
        {"like": f"%{part}%", "limit": limit},
    )


def orders(tx: Transaction, limit: int) -> Rows:
    """The latest orders, newest first."""
    rows = tx.rows(_ORDERS + "ORDER BY orders.id DESC LIMIT ?", (limit,))
    for row in rows:
        del row["id"]
    return rows


def order(tx: Transaction, number: str) -> Row | None:
    """One order, with its `events` and the `messages` that name it, oldest first."""
    row = tx.row(_ORDERS + "WHERE orders.number = ?", (number,))
    if row is None:
        return None
    events = tx.rows(
        "SELECT at, actor, action, details FROM events WHERE subject = ? ORDER BY seq",
        (f"order:{row.pop('id')}",),
    )
    row["events"] = [{**event, "details": json.loads(event["details"])} for event in events]
    names_it = re.compile(rf"(?<!\d){number}(?!\d)")
    both: dict[str, Any] = {
        "buyer": row["buyer_msisdn"],
        "seller": row["seller_msisdn"],
        "since": row["placed_at"],
    }
    row["messages"] = [
        message
        for message in _oldest_first(
            tx.rows(
                f"{_OUT} WHERE msisdn IN (:buyer, :seller) AND created_at >= :since UNION ALL"
                f" {_IN} WHERE msisdn IN (:buyer, :seller) AND received_at >= :since",
                both,
            )
        )
        if names_it.search(message["text"])
    ]
    return row


def messages(tx: Transaction, limit: int, *, msisdn: str | None = None) -> Rows:
    """The latest messages in and out, of one phone or all, oldest first."""
    of_phone = "WHERE msisdn = :msisdn" if msisdn else ""
    latest = f"{of_phone} ORDER BY id DESC LIMIT :limit"
    rows = tx.rows(
        f"SELECT * FROM ({_OUT} {latest}) AS sent"
        f" UNION ALL SELECT * FROM ({_IN} {latest}) AS received",
        {"limit": limit, "msisdn": msisdn} if msisdn else {"limit": limit},
    )
    return _oldest_first(rows)[-limit:]


def arrived(tx: Transaction, msisdn: str, limit: int) -> Rows:
    """The latest SMS that reached this phone, oldest first, as `id` and `text`."""
    rows = tx.rows(
        "SELECT id, text FROM outbox WHERE msisdn = ? AND state IN ('accepted', 'delivered')"
        " ORDER BY id DESC LIMIT ?",
        (msisdn, limit),
    )
    return rows[::-1]


def _oldest_first(rows: Rows) -> Rows:
    rows.sort(key=lambda row: str(row["id"]))
    for row in rows:
        del row["id"]
    return rows
