"""Agents and frozen people with the events that made them so: what somebody may hold and do is
nothing that a hand in the database gives."""

from collections.abc import Iterator

from store.check import details
from store.database import Row
from store.shop import Transaction

_AGENT = {"agent.appointed": True, "agent.dismissed": False}
_FREE = {"person.frozen": False, "person.thawed": True}


def faults(tx: Transaction) -> Iterator[str]:
    """Every agent who was not appointed so, and everybody who is frozen or not by no event."""
    agents, free = _said(tx)
    for row in tx.rows(
        "SELECT 'person:' || person_id AS subject, people.name, agents.role, agents.cap,"
        " agents.dismissed_at IS NULL AS acting FROM agents"
        " JOIN people ON people.id = agents.person_id ORDER BY people.id"
    ):
        made = agents.get(row["subject"], {"role": None, "cap": 0, "acting": 0})
        for column, value in made.items():
            if row[column] != value:
                yield f"agent {row['name']}: {column} is {row[column]}, events make it {value}"
    for row in tx.rows(
        "SELECT 'person:' || id AS subject, name, frozen_at IS NULL AS free FROM people ORDER BY id"
    ):
        if bool(row["free"]) != free.get(row["subject"], True):
            is_free = "not frozen" if row["free"] else "frozen"
            yield f"person {row['name']}: is {is_free}, and no event makes it so"


def _said(tx: Transaction) -> tuple[dict[str, Row], dict[str, bool]]:
    """Agents as they were last appointed or dismissed, and who was last frozen or thawed."""
    agents: dict[str, Row] = {}
    free: dict[str, bool] = {}
    actions = (*_AGENT, *_FREE)
    for event in tx.rows(
        "SELECT action, subject, details FROM events"
        f" WHERE action IN ({', '.join('?' * len(actions))}) ORDER BY seq",
        actions,
    ):
        action, person = event["action"], event["subject"]
        if action in _FREE:
            free[person] = _FREE[action]
        elif _AGENT[action]:
            said = details.read(event)
            agents[person] = {"role": said.get("role"), "cap": said.get("cap"), "acting": 1}
        elif person in agents:
            agents[person]["acting"] = 0
    return agents, free
