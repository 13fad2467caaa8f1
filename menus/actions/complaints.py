"""What somebody does about a complaint: done in the shop, and told to who did it."""

from typing import Any

from menus.talk import Talk
from menus.wording import N_
from store import disputes, orders

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
