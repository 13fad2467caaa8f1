"""SMS out: sends the segments of a message, and says what became of it.

The segments leave one after the other. A phone shows a long message when it has all of them, so
that a message of which any but the last was not taken can be sent again: nobody has read it.
"""

import logging
import time
from typing import Any

from gateway.providers import Outgoing
from gateway.providers.smpp import incoming, outgoing, statuses
from gateway.providers.smpp.link import Link, NotSent
from gateway.providers.smpp.pending import Late, Silence
from settings import Settings
from store.errors import traced
from store.outbox import Outcome

_log = logging.getLogger(__name__)

PAUSE = 0.2
"""Seconds before a segment is sent again that the SMSC was too busy for."""


def send(settings: Settings, link: Link, sms: Outgoing, until: float, late: Late) -> Outcome:
    """Sends one SMS, until `until` (monotonic) at the latest. Raises nothing.

    An answer to the last segment that comes later is told to `late`.
    """
    try:
        segments = outgoing.segments(settings, sms)
    except Exception as error:
        _log.error("a message could not be put into PDUs\n%s", traced(error))
        return Outcome("failed", reason=f"cannot be sent by SMPP: {type(error).__name__}")
    outcome = Outcome("refused")
    for number, fields in enumerate(segments, start=1):
        is_last = number == len(segments)
        outcome = _submit(settings, link, fields, until, late if is_last else None)
        while number > 1 and outcome.link == "busy" and time.monotonic() + PAUSE < until:
            time.sleep(PAUSE)
            outcome = _submit(settings, link, fields, until, late if is_last else None)
        if outcome.state == "unknown" and not is_last:
            return Outcome("refused", reason=f"segment {number}: no answer", link=outcome.link)
        if outcome.state != "accepted":
            return outcome
    return outcome


def _submit(
    settings: Settings, link: Link, fields: dict[str, Any], until: float, late: Late | None
) -> Outcome:
    try:
        answer = link.submit(fields, until, late).result()
    except NotSent as error:
        return Outcome("refused", reason=str(error)[:100], link="busy" if error.busy else "down")
    except Silence as error:
        return Outcome("unknown", reason=str(error)[:100], link="down")
    except Exception as error:  # whatever it was, the message may be on its way
        _log.error("sending by SMPP failed\n%s", traced(error))
        return Outcome("unknown", reason=type(error).__name__, link="down")
    state, link_state = statuses.SUBMITTING.get(answer.status, statuses.REST)
    if state != "accepted":
        return Outcome(state, reason=f"status 0x{answer.status:08x}", link=link_state)
    external_id = incoming.answered_id(answer.message_id, settings.smpp_receipt_ids)
    return Outcome("accepted", external_id=external_id or None)
