"""The desk of an agent: the buyers' money, the goods that people bring, and whom they vouch for.

It stands behind the agent's PIN. What it does the SMS commands do as well, and say the same.
"""

from collections.abc import Callable, Sequence
from typing import Any

from menus.actions import complaints, money, orders
from menus.commands.values import rupiah
from menus.screen import Ask, Choice, End, Go, Screen, Step, declare
from menus.screens import asking, pin
from menus.talk import Talk
from menus.wording import N_
from store import disputes, payouts
from store.orders import kiosk


def _hand_over(talk: Talk, typed: str) -> Step:
    return End(orders.hand_over(talk, talk.data["number"], typed))


def _may_deposit(talk: Talk, amount: int) -> Step:
    number = talk.data["number"]
    if money.is_repayment(talk, number):
        disputes.may_repay(talk.tx, talk.registered, number, amount)
    else:
        kiosk.may_deposit(talk.tx, talk.registered, number, amount)
    return Go("desk deposit confirm", amount=amount)


_NUMBER_HINT = N_("Mohon ketik nomor pesanan.")


def _of_number(talk: Talk) -> dict[str, Any]:
    return {"number": talk.data["number"]}


def _asks_number(name: str, text: str, then: str) -> Screen:
    ask = Ask(asking.number, hint=_NUMBER_HINT, then=asking.answer_to(then, "number"))
    return Screen(name, text=text, ask=ask)


def _pays(name: str, text: str, roles: Sequence[payouts.Role]) -> Screen:
    def then(talk: Talk, typed: str) -> Step:
        return End(money.pay(talk, talk.data["number"], roles, typed))

    ask = Ask(orders.code, hint=N_("Kodenya 5 angka."), then=then, secret=True)
    return Screen(name, text=text, values=_of_number, durable=True, ask=ask)


def _finds(complaint: str | None) -> Callable[[Talk], Step]:
    return lambda talk: End(complaints.inspect(talk, talk.data["number"], complaint))


declare(
    Screen(
        "desk",
        text=N_("Petugas KIM:"),
        choices=(
            Choice(N_("Terima titipan"), "desk deposit"),
            Choice(N_("Bayar penjual"), "desk pay"),
            Choice(N_("Uang kembali"), "desk refund"),
            Choice(N_("Barang"), "desk goods"),
            Choice(N_("Putus keluhan"), "to rule"),
            Choice(N_("Uang titipan"), "desk cash"),
            Choice(N_("Warga"), "desk people"),
        ),
    ),
    _asks_number("desk deposit", N_("Titipan untuk pesanan nomor berapa?"), "desk deposit amount"),
    Screen(
        "desk deposit amount",
        text=N_("Pesanan {number}: berapa uang yang diterima? Mohon ketik, misalnya 250rb:"),
        values=_of_number,
        ask=Ask(
            rupiah,
            hint=N_("Mohon ketik jumlah, misalnya 250rb."),
            then=_may_deposit,
        ),
    ),
    Screen(
        "desk deposit confirm",
        text=N_("Pesanan {number}: {amount} sudah di tangan Bpk/Ibu?"),
        values=lambda talk: {each: talk.data[each] for each in ("number", "amount")},
        durable=True,
        choices=(
            Choice(
                N_("Ya"),
                lambda talk: End(money.deposit(talk, talk.data["number"], talk.data["amount"])),
            ),
        ),
    ),
    _asks_number("desk pay", N_("Bayar untuk pesanan nomor berapa?"), "desk pay code"),
    _pays(
        "desk pay code",
        N_("Pesanan {number}: uang sudah diberikan? Mohon ketik 5 angka kode dari penerima:"),
        money.EARNERS,
    ),
    _asks_number("desk refund", N_("Uang kembali untuk pesanan nomor berapa?"), "desk refund code"),
    _pays(
        "desk refund code",
        N_("Pesanan {number}: uang sudah kembali? Mohon ketik 5 angka kode dari pembeli:"),
        ("buyer",),
    ),
    Screen(
        "desk goods",
        text=N_("Barang yang dibawa ke Bpk/Ibu:"),
        choices=(
            Choice(N_("Periksa barang"), "desk inspect"),
            Choice(N_("Serahkan barang"), "desk hand over"),
        ),
    ),
    _asks_number(
        "desk hand over", N_("Serahkan barang pesanan nomor berapa?"), "desk hand over code"
    ),
    Screen(
        "desk hand over code",
        text=N_("Pesanan {number}: pembeli sudah melihat barang? Mohon ketik 5 angka kodenya:"),
        values=_of_number,
        durable=True,
        ask=Ask(orders.code, hint=N_("Kodenya 5 angka."), then=_hand_over, secret=True),
    ),
    _asks_number("desk inspect", N_("Barang pesanan nomor berapa?"), "desk finding"),
    Screen(
        "desk finding",
        text=N_("Pesanan {number}: bagaimana barangnya?"),
        values=_of_number,
        durable=True,
        choices=(
            Choice(N_("Sesuai"), _finds(None)),
            Choice(N_("Rusak"), _finds("broken")),
            Choice(N_("Salah barang"), _finds("wrong")),
            Choice(N_("Jumlah kurang"), _finds("short")),
        ),
    ),
)


def enter(talk: Talk) -> Step:
    """To the desk, past the PIN."""
    return pin.gate(talk, Go("desk"))
