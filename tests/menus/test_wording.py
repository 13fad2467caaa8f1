"""Every sentence is in every language, whole, and says what the shop means by it."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from menus import engine, wording
from menus.commands import answer  # noqa: F401 - its handlers
from menus.commands.keywords import Keywords
from menus.commands.registry import HANDLERS
from menus.notices import NOTICES, REFUSALS
from menus.screen import SCREENS
from menus.screens.listing import CATEGORY_LABELS
from menus.screens.orders import REASONS
from menus.wording import (
    CATALOGUES,
    COMPLAINTS,
    LANGUAGE_NAMES,
    STATES,
    WIDEST,
    Wording,
    languages,
    placeholders,
    read_catalogue,
    translate,
)
from store import disputes, escrow, gsm7, orders, payouts, remittances
from store.data_files import data_rows
from store.numbers import is_valid
from tests.support import widest
from tests.support.widest import marked

MARKED = marked()
FILES = sorted(path.name for path in CATALOGUES.glob("*.po"))
LANGUAGES = languages()

ENGLISH = {word for row in data_rows("commands.csv") for word in row["english"].split()}
FIELDS = {"LAGI": "LAGI", "AGAIN": "LAGI", "REMOVE": "HAPUS", "KELUAR": "LEAVE", "LEAVE": "LEAVE"}
"""Words in capitals behind a keyword."""
COMMANDS = {**Keywords.load().meaning, **FIELDS}


def translations(file: str) -> Iterator[tuple[str, str]]:
    """What a catalogue has translated, which need not be everything."""
    for message in read_catalogue(file):
        if message.id and message.string:
            yield str(message.id), str(message.string)


def test_the_template_and_every_catalogue_have_the_sentences_of_the_code() -> None:
    """`make messages` takes them over."""
    for file in ["messages.pot", *FILES]:
        assert {message.id for message in read_catalogue(file) if message.id} == MARKED, file


def test_english_is_complete() -> None:
    assert LANGUAGES[:2] == ["id", "en"]
    assert {sentence for sentence, _ in translations("en.po")} == MARKED
    assert not [message for message in read_catalogue("en.po") if message.id and message.fuzzy]


@pytest.mark.parametrize("file", FILES)
def test_a_translation_has_the_same_placeholders(file: str) -> None:
    for sentence, text in translations(file):
        assert placeholders(text) == placeholders(sentence), text


@pytest.mark.parametrize("file", FILES)
def test_a_translation_has_the_same_keys_and_lines(file: str) -> None:
    """The `0.` of the line that leads back, and as many lines as there were."""
    for sentence, text in translations(file):
        assert re.findall(r"^\d+\. ", text) == re.findall(r"^\d+\. ", sentence), text
        assert text.count("\n") == sentence.count("\n"), text


@pytest.mark.parametrize("file", FILES)
def test_a_translation_has_the_same_commands(file: str) -> None:
    for sentence, text in translations(file):
        assert commands_in(text) == commands_in(sentence), text


def commands_in(text: str) -> set[str]:
    """The keywords of all words in capitals."""
    return {COMMANDS[word] for word in re.findall("[A-Z]{2,}", text) if word in COMMANDS}


def test_the_numbers_of_examples_are_nobodys() -> None:
    """Whoever sends an example as it stands orders nothing: its check digit is wrong."""
    hows = " ".join(handler.how for handler in HANDLERS.values())
    examples = re.findall(r"[A-Z]{2,} (\d{4,})", hows)
    assert examples
    assert not [number for number in examples if is_valid(number)]


def test_english_texts_name_the_english_commands() -> None:
    for _, text in translations("en.po"):
        words = {word for word in re.findall("[A-Z]{2,}", text) if word in COMMANDS}
        assert words <= ENGLISH | {"AGAIN", "OK", "REMOVE", "LEAVE"}, text


def test_every_sentence_is_gsm7_without_extension_characters() -> None:
    texts = {*MARKED, *LANGUAGE_NAMES.values()}
    texts |= {text for file in FILES for _, text in translations(file)}
    for text in texts:
        shown = re.sub(r"{\w+}", "", text)
        assert gsm7.septets(shown) == len(shown), text


def test_there_are_no_plurals() -> None:
    for file in ["messages.pot", *FILES]:
        assert not [message.id for message in read_catalogue(file) if message.pluralizable]


def test_every_placeholder_has_its_longest_value_and_each_of_those_is_used() -> None:
    declared = {*MARKED, *_declared()}
    assert {name for sentence in declared for name in placeholders(sentence)} == set(WIDEST)


def _declared() -> Iterator[str]:
    for screen in SCREENS.values():
        yield screen.text
        yield from (choice.label for choice in screen.choices)
        if screen.rows:
            yield from (screen.rows.label, screen.rows.empty)
        if screen.ask:
            yield screen.ask.hint
    for table in (NOTICES, REFUSALS, STATES, COMPLAINTS, CATEGORY_LABELS, REASONS):
        yield from table.values()
    yield from (handler.how for handler in HANDLERS.values())


def test_whatever_is_declared_with_words_is_marked() -> None:
    for sentence in _declared():
        if re.search(r"[^\W\d_]", re.sub(r"{\w+}", "", sentence)):
            assert sentence in {*MARKED, *LANGUAGE_NAMES.values()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_label_is_cut(lang: str) -> None:
    """They become values of other sentences, where nothing is longer than its WIDEST."""
    for name, labels in (
        ("state", STATES),
        ("complaint", COMPLAINTS),
        ("category", CATEGORY_LABELS),
        ("why", REASONS),
    ):
        for label in labels.values():
            assert len(translate(lang, label)) <= len(WIDEST[name]), translate(lang, label)
    for day in widest.YEAR:
        said = widest.WORDING.say(lang, "{day}", day=day)
        assert re.fullmatch(r"\d{1,2} \w{3}", said)
        assert len(said) <= len(WIDEST["day"])


def _kinds() -> Iterator[dict[str, str]]:
    """Labels that people tell apart: of an order's states, of a complaint's, …"""
    yield from (REASONS, CATEGORY_LABELS, COMPLAINTS)
    for machine in (escrow, payouts, disputes, remittances):
        yield {state: STATES[state] for state in machine.MACHINE.states}
    yield {state: STATES[state] for state in (*orders.MACHINE.states, "in work")}


@pytest.mark.parametrize("table", list(_kinds()))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_labels_of_a_kind_are_the_same(lang: str, table: dict[str, str]) -> None:
    assert len({translate(lang, label) for label in table.values()}) == len(table)


def test_every_state_of_every_machine_has_a_label() -> None:
    machines = (orders, escrow, payouts, disputes, remittances)
    named = {state for each in machines for state in each.MACHINE.states}
    assert named | {"in work"} == set(STATES)


CONTRACT = {
    "id": {
        "foot": ["0. Kembali", "00. Menu", "9. Lagi"],
        "home": ["Cari", "Kategori", "Pesanan saya", "Jualan saya", "Akun", "Bantuan"],
        "welcome": ["Daftar", "Lihat barang", "English"],
        "listing": ["Beli"],
        "confirm": ["Ya"],
    },
    "en": {
        "foot": ["0. Back", "00. Menu", "9. More"],
        "home": ["Search", "Categories", "My orders", "My listings", "Account", "Help"],
        "welcome": ["Register", "See goods", "English"],
        "listing": ["Buy"],
        "confirm": ["Yes"],
    },
}
"""What people and programs count on."""


@pytest.mark.parametrize("lang", CONTRACT)
def test_the_labels_that_people_count_on(lang: str) -> None:
    foot = [translate(lang, line) for line in (engine._BACK, engine._HOME, engine._MORE)]
    assert foot == CONTRACT[lang]["foot"]
    for name in ("home", "welcome", "listing", "confirm"):
        labels = [translate(lang, choice.label) for choice in SCREENS[name].choices]
        assert labels[: len(CONTRACT[lang][name])] == CONTRACT[lang][name]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the catalogues that a test may spoil."""
    for path in (*CATALOGUES.glob("*.po"), CATALOGUES / "messages.pot"):
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(wording, "CATALOGUES", tmp_path)
    wording._translations.cache_clear()
    yield tmp_path
    wording._translations.cache_clear()


def test_a_complete_catalogue_appears(shelf: Path) -> None:
    shutil.copy(shelf / "en.po", shelf / "sas.po")
    assert languages() == [*LANGUAGES, "sas"]
    assert translate("sas", "Beli") == "Buy"


@pytest.mark.parametrize(
    ("whole", "spoilt"),
    [
        ('msgid "Beli"\nmsgstr "Buy"', 'msgid "Beli"\nmsgstr ""'),
        ('msgid "Beli"\nmsgstr "Buy"', '#, fuzzy\nmsgid "Beli"\nmsgstr "Buy"'),
        ('msgid "Beli"\nmsgstr "Buy"', ""),
        ('"Thank you, {name}."', '"Thank you, {nama}."'),
        ('"Thank you, {name}."', '"Thank you, {name."'),
    ],
    ids=["empty", "unsure", "missing", "another placeholder", "a lost brace"],
)
def test_an_incomplete_catalogue_waits(shelf: Path, whole: str, spoilt: str) -> None:
    text = (shelf / "en.po").read_text(encoding="utf-8")
    assert text.count(whole) == 1
    (shelf / "sas.po").write_text(text.replace(whole, spoilt), encoding="utf-8")
    assert languages() == LANGUAGES
    assert translate("sas", "Ya") == "Ya"


def test_a_language_that_has_no_name_here_is_ignored(shelf: Path) -> None:
    shutil.copy(shelf / "en.po", shelf / "xyz.po")
    assert languages() == LANGUAGES
    assert translate("xyz", "Beli") == "Beli"


def test_the_guide_names_the_limits_of_labels() -> None:
    guide = (CATALOGUES.parents[1] / "docs" / "TRANSLATING.md").read_text(encoding="utf-8")
    limits = [int(length) for length in re.findall(r"\| (\d+)(?: characters)? \|", guide)]
    assert limits == [len(WIDEST[name]) for name in ("state", "complaint", "category", "why")]


def test_values_are_written_as_people_write_them() -> None:
    say = Wording(ZoneInfo("Asia/Makassar"), NOTICES).say
    late = datetime(2026, 5, 31, 16, 30, tzinfo=UTC)  # half past midnight in Makassar
    values = {"number": "10013", "total": 1250000, "day": late, "state": "sent", "stock": 12345}
    values["average"] = 4.25
    sentence = "{number} {total} {day} {state} {stock} {average}"
    assert say("id", sentence, **values) == "10013 Rp1.250.000 1 Jun dikirim 9999 4,2"
    assert say("en", sentence, **values) == "10013 Rp1.250.000 1 Jun sent 9999 4.2"


def test_what_is_longer_than_the_longest_is_cut_but_never_a_code() -> None:
    assert widest.WORDING.say("id", "{title}", title="x" * 99) == "x" * len(WIDEST["title"])
    assert widest.WORDING.say("id", "{code}", code=widest.CODE) == widest.CODE
    assert widest.WORDING.say("id", "{told}", told="x" * 99) == "x" * 99
