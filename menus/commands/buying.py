"""CARI, BELI, HARGA: finding and ordering."""

from menus.commands.grammar import Command
from menus.commands.registry import NOT_REGISTERED, Usage, command, number
from menus.commands.values import expand, rupiah, whole_number
from menus.page import BUDGET, width
from menus.screens.buying import placed
from menus.screens.finding import words
from menus.screens.selling import changed, describe
from menus.talk import Talk
from menus.wording import N_
from menus.wording import rupiah as in_rupiah
from store import catalogue, closing, codes, limits, orders

NOTHING = N_("Maaf, {query} belum ada. Mohon coba kata lain, misalnya CARI beras")
TO_BUY = N_("Untuk membeli ketik BELI nomor jumlah")
PRICE = N_("{listing} {title} {price}/{unit}, stok {stock}. Untuk membeli ketik BELI {listing} 1")

PRICE_CLOSED = N_(
    "{listing} {title} {price}/{unit}, stok {stock}. Tutup sampai {day}, mohon pesan setelah itu."
)

PRICE_SERVICE = N_(
    "{listing} {title} {price}/{unit}, selesai {days} hari. Untuk memesan ketik BELI {listing} 1"
    " lalu pesanannya."
)
PRICE_DEPOSIT = N_(
    "{listing} {title} {price}/{unit}, selesai {days} hari, uang muka {advance}. Untuk memesan"
    " ketik BELI {listing} 1 lalu pesanannya."
)
PRICE_SERVICE_CLOSED = N_(
    "{listing} {title} {price}/{unit}, selesai {days} hari. Tutup sampai {day}, mohon pesan setelah"
    " itu."
)


@command(
    "CARI", N_("Untuk mencari ketik CARI dan nama barang, misalnya CARI beras"), registered=False
)
def search(talk: Talk, command: Command) -> str:
    """`CARI beras` -> `1013 Beras medium Rp12.000/kg Sukarara; … Untuk beli ketik BELI …`"""
    query = words(command.rest)
    if query is None:
        raise Usage
    found = catalogue.search(talk.tx, query, talk.person)
    if not found:
        return talk.say(NOTHING, query=codes.quoted(talk.tx.settings.pepper, query))
    return fit(
        [
            f"{each.number} {each.title} {in_rupiah(each.price)}/{each.unit} {each.village}"
            for each in found
        ],
        talk.say(TO_BUY),
    )


def fit(entries: list[str], last: str) -> str:
    """As many entries as one SMS holds, and the next step."""
    text = last
    for shown in range(len(entries), 0, -1):
        text = f"{'; '.join(entries[:shown])}. {last}"
        if width(text) <= BUDGET:
            break
    return text


@command(
    "BELI",
    N_("Untuk membeli ketik BELI nomor jumlah, misalnya BELI 1013 2"),
    about_orders=True,
    numbers=2,
)
def buy(talk: Talk, command: Command) -> str:
    """`BELI 1013 2` -> `Pesanan 10013: 2 kg Beras medium, Rp24.000 tunai. …`

    A service also says what is wanted: `BELI 1057 1 ayat kursi ukuran A3`. The last word may be
    LAGI, once more, or TITIP, through an agent.
    """
    fields, asked = command.args, set[str]()
    while len(fields) > 2 and fields[-1].upper() in _LAST_WORDS:
        asked.add(_LAST_WORDS[fields[-1].upper()])
        fields = fields[:-1]
    quantity = whole_number(fields[1]) if len(fields) > 1 else None
    if quantity is None:
        raise Usage
    listing = catalogue.find(talk.tx, number(command))
    order = orders.place(
        talk.tx,
        talk.registered,
        listing,
        min(quantity, limits.QUANTITY + 1),
        again="again" in asked,
        by_agent="by agent" in asked,
        spec=_spec(listing, fields[2:]),
    )
    return placed(talk, order)


_LAST_WORDS = {"LAGI": "again", "AGAIN": "again", "TITIP": "by agent", "DEPOSIT": "by agent"}


def _spec(listing: catalogue.Listing, fields: tuple[str, ...]) -> str:
    """What is wanted; the unit that many write behind the quantity is no part of it."""
    if fields and expand(fields[0].lower()) == listing.unit:
        fields = fields[1:]
    return " ".join(fields)


@command(
    "HARGA",
    N_(
        "Untuk tanya harga ketik HARGA nomor, misalnya HARGA 1013. Untuk ubah harga jualan sendiri"
        " tambahkan harganya: HARGA 1013 13rb"
    ),
    registered=False,
    numbers=2,
)
def price(talk: Talk, command: Command) -> str:
    """`HARGA 1013` tells price and stock; `HARGA 1013 13rb` changes the price of one's own."""
    if len(command.args) < 2:
        listing = catalogue.find(talk.tx, number(command))
        closed = closing.is_closed(talk.tx, listing.closed_until)
        return talk.say(_price_of(listing, closed=closed), **describe(listing))
    if talk.person is None:
        raise Usage(NOT_REGISTERED)
    new = rupiah("".join(command.args[1:]))
    if new is None:
        raise Usage
    return changed(talk, catalogue.set_price(talk.tx, talk.person, number(command), new))


def _price_of(listing: catalogue.Listing, *, closed: bool) -> str:
    if listing.kind == "goods":
        return PRICE_CLOSED if closed else PRICE
    if closed:
        return PRICE_SERVICE_CLOSED
    return PRICE_DEPOSIT if listing.deposit else PRICE_SERVICE
