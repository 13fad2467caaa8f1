"""What an agent holds for others, and handing it on to another agent (SETOR): what is held
(`holding`), what is handed on (`remittance`), its way (`machine`), and who does what (`actions`).

What must stay true: an agent's cash is, to the rupiah, what that agent holds for orders. So cash
never moves by itself: the orders that it belongs to move with it, whole, and both sides confirm.
"""

from store.remittances.actions import end_all, offer, offered, plan, refuse, take, take_over
from store.remittances.holding import Holding, cash, holdings
from store.remittances.machine import MACHINE
from store.remittances.remittance import TAKEN_BY, Remittance, by_id, describe, offered_to

__all__ = [
    "MACHINE",
    "TAKEN_BY",
    "Holding",
    "Remittance",
    "by_id",
    "cash",
    "describe",
    "end_all",
    "holdings",
    "offer",
    "offered",
    "offered_to",
    "plan",
    "refuse",
    "take",
    "take_over",
]
