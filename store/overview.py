"""What an operator asks: who is registered, what became of an order, which messages went where.

Reads only. Texts come as they are kept, with placeholders for secrets: `codes.masked` is the
caller's duty, and so is masking phones.
"""

import re

from store.database import Rows
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

ORDERS = """
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

OUT = """
SELECT id, created_at AS at, 'out' AS way, msisdn, text, state, attempt AS attempts, provider,
       external_id, reason
FROM outbox
"""

IN = """
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
    rows = tx.rows(ORDERS + "ORDER BY orders.id DESC LIMIT ?", (limit,))
    for row in rows:
        del row["id"]
    return rows


def complaints(tx: Transaction) -> Rows:
    """Complaints that are not settled, oldest first, with who is to rule."""
    return tx.rows(
        "SELECT orders.number, disputes.state, disputes.side, disputes.complaint, disputes.told,"
        " disputes.reply, disputes.paid, disputes.percent, disputes.owed, judges.name AS judge,"
        " disputes.opened_at FROM disputes JOIN orders ON orders.id = disputes.order_id"
        " LEFT JOIN people AS judges ON judges.id = disputes.agent_id"
        " WHERE disputes.state NOT IN ('ruled', 'withdrawn') ORDER BY disputes.id"
    )


def custody(tx: Transaction) -> Rows:
    """What each agent, of now or of before, holds for orders; the most first."""
    return tx.rows(
        "SELECT people.name, people.msisdn, villages.name AS village, agents.role,"
        " balances.balance AS cash, agents.cap, people.frozen_at, agents.dismissed_at"
        " FROM balances JOIN people ON 'agent:' || people.id || ':cash' = balances.account"
        " JOIN agents ON agents.person_id = people.id"
        " JOIN villages ON villages.code = people.village_code"
        " WHERE balances.balance > 0 ORDER BY balances.balance DESC, people.id"
    )


def messages(tx: Transaction, limit: int, *, msisdn: str | None = None) -> Rows:
    """The latest messages in and out, of one phone or all, oldest first."""
    of_phone = "WHERE msisdn = :msisdn" if msisdn else ""
    latest = f"{of_phone} ORDER BY id DESC LIMIT :limit"
    rows = tx.rows(
        f"SELECT * FROM ({OUT} {latest}) AS sent"
        f" UNION ALL SELECT * FROM ({IN} {latest}) AS received",
        {"limit": limit, "msisdn": msisdn} if msisdn else {"limit": limit},
    )
    return oldest_first(rows)[-limit:]


def arrived(tx: Transaction, msisdn: str, limit: int) -> Rows:
    """The latest SMS that reached this phone, oldest first, as `id` and `text`."""
    rows = tx.rows(
        "SELECT id, text FROM outbox WHERE msisdn = ? AND state IN ('accepted', 'delivered')"
        " ORDER BY id DESC LIMIT ?",
        (msisdn, limit),
    )
    return rows[::-1]


def oldest_first(rows: Rows) -> Rows:
    rows.sort(key=lambda row: str(row["id"]))
    for row in rows:
        del row["id"]
    return rows
