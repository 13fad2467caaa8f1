"""WAKIL: an agent types for somebody who cannot, and that person's own phone says YA."""

from menus.commands.grammar import Command, Unknown, parse
from menus.commands.keywords import Keywords
from menus.commands.registry import HANDLERS, NOT_REGISTERED, NOTHING_WAITS, Usage, command
from menus.commands.trust import phone
from menus.screens import citizens
from menus.talk import Talk
from menus.wording import N_
from store import codes, gazetteer, gsm7, limits, people, proxies, questions
from store.errors import Refused

ASKED = N_("Kami tanya {phone}. Bila dijawab YA, {command} dijalankan.")
NO_VILLAGE = N_("Maaf, desa itu tidak ditemukan. Mohon ketik WAKIL nomor-hp DAFTAR nama#desa")
DROPPED = N_("Baik, tidak jadi. Untuk bantuan ketik BANTU")

NEVER = {"YA", "TIDAK", "WAKIL", "STOP", "MULAI", "HAPUS", "PIN", "LAPOR", "KELOMPOK"}
"""What everybody says for themselves, beside what is secret or asked back."""


@command(
    "WAKIL",
    N_("Untuk mewakili warga ketik WAKIL nomor-hp perintah, misalnya"
       " WAKIL 081234567890 DAFTAR Inaq Sri#Sukarara"),
    instead=N_("Maaf, WAKIL hanya untuk petugas KIM. Untuk mendaftar mohon ketik dari HP-nya"
               " sendiri: DAFTAR nama#desa"),
    numbers=1,
)  # fmt: skip
def act_for(talk: Talk, command: Command) -> str:
    """`WAKIL 0812… JUAL madu#125rb/btl#10`: done once that phone has answered YA."""
    msisdn, text = _split(talk, command)
    told = gsm7.one_line(text)
    read = parse(told, Keywords.load())
    if isinstance(read, Unknown):
        raise Usage
    handler = HANDLERS.get(read.keyword)
    if handler is None or handler.secret is not None or handler.confirm or read.keyword in NEVER:
        raise Refused("no_proxy", keyword=read.keyword)
    if read.keyword == "DAFTAR":
        return _register(talk, msisdn, read)
    if people.of_phone(talk.tx, msisdn) is None and handler.registered:
        raise Refused("nobody", phone=msisdn)
    if len(told) > limits.COMMAND:
        raise Usage
    told = codes.quoted(talk.tx.settings.pepper, told)
    proxies.ask(
        talk.tx,
        talk.registered,
        msisdn,
        (read.keyword, read.args, read.rest),
        notice="proxy_asked",
        told=told,
        values={"command": told},
    )
    return talk.say(ASKED, phone=msisdn, command=told)


def _register(talk: Talk, msisdn: str, read: Command) -> str:
    name = people.clean_name(read.args[0]) if len(read.args) > 1 else None
    if name is None:
        raise Usage
    villages = gazetteer.load().named(" ".join(read.args[1:]))
    if len(villages) != 1:
        raise Usage(NO_VILLAGE)
    return citizens.ask_to_register(talk, msisdn, name, villages[0])


def _split(talk: Talk, command: Command) -> tuple[str, str]:
    """The phone that comes first, and the command behind it as it was typed."""
    start = next((at for at, char in enumerate(command.rest) if char.isalpha()), None)
    if start is None:
        raise Usage
    msisdn, rest = phone(talk, tuple(command.rest[:start].replace("#", " ").split()))
    if rest:
        raise Usage
    return msisdn, command.rest[start:]


def agree(talk: Talk) -> str | None:
    """What YA to an agent's question does: the command, as if this phone had sent it."""
    proxy = proxies.take(talk.tx, talk.msisdn)
    if proxy is None:
        return talk.say(NOTHING_WAITS)
    proxies.agreed(talk.tx, talk.msisdn, proxy)
    if proxy.keyword == "DAFTAR":
        return citizens.register(talk, *proxy.args)
    handler = HANDLERS[proxy.keyword]
    if handler.registered and talk.person is None:
        return talk.say(NOT_REGISTERED)
    try:
        return handler.handle(talk, Command(proxy.keyword, proxy.args, proxy.rest))
    except Usage as usage:
        return talk.say(usage.how or handler.how)


def decline(talk: Talk) -> str:
    """What TIDAK does."""
    proxy = proxies.take(talk.tx, talk.msisdn)
    if proxy:
        proxies.declined(talk.tx, talk.msisdn, proxy)
    questions.drop(talk.tx, talk.msisdn, proxies.KIND)
    return talk.say(DROPPED)
