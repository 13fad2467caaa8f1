"""The journeys: each module declares the screens of one."""

from menus.screens import account, buying, home, orders, pin, selling
from menus.screens.buying import dialled, leave

__all__ = ["account", "buying", "dialled", "home", "leave", "orders", "pin", "selling"]
