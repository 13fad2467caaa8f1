"""What somebody does with an order: done in the shop, and told to who did it."""

from menus.talk import Talk
from menus.wording import N_
from store import orders, payouts, ratings
from store.calendar import last_moment
from store.orders import Order

ACCEPTED_DEPOSIT = N_(
    "Pesanan {number} jadi. Pembeli {buyer} {buyer_phone} menitip {deposit} di KIM dulu. Mohon"
    " tunggu kabar kami, baru mulai."
)
REJECTED = N_("Pesanan {number} ditolak. Pembeli kami kabari. Terima kasih.")
GIVEN_UP = N_("Pesanan {number} tidak jadi. Pembeli kami kabari. Terima kasih.")
HANDED_OVER = N_("Pesanan {number} diserahkan. Mohon terima {rest} dari pembeli. Terima kasih.")
HANDED_OVER_HELD = N_(
    "Pesanan {number} diserahkan. Mohon terima {rest} dari pembeli. {held} di KIM bisa diambil"
    " setelah pembeli cocok. Mohon tunggu kabar kami."
)
HANDED_OVER_PAID = N_(
    "Pesanan {number} diserahkan. {held} di KIM bisa diambil setelah pembeli cocok. Mohon tunggu"
    " kabar kami."
)
HANDED_OUT = N_(
    "Pesanan {number} diserahkan ke pembeli. Sisa tunai {rest} untuk {seller}. Terima kasih."
)
HANDED_OUT_PAID = N_("Pesanan {number} diserahkan ke pembeli, penjual kami kabari. Terima kasih.")
RECEIVED = N_("Pesanan {number} sudah Bpk/Ibu terima. Terima kasih.")
RECEIVED_HELD = N_(
    "Pesanan {number} Bpk/Ibu terima. Cocok? Ketik TERIMA {number} sekali lagi. Ada masalah?"
    " Ketik KOMPLAIN {number} alasan"
)
DONE = N_(
    "Pesanan {number} selesai. Terima kasih. Untuk menilai penjual kirim SMS NILAI {number} dan"
    " angka 1 sampai 5"
)
RATED = N_(
    "Pesanan {number}: nilai {stars} untuk {seller} kami catat. Boleh diubah sampai {day}."
    " Terima kasih."
)
CANCELLED = N_("Pesanan {number} dibatalkan. Terima kasih.")
_CODE = N_("Kode serah {code}")
_PAYOUT_CODE = N_("Kode ambil {code} di KIM {agent}")


def code(typed: str) -> str | None:
    """A hand-over code as typed, spaces and dashes left out; None when it has no 5 digits."""
    digits = typed.replace(" ", "").replace("-", "")
    return digits if len(digits) == 5 and digits.isascii() and digits.isdigit() else None


def codes_of(talk: Talk, order: Order) -> str:
    """The code that this person gives for the goods, or for money at an agent's; or nothing."""
    shown = orders.code_for(order, talk.registered)
    if shown:
        return talk.say(_CODE, code=shown)
    for payout in payouts.of_order(talk.tx, order.id):
        if payout.state == "due" and payout.person_id == talk.registered.id:
            found = {**payouts.describe(payout), "code": payouts.code_for(talk.tx, payout)}
            return talk.say(_PAYOUT_CODE, **found)
    return ""


def accepted(talk: Talk, order: Order, goods: str, service: str) -> str:
    """What the seller who took an order is told: `goods` or `service`, or to wait for money."""
    said = service if order.kind == "service" else goods
    return talk.say(ACCEPTED_DEPOSIT if order.deposit else said, **orders.describe(order))


def reject(talk: Talk, number: str, why: str) -> str:
    """The seller does not take the order; what they are told."""
    order = orders.reject(talk.tx, talk.registered, number, why)
    return talk.say(REJECTED, **orders.describe(order))


def give_up(talk: Talk, number: str, why: str) -> str:
    """The seller cannot keep their word; what they are told."""
    order = orders.give_up(talk.tx, talk.registered, number, why)
    return talk.say(GIVEN_UP, **orders.describe(order))


def hand_over(talk: Talk, number: str, typed: str) -> str:
    """The buyer gave the code; what who handed over is told."""
    order = orders.hand_over(talk.tx, talk.registered, number, typed)
    if talk.registered.id in (order.kiosk_id, order.courier_id):
        said = HANDED_OUT if order.rest else HANDED_OUT_PAID
    elif order.held:
        said = HANDED_OVER_HELD if order.rest else HANDED_OVER_PAID
    else:
        said = HANDED_OVER
    return talk.say(said, **orders.describe(order))


def receive(talk: Talk, number: str) -> str:
    """The buyer has the goods; what they are told, with how to rate them once nothing is left."""
    order = orders.receive(talk.tx, talk.registered, number)
    unrated = order.state == "done" and not ratings.of_order(talk.tx, order)
    to_be_content = order.held and order.state == "handed over"
    said = RECEIVED_HELD if to_be_content else DONE if unrated else RECEIVED
    return talk.say(said, **orders.describe(order))


def cancel(talk: Talk, number: str) -> str:
    """The buyer calls the order off; what they are told."""
    order = orders.cancel(talk.tx, talk.registered, number)
    return talk.say(CANCELLED, **orders.describe(order))


def rate(talk: Talk, number: str, stars: int) -> str:
    """The buyer's stars; what they are told."""
    order, rating = ratings.rate(talk.tx, talk.registered, number, stars)
    day = last_moment(rating.change_until)
    return talk.say(RATED, number=order.number, seller=order.seller, stars=stars, day=day)
