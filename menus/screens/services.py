"""Services: what is wanted of one, its deposit, and offering one."""

from collections.abc import Callable

from menus.commands import values
from menus.screen import Ask, Choice, End, Go, Screen, Step, declare
from menus.screens.buying import buy, can_buy, confirmed, place, to_confirm
from menus.screens.listing import shown
from menus.screens.selling import NUMBER_HINT, listed, own, set_stock, sold_out, stock
from menus.talk import Talk
from menus.wording import N_
from store import catalogue, limits, services

FROM = N_("Desa {village}")


def lead_days(typed: str) -> int | None:
    """The days that a service takes, as typed; None when they are none, or too many."""
    days = values.days(typed)
    return days if days is not None and days <= limits.LEAD_DAYS else None


def _wanted(talk: Talk, spec: str) -> Step:
    listing = catalogue.find(talk.tx, talk.data["listing"])
    again = bool(talk.data.get("again"))
    return to_confirm(talk, listing, talk.data["quantity"], again=again, spec=spec)


def _deposit(percent: int) -> Callable[[Talk], Step]:
    return lambda talk: Go("sell service", advance=percent)


def _offer(talk: Talk) -> Step:
    listing = catalogue.sell(
        talk.tx,
        talk.registered,
        title=talk.data["title"],
        price=talk.data["price"],
        unit=talk.data["unit"],
        stock=talk.data["stock"],
        kind="service",
        lead_days=talk.data["days"],
        deposit=talk.data["advance"],
    )
    return End(listed(talk, listing))


declare(
    Screen(
        "service",
        text=N_("{listing} {title}\n{price}/{unit}\njasa, selesai {days} hari\n{seller}"),
        values=shown,
        aside=lambda talk: talk.say(FROM, village=shown(talk)["village"]),
        choices=(Choice(N_("Beli"), buy, when=can_buy),),
    ),
    Screen(
        "spec",
        text=N_("{title}: tulis pesanannya, misalnya ukuran, warna atau tulisannya:"),
        values=shown,
        ask=Ask(services.clean_spec, hint=N_("Mohon tulis 3 sampai 40 huruf."), then=_wanted),
    ),
    Screen(
        "confirm deposit",
        text=N_("{quantity} {unit} {title}\n{total}, uang muka {deposit}\n{seller}"),
        values=confirmed,
        durable=True,
        choices=(Choice(N_("Ya"), place),),
    ),
    Screen(
        "my service",
        text=N_("{listing} {title}\n{price}/{unit}, {days} hari\n{stock} per minggu"),
        values=own,
        durable=True,
        choices=(
            Choice(N_("Ubah jumlah"), "slots"),
            Choice(N_("Ubah harga"), "price"),
            Choice(N_("Berhenti dulu"), sold_out),
        ),
    ),
    Screen(
        "slots",
        text=N_("{title}: sekarang {stock} per minggu. Mohon ketik jumlah baru:"),
        values=own,
        durable=True,
        ask=Ask(stock, hint=NUMBER_HINT, then=set_stock),
    ),
    Screen(
        "sell lead",
        text=N_("{title}: selesai berapa hari? Mohon ketik angkanya:"),
        values=lambda talk: {"title": talk.data["title"]},
        ask=Ask(
            lead_days,
            hint=N_("Mohon ketik 1 sampai 90, misalnya 7."),
            then=lambda talk, days: Go("sell slots", days=days),
        ),
    ),
    Screen(
        "sell slots",
        text=N_("Sanggup berapa {unit} dalam seminggu? Mohon ketik angkanya:"),
        values=lambda talk: {"unit": talk.data["unit"]},
        ask=Ask(
            lambda typed: stock(typed) or None,
            hint=NUMBER_HINT,
            then=lambda talk, slots: Go("sell deposit", stock=slots),
        ),
    ),
    Screen(
        "sell deposit",
        text=N_("Uang muka yang dititip pembeli ke petugas KIM sebelum mulai:"),
        choices=(
            Choice(N_("Tidak ada"), _deposit(0)),
            Choice("25%", _deposit(25)),
            Choice("50%", _deposit(50)),
            Choice("100%", _deposit(100)),
        ),
    ),
    Screen(
        "sell service",
        text=N_(
            "Tawarkan {title}, {price}/{unit}, {days} hari, {stock} per minggu, uang muka"
            " {advance}?"
        ),
        values=lambda talk: {
            name: talk.data[name] for name in ("title", "price", "unit", "days", "stock", "advance")
        },
        durable=True,
        choices=(Choice(N_("Ya"), _offer),),
    ),
)
