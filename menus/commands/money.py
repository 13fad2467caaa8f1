"""TITIP, BAYAR, KEMBALI, KAS, SETOR: the money that agents hold for orders.

Each is asked back before it counts, because a sender's number can be forged.
"""

from collections.abc import Sequence

from menus.actions import money as actions
from menus.actions.orders import code
from menus.commands.grammar import Command
from menus.commands.registry import Usage, command, number
from menus.commands.trust import phone
from menus.commands.values import rupiah
from menus.talk import Talk
from menus.wording import N_
from store import agents, disputes, orders, payouts, remittances
from store.orders import kiosk
from store.remittances import TAKEN_BY

DEPOSIT = N_("Terima {amount} dari {buyer} untuk Pesanan {number}?")
REPAYMENT = N_("Terima {amount} dari penjual {seller}, untuk pembeli Pesanan {number}?")
PAYOUT = N_("Bayar {amount} ke {name} untuk Pesanan {number}?")
REMIT = N_("Setor {amount} untuk {count} pesanan ke {name}?")
TAKE = N_("Sudah terima {amount} dari {agent}?")
HOW_TO_REMIT = N_("Untuk menyetor ketik SETOR jumlah nomor-hp")
HOW_TO_TAKE = N_("{agent} menyetor {amount}. Bila diterima ketik SETOR TERIMA {remittance}")
HOW_TO_ASK = N_("Untuk minta uang kembali ketik REFUND nomor, misalnya REFUND 10013")
COMPLAIN_INSTEAD = N_(
    "Untuk minta uang kembali Pesanan {number} ketik KOMPLAIN {number} alasan, misalnya"
    " KOMPLAIN {number} rusak"
)


def _amount(command: Command, index: int) -> int:
    amount = rupiah(command.args[index]) if len(command.args) > index else None
    if amount is None:
        raise Usage
    return amount


def _code(command: Command) -> str:
    typed = code("".join(command.args[1:2])) or code("".join(command.args[1:]))
    if typed is None:
        raise Usage
    return typed


def ask_to_deposit(talk: Talk, command: Command) -> str:
    """What TITIP would do."""
    amount = _amount(command, 1)
    if actions.is_repayment(talk, number(command)):
        dispute = disputes.may_repay(talk.tx, talk.registered, number(command), amount)
        return talk.say(REPAYMENT, **{**disputes.describe(dispute), "amount": amount})
    order = kiosk.may_deposit(talk.tx, talk.registered, number(command), amount)
    return talk.say(DEPOSIT, **orders.describe(order), amount=amount)


@command(
    "TITIP",
    N_("Untuk mencatat titipan pembeli ketik TITIP nomor jumlah, misalnya TITIP 10013 250rb"),
    secret=2,
    confirm=ask_to_deposit,
    instead=N_(
        "Maaf, TITIP hanya untuk petugas KIM. Untuk menitip uang mohon datangi petugas KIM di desa,"
        " dan sebut nomor pesanannya."
    ),
)
def deposit(talk: Talk, command: Command) -> str:
    """`TITIP 10013 250rb`: the agent has got the buyer's cash, or what a seller brings back."""
    return actions.deposit(talk, number(command), _amount(command, 1))


def _ask_to_pay(talk: Talk, command: Command, roles: Sequence[payouts.Role]) -> str:
    payout = payouts.expected(talk.tx, talk.registered, number(command), roles, _code(command))
    return talk.say(PAYOUT, **payouts.describe(payout))


def ask_to_pay(talk: Talk, command: Command) -> str:
    """What BAYAR would do."""
    return _ask_to_pay(talk, command, actions.EARNERS)


@command(
    "BAYAR",
    N_("Bila penjual sudah dibayar ketik BAYAR nomor dan kodenya, misalnya BAYAR 10013 40217"),
    secret=1,
    confirm=ask_to_pay,
    instead=N_(
        "Maaf, BAYAR hanya untuk petugas KIM. Untuk mengambil uang mohon datangi petugas KIM. Kode"
        " ambilnya: ketik CEK nomor"
    ),
)
def pay(talk: Talk, command: Command) -> str:
    """`BAYAR 10013 40217`: the seller, or the courier, has got their money, and gave the code."""
    return actions.pay(talk, number(command), actions.EARNERS, _code(command))


def ask_to_refund(talk: Talk, command: Command) -> str | None:
    """What KEMBALI would do; nothing, for a buyer who asks for their money."""
    if agents.of_person(talk.tx, talk.registered) is None:
        return None
    return _ask_to_pay(talk, command, ("buyer",))


@command(
    "KEMBALI",
    N_("Bila uang pembeli sudah kembali ketik KEMBALI nomor dan kodenya, misalnya"
       " KEMBALI 10013 77120"),
    secret=1,
    confirm=ask_to_refund,
)  # fmt: skip
def refund(talk: Talk, command: Command) -> str:
    """`KEMBALI 10013 77120`: the buyer has got their money back, and gave the code."""
    if agents.of_person(talk.tx, talk.registered) is None:
        return _how_to_complain(talk, command)
    return actions.pay(talk, number(command), ("buyer",), _code(command))


@command(
    "REFUND",
    HOW_TO_ASK,
    about_orders=True,
    numbers=1,
)
def ask_for_money(talk: Talk, command: Command) -> str:
    """`REFUND 10013`: tells the buyer of an order how they get their money back."""
    return _how_to_complain(talk, command)


def _how_to_complain(talk: Talk, command: Command) -> str:
    try:
        asked = number(command)
    except Usage:
        raise Usage(HOW_TO_ASK) from None
    order = orders.find(talk.tx, talk.registered, asked, role="buyer")
    return talk.say(COMPLAIN_INSTEAD, number=order.number)


def how_to_take(talk: Talk) -> str:
    """How the agent says that they have got the cash that was offered first."""
    first = remittances.offered_to(talk.tx, talk.registered)[0]
    return talk.say(HOW_TO_TAKE, **remittances.describe(first), remittance=first.id)


@command(
    "KAS",
    N_("Untuk melihat uang titipan ketik KAS"),
    secret=0,
    instead=N_("Maaf, KAS hanya untuk petugas KIM. Untuk melihat hasil jualan ketik REKAP"),
)
def cash(talk: Talk, command: Command) -> str:
    """`KAS`: what the agent holds, and for how many orders."""
    told = actions.cash(talk)
    if remittances.offered_to(talk.tx, talk.registered):
        return f"{told} {how_to_take(talk)}"
    holds_any = remittances.holdings(talk.tx, talk.registered)
    return f"{told} {talk.say(HOW_TO_REMIT)}" if holds_any else told


_TAKEN = (TAKEN_BY[1], "RECEIVED")
_REFUSED = ("TIDAK", "BELUM", "NO")


def _remittance_id(command: Command, words: Sequence[str]) -> int | None:
    """What SETOR TERIMA, or SETOR TIDAK, names; None for SETOR with an amount."""
    if len(command.args) != 2 or command.args[0].upper() not in words:
        return None
    return int(number(command, 1))


def ask_to_remit(talk: Talk, command: Command) -> str | None:
    """What SETOR would do; nothing for SETOR TIDAK, which moves no money."""
    if _remittance_id(command, _REFUSED) is not None:
        return None
    taken = _remittance_id(command, _TAKEN)
    if taken is not None:
        offered = remittances.offered(talk.tx, talk.registered, taken)
        return talk.say(TAKE, **remittances.describe(offered))
    amount = _amount(command, 0)
    msisdn, _ = phone(talk, command.args[1:])
    taker, chosen = remittances.plan(talk.tx, talk.registered, msisdn, amount)
    return talk.say(REMIT, amount=amount, count=len(chosen), name=taker.name)


@command(
    "SETOR",
    N_("Untuk menyetor ke petugas lain ketik SETOR jumlah nomor-hp, misalnya"
       " SETOR 500rb 081234567890"),
    secret=2,
    confirm=ask_to_remit,
    instead=N_(
        "Maaf, SETOR hanya untuk petugas KIM. Untuk menitip uang mohon datangi petugas KIM di desa,"
        " dan sebut nomor pesanannya."
    ),
)  # fmt: skip
def remit(talk: Talk, command: Command) -> str:
    """`SETOR 500rb 0812…` hands cash to another agent.

    Who has got it says `SETOR TERIMA 12`, or sends back the number that they were sent; who has
    not says `SETOR TIDAK 12`.
    """
    refused = _remittance_id(command, _REFUSED)
    if refused is not None:
        return actions.refuse(talk, refused)
    taken = _remittance_id(command, _TAKEN)
    if taken is not None:
        return actions.take(talk, taken)
    msisdn, _ = phone(talk, command.args[1:])
    return actions.remit(talk, msisdn, _amount(command, 0))
