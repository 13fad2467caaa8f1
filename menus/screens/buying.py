"""Search, categories, a listing, how many, and the buyer's yes."""

from typing import Any

from menus.commands.values import expand, whole_number
from menus.screen import Ask, Choice, End, Go, Home, Rows, Screen, Step, declare
from menus.talk import Talk
from menus.wording import N_
from store import (
    agents,
    catalogue,
    closing,
    drafts,
    groups,
    gsm7,
    limits,
    orders,
    ratings,
    services,
)
from store.calendar import last_moment
from store.catalogue import Listing
from store.errors import Refused
from store.orders import Order

CATEGORY_LABELS = {
    "produce": N_("Sayur dan buah"),
    "staples": N_("Sembako"),
    "animal": N_("Ikan, daging, telur"),
    "prepared": N_("Makanan olahan"),
    "crafts": N_("Tenun dan kerajinan"),
    "services": N_("Jasa"),
    "other": N_("Lain-lain"),
}

PLACED = N_(
    "Pesanan {number}: {quantity} {unit} {title}, {total} tunai saat diterima. Jawaban penjual"
    " kami kabarkan lewat SMS. Terima kasih."
)

PLACED_DEPOSIT = N_(
    "Pesanan {number}: {quantity} {unit} {title}, {total}. Bila disanggupi, mohon titip {deposit}"
    " ke petugas KIM. Kami kabari lewat SMS."
)
STOCK = N_("stok {stock}")
LEAD = N_("{days} hari")

RATING = N_("Nilai {average}/5 ({count})")


def words(typed: str) -> str | None:
    """Words to search for; None when there is no letter or digit in it."""
    query = " ".join(gsm7.to_basic(expand(typed)).split())[: limits.QUERY]
    return query if any(letter.isalnum() for letter in query) else None


def dialled(talk: Talk, number: str, quantity: int) -> Step:
    """What an extended code leads to: the listing, or the last step of its order."""
    listing = catalogue.find(talk.tx, number)
    if closing.is_closed(talk.tx, listing.closed_until) and not (quantity and talk.person):
        return Go("closed listing", listing=number)
    if not quantity or talk.person is None:
        return _show(talk, number)
    return to_confirm(talk, listing, quantity)


def to_confirm(
    talk: Talk, listing: Listing, quantity: int, *, again: bool = False, spec: str = ""
) -> Step:
    """The last step of an order, which is remembered from here on in case the session drops.

    A service is asked about first: what is wanted. What is too much, or too far, for cash is
    offered through an agent.
    """
    by_agent = _too_much_for_cash(talk, listing, quantity)
    orders.check(talk.tx, talk.registered, listing, quantity, by_agent=by_agent)
    chosen = {"listing": listing.number, "quantity": quantity, "again": again, "spec": spec}
    if listing.kind == "service" and not spec:
        return Go("spec", **chosen)
    if by_agent:
        return Go("by agent", **chosen)
    drafts.keep(talk.tx, talk.msisdn, listing.number, quantity, spec)
    return Go("confirm deposit" if listing.deposit else "confirm", **chosen)


def _too_much_for_cash(talk: Talk, listing: Listing, quantity: int) -> bool:
    try:
        orders.check(talk.tx, talk.registered, listing, quantity)
    except Refused as refused:
        return refused.reason in ("over_cap", "too_far")
    return False


def leave(talk: Talk, step: Step) -> Step:
    """Back and home: who leaves an order on purpose is not asked to finish it."""
    if "quantity" in talk.data:
        drafts.drop(talk.tx, talk.msisdn)
    return step


def _row(listing: Listing) -> tuple[str, dict[str, Any]]:
    return listing.number, {
        "title": listing.title,
        "price": listing.price,
        "unit": listing.unit,
        "village": listing.village,
    }


def _show(talk: Talk, number: str) -> Step:
    is_service = catalogue.find(talk.tx, number).kind == "service"
    return Go("service" if is_service else "listing", listing=number)


def _offer(talk: Talk, listing: Listing) -> str:
    """In a word, what there is of it or how long it takes."""
    if listing.kind == "service":
        return talk.say(LEAD, days=listing.lead_days)
    return talk.say(STOCK, stock=listing.stock)


def shown(talk: Talk) -> dict[str, Any]:
    """The listing that was picked, as the values of a screen."""
    listing = catalogue.find(talk.tx, talk.data["listing"])
    return {
        "listing": listing.number,
        "title": listing.title,
        "price": listing.price,
        "unit": listing.unit,
        "stock": listing.stock,
        "offer": _offer(talk, listing),
        "days": listing.lead_days,
        "seller": listing.seller,
        "village": listing.village,
        "day": last_moment(listing.closed_until),
    }


def _closed(talk: Talk) -> dict[str, Any]:
    """Who opened again while it was read counts as closed until now."""
    found = shown(talk)
    return {**found, "day": found["day"] or talk.tx.now}


def _reputation(talk: Talk) -> str:
    listing = catalogue.find(talk.tx, talk.data["listing"])
    found = ratings.of_seller(talk.tx, listing.seller_id)
    return talk.say(RATING, average=found.average, count=found.count) if found else ""


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
        "search",
        text=N_("Cari apa, Bpk/Ibu? Mohon ketik nama barang atau jasa:"),
        ask=Ask(
            words,
            hint=N_("Mohon ketik dengan huruf."),
            then=lambda talk, query: Go("results", query=query),
        ),
    ),
    Screen(
        "results",
        text="{query}:",
        values=lambda talk: {"query": talk.data["query"]},
        rows=Rows(
            label="{title} {price}/{unit}",
            load=lambda talk: [
                _row(listing)
                for listing in catalogue.search(talk.tx, talk.data["query"], talk.person)
            ],
            then=_show,
            empty=N_("Maaf, {query} belum ada. Tekan 0 untuk cari kata lain."),
        ),
    ),
    Screen(
        "categories",
        text=N_("Pilih kategori:"),
        rows=Rows(
            label="{category}",
            load=lambda talk: [
                (code, {"category": talk.say(label)}) for code, label in CATEGORY_LABELS.items()
            ],
            then=lambda talk, code: Go("category", category=code),
        ),
    ),
    Screen(
        "category",
        text="{category}:",
        values=lambda talk: {"category": talk.say(CATEGORY_LABELS[talk.data["category"]])},
        rows=Rows(
            label="{title} {price}/{unit}",
            load=lambda talk: [
                _row(listing)
                for listing in catalogue.in_category(talk.tx, talk.data["category"], talk.person)
            ],
            then=_show,
            empty=N_("Maaf, {category} belum ada. Tekan 0 untuk kategori lain."),
        ),
    ),
    Screen(
        "listing",
        text=N_("{listing} {title}\n{price}/{unit}, stok {stock}\n{seller}, {village}"),
        values=shown,
        aside=_reputation,
        choices=(Choice(N_("Beli"), buy, when=can_buy),),
    ),
    Screen(
        "closed listing",
        text=N_(
            "{listing} {title}\n{price}/{unit}, {offer}\n{seller}, {village}\nTutup sampai"
            " {day}, mohon pesan setelah itu."
        ),
        values=_closed,
    ),
    Screen(
        "quantity",
        text=N_("{title} {price}/{unit}, {offer}.\nBerapa? Mohon ketik angkanya:"),
        values=shown,
        ask=Ask(
            whole_number,
            hint=N_("Mohon ketik angka, misalnya 2."),
            then=_quantity,
        ),
        aside=_reputation,  # here there is room for it beside the longest names too
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
