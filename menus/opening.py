"""Opens the shop with its wording: what the web server, the worker and the shell begin with."""

from menus.notices import NOTICES
from menus.wording import Wording
from settings import Settings
from store.shop import Shop


def open_shop(settings: Settings) -> tuple[Shop, Wording]:
    """The shop of these settings, and the wording that its messages have."""
    wording = Wording(settings.zone, NOTICES)
    return Shop(settings, wording), wording
