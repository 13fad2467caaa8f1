"""CEK: how far an order has come, and what comes next for whoever asks."""

from typing import Any

from menus.actions import orders as actions
from menus.commands.buying import fit
from menus.commands.grammar import Command
from menus.commands.registry import command, number
from menus.page import BUDGET, width
from menus.talk import Talk
from menus.wording import N_
from store import disputes, orders, payouts, ratings
from store.errors import Refused

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
    waiting = disputes.of_agent(talk.tx, talk.registered)
    return next((each for each in waiting if each.order_id == order.id), None)


def _side_and_state(talk: Talk, order: orders.Order) -> tuple[str, str]:
    """As what this person looks at the order, and where that stands for them."""
    me = talk.registered
    if order.buyer_id == me.id:
        side = "buyer"
    elif orders.may_answer(talk.tx, me, order):
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
    shown = actions.codes_of(talk, order)
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
    numbers=1,
)
def look(talk: Talk, command: Command) -> str:
    """`CEK` lists the latest orders; `CEK 10013` tells one, and its code to the buyer."""
    me = talk.registered
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
