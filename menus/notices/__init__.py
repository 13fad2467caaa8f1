"""What the shop tells people: the notices it sends, and how it says no; one module a subject.

Every one is a single SMS or screen with the longest values; what to do next comes last.
"""

from menus.notices import complaints, messages, money, orders, people, selling

NOTICES = {
    **orders.NOTICES,
    **money.NOTICES,
    **complaints.NOTICES,
    **people.NOTICES,
    **messages.NOTICES,
}
"""SMS that nobody asked for just now."""

REFUSALS = {
    **orders.REFUSALS,
    **money.REFUSALS,
    **complaints.REFUSALS,
    **selling.REFUSALS,
    **people.REFUSALS,
    **messages.REFUSALS,
}
"""How the shop says no; the names are those of `store.errors.Refused`."""
