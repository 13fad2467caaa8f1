"""Answers an SMS: reads it, does what it asks, and says what was understood and what comes next.

What must stay true: a code or a PIN that somebody wrote is in no answer, and not in the text as it
is kept.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from menus.commands import (  # noqa: F401 - their handlers
    account,
    buying,
    complaints,
    group,
    help,
    look,
    money,
    orders,
    privacy,
    proxy,
    recap,
    selling,
    trust,
    yes_no,
)
from menus.commands.grammar import Command, Unknown, parse
from menus.commands.keywords import Keywords
from menus.commands.registry import HANDLERS, NOT_REGISTERED, Handler, Usage
from menus.notices import REFUSALS
from menus.talk import Talk
from menus.wording import N_, Wording
from store import catalogue, codes, confirmations, disputes, gsm7, outbox, sealing
from store import orders as shop_orders
from store.errors import Refused
from store.inbox import Answer, Received
from store.shop import Transaction

UNKNOWN = N_("Maaf, {word} belum kami pahami. Contoh: CARI beras. Untuk bantuan ketik BANTU")
NEAREST = N_("Maaf, {word} belum kami pahami. Maksudnya {nearest}? Mohon ketik ulang.")
NOT_YET = N_("Maaf, {keyword} belum tersedia. Untuk bantuan ketik BANTU")
CONFIRM = N_("Bila benar, mohon balas YA {code}")
_FIND: dict[str, Callable[[Transaction, str], object]] = {
    "number": shop_orders.by_number,
    "listing": catalogue.find,
}
"""What a number in a refusal names, by what it is called there."""
SORRY = N_("Maaf, SMS Bpk/Ibu belum dapat diproses. Mohon coba lagi, atau ketik BANTU")


def answering(wording: Wording) -> Answer:
    """The function that answers a received message within its transaction."""
    keywords = Keywords.load()

    def answer(tx: Transaction, received: Received) -> str:
        talk = Talk(tx, wording, received.msisdn)
        read = parse(received.text, keywords)
        typed = _one_time_number(talk, read)
        if typed:
            replied, kept = _confirmed(talk, typed), sealing.MASK
        else:
            replied = _replied(talk, read)
            kept = without_secrets(received.text, read, done=replied.done)
        if replied.text is not None:
            notice = f"reply {read.keyword}" if isinstance(read, Command) else "reply"
            outbox.put(
                tx,
                received.msisdn,
                replied.text,
                notice=notice,
                kind=replied.kind,
                route=received.provider,
            )
        return kept

    return answer


def apologising(wording: Wording) -> Answer:
    """The function that tells the sender of a message that it could not be answered."""

    def apologise(tx: Transaction, received: Received) -> str:
        text = Talk(tx, wording, received.msisdn).say(SORRY)
        outbox.put(tx, received.msisdn, text, notice="sorry", kind="reply", route=received.provider)
        return sealing.without_numbers(received.text)

    return apologise


@dataclass(frozen=True)
class _Replied:
    """An answer, or none; the kind of message it is; whether what was asked for was done."""

    text: str | None
    kind: str = "reply"
    done: bool = False


def _replied(talk: Talk, read: Command | Unknown) -> _Replied:
    if isinstance(read, Unknown):
        word = gsm7.to_basic(read.word).strip()
        if not word or sealing.without_numbers(word) != word:
            word = "SMS"
        if read.nearest:
            return _Replied(talk.say(NEAREST, word=word, nearest=", ".join(read.nearest[:2])))
        return _Replied(talk.say(UNKNOWN, word=word))
    handler = HANDLERS.get(read.keyword)
    if handler is None:
        return _Replied(talk.say(NOT_YET, keyword=read.keyword))
    if handler.registered and talk.person is None:
        return _Replied(talk.say(NOT_REGISTERED))
    if handler.instead and not talk.is_agent:
        return _Replied(talk.say(handler.instead))
    return _handled(talk, handler, lambda: _done_or_asked_back(talk, handler, read))


def _done_or_asked_back(talk: Talk, handler: Handler, read: Command) -> str | None:
    would = handler.confirm(talk, read) if handler.confirm else None
    if would is None:
        return handler.handle(talk, read)
    number = confirmations.ask(talk.tx, talk.msisdn, read.keyword, read.args)
    return f"{would} {talk.say(CONFIRM, code=number)}"


def _one_time_number(talk: Talk, read: Command | Unknown) -> str | None:
    """What was sent back, alone or behind YA, when a command of this phone waits for it."""
    if isinstance(read, Unknown):
        typed = read.word
    else:
        typed = "".join(read.args) if read.keyword == "YA" else ""
    if not re.fullmatch("[0-9]{5}", typed) or not confirmations.waits(talk.tx, talk.msisdn):
        return None
    if not confirmations.is_right(talk.tx, talk.msisdn, typed) and _is_own_order(talk, typed):
        return None
    return typed


def _is_own_order(talk: Talk, number: str) -> bool:
    if talk.person is None:
        return False
    waiting = {each.number for each in shop_orders.waiting_for(talk.tx, talk.person)}
    return number in waiting | {each.number for each in disputes.waiting_for(talk.tx, talk.person)}


def _confirmed(talk: Talk, typed: str) -> _Replied:
    """Does what was asked back, once its number is right."""
    try:
        keyword, args = confirmations.take(talk.tx, talk.msisdn, typed)
    except Refused as refused:
        return _Replied(_refused(talk, refused), "security")
    handler, command = HANDLERS[keyword], Command(keyword, args)
    if handler.registered and talk.person is None:
        return _Replied(talk.say(NOT_REGISTERED))
    return _handled(talk, handler, lambda: handler.handle(talk, command))


def _handled(talk: Talk, handler: Handler, handle: Callable[[], str | None]) -> _Replied:
    kind = "order" if handler.about_orders else "reply"
    kind = "security" if handler.confirm and not handler.about_orders else kind
    try:
        return _Replied(handle(), kind, done=True)
    except Usage as usage:
        return _Replied(talk.say(usage.how or handler.how))
    except Refused as refused:
        return _Replied(_refused(talk, refused), kind)


def without_secrets(text: str, read: Command | Unknown, *, done: bool) -> str:
    """The text as it may be kept.

    Where a secret belongs, where no number does, and where it was not understood what was asked
    for, a number may be one. The fields of a command that was refused may be in any order.
    """
    handler = HANDLERS.get(read.keyword) if isinstance(read, Command) else None
    if not isinstance(read, Command) or handler is None:
        return sealing.without_numbers(text)
    if handler.secret is None:
        if not done:
            return sealing.without_numbers(text)
        others = " ".join(read.args[handler.numbers :])
        masked = sealing.without_numbers(others)
        known = read.args[: handler.numbers]
        return text if masked == others else " ".join((read.keyword, *known, masked))
    shown = read.args[: handler.secret] if done else ()
    hidden = (sealing.MASK,) if len(shown) < len(read.args) else ()
    return " ".join((read.keyword, *shown, *hidden))


def _refused(talk: Talk, refused: Refused) -> str:
    """What the person is told. A number that names nothing may be a PIN or a code."""
    values = dict(refused.values)
    for name in _FIND.keys() & values.keys():
        try:
            _FIND[name](talk.tx, values[name])
        except Refused:
            values[name] = codes.quoted(talk.tx.settings.pepper, values[name])
    return talk.say(REFUSALS[refused.reason], **values)
