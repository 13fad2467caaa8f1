"""Ordering: how many, the buyer's yes, and an order that was left unfinished."""

from typing import Any

from menus.commands.values import whole_number
from menus.screen import Ask, Choice, End, Go, Home, Screen, Step, declare
from menus.screens.listing import reputation, shown
from menus.talk import Talk
from menus.wording import N_
from store import agents, catalogue, drafts, groups, orders, services
from store.catalogue import Listing
from store.errors import Refused
from store.orders import Order

PLACED = N_(
    "Pesanan {number}: {quantity} {unit} {title}, {total} tunai saat diterima. Jawaban penjual"
    " kami kabarkan lewat SMS. Terima kasih."
)
PLACED_DEPOSIT = N_(
    "Pesanan {number}: {quantity} {unit} {title}, {total}. Bila disanggupi, mohon titip {deposit}"
    " ke petugas KIM. Kami kabari lewat SMS."
)


def to_confirm(
    talk: Talk, listing: Listing, quantity: int, *, again: bool = False, spec: str = ""
) -> Step:
    """The last step of an order, which is remembered from here on in case the session drops.

    A service is asked about first: what is wanted. What is too much, or too far, for cash is
    offered through an agent.
    """
    by_agent = False
    try:
        orders.check(talk.tx, talk.registered, listing, quantity)
    except Refused as refused:
        if refused.reason not in ("over_cap", "too_far"):
            raise
        by_agent = True
        orders.check(talk.tx, talk.registered, listing, quantity, by_agent=True)
    chosen = {"listing": listing.number, "quantity": quantity, "again": again, "spec": spec}
    if listing.kind == "service" and not spec:
        return Go("spec", **chosen)
    if by_agent:
        return Go("by agent", **chosen)
    drafts.keep(talk.tx, talk.msisdn, listing.number, quantity, spec)
    return Go("confirm deposit" if listing.deposit else "confirm", **chosen)


def leave(talk: Talk, step: Step) -> Step:
    """Back and home: who leaves an order on purpose is not asked to finish it."""
    if "quantity" in talk.data:
        drafts.drop(talk.tx, talk.msisdn)
    return step


def can_buy(talk: Talk) -> bool:
    """Whether this phone's owner may order it, as far as one can tell before the quantity."""
    listing = catalogue.find(talk.tx, talk.data["listing"])
    if listing.stock == 0 or talk.person is None:
        return listing.stock > 0
    own = talk.person.id == listing.seller_id
    return not own and not groups.is_member(talk.tx, listing.seller_id, talk.person)


def buy(talk: Talk) -> Step:
    """On to the quantity, by way of registering."""
    return Go("quantity") if talk.person else Go("register")


def _quantity(talk: Talk, quantity: int) -> Step:
    return to_confirm(talk, catalogue.find(talk.tx, talk.data["listing"]), quantity)


def confirmed(talk: Talk) -> dict[str, Any]:
    """The order that lacks its yes, as the values of a screen."""
    listing, quantity = catalogue.find(talk.tx, talk.data["listing"]), talk.data["quantity"]
    return {
        "quantity": quantity,
        "unit": listing.unit,
        "title": listing.title,
        "total": quantity * listing.price,
        "deposit": services.deposit(listing, quantity, by_agent=False),
        "seller": listing.seller,
        "village": listing.village,
    }


def placed(talk: Talk, order: Order) -> str:
    """What the buyer of a new order is told."""
    return talk.say(PLACED_DEPOSIT if order.deposit else PLACED, **orders.describe(order))


def place(talk: Talk) -> Step:
    """Places the order that was confirmed."""
    listing, quantity = catalogue.find(talk.tx, talk.data["listing"]), talk.data["quantity"]
    again, spec = bool(talk.data.get("again")), talk.data.get("spec", "")
    by_agent = bool(talk.data.get("by_agent"))
    try:
        order = orders.place(
            talk.tx, talk.registered, listing, quantity, again=again, by_agent=by_agent, spec=spec
        )
    except Refused as refused:
        if refused.reason != "same_order":
            raise
        return Go("same order", other=refused.values["number"])
    return End(placed(talk, order))


def _place_by_agent(talk: Talk) -> Step:
    talk.data["by_agent"] = True
    return place(talk)


def _place_again(talk: Talk) -> Step:
    talk.data["again"] = True
    return place(talk)


def _has_agents(talk: Talk) -> bool:
    return agents.nearest(talk.tx, talk.registered.id, set()) is not None


def _resumed(talk: Talk) -> dict[str, Any]:
    listing = catalogue.find(talk.tx, talk.data["listing"])
    return {
        "quantity": talk.data["quantity"],
        "unit": listing.unit,
        "title": listing.title,
    }


def _resume(talk: Talk) -> Step:
    listing = catalogue.find(talk.tx, talk.data["listing"])
    return to_confirm(talk, listing, talk.data["quantity"], spec=talk.data.get("spec", ""))


declare(
    Screen(
        "quantity",
        text=N_("{title} {price}/{unit}, {offer}.\nBerapa? Mohon ketik angkanya:"),
        values=shown,
        ask=Ask(
            whole_number,
            hint=N_("Mohon ketik angka, misalnya 2."),
            then=_quantity,
        ),
        aside=reputation,  # here there is room for it beside the longest names too
    ),
    Screen(
        "confirm",
        text=N_("{quantity} {unit} {title}\n{total} tunai\n{seller}, {village}"),
        values=confirmed,
        durable=True,
        choices=(
            Choice(N_("Ya"), place),
            Choice(N_("Lewat KIM"), _place_by_agent, when=_has_agents),
        ),
    ),
    Screen(
        "by agent",
        text=N_(
            "{quantity} {unit} {title}: {total} dititip di petugas KIM dulu, untuk penjual setelah"
            " diterima. Pesan?"
        ),
        values=confirmed,
        durable=True,
        choices=(Choice(N_("Ya"), _place_by_agent),),
    ),
    Screen(
        "same order",
        text=N_("Pesanan {other} sudah ada: {quantity} {unit} {title}. Pesan sekali lagi?"),
        values=lambda talk: {**confirmed(talk), "other": talk.data["other"]},
        durable=True,
        choices=(
            Choice(N_("Ya, pesan lagi"), _place_again),
            Choice(N_("Tidak"), lambda talk: leave(talk, Home())),
        ),
    ),
    Screen(
        "resume",
        text=N_("Pesanan Bpk/Ibu belum selesai:\n{quantity} {unit} {title}"),
        values=_resumed,
        choices=(
            Choice(N_("Lanjutkan"), _resume),
            Choice(N_("Batalkan"), lambda talk: leave(talk, Home())),
        ),
    ),
)
