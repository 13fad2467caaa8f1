"""What is wrong with an order: complaining, answering a complaint, and ruling on it."""

from typing import Any

from menus.actions import complaints as actions
from menus.screen import Ask, Choice, End, Go, Rows, Screen, Step, declare
from menus.talk import Talk
from menus.wording import N_
from store import agents, disputes, orders
from store.reasons import clean_reason


def is_open(talk: Talk, side: str) -> bool:
    """Whether this side of a complaint, "accused" or "opener", can still end it."""
    order = orders.find(talk.tx, talk.registered, talk.data["order"])
    dispute = disputes.of_order(talk.tx, order.id)
    if dispute is None:
        return False
    mine = disputes.side_of(talk.tx, dispute, talk.registered)
    as_side = "accused" if mine == disputes.accused_of(dispute) else "opener"
    action = {"accused": "concede", "opener": "withdraw"}[side]
    return as_side == side and disputes.MACHINE.allows(talk.tx, dispute, action, side)


def can_answer(talk: Talk) -> bool:
    """Whether this person has not answered a complaint yet."""
    return is_open(talk, "accused") and _dispute(talk).state == "opened"


def can_complain(talk: Talk) -> bool:
    """Whether this person can complain about the order now."""
    order = orders.find(talk.tx, talk.registered, talk.data["order"])
    side = "buyer" if order.buyer_id == talk.registered.id else "seller"
    if disputes.of_order(talk.tx, order.id):
        return False
    return orders.MACHINE.allows(talk.tx, order, "complain", side)


def begin(talk: Talk) -> Step:
    """To the complaint that this person, on their side of the order, can have."""
    order = orders.find(talk.tx, talk.registered, talk.data["order"])
    return Go("complain" if order.buyer_id == talk.registered.id else "no code")


def give_in(talk: Talk) -> Step:
    """To what this person would agree to: money for the buyer, or that the goods have come."""
    return Go("concede" if disputes.accused_of(_dispute(talk)) == "seller" else "concede receipt")


def _complain(talk: Talk, complaint: str) -> Step:
    return End(actions.complain(talk, talk.data["order"], complaint))


def _concede(talk: Talk) -> Step:
    return End(actions.concede(talk, talk.data["order"]))


def _withdraw(talk: Talk) -> Step:
    return End(actions.withdraw(talk, talk.data["order"]))


def _dispute(talk: Talk) -> disputes.Dispute:
    return disputes.by_number(talk.tx, talk.data["order"])


def _conceding(talk: Talk) -> dict[str, Any]:
    dispute = _dispute(talk)
    return {**disputes.describe(dispute), "amount": dispute.paid}


def reason(typed: str) -> str | None:
    """A reason as it is kept; None when there is no word in it."""
    kept = clean_reason(typed)
    return kept if any(map(str.isalpha, kept)) else None


def percent(typed: str) -> int | None:
    """0 to 100."""
    digits = typed.strip().rstrip("%")
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits) <= 100 else None


def _to_rule(talk: Talk) -> list[tuple[str, dict[str, Any]]]:
    agents.required(talk.tx, talk.registered)
    found = disputes.of_agent(talk.tx, talk.registered)
    return [(each.number, disputes.describe(each)) for each in found]


def _complaint(talk: Talk) -> dict[str, Any]:
    dispute = _dispute(talk)
    return {**disputes.describe(dispute), "lines": dispute.reply or dispute.told or "-"}


def _ruling(talk: Talk) -> dict[str, Any]:
    dispute, given = _dispute(talk), talk.data["ruling"]
    amount = disputes.share(dispute.paid, given)
    return {**disputes.describe(dispute), "percent": given, "amount": amount}


def _propose(talk: Talk, given: int) -> Step:
    actions.ruling(talk, talk.data["order"], given)  # says so now when it will be refused
    return Go("rule confirm", ruling=given)


def _rule(talk: Talk) -> Step:
    return End(actions.rule(talk, talk.data["order"], talk.data["ruling"]))


def _look_into(talk: Talk, number: str) -> Step:
    return Go("rule", order=number)


declare(
    Screen(
        "complain",
        text=N_("Ada masalah apa?"),
        durable=True,
        rows=Rows(
            label="{complaint}",
            load=lambda talk: [(each, {"complaint": each}) for each in disputes.COMPLAINTS],
            then=_complain,
        ),
    ),
    Screen(
        "no code",
        text=N_("Pesanan {number}: barang sudah diserahkan, tetapi kodenya tidak diberi?"),
        values=lambda talk: {"number": talk.data["order"]},
        durable=True,
        choices=(Choice(N_("Ya"), lambda talk: _complain(talk, disputes.NO_CODE)),),
    ),
    Screen(
        "concede",
        text=N_("Keluhan Pesanan {number}: {complaint}. Setuju, {amount} untuk pembeli?"),
        values=_conceding,
        durable=True,
        choices=(Choice(N_("Ya, setuju"), _concede),),
    ),
    Screen(
        "concede receipt",
        text=N_("Pesanan {number}: barangnya sudah Bpk/Ibu terima?"),
        values=lambda talk: {"number": talk.data["order"]},
        durable=True,
        choices=(Choice(N_("Ya, sudah"), _concede),),
    ),
    Screen(
        "deny",
        text=N_("Mohon ketik jawaban Bpk/Ibu dengan singkat:"),
        durable=True,
        ask=Ask(
            reason,
            hint=N_("Mohon ketik dengan huruf."),
            then=lambda talk, reply: End(actions.answer(talk, talk.data["order"], reply)),
        ),
    ),
    Screen(
        "withdraw",
        text=N_("Cabut keluhan Pesanan {number}? Pesanan selesai, uang untuk penjual."),
        values=lambda talk: disputes.describe(_dispute(talk)),
        durable=True,
        choices=(Choice(N_("Ya, cabut"), _withdraw),),
    ),
    Screen(
        "to rule",
        text=N_("Keluhan yang menunggu putusan:"),
        rows=Rows(
            label="{number} {complaint}",
            load=_to_rule,
            then=_look_into,
            empty=N_("Tidak ada keluhan yang menunggu."),
        ),
    ),
    Screen(
        "rule",
        text=N_("{complaint}, {paid}\n{lines}\nPersen untuk pembeli, 0-100?"),
        values=_complaint,
        ask=Ask(percent, hint=N_("Mohon ketik angka 0 sampai 100."), then=_propose),
    ),
    Screen(
        "rule confirm",
        text=N_("Pesanan {number}: {percent} persen untuk pembeli, {amount} dari {paid}?"),
        values=_ruling,
        durable=True,
        choices=(Choice(N_("Ya"), _rule),),
    ),
)
