"""When names are the same, and when they are nearly so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.spelling import key, near, plain, words

NAMES = ["kuta", "sukarara", "sukaraja", "labuhanhaji", "labuhanaji"]


@pytest.mark.parametrize(
    ("why", "wanted", "found"),
    [
        ("the same", "sukarara", {"sukarara": 0, "sukaraja": 1}),
        ("a wrong letter", "sukarare", {"sukarara": 1}),
        ("a missing one", "sukarra", {"sukarara": 1}),
        ("one too many", "sukararra", {"sukarara": 1, "sukaraja": 2}),
        ("two swapped", "sukaarra", {"sukarara": 1}),
        ("two slips in eight letters", "sukirari", {}),
        ("two slips in nine or more", "lebuanhaji", {"labuhanhaji": 2}),
        ("one in four", "kuto", {"kuta": 1}),
        ("three letters are near nothing", "kut", {}),
        ("nothing", "", {}),
    ],
)
def test_near(why: str, wanted: str, found: dict[str, int]) -> None:
    assert near(wanted, NAMES) == found, why


def test_words_are_plain_and_small_numbers_roman() -> None:
    assert words("UPT. Prode SP.II") == words("upt prode sp2") == ["upt", "prode", "sp", "ii"]
    assert words("Mas-mas 1999") == ["mas", "mas", "1999"]
    assert key("O’o") == key("O'o") == key("oo")


def test_120_characters_are_read() -> None:
    assert len(plain("a" * 5000)) == 120


@given(st.text(st.characters(), max_size=200))
def test_nothing_raises_and_a_key_is_ascii_without_spaces(text: str) -> None:
    assert not key(text) or (key(text).isascii() and key(text).isalnum())
    assert key(text).casefold() == key(text)
    near(key(text), NAMES)
