"""What an agent has for others, order by order, and which orders make an amount."""

from collections.abc import Sequence
from dataclasses import dataclass

from store import agents, ledger
from store.people import Person
from store.shop import Transaction


@dataclass(frozen=True)
class Holding:
    """Rupiah that an agent has for one order: held for it, or owed to people because of it."""

    order_id: int
    number: str
    amount: int


_HOLDINGS = """
SELECT orders.id AS order_id, orders.number, SUM(held.amount) AS amount, MIN(held.since) AS since
FROM (
    SELECT order_id, amount, held_at AS since FROM escrows
    WHERE agent_id = :agent AND state IN ('held', 'frozen')
    UNION ALL
    SELECT order_id, amount, owed_at AS since FROM payouts
    WHERE agent_id = :agent AND state = 'due'
) AS held
JOIN orders ON orders.id = held.order_id
GROUP BY orders.id, orders.number
ORDER BY since, orders.id
"""

_MOST_ORDERS, _MOST_SUMS = 60, 20_000
"""How far orders are tried for an amount; an agent's cap keeps them few."""


def holdings(tx: Transaction, agent: Person) -> list[Holding]:
    """All that an agent has for others, by order, what came first before the rest."""
    return [
        Holding(row["order_id"], row["number"], row["amount"])
        for row in tx.rows(_HOLDINGS, {"agent": agent.id})
    ]


def cash(tx: Transaction, agent: Person) -> tuple[int, int, int]:
    """What an agent holds, their cap, and the number of orders it is for.

    Raises Refused("not_agent").
    """
    cap = agents.required(tx, agent).cap
    return ledger.balance(tx, ledger.cash(agent.id)), cap, len(holdings(tx, agent))


def at_most(free: Sequence[Holding], amount: int) -> list[Holding]:
    """As many as fit into the amount, those that came first before the others."""
    chosen, left = [], amount
    for each in free:
        if each.amount <= left:
            chosen.append(each)
            left -= each.amount
    return chosen


def exactly(free: Sequence[Holding], amount: int) -> list[Holding] | None:
    """Orders whose money makes exactly this amount, those that came first where there is a choice;
    None when there are none."""
    chosen = at_most(free, amount)
    if sum(each.amount for each in chosen) == amount:
        return chosen
    # Sums that can be made, each with the way to it.
    ways: dict[int, tuple[Holding, ...]] = {0: ()}
    for each in free[:_MOST_ORDERS]:
        for made, way in list(ways.items()):
            total = made + each.amount
            if total <= amount and total not in ways and len(ways) < _MOST_SUMS:
                ways[total] = (*way, each)
    return list(ways[amount]) if amount in ways else None
