"""KELOMPOK: who may answer for a seller."""

from menus.commands.buying import fit
from menus.commands.grammar import Command
from menus.commands.registry import Usage, command
from menus.notices import REFUSALS
from menus.screens.group import invite, leave, remove
from menus.talk import Talk
from menus.wording import N_
from store import groups, orders, phones, questions

MEMBER = "{name} {phone}"
OF_ANOTHER = N_("Bpk/Ibu ikut {name}")
NO_MEMBERS = N_(
    "Belum ada yang ikut menjawab pesanan Bpk/Ibu. Untuk mengajak ketik KELOMPOK nomor-hp"
)
TO_REMOVE = N_("Untuk mengeluarkan ketik KELOMPOK nomor-hp HAPUS")
TO_LEAVE = N_("Untuk keluar ketik KELOMPOK KELUAR")
JOINED = N_(
    "Terima kasih. Bpk/Ibu kini ikut menjawab pesanan {name}. Untuk keluar ketik KELOMPOK KELUAR"
)
NOT_JOINED = N_("Baik, Bpk/Ibu tidak ikut kelompok itu. Terima kasih.")
_LEAVE = {"KELUAR", "LEAVE"}
_REMOVE = {"HAPUS", "REMOVE"}


@command(
    "KELOMPOK",
    N_(
        "Agar orang lain ikut menjawab pesanan ketik KELOMPOK nomor-hp. Untuk mengeluarkan ketik"
        " KELOMPOK nomor-hp HAPUS, untuk keluar KELOMPOK KELUAR"
    ),
    numbers=1,
)
def group(talk: Talk, command: Command) -> str:
    """`KELOMPOK 0812…` asks somebody to join, with `HAPUS` removes them; `KELOMPOK KELUAR`."""
    fields = list(command.args)
    if not fields:
        return _list(talk)
    last = fields[-1].upper()
    if len(fields) == 1 and last in _LEAVE:
        return leave(talk)
    if last in _REMOVE:
        fields.pop()
    msisdn = phones.parse_phone(" ".join(fields), talk.tx.settings.region)
    if msisdn is None:
        raise Usage
    return remove(talk, msisdn) if last in _REMOVE else invite(talk, msisdn)


def _list(talk: Talk) -> str:
    members = groups.members(talk.tx, talk.registered.id)
    owners = groups.owners_of(talk.tx, talk.registered)
    if not members and not owners:
        return talk.say(NO_MEMBERS)
    entries = [talk.say(MEMBER, name=each.name, phone=each.msisdn) for each in members]
    entries += [talk.say(OF_ANOTHER, name=each.name) for each in owners]
    return fit(entries, talk.say(TO_REMOVE if members else TO_LEAVE))


def accept_invitation(talk: Talk) -> str:
    """What YA to an invitation does."""
    question = questions.find(talk.tx, talk.msisdn, "group")
    if question is None:
        raise Usage
    owner = groups.join(talk.tx, talk.registered, question.details["owner"])
    return talk.say(JOINED, name=owner.name)


def decline_invitation(talk: Talk) -> str:
    """What TIDAK to an invitation does."""
    questions.drop(talk.tx, talk.msisdn, "group")
    return talk.say(NOT_JOINED)


def answered_by_another(talk: Talk) -> str | None:
    """What became of the latest order of a group, for the one who answers it second."""
    me = talk.person
    if me is None or not (groups.owners_of(talk.tx, me) or groups.members(talk.tx, me.id)):
        return None
    for order in orders.of_person(talk.tx, me):
        if order.answer_by > talk.tx.moment and orders.may_answer(talk.tx, me, order):
            return talk.say(REFUSALS["not_now"], **orders.describe(order))
    return None
