"""What an answer to a call means: by the template, and by its status where that is silent."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.providers.http.template import Answer, Link, State

STATUS: Mapping[int, tuple[State, Link]] = {
    400: ("failed", "works"),
    401: ("refused", "down"),
    402: ("refused", "down"),
    403: ("refused", "works"),
    404: ("refused", "down"),
    405: ("refused", "down"),
    413: ("failed", "works"),
    422: ("failed", "works"),
    429: ("refused", "busy"),
    503: ("refused", "busy"),
}
"""What a status means that no answer of the template fits; others leave open whether the message
was taken, and a gateway that says what we do not understand counts as down."""


@dataclass(frozen=True)
class Said:
    """What an answer said of the message (`reason` in its words), and of the gateway."""

    state: State
    link: Link
    reason: str
    id: str | None = None


def read(answers: Sequence[Answer], status: int, body: str) -> Said:
    """What the first of these kinds that fits means."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    for answer in answers:
        found = _fits(answer, status, body, parsed)
        if found is not None:
            reason = f"{status} {found.get('reason') or body}"
            return Said(answer.state, answer.link, reason, found.get("id"))
    state, link = STATUS.get(status, ("unknown", "down"))
    return Said(state, link, f"{status} {body}")


def _fits(answer: Answer, status: int, body: str, parsed: Any) -> dict[str, str] | None:
    """The id and the reason in an answer of this kind; None when it is of another."""
    if answer.status and status not in answer.status:
        return None
    found: dict[str, str] = {}
    if answer.body is not None:
        match = re.search(answer.body, body)
        if not match:
            return None
        found = {name: value for name, value in match.groupdict().items() if value}
    for path, pattern in answer.where.items():
        value = _at(parsed, path)
        if value is None or not re.search(pattern, value):
            return None
    for name, wanted in (("id", answer.id), ("reason", answer.reason)):
        value = _at(parsed, wanted) if wanted else None
        if value:
            found[name] = value[:100]
    return found


def _at(parsed: Any, path: str) -> str | None:
    """What stands at this path of a JSON body, as text; None where nothing does."""
    for step in path.split("."):
        if isinstance(parsed, dict):
            parsed = parsed.get(step)
        elif isinstance(parsed, list) and step.isdecimal() and int(step) < len(parsed):
            parsed = parsed[int(step)]
        else:
            return None
    if isinstance(parsed, bool | int | float | str):
        return json.dumps(parsed) if not isinstance(parsed, str) else parsed
    return None
