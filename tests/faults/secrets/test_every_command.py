"""Whatever is written in an SMS where no secret belongs is not kept either: a PIN or a code in any
field of any command, by the right person and by others.

The numbers of orders and listings, and amounts, are no secrets; nor is what everybody may read, as
the name and the price of something for sale.
"""

from collections.abc import Iterator
from itertools import cycle

import pytest

from menus.commands.keywords import Keywords
from menus.commands.registry import HANDLERS
from settings import Settings
from tests.support.canaries import CODE, NEWCOMER, PIN, Watched, shapes
from tests.support.money import PHONES

DEWI, AGUS = PHONES["stranger"], PHONES["agent"]

FORMS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "BAHASA": ("buyer", "waiting", ("ID",)),
    "BANTU": ("buyer", "waiting", ("BELI",)),
    "BATAL": ("seller", "accepted", ("{number}", "habis")),
    "BAYAR": ("custodian", "due", ("{number}", "{seller}")),
    "BEKU": ("coordinator", "waiting", (DEWI, "tipu")),
    "BELI": ("buyer", "waiting", ("{service}", "1", "ayat kursi")),
    "BUKA": ("seller", "waiting", ()),
    "CARI": ("buyer", "waiting", ("beras",)),
    "CEK": ("buyer", "sent", ("{number}",)),
    "DAFTAR": ("stranger", "waiting", ("Inaq Baru", "Sukarara Jonggat")),
    "HAPUS": ("stranger", "waiting", ()),
    "HARGA": ("seller", "waiting", ("{listing}", "1rb")),
    "JASA": ("seller", "waiting", ("kaligrafi", "150rb/lembar", "7hr", "5", "50%")),
    "JUAL": ("seller", "waiting", ("madu", "125rb/btl", "10")),
    "KAS": ("custodian", "held", ()),
    "KELOMPOK": ("seller", "waiting", (DEWI,)),
    "KEMBALI": ("custodian", "refund due", ("{number}", "{buyer}")),
    "KIRIM": ("seller", "held", ("{number}", PHONES["courier"], "100")),
    "KOMPLAIN": ("buyer", "sent", ("{number}", "rusak", "semua")),
    "LAPOR": ("buyer", "waiting", (DEWI, "tipu")),
    "MULAI": ("buyer", "waiting", ()),
    "NILAI": ("buyer", "handed over", ("{number}", "5")),
    "PERIKSA": ("agent", "sent", ("{number}", "OK")),
    "PIN": ("stranger", "waiting", ()),
    "PUTUS": ("judge", "with agent", ("{number}", "50")),
    "REFUND": ("buyer", "sent", ("{number}",)),
    "REKAP": ("seller", "waiting", ("24-11",)),
    "SERAH": ("seller", "sent", ("{number}", "{hand_over}")),
    "SETOR": ("custodian", "held", ("1000", AGUS)),
    "SETOR TERIMA": ("agent", "offered", ("{offer}",)),
    "SETOR TIDAK": ("agent", "offered", ("{offer}",)),
    "STOK": ("seller", "waiting", ("{listing}", "9000")),
    "STOP": ("buyer", "waiting", ()),
    "TERIMA": ("buyer", "sent", ("{number}",)),
    "TIDAK": ("seller", "waiting", ("{number}", "habis")),
    "TIDAK ": ("seller", "opened", ("{number}", "tidak benar")),
    "TITIP": ("custodian", "unpaid", ("{number}", "1000")),
    "TUTUP": ("seller", "waiting", ("3",)),
    "VER": ("agent", "waiting", (DEWI, "Sukarara Jonggat")),
    "WAKIL": ("agent", "waiting", (DEWI, "BELI", "{service}", "1", "ayat kursi")),
    "WAKIL  ": ("agent", "sent", (PHONES["buyer"], "KOMPLAIN", "{number}", "rusak", "semua")),
    "WAKIL ": ("agent", "waiting", (NEWCOMER, "DAFTAR Inaq Baru", "Sukarara Jonggat")),
    "YA": ("seller", "waiting", ("{number}", "2")),
    "YA ": ("seller", "opened", ("{number}",)),
}
"""What is typed -> who types it, when, and with which fields, so that it is done."""

PUBLIC = {"JUAL": {0, 1}, "JASA": {0, 1}, "HARGA": {1}}
"""Fields that hold what everybody may read."""

NO_COMMANDS = (
    "{secret}",
    "pin saya {secret}",
    "kodenya {secret} pak",
    "{number} {secret}",
    "{secret} {number}",
    "tidak tahu {secret}",
    "KODE{secret}",
    "PNI {secret}",
)
"""What people write who know no command, or none of this name."""

OTHERS = (PHONES["buyer"], PHONES["seller"], DEWI, NEWCOMER)


def placements(word: str, fields: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The fields with a secret before, between, behind, in the place of, and within each."""
    yield fields
    for place in range(len(fields) + 1):
        yield (*fields[:place], "{secret}", *fields[place:])
    for place in range(len(fields)):
        if place not in PUBLIC.get(word.strip(), ()):
            for instead in ("{secret}", f"{fields[place]} {{secret}}"):
                yield (*fields[:place], instead, *fields[place + 1 :])


def words(form: str) -> list[str]:
    """How the command can begin, also misspelt; only its first word has synonyms."""
    keyword, _, more = form.strip().partition(" ")
    known = [f"{word} {more}".strip() for word in Keywords.load().words_of(keyword)]
    return [*known, f"{keyword}X {more}".strip(), f"{keyword[1:]}{keyword[0]} {more}".strip()]


def type_everywhere(world: Watched, form: str) -> None:
    """Sends the command in every shape, and answers what is asked back."""
    who, moment, fields = FORMS[form]
    right, between = PHONES[who], cycle([" ", "#", ".", "#"])
    secrets = cycle([PIN, CODE, "{hand_over}", "{seller}"])
    written, others = cycle(range(4)), cycle(OTHERS)

    def send(phone: str, word: str, placed: tuple[str, ...], secret: str) -> None:
        values = world.at(moment)
        secret = shapes(secret.format(**values))[next(written)]
        typed = next(between).join([word, *placed]).format(secret=secret, **values)
        world.send(phone, typed)
        world.confirm(phone)
        if form.startswith("WAKIL"):
            world.send(fields[0], "YA")

    word = form.strip()
    for placed in placements(form, fields):
        for _ in range(2):
            send(right, word, placed, next(secrets))
        for _ in range(2):
            send(next(others), word, placed, next(secrets))
    for other in words(form)[1:]:
        send(right, other, (*fields, "{secret}"), next(secrets))
        send(right, f"{other}{{secret}}", fields, next(secrets))


@pytest.fixture
def world(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(settings, monkeypatch)


def test_every_command_is_looked_at() -> None:
    assert {form.split()[0] for form in FORMS} == set(HANDLERS)


@pytest.mark.parametrize("form", FORMS)
def test_no_secret_of_a_command_is_kept(
    form: str, world: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    type_everywhere(world, form)
    assert world.leaks(caplog.text) == []
    assert "Traceback" not in caplog.text


def test_no_secret_of_a_message_that_is_no_command_is_kept(
    world: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    values = world.at("sent")
    for phone in OTHERS:
        for message in NO_COMMANDS:
            for secret in (CODE, PIN, values["hand_over"]):
                for written in shapes(secret):
                    world.send(phone, message.format(secret=written, **values))
    assert world.leaks(caplog.text) == []
    assert any("-wal" in name for name in world.kept("")), "the log of the database is looked at"
