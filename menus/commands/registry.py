"""What an SMS command is: its handler, how it is typed, and who may use it."""

from collections.abc import Callable
from dataclasses import dataclass

from menus.commands.grammar import Command
from menus.talk import Talk
from menus.wording import N_
from store import limits

Handle = Callable[[Talk, Command], str | None]
Confirm = Callable[[Talk, Command], str | None]


class Usage(Exception):
    """The command lacks something: the person is told how it is typed, or `how` instead."""

    def __init__(self, how: str = "") -> None:
        super().__init__(how)
        self.how = how


@dataclass(frozen=True)
class Handler:
    """How a keyword is answered.

    `how` is the SMS that tells people the form, with an example. `about_orders`: its answers leave
    even when the day's budget is used up. `secret`: the first field that is a code or a PIN.
    `numbers`: how many fields, from the first, may hold numbers that are kept once they were
    understood: of a phone, an order, a listing, money. `confirm`: says what it would do; it is done
    once a one-time number has come back, because a sender's number can be forged. Where it says
    None, what was asked for is done at once. `instead`: what others can do, for a word of agents.
    """

    handle: Handle
    how: str
    registered: bool
    about_orders: bool
    secret: int | None
    confirm: Confirm | None
    instead: str
    numbers: int


HANDLERS: dict[str, Handler] = {}
"""Every keyword that is answered by more than "not yet"."""

NOT_REGISTERED = N_(
    "Bpk/Ibu belum terdaftar. Mohon ketik DAFTAR nama#desa, misalnya DAFTAR Inaq Sri#Sukarara"
)
NOTHING_WAITS = N_("Tidak ada yang menunggu jawaban Bpk/Ibu. Untuk melihat pesanan ketik CEK")


def command(
    keyword: str,
    how: str,
    *,
    registered: bool = True,
    about_orders: bool = False,
    secret: int | None = None,
    confirm: Confirm | None = None,
    instead: str = "",
    numbers: int = 0,
) -> Callable[[Handle], Handle]:
    """Marks the function that answers `keyword`.

    It returns the answer, or None where a notice to the other side says it all; it raises Usage
    when something is missing and store.errors.Refused when the shop says no.
    """

    def register(handle: Handle) -> Handle:
        HANDLERS[keyword] = Handler(
            handle, how, registered, about_orders, secret, confirm, instead, numbers
        )
        return handle

    return register


def number(command: Command, index: int = 0) -> str:
    """The listing or order number in this field, digits only. Raises Usage."""
    field = command.args[index] if index < len(command.args) else ""
    digits = field.lower().removeprefix("no").strip(" .#")
    if not digits.isascii() or not digits.isdigit() or len(digits) > limits.NUMBER:
        raise Usage
    return digits
