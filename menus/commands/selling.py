"""JUAL, JASA, STOK, TUTUP, BUKA: what a seller offers, and when."""

from menus.commands.grammar import Command
from menus.commands.registry import Usage, command, number
from menus.commands.values import days, percent, price_per_unit, whole_number
from menus.screens.selling import changed, close, listed, open_again
from menus.talk import Talk
from menus.wording import N_
from store import catalogue, limits

SLOTS = 5
"""Units of a service a week, unless its seller says how many."""
_NOTHING_LEFT = ("0", "00", "habis", "kosong", "empty", "out")


@command(
    "JUAL",
    N_("Untuk menjual ketik JUAL nama#harga/satuan#stok, misalnya JUAL madu#125rb/botol#10"),
    numbers=3,
)
def sell(talk: Talk, command: Command) -> str:
    """`JUAL madu hutan#125rb/btl#10` -> `Barang 1025 dijual: Madu hutan, Rp125.000/botol, …`"""
    if len(command.args) < 2:
        raise Usage
    title = command.args[0]
    price = price_per_unit(command.args[1])
    stock = whole_number(command.args[2]) if len(command.args) > 2 else 1
    if price is None or stock is None:
        raise Usage
    listing = catalogue.sell(
        talk.tx,
        talk.registered,
        title=title,
        price=price[0],
        unit=price[1],
        stock=min(stock, limits.QUANTITY + 1),
    )
    return listed(talk, listing)


@command(
    "JASA",
    N_(
        "Untuk menawarkan jasa ketik JASA nama#harga/satuan#lama#jumlah per minggu#uang muka,"
        " misalnya JASA kaligrafi#150rb/lembar#7hr#5#50%"
    ),
    numbers=5,
)
def offer(talk: Talk, command: Command) -> str:
    """`JASA kaligrafi#150rb/lembar#7hr#5#50%`: done in 7 days, 5 a week, half of it held first."""
    if len(command.args) < 3:
        raise Usage
    price, lead = price_per_unit(command.args[1]), days(command.args[2])
    more = list(command.args[3:5])
    deposit = percent(more.pop()) if more and "%" in more[-1] else 0
    slots = whole_number(more[0]) if more else SLOTS
    if price is None or lead is None or deposit is None or slots is None or len(more) > 1:
        raise Usage
    listing = catalogue.sell(
        talk.tx,
        talk.registered,
        title=command.args[0],
        price=price[0],
        unit=price[1],
        stock=min(slots, limits.QUANTITY + 1),
        kind="service",
        lead_days=lead,
        deposit=deposit,
    )
    return listed(talk, listing)


@command(
    "STOK",
    N_("Untuk mengubah stok ketik STOK nomor jumlah, misalnya STOK 1013 25"),
    numbers=2,
)
def stock(talk: Talk, command: Command) -> str:
    """`STOK 1013 25` sets what can be ordered (a week, of a service); `habis` stops the sale."""
    if len(command.args) < 2:
        raise Usage
    field = command.args[1].strip().lower()
    left = 0 if field in _NOTHING_LEFT else whole_number(field)
    if left is None:
        raise Usage
    listing = catalogue.set_stock(
        talk.tx, talk.registered, number(command), min(left, limits.QUANTITY + 1)
    )
    return changed(talk, listing)


@command(
    "TUTUP",
    N_("Untuk menutup jualan sementara ketik TUTUP hari, 1 sampai 30, misalnya TUTUP 3"),
)
def close_shop(talk: Talk, command: Command) -> str:
    """`TUTUP 3` closes the shop today and for two days more; `TUTUP` for today."""
    days = whole_number(command.args[0]) if command.args else 1
    if days is None:
        raise Usage
    return close(talk, days)


@command("BUKA", N_("Untuk membuka jualan lagi ketik BUKA"))
def open_shop(talk: Talk, command: Command) -> str:
    """`BUKA` opens the shop before its time."""
    return open_again(talk)
