"""PIN, HAPUS: what proves that it is you, and being forgotten.

A sender's number can be forged, so both are asked back; a PIN is looked at only then, or whoever
forges a number could lock it.
"""

from menus.commands.grammar import Command
from menus.commands.registry import Usage, command
from menus.screens.pin import digits
from menus.talk import Talk
from menus.wording import N_
from store import erasure, pins
from store.errors import Refused

CHANGE = N_("Ganti PIN? Lebih aman lewat {service_code}: Akun, PIN.")
CHANGED = N_("PIN sudah disimpan. Mohon hapus SMS PIN dari HP, dan jangan beri tahu siapa pun.")
ERASE = N_("Hapus nama, nomor HP dan jualan {name}? Tidak bisa dikembalikan.")
ERASED = N_("Data Bpk/Ibu sudah dihapus. Terima kasih. Untuk mendaftar lagi ketik DAFTAR nama#desa")
PIN_TOO = N_("Mohon sertakan PIN Bpk/Ibu: ketik HAPUS, lalu PIN")


def _pins(command: Command, most: int) -> list[str]:
    """The fields, each a PIN; the word itself may stand before it. Raises Usage."""
    fields = [field for field in command.args if field.upper() != "PIN"]
    typed = [pin for pin in map(digits, fields) if pin]
    if len(fields) > most or len(typed) < len(fields):
        raise Usage
    return typed


def _new_and_old(talk: Talk, command: Command) -> tuple[str, str | None]:
    typed = _pins(command, 2)
    if not typed:
        raise Usage
    if len(typed) == 1 and pins.has(talk.tx, talk.registered):
        raise Refused("old_pin")
    return typed[0], typed[1] if len(typed) > 1 else None


def ask_to_change(talk: Talk, command: Command) -> str:
    """What PIN would do."""
    new, _ = _new_and_old(talk, command)
    pins.must_be_good(talk.registered, new)
    return talk.say(CHANGE, service_code=talk.tx.settings.service_code)


@command(
    "PIN",
    N_("Untuk ganti PIN ketik PIN baru#lama. Lebih aman lewat menu Akun, PIN."),
    secret=0,
    confirm=ask_to_change,
)
def change(talk: Talk, command: Command) -> str:
    """`PIN 5678` sets the first PIN; `PIN#5678#1234` another one, after the old one."""
    new, old = _new_and_old(talk, command)
    pins.choose(talk.tx, talk.registered, new, old)
    return talk.say(CHANGED)


def _own_pin(talk: Talk, command: Command) -> str | None:
    """What is given as the person's PIN; None for whoever has none."""
    typed = _pins(command, 1)
    if not pins.has(talk.tx, talk.registered):
        return None
    if not typed:
        raise Usage(PIN_TOO)
    return typed[0]


def ask_to_erase(talk: Talk, command: Command) -> str:
    """What HAPUS would do."""
    _own_pin(talk, command)
    erasure.must_be_free(talk.tx, talk.registered)
    return talk.say(ERASE, name=talk.registered.name)


@command(
    "HAPUS",
    N_("Untuk menghapus data pribadi ketik HAPUS, atau HAPUS dan PIN bila punya."),
    secret=0,
    confirm=ask_to_erase,
)
def erase(talk: Talk, command: Command) -> str:
    """`HAPUS`, or `HAPUS 1234` with a PIN: nothing is kept that is not somebody else's too."""
    pin = _own_pin(talk, command)
    erasure.must_be_free(talk.tx, talk.registered)
    if pin is not None:
        pins.check(talk.tx, talk.registered, pin)
    said = talk.say(ERASED)  # before the language is forgotten with the rest
    erasure.erase(talk.tx, talk.registered)
    talk.forget()
    return said
