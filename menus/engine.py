"""The USSD state machine: takes one hop, gives one reply.

What must stay true: a hop that comes again, at the same moment or much later, gets the same reply
and has no second effect; what a number on a screen means is kept with the session, so a listing
that sold out meanwhile never turns `2` into something else; a wrong key loses nothing; nothing
that a phone or a provider sends raises.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import menus.screens
from menus.commands.values import clean
from menus.notices import REFUSALS
from menus.page import BUDGET, Page, choices_page, text_page, width
from menus.screen import SCREENS, Again, Ask, Back, End, Go, Home, Screen, Step, Trusted
from menus.talk import Talk
from menus.wording import N_, Wording
from store import codes, drafts, limits, sessions
from store.errors import Refused, Unavailable, traced
from store.sessions import Session
from store.shop import ReadOnly, Shop, Transaction

_BACK, _HOME, _MORE = N_("0. Kembali"), N_("00. Menu"), N_("9. Lagi")
_WRONG_KEY = N_("Ulangi.")
_CLOSED = N_("Sesi sudah selesai. Mohon hubungi {service_code} lagi.")
_SORRY = N_("Maaf, sedang ada gangguan. Mohon hubungi {service_code} lagi.")
_PROMISED = N_("Mohon tunggu, jaringan sedang sibuk. Jawabannya kami kirim lewat SMS.")
_ON_WITH = N_("Untuk lanjut hubungi {service_code}")
_TRIES = 5
_log = logging.getLogger(__name__)

Frame = dict[str, Any]


@dataclass(frozen=True)
class Hop:
    """One USSD request: `text` is all that was typed in the session so far, joined by `*`."""

    provider: str
    session_id: str
    msisdn: str
    service_code: str
    text: str


Promise = Callable[[Hop], object]
"""Keeps a hop that is to be answered by SMS (`answer_by_sms`). Raises Unavailable."""


class _Late(Unavailable):
    """A hop that does something could not be played in time; carries what its phone is told."""


def answer(shop: Shop, wording: Wording, hop: Hop, promise: Promise | None = None) -> str:
    """The reply to a hop, `CON …` or `END …`, for the eyes of its phone only.

    One that would have done something, and cannot be played in time, is kept by `promise`.
    """
    try:
        for _ in range(_TRIES):
            try:
                return codes.reveal(_answer(shop, wording, hop), shop.settings.pepper or "")
            except sessions.Overtaken:
                continue  # another hop of this session came first: look again
        _log.warning("session %s is too busy", hop.session_id)
    except _Late as late:
        if promise is not None and _is_kept(promise, hop):
            return f"END {late}"
    except Unavailable as error:
        _log.warning("hop not answered: %s", error)
    except Exception as error:
        _log.error("hop not answered\n%s", traced(error))
    sorry = wording.say(shop.settings.locale, _SORRY, service_code=shop.settings.service_code)
    return f"END {sorry}"


def _is_kept(promise: Promise, hop: Hop) -> bool:
    try:
        promise(hop)
    except Unavailable as error:
        _log.warning("hop not answered: %s", error)
        return False
    return True


def answer_by_sms(tx: Transaction, wording: Wording, hop: Hop) -> str:
    """Plays a hop whose answer was promised; the SMS that answers it.

    The session is over for its phone, and the provider may have told us so before the hop is
    played; so a screen that asks something more says how to go on.
    """
    talk = Talk(tx, wording, hop.msisdn)
    reply = sessions.reply_to(tx, hop.provider, hop.session_id, hop.text)
    if reply is None:
        session, reply = _play(talk, hop, replace(_session(tx, hop), ended=False))
        sessions.save(tx, replace(session, ended=True), hop.text, reply)
    if reply.startswith("END "):
        return reply[4:]
    shown = "\n".join(line for line in reply[4:].split("\n") if not _CHOICE.match(line))
    go_on = talk.say(_ON_WITH, service_code=tx.settings.service_code)
    return f"{shown}\n{go_on}"


_CHOICE = re.compile(r"\d{1,2}\. ")


def _answer(shop: Shop, wording: Wording, hop: Hop) -> str:
    """Plays the hop on a view of the shop, so that writers wait for its outcome only, unless it
    changes more than the session. Raises Overtaken, Unavailable."""
    played = None
    with shop.read() as tx:
        talk, seen = Talk(tx, wording, hop.msisdn), _session(tx, hop)
        if seen.version and seen.msisdn != hop.msisdn:
            return _closed(talk)
        stored = sessions.reply_to(tx, hop.provider, hop.session_id, hop.text)
        if stored is not None:
            return stored
        if seen.ended:
            return _closed(talk)  # not kept as the reply: another may have been promised
        durable = bool(seen.frames) and SCREENS[seen.frames[-1]["screen"]].durable
        promised = talk.say(_PROMISED) if durable else ""
        if not durable:
            try:
                played = _play(talk, hop, seen)
            except ReadOnly:
                pass  # it has to be played where it may write
    try:
        with shop.write(durable=durable) as tx:
            if played is None:
                session = _session(tx, hop)
                if session.version != seen.version:
                    raise sessions.Overtaken
                played = _play(Talk(tx, wording, hop.msisdn), hop, session)
            session, reply = played
            sessions.save(tx, session, hop.text, reply)
    except Unavailable as error:
        if durable:
            raise _Late(promised) from error
        raise
    return reply


def _session(tx: Transaction, hop: Hop) -> Session:
    """The session as its last hop left it; version 0 before its first."""
    found = sessions.find(tx, hop.provider, hop.session_id)
    return found or Session(hop.provider, hop.session_id, hop.msisdn)


def _play(talk: Talk, hop: Hop, session: Session) -> tuple[Session, str]:
    """The session after the hop, and the reply."""
    conversation = _Conversation(talk, session.frames)
    typed = session.typed_since(talk.tx, hop.text)
    if session.version == 0:
        reply = conversation.dial(_extension(talk.tx.settings.service_code, hop))
        session = session.after(talk.tx, hop.text)
    elif session.ended:
        reply = _closed(talk)
    elif typed is not None:
        reply = conversation.answer(typed)
        session = session.after(talk.tx, hop.text)
    else:
        reply = conversation.show()  # a hop that we never saw comes late: nothing to do for it
    ended = session.ended or reply.startswith("END")
    return replace(session, frames=conversation.frames, ended=ended), reply


def _closed(talk: Talk) -> str:
    return f"END {talk.say(_CLOSED, service_code=talk.tx.settings.service_code)}"


def _extension(service_code: str, hop: Hop) -> tuple[str, int] | None:
    """The listing number and quantity of an extended code such as `*123*45*1013*2#`.

    Providers give the extension in `text`, or leave it in the service code.
    """
    ours = service_code.rstrip("#")
    dialled = hop.service_code.rstrip("#")
    extra = dialled[len(ours) + 1 :] if dialled.startswith(f"{ours}*") else hop.text
    match = re.fullmatch(rf"([0-9]{{1,{limits.NUMBER}}})(?:\*([0-9]{{1,4}}))?", extra)
    return (match[1], int(match[2] or 0)) if match else None


class _Conversation:
    """The screens of one session during one hop."""

    def __init__(self, talk: Talk, frames: list[Frame]) -> None:
        self.talk = talk
        self.frames = frames
        talk.trusted = bool(frames and frames[0].get("trusted"))

    def dial(self, extension: tuple[str, int] | None) -> str:
        """The first reply: home, the listing that was dialled, or the order left unfinished."""
        self._home()
        if extension:
            listing, quantity = extension
            return self._take(lambda: menus.screens.dialled(self.talk, listing, quantity))
        draft = drafts.find(self.talk.tx, self.talk.msisdn) if self.talk.person else None
        if draft:
            drafts.taken_up(self.talk.tx, self.talk.msisdn)
            number, quantity, spec = draft.listing.number, draft.quantity, draft.spec
            return self._follow(Go("resume", listing=number, quantity=quantity, spec=spec))
        return self.show()

    def answer(self, typed: str) -> str:
        """The reply to what was typed on the present screen."""
        typed = clean(typed[: limits.USSD_INPUT])
        frame = self.frames[-1]
        screen = SCREENS[frame["screen"]]
        self.talk.data = frame["data"]
        nested = len(self.frames) > 1
        if typed == "00" and nested:
            return self._follow(menus.screens.leave(self.talk, Home()))
        if typed == "0" and nested:
            return self._follow(menus.screens.leave(self.talk, Back()))
        if typed == "9" and frame["next"]:
            self.frames.append({**frame, "at": frame["next"]})
            return self.show()
        if screen.ask:
            value = screen.ask.check(typed)
            if value is None:
                return self.show(self.talk.say(screen.ask.hint))
            ask = screen.ask
            return self._take(lambda: _answered(self.talk, ask, value))
        key = frame["shown"][int(typed) - 1] if self._is_shown(typed) else None
        if key is None:
            return self.show(self.talk.say(_WRONG_KEY))
        return self._take(lambda: self._chosen(screen, key))

    def _is_shown(self, typed: str) -> bool:
        return bool(re.fullmatch("[1-8]", typed)) and int(typed) <= len(self.frames[-1]["shown"])

    def _chosen(self, screen: Screen, key: str) -> Step:
        kind, _, name = key.partition(":")
        if kind == "row" and screen.rows:
            return screen.rows.then(self.talk, name)
        choice = screen.choices[int(name)]
        return Go(choice.to) if isinstance(choice.to, str) else choice.to(self.talk)

    def _take(self, step: Any) -> str:
        """Follows a step; a refusal is told on a screen of its own, from which 0 goes back."""
        try:
            return self._follow(step())
        except Refused as refused:
            return self._follow(self._told(refused))

    def _told(self, refused: Refused) -> Go:
        return Go("told", told=self.talk.say(REFUSALS[refused.reason], **refused.values))

    def _follow(self, step: Step) -> str:
        match step:
            case End(text):
                return f"END {text}"
            case Again(hint):
                return self.show(hint)
            case Back():
                self.frames.pop()
            case Home(said, then):
                self.talk.forget()
                self._home()
                if then:
                    self._push(then.screen, then.data)
                return self.show(said)
            case Go(screen, data):
                self._push(screen, {**self.frames[-1]["data"], **data})
            case Trusted(then):
                self.talk.trusted = self.frames[0]["trusted"] = True
                while _asks_secret(self.frames[-1]):
                    self.frames.pop()
                return self._follow(then)
        return self.show()

    def _home(self) -> None:
        self.frames = []
        self._push("home" if self.talk.person else "welcome", {})

    def _push(self, screen: str, data: dict[str, Any]) -> None:
        frame = {"screen": screen, "data": data, "at": 0, "shown": [], "next": 0}
        if not self.frames:  # outside the data, where no screen can claim it
            frame["trusted"] = self.talk.trusted
        self.frames.append(frame)

    def show(self, hint: str = "") -> str:
        """The present screen, and what its numbers mean."""
        frame = self.frames[-1]
        self.talk.data = frame["data"]
        nested = len(self.frames) > 1
        try:
            page, keys = lay_out(
                self.talk, SCREENS[frame["screen"]], frame["at"], hint, nested=nested
            )
        except Refused as refused:
            if not nested:
                raise
            self.frames.pop()  # it would be refused again to whoever comes back to it
            return self._follow(self._told(refused))
        frame["at"] = page.start
        frame["shown"] = keys[page.start : page.start + page.choices]
        frame["next"] = page.next
        return f"CON {page.text}"


def _answered(talk: Talk, ask: Ask, value: Any) -> Step:
    """What follows the answer to a question. Raises RuntimeError for a secret on its way into the
    session."""
    step = ask.then(talk, value)
    if ask.secret and isinstance(step, Go) and value in step.data.values():
        raise RuntimeError(f"{step.screen} must not be told the secret that was typed before it")
    return step


def _asks_secret(frame: Frame) -> bool:
    ask = SCREENS[frame["screen"]].ask
    return ask is not None and ask.secret


def lay_out(
    talk: Talk, screen: Screen, start: int, hint: str, *, nested: bool
) -> tuple[Page, list[str]]:
    """One page of a screen, and the keys of all its choices.

    `start` is the first choice on the page, or, for a text without any, its first word.
    """
    values = screen.values(talk) if screen.values else {}
    foot = [talk.say(_BACK), talk.say(_HOME)] if nested else []
    more = talk.say(_MORE)
    keys, labels = [], []
    for index, choice in enumerate(screen.choices):
        if choice.when is None or choice.when(talk):
            keys.append(f"choice:{index}")
            labels.append(talk.say(choice.label, **values))
    text = screen.text
    if screen.rows:
        rows = screen.rows.load(talk)
        keys += [f"row:{key}" for key, _ in rows]
        labels += [talk.say(screen.rows.label, **row) for _, row in rows]
        text = text if rows else screen.rows.empty
    begin = start if labels or not screen.rows else 0  # rows that are all gone meanwhile

    def page_of(said: str) -> Page:
        if labels:
            head = f"{hint}\n{said}" if hint else said
            return choices_page(head, labels, begin, foot, more)
        return text_page(hint, said, begin, foot, more)

    said = talk.say(text, **values)
    page = page_of(said)
    if screen.aside and not page.start and not page.next:
        aside = screen.aside(talk)
        if aside and width(f"{page.text}\n{aside}") <= BUDGET:
            page = page_of(f"{said}\n{aside}")
    return page, keys
