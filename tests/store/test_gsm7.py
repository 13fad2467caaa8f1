"""The GSM-7 alphabet, what is done with characters outside it, and what an SMS costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.gsm7 import fits, is_gsm7, parts, segments, septets, to_basic, to_gsm7

ANYTHING = st.text(st.characters(), max_size=400)
GSM7 = st.text("aé@Δ\n Z9^{}\\[~]|€\f", max_size=400)


@pytest.mark.parametrize(
    ("why", "text", "length"),
    [
        ("nothing", "", 0),
        ("plain", "Madu Rp125.000", 14),
        ("line feed and carriage return", "a\r\nb", 4),
        ("accents of the alphabet", "àèéìòùÄÖÑÜäöñüÆæßÇØøÅå", 22),
        ("Greek capitals", "ΔΦΓΛΩΠΨΣΘΞ", 10),
        ("signs", "@£$¥¤§¡¿_", 9),
        ("the whole extension table", "^{}\\[~]|€\f", 20),
        ("a backtick is not in it", "`", None),
        ("nor a small ç", "ç", None),
        ("nor a tabulator", "\t", None),
        ("nor an escape", "\x1b", None),
        ("nor a typographic quote", "“madu”", None),
        ("nor Arabic", "مدو", None),
        ("nor an emoji", "🍯", None),
        ("nor a lone surrogate", "\ud800", None),
    ],
)
def test_septets(why: str, text: str, length: int | None) -> None:
    assert septets(text) == length, why
    assert is_gsm7(text) == (length is not None)


@pytest.mark.parametrize(
    ("why", "text", "gsm7", "basic"),
    [
        (
            "kept as it is",
            "Madu Rp125.000 @ Café",
            "Madu Rp125.000 @ Café",
            "Madu Rp125.000 @ Café",
        ),
        ("typographic marks", "“a” ‘b’ – c…", "\"a\" 'b' - c...", "\"a\" 'b' - c..."),
        ("a decomposed accent", "Cafe\u0301", "Café", "Café"),
        ("letters beside the alphabet", "Çelik ç Łódź", "Çelik c Lodz", "Çelik c Lodz"),
        ("another script", "Мёд", "Med", "Med"),
        ("a backtick", "`a`", "'a'", "'a'"),
        ("a hard space", "a\u00a0b", "a b", "a b"),
        ("zero-width", "a\u200bb", "ab", "ab"),
        ("an emoji", "madu 🍯👍", "madu ", "madu "),
        ("a flag", "🇮🇩", "ID", "ID"),
        ("control characters", "a\tb\x00c\x1bd\x7fe", "a b c d e", "a b c d e"),
        ("a line feed", "a\nb", "a\nb", "a b"),
        ("the line end of Windows", "a\r\nb", "a\nb", "a b"),
        ("a form feed", "a\fb", "a b", "a b"),
        ("brackets", "[a]{b}", "[a]{b}", "(a)(b)"),
        ("the rest of the extension table", "^\\~|€", "^\\~|€", "/-/EUR"),
        ("a lone surrogate", "a\ud800b", "ab", "ab"),
        ("private use", "a\ue000b", "ab", "ab"),
        ("nothing", "", "", ""),
    ],
)
def test_what_becomes_of_a_text(why: str, text: str, gsm7: str, basic: str) -> None:
    assert to_gsm7(text) == gsm7, why
    assert to_basic(text) == basic, why


@pytest.mark.parametrize(
    ("why", "text", "count"),
    [
        ("nothing is sent as one", "", 1),
        ("a full one", "a" * 160, 1),
        ("one more", "a" * 161, 2),
        ("two full ones", "a" * 306, 2),
        ("three", "a" * 307, 3),
        ("extension characters count double", "€" * 80, 1),
        ("and overflow", "€" * 81, 2),
        ("an euro at the seam moves on whole", "a" * 152 + "€" + "a" * 151, 2),
        ("so that one may be needed more", "a" * 152 + "€" + "a" * 152, 3),
        ("76 euros a part, not 76.5", "€" * 153, 3),
        ("a full one in UCS-2", "蜂" * 70, 1),
        ("one more", "蜂" * 71, 2),
        ("two full ones", "蜂" * 134, 2),
        ("three", "蜂" * 135, 3),
        ("one odd letter makes all of it UCS-2", "a" * 70 + "ç", 2),
        ("an emoji is two units", "😀" * 35, 1),
        ("and moves on whole", "😀" * 67, 3),
        ("lone surrogates are one each", "\ud800" * 70, 1),
    ],
)
def test_segments(why: str, text: str, count: int) -> None:
    assert segments(text) == count, why


def test_fits_counts_septets_and_refuses_what_is_not_gsm7() -> None:
    assert fits("a" * 160)
    assert not fits("a" * 159 + "€")
    assert fits("a" * 182, limit=182)
    assert not fits("ç")


@given(ANYTHING)
def test_the_result_is_always_gsm7(text: str) -> None:
    assert is_gsm7(to_gsm7(text))
    assert to_gsm7(to_gsm7(text)) == to_gsm7(text)


@given(ANYTHING)
def test_each_basic_character_is_one_septet_on_one_line(text: str) -> None:
    basic = to_basic(text)
    assert septets(basic) == len(basic)
    assert "\n" not in basic
    assert to_basic(basic) == basic


@given(GSM7)
def test_gsm7_text_is_kept_but_for_form_feeds(text: str) -> None:
    assert to_gsm7(text) == text.replace("\f", " ")


def widths(part: str, *, gsm7: bool) -> int:
    if gsm7:
        return septets(part)
    return len(part.encode("utf-16-le", "surrogatepass")) // 2


@given(GSM7 | ANYTHING)
def test_parts_are_neither_overfull_nor_wasted(text: str) -> None:
    units = septets(text)
    single, part = (160, 153) if units is not None else (70, 67)
    if units is None:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if units <= single:
        assert segments(text) == 1
    else:
        assert units / part <= segments(text) <= units / (part - 1) + 1
    assert "".join(parts(text)) == text
    assert all(widths(each, gsm7=is_gsm7(text)) <= part for each in parts(text)[1:])


@pytest.mark.parametrize("text", ["ﷺ" * 5000, "\ud800" * 5000, "a\u0301\u0323" * 1700, "€" * 5000])
def test_five_thousand_hostile_characters(text: str) -> None:
    assert is_gsm7(to_gsm7(text))
    assert segments(text) > 1
