"""The people around an agent: whom they vouch for, register, and stop.

Behind the agent's PIN, as the rest of the desk; the SMS commands do and say the same.
"""

from typing import Any

from menus.screen import Ask, Choice, End, Rows, Screen, Step, declare
from menus.screens import asking, complaints
from menus.talk import Talk
from menus.wording import N_
from store import people, proxies, trust
from store.errors import Refused
from store.gazetteer import Village, load

VOUCHED = N_("{name} dari {village} kini dikenal. Terima kasih, Bpk/Ibu.")
FROZEN = N_("Akun {name} dihentikan. Untuk membukanya mohon hubungi kantor.")
ASKED = N_("Kami tanya {name}, {phone}. Bila dijawab YA, langsung terdaftar. Terima kasih.")
REGISTERED = N_(
    "Terima kasih, {name}. Bpk/Ibu sudah terdaftar. Untuk mencari barang ketik misalnya CARI beras"
)


def ask_to_register(talk: Talk, msisdn: str, name: str, village: Village) -> str:
    """The owner of the phone is asked whether the agent may register them; what the agent is
    told."""
    proxies.ask(
        talk.tx,
        talk.registered,
        msisdn,
        ("DAFTAR", (name, village.code), ""),
        notice="proxy_register",
        told=f"DAFTAR {name}",
        values={"name": name, "village": village.name},
    )
    return talk.say(ASKED, name=name, phone=msisdn)


def register(talk: Talk, name: str, village_code: str) -> str:
    """The owner of the phone has agreed; what they are told."""
    person = people.register(talk.tx, talk.msisdn, name, village_code)
    talk.forget()
    return talk.say(REGISTERED, name=person.name)


def _must_be_known(talk: Talk, msisdn: str) -> None:
    if people.of_phone(talk.tx, msisdn) is None:
        raise Refused("nobody", phone=msisdn)


def _somebody(talk: Talk) -> dict[str, Any]:
    person = people.of_phone(talk.tx, talk.data["phone"])
    if person is None:
        raise Refused("nobody", phone=talk.data["phone"])
    return {"name": person.name, "village": person.village, "phone": person.msisdn}


def _vouch(talk: Talk) -> Step:
    person = people.of_phone(talk.tx, talk.data["phone"])
    village = person.village_code if person else ""
    vouched = trust.vouch(talk.tx, talk.registered, talk.data["phone"], village)
    return End(talk.say(VOUCHED, name=vouched.name, village=vouched.village))


def _freeze(talk: Talk) -> Step:
    data = talk.data
    person = trust.freeze(talk.tx, talk.registered, data["phone"], data["why"])
    return End(talk.say(FROZEN, name=person.name))


def _villages(talk: Talk) -> list[tuple[str, dict[str, Any]]]:
    found = load().starting(talk.data["letters"], limit=40)
    return [(each.code, {"village": each.name, "district": each.district}) for each in found]


def _ask_to_register(talk: Talk, village_code: str) -> Step:
    village = load().by_code(village_code)
    if village is None:
        raise LookupError(f"no village {village_code}")
    return End(ask_to_register(talk, talk.data["phone"], talk.data["name"], village))


declare(
    Screen(
        "desk people",
        text=N_("Warga:"),
        choices=(
            Choice(N_("Kenalkan warga"), "desk vouch"),
            Choice(N_("Daftarkan warga"), "desk register"),
            Choice(N_("Hentikan akun"), "desk freeze"),
        ),
    ),
    Screen(
        "desk vouch",
        text=N_("Nomor HP warga yang sudah Bpk/Ibu temui?"),
        ask=asking.phone("desk vouch confirm", _must_be_known),
    ),
    Screen(
        "desk vouch confirm",
        text=N_("{name}, {phone}, desa {village}: sudah Bpk/Ibu temui sendiri?"),
        values=_somebody,
        durable=True,
        choices=(Choice(N_("Ya"), _vouch),),
    ),
    Screen(
        "desk register",
        text=N_("Nomor HP warga yang didaftarkan?"),
        ask=asking.phone("desk name"),
    ),
    Screen(
        "desk name",
        text=N_("Siapa namanya?"),
        ask=Ask(
            people.clean_name,
            hint=N_("Mohon ketik nama, 2 sampai 24 huruf."),
            then=asking.answer_to("desk village", "name"),
        ),
    ),
    Screen(
        "desk village",
        text=N_("Dari desa mana? Mohon ketik huruf awal nama desa:"),
        ask=Ask(
            lambda typed: typed if len(typed) >= 2 else None,
            hint=N_("Mohon ketik 2 huruf atau lebih."),
            then=asking.answer_to("desk pick village", "letters"),
        ),
    ),
    Screen(
        "desk pick village",
        text=N_("Pilih desa:"),
        durable=True,
        rows=Rows(
            label="{village}, {district}",
            load=_villages,
            then=_ask_to_register,
            empty=N_("Desa itu tidak ditemukan. Tekan 0 lalu coba huruf lain."),
        ),
    ),
    Screen(
        "desk freeze",
        text=N_("Nomor HP akun yang dihentikan?"),
        ask=asking.phone("desk freeze why", _must_be_known),
    ),
    Screen(
        "desk freeze why",
        text=N_("Mengapa? Mohon ketik alasannya dengan singkat:"),
        ask=Ask(
            complaints.reason,
            hint=N_("Mohon ketik dengan huruf."),
            then=asking.answer_to("desk freeze confirm", "why"),
        ),
    ),
    Screen(
        "desk freeze confirm",
        text=N_("Hentikan akun {name}, {phone}?"),
        values=_somebody,
        durable=True,
        choices=(Choice(N_("Ya, hentikan"), _freeze),),
    ),
)
