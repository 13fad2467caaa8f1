"""What is wrong with an order: complaining, answering a complaint, and ruling on it."""

from collections.abc import Callable
from typing import Any

from menus.screen import Ask, Choice, End, Go, Rows, Screen, Step, declare
from menus.talk import Talk
from menus.wording import N_
from store import agents, disputes, gsm7, limits, orders

COMPLAINED = N_(
    "Keluhan Pesanan {number} kami catat: {complaint}. Pihak lain kami tanya, lalu petugas KIM"
    " memutus. Mohon tunggu kabar kami."
)
ANSWERED = N_(
    "Jawaban tentang Pesanan {number} kami catat. Petugas KIM yang memutus. Terima kasih."
)
CONCEDED = N_("Terima kasih. Keluhan Pesanan {number} selesai: {amount} untuk pembeli.")
RECEIVED = N_("Terima kasih. Keluhan Pesanan {number} selesai: barang sudah Bpk/Ibu terima.")
WITHDRAWN = N_("Keluhan Pesanan {number} dicabut, pesanan selesai. Terima kasih.")
RULED = N_("Keluhan Pesanan {number} diputus: {percent} persen untuk pembeli. Terima kasih.")
PROPOSED = N_(
    "Usul {percent} persen untuk Pesanan {number} kami teruskan ke petugas kedua. Terima kasih."
)
DIFFERED = N_(
    "Putusan Pesanan {number} tidak sama dengan petugas pertama, jadi koordinator yang memutus."
    " Terima kasih."
)
FOUND_GOOD = N_(
    "Pesanan {number} sesuai, pembeli kami kabari. Saat diambil mohon ketik SERAH {number} dan kode"
    " dari pembeli."
)
FOUND_BAD = N_(
    "Pesanan {number}: {complaint}. Kami catat sebagai keluhan pembeli. Mohon simpan barangnya."
)


def complain(talk: Talk, number: str, complaint: str, told: str = "") -> str:
    """A complaint about an order; what is told to who complained."""
    dispute = disputes.open_(talk.tx, talk.registered, number, complaint, told)
    return talk.say(COMPLAINED, **disputes.describe(dispute))


def answer(talk: Talk, number: str, reply: str) -> str:
    """The accused side says no; what they are told."""
    dispute = disputes.answer(talk.tx, talk.registered, number, reply)
    return talk.say(ANSWERED, **disputes.describe(dispute))


def concede(talk: Talk, number: str) -> str:
    """The accused side gives in; what they are told."""
    dispute = disputes.concede(talk.tx, talk.registered, number)
    said = CONCEDED if disputes.accused_of(dispute) == "seller" else RECEIVED
    return talk.say(said, **disputes.describe(dispute))


def withdraw(talk: Talk, number: str) -> str:
    """Who complained is content; what they are told."""
    dispute = disputes.withdraw(talk.tx, talk.registered, number)
    return talk.say(WITHDRAWN, **disputes.describe(dispute))


def inspect(talk: Talk, number: str, complaint: str | None) -> str:
    """What an agent found when looking at the goods; what they are told."""
    order = disputes.inspect(talk.tx, talk.registered, number, complaint)
    found = FOUND_BAD if complaint else FOUND_GOOD
    return talk.say(found, **{**orders.describe(order), "complaint": complaint})


def ruling(talk: Talk, number: str, percent: int) -> dict[str, Any]:
    """What a ruling would mean, as the values of a sentence. Raises Refused as the shop does."""
    dispute, _, _ = disputes.may_rule(talk.tx, talk.registered, number, percent)
    amount = disputes.share(dispute.paid, percent)
    return {**disputes.describe(dispute), "percent": percent, "amount": amount}


def rule(talk: Talk, number: str, percent: int) -> str:
    """An agent's ruling; what they are told."""
    dispute = disputes.rule(talk.tx, talk.registered, number, percent)
    said = {"proposed": PROPOSED, "with coordinator": DIFFERED}.get(dispute.state, RULED)
    return talk.say(said, **{**disputes.describe(dispute), "percent": percent})


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
    return End(complain(talk, talk.data["order"], complaint))


def _dispute(talk: Talk) -> disputes.Dispute:
    return disputes.by_number(talk.tx, talk.data["order"])


def _conceding(talk: Talk) -> dict[str, Any]:
    dispute = _dispute(talk)
    return {**disputes.describe(dispute), "amount": dispute.paid}


def reason(typed: str) -> str | None:
    """A reason as typed; None when there is no word in it."""
    kept = " ".join(gsm7.to_basic(typed).split())[: limits.REASON]
    return kept if any(map(str.isalpha, kept)) else None


def percent(typed: str) -> int | None:
    """0 to 100."""
    digits = typed.strip().rstrip("%")
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits) <= 100 else None


def _to_rule(talk: Talk) -> list[tuple[str, dict[str, Any]]]:
    role = agents.required(talk.tx, talk.registered).role
    found = disputes.of_agent(talk.tx, talk.registered, coordinator=role == "coordinator")
    return [(each.number, disputes.describe(each)) for each in found]


def _ruling(name: str) -> Callable[[Talk], dict[str, Any]]:
    def values(talk: Talk) -> dict[str, Any]:
        dispute = _dispute(talk)
        given = talk.data.get(name)
        known = disputes.describe(dispute)
        if given is None:
            return {**known, "lines": dispute.reply or dispute.told or "-"}
        return {**known, "percent": given, "amount": disputes.share(dispute.paid, given)}

    return values


def _propose(talk: Talk, given: int) -> Step:
    ruling(talk, talk.data["order"], given)  # says so now when it will be refused
    return Go("rule confirm", ruling=given)


def _rule(talk: Talk) -> Step:
    return End(rule(talk, talk.data["order"], talk.data["ruling"]))


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
        choices=(Choice(N_("Ya, setuju"), lambda talk: End(concede(talk, talk.data["order"]))),),
    ),
    Screen(
        "concede receipt",
        text=N_("Pesanan {number}: barangnya sudah Bpk/Ibu terima?"),
        values=lambda talk: {"number": talk.data["order"]},
        durable=True,
        choices=(Choice(N_("Ya, sudah"), lambda talk: End(concede(talk, talk.data["order"]))),),
    ),
    Screen(
        "deny",
        text=N_("Mohon ketik jawaban Bpk/Ibu dengan singkat:"),
        durable=True,
        ask=Ask(
            reason,
            hint=N_("Mohon ketik dengan huruf."),
            then=lambda talk, reply: End(answer(talk, talk.data["order"], reply)),
        ),
    ),
    Screen(
        "withdraw",
        text=N_("Cabut keluhan Pesanan {number}? Pesanan selesai, uang untuk penjual."),
        values=lambda talk: disputes.describe(_dispute(talk)),
        durable=True,
        choices=(Choice(N_("Ya, cabut"), lambda talk: End(withdraw(talk, talk.data["order"]))),),
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
        values=_ruling("none"),
        ask=Ask(percent, hint=N_("Mohon ketik angka 0 sampai 100."), then=_propose),
    ),
    Screen(
        "rule confirm",
        text=N_("Pesanan {number}: {percent} persen untuk pembeli, {amount} dari {paid}?"),
        values=_ruling("ruling"),
        durable=True,
        choices=(Choice(N_("Ya"), _rule),),
    ),
)
