"""Search, categories, and a listing."""

from typing import Any

from menus.commands.values import expand
from menus.screen import Ask, Choice, Go, Rows, Screen, Step, declare
from menus.screens import buying
from menus.screens.listing import CATEGORY_LABELS, reputation, shown
from menus.talk import Talk
from menus.wording import N_
from store import catalogue, closing, gsm7, limits
from store.catalogue import Listing


def words(typed: str) -> str | None:
    """Words to search for; None when there is no letter or digit in it."""
    query = gsm7.one_line(expand(typed))[: limits.QUERY]
    return query if any(letter.isalnum() for letter in query) else None


def dialled(talk: Talk, number: str, quantity: int) -> Step:
    """What an extended code leads to: the listing, or the last step of its order."""
    listing = catalogue.find(talk.tx, number)
    if closing.is_closed(talk.tx, listing.closed_until) and not (quantity and talk.person):
        return Go("closed listing", listing=number)
    if not quantity or talk.person is None:
        return _show(talk, number)
    return buying.to_confirm(talk, listing, quantity)


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


def _closed(talk: Talk) -> dict[str, Any]:
    """Who opened again while it was read counts as closed until now."""
    found = shown(talk)
    return {**found, "day": found["day"] or talk.tx.now}


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
        aside=reputation,
        choices=(Choice(N_("Beli"), buying.buy, when=buying.can_buy),),
    ),
    Screen(
        "closed listing",
        text=N_(
            "{listing} {title}\n{price}/{unit}, {offer}\n{seller}, {village}\nTutup sampai"
            " {day}, mohon pesan setelah itu."
        ),
        values=_closed,
    ),
)
