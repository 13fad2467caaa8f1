"""Sees every change of a message's state, whichever statement makes it."""

from store.shop import Shop

Move = tuple[str, str]


def watch(shop: Shop) -> None:
    """From now on the database itself writes down each change of a state."""
    with shop.write() as tx:
        tx.execute("CREATE TABLE moves (source TEXT NOT NULL, target TEXT NOT NULL)")
        tx.execute(
            "CREATE TRIGGER moves AFTER UPDATE OF state ON outbox"
            " BEGIN INSERT INTO moves VALUES (old.state, new.state); END"
        )


def seen(shop: Shop) -> set[Move]:
    """Which changes there were so far."""
    with shop.read() as tx:
        return {(row["source"], row["target"]) for row in tx.rows("SELECT * FROM moves")}
