"""An agent types for somebody who cannot: nothing is done until that person's own phone says YA.

Nobody has looked at what was typed by then, so it waits sealed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from store import agents, outbox, people, questions, sealing
from store.errors import Refused
from store.people import Person
from store.shop import Transaction

KIND = "proxy"
"""The question's kind."""

ASKED_AN_HOUR = 5
"""Such questions to one phone, so that an agent cannot make it ring all night."""

_KEEP = timedelta(days=1)


@dataclass(frozen=True)
class Proxy:
    """A command that waits for the YA of the person it is for; `told` is what they were asked."""

    agent: Person
    keyword: str
    args: tuple[str, ...]
    rest: str
    told: str


def ask(
    tx: Transaction,
    agent: Person,
    msisdn: str,
    command: tuple[str, tuple[str, ...], str],
    *,
    notice: str,
    told: str,
    values: Mapping[str, Any],
) -> None:
    """Asks the owner of the phone whether the agent's command (keyword, fields, rest) is theirs.

    Raises Refused("not_agent" | "own_number" | "asked_too_often").
    """
    agents.required(tx, agent)
    if msisdn == agent.msisdn:
        raise Refused("own_number")
    subject = f"phone:{msisdn}"
    asked = tx.value(
        "SELECT COUNT(*) FROM events WHERE subject = ? AND action = 'proxy.asked' AND at > ?",
        (subject, tx.later(-timedelta(hours=1))),
    )
    if asked >= ASKED_AN_HOUR:
        raise Refused("asked_too_often")
    sealed = sealing.seal(tx.settings.pepper, json.dumps([*command, told]))
    questions.ask(tx, msisdn, KIND, {"agent": agent.id, "command": sealed}, _KEEP)
    tx.event(agent.msisdn, "proxy.asked", subject, keyword=command[0])
    outbox.notify(tx, msisdn, notice, agent=agent.name, **values)


def take(tx: Transaction, msisdn: str) -> Proxy | None:
    """The command that waits for this phone, which waits no more; None when none does, or when the
    agent is none any more."""
    question = questions.find(tx, msisdn, KIND)
    if question is None:
        return None
    questions.drop(tx, msisdn, KIND)
    agent = people.by_id(tx, question.details["agent"])
    if agents.phone(tx, agent.id) is None:
        return None
    keyword, args, rest, told = json.loads(
        sealing.unseal(tx.settings.pepper, question.details["command"])
    )
    return Proxy(agent, keyword, tuple(args), rest, told)


def agreed(tx: Transaction, msisdn: str, proxy: Proxy) -> None:
    """The person said YA: the command is theirs, and the agent is told."""
    tx.event(
        msisdn, "proxy.agreed", f"phone:{msisdn}", agent=proxy.agent.msisdn, keyword=proxy.keyword
    )
    outbox.notify(tx, proxy.agent.msisdn, "proxy_answered", phone=msisdn, command=proxy.told)


def declined(tx: Transaction, msisdn: str, proxy: Proxy) -> None:
    """The person said TIDAK: nothing is done, and the agent is told."""
    tx.event(
        msisdn, "proxy.declined", f"phone:{msisdn}", agent=proxy.agent.msisdn, keyword=proxy.keyword
    )
    outbox.notify(tx, proxy.agent.msisdn, "proxy_declined", phone=msisdn, command=proxy.told)
