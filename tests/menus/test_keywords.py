"""The keyword table: who owns a word, and what is near it."""

import csv
from pathlib import Path

import pytest

from menus.commands.keywords import EVERYDAY, NEVER_GUESSED, Keywords

KEYWORDS = Keywords.load()
TABLE = Path(__file__).parents[2] / "store/data/commands.csv"
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8")))

PROMISED = (
    "DAFTAR CARI BELI YA TIDAK KIRIM SERAH TERIMA BATAL CEK KOMPLAIN JUAL JASA STOK HARGA TUTUP "
    "BUKA REKAP NILAI LAPOR TITIP BAYAR KEMBALI PERIKSA PUTUS BEKU VER WAKIL KAS SETOR PIN BAHASA "
    "STOP MULAI HAPUS BANTU"
)


def words(row: dict[str, str]) -> list[str]:
    return f"{row['keyword']} {row['synonyms']} {row['english']}".split()


@pytest.mark.parametrize("keyword", PROMISED.split())
def test_every_promised_keyword_means_itself(keyword: str) -> None:
    assert KEYWORDS.meaning[keyword] == keyword


def test_the_known_clashes_are_all_the_clashes() -> None:
    """A word that two keywords claim goes to one of them, always the same; a new clash is seen."""
    lost = {
        (word, row["keyword"], KEYWORDS.meaning[word])
        for row in ROWS
        for word in words(row)
        if KEYWORDS.meaning[word] != row["keyword"]
    }
    assert lost == {("KEMBALI", "REFUND", "KEMBALI")}


@pytest.mark.parametrize(
    ("why", "rows", "owner"),
    [
        ("a keyword beats a synonym", [("A", "X", ""), ("X", "", "")], "X"),
        ("a synonym beats an English alias", [("A", "", "X"), ("B", "X", "")], "B"),
        ("the first of two synonyms", [("A", "X", ""), ("B", "X", "")], "A"),
        ("the first of two aliases", [("A", "", "X"), ("B", "", "X")], "A"),
    ],
)
def test_a_word_has_one_owner(why: str, rows: list[tuple[str, str, str]], owner: str) -> None:
    table = [dict(zip(("keyword", "synonyms", "english"), row, strict=True)) for row in rows]
    assert Keywords.of(table).meaning["X"] == owner, why


def test_words_of_lists_the_keyword_first_and_each_word_once() -> None:
    assert KEYWORDS.words_of("HARGA") == ("HARGA", "HRG", "BRP", "H", "PRICE")
    assert KEYWORDS.words_of("BUKA") == ("BUKA", "OPEN")
    assert KEYWORDS.words_of("NOPE") == ()


def test_every_word_of_the_table_is_in_plain_capitals() -> None:
    assert all(word == "?" or (word.isascii() and word.isalpha()) for word in KEYWORDS.meaning)
    assert all(word == word.upper() for word in KEYWORDS.meaning)


def test_what_is_never_guessed_exists() -> None:
    assert set(KEYWORDS.meaning.values()) >= NEVER_GUESSED


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("BLEI", ("BELI",)),  # swapped letters
        ("BEI", ("BELI",)),  # a letter short
        ("BELLI", ("BELI",)),  # a letter too many
        ("NELI", ("BELI",)),  # the key beside
        ("JAUL", ("JUAL",)),
        ("DFATRA", ("DAFTAR",)),  # two slips in six letters
        ("KOMPLIAN", ("KOMPLAIN",)),
        ("BATLA", ("BATAL",)),
        ("BELA", ("BELI",)),
        ("SIP", ("YA", "KIRIM")),  # SIAP or SHIP
        ("BLXX", ()),  # two slips in four letters
        ("BE", ()),  # too short to say
        ("XK", ()),  # a single letter is never matched nearly
        ("X" * 21, ()),
        ("", ()),
    ],
)
def test_the_nearest_keywords_of_a_word(word: str, nearest: tuple[str, ...]) -> None:
    assert KEYWORDS.nearest(word) == nearest


@pytest.mark.parametrize("word", sorted(EVERYDAY))
def test_an_everyday_word_is_near_nothing(word: str) -> None:
    assert KEYWORDS.nearest(word) == ()
    assert word not in KEYWORDS.meaning
    assert Keywords.nearest(KEYWORDS, word + "QQQQ") == ()
