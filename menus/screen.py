"""The parts that screens are declared with.

A screen has a text, and then choices (fixed ones, rows of the shop, or both), or a question that
is answered by typing. What follows is a step: Go to another screen, Back, Home, End, Again, or
Trusted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from menus.talk import Talk


@dataclass(frozen=True)
class Go:
    """On to `screen`; `data` joins what was chosen so far."""

    screen: str
    data: dict[str, Any]

    def __init__(self, screen: str, **data: Any) -> None:
        object.__setattr__(self, "screen", screen)
        object.__setattr__(self, "data", data)


@dataclass(frozen=True)
class Home:
    """To the first screen, and from there on to `then`; under `said` if there is a thing to say."""

    said: str = ""
    then: Go | None = None


@dataclass(frozen=True)
class Back:
    """To the screen before."""


@dataclass(frozen=True)
class End:
    """The last text of the session."""

    text: str


@dataclass(frozen=True)
class Again:
    """The same screen once more under `hint`."""

    hint: str


@dataclass(frozen=True)
class Trusted:
    """On to `then`, in the place of the questions that led here: the PIN was right, and is not
    asked for again in this session."""

    then: Go


Step = Go | Home | Back | End | Again | Trusted


@dataclass(frozen=True)
class Choice:
    """A fixed choice: a `label`, where it leads, and `when` it is offered (always, unless said)."""

    label: str
    to: str | Callable[[Talk], Step]
    when: Callable[[Talk], bool] | None = None


@dataclass(frozen=True)
class Rows:
    """Choices that the shop gives.

    `load` gives for each row its key, kept in the session, and the values of `label`;
    `then` is told the key that was picked; `empty` is the screen's text when there are none, for
    rows that can be none.
    """

    label: str
    load: Callable[[Talk], list[tuple[str, dict[str, Any]]]]
    then: Callable[[Talk, str], Step]
    empty: str = ""


@dataclass(frozen=True)
class Ask:
    """A question answered by typing.

    `check` gives the value that was understood, or None: then `hint` says what is wanted.
    `secret`: the answer is a PIN or a code, which the session must not keep.
    """

    check: Callable[[str], Any]
    hint: str
    then: Callable[[Talk, Any], Step]
    secret: bool = False


@dataclass(frozen=True)
class Screen:
    """A screen: `text` with placeholders that `values` fills, then `choices`, `rows` or `ask`.

    `durable`: what is answered here may change something that the person is told is done, so it
    is on the disk before they are.
    `aside` gives one more line, which stands under the text only where all else keeps its place.
    """

    name: str
    text: str
    values: Callable[[Talk], dict[str, Any]] | None = None
    choices: tuple[Choice, ...] = ()
    rows: Rows | None = None
    ask: Ask | None = None
    durable: bool = False
    aside: Callable[[Talk], str] | None = None


SCREENS: dict[str, Screen] = {}
"""Every screen by its name; filled by `declare`."""


def declare(*screens: Screen) -> None:
    """Adds screens to the conversation."""
    for screen in screens:
        if screen.name in SCREENS:
            raise ValueError(f"two screens are called {screen.name}")
        SCREENS[screen.name] = screen
