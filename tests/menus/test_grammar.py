"""Reading a person's SMS: shapes, misspellings, greetings, and whatever else arrives."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus.commands.grammar import NEVER_GUESSED, POLITE, Command, Keywords, Unknown, parse

KEYWORDS = Keywords.load()
ANYTHING = st.text(st.characters(), max_size=200)  # lone surrogates and control characters too


def read(text: str) -> Command | Unknown:
    return parse(text, KEYWORDS)


def understood(text: str) -> Command:
    command = read(text)
    assert isinstance(command, Command), command
    return command


@pytest.mark.parametrize(
    "text",
    [
        "BELI 123 2",
        "beli 123 2",
        "Beli  123   2",
        "  beli\t123\r\n2 ",
        "BELI#123#2",
        "beli # 123 # 2",
        "BELI #123#2",
        "BELI #123 2",
        "BELI 123#2",
        "BELI#123#2 ",
        "BELI 123 2#",
        "BELI.123.2",
        "Beli,123,2",
        "BELI, 123, 2.",
        "BELI*123*2",
        "*BELI*123*2#",
        "BELI:123:2",
        "beli : 123 2",
        "BELI;123;2",
        "BELI-123 2",
        "BELI=123 2",
        "BELI123 2",
        "beli123.2",
        '"BELI 123 2"',
        "“beli 123 2”",
        "'beli' 123 2",
        "(beli 123 2!",
        ">> beli 123 2",
        "...beli 123 2...",
        "😀 beli 123 2 🙏",
        "BELI 123 2 ??",
        "ＢＥＬＩ　１２３　２",
        "BELI ١٢٣ ٢",
        "be\u200bli 123\u00a02",
        "BELI\x00123\x002",
        "\ud800BELI 123 2\udfff",
        "pesan 123 2",
        "PSN#123#2",
        "buy 123 2",
        "tolong beli 123 2",
        "saya mau beli 123 2",
        "Pak, tlg beli 123 2",
        "Assalamualaikum wr. wb. pak, beli 123 2",
        "Assalamu'alaikum, saya mau beli 123 2",
        "Halo BELI 123 2",
    ],
)
def test_one_order_in_every_shape(text: str) -> None:
    command = understood(text)
    assert (command.keyword, command.args, command.guessed) == ("BELI", ("123", "2"), False)


@pytest.mark.parametrize(
    ("why", "text", "args"),
    [
        ("# keeps spaces", "JUAL madu hutan#125rb/btl#10", ("madu hutan", "125rb/btl", "10")),
        ("keyword before a space", "DAFTAR Inaq Sri#Sukarara", ("Inaq Sri", "Sukarara")),
        ("keyword before #", "DAFTAR#Inaq Sri#Sukarara", ("Inaq Sri", "Sukarara")),
        ("# keeps dots and commas", "DAFTAR#H. Sri#Kuta, Pujut", ("H. Sri", "Kuta, Pujut")),
        ("one # before words", "CARI#madu hutan", ("madu hutan",)),
        ("one # before a number", "TIDAK#123 sudah habis", ("123", "sudah", "habis")),
        ("an empty field in front", "DAFTAR##Sukarara", ("", "Sukarara")),
        ("an empty field behind", "DAFTAR Inaq Sri#", ("Inaq Sri", "")),
        ("an empty field between", "JUAL#madu##10", ("madu", "", "10")),
        ("only #", "DAFTAR###", ()),
        ("a reason", "TIDAK 123#habis, maaf", ("123", "habis, maaf")),
        ("thousands with dots", "HARGA 10023 12.000", ("10023", "12.000")),
        ("thousands with commas", "HARGA 10023 12,000", ("10023", "12,000")),
        ("millions", "TITIP 10023 1.500.000", ("10023", "1.500.000")),
        ("dots everywhere", "HARGA.10023.12.000", ("10023", "12.000")),
        ("commas everywhere", "HARGA,10023,12.000", ("10023", "12.000")),
        ("a decimal of a million", "TITIP 10023 1,5jt", ("10023", "1,5jt")),
        ("the same with a dot", "TITIP 10023 1.5jt", ("10023", "1.5jt")),
        ("the same with a space", "TITIP 10023 1,5 juta", ("10023", "1,5 juta")),
        ("thousand written apart", "SETOR 500 ribu 0812345678", ("500 ribu", "0812345678")),
        ("rupiah written apart", "SETOR Rp 500000 0812345678", ("Rp 500000", "0812345678")),
        ("rupiah with a dot", "SETOR Rp. 500.000 0812345678", ("Rp. 500.000", "0812345678")),
        ("the comma and dash of a price tag", "HARGA 10023 12.000,-", ("10023", "12.000,-")),
        ("rupiah glued", "HARGA 10023 Rp12.000", ("10023", "Rp12.000")),
        ("a price for a unit", "HARGA 10023 12.500/kg", ("10023", "12.500/kg")),
        ("no money: two digits", "BELI 10023.12", ("10023", "12")),
        ("no money: five digits in front", "BELI 10023.120", ("10023", "120")),
        ("could be money: stays together", "BELI 123.200", ("123.200",)),
        ("could be money, with a comma", "BELI 123,200", ("123,200",)),
        ("rb that is a word's beginning", "KOMPLAIN 10023 2 rbana", ("10023", "2", "rbana")),
        ("a unit stays apart", "BELI 10023 2 kg", ("10023", "2", "kg")),
        ("a minus is not swallowed", "STOK 10023 -5", ("10023", "-5")),
        ("nor in front", "SETOR -500", ("-500",)),
        ("a plus is kept", "LAPOR +62812345678 tipu", ("+62812345678", "tipu")),
        ("smileys are no fields", "NILAI 10023 5 :)", ("10023", "5")),
        ("a question", "cari madu?", ("madu",)),
        ("nothing", "KAS", ()),
        ("nothing but #", "KAS#", ()),
        ("glued to a number", "YA10023", ("10023",)),
        ("glued to an amount", "SETOR500rb 0812345678", ("500rb", "0812345678")),
        ("one letter and a number", "K10023 belum sampai", ("10023", "belum", "sampai")),
        ("for somebody else", "WAKIL 0812345678 JUAL#madu#125rb#10",
         ("0812345678 JUAL", "madu", "125rb", "10")),
    ],
)  # fmt: skip
def test_fields(why: str, text: str, args: tuple[str, ...]) -> None:
    assert understood(text).args == args, why


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("CARI  Madu   Hutan", "Madu Hutan"),
        ("cari#madu hutan", "madu hutan"),
        ('CARI "madu hutan"', "madu hutan"),
        ("WAKIL 0812345678 JUAL#madu#125rb#10", "0812345678 JUAL#madu#125rb#10"),
        ("komplain: 123 belum sampai, kapan?", "123 belum sampai, kapan?"),
        ("KAS", ""),
    ],
)
def test_the_rest_is_as_written_on_one_line(text: str, rest: str) -> None:
    assert understood(text).rest == rest


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("?", "BANTU"),
        ("??", "BANTU"),
        ("help", "BANTU"),
        ("ok", "YA"),
        ("iya", "YA"),
        ("y", "YA"),
        ("gk", "TIDAK"),
        ("no 123", "TIDAK"),
        ("buka", "BUKA"),
        ("open", "BUKA"),
        ("close 3", "TUTUP"),
        ("lang en", "BAHASA"),
        ("start", "MULAI"),
        ("K 123 rusak", "KOMPLAIN"),
        ("kembali 123 4", "KEMBALI"),
        ("refund 123", "REFUND"),
        ("terima 123", "TERIMA"),
        ("brp 123", "HARGA"),
        ("status", "CEK"),
    ],
)
def test_synonyms_and_english(text: str, keyword: str) -> None:
    assert understood(text).keyword == keyword


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("BLEI 123 2", "BELI"),
        ("bell 123 2", None),  # one letter from BELI and from SELL
        ("b3li 123 2", "BELI"),
        ("béli 123 2", "BELI"),
        ("beeli123 2", "BELI"),
        ("tolong beki 123 2", None),  # one letter from BELI and from BEKU
        ("dafatr#Sri#Sukarara", "DAFTAR"),
        ("komplin 123 rusak", "KOMPLAIN"),
        ("trima 123", "TERIMA"),
    ],
)
def test_a_near_miss_is_guessed_when_one_keyword_is_nearest(text: str, keyword: str | None) -> None:
    command = read(text)
    if keyword is None:
        assert isinstance(command, Unknown)
        assert len(command.nearest) > 1
    else:
        assert isinstance(command, Command)
        assert (command.keyword, command.guessed) == (keyword, True)


@pytest.mark.parametrize(
    ("text", "word", "nearest"),
    [
        ("batl 123", "BATL", ("BATAL",)),
        ("bayr 123 55555", "BAYR", ("BAYAR",)),
        ("hpus", "HPUS", ("HAPUS",)),
        ("sotp", "SOTP", ("STOP",)),
        ("kembli 123 5", "KEMBLI", ("KEMBALI",)),
        ("puts 123 50", "PUTS", ("PUTUS",)),
        ("seotr 500rb", "SEOTR", ("SETOR",)),
        ("tittip 123 5rb", "TITTIP", ("TITIP",)),
        ("tdak 123", "TDAK", ("TIDAK",)),
        ("siapp", "SIAPP", ("YA",)),
        ("siapa ini", "SIAPA", ()),
    ],
)
def test_what_settles_or_moves_money_is_asked_back(
    text: str, word: str, nearest: tuple[str, ...]
) -> None:
    assert read(text) == Unknown(word, nearest)


@pytest.mark.parametrize("keyword", sorted(NEVER_GUESSED))
def test_no_single_slip_brings_about_what_is_never_guessed(keyword: str) -> None:
    for known in KEYWORDS.words_of(keyword):
        for i in range(len(known)):
            for slip in (known[:i] + known[i + 1 :], known[:i] + "X" + known[i:]):
                command = read(f"{slip} 10023 5")
                if isinstance(command, Command) and command.guessed:
                    assert command.keyword not in NEVER_GUESSED


@pytest.mark.parametrize(
    ("why", "text", "word"),
    [
        ("nothing", "", ""),
        ("spaces", " \n ", ""),
        ("punctuation", "... !!", ""),
        ("an emoji", "👍", ""),
        ("digits only", "10023", "10023"),
        ("a number first", "123 2", "123"),
        ("a number, then a command", "2 beli 123", "2"),
        ("a telephone number", "+62812345678", "62812345678"),
        ("greeting only", "Assalamualaikum", "ASSALAMUALAIKUM"),
        ("two polite words", "halo pak", "HALO"),
        ("polite words near a keyword", "mas", "MAS"),
        ("four polite words", "pak tolong saya mau beli 123 2", "MAU"),
        ("thanks, which begin like TERIMA", "Terima kasih pak", "TERIMA KASIH PAK"),
        ("thanks, shortened", "trm ksh", "TERIMA KSH"),
        ("a long word", "x" * 5000, "X" * 20),
    ],
)
def test_what_is_no_command(why: str, text: str, word: str) -> None:
    assert read(text) == Unknown(word, ()), why


@pytest.mark.parametrize("word", POLITE.split("|"))
def test_a_polite_word_is_no_command_and_near_none(word: str) -> None:
    assert word.upper() not in KEYWORDS.meaning
    assert read(word) == Unknown(word.upper())
    assert understood(f"{word} beli 123 2").args == ("123", "2")


HOSTILE = {
    "one letter that is many": "ﷺ" * 5000,
    "digits": "1" * 5000,
    "a number too long for int()": "BELI " + "1" * 5000,
    "an amount without an end": "BELI " + "1.000" * 1000,
    "commands without an end": "BELI#" * 1000,
    "marks to be put in order": "a\u0301\u0323" * 1700,
    "greetings": "assalam" * 700,
    "greetings apart": "halo " * 1000,
    "surrogates": "\ud800" * 5000,
    "rupiah of nothing": "BELI " + "rp. " * 1250,
    "stars": "BELI" + "*" * 5000,
    "hashes": "#" * 5000,
    "questions": "?" * 5000,
    "decimals": "BELI 1,1" * 600,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_five_thousand_hostile_characters_are_read_quickly(text: str) -> None:
    started = time.perf_counter()
    read(text)
    assert time.perf_counter() - started < 0.5


@given(ANYTHING)
def test_nothing_raises_and_nothing_unprintable_comes_back(text: str) -> None:
    result = read(text)
    said = (
        [result.word]
        if isinstance(result, Unknown)
        else [result.keyword, result.rest, *result.args]
    )
    for part in said:
        part.encode()
        assert not {unicodedata.category(c) for c in part} & {"Cc", "Cs", "Cf"}
        assert part == part.strip()


@given(st.sampled_from(sorted(KEYWORDS.meaning)), ANYTHING)
def test_a_keyword_and_anything_is_that_keyword_or_thanks(word: str, anything: str) -> None:
    result = read(f"{word} {anything}")
    if isinstance(result, Command):
        assert result.keyword == KEYWORDS.meaning[word]
        assert not result.guessed
    else:
        assert result.word.startswith("TERIMA ")


@given(
    st.lists(st.integers(1, 10**7).map(str), min_size=2, max_size=4),
    st.sampled_from([" ", "#", "*", ";", ":", "\n", "  ", " # ", ", ", ". "]),
)
def test_numbers_come_back_whatever_separates_them(numbers: list[str], between: str) -> None:
    assert understood(between.join(["beli", *numbers])).args == tuple(numbers)


@given(st.lists(st.from_regex(r"[a-z][a-z .,*]{0,8}[a-z]", fullmatch=True), min_size=2, max_size=4))
def test_fields_between_hashes_come_back_with_their_spaces_folded(fields: list[str]) -> None:
    assert understood("JUAL#" + "#".join(fields)).args == tuple(
        " ".join(field.split()) for field in fields
    )
