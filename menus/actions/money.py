"""What an agent does with money: done in the shop, and told to the agent."""

from collections.abc import Sequence

from menus.talk import Talk
from menus.wording import N_
from store import agents, disputes, orders, payouts, remittances
from store.orders import kiosk

DEPOSITED = N_(
    "Pesanan {number}: {held} tercatat pada Bpk/Ibu. Pembeli dan penjual kami kabari. Terima kasih."
)
REPAID = N_(
    "Pesanan {number}: {amount} untuk pembeli tercatat pada Bpk/Ibu. Pembeli kami kabari. Terima"
    " kasih."
)
PAID = N_("Pesanan {number}: {amount} sudah dibayar ke {name}. Terima kasih.")
CASH = N_("Uang titipan {amount} untuk {count} pesanan, batas {cap}.")
REMITTED = N_("Kami tanya {name}. Sampai dijawab, {amount} tetap tercatat pada Bpk/Ibu.")
TAKEN = N_("{amount} dari {agent} kini tercatat pada Bpk/Ibu. Terima kasih.")
REFUSED = N_("{amount} dari {agent} belum Bpk/Ibu terima. Pengirimnya kami kabari. Terima kasih.")

EARNERS: Sequence[payouts.Role] = ("seller", "courier")
"""Whom BAYAR pays; KEMBALI pays the buyer."""


def is_repayment(talk: Talk, number: str) -> bool:
    """Whether money for this order is what its seller has to bring back."""
    agents.required(talk.tx, talk.registered)
    dispute = disputes.of_order(talk.tx, orders.by_number(talk.tx, number).id)
    return dispute is not None and dispute.state == "owing"


def deposit(talk: Talk, number: str, amount: int) -> str:
    """The agent has got money for an order; what they are told."""
    if is_repayment(talk, number):
        dispute = disputes.repay(talk.tx, talk.registered, number, amount)
        return talk.say(REPAID, **{**disputes.describe(dispute), "amount": amount})
    order = kiosk.deposit(talk.tx, talk.registered, number, amount)
    return talk.say(DEPOSITED, **orders.describe(order))


def pay(talk: Talk, number: str, roles: Sequence[payouts.Role], typed: str) -> str:
    """The agent has paid somebody out; what they are told."""
    payout = payouts.pay(talk.tx, talk.registered, number, roles, typed)
    return talk.say(PAID, **payouts.describe(payout))


def cash(talk: Talk) -> str:
    """What the agent holds."""
    amount, cap, count = remittances.cash(talk.tx, talk.registered)
    return talk.say(CASH, amount=amount, cap=cap, count=count)


def remit(talk: Talk, msisdn: str, amount: int) -> str:
    """The agent hands cash to another; what they are told."""
    remittance = remittances.offer(talk.tx, talk.registered, msisdn, amount)
    return talk.say(REMITTED, **remittances.describe(remittance))


def take(talk: Talk, remittance_id: int) -> str:
    """The agent has got another's cash; what they are told."""
    remittance = remittances.take(talk.tx, talk.registered, remittance_id)
    return talk.say(TAKEN, **remittances.describe(remittance))


def refuse(talk: Talk, remittance_id: int) -> str:
    """The agent has not got another's cash; what they are told."""
    remittance = remittances.refuse(talk.tx, talk.registered, remittance_id)
    return talk.say(REFUSED, **remittances.describe(remittance))
