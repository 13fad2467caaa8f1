"""The desk of an agent: the buyers' money, the goods that people bring, and whom they vouch for.

It stands behind the agent's PIN. What it does the SMS commands do as well, and say the same.
"""

from collections.abc import Callable, Sequence
from typing import Any

from menus.commands.values import rupiah
from menus.screen import Again, Ask, Choice, End, Go, Rows, Screen, Step, declare
from menus.screens import complaints, pin
from menus.screens.orders import code, hand_over
from menus.talk import Talk
from menus.wording import N_
from store import agents, disputes, orders, payouts, phones, remittances
from store.errors import Refused
from store.orders import kiosk
from store.remittances import Remittance

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


def offered(talk: Talk, remittance_id: int) -> Remittance:
    """Cash that waits for this agent's word. Raises Refused("no_remittance")."""
    for each in remittances.offered_to(talk.tx, talk.registered):
        if each.id == remittance_id:
            return each
    raise Refused("no_remittance")


def take(talk: Talk, remittance_id: int) -> str:
    """The agent has got another's cash; what they are told."""
    remittance = remittances.take(talk.tx, talk.registered, remittance_id)
    return talk.say(TAKEN, **remittances.describe(remittance))


def refuse(talk: Talk, remittance_id: int) -> str:
    """The agent has not got another's cash; what they are told."""
    remittance = remittances.refuse(talk.tx, talk.registered, remittance_id)
    return talk.say(REFUSED, **remittances.describe(remittance))


def _hand_over(talk: Talk, typed: str) -> Step:
    return End(hand_over(talk, talk.data["number"], typed))


def is_agent(talk: Talk) -> bool:
    """Whether this person may act as an agent now."""
    return talk.person is not None and agents.phone(talk.tx, talk.person.id) is not None


def _number(typed: str) -> str | None:
    digits = typed.strip(" .#")
    return digits if digits.isascii() and digits.isdigit() and len(digits) <= 8 else None


def answer_to(screen: str, name: str) -> Callable[[Talk, Any], Step]:
    """On to `screen` with what was answered, as `name`."""
    return lambda talk, value: Go(screen, **{name: value})


def phone_to(
    screen: str, check: Callable[[Talk, str], object] | None = None
) -> Callable[[Talk, str], Step]:
    """On to the next question with the number that was typed, if it is one; `check` raises Refused
    for one that will not do."""

    def then(talk: Talk, typed: str) -> Step:
        msisdn = phones.parse_phone(typed, talk.tx.settings.region)
        if msisdn is None:
            return Again(talk.say(PHONE_HINT))
        if check:
            check(talk, msisdn)
        return Go(screen, phone=msisdn)

    return then


def _may_deposit(talk: Talk, amount: int) -> Step:
    number = talk.data["number"]
    if is_repayment(talk, number):
        disputes.may_repay(talk.tx, talk.registered, number, amount)
    else:
        kiosk.may_deposit(talk.tx, talk.registered, number, amount)
    return Go("desk deposit confirm", amount=amount)


def _may_remit(talk: Talk, msisdn: str) -> None:
    remittances.plan(talk.tx, talk.registered, msisdn, talk.data["amount"])


def _remitting(talk: Talk) -> dict[str, Any]:
    data = talk.data
    taker, chosen = remittances.plan(talk.tx, talk.registered, data["phone"], data["amount"])
    return {"amount": data["amount"], "count": len(chosen), "name": taker.name}


def _offers(talk: Talk) -> list[tuple[str, dict[str, Any]]]:
    found = remittances.offered_to(talk.tx, talk.registered)
    return [(str(each.id), remittances.describe(each)) for each in found]


def _has_offers(talk: Talk) -> bool:
    return bool(remittances.offered_to(talk.tx, talk.registered))


def _taking(talk: Talk) -> dict[str, Any]:
    return remittances.describe(offered(talk, talk.data["remittance"]))


_NUMBER_HINT = N_("Mohon ketik nomor pesanan.")
PHONE_HINT = N_("Mohon ketik nomor HP.")


def _asks_number(name: str, text: str, then: str) -> Screen:
    ask = Ask(_number, hint=_NUMBER_HINT, then=answer_to(then, "number"))
    return Screen(name, text=text, ask=ask)


def _pays(name: str, text: str, roles: Sequence[payouts.Role]) -> Screen:
    def then(talk: Talk, typed: str) -> Step:
        return End(pay(talk, talk.data["number"], roles, typed))

    ask = Ask(code, hint=N_("Kodenya 5 angka."), then=then, secret=True)
    values = {"number"}
    return Screen(
        name,
        text=text,
        values=lambda talk: {each: talk.data[each] for each in values},
        durable=True,
        ask=ask,
    )


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
        values=lambda talk: {"number": talk.data["number"]},
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
                lambda talk: End(deposit(talk, talk.data["number"], talk.data["amount"])),
            ),
        ),
    ),
    _asks_number("desk pay", N_("Bayar untuk pesanan nomor berapa?"), "desk pay code"),
    _pays(
        "desk pay code",
        N_("Pesanan {number}: uang sudah diberikan? Mohon ketik 5 angka kode dari penerima:"),
        EARNERS,
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
        values=lambda talk: {"number": talk.data["number"]},
        durable=True,
        ask=Ask(code, hint=N_("Kodenya 5 angka."), then=_hand_over, secret=True),
    ),
    _asks_number("desk inspect", N_("Barang pesanan nomor berapa?"), "desk finding"),
    Screen(
        "desk finding",
        text=N_("Pesanan {number}: bagaimana barangnya?"),
        values=lambda talk: {"number": talk.data["number"]},
        durable=True,
        choices=(
            Choice(N_("Sesuai"), _finds(None)),
            Choice(N_("Rusak"), _finds("broken")),
            Choice(N_("Salah barang"), _finds("wrong")),
            Choice(N_("Jumlah kurang"), _finds("short")),
        ),
    ),
    Screen(
        "desk cash",
        text=N_("Uang titipan {amount}, batas {cap}."),
        values=lambda talk: dict(
            zip(("amount", "cap"), remittances.cash(talk.tx, talk.registered)[:2], strict=True)
        ),
        choices=(
            Choice(N_("Setor"), "desk remit"),
            Choice(N_("Terima setoran"), "desk offers", when=_has_offers),
        ),
    ),
    Screen(
        "desk remit",
        text=N_("Setor berapa? Mohon ketik jumlahnya:"),
        ask=Ask(
            rupiah,
            hint=N_("Mohon ketik jumlah, misalnya 250rb."),
            then=answer_to("desk remit phone", "amount"),
        ),
    ),
    Screen(
        "desk remit phone",
        text=N_("Setor ke siapa? Mohon ketik nomor HP petugas itu:"),
        ask=Ask(
            lambda typed: typed or None,
            hint=PHONE_HINT,
            then=phone_to("desk remit confirm", _may_remit),
        ),
    ),
    Screen(
        "desk remit confirm",
        text=N_("Setor {amount} untuk {count} pesanan ke {name}?"),
        values=_remitting,
        durable=True,
        choices=(
            Choice(
                N_("Ya"), lambda talk: End(remit(talk, talk.data["phone"], talk.data["amount"]))
            ),
        ),
    ),
    Screen(
        "desk offers",
        text=N_("Setoran yang menunggu:"),
        rows=Rows(
            label="{amount} {agent}",
            load=_offers,
            then=lambda talk, key: Go("desk take", remittance=int(key)),
            empty=N_("Tidak ada setoran yang menunggu."),
        ),
    ),
    Screen(
        "desk take",
        text=N_("Sudah terima {amount} dari {agent}?"),
        values=_taking,
        durable=True,
        choices=(
            Choice(N_("Ya, sudah"), lambda talk: End(take(talk, talk.data["remittance"]))),
            Choice(N_("Belum"), lambda talk: End(refuse(talk, talk.data["remittance"]))),
        ),
    ),
)


def enter(talk: Talk) -> Step:
    """To the desk, past the PIN."""
    return pin.gate(talk, Go("desk"))
