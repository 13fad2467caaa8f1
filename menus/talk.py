"""One exchange with one phone: what screens and commands are given."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from menus.wording import Wording
from store import agents, people
from store.people import Person
from store.shop import Transaction


@dataclass
class Talk:
    """The open transaction, who is at the other end, and, on a screen, what was chosen so far.

    `trusted`: whether their PIN was right in this session.
    """

    tx: Transaction
    wording: Wording
    msisdn: str
    data: dict[str, Any] = field(default_factory=dict)
    trusted: bool = False

    @cached_property
    def person(self) -> Person | None:
        """The registered owner of the phone."""
        return people.of_phone(self.tx, self.msisdn)

    @property
    def registered(self) -> Person:
        """The owner, on screens that only registered people come to."""
        if self.person is None:
            raise LookupError(f"{self.msisdn} is not registered")
        return self.person

    @property
    def is_agent(self) -> bool:
        """Whether they may act as an agent of KIM now."""
        return self.person is not None and agents.phone(self.tx, self.person.id) is not None

    @cached_property
    def lang(self) -> str:
        """The language that this phone reads."""
        return people.language(self.tx, self.msisdn)

    def say(self, sentence: str, **values: Any) -> str:
        """The sentence in the phone's language, filled."""
        return self.wording.say(self.lang, sentence, **values)

    def forget(self) -> None:
        """Reads person and language again: one of them was just changed."""
        self.__dict__.pop("person", None)
        self.__dict__.pop("lang", None)
