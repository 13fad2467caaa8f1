"""YA, TIDAK, KIRIM, SERAH, TERIMA, NILAI, BATAL, CEK: what becomes of an order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from menus.commands.account import register_consented
from menus.commands.buying import fit
from menus.commands.grammar import Command
from menus.commands.group import accept_invitation, answered_by_another, decline_invitation
from menus.commands.keywords import Keywords
from menus.commands.money import how_to_take
from menus.commands.proxy import agree, decline
from menus.commands.registry import NOT_REGISTERED, Usage, command, number
from menus.commands.values import rupiah, whole_number
from menus.page import BUDGET, width
from menus.screens import complaints, desk
from menus.screens.buying import placed
from menus.screens.orders import ACCEPTED_DEPOSIT, CANCELLED, code, codes_of
from menus.screens.orders import give_up as cannot_keep_it
from menus.screens.orders import hand_over as has_handed_over
from menus.screens.orders import rate as give_stars
from menus.screens.orders import receive as has_goods
from menus.screens.orders import reject as refuse
from menus.talk import Talk
from menus.wording import N_
from store import (
    agents,
    disputes,
    drafts,
    groups,
    gsm7,
    limits,
    orders,
    payouts,
    people,
    phones,
    proxies,
    questions,
    ratings,
    remittances,
)
from store.errors import Refused

ACCEPTED = N_(
    "Pesanan {number} jadi. Pembeli {buyer} {buyer_phone}. Saat berangkat SMS KIRIM {number}"
    " (tanpa balasan), saat serah SMS SERAH {number} kode"
)
ACCEPTED_SERVICE = N_(
    "Pesanan {number} jadi. Pembeli {buyer} {buyer_phone}. Saat mulai SMS KIRIM {number}"
    " (tanpa balasan), saat serah SMS SERAH {number} kode"
)
NO_SUCH_ORDER = N_(
    "Maaf, nomor pesanannya tidak ditemukan. Mohon ketik SERAH, nomor pesanan, lalu kode."
)
SENT_BY_COURIER = N_(
    "Pesanan {number} diantar {name}, upah {amount} dari titipan di KIM. Kurir dan pembeli kami"
    " kabari. Terima kasih."
)
HOW_BY_COURIER = N_(
    "Untuk mengirim lewat kurir ketik KIRIM nomor nomor-hp upah, misalnya"
    " KIRIM 10013 081234567890 15rb"
)
SENT_BEFORE = N_("Pesanan {number} sudah dikirim. Saat serah ketik SERAH {number} kode")
IN_WORK_BEFORE = N_("Pesanan {number} sudah dikerjakan. Saat serah ketik SERAH {number} kode")
NO_SUCH_NUMBER = N_(
    "Maaf, Pesanan {number} tidak ada, atau nomor itu sudah tidak berlaku. Mohon ketik CEK"
)
NOTHING_WAITS = N_("Tidak ada yang menunggu jawaban Bpk/Ibu. Untuk melihat pesanan ketik CEK")
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
NO_ORDERS = N_("Belum ada pesanan. Untuk mencari barang ketik misalnya CARI beras")
ENTRY = N_("Pesanan {number} {title}: {state}")
MORE = N_("Untuk rinciannya ketik CEK nomor")
DETAIL = N_("Pesanan {number} {state}: {quantity} {unit} {title}, {total}.")
DETAIL_NEXT = {
    ("buyer", "waiting"): N_("Untuk membatalkan ketik BATAL {number}"),
    ("seller", "waiting"): N_("Mohon balas YA {number} atau TIDAK {number}"),
    ("buyer", "accepted"): N_("Dikirim paling lambat {day}. Penjual {seller_phone}"),
    ("buyer", "to deposit"): N_("Mohon titip {deposit} di petugas KIM, sebut nomornya"),
    ("seller", "to deposit"): N_("Pembeli menitip {deposit} di KIM dulu. Mohon tunggu"),
    ("buyer", "held"): N_("Uang di KIM {agent}. Dikirim paling lambat {day}"),
    ("seller", "held"): N_("Saat berangkat ketik KIRIM {number}"),
    ("courier", "sent"): N_("Saat serah ketik SERAH {number} kode"),
    ("agent", "held"): N_("{held} ada pada KIM {agent}"),
    ("agent", "at agent"): N_("Saat diambil ketik SERAH {number} kode"),
    ("seller", "disputed"): N_("Mohon tunggu putusan petugas KIM"),
    ("buyer", "disputed"): N_("Untuk mencabut keluhan ketik TERIMA {number}"),
    ("accused", "opened"): N_("Mohon balas YA {number}, atau TIDAK {number} alasan"),
    ("seller", "owing"): N_("Mohon bawa {owed} ke petugas KIM"),
    ("buyer", "owing"): N_("Penjual membawa {owed} ke KIM. Mohon tunggu"),
    ("seller", "ruled"): N_("{percent} persen untuk pembeli, {amount}"),
    ("buyer", "ruled"): N_("{percent} persen untuk pembeli, {amount}"),
    ("accused", "disputed"): N_("Mohon tunggu putusan petugas KIM"),
    ("seller", "at agent"): N_("Saat serah ketik SERAH {number} kode"),
    ("seller", "accepted"): N_("Saat berangkat ketik KIRIM {number}"),
    ("seller", "sent"): N_("Saat serah ketik SERAH {number} kode"),
    ("buyer", "handed over"): N_("Bila sudah cocok ketik TERIMA {number}"),
    ("buyer", "done"): N_("Untuk menilai penjual ketik NILAI {number} dan angka 1 sampai 5"),
}
"""What comes next, by side and state; a done order that is rated needs nothing more."""
DETAIL_NEXT_SERVICE = {
    ("buyer", "accepted"): N_("Selesai paling lambat {day}. Penjual {seller_phone}"),
    ("seller", "accepted"): N_("Saat mulai ketik KIRIM {number}"),
}
"""Where that is different for a service."""
TO_PAY = {
    "seller": N_("Untuk membayar {name} ketik BAYAR {number} kode"),
    "courier": N_("Untuk membayar {name} ketik BAYAR {number} kode"),
    "buyer": N_("Untuk membayar {name} ketik KEMBALI {number} kode"),
}
"""What comes next for the agent who has the money, by whose it is."""
TO_RULE = N_(
    "Pesanan {number}, {paid}: {complaint}. Katanya: {why}. Mohon ketik PUTUS {number} dan persen"
    " untuk pembeli"
)


@dataclass(frozen=True)
class Waiting:
    """Something that a bare YA or TIDAK could mean, and how it is named when there are several."""

    name: str
    yes: Callable[[Talk], str | None]
    no: Callable[[Talk], str | None]


def waiting(talk: Talk, days: int | None = None) -> list[Waiting]:
    """All that waits for this phone: orders to answer, a registration, an unfinished order."""
    found = []
    for order in orders.waiting_for(talk.tx, talk.person) if talk.person else []:
        found.append(
            Waiting(
                order.number,
                lambda talk, number=order.number: _accept(talk, number, days),  # type: ignore[misc]
                lambda talk, number=order.number: _reject(talk, number, ""),  # type: ignore[misc]
            )
        )
    for dispute in disputes.waiting_for(talk.tx, talk.person) if talk.person else []:
        found.append(
            Waiting(
                dispute.number,
                lambda talk, number=dispute.number: _which_complaint(talk, number),  # type: ignore[misc]
                lambda talk, number=dispute.number: _reject(talk, number, ""),  # type: ignore[misc]
            )
        )
    for remittance in remittances.offered_to(talk.tx, talk.person) if talk.person else []:
        found.append(
            Waiting(
                "SETOR",
                how_to_take,
                lambda talk, offered=remittance.id: desk.refuse(talk, offered),  # type: ignore[misc]
            )
        )
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


def _accept(talk: Talk, order_number: str, days: int | None) -> str:
    order = orders.accept(talk.tx, talk.registered, order_number, days)
    if order.deposit:
        return talk.say(ACCEPTED_DEPOSIT, **orders.describe(order))
    said = ACCEPTED_SERVICE if order.kind == "service" else ACCEPTED
    return talk.say(said, **orders.describe(order))


def _reject(talk: Talk, number: str, why: str) -> str:
    """No to an order, or to a complaint about it."""
    if _is_accused(talk, number):
        return complaints.answer(talk, number, why)
    return refuse(talk, number, why)


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


CONCESSION = N_("Keluhan Pesanan {number}: {amount} untuk pembeli?")
RECEIPT = N_("Pesanan {number}: barangnya sudah Bpk/Ibu terima?")
HOW_TO_CONCEDE = N_("Keluhan Pesanan {number}: bila setuju mohon ketik YA {number}")


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
        return talk.say(NOT_REGISTERED)
    days = None
    if len(command.args) > 1:
        days = 0 if command.args[1] == "0" else whole_number(command.args[1])
    if _is_accused(talk, number(command)):
        return complaints.concede(talk, number(command))
    try:
        return _accept(talk, number(command), days)
    except Refused as refused:
        if refused.reason == "no_order":  # it may be a one-time number that waits no more
            return talk.say(NO_SUCH_NUMBER, number=number(command))
        raise


@command(
    "TIDAK",
    N_("Untuk menolak ketik TIDAK nomor alasan, misalnya TIDAK 10013 habis"),
    registered=False,
    about_orders=True,
)
def no(talk: Talk, command: Command) -> str | None:
    """`TIDAK` answers the one thing that waits; `TIDAK 10013 habis` refuses an order."""
    if not command.args or _named(command):
        return _answer_waiting(talk, _named(command), "TIDAK")
    if not any(digit.isdigit() for digit in command.args[0]):
        found = waiting(talk)
        if talk.person and len(found) == 1 and found[0].name.isdigit():
            return _reject(talk, found[0].name, _reason(command.rest))
        return _answer_waiting(talk, "", "TIDAK")
    if talk.person is None:
        return talk.say(NOT_REGISTERED)
    return _reject(talk, number(command), _reason(" ".join(command.args[1:])))


def _reason(typed: str) -> str:
    return " ".join(gsm7.to_basic(typed).split())[: limits.REASON]


def _courier(talk: Talk, fields: tuple[str, ...]) -> tuple[people.Person | None, int]:
    """Who carries the goods, and for how much, where the seller names somebody. Raises Usage."""
    if not any(map(str.isdigit, "".join(fields))):
        return None, 0
    fee = rupiah(fields[-1])
    msisdn = phones.parse_phone(" ".join(fields[:-1]), talk.tx.settings.region)
    if fee is None or msisdn is None:
        raise Usage(HOW_BY_COURIER)
    courier = people.of_phone(talk.tx, msisdn)
    if courier is None:
        raise Refused("nobody", phone=msisdn)
    return courier, fee


@command(
    "KIRIM",
    N_("Saat berangkat ketik KIRIM nomor, misalnya KIRIM 10013. Lewat kurir: KIRIM 10013 nomor-hp"
       " upah"),
    about_orders=True,
)  # fmt: skip
def send(talk: Talk, command: Command) -> str | None:
    """`KIRIM 10013`: the buyer gets the code; the seller was told of the next step before.

    `KIRIM 10013 0812… 15rb`: somebody carries it for 15,000 out of what an agent holds.
    """
    courier, fee = _courier(talk, command.args[1:])
    try:
        order = orders.send(talk.tx, talk.registered, number(command), courier, fee)
    except Refused as refused:
        if refused.values.get("state") == "sent":
            order = orders.find(talk.tx, talk.registered, number(command))
            said = IN_WORK_BEFORE if order.kind == "service" else SENT_BEFORE
            return talk.say(said, number=order.number)
        raise
    if courier is None:
        return None
    return talk.say(SENT_BY_COURIER, number=order.number, name=courier.name, amount=fee)


@command(
    "SERAH",
    N_("Saat serah ketik SERAH nomor kode, misalnya SERAH 10013 58213"),
    about_orders=True,
    secret=1,
)
def hand_over(talk: Talk, command: Command) -> str:
    """`SERAH 10013 58213` with the code that the buyer gave for the goods."""
    typed = code("".join(command.args[1:]))
    if typed is None:
        raise Usage
    try:
        return has_handed_over(talk, number(command), typed)
    except Refused as refused:
        if refused.reason == "no_order":
            raise Usage(NO_SUCH_ORDER) from None  # what stands for the number may be the code
        raise


@command(
    "TERIMA",
    N_("Bila barang sudah diterima ketik TERIMA nomor, misalnya TERIMA 10013"),
    about_orders=True,
    secret=1,
)
def receive(talk: Talk, command: Command) -> str:
    """`TERIMA 10013`: the buyer has the goods; a seller who writes it takes the order."""
    order = orders.find(talk.tx, talk.registered, number(command))
    if order.state == "waiting" and groups.may_answer(talk.tx, talk.registered, order):
        return _accept(talk, order.number, None)
    if order.state == "disputed":
        return complaints.withdraw(talk, order.number)
    return has_goods(talk, order.number)


@command(
    "NILAI",
    N_("Untuk menilai penjual ketik NILAI nomor dan angka 1 sampai 5, misalnya NILAI 10013 5"),
)
def rate(talk: Talk, command: Command) -> str:
    """`NILAI 10013 5`: the buyer's stars, once the goods were handed over."""
    stars = whole_number(command.args[1]) if len(command.args) > 1 else None
    if stars is None:
        raise Usage
    return give_stars(talk, number(command), stars)


@command(
    "BATAL", N_("Untuk membatalkan ketik BATAL nomor, misalnya BATAL 10013"), about_orders=True
)
def cancel(talk: Talk, command: Command) -> str:
    """`BATAL 10013`: the buyer, while it waits or when it is late; the seller who cannot keep their
    word, with a reason."""
    if orders.find(talk.tx, talk.registered, number(command)).buyer_id != talk.registered.id:
        return cannot_keep_it(talk, number(command), _reason(" ".join(command.args[1:])))
    order = orders.cancel(talk.tx, talk.registered, number(command))
    return talk.say(CANCELLED, **orders.describe(order))


def look_up(talk: Talk, number: str) -> orders.Order:
    """A person's own order, or one whose money, or whose goods, are at this agent's, that this
    agent is to rule on, or that this courier carries. Raises Refused("no_order")."""
    try:
        return orders.find(talk.tx, talk.registered, number)
    except Refused:
        order = orders.by_number(talk.tx, number)
        here = (order.agent_id, order.kiosk_id, order.courier_id)
        if talk.registered.id not in here and not _to_rule(talk, order):
            raise
        return order


def _to_rule(talk: Talk, order: orders.Order) -> disputes.Dispute | None:
    """The complaint about this order, where it waits for this agent's ruling."""
    if order.state != "disputed":
        return None
    role = agents.of_person(talk.tx, talk.registered)
    coordinator = role is not None and role.role == "coordinator"
    waiting = disputes.of_agent(talk.tx, talk.registered, coordinator=coordinator)
    return next((each for each in waiting if each.order_id == order.id), None)


def _side_and_state(talk: Talk, order: orders.Order) -> tuple[str, str]:
    """As what this person looks at the order, and where that stands for them."""
    me = talk.registered
    if order.buyer_id == me.id:
        side = "buyer"
    elif groups.may_answer(talk.tx, me, order):
        side = "seller"
    else:
        return "courier" if order.courier_id == me.id else "agent", order.state
    if order.state == "accepted" and order.unpaid_deposit:
        return side, "to deposit"
    if order.state not in ("disputed", "settled"):
        return side, order.state
    dispute = disputes.by_number(talk.tx, order.number)
    if order.state == "settled":
        return side, dispute.state
    if side != disputes.accused_of(dispute):
        return side, "disputed"
    return "accused", "opened" if dispute.state == "opened" else "disputed"


def _following(talk: Talk, order: orders.Order, values: dict[str, Any]) -> str:
    """What comes next for whoever looks at the order."""
    shown = codes_of(talk, order)
    if shown:
        return shown
    side, state = _side_and_state(talk, order)
    if side == "agent":
        for payout in payouts.of_order(talk.tx, order.id):
            if payout.state == "due" and payout.agent_id == talk.registered.id:
                return talk.say(TO_PAY[payout.role], **payouts.describe(payout))
    if order.state == "settled":
        values = disputes.describe(disputes.by_number(talk.tx, order.number))
    rated = state == "done" and ratings.of_order(talk.tx, order)
    of_kind = {**DETAIL_NEXT, **DETAIL_NEXT_SERVICE} if order.kind == "service" else DETAIL_NEXT
    after = None if rated else of_kind.get((side, state))
    return talk.say(after, **values) if after else ""


@command(
    "CEK",
    N_("Untuk melihat pesanan ketik CEK, atau CEK nomor, misalnya CEK 10013"),
    about_orders=True,
)
def look(talk: Talk, command: Command) -> str:
    """`CEK` lists the latest orders; `CEK 10013` tells one, and its code to the buyer."""
    me: people.Person = talk.registered
    if not command.args:
        found = orders.of_person(talk.tx, me)
        if not found:
            return talk.say(NO_ORDERS)
        return fit([talk.say(ENTRY, **orders.describe(each)) for each in found], talk.say(MORE))
    order = look_up(talk, number(command))
    side, _ = _side_and_state(talk, order)
    dispute = _to_rule(talk, order) if side == "agent" else None
    if dispute:
        why = dispute.reply or dispute.told or "-"
        return talk.say(TO_RULE, **disputes.describe(dispute), why=why)
    values = orders.describe(order)
    told = f"{talk.say(DETAIL, **values)} {_following(talk, order, values)}".strip()
    wish = f"{told} ({order.spec})"
    return wish if order.spec and width(wish) <= BUDGET else told
