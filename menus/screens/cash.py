"""The cash of an agent: how much it is, and handing it on to another agent."""

from typing import Any

from menus.actions import money as actions
from menus.commands.values import rupiah
from menus.screen import Ask, Choice, End, Go, Rows, Screen, declare
from menus.screens import asking
from menus.talk import Talk
from menus.wording import N_
from store import remittances


def _may_remit(talk: Talk, msisdn: str) -> None:
    remittances.plan(talk.tx, talk.registered, msisdn, talk.data["amount"])


def _remitting(talk: Talk) -> dict[str, Any]:
    data = talk.data
    taker, chosen = remittances.plan(talk.tx, talk.registered, data["phone"], data["amount"])
    return {"amount": data["amount"], "count": len(chosen), "name": taker.name}


def _offers(talk: Talk) -> list[tuple[str, dict[str, Any]]]:
    found = remittances.offered_to(talk.tx, talk.registered)
    return [(str(each.id), remittances.describe(each)) for each in found]


def _has_offers(talk: Talk) -> bool:
    return bool(remittances.offered_to(talk.tx, talk.registered))


def _taking(talk: Talk) -> dict[str, Any]:
    offered = remittances.offered(talk.tx, talk.registered, talk.data["remittance"])
    return remittances.describe(offered)


declare(
    Screen(
        "desk cash",
        text=N_("Uang titipan {amount}, batas {cap}."),
        values=lambda talk: dict(
            zip(("amount", "cap"), remittances.cash(talk.tx, talk.registered)[:2], strict=True)
        ),
        choices=(
            Choice(N_("Setor"), "desk remit"),
            Choice(N_("Terima setoran"), "desk offers", when=_has_offers),
        ),
    ),
    Screen(
        "desk remit",
        text=N_("Setor berapa? Mohon ketik jumlahnya:"),
        ask=Ask(
            rupiah,
            hint=N_("Mohon ketik jumlah, misalnya 250rb."),
            then=asking.answer_to("desk remit phone", "amount"),
        ),
    ),
    Screen(
        "desk remit phone",
        text=N_("Setor ke siapa? Mohon ketik nomor HP petugas itu:"),
        ask=asking.phone("desk remit confirm", _may_remit),
    ),
    Screen(
        "desk remit confirm",
        text=N_("Setor {amount} untuk {count} pesanan ke {name}?"),
        values=_remitting,
        durable=True,
        choices=(
            Choice(
                N_("Ya"),
                lambda talk: End(actions.remit(talk, talk.data["phone"], talk.data["amount"])),
            ),
        ),
    ),
    Screen(
        "desk offers",
        text=N_("Setoran yang menunggu:"),
        rows=Rows(
            label="{amount} {agent}",
            load=_offers,
            then=lambda talk, key: Go("desk take", remittance=int(key)),
            empty=N_("Tidak ada setoran yang menunggu."),
        ),
    ),
    Screen(
        "desk take",
        text=N_("Sudah terima {amount} dari {agent}?"),
        values=_taking,
        durable=True,
        choices=(
            Choice(N_("Ya, sudah"), lambda talk: End(actions.take(talk, talk.data["remittance"]))),
            Choice(N_("Belum"), lambda talk: End(actions.refuse(talk, talk.data["remittance"]))),
        ),
    ),
)
