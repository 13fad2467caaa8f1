"""YA, TIDAK, KIRIM, SERAH, TERIMA, NILAI, BATAL, CEK: what becomes of an order."""

from collections.abc import Callable
from dataclasses import dataclass

from menus.commands.account import register_consented
from menus.commands.buying import fit
from menus.commands.grammar import Command
from menus.commands.group import accept_invitation, answered_by_another, decline_invitation
from menus.commands.keywords import Keywords
from menus.commands.registry import NOT_REGISTERED, Usage, command, number
from menus.commands.values import whole_number
from menus.page import BUDGET, width
from menus.screens.buying import placed
from menus.screens.orders import CANCELLED, HANDED_OVER, REJECTED, code
from menus.screens.orders import rate as give_stars
from menus.screens.orders import receive as has_goods
from menus.talk import Talk
from menus.wording import N_
from store import drafts, groups, gsm7, limits, orders, people, questions, ratings
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
SENT_BEFORE = N_("Pesanan {number} sudah dikirim. Saat serah ketik SERAH {number} kode")
IN_WORK_BEFORE = N_("Pesanan {number} sudah dikerjakan. Saat serah ketik SERAH {number} kode")
NOTHING_WAITS = N_("Tidak ada yang menunggu jawaban Bpk/Ibu. Untuk melihat pesanan ketik CEK")
WAITING_ORDER = N_("Pesanan {number}: {word} {number}")
WAITING_OTHER = {
    "DAFTAR": N_("pendaftaran: {word} DAFTAR"),
    "BELI": N_("pesanan belum selesai: {word} BELI"),
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
DETAIL_CODE = N_("Kode serah {code}, mohon berikan setelah melihat barangnya.")
DETAIL_NEXT = {
    ("buyer", "waiting"): N_("Untuk membatalkan ketik BATAL {number}"),
    ("seller", "waiting"): N_("Mohon balas YA {number} atau TIDAK {number}"),
    ("buyer", "accepted"): N_("Dikirim paling lambat {day}. Penjual {seller_phone}"),
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
    for question in questions.waiting(talk.tx, talk.msisdn):
        if question.kind == "consent":
            found.append(Waiting("DAFTAR", register_consented, _no_consent))
        elif question.kind == "draft" and drafts.find(talk.tx, talk.msisdn):
            found.append(Waiting("BELI", _finish_draft, _drop_draft))
        elif question.kind == "group" and talk.person:
            found.append(Waiting("KELOMPOK", accept_invitation, decline_invitation))
    return found


def _answer_waiting(talk: Talk, name: str, word: str, days: int | None = None) -> str | None:
    found = [each for each in waiting(talk, days) if name in ("", each.name)]
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
    said = ACCEPTED_SERVICE if order.kind == "service" else ACCEPTED
    return talk.say(said, **orders.describe(order))


def _reject(talk: Talk, order_number: str, why: str) -> str:
    order = orders.reject(talk.tx, talk.registered, order_number, why)
    return talk.say(REJECTED, **orders.describe(order))


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


@command(
    "YA",
    N_("Untuk setuju ketik YA nomor, atau YA nomor hari, misalnya YA 10013 2"),
    registered=False,
    about_orders=True,
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
    return _accept(talk, number(command), days)


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


@command("KIRIM", N_("Saat berangkat ketik KIRIM nomor, misalnya KIRIM 10013"), about_orders=True)
def send(talk: Talk, command: Command) -> str | None:
    """`KIRIM 10013`: the buyer gets the code; the seller was told of the next step before."""
    try:
        orders.send(talk.tx, talk.registered, number(command))
    except Refused as refused:
        if refused.values.get("state") == "sent":
            order = orders.find(talk.tx, talk.registered, number(command))
            said = IN_WORK_BEFORE if order.kind == "service" else SENT_BEFORE
            return talk.say(said, number=order.number)
        raise
    return None


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
        order = orders.hand_over(talk.tx, talk.registered, number(command), typed)
    except Refused as refused:
        if refused.reason == "no_order":
            raise Usage(NO_SUCH_ORDER) from None  # what stands for the number may be the code
        raise
    return talk.say(HANDED_OVER, **orders.describe(order))


@command(
    "TERIMA",
    N_("Bila barang sudah diterima ketik TERIMA nomor, misalnya TERIMA 10013"),
    about_orders=True,
)
def receive(talk: Talk, command: Command) -> str:
    """`TERIMA 10013`: the buyer has the goods; a seller who writes it takes the order."""
    order = orders.find(talk.tx, talk.registered, number(command))
    if order.state == "waiting" and groups.may_answer(talk.tx, talk.registered, order):
        return _accept(talk, order.number, None)
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
    """`BATAL 10013`: while it waits, or when it is late."""
    order = orders.cancel(talk.tx, talk.registered, number(command))
    return talk.say(CANCELLED, **orders.describe(order))


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
    order = orders.find(talk.tx, me, number(command))
    values = orders.describe(order)
    shown = orders.code_for(order, me)
    side = "buyer" if order.buyer_id == me.id else "seller"
    rated = order.state == "done" and ratings.of_order(talk.tx, order)
    of_kind = {**DETAIL_NEXT, **DETAIL_NEXT_SERVICE} if order.kind == "service" else DETAIL_NEXT
    after = None if rated else of_kind.get((side, order.state))
    if shown:
        following = talk.say(DETAIL_CODE, code=shown)
    else:
        following = talk.say(after, **values) if after else ""
    told = f"{talk.say(DETAIL, **values)} {following}".strip()
    wish = f"{told} ({order.spec})"
    return wish if order.spec and width(wish) <= BUDGET else told
