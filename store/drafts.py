"""A buyer's last unfinished order: kept when the session drops, offered on the next dial, and, if
they do not come back, once by SMS."""

from dataclasses import dataclass

from store import catalogue, closing, outbox, people, questions, timers
from store.catalogue import Listing
from store.errors import Refused
from store.shop import Transaction


@dataclass(frozen=True)
class Draft:
    """An order that lacks only its buyer's yes; `spec` is what is wanted of a service."""

    listing: Listing
    quantity: int
    spec: str = ""


def keep(tx: Transaction, msisdn: str, listing_number: str, quantity: int, spec: str = "") -> None:
    """Remembers the order that the buyer is about to confirm, instead of an earlier one."""
    details = {"listing": listing_number, "quantity": quantity, "spec": spec}
    questions.ask(tx, msisdn, "draft", details, tx.settings.draft_keep)
    timers.set_timer(tx, "offer_draft", msisdn, tx.later(tx.settings.resume_within))


def find(tx: Transaction, msisdn: str) -> Draft | None:
    """The unfinished order, while its listing still has enough. Its shop may be closed by now;
    who answers an offer is told so by the shop's refusal."""
    question = questions.find(tx, msisdn, "draft")
    if question is None:
        return None
    try:
        listing = catalogue.find(tx, question.details["listing"])
    except Refused:
        return None
    quantity = int(question.details["quantity"])
    spec = question.details.get("spec", "")  # drafts of before there were services have none
    return Draft(listing, quantity, spec) if listing.stock >= quantity else None


def drop(tx: Transaction, msisdn: str) -> None:
    """The order was placed, or the buyer left it on purpose."""
    questions.drop(tx, msisdn, "draft")
    timers.cancel(tx, msisdn, "offer_draft")
    outbox.withdraw(tx, f"draft:{msisdn}")


def session_dropped(tx: Transaction, msisdn: str) -> None:
    """The network says that the session broke off: what is unfinished is offered soon."""
    timers.hasten(tx, "offer_draft", msisdn, tx.later(tx.settings.resume_dropped))


def taken_up(tx: Transaction, msisdn: str) -> None:
    """The buyer is shown it again: while they look at it, no SMS offers it as well."""
    timers.put_off(tx, "offer_draft", msisdn, tx.later(tx.settings.resume_within))


@timers.handler("offer_draft")
def offer(tx: Transaction, msisdn: str) -> None:
    """Offers by SMS to finish the order that the buyer did not come back for."""
    draft = find(tx, msisdn)
    if draft is None or closing.is_closed(tx, draft.listing.closed_until):
        return
    if people.of_phone(tx, msisdn) is None:
        return
    outbox.notify(
        tx,
        msisdn,
        "draft_offer",
        kind="reply",
        about=f"draft:{msisdn}",
        quantity=draft.quantity,
        unit=draft.listing.unit,
        title=draft.listing.title,
        total=draft.quantity * draft.listing.price,
    )
