"""People and their phones: who is registered, from which village, and which language they read."""

from dataclasses import dataclass
from typing import Any

from store import gsm7, limits, sealing
from store.errors import Refused
from store.shop import Transaction


@dataclass(frozen=True)
class Person:
    """A registered person; `msisdn` is E.164. One who is frozen trades no more, until thawed; the
    shop of one is closed before `closed_until`."""

    id: int
    msisdn: str
    name: str
    village_code: str
    village: str
    district: str
    vouched: bool
    frozen: bool
    closed_until: str | None = None

    @property
    def erased(self) -> bool:
        """Whether they were erased (`store/erasure.py`), so that no phone is theirs."""
        return not self.msisdn.startswith("+")

    @property
    def district_code(self) -> str:
        """`52.02.01` of the village code `52.02.01.2003`."""
        return self.village_code[:8]

    @property
    def regency_code(self) -> str:
        """`52.02` of the village code `52.02.01.2003`."""
        return self.village_code[:5]


_SELECT = """
SELECT people.id, people.msisdn, people.name, people.village_code,
       villages.name AS village, districts.name AS district, people.vouched_by, people.frozen_at,
       people.closed_until
FROM people
JOIN villages ON villages.code = people.village_code
JOIN districts ON districts.code = villages.district_code
"""


def _person(row: dict[str, Any] | None) -> Person | None:
    if row is None:
        return None
    vouched, frozen = (row.pop(name) is not None for name in ("vouched_by", "frozen_at"))
    return Person(**row, vouched=vouched, frozen=frozen)


def of_phone(tx: Transaction, msisdn: str) -> Person | None:
    """The person registered with this phone."""
    return _person(tx.row(_SELECT + "WHERE people.msisdn = ?", (msisdn,)))


def by_id(tx: Transaction, person_id: int) -> Person:
    """The person of this id, which must exist."""
    person = _person(tx.row(_SELECT + "WHERE people.id = ?", (person_id,)))
    if person is None:
        raise LookupError(f"no person {person_id}")
    return person


def must_trade(person: Person) -> None:
    """Raises Refused("frozen") for somebody who may not trade just now."""
    if person.frozen:
        raise Refused("frozen")


def clean_name(text: str) -> str | None:
    """The name as it is kept and shown: basic GSM-7, 2 to 24 characters with a letter; or None.

    Numbers that may be a PIN, a code or a phone are left out.
    """
    without = sealing.without_numbers(gsm7.to_basic(text)).replace(sealing.MASK, " ")
    name = gsm7.one_line(without).strip(" .,#*")
    if not 2 <= len(name) <= limits.NAME or not any(letter.isalpha() for letter in name):
        return None
    return name


def register(
    tx: Transaction, msisdn: str, name: str, village_code: str, *, demo: bool = False
) -> Person:
    """Registers a phone's owner, who has agreed to what is kept about them.

    Registering again changes name and village. Raises Refused("bad_name").
    """
    kept = clean_name(name)
    if kept is None:
        raise Refused("bad_name")
    known = of_phone(tx, msisdn)
    if known:
        tx.execute(
            "UPDATE people SET name = ?, village_code = ? WHERE id = ?",
            (kept, village_code, known.id),
        )
        action, person_id = "person.changed", known.id
    else:
        person_id = tx.count("person", 1)
        tx.execute(
            "INSERT INTO people (id, msisdn, name, village_code, consented_at, demo)"
            " VALUES (:id, :msisdn, :name, :village, :now, :demo)",
            {
                "id": person_id,
                "msisdn": msisdn,
                "name": kept,
                "village": village_code,
                "now": tx.moment,
                "demo": int(demo),
            },
        )
        action = "person.registered"
    tx.event(msisdn, action, f"person:{person_id}", name=kept, village=village_code)
    return by_id(tx, person_id)


def language(tx: Transaction, msisdn: str) -> str:
    """The language that this phone chose, else the default."""
    chosen = tx.value("SELECT lang FROM phones WHERE msisdn = ?", (msisdn,))
    return str(chosen or tx.settings.locale)


def choose_language(tx: Transaction, msisdn: str, lang: str) -> None:
    """From now on this phone reads `lang`."""
    tx.execute(
        "INSERT INTO phones (msisdn, lang) VALUES (:msisdn, :lang)"
        " ON CONFLICT (msisdn) DO UPDATE SET lang = excluded.lang",
        {"msisdn": msisdn, "lang": lang},
    )
    tx.event(msisdn, "phone.language", f"phone:{msisdn}", lang=lang)
