"""Answers an SMS: reads it, does what it asks, and says what was understood and what comes next."""

from collections.abc import Callable

from menus.commands import account, buying, orders, selling  # noqa: F401 - their handlers
from menus.commands.grammar import Command, Unknown, parse
from menus.commands.keywords import Keywords
from menus.commands.registry import HANDLERS, NOT_REGISTERED, Usage
from menus.notices import REFUSALS
from menus.talk import Talk
from menus.wording import N_, Wording
from store import gsm7, outbox
from store.errors import Refused
from store.inbox import Received
from store.shop import Transaction

UNKNOWN = N_("Maaf, {word} belum kami pahami. Contoh: CARI beras. Untuk bantuan ketik BANTU")
NEAREST = N_("Maaf, {word} belum kami pahami. Maksudnya {nearest}? Mohon ketik ulang.")
NOT_YET = N_("Maaf, {keyword} belum tersedia. Untuk bantuan ketik BANTU")
SORRY = N_("Maaf, SMS Bpk/Ibu belum dapat diproses. Mohon coba lagi, atau ketik BANTU")


def answering(wording: Wording) -> Callable[[Transaction, Received], None]:
    """The function that answers a received message within its transaction."""
    keywords = Keywords.load()

    def answer(tx: Transaction, received: Received) -> None:
        talk = Talk(tx, wording, received.msisdn)
        read = parse(received.text, keywords)
        text, kind = _reply(talk, read)
        if text is not None:
            notice = f"reply {read.keyword}" if isinstance(read, Command) else "reply"
            outbox.put(tx, received.msisdn, text, notice=notice, kind=kind)

    return answer


def apologising(wording: Wording) -> Callable[[Transaction, Received], None]:
    """The function that tells the sender of a message that it could not be answered."""

    def apologise(tx: Transaction, received: Received) -> None:
        text = Talk(tx, wording, received.msisdn).say(SORRY)
        outbox.put(tx, received.msisdn, text, notice="sorry", kind="reply")

    return apologise


def _reply(talk: Talk, read: Command | Unknown) -> tuple[str | None, str]:
    if isinstance(read, Unknown):
        word = gsm7.to_basic(read.word).strip() or "SMS"
        if read.nearest:
            return talk.say(NEAREST, word=word, nearest=", ".join(read.nearest[:2])), "reply"
        return talk.say(UNKNOWN, word=word), "reply"
    handler = HANDLERS.get(read.keyword)
    if handler is None:
        return talk.say(NOT_YET, keyword=read.keyword), "reply"
    kind = "order" if handler.about_orders else "reply"
    if handler.registered and talk.person is None:
        return talk.say(NOT_REGISTERED), "reply"
    try:
        return handler.handle(talk, read), kind
    except Usage:
        return talk.say(handler.how), "reply"
    except Refused as refused:
        return talk.say(REFUSALS[refused.reason], **refused.values), kind
