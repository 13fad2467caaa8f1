"""Answers an SMS: reads it, does what it asks, and says what was understood and what comes next.

What must stay true: a code or a PIN that somebody wrote is in no answer, and not in the text as it
is kept.
"""

import re

from menus.commands import account, buying, orders, selling  # noqa: F401 - their handlers
from menus.commands.grammar import Command, Unknown, parse
from menus.commands.keywords import Keywords
from menus.commands.registry import HANDLERS, NOT_REGISTERED, Usage
from menus.notices import REFUSALS
from menus.talk import Talk
from menus.wording import N_, Wording
from store import gsm7, outbox
from store.errors import Refused
from store.inbox import Answer, Received
from store.shop import Transaction

UNKNOWN = N_("Maaf, {word} belum kami pahami. Contoh: CARI beras. Untuk bantuan ketik BANTU")
NEAREST = N_("Maaf, {word} belum kami pahami. Maksudnya {nearest}? Mohon ketik ulang.")
NOT_YET = N_("Maaf, {keyword} belum tersedia. Untuk bantuan ketik BANTU")
_LONG_NUMBER = re.compile(r"\d[\d\s.-]{2,}\d")
SORRY = N_("Maaf, SMS Bpk/Ibu belum dapat diproses. Mohon coba lagi, atau ketik BANTU")


def answering(wording: Wording) -> Answer:
    """The function that answers a received message within its transaction."""
    keywords = Keywords.load()

    def answer(tx: Transaction, received: Received) -> str:
        talk = Talk(tx, wording, received.msisdn)
        read = parse(received.text, keywords)
        text, kind, done = _reply(talk, read)
        if text is not None:
            notice = f"reply {read.keyword}" if isinstance(read, Command) else "reply"
            outbox.put(tx, received.msisdn, text, notice=notice, kind=kind)
        return without_secrets(received.text, read, done=done)

    return answer


def apologising(wording: Wording) -> Answer:
    """The function that tells the sender of a message that it could not be answered."""

    def apologise(tx: Transaction, received: Received) -> str:
        text = Talk(tx, wording, received.msisdn).say(SORRY)
        outbox.put(tx, received.msisdn, text, notice="sorry", kind="reply")
        return _mask_numbers(received.text)

    return apologise


def _reply(talk: Talk, read: Command | Unknown) -> tuple[str | None, str, bool]:
    """The answer, the kind of message that it is, and whether what was asked for was done."""
    if isinstance(read, Unknown):
        word = gsm7.to_basic(read.word).strip()
        if not word or _LONG_NUMBER.search(word):
            word = "SMS"
        if read.nearest:
            nearest = ", ".join(read.nearest[:2])
            return talk.say(NEAREST, word=word, nearest=nearest), "reply", False
        return talk.say(UNKNOWN, word=word), "reply", False
    handler = HANDLERS.get(read.keyword)
    if handler is None:
        return talk.say(NOT_YET, keyword=read.keyword), "reply", False
    kind = "order" if handler.about_orders else "reply"
    if handler.registered and talk.person is None:
        return talk.say(NOT_REGISTERED), "reply", False
    try:
        return handler.handle(talk, read), kind, True
    except Usage as usage:
        return talk.say(usage.how or handler.how), "reply", False
    except Refused as refused:
        return talk.say(REFUSALS[refused.reason], **refused.values), kind, False


def without_secrets(text: str, read: Command | Unknown, *, done: bool) -> str:
    """The text as it may be kept.

    Where a secret belongs, and where it was not understood what was asked for, a number may be
    one. The fields of a command that was refused may be in any order.
    """
    handler = HANDLERS.get(read.keyword) if isinstance(read, Command) else None
    if not isinstance(read, Command) or handler is None:
        return _mask_numbers(text)
    if handler.secret is None:
        return text
    shown = read.args[: handler.secret] if done else ()
    return " ".join((read.keyword, *shown, "*****"))


def _mask_numbers(text: str) -> str:
    return _LONG_NUMBER.sub("*****", text)
