"""Somebody who has the database file, and changes it behind the program's back."""

from store.chain import CHAINS
from store.shop import Shop


def tamper(shop: Shop, *statements: str) -> None:
    """Runs the statements with all that the schema refuses taken away."""
    raw = shop.database.connection().raw
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    for table in CHAINS:
        for guard in ("change", "removal", "replacement"):
            raw.execute(f"DROP TRIGGER IF EXISTS {table}_no_{guard}")
    for statement in statements:
        raw.execute(statement)
    raw.commit()
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute("PRAGMA ignore_check_constraints = OFF")
