"""Names for incoming SMS, which SMPP gives none.

A name has to be the same when the SMSC brings a message again, and another when a person writes the
same words again. It is made of who wrote what to whom, of the ten minutes in which it first came,
and of how many of the same came in them before.

What must stay true: as long as the SMSC may not have got our answer, what looks the same is the
same. That is while there was no answer, and when the connection was lost within a minute after it.
After a restart of this process, the same words in the same ten minutes count as the same message.
Nobody can find out from a name what was written: it is made with the pepper.
"""

import hmac
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from gateway.providers.smpp import pdus
from gateway.providers.smpp.pdus import Delivery

SPELL = 600.0
"""Seconds in which the same words are counted."""

DOUBT = 60.0
"""Seconds in which an answer may be lost with the connection that it was written to."""

_TOLD_APART_BY = (
    pdus.RECEIPTED_MESSAGE_ID,
    pdus.USER_MESSAGE_REFERENCE,
    pdus.SAR_REFERENCE,
    pdus.SAR_NUMBER,
)
"""Optional parameters that are the same when a message is brought again, and only then."""


@dataclass
class _Named:
    name: str
    came: float
    answered: float | None = None


class Names:
    """Safe to share between threads; forgets what no longer matters."""

    def __init__(self, pepper: str, now: Callable[[], float] = time.time) -> None:
        self._pepper = pepper.encode()
        self._now = now
        self._spell = 0
        self._lock = threading.Lock()
        self._known: dict[str, _Named] = {}
        self._counts: dict[tuple[str, int], int] = {}

    def name(self, delivery: Delivery, bound_at: float) -> str:
        """What to call this message, which came by the connection that was bound then."""
        words = self._fingerprint(delivery)
        with self._lock:
            last = self._known.get(words)
            if last and self._may_be_brought_again(last, bound_at):
                return last.name
            now = self._now()
            spell = int(now // SPELL)
            if spell != self._spell:
                self._spell = spell
                self._forget(now)
            count = self._counts.get((words, spell), 0)
            self._counts[words, spell] = count + 1
            self._known[words] = _Named(f"{words}-{spell:x}-{count}", now)
            return self._known[words].name

    def answered(self, name: str) -> None:
        """The SMSC was told that it is safe."""
        with self._lock:
            named = self._known.get(name.split("-")[0])
            if named and named.name == name:
                named.answered = self._now()

    @staticmethod
    def _may_be_brought_again(named: _Named, bound_at: float) -> bool:
        if named.answered is None:
            return True
        return named.answered <= bound_at < named.answered + DOUBT

    def _forget(self, now: float) -> None:
        old = now - 2 * SPELL
        for words in [w for w, named in self._known.items() if named.came < old]:
            del self._known[words]
        for key in [key for key in self._counts if key[1] != self._spell]:
            del self._counts[key]

    def _fingerprint(self, delivery: Delivery) -> str:
        parts = [
            delivery.source.number.encode(),
            delivery.destination.number.encode(),
            bytes((delivery.esm_class, delivery.data_coding)),
            delivery.body,
            *(delivery.tlvs.get(tag, b"") for tag in _TOLD_APART_BY),
        ]
        digest = hmac.new(self._pepper, digestmod="sha256")
        for part in parts:
            digest.update(len(part).to_bytes(4, "big") + part)
        return digest.hexdigest()[:32]
