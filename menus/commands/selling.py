"""JUAL, STOK, TUTUP, BUKA: what a seller offers, and when."""

from menus.commands.grammar import Command
from menus.commands.registry import Usage, command, number
from menus.commands.values import price_per_unit, whole_number
from menus.screens.selling import CHANGED, close, describe, listed, open_again
from menus.talk import Talk
from menus.wording import N_
from store import catalogue, limits

_NOTHING_LEFT = ("0", "00", "habis", "kosong", "empty", "out")


@command(
    "JUAL", N_("Untuk menjual ketik JUAL nama#harga/satuan#stok, misalnya JUAL madu#125rb/botol#10")
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


@command("STOK", N_("Untuk mengubah stok ketik STOK nomor jumlah, misalnya STOK 1013 25"))
def stock(talk: Talk, command: Command) -> str:
    """`STOK 1013 25` sets what can be ordered; `STOK 1013 habis` stops the sale."""
    if len(command.args) < 2:
        raise Usage
    field = command.args[1].strip().lower()
    left = 0 if field in _NOTHING_LEFT else whole_number(field)
    if left is None:
        raise Usage
    listing = catalogue.set_stock(
        talk.tx, talk.registered, number(command), min(left, limits.QUANTITY + 1)
    )
    return talk.say(CHANGED, **describe(listing))


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
