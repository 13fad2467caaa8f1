"""Who holds and who is owed money: double entry, in whole rupiah.

Every posting takes an amount from one account to another, so debits equal credits. What must stay
true: postings are only added to, and a wrong one is corrected by its opposite, with a reason; no
balance is negative (an agent's cash covers what that agent holds, nothing owed is paid twice);
`balances` says what the postings make, in the same transaction.

An account's balance is kept on its natural side: a debit adds to cash and takes from what is held
or due, a credit the other way round.
"""

from dataclasses import dataclass

from store import chain
from store.shop import Transaction

_COLUMNS = ", ".join(chain.CHAINS["postings"])


class KeyReused(Exception):
    """Another posting has this key: a fault of the program, or of what is being replayed."""


class Overdrawn(Exception):
    """The account does not hold what was to be taken from it; nothing was changed."""


class NoPosting(Exception):
    """There is no posting with this key."""


@dataclass(frozen=True)
class Posting:
    """A row of the ledger; `undoes` is the key of the posting that it corrects."""

    seq: int
    at: str
    key: str
    debit: str
    credit: str
    amount: int
    order_id: int | None
    reason: str
    undoes: str | None


def cash(agent_id: int) -> str:
    """The account of the cash that an agent has in hand."""
    return f"agent:{agent_id}:cash"


def held(order_id: int) -> str:
    """The account of what is kept for an order."""
    return f"order:{order_id}:held"


def due(role: str, person_id: int) -> str:
    """The account of what a "seller", "buyer" or "courier" is owed."""
    return f"{role}:{person_id}:due"


def is_cash(account: str) -> bool:
    """Whether a debit adds to the account's balance."""
    return account.endswith(":cash")


def post(
    tx: Transaction,
    key: str,
    debit: str,
    credit: str,
    amount: int,
    *,
    order_id: int | None = None,
    reason: str = "",
) -> Posting:
    """Posts `amount` rupiah, 1 to limits.RUPIAH; once, however often it is called with this key.

    Raises KeyReused when the key's posting says something else, Overdrawn when a balance would be
    negative, and RuntimeError in a transaction that is not durable; each before any change.
    """
    return _post(tx, key, debit, credit, amount, order_id, reason, undoes=None)


def undo(tx: Transaction, key: str, reason: str) -> Posting:
    """Corrects a posting by its opposite; once, however often it is called with this reason.

    Raises NoPosting, ValueError without a reason, and what `post` raises: Overdrawn when the money
    has gone on meanwhile.
    """
    if not reason:
        raise ValueError("a correction needs a reason")
    wrong = find(tx, key)
    if wrong is None:
        raise NoPosting(key)
    return _post(
        tx,
        f"undo:{key}",
        wrong.credit,
        wrong.debit,
        wrong.amount,
        wrong.order_id,
        reason,
        undoes=key,
    )


def _post(
    tx: Transaction,
    key: str,
    debit: str,
    credit: str,
    amount: int,
    order_id: int | None,
    reason: str,
    *,
    undoes: str | None,
) -> Posting:
    known = find(tx, key)
    if known is not None:
        wanted = Posting(known.seq, known.at, key, debit, credit, amount, order_id, reason, undoes)
        if known != wanted:
            raise KeyReused(f"{key}: is {known}, was to be {wanted}")
        return known
    after = {
        debit: balance(tx, debit) + (amount if is_cash(debit) else -amount),
        credit: balance(tx, credit) + (-amount if is_cash(credit) else amount),
    }
    for account, left in after.items():
        if left < 0:
            raise Overdrawn(f"{key}: {account} would be {left}")
    content = {
        "at": tx.moment,
        "key": key,
        "debit": debit,
        "credit": credit,
        "amount": amount,
        "order_id": order_id,
        "reason": reason,
        "undoes": undoes,
    }
    seq = chain.append(tx, "postings", content)
    for account, left in after.items():
        tx.execute(
            "INSERT INTO balances (account, balance) VALUES (:account, :balance)"
            " ON CONFLICT (account) DO UPDATE SET balance = excluded.balance",
            {"account": account, "balance": left},
        )
    return Posting(seq, tx.moment, key, debit, credit, amount, order_id, reason, undoes)


def find(tx: Transaction, key: str) -> Posting | None:
    """The posting with this key."""
    row = tx.row(f"SELECT {_COLUMNS} FROM postings WHERE key = ?", (key,))
    return Posting(**row) if row else None


def balance(tx: Transaction, account: str) -> int:
    """What is in the account, in rupiah; 0 where nothing was posted."""
    return int(tx.value("SELECT balance FROM balances WHERE account = ?", (account,)) or 0)


def of_order(tx: Transaction, order_id: int) -> list[Posting]:
    """All postings about an order, oldest first."""
    rows = tx.rows(f"SELECT {_COLUMNS} FROM postings WHERE order_id = ? ORDER BY seq", (order_id,))
    return [Posting(**row) for row in rows]
