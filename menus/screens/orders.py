"""My orders: what each side can do with an order, when."""

from collections.abc import Callable
from typing import Any

from menus.actions import orders as actions
from menus.screen import Ask, Choice, End, Go, Rows, Screen, Step, declare
from menus.screens import complaints
from menus.talk import Talk
from menus.wording import N_
from store import orders, people, ratings
from store.calendar import last_moment
from store.orders import Order, promise

ACCEPTED = N_(
    "Pesanan {number} jadi. Pembeli {buyer} {buyer_phone}. Saat berangkat pilih Kirim, saat"
    " serah minta kode pembeli."
)
ACCEPTED_SERVICE = N_(
    "Pesanan {number} jadi. Pembeli {buyer} {buyer_phone}. Saat mulai pilih Mulai, saat serah"
    " minta kode pembeli."
)
SENT = N_("Pesanan {number} dikirim. Saat serah, minta kode pembeli lalu pilih Serah.")
SENT_SERVICE = N_("Pesanan {number} dikerjakan. Saat serah, minta kode pembeli lalu pilih Serah.")
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


def _rows(talk: Talk) -> list[tuple[str, dict[str, Any]]]:
    return [
        (order.number, orders.describe(order))
        for order in orders.of_person(talk.tx, talk.registered)
    ]


def _order(talk: Talk) -> Order:
    return orders.find(talk.tx, talk.registered, talk.data["order"])


def _values(talk: Talk) -> dict[str, Any]:
    order = _order(talk)
    mine = order.buyer_id == talk.registered.id
    other = order.seller if mine else order.buyer
    return {**orders.describe(order), "lines": actions.codes_of(talk, order) or other}


def _may(action: str, side: str, kind: str = "") -> Callable[[Talk], bool]:
    """Whether this person, on this side, may do this now with an order of this kind."""

    def allowed(talk: Talk) -> bool:
        order = _order(talk)
        mine = "buyer" if order.buyer_id == talk.registered.id else "seller"
        return (
            mine == side
            and kind in ("", order.kind)
            and orders.MACHINE.allows(talk.tx, order, action, side)
        )

    return allowed


def _accept(days: int | None) -> Callable[[Talk], Step]:
    def accept(talk: Talk) -> Step:
        order = orders.accept(talk.tx, talk.registered, talk.data["order"], days)
        return End(actions.accepted(talk, order, ACCEPTED, ACCEPTED_SERVICE))

    return accept


def _work(talk: Talk) -> dict[str, Any]:
    order = _order(talk)
    return {"spec": order.spec, "day": last_moment(promise.of_work(talk.tx, order))}


def _reasons(talk: Talk) -> list[tuple[str, dict[str, Any]]]:
    without = _NOT_OF[_order(talk).kind]
    return [(key, {"why": talk.say(why)}) for key, why in REASONS.items() if key != without]


def _why(talk: Talk, reason: str) -> str:
    """A reason as the buyer reads it."""
    buyer = people.language(talk.tx, _order(talk).buyer_msisdn)
    return talk.wording.say(buyer, REASONS[reason])


def _reject(talk: Talk, reason: str) -> Step:
    return End(actions.reject(talk, talk.data["order"], _why(talk, reason)))


def _give_up(talk: Talk, reason: str) -> Step:
    return End(actions.give_up(talk, talk.data["order"], _why(talk, reason)))


def _send(talk: Talk) -> Step:
    order = orders.send(talk.tx, talk.registered, talk.data["order"])
    said = SENT_SERVICE if order.kind == "service" else SENT
    return End(talk.say(said, **orders.describe(order)))


def _hand_over(talk: Talk, typed: str) -> Step:
    return End(actions.hand_over(talk, talk.data["order"], typed))


def _receive(talk: Talk) -> Step:
    return End(actions.receive(talk, talk.data["order"]))


def _rate(stars: int) -> Callable[[Talk], Step]:
    return lambda talk: End(actions.rate(talk, talk.data["order"], stars))


def _can_rate(talk: Talk) -> bool:
    """Not in the middle of a complaint, though the SMS command would take it."""
    order = _order(talk)
    mine = order.buyer_id == talk.registered.id and order.state != "disputed"
    return mine and ratings.can_rate(talk.tx, order)


def _cancel(talk: Talk) -> Step:
    return End(actions.cancel(talk, talk.data["order"]))


def _is_coming(talk: Talk) -> bool:
    return _order(talk).state != "handed over" and _may("receive", "buyer")(talk)


def _is_here(talk: Talk) -> bool:
    return _order(talk).state == "handed over" and _may("receive", "buyer")(talk)


def _is_accused(talk: Talk) -> bool:
    return complaints.is_open(talk, "accused")


def _has_complained(talk: Talk) -> bool:
    return complaints.is_open(talk, "opener")


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
            Choice(N_("Terima"), "promise", when=_may("accept", "seller", "goods")),
            Choice(N_("Terima"), "promise work", when=_may("accept", "seller", "service")),
            Choice(N_("Tolak"), "reject", when=_may("reject", "seller")),
            Choice(N_("Kirim"), _send, when=_may("send", "seller", "goods")),
            Choice(N_("Mulai"), _send, when=_may("send", "seller", "service")),
            Choice(N_("Serah"), "hand over", when=_may("hand over", "seller")),
            Choice(N_("Sudah terima"), _receive, when=_is_coming),
            Choice(N_("Selesai"), _receive, when=_is_here),
            Choice(N_("Nilai"), "rate", when=_can_rate),
            Choice(N_("Setuju"), complaints.give_in, when=_is_accused),
            Choice(N_("Tidak setuju"), "deny", when=complaints.can_answer),
            Choice(N_("Cabut keluhan"), "withdraw", when=_has_complained),
            Choice(N_("Aduan"), complaints.begin, when=complaints.can_complain),
            Choice(N_("Tidak bisa"), "give up", when=_may("give up", "seller")),
            Choice(N_("Batal"), _cancel, when=_may("cancel", "buyer")),
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
        rows=Rows(label="{why}", load=_reasons, then=_reject),
    ),
    Screen(
        "give up",
        text=N_("Mengapa tidak bisa? Pesanan dibatalkan:"),
        durable=True,
        rows=Rows(label="{why}", load=_reasons, then=_give_up),
    ),
    Screen(
        "hand over",
        text=N_("Pembeli sudah melihat barang? Mohon ketik 5 angka kode dari pembeli:"),
        durable=True,
        ask=Ask(actions.code, hint=N_("Kodenya 5 angka."), then=_hand_over, secret=True),
    ),
)
