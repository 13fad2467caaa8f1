"""Messages to send, and what became of each.

What may become of a message is in `states`, which kinds there are in `classes`; `writing` puts a
message in, `claiming` gives messages to links, `settling` and `reports` say what became of them.

`sending` is committed before the provider is called, so that a crash in the middle is an unknown
outcome and never a silent second message. A message with a one-time code is never sent again
blindly. Messages to one phone leave in the order in which they were written, except that one may
overtake another of a less urgent kind.
"""

from store.outbox.claiming import Message, Settled, Turn, adopt, turn
from store.outbox.classes import CLASSES
from store.outbox.dead import dead, links_now, send_again
from store.outbox.links import link_is_back
from store.outbox.reports import report
from store.outbox.settling import Outcome, abandon, settle
from store.outbox.spending import costs
from store.outbox.states import MOVES, STATES
from store.outbox.writing import notify, put, stop, withdraw

__all__ = [
    "CLASSES",
    "MOVES",
    "STATES",
    "Message",
    "Outcome",
    "Settled",
    "Turn",
    "abandon",
    "adopt",
    "costs",
    "dead",
    "link_is_back",
    "links_now",
    "notify",
    "put",
    "report",
    "send_again",
    "settle",
    "stop",
    "turn",
    "withdraw",
]
