"""DAFTAR, BAHASA, STOP, MULAI: who a person is and what they want to read."""

from datetime import timedelta

from menus.commands.grammar import Command
from menus.commands.registry import Usage, command
from menus.screens.citizens import REGISTERED
from menus.talk import Talk
from menus.wording import LANGUAGE_NAMES, N_, languages
from store import consents, gazetteer, people, questions

CONSENT = N_(
    "{name}, desa {village}, {district}. Nama, desa, nomor HP disimpan untuk jual beli."
    " Setuju? Mohon balas YA atau TIDAK"
)
NO_VILLAGE = N_("Maaf, desa itu tidak ditemukan. Mohon ketik DAFTAR nama#desa kecamatan")
WHICH_VILLAGE = N_("Desa mana: {lines}? Mohon ketik DAFTAR {name}#desa kecamatan")
STOPPED = N_(
    "Kabar pasar dihentikan, kabar pesanan tetap dikirim. Untuk menerimanya lagi ketik MULAI"
)
ALL_STOPPED = N_(
    "Kabar pasar dan pengingat dihentikan. Kabar pesanan Bpk/Ibu sendiri tetap dikirim. Untuk"
    " menerimanya lagi ketik MULAI"
)
STARTED = N_("Terima kasih. Kabar pasar akan dikirim lagi. Untuk berhenti ketik STOP")
LANGUAGE = N_("Bahasa sekarang {language}. Untuk bantuan ketik BANTU")
LANGUAGES = N_("Mohon ketik BAHASA dan salah satu dari: {languages}")
_CONSENT_KEEP = timedelta(days=3)


@command(
    "DAFTAR",
    N_("Untuk mendaftar ketik DAFTAR nama#desa, misalnya DAFTAR Inaq Sri#Sukarara"),
    registered=False,
)
def register(talk: Talk, command: Command) -> str:
    """`DAFTAR Inaq Sri#Sukarara Jonggat` asks for consent; YA registers."""
    if len(command.args) < 2:
        raise Usage
    name = people.clean_name(command.args[0])
    if name is None:
        raise Usage
    villages = gazetteer.load().named(" ".join(command.args[1:]))
    if not villages:
        return talk.say(NO_VILLAGE)
    if len(villages) > 1:
        districts = list(dict.fromkeys(village.label for village in villages))
        return talk.say(WHICH_VILLAGE, lines="; ".join(districts[:2]), name=name)
    village = villages[0]
    questions.ask(
        talk.tx, talk.msisdn, "consent", {"name": name, "village": village.code}, _CONSENT_KEEP
    )
    return talk.say(CONSENT, name=name, village=village.name, district=village.district)


def register_consented(talk: Talk) -> str:
    """What YA to the question of consent does."""
    question = questions.find(talk.tx, talk.msisdn, "consent")
    if question is None:
        raise Usage
    questions.drop(talk.tx, talk.msisdn, "consent")
    person = people.register(
        talk.tx, talk.msisdn, question.details["name"], question.details["village"]
    )
    return talk.say(REGISTERED, name=person.name)


@command("BAHASA", N_("Untuk ganti bahasa ketik BAHASA ID atau BAHASA EN"), registered=False)
def language(talk: Talk, command: Command) -> str:
    """`BAHASA EN`: from now on in English."""
    chosen = command.args[0].lower() if command.args else ""
    names = {"indonesia": "id", "inggris": "en", "english": "en", "indonesian": "id"}
    chosen = names.get(chosen, chosen)
    if chosen not in languages():
        return talk.say(LANGUAGES, languages=" ".join(code.upper() for code in languages()))
    people.choose_language(talk.tx, talk.msisdn, chosen)
    talk.forget()
    return talk.say(LANGUAGE, language=LANGUAGE_NAMES[chosen])


@command(
    "STOP",
    N_("Untuk berhenti menerima kabar pasar ketik STOP, dengan pengingatnya ketik STOP SEMUA"),
    registered=False,
)
def stop(talk: Talk, command: Command) -> str:
    """`STOP`: no more news; `STOP SEMUA`: no reminders either. Notices of one's own orders come."""
    everything = bool(command.args) and command.args[0].lower() in ("semua", "all")
    for purpose in consents.PURPOSES if everything else ("news",):
        consents.say(talk.tx, talk.msisdn, purpose, yes=False, way="sms")
    return talk.say(ALL_STOPPED if everything else STOPPED)


@command("MULAI", N_("Untuk menerima kabar pasar dan pengingat lagi ketik MULAI"), registered=False)
def start(talk: Talk, command: Command) -> str:
    """`MULAI`: news and reminders again."""
    for purpose in consents.PURPOSES:
        consents.say(talk.tx, talk.msisdn, purpose, yes=True, way="sms")
    return talk.say(STARTED)
