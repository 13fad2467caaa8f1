"""Numbers that may be a PIN or a code, in what people write in their own words."""

import pytest

from store import limits
from store.reasons import clean_reason
from store.sealing import without_numbers, without_pins


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("habis", "habis"),
        ("tinggal 2 dari 100", "tinggal 2 dari 100"),
        ("tipu 1234", "tipu *****"),
        ("kode 4 8 2 1 7 ya", "kode ***** ya"),
        ("48-217, 48.217, 482/17", "*****"),
        ("pin7391", "pin*****"),
        ("\u0664\u0668\u0662\u0661\u0667", "*****"),
    ],
)
def test_numbers_of_four_digits_and_more_are_left_out(typed: str, kept: str) -> None:
    assert without_numbers(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("kode 48217", "kode *****"),
        ("pin 73 91 64", "pin *****"),
        ("48-217", "*****"),
        ("48 217, 7391", "*****, *****"),
        ("akad 12-12-2026 atau 12-12-26", "akad 12-12-2026 atau 12-12-26"),
        ("nikah 1998, jam 10.30", "nikah 1998, jam 10.30"),
        ("100x120, 10-15 orang, 40 60 cm", "100x120, 10-15 orang, 40 60 cm"),
        ("hp 081234567890, Rp150.000", "hp 081234567890, Rp150.000"),
    ],
)
def test_what_people_need_to_say_stays(typed: str, kept: str) -> None:
    assert without_pins(typed) == kept


def test_a_reason_is_cut_after_its_numbers_are_left_out() -> None:
    assert clean_reason("a" * 38 + " 48217") == "a" * 38 + " *"
    assert len(clean_reason("rusak " * 20)) == limits.REASON
