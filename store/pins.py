"""PINs: what a person proves with that it is them, and not somebody who holds their phone.

What must stay true: a PIN is in no table, event or message; the database alone is no use to guess
one, because what is hashed was made with the pepper first; a wrong try counts although it is
refused, and nothing is compared while a PIN is locked. A limit for the whole market stands beside
it, for whoever tries one common PIN on everybody.
"""

import re
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from store import sealing
from store.clock import from_text
from store.data_files import data_rows
from store.errors import Refused
from store.people import Person
from store.shop import Transaction
from store.trust import OPERATOR

TRIES = 3
"""Wrong tries in a row that lock a PIN."""

MARKET_WINDOW = timedelta(minutes=10)
"""How far back the limit for the whole market looks."""

_PIN = re.compile("[0-9]{4,6}")
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""What OWASP's Password Storage Cheat Sheet gives for argon2id (m in KiB)."""


def is_pin(typed: str) -> bool:
    """Whether this is 4 to 6 digits."""
    return _PIN.fullmatch(typed) is not None


def has(tx: Transaction, person: Person) -> bool:
    """Whether the person has chosen a PIN."""
    return _row(tx, person) is not None


def must_be_good(person: Person, new: str) -> None:
    """Raises Refused("bad_pin" | "weak_pin") for what cannot be this person's PIN."""
    if not is_pin(new):
        raise Refused("bad_pin")
    if _is_common(new) or _is_of_phone(new, person.msisdn):
        raise Refused("weak_pin")


def choose(tx: Transaction, person: Person, new: str, old: str | None = None) -> None:
    """Sets the person's PIN; who has one gives it as `old`.

    Raises Refused("bad_pin" | "weak_pin" | "old_pin"), and as `check` does for the old one.
    """
    must_be_good(person, new)
    if has(tx, person):
        if not old:
            raise Refused("old_pin")
        check(tx, person, old)
    tx.execute(
        "INSERT INTO pins (person_id, hash, set_at) VALUES (:person, :hash, :now)"
        " ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, tries = 0,"
        " locked_until = NULL, set_at = excluded.set_at",
        {
            "person": person.id,
            "hash": _HASHER.hash(_peppered(tx, new), salt=tx.chance.randbytes(16)),
            "now": tx.moment,
        },
    )
    tx.event(person.msisdn, "pin.set", _subject(person))


def check(tx: Transaction, person: Person, pin: str) -> None:
    """Whether this is the person's PIN.

    Raises Refused("no_pin" | "wrong_pin" | "pin_locked" | "pins_busy"). A wrong try was counted
    by then, so whoever catches it commits.
    """
    row = _row(tx, person)
    if row is None:
        raise Refused("no_pin", service_code=tx.settings.service_code)
    if row["locked_until"] and row["locked_until"] > tx.moment:
        raise _locked(row["locked_until"])
    if _wrong_lately(tx) >= tx.settings.pin_wrong_limit:
        raise Refused("pins_busy")
    if not _fits(row["hash"], _peppered(tx, pin)):
        raise _counted(tx, person, row["tries"] + 1)
    if row["tries"]:
        _start_again(tx, person)


def unlock(tx: Transaction, person: Person) -> None:
    """An operator lets the person try again. Raises Refused("no_pin")."""
    if not has(tx, person):
        raise Refused("no_pin", service_code=tx.settings.service_code)
    _start_again(tx, person)
    tx.event(OPERATOR, "pin.unlocked", _subject(person))


def forget(tx: Transaction, person: Person) -> None:
    """An operator takes the PIN away, so that the person chooses another. Raises as `unlock`."""
    if not tx.execute("DELETE FROM pins WHERE person_id = ?", (person.id,)):
        raise Refused("no_pin", service_code=tx.settings.service_code)
    tx.event(OPERATOR, "pin.forgotten", _subject(person))


def _counted(tx: Transaction, person: Person, tries: int) -> Refused:
    """Writes the wrong try down; the one that locks leaves the count at 0 for when it opens."""
    tx.execute("DELETE FROM wrong_pins WHERE at <= ?", (tx.later(-MARKET_WINDOW),))
    tx.execute("INSERT INTO wrong_pins (id, at) VALUES (?, ?)", (tx.new_id(), tx.moment))
    tx.event(person.msisdn, "pin.wrong", _subject(person), tries=tries)
    until = tx.later(tx.settings.pin_lock) if tries >= TRIES else None
    tx.execute(
        "UPDATE pins SET tries = ?, locked_until = ? WHERE person_id = ?",
        (0 if until else tries, until, person.id),
    )
    if until:
        tx.event(person.msisdn, "pin.locked", _subject(person), until=until)
        return _locked(until)
    return Refused("wrong_pin", left=TRIES - tries)


def _locked(until: str) -> Refused:
    opens = from_text(until)
    return Refused("pin_locked", day=opens, time=opens)


def _wrong_lately(tx: Transaction) -> int:
    since = tx.later(-MARKET_WINDOW)
    return int(tx.value("SELECT COUNT(*) FROM wrong_pins WHERE at > ?", (since,)))


def _start_again(tx: Transaction, person: Person) -> None:
    tx.execute("UPDATE pins SET tries = 0, locked_until = NULL WHERE person_id = ?", (person.id,))


def _row(tx: Transaction, person: Person) -> dict[str, Any] | None:
    return tx.row("SELECT hash, tries, locked_until FROM pins WHERE person_id = ?", (person.id,))


def _peppered(tx: Transaction, pin: str) -> bytes:
    return sealing.keyed(tx.settings.pepper, "pin", pin)


def _fits(kept: str, peppered: bytes) -> bool:
    try:
        return _HASHER.verify(kept, peppered)
    except VerifyMismatchError:
        return False


def _is_of_phone(pin: str, msisdn: str) -> bool:
    """Whether it is a part of the number, also as it is dialled at home, with 0 before it."""
    digits = msisdn.removeprefix("+")
    return pin in digits or (pin.startswith("0") and pin[1:] in digits)


def _is_common(pin: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    is_run = len(steps) == 1 and steps <= {0, 1, 9}  # 7777, 7890, 3210
    repeats = len(pin) % 2 == 0 and len({pin[at : at + 2] for at in range(0, len(pin), 2)}) == 1
    is_year = len(pin) == 4 and 1940 <= int(pin) <= 2029
    return is_run or repeats or is_year or pin in _known()


@cache
def _known() -> frozenset[str]:
    return frozenset(row["pin"] for row in data_rows("common_pins.csv"))


def _subject(person: Person) -> str:
    return f"person:{person.id}"
