"""KOMPLAIN, PERIKSA, PUTUS: what goes wrong with an order, and who rules on it."""

from menus.actions import complaints
from menus.commands.grammar import Command
from menus.commands.registry import Usage, command, number
from menus.commands.values import whole_number
from menus.talk import Talk
from menus.wording import N_

RULING = N_("Pesanan {number}: {percent} persen untuk pembeli, {amount} dari {paid}?")

_COMPLAINTS = {
    "not arrived": ("belum", "blm", "tidak sampai", "tdk sampai", "telat", "terlambat", "late",
                    "not arrived", "not here", "not come", "never"),
    "wrong": ("salah", "beda", "keliru", "tidak sesuai", "tdk sesuai", "wrong"),
    "broken": ("rusak", "busuk", "pecah", "cacat", "basi", "broken", "bad"),
    "short": ("kurang", "short", "missing"),
}  # fmt: skip
"""What people write for what is wrong, or its number in this list; the first that is found counts,
anything else is other."""

_FINDINGS = {
    "OK": None,
    "BAIK": None,
    "SESUAI": None,
    "GOOD": None,
    "RUSAK": "broken",
    "BROKEN": "broken",
    "SALAH": "wrong",
    "WRONG": "wrong",
    "KURANG": "short",
    "SHORT": "short",
}
"""What an agent finds when they look at the goods."""


def complaint_in(text: str) -> str:
    """What is wrong, as somebody wrote it.

    >>> complaint_in("barangnya rusak semua"), complaint_in("1"), complaint_in("tidak enak")
    ('broken', 'not arrived', 'other')
    """
    words = " ".join(text.lower().split())
    for place, (complaint, signs) in enumerate(_COMPLAINTS.items(), start=1):
        if words == str(place) or any(f" {sign}" in f" {words}" for sign in signs):
            return complaint
    return "other"


@command(
    "KOMPLAIN",
    N_("Bila ada masalah ketik KOMPLAIN nomor alasan: belum, salah, rusak, kurang, misalnya"
       " KOMPLAIN 10013 rusak"),
    about_orders=True,
    numbers=1,
)  # fmt: skip
def complain(talk: Talk, command: Command) -> str:
    """`KOMPLAIN 10013 rusak`: the other side is asked, and then an agent rules."""
    told = " ".join(command.args[1:])
    return complaints.complain(talk, number(command), complaint_in(told), told)


@command(
    "PERIKSA",
    N_("Setelah memeriksa barang ketik PERIKSA nomor dan OK, RUSAK, SALAH atau KURANG, misalnya"
       " PERIKSA 10013 OK"),
    secret=2,
    about_orders=True,
    instead=N_(
        "Maaf, PERIKSA hanya untuk petugas KIM. Bila barang sudah cocok ketik TERIMA nomor, bila"
        " tidak ketik KOMPLAIN nomor alasan"
    ),
)  # fmt: skip
def inspect(talk: Talk, command: Command) -> str:
    """`PERIKSA 10013 OK`: the agent has the goods at their place and has looked at them."""
    found = command.args[1].upper() if len(command.args) > 1 else ""
    if found not in _FINDINGS:
        raise Usage
    return complaints.inspect(talk, number(command), _FINDINGS[found])


def _percent(command: Command) -> int:
    field = (command.args[1] if len(command.args) > 1 else "").rstrip("%")
    percent = 0 if field == "0" else whole_number(field)
    if percent is None:
        raise Usage
    return percent


def ask_to_rule(talk: Talk, command: Command) -> str:
    """What PUTUS would do."""
    values = complaints.ruling(talk, number(command), _percent(command))
    return talk.say(RULING, **values)


@command(
    "PUTUS",
    N_("Untuk memutus keluhan ketik PUTUS nomor dan persen untuk pembeli, misalnya PUTUS 10013 50"),
    secret=2,
    confirm=ask_to_rule,
    instead=N_(
        "Maaf, PUTUS hanya untuk petugas KIM. Bila ada masalah dengan pesanan ketik KOMPLAIN nomor"
        " alasan"
    ),
)
def rule(talk: Talk, command: Command) -> str:
    """`PUTUS 10013 50`: half of what the buyer paid goes back to them."""
    return complaints.rule(talk, number(command), _percent(command))
