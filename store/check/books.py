"""Balances with the postings that make them, and debits with credits."""

from collections.abc import Iterator

from store.shop import Transaction

_MADE = """
SELECT account, SUM(debited) AS debits, SUM(credited) AS credits
FROM (SELECT debit AS account, amount AS debited, 0 AS credited FROM postings
      UNION ALL SELECT credit, 0, amount FROM postings) AS sides
GROUP BY account
"""

_ON_ITS_SIDE = """
CASE WHEN made.account LIKE '%:cash'
THEN made.debits - made.credits ELSE made.credits - made.debits END
"""


def faults(tx: Transaction) -> Iterator[str]:
    """Every balance that its postings do not make, or that is of no posting."""
    for row in tx.rows(
        f"SELECT made.account, balances.balance, {_ON_ITS_SIDE} AS made FROM ({_MADE}) AS made"
        " LEFT JOIN balances ON balances.account = made.account"
        f" WHERE balances.balance IS NULL OR balances.balance <> {_ON_ITS_SIDE}"
        " ORDER BY made.account"
    ):
        kept = "missing" if row["balance"] is None else row["balance"]
        yield f"balance of {row['account']}: is {kept}, its postings make {row['made']}"
    for row in tx.rows(
        "SELECT account, balance FROM balances WHERE account NOT IN"
        " (SELECT debit FROM postings UNION SELECT credit FROM postings) ORDER BY account"
    ):
        yield f"balance of {row['account']}: is {row['balance']}, there is no posting"
    cash, owed = (
        int(tx.value(f"SELECT SUM(balance) FROM balances WHERE account {which} '%:cash'") or 0)
        for which in ("LIKE", "NOT LIKE")
    )
    if cash != owed:
        yield f"balances: the cash is {cash}, what is held and due is {owed}"
