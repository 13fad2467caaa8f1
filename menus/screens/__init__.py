"""The journeys: each module declares the screens of one."""

from menus.screens import (
    account,
    buying,
    cash,
    citizens,
    complaints,
    desk,
    finding,
    group,
    home,
    orders,
    pin,
    selling,
    services,
)
from menus.screens.buying import leave
from menus.screens.finding import dialled

__all__ = [
    "account",
    "buying",
    "cash",
    "citizens",
    "complaints",
    "desk",
    "dialled",
    "finding",
    "group",
    "home",
    "leave",
    "orders",
    "pin",
    "selling",
    "services",
]
