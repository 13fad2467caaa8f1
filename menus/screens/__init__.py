"""The journeys: each module declares the screens of one."""

from menus.screens import (
    account,
    buying,
    cash,
    citizens,
    complaints,
    desk,
    group,
    home,
    orders,
    pin,
    selling,
    services,
)
from menus.screens.buying import dialled, leave

__all__ = [
    "account",
    "buying",
    "cash",
    "citizens",
    "complaints",
    "desk",
    "dialled",
    "group",
    "home",
    "leave",
    "orders",
    "pin",
    "selling",
    "services",
]
