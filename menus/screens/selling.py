"""My listings: selling something, its stock and its price, and closing for some days."""

from typing import Any

from menus.commands.values import rupiah, whole_number
from menus.screen import Ask, Choice, End, Go, Rows, Screen, Step, declare
from menus.screens.listing import CATEGORY_LABELS
from menus.talk import Talk
from menus.wording import N_
from store import catalogue, closing, limits
from store.calendar import last_moment

LISTED = N_(
    "Barang {listing} dijual: {title}, {price}/{unit}, stok {stock}. Pembeli bisa hubungi"
    " {service_code} atau SMS BELI {listing} 1"
)
LISTED_CLOSED = N_(
    "Barang {listing} dijual: {title}, {price}/{unit}, stok {stock}. Jualan Bpk/Ibu masih tutup"
    " sampai {day}; untuk buka kirim SMS BUKA"
)
CHANGED = N_("Barang {listing} {title}: {price}/{unit}, stok {stock}. Terima kasih.")
LISTED_SERVICE = N_(
    "Jasa {listing} ditawarkan: {title}, {price}/{unit}, {days} hari, {stock} per minggu."
    " Pembeli ketik BELI {listing} 1 lalu pesanannya."
)
LISTED_DEPOSIT = N_(
    "Jasa {listing}: {title}, {price}/{unit}, {days} hari, {stock} per minggu, uang muka {advance}."
    " Pembeli ketik BELI {listing} 1 lalu pesanannya."
)
LISTED_SERVICE_CLOSED = N_(
    "Jasa {listing} ditawarkan: {title}, {price}/{unit}. Jualan Bpk/Ibu masih tutup sampai {day};"
    " untuk buka kirim SMS BUKA"
)
CHANGED_SERVICE = N_(
    "Jasa {listing} {title}: {price}/{unit}, {days} hari, {stock} per minggu. Terima kasih."
)
CLOSED = N_(
    "Jualan Bpk/Ibu tutup sampai {day}, lalu buka sendiri. Pesanan yang sudah ada mohon tetap"
    " dilayani. Untuk buka lebih awal kirim SMS BUKA"
)
OPENED = N_("Jualan Bpk/Ibu buka, pembeli bisa memesan. Terima kasih.")
NUMBER_HINT = N_("Mohon ketik angka, misalnya 10.")
_PRICE_HINT = N_("Mohon ketik harga, misalnya 12000 atau 12rb.")


def stock(typed: str) -> int | None:
    """A stock as typed, 0 for `habis`; None when it is none."""
    left = 0 if typed.lower() == "habis" else whole_number(typed)
    return left if left is not None and left <= limits.QUANTITY else None


def _days(typed: str) -> int | None:
    days = whole_number(typed)
    return days if days is not None and days <= limits.CLOSED_DAYS else None


def describe(listing: catalogue.Listing) -> dict[str, Any]:
    """The listing as the values of a sentence."""
    return {
        "listing": listing.number,
        "title": listing.title,
        "unit": listing.unit,
        "price": listing.price,
        "stock": listing.stock,
        "days": listing.lead_days,
        "advance": listing.deposit,
        "day": last_moment(listing.closed_until),
    }


def listed(talk: Talk, listing: catalogue.Listing) -> str:
    """What the seller is told of a new listing: how it is bought, once the shop is open."""
    closed = closing.is_closed(talk.tx, listing.closed_until)
    code = talk.tx.settings.service_code
    if listing.kind == "service":
        said = LISTED_DEPOSIT if listing.deposit else LISTED_SERVICE
        said = LISTED_SERVICE_CLOSED if closed else said
    else:
        said = LISTED_CLOSED if closed else LISTED
    return talk.say(said, **describe(listing), service_code=code)


def changed(talk: Talk, listing: catalogue.Listing) -> str:
    """What the seller is told of a listing that was changed."""
    said = CHANGED_SERVICE if listing.kind == "service" else CHANGED
    return talk.say(said, **describe(listing))


def own(talk: Talk) -> dict[str, Any]:
    """The seller's listing that was picked, as the values of a screen."""
    return describe(catalogue.own(talk.tx, talk.registered, talk.data["own"]))


def _sell(talk: Talk) -> Step:
    listing = catalogue.sell(
        talk.tx,
        talk.registered,
        title=talk.data["title"],
        price=talk.data["price"],
        unit=talk.data["unit"],
        stock=talk.data["stock"],
        category=talk.data["shelf"],
    )
    return End(listed(talk, listing))


def set_stock(talk: Talk, stock: int) -> Step:
    """Sets the stock, or the slots a week, of the listing that was picked."""
    listing = catalogue.set_stock(talk.tx, talk.registered, talk.data["own"], stock)
    return End(changed(talk, listing))


def sold_out(talk: Talk) -> Step:
    """Nothing can be ordered of it for now."""
    return set_stock(talk, 0)


def _set_price(talk: Talk, price: int) -> Step:
    listing = catalogue.set_price(talk.tx, talk.registered, talk.data["own"], price)
    return End(changed(talk, listing))


def _open(talk: Talk, number: str) -> Step:
    is_service = catalogue.find(talk.tx, number).kind == "service"
    return Go("my service" if is_service else "my listing", own=number)


def _is_closed(talk: Talk) -> bool:
    return closing.is_closed(talk.tx, talk.registered.closed_until)


def close(talk: Talk, days: int) -> str:
    """Closes the shop; what its owner is told."""
    seller = closing.close(talk.tx, talk.registered, days)
    return talk.say(CLOSED, day=last_moment(seller.closed_until))


def open_again(talk: Talk) -> str:
    """Opens the shop; what its owner is told."""
    closing.open_again(talk.tx, talk.registered)
    return talk.say(OPENED)


declare(
    Screen(
        "my listings",
        text=N_("Jualan saya:"),
        choices=(
            Choice(N_("Jual barang"), lambda talk: Go("sell", kind="goods")),
            Choice(N_("Jual jasa"), lambda talk: Go("sell", kind="service")),
            Choice(N_("Tutup dulu"), "close shop", when=lambda talk: not _is_closed(talk)),
            Choice(N_("Buka lagi"), "open shop", when=_is_closed),
            Choice(N_("Kelompok"), "group"),
        ),
        rows=Rows(
            label="{listing} {title}",
            load=lambda talk: [
                (listing.number, describe(listing))
                for listing in catalogue.of_seller(talk.tx, talk.registered)
            ],
            then=_open,
            empty=N_("Bpk/Ibu belum menjual apa-apa."),
        ),
    ),
    Screen(
        "close shop",
        text=N_("Tutup berapa hari, mulai hari ini? Mohon ketik 1 sampai 30:"),
        durable=True,
        ask=Ask(
            _days,
            hint=N_("Mohon ketik angka 1 sampai 30."),
            then=lambda talk, days: End(close(talk, days)),
        ),
    ),
    Screen(
        "open shop",
        text=N_("Jualan Bpk/Ibu tutup sampai {day}. Buka sekarang?"),
        values=lambda talk: {"day": last_moment(talk.registered.closed_until) or talk.tx.now},
        durable=True,
        choices=(Choice(N_("Ya"), lambda talk: End(open_again(talk))),),
    ),
    Screen(
        "my listing",
        text=N_("{listing} {title}\n{price}/{unit}, stok {stock}"),
        values=own,
        durable=True,
        choices=(
            Choice(N_("Ubah stok"), "stock"),
            Choice(N_("Ubah harga"), "price"),
            Choice(N_("Stok habis"), sold_out),
        ),
    ),
    Screen(
        "stock",
        text=N_("{title}: stok sekarang {stock}. Mohon ketik stok baru:"),
        values=own,
        durable=True,
        ask=Ask(stock, hint=NUMBER_HINT, then=set_stock),
    ),
    Screen(
        "price",
        text=N_("{title}: harga sekarang {price}/{unit}. Mohon ketik harga baru:"),
        values=own,
        durable=True,
        ask=Ask(rupiah, hint=_PRICE_HINT, then=_set_price),
    ),
    Screen(
        "sell",
        text=N_("Jual apa? Mohon ketik nama barang atau jasa:"),
        ask=Ask(
            catalogue.clean_title,
            hint=N_("Mohon ketik nama, 2 sampai 24 huruf."),
            then=lambda talk, title: Go("sell price", title=title),
        ),
    ),
    Screen(
        "sell price",
        text=N_("{title}: berapa harganya? Mohon ketik, misalnya 12000 atau 12rb:"),
        values=lambda talk: {"title": talk.data["title"]},
        ask=Ask(
            rupiah,
            hint=_PRICE_HINT,
            then=lambda talk, price: Go("sell unit", price=price),
        ),
    ),
    Screen(
        "sell unit",
        text=N_("{price} untuk 1 apa? Mohon ketik satuannya, misalnya kg, ikat, buah:"),
        values=lambda talk: {"price": talk.data["price"]},
        ask=Ask(
            catalogue.clean_unit,
            hint=N_("Mohon ketik satuan, paling banyak 12 huruf."),
            then=lambda talk, unit: Go(
                "sell lead" if talk.data.get("kind") == "service" else "sell stock", unit=unit
            ),
        ),
    ),
    Screen(
        "sell stock",
        text=N_("Ada berapa {unit}? Mohon ketik angkanya:"),
        values=lambda talk: {"unit": talk.data["unit"]},
        ask=Ask(
            lambda typed: stock(typed) or None,
            hint=NUMBER_HINT,
            then=lambda talk, stock: Go("sell category", stock=stock),
        ),
    ),
    Screen(
        "sell category",
        text=N_("Pilih kategori:"),
        rows=Rows(
            label="{category}",
            load=lambda talk: [
                (code, {"category": talk.say(label)}) for code, label in CATEGORY_LABELS.items()
            ],
            then=lambda talk, code: Go("sell confirm", shelf=code),
        ),
    ),
    Screen(
        "sell confirm",
        text=N_("Jual {title}, {price}/{unit}, stok {stock}?"),
        values=lambda talk: {name: talk.data[name] for name in ("title", "price", "unit", "stock")},
        durable=True,
        choices=(Choice(N_("Ya"), _sell),),
    ),
)
