"""Choosing a PIN, and the question that lets only its owner go on.

What must stay true: a PIN is never in the data of a session; the one that is typed twice waits
sealed for its second time.
"""

from collections.abc import Callable
from typing import Any

from menus.notices import REFUSALS
from menus.screen import Again, Ask, Go, Home, Screen, Step, Trusted, declare
from menus.talk import Talk
from menus.wording import N_
from store import pins, sealing
from store.errors import Refused

CHOSEN = N_("PIN sudah disimpan. Mohon jangan beri tahu siapa pun.")
DIFFERENT = N_("Tidak sama. Mohon ulangi, atau tekan 0.")
TYPED_AGAIN = {"wrong_pin", "weak_pin", "bad_pin"}
"""Refusals that are told above the same question."""


def gate(talk: Talk, then: Go) -> Step:
    """On to `then` once the person's PIN was right in this session; who has none chooses one."""
    if talk.trusted:
        return then
    asked = "pin" if pins.has(talk.tx, talk.registered) else "new pin"
    return Go(asked, gate={"screen": then.screen, "data": then.data})


def change(talk: Talk) -> Step:
    """To a new PIN, past the old one if there is one."""
    return Go("old pin" if pins.has(talk.tx, talk.registered) else "new pin")


def digits(typed: str) -> str | None:
    """A PIN as typed, spaces and dashes left out; None when it is not 4 to 6 digits."""
    found = typed.replace(" ", "").replace("-", "")
    return found if pins.is_pin(found) else None


def _asked_again(then: Callable[[Talk, str], Step]) -> Callable[[Talk, str], Step]:
    """Has the question asked again where another answer would do."""

    def answered(talk: Talk, pin: str) -> Step:
        try:
            return then(talk, pin)
        except Refused as refused:
            if refused.reason not in TYPED_AGAIN:
                raise
            return Again(talk.say(REFUSALS[refused.reason], **refused.values))

    return answered


def _enter(talk: Talk, pin: str) -> Step:
    pins.check(talk.tx, talk.registered, pin)
    return Trusted(_beyond(talk))


def _is_old(talk: Talk, pin: str) -> Step:
    pins.check(talk.tx, talk.registered, pin)
    return Go("new pin", old=_seal(talk, pin))


def _is_new(talk: Talk, pin: str) -> Step:
    pins.must_be_good(talk.registered, pin)
    return Go("same pin", new=_seal(talk, pin))


def _is_same(talk: Talk, pin: str) -> Step:
    if pin != _unseal(talk, talk.data["new"]):
        return Again(talk.say(DIFFERENT))
    old = talk.data.get("old")
    pins.choose(talk.tx, talk.registered, pin, old and _unseal(talk, old))
    return Trusted(_beyond(talk)) if "gate" in talk.data else Home(talk.say(CHOSEN))


def _beyond(talk: Talk) -> Go:
    gate: dict[str, Any] = talk.data["gate"]
    return Go(gate["screen"], **gate["data"])


def _seal(talk: Talk, pin: str) -> str:
    return sealing.seal(talk.tx.settings.pepper, pin)


def _unseal(talk: Talk, sealed: str) -> str:
    return sealing.unseal(talk.tx.settings.pepper, sealed)


_HINT = N_("PIN 4 sampai 6 angka.")

declare(
    Screen(
        "pin",
        text=N_("Mohon ketik PIN Bpk/Ibu:"),
        durable=True,
        ask=Ask(digits, hint=_HINT, then=_asked_again(_enter), secret=True),
    ),
    Screen(
        "old pin",
        text=N_("Mohon ketik PIN lama:"),
        durable=True,
        ask=Ask(digits, hint=_HINT, then=_asked_again(_is_old), secret=True),
    ),
    Screen(
        "new pin",
        text=N_("Mohon pilih PIN baru, 4 sampai 6 angka:"),
        ask=Ask(digits, hint=_HINT, then=_asked_again(_is_new), secret=True),
    ),
    Screen(
        "same pin",
        text=N_("Mohon ketik PIN baru itu sekali lagi:"),
        durable=True,
        ask=Ask(digits, hint=_HINT, then=_asked_again(_is_same), secret=True),
    ),
)
