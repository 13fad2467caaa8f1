"""YA, TIDAK: the answer to the one thing that waits, or to what is named behind the word."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from menus.actions import complaints, money
from menus.actions import orders as actions
from menus.commands.account import register_consented
from menus.commands.buying import fit
from menus.commands.grammar import Command
from menus.commands.group import accept_invitation, answered_by_another, decline_invitation
from menus.commands.keywords import Keywords
from menus.commands.money import how_to_take
from menus.commands.proxy import agree, decline
from menus.commands.registry import NOT_REGISTERED, NOTHING_WAITS, Usage, command, number
from menus.commands.values import whole_number
from menus.screens.buying import placed
from menus.talk import Talk
from menus.wording import N_
from store import disputes, drafts, limits, orders, proxies, questions, remittances
from store.errors import Refused
from store.reasons import clean_reason

ACCEPTED = N_(
    "Pesanan {number} jadi. Pembeli {buyer} {buyer_phone}. Saat berangkat SMS KIRIM {number}"
    " (tanpa balasan), saat serah SMS SERAH {number} kode"
)
ACCEPTED_SERVICE = N_(
    "Pesanan {number} jadi. Pembeli {buyer} {buyer_phone}. Saat mulai SMS KIRIM {number}"
    " (tanpa balasan), saat serah SMS SERAH {number} kode"
)
WAITING_ORDER = N_("Pesanan {number}: {word} {number}")
WAITING_OTHER = {
    "DAFTAR": N_("pendaftaran: {word} DAFTAR"),
    "BELI": N_("pesanan belum selesai: {word} BELI"),
    "WAKIL": N_("permintaan KIM: {word} WAKIL"),
    "SETOR": N_("setoran: {word} SETOR"),
    "KELOMPOK": N_("ajakan: {word} KELOMPOK"),
}
"""What could be meant when several things wait, by its name."""

ANSWERS = {"YA": N_("YA"), "TIDAK": N_("TIDAK")}
CHOOSE = N_("Mohon ketik salah satu.")
DROPPED = N_("Baik, tidak jadi dipesan. Untuk mencari lagi ketik CARI dan nama barang.")
NO_CONSENT = N_("Baik, tidak jadi didaftarkan. Bila nanti mau, ketik DAFTAR nama#desa")
CONCESSION = N_("Keluhan Pesanan {number}: {amount} untuk pembeli?")
RECEIPT = N_("Pesanan {number}: barangnya sudah Bpk/Ibu terima?")
HOW_TO_CONCEDE = N_("Keluhan Pesanan {number}: bila setuju mohon ketik YA {number}")


@dataclass(frozen=True)
class Waiting:
    """Something that a bare YA or TIDAK could mean, and how it is named when there are several."""

    name: str
    yes: Callable[[Talk], str | None]
    no: Callable[[Talk], str | None]


def waiting(talk: Talk, days: int | None = None) -> list[Waiting]:
    """All that waits for this phone; an order that is taken is promised within `days`."""
    found = []
    for order in orders.waiting_for(talk.tx, talk.person) if talk.person else []:
        yes = partial(accept, order_number=order.number, days=days)
        found.append(Waiting(order.number, yes, partial(_reject, number=order.number)))
    for dispute in disputes.waiting_for(talk.tx, talk.person) if talk.person else []:
        name = partial(_which_complaint, number=dispute.number)
        found.append(Waiting(dispute.number, name, partial(_reject, number=dispute.number)))
    for each in remittances.offered_to(talk.tx, talk.person) if talk.person else []:
        found.append(Waiting("SETOR", how_to_take, partial(money.refuse, remittance_id=each.id)))
    for question in questions.waiting(talk.tx, talk.msisdn):
        if question.kind == "consent":
            found.append(Waiting("DAFTAR", register_consented, _no_consent))
        elif question.kind == proxies.KIND:
            found.append(Waiting("WAKIL", agree, decline))
        elif question.kind == "draft" and drafts.find(talk.tx, talk.msisdn):
            found.append(Waiting("BELI", _finish_draft, _drop_draft))
        elif question.kind == "group" and talk.person:
            found.append(Waiting("KELOMPOK", accept_invitation, decline_invitation))
    return found


def _answer_waiting(talk: Talk, name: str, word: str, days: int | None = None) -> str | None:
    found = [each for each in waiting(talk, days) if name in ("", each.name)]
    if name:
        found = found[:1]  # of several that go by one name, the oldest
    if len(found) == 1:
        return (found[0].yes if word == "YA" else found[0].no)(talk)
    if not found:
        return answered_by_another(talk) or talk.say(NOTHING_WAITS)
    answer = talk.say(ANSWERS[word])
    entries = [
        talk.say(WAITING_OTHER.get(each.name, WAITING_ORDER), number=each.name, word=answer)
        for each in found
    ]
    return fit(entries, talk.say(CHOOSE))


def accept(talk: Talk, order_number: str, days: int | None) -> str:
    """The seller takes the order; what they are told."""
    order = orders.accept(talk.tx, talk.registered, order_number, days)
    return actions.accepted(talk, order, ACCEPTED, ACCEPTED_SERVICE)


def _reject(talk: Talk, number: str, why: str = "") -> str:
    """No to an order, or to a complaint about it."""
    if _is_accused(talk, number):
        return complaints.answer(talk, number, why)
    return actions.reject(talk, number, why)


def _is_accused(talk: Talk, number: str) -> bool:
    """Whether a complaint about this order waits for this person."""
    waiting = disputes.waiting_for(talk.tx, talk.registered)
    return any(dispute.number == number for dispute in waiting)


def _finish_draft(talk: Talk) -> str:
    draft = drafts.find(talk.tx, talk.msisdn)
    if draft is None:
        return talk.say(NOTHING_WAITS)
    if talk.person is None:
        return talk.say(NOT_REGISTERED)
    order = orders.place(talk.tx, talk.person, draft.listing, draft.quantity, spec=draft.spec)
    return placed(talk, order)


def _drop_draft(talk: Talk) -> str:
    drafts.drop(talk.tx, talk.msisdn)
    return talk.say(DROPPED)


def _no_consent(talk: Talk) -> str:
    questions.drop(talk.tx, talk.msisdn, "consent")
    return talk.say(NO_CONSENT)


def _named(command: Command) -> str:
    """What a person answers by name, as in YA BELI; empty when it is nothing that can wait."""
    word = command.args[0].upper() if command.args else ""
    keyword = Keywords.load().meaning.get(word, "")
    return keyword if keyword in WAITING_OTHER else ""


def _which_complaint(talk: Talk, number: str) -> str:
    """A bare YA settles no complaint: it is named first, and then asked back."""
    return talk.say(HOW_TO_CONCEDE, number=number)


def ask_to_concede(talk: Talk, command: Command) -> str | None:
    """What YA would do to a complaint; nothing, where it answers anything else."""
    field = command.args[0] if command.args else ""
    if talk.person is None or not field.isdigit() or not _is_accused(talk, field):
        return None
    dispute = disputes.by_number(talk.tx, field)
    asked = CONCESSION if disputes.accused_of(dispute) == "seller" else RECEIPT
    return talk.say(asked, number=dispute.number, amount=dispute.paid)


@command(
    "YA",
    N_("Untuk setuju ketik YA nomor, atau YA nomor hari, misalnya YA 10013 2"),
    registered=False,
    about_orders=True,
    confirm=ask_to_concede,
    numbers=1,
)
def yes(talk: Talk, command: Command) -> str | None:
    """`YA` answers the one thing that waits; `YA 10013 2` takes an order and promises 2 days."""
    if not command.args or _named(command):
        return _answer_waiting(talk, _named(command), "YA")
    first = whole_number(command.args[0])
    if len(command.args) == 1 and first is not None and first <= limits.PROMISED_DAYS:
        return _answer_waiting(talk, "", "YA", days=first)
    if not any(digit.isdigit() for digit in command.args[0]):
        return _answer_waiting(talk, "", "YA")
    if talk.person is None:
        raise Usage(NOT_REGISTERED)
    days = None
    if len(command.args) > 1:
        days = 0 if command.args[1] == "0" else whole_number(command.args[1])
    if _is_accused(talk, number(command)):
        return complaints.concede(talk, number(command))
    try:
        return accept(talk, number(command), days)
    except Refused as refused:
        if refused.reason == "no_order":  # it may be a one-time number that waits no more
            raise Refused("no_such_number", number=number(command)) from None
        raise


@command(
    "TIDAK",
    N_("Untuk menolak ketik TIDAK nomor alasan, misalnya TIDAK 10013 habis"),
    registered=False,
    about_orders=True,
    numbers=1,
)
def no(talk: Talk, command: Command) -> str | None:
    """`TIDAK` answers the one thing that waits; `TIDAK 10013 habis` refuses an order."""
    if not command.args or _named(command):
        return _answer_waiting(talk, _named(command), "TIDAK")
    if not any(digit.isdigit() for digit in command.args[0]):
        found = waiting(talk)
        if talk.person and len(found) == 1 and found[0].name.isdigit():
            return _reject(talk, found[0].name, clean_reason(command.rest))
        return _answer_waiting(talk, "", "TIDAK")
    if talk.person is None:
        raise Usage(NOT_REGISTERED)
    return _reject(talk, number(command), clean_reason(" ".join(command.args[1:])))
