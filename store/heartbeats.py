"""Which workers were seen lately, as they say themselves."""

from datetime import timedelta

from store.shop import Shop, Transaction

LATELY = timedelta(seconds=30)
_FORGOTTEN = timedelta(days=1)


def beat(shop: Shop, name: str) -> None:
    """The worker of this name is alive; those long gone are forgotten."""
    with shop.write(durable=False) as tx:
        tx.execute("DELETE FROM heartbeats WHERE at < ?", (tx.later(-_FORGOTTEN),))
        tx.execute(
            "INSERT INTO heartbeats (name, at) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            (name, tx.moment),
        )


def seen_lately(tx: Transaction) -> bool:
    """Whether any worker was."""
    return bool(tx.value("SELECT 1 FROM heartbeats WHERE at > ? LIMIT 1", (tx.later(-LATELY),)))
