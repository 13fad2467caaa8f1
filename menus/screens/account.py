"""Registering, and what a person can change about themselves."""

from typing import Any

from menus.screen import Again, Ask, Choice, Go, Home, Rows, Screen, Step, declare
from menus.screens import pin
from menus.talk import Talk
from menus.wording import LANGUAGE_NAMES, N_, languages
from store import consents, gazetteer, people

WELCOME = N_("Terima kasih, {name}.")
CHANGED = N_("Sudah diganti.")
STOPPED = N_("Kabar dihentikan.")
STARTED = N_("Kabar dikirim lagi.")


def _letters(typed: str) -> str | None:
    return typed if sum(letter.isalpha() for letter in typed) >= 2 else None


def _villages(talk: Talk) -> list[tuple[str, dict[str, Any]]]:
    found = gazetteer.load().starting(talk.data["letters"], limit=40)
    return [
        (village.code, {"village": village.name, "district": village.district}) for village in found
    ]


def _consent(talk: Talk) -> dict[str, Any]:
    village = gazetteer.load().by_code(talk.data["village"])
    return {"name": talk.data["name"], "village": village.name if village else ""}


def _register(talk: Talk) -> Step:
    said = WELCOME if talk.person is None else CHANGED
    person = people.register(talk.tx, talk.msisdn, talk.data["name"], talk.data["village"])
    wanted = talk.data.get("listing")
    return Home(
        talk.say(said, name=person.name), then=Go("quantity", listing=wanted) if wanted else None
    )


def _speak(talk: Talk, lang: str) -> Step:
    people.choose_language(talk.tx, talk.msisdn, lang)
    return Home()


def _account(talk: Talk) -> dict[str, Any]:
    person = talk.registered
    return {"name": person.name, "phone": person.msisdn, "village": person.village}


def _news(talk: Talk) -> Step:
    stop = consents.given(talk.tx, talk.msisdn, "news")
    consents.say(talk.tx, talk.msisdn, "news", yes=not stop, way="ussd")
    return Again(talk.say(STOPPED if stop else STARTED))


declare(
    Screen(
        "register",
        text=N_("Siapa nama Bpk/Ibu? Mohon ketik nama:"),
        ask=Ask(
            people.clean_name,
            hint=N_("Mohon ketik nama, 2 sampai 24 huruf."),
            then=lambda talk, name: Go("register village", name=name),
        ),
    ),
    Screen(
        "register village",
        text=N_("Dari desa mana? Mohon ketik huruf awal nama desa:"),
        ask=Ask(
            _letters,
            hint=N_("Mohon ketik 2 huruf atau lebih."),
            then=lambda talk, letters: Go("pick village", letters=letters),
        ),
    ),
    Screen(
        "pick village",
        text=N_("Pilih desa:"),
        rows=Rows(
            label="{village}, {district}",
            load=_villages,
            then=lambda talk, code: Go("consent", village=code),
            empty=N_("Desa itu tidak ditemukan. Tekan 0 lalu coba huruf lain."),
        ),
    ),
    Screen(
        "consent",
        text=N_("{name}, {village}\nNama, desa, nomor HP disimpan untuk jual beli. Setuju?"),
        values=_consent,
        durable=True,
        choices=(Choice(N_("Ya, setuju"), _register), Choice(N_("Tidak"), lambda talk: Home())),
    ),
    Screen(
        "account",
        text="{name}\n{phone}\n{village}",
        values=_account,
        durable=True,
        choices=(
            Choice(N_("Ganti nama/desa"), "register"),
            Choice(N_("Bahasa"), "language"),
            Choice(N_("Kabar pasar"), _news),
            Choice(N_("PIN"), pin.change),
        ),
    ),
    Screen(
        "language",
        text=N_("Pilih bahasa:"),
        durable=True,
        rows=Rows(
            label="{language}",
            load=lambda talk: [(lang, {"language": LANGUAGE_NAMES[lang]}) for lang in languages()],
            then=_speak,
        ),
    ),
)
