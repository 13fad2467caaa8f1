"""The worker's side of incoming SMS: has each one answered once."""

from collections.abc import Callable

from menus.commands.answer import answering, apologising
from menus.wording import Wording
from store import inbox
from store.shop import Shop


def answer_next(shop: Shop, wording: Wording) -> Callable[[], bool]:
    """A function that answers the oldest waiting message; False when none waits."""
    answer, apologise = answering(wording), apologising(wording)
    return lambda: inbox.answer_next(shop, answer, apologise)
