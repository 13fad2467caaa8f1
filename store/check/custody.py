"""Agents with what they hold: the cash of each is what they have for orders, to the rupiah, and
every account of an order or a person is what its escrow and payouts say."""

from collections.abc import Iterator

from store.check import details
from store.shop import Transaction

_EXPECTED = """
SELECT account, SUM(amount) AS amount FROM (
    SELECT 'agent:' || agent_id || ':cash' AS account, amount FROM escrows
    WHERE state IN ('held', 'frozen')
    UNION ALL
    SELECT 'agent:' || agent_id || ':cash', amount FROM payouts WHERE state = 'due'
    UNION ALL
    SELECT 'order:' || order_id || ':held', amount FROM escrows WHERE state IN ('held', 'frozen')
    UNION ALL
    SELECT role || ':' || person_id || ':due', amount FROM payouts WHERE state = 'due'
    UNION ALL
    SELECT account, 0 FROM balances
) AS known
GROUP BY account
"""


def faults(tx: Transaction) -> Iterator[str]:
    """Every account whose balance is not what is held and owed, and all cash that was handed on
    for other orders than was said."""
    for row in tx.rows(
        f"SELECT expected.account, expected.amount, COALESCE(balances.balance, 0) AS balance"
        f" FROM ({_EXPECTED}) AS expected"
        " LEFT JOIN balances ON balances.account = expected.account"
        " WHERE expected.amount <> COALESCE(balances.balance, 0) ORDER BY expected.account"
    ):
        yield (
            f"account {row['account']}: is {row['balance']},"
            f" what is held and owed makes {row['amount']}"
        )
    for event in tx.rows(
        "SELECT remittances.id, events.details FROM remittances JOIN events"
        " ON events.subject = 'remittance:' || remittances.id"
        " WHERE events.action = 'remittance.offer' ORDER BY remittances.id"
    ):
        kept = tx.rows(
            "SELECT orders.number, remitted.amount FROM remitted"
            " JOIN orders ON orders.id = remitted.order_id WHERE remitted.remittance_id = ?",
            (event["id"],),
        )
        if {row["number"]: row["amount"] for row in kept} != details.read(event).get("orders"):
            yield f"remittance {event['id']}: is for other orders than its offer says"
