"""My orders: what each side can do with an order, when."""

from collections.abc import Callable
from typing import Any

from menus.screen import Ask, Choice, End, Go, Rows, Screen, Step, declare
from menus.talk import Talk
from menus.wording import N_
from store import groups, orders, people, ratings, services
from store.calendar import last_moment
from store.orders import Order

ACCEPTED = N_(
    "Pesanan {number} jadi. Pembeli {buyer} {buyer_phone}. Saat berangkat pilih Kirim, saat"
    " serah minta kode pembeli."
)
ACCEPTED_SERVICE = N_(
    "Pesanan {number} jadi. Pembeli {buyer} {buyer_phone}. Saat mulai pilih Mulai, saat serah"
    " minta kode pembeli."
)
REJECTED = N_("Pesanan {number} ditolak. Pembeli kami kabari. Terima kasih.")
SENT = N_("Pesanan {number} dikirim. Saat serah, minta kode pembeli lalu pilih Serah.")
SENT_SERVICE = N_("Pesanan {number} dikerjakan. Saat serah, minta kode pembeli lalu pilih Serah.")
HANDED_OVER = N_("Pesanan {number} diserahkan. Mohon terima {total} dari pembeli. Terima kasih.")
RECEIVED = N_("Pesanan {number} sudah Bpk/Ibu terima. Terima kasih.")
DONE = N_(
    "Pesanan {number} selesai. Terima kasih. Untuk menilai penjual kirim SMS NILAI {number} dan"
    " angka 1 sampai 5"
)
RATED = N_(
    "Pesanan {number}: nilai {stars} untuk {seller} kami catat. Boleh diubah sampai {day}."
    " Terima kasih."
)
CANCELLED = N_("Pesanan {number} dibatalkan. Terima kasih.")

REASONS = {
    "sold out": N_("barang habis"),
    "full": N_("jadwal penuh"),
    "price": N_("harga berubah"),
    "far": N_("terlalu jauh"),
    "other": N_("belum bisa saat ini"),
}
"""Why a seller says no, for those who do not type a reason."""
_NOT_OF = {"goods": "full", "service": "sold out"}
"""Reasons that do not go with a kind."""


def code(typed: str) -> str | None:
    """A hand-over code as typed, spaces and dashes left out; None when it has no 5 digits."""
    digits = typed.replace(" ", "").replace("-", "")
    return digits if len(digits) == 5 and digits.isascii() and digits.isdigit() else None


def _rows(talk: Talk) -> list[tuple[str, dict[str, Any]]]:
    return [
        (order.number, orders.describe(order))
        for order in orders.of_person(talk.tx, talk.registered)
    ]


def _order(talk: Talk) -> Order:
    return orders.find(talk.tx, talk.registered, talk.data["order"])


def _values(talk: Talk) -> dict[str, Any]:
    order = _order(talk)
    shown = orders.code_for(order, talk.registered)
    mine = order.buyer_id == talk.registered.id
    return {
        **orders.describe(order),
        "lines": talk.say(_CODE, code=shown) if shown else order.seller if mine else order.buyer,
    }


_CODE = N_("Kode serah {code}")


def _when(side: str, *states: str, kind: str = "") -> Callable[[Talk], bool]:
    def allowed(talk: Talk) -> bool:
        order, me = _order(talk), talk.registered
        if order.state not in states or kind not in ("", order.kind):
            return False
        if side == "buyer":
            return order.buyer_id == me.id
        return groups.may_answer(talk.tx, me, order)

    return allowed


def _can_cancel(talk: Talk) -> bool:
    order = _order(talk)
    mine = order.buyer_id == talk.registered.id
    return mine and (order.state == "waiting" or orders.is_late(talk.tx, order))


def _accept(days: int | None) -> Callable[[Talk], Step]:
    def accept(talk: Talk) -> Step:
        order = orders.accept(talk.tx, talk.registered, talk.data["order"], days)
        said = ACCEPTED_SERVICE if order.kind == "service" else ACCEPTED
        return End(talk.say(said, **orders.describe(order)))

    return accept


def _work(talk: Talk) -> dict[str, Any]:
    order = _order(talk)
    return {"spec": order.spec, "day": last_moment(services.promised_by(talk.tx, order))}


def _reasons(talk: Talk) -> list[tuple[str, dict[str, Any]]]:
    without = _NOT_OF[_order(talk).kind]
    return [(key, {"why": talk.say(why)}) for key, why in REASONS.items() if key != without]


def _reject(talk: Talk, reason: str) -> Step:
    buyer = people.language(talk.tx, _order(talk).buyer_msisdn)
    why = talk.wording.say(buyer, REASONS[reason])
    order = orders.reject(talk.tx, talk.registered, talk.data["order"], why)
    return End(talk.say(REJECTED, **orders.describe(order)))


def _send(talk: Talk) -> Step:
    order = orders.send(talk.tx, talk.registered, talk.data["order"])
    said = SENT_SERVICE if order.kind == "service" else SENT
    return End(talk.say(said, **orders.describe(order)))


def _hand_over(talk: Talk, typed: str) -> Step:
    order = orders.hand_over(talk.tx, talk.registered, talk.data["order"], typed)
    return End(talk.say(HANDED_OVER, **orders.describe(order)))


def _receive(talk: Talk) -> Step:
    return End(receive(talk, talk.data["order"]))


def receive(talk: Talk, number: str) -> str:
    """The buyer has the goods; what they are told, with how to rate them once nothing is left."""
    order = orders.receive(talk.tx, talk.registered, number)
    unrated = order.state == "done" and not ratings.of_order(talk.tx, order)
    return talk.say(DONE if unrated else RECEIVED, **orders.describe(order))


def rate(talk: Talk, number: str, stars: int) -> str:
    """The buyer's stars; what they are told."""
    order, rating = ratings.rate(talk.tx, talk.registered, number, stars)
    day = last_moment(rating.change_until)
    return talk.say(RATED, number=order.number, seller=order.seller, stars=stars, day=day)


def _rate(stars: int) -> Callable[[Talk], Step]:
    return lambda talk: End(rate(talk, talk.data["order"], stars))


def _can_rate(talk: Talk) -> bool:
    order = _order(talk)
    return order.buyer_id == talk.registered.id and ratings.can_rate(talk.tx, order)


def _cancel(talk: Talk) -> Step:
    order = orders.cancel(talk.tx, talk.registered, talk.data["order"])
    return End(talk.say(CANCELLED, **orders.describe(order)))


declare(
    Screen(
        "my orders",
        text=N_("Pesanan saya:"),
        rows=Rows(
            label="{number} {title} ({state})",
            load=_rows,
            then=lambda talk, number: Go("order", order=number),
            empty=N_("Belum ada pesanan."),
        ),
    ),
    Screen(
        "order",
        text="{number} {title}: {state}\n{quantity} {unit}, {total}\n{lines}",
        values=_values,
        aside=lambda talk: _order(talk).spec,
        durable=True,
        choices=(
            Choice(N_("Terima"), "promise", when=_when("seller", "waiting", kind="goods")),
            Choice(N_("Terima"), "promise work", when=_when("seller", "waiting", kind="service")),
            Choice(N_("Tolak"), "reject", when=_when("seller", "waiting")),
            Choice(N_("Kirim"), _send, when=_when("seller", "accepted", kind="goods")),
            Choice(N_("Mulai"), _send, when=_when("seller", "accepted", kind="service")),
            Choice(N_("Serah"), "hand over", when=_when("seller", "sent")),
            Choice(N_("Sudah terima"), _receive, when=_when("buyer", "accepted", "sent")),
            Choice(N_("Selesai"), _receive, when=_when("buyer", "handed over")),
            Choice(N_("Nilai"), "rate", when=_can_rate),
            Choice(N_("Batalkan"), _cancel, when=_can_cancel),
        ),
    ),
    Screen(
        "rate",
        text=N_("Berapa nilai untuk {seller}?"),
        values=lambda talk: {"seller": _order(talk).seller},
        durable=True,
        choices=(  # the number that is typed is that of the stars
            Choice(N_("Kurang sekali"), _rate(1)),
            Choice(N_("Kurang"), _rate(2)),
            Choice(N_("Cukup"), _rate(3)),
            Choice(N_("Baik"), _rate(4)),
            Choice(N_("Baik sekali"), _rate(5)),
        ),
    ),
    Screen(
        "promise",
        text=N_("Kapan barang dikirim?"),
        durable=True,
        choices=(
            Choice(N_("Hari ini"), _accept(0)),
            Choice(N_("Besok"), _accept(1)),
            Choice(N_("Dalam 3 hari"), _accept(3)),
            Choice(N_("Dalam 7 hari"), _accept(7)),
        ),
    ),
    Screen(
        "promise work",
        text=N_("{spec}\nKapan selesai?"),
        values=_work,
        durable=True,
        choices=(
            Choice(N_("Paling lambat {day}"), _accept(None)),
            Choice(N_("Dalam 14 hari"), _accept(14)),
            Choice(N_("Dalam 30 hari"), _accept(30)),
        ),
    ),
    Screen(
        "reject",
        text=N_("Mengapa ditolak?"),
        durable=True,
        rows=Rows(
            label="{why}",
            load=_reasons,
            then=_reject,
        ),
    ),
    Screen(
        "hand over",
        text=N_("Pembeli sudah melihat barang? Mohon ketik 5 angka kode dari pembeli:"),
        durable=True,
        ask=Ask(code, hint=N_("Kodenya 5 angka."), then=_hand_over, secret=True),
    ),
)
