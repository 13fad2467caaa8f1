"""Cash that is handed on, as its two agents see it."""

from dataclasses import dataclass
from typing import Any

from store.people import Person
from store.shop import Transaction

TAKEN_BY = ("SETOR", "TERIMA")
"""The SMS command by which the other agent says that they have got the cash."""


@dataclass(frozen=True)
class Remittance:
    """Cash that one agent hands to another."""

    id: int
    giver_id: int
    giver: str
    giver_msisdn: str
    taker_id: int
    taker: str
    taker_msisdn: str
    amount: int
    state: str

    @property
    def number(self) -> str:
        """It has none but its id."""
        return str(self.id)

    @property
    def subject(self) -> str:
        """How events name it."""
        return f"remittance:{self.id}"


_SELECT = """
SELECT remittances.id, remittances.giver_id, givers.name AS giver, givers.msisdn AS giver_msisdn,
       remittances.taker_id, takers.name AS taker, takers.msisdn AS taker_msisdn,
       remittances.amount, remittances.state
FROM remittances
JOIN people AS givers ON givers.id = remittances.giver_id
JOIN people AS takers ON takers.id = remittances.taker_id
"""


def by_id(tx: Transaction, remittance_id: int) -> Remittance:
    """The remittance of this id, which must exist."""
    row = tx.row(_SELECT + "WHERE remittances.id = ?", (remittance_id,))
    if row is None:
        raise LookupError(f"no remittance {remittance_id}")
    return Remittance(**row)


def offered_to(tx: Transaction, person: Person) -> list[Remittance]:
    """What waits for this agent's word that they have got it, oldest first."""
    rows = tx.rows(
        _SELECT + "WHERE remittances.taker_id = ? AND remittances.state = 'offered'"
        " ORDER BY remittances.id",
        (person.id,),
    )
    return [Remittance(**row) for row in rows]


def describe(remittance: Remittance) -> dict[str, Any]:
    """The remittance as the values of a sentence."""
    return {
        "amount": remittance.amount,
        "state": remittance.state,
        "agent": remittance.giver,
        "name": remittance.taker,
    }
