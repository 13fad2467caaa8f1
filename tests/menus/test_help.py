"""BANTU: from it every word of the market can be found, a few words at a time."""

import re

import pytest

from menus.commands import answer  # noqa: F401 - its handlers
from menus.commands import help as helps
from menus.commands.grammar import Command, parse
from menus.commands.keywords import Keywords
from menus.commands.registry import HANDLERS
from menus.page import BUDGET, width
from menus.wording import languages, translate
from store.data_files import data_rows
from tests.support.widest import say, talk

KEYWORDS = Keywords.load()
TABLE = {row["keyword"]: row["english"] for row in data_rows("commands.csv")}
TEXTS = (helps.BANTU, *helps.TOPICS.values())


def help_with(lang: str, *fields: str) -> str:
    return helps.help_(talk(lang), Command("BANTU", fields, " ".join(fields)))


def words(text: str) -> set[str]:
    """The words in capitals."""
    return set(re.findall("[A-Z]{2,}", text))


@pytest.mark.parametrize("lang", languages())
def test_every_answer_is_one_sms(lang: str) -> None:
    for text in TEXTS:
        assert width(say(lang, text)) <= BUDGET, say(lang, text)


@pytest.mark.parametrize("keyword", TABLE)
def test_every_keyword_is_found_from_bantu(keyword: str) -> None:
    named = {"id": keyword, "en": TABLE[keyword]}
    for lang, word in named.items():
        said = [translate(lang, text) for text in TEXTS] + [HANDLERS["BANTU"].how]
        assert any(word in words(text) for text in said) or keyword == "BANTU", (lang, word)


@pytest.mark.parametrize("lang", languages())
def test_bantu_names_every_topic_and_each_answers_to_its_name(lang: str) -> None:
    named = words(translate(lang, helps.BANTU)) - set(KEYWORDS.meaning)
    topics = {help_with(lang, name) for name in named}
    assert topics == {translate(lang, text) for text in helps.TOPICS.values()}


@pytest.mark.parametrize("lang", languages())
def test_what_a_help_text_says_to_type_is_answered(lang: str) -> None:
    """`BANTU BELI` at the end of it tells how BELI is typed."""
    how = {translate(lang, handler.how) for handler in HANDLERS.values()}
    topics = {translate(lang, text) for text in helps.TOPICS.values()}
    for text in TEXTS:
        *_, example = re.findall("(?:BANTU|HELP) [A-Z]+", translate(lang, text))
        read = parse(example, KEYWORDS)
        assert isinstance(read, Command)
        assert help_with(lang, *read.args) in how | topics


def test_a_topic_is_no_keyword() -> None:
    """Those tell their own form."""
    assert not {*helps.TOPICS, *helps._ALSO} & set(KEYWORDS.meaning)
    assert set(helps._ALSO.values()) <= set(helps.TOPICS)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ((), helps.BANTU),
        (("xyz",), helps.BANTU),
        (("kim",), helps.TOPICS["KIM"]),
        (("cara", "beli"), HANDLERS["BELI"].how),
        (("keluhan",), helps.TOPICS["MASALAH"]),
        (("jual",), HANDLERS["JUAL"].how),
        (("JUALAN",), helps.TOPICS["JUALAN"]),
    ],
)
def test_the_first_word_that_is_known_counts(fields: tuple[str, ...], said: str) -> None:
    assert help_with("id", *fields) == said
