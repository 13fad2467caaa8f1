"""What several screens ask in the same way, and where they go on to with the answer."""

from collections.abc import Callable
from typing import Any

from menus.screen import Again, Ask, Go, Step
from menus.talk import Talk
from menus.wording import N_
from store import limits, phones

_PHONE_HINT = N_("Mohon ketik nomor HP.")


def answer_to(screen: str, name: str) -> Callable[[Talk, Any], Step]:
    """On to `screen` with what was answered, as `name`."""
    return lambda talk, value: Go(screen, **{name: value})


def phone(screen: str, check: Callable[[Talk, str], object] | None = None) -> Ask:
    """The question for a phone number, which goes on to `screen` as `phone`; `check` raises
    Refused for one that will not do."""

    def then(talk: Talk, typed: str) -> Step:
        msisdn = phones.parse_phone(typed, talk.tx.settings.region)
        if msisdn is None:
            return Again(talk.say(_PHONE_HINT))
        if check:
            check(talk, msisdn)
        return Go(screen, phone=msisdn)

    return Ask(lambda typed: typed or None, hint=_PHONE_HINT, then=then)


def number(typed: str) -> str | None:
    """An order's number as typed; None when it is none."""
    digits = typed.strip(" .#")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= limits.NUMBER
    return digits if is_number else None
