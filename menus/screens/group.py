"""My group: who may answer for what I sell."""

from typing import Any

from menus.screen import Again, Ask, Choice, End, Go, Rows, Screen, Step, declare
from menus.talk import Talk
from menus.wording import N_
from store import groups, people, phones

INVITED = N_("Ajakan untuk {name} {phone} kami kirim. Bila dijawab YA, kami kabari Bpk/Ibu.")
REMOVED = N_("{name} tidak lagi di kelompok Bpk/Ibu. Terima kasih.")
LEFT = N_("Bpk/Ibu tidak lagi ikut menjawab pesanan {name}. Terima kasih.")
_PHONE_HINT = N_("Nomornya belum jelas, misalnya 081234567890.")


def invite(talk: Talk, msisdn: str) -> str:
    """Asks somebody to join; what the owner is told."""
    person = groups.invite(talk.tx, talk.registered, msisdn)
    return talk.say(INVITED, name=person.name, phone=person.msisdn)


def remove(talk: Talk, msisdn: str) -> str:
    """Takes somebody out of the group; what the owner is told."""
    return talk.say(REMOVED, name=groups.remove(talk.tx, talk.registered, msisdn).name)


def leave(talk: Talk) -> str:
    """Answers for nobody else any more; what the member is told, with the first owner's name."""
    return talk.say(LEFT, name=groups.leave(talk.tx, talk.registered)[0].name)


def _invite(talk: Talk, typed: str) -> Step:
    msisdn = phones.parse_phone(typed, talk.tx.settings.region)
    return End(invite(talk, msisdn)) if msisdn else Again(talk.say(_PHONE_HINT))


def _member(talk: Talk) -> dict[str, Any]:
    person = people.by_id(talk.tx, int(talk.data["member"]))
    return {"name": person.name, "phone": person.msisdn}


declare(
    Screen(
        "group",
        text=N_("Yang ikut menjawab pesanan Bpk/Ibu:"),
        durable=True,
        choices=(
            Choice(N_("Tambah"), "invite"),
            Choice(
                N_("Keluar kelompok"),
                lambda talk: End(leave(talk)),
                when=lambda talk: bool(groups.owners_of(talk.tx, talk.registered)),
            ),
        ),
        rows=Rows(
            label="{name}",
            load=lambda talk: [
                (str(person.id), {"name": person.name})
                for person in groups.members(talk.tx, talk.registered.id)
            ],
            then=lambda talk, member: Go("member", member=member),
            empty=N_("Belum ada yang ikut menjawab pesanan Bpk/Ibu."),
        ),
    ),
    Screen(
        "invite",
        text=N_("Siapa yang ikut menjawab pesanan? Mohon ketik nomor HP-nya:"),
        durable=True,
        ask=Ask(lambda typed: typed or None, hint=_PHONE_HINT, then=_invite),
    ),
    Screen(
        "member",
        text="{name}\n{phone}",
        values=_member,
        durable=True,
        choices=(Choice(N_("Keluarkan"), lambda talk: End(remove(talk, _member(talk)["phone"]))),),
    ),
)
