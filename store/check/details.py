"""What an event says, as the check reads it."""

import json

from store.database import Row


def read(event: Row) -> Row:
    """The details of an event; nothing where they cannot be read, as its hash then says."""
    try:
        said = json.loads(event["details"])
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
