"""The keys and the display of a terminal's phone: what a typed line does, and what is shown."""

import textwrap
from collections.abc import Iterator

from store import gsm7
from web.cli.phone import NoAnswer, Phone

HELP = """\
{code}     dial, with *listing*quantity before the # if you like
anything      answers the screen that waits
sms TEXT      send an SMS to the short code (or: reply TEXT)
Enter         look for new SMS
inbox         the latest SMS, new or not
twice         the network delivers the next request two times
drop          the session is cut off
type TEXT     answers the screen with a word that is a key here
quit          put the phone away"""

QUIT = ("quit", "exit")
_WIDE = 38


class Keys:
    """Does what is typed on a phone.

    After each line, `expects_sms` tells whether an SMS may answer it, and `failed` whether the
    market did not take it.
    """

    def __init__(self, phone: Phone, code: str) -> None:
        self.phone = phone
        self.expects_sms = self.failed = False
        self._code = code

    def press(self, line: str) -> list[str]:
        """What is shown after this line."""
        self.expects_sms = self.failed = False
        word, _, rest = line.partition(" ")
        try:
            shown = list(self._pressed(word.lower(), rest.strip(), line))
        except NoAnswer as error:
            self.failed = True
            return [str(error)]
        if self.phone.noted:
            shown.append(f"({self.phone.noted})")
            self.phone.noted = ""
        return shown

    def new_sms(self) -> list[str]:
        """The SMS that arrived meanwhile, framed."""
        return [sms_frame(text) for text in self.phone.new_sms()]

    def _pressed(self, word: str, rest: str, line: str) -> Iterator[str]:
        match word:
            case "":
                yield from self.new_sms() or ["(no new SMS)"]
            case "help" | "?" if not rest:
                yield HELP.format(code=self._code)
            case "sms" | "reply" if rest:
                self.phone.send(rest)
                self.expects_sms = True
                yield "(SMS sent)"
            case "inbox" if not rest:
                yield from [sms_frame(text) for text in self.phone.inbox()] or ["(no SMS)"]
            case "twice" if not rest:
                self.phone.twice = True
                yield "(the next request will be delivered two times)"
            case "drop" if not rest:
                yield "(session dropped)" if self.phone.in_session else "(no session)"
                self.phone.hang_up()
            case "type" if rest and self.phone.in_session:
                yield self._screen(self.phone.answer(rest))
            case _ if line.startswith("*") and line.endswith("#"):
                yield self._screen(self.phone.dial(line))
            case _ if self.phone.in_session:
                yield self._screen(self.phone.answer(line))
            case _:
                yield f"(no session: dial {self._code}, or sms TEXT; help tells more)"

    def _screen(self, reply: str) -> str:
        self.expects_sms = not self.phone.in_session
        kind, _, text = reply.partition(" ")
        if kind not in ("CON", "END"):
            return f"(the network cuts off: the answer begins with neither CON nor END: {reply})"
        count = gsm7.septets(text)
        size = f"{len(text)} letters, not GSM-7" if count is None else f"{count}/160"
        return frame(text, f"{kind} {size}")


def sms_frame(text: str) -> str:
    """An SMS as its reader sees it, and what it cost in parts."""
    parts = gsm7.segments(text)
    return frame(text, f"SMS {len(text)} letters, {parts} part{'s' * (parts > 1)}")


def frame(text: str, foot: str) -> str:
    """The text in a frame, its long lines folded."""
    lines = [folded for line in text.split("\n") for folded in textwrap.wrap(line, _WIDE) or [""]]
    edge = "─" * (_WIDE + 2)
    body = "\n".join(f"│ {line:<{_WIDE}} │" for line in lines)
    return f"┌{edge}┐\n{body}\n└{f' {foot} '.rjust(_WIDE + 1, '─')}─┘"
