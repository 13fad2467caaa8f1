"""LAPOR, and what agents do: VER, BEKU."""

import re

from menus.commands.grammar import Command
from menus.commands.registry import Usage, command
from menus.screens.citizens import FROZEN, VOUCHED
from menus.talk import Talk
from menus.wording import N_
from store import agents, gazetteer, people, phones, trust
from store.errors import Refused
from store.gazetteer import Village
from store.reasons import clean_reason

REPORTED = N_("Terima kasih. Laporan tentang {name} kami teruskan ke petugas KIM.")
VOUCH = N_("Kenalkan {name}, {phone}, desa {village}?")
FREEZE = N_("Hentikan akun {name}, {phone}: {why}?")
NO_VILLAGE = N_("Maaf, desa itu tidak ditemukan. Mohon ketik VER nomor-hp desa kecamatan")


_PIN = re.compile("[0-9]{4,6}")


def phone(talk: Talk, fields: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The number that comes first, whole or in groups of digits, and the fields behind it.

    Agents may be used to writing their PIN last. It is not needed, and goes no further.
    """
    for end in range(len(fields), 0, -1):
        number = phones.parse_phone(" ".join(fields[:end]), talk.tx.settings.region)
        if number:
            rest = fields[end:]
            return number, rest[:-1] if rest and _PIN.fullmatch(rest[-1]) else rest
    raise Usage


def _somebody(talk: Talk, msisdn: str) -> people.Person:
    person = people.of_phone(talk.tx, msisdn)
    if person is None:
        raise Refused("nobody", phone=msisdn)
    return person


def _reason(rest: tuple[str, ...]) -> str:
    if not any(map(str.isalpha, "".join(rest))):
        raise Usage
    return clean_reason(" ".join(rest))


def _village(talk: Talk, rest: tuple[str, ...]) -> Village:
    if not rest:
        raise Usage
    found = gazetteer.load().named(" ".join(rest))
    if len(found) != 1:
        raise Usage(NO_VILLAGE)
    return found[0]


@command(
    "LAPOR",
    N_("Untuk melaporkan penipuan ketik LAPOR nomor-hp alasan, misalnya LAPOR 081234567890 tipu"),
    numbers=1,
)
def report(talk: Talk, command: Command) -> str:
    """`LAPOR 0812… barang tidak dikirim`: the agent who vouched for that person is told."""
    msisdn, rest = phone(talk, command.args)
    person = trust.report(talk.tx, talk.msisdn, msisdn, _reason(rest))
    return talk.say(REPORTED, name=person.name)


def ask_to_vouch(talk: Talk, command: Command) -> str:
    """What VER would do."""
    agents.required(talk.tx, talk.registered)
    msisdn, rest = phone(talk, command.args)
    village, person = _village(talk, rest), _somebody(talk, msisdn)
    return talk.say(VOUCH, name=person.name, phone=msisdn, village=village.name)


@command(
    "VER",
    N_("Untuk mengenalkan warga ketik VER nomor-hp desa, misalnya VER 081234567890 Sukarara"),
    secret=1,
    confirm=ask_to_vouch,
    instead=N_(
        "Maaf, VER hanya untuk petugas KIM. Agar dikenal mohon datangi petugas KIM di desa Bpk/Ibu."
    ),
)
def vouch(talk: Talk, command: Command) -> str:
    """`VER 0812… Sukarara`: the agent has met that person face to face."""
    msisdn, rest = phone(talk, command.args)
    person = trust.vouch(talk.tx, talk.registered, msisdn, _village(talk, rest).code)
    return talk.say(VOUCHED, name=person.name, village=person.village)


def ask_to_freeze(talk: Talk, command: Command) -> str:
    """What BEKU would do."""
    agents.required(talk.tx, talk.registered)
    msisdn, rest = phone(talk, command.args)
    person, why = _somebody(talk, msisdn), _reason(rest)
    return talk.say(FREEZE, name=person.name, phone=msisdn, why=why)


@command(
    "BEKU",
    N_("Untuk menghentikan akun ketik BEKU nomor-hp alasan, misalnya BEKU 081234567890 tipu"),
    secret=1,
    confirm=ask_to_freeze,
    instead=N_(
        "Maaf, BEKU hanya untuk petugas KIM. Untuk melaporkan penipuan ketik LAPOR nomor-hp alasan"
    ),
)
def freeze(talk: Talk, command: Command) -> str:
    """`BEKU 0812… menipu pembeli`: that person trades no more."""
    msisdn, rest = phone(talk, command.args)
    person = trust.freeze(talk.tx, talk.registered, msisdn, _reason(rest))
    return talk.say(FROZEN, name=person.name)
