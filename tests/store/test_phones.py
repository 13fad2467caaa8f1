"""Telephone numbers as people and providers write them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.phones import from_provider, masked, parse_phone

ANYTHING = st.text(st.characters(), max_size=80)


@pytest.mark.parametrize(
    "written",
    [
        "+628123456789",
        "628123456789",
        "08123456789",
        "8123456789",
        "0812-3456-789",
        "0812 3456 789",
        "+62 812-3456-789",
        "(0812) 3456.789",
        "0812\u20113456\u2011789",
        "\u202a+62\u00a0812\u20113456\u2011789\u202c",  # copied from a contact card
        " 08123456789\n",
        "٠٨١٢٣٤٥٦٧٨٩",
    ],
)
def test_one_number_in_every_notation(written: str) -> None:
    assert parse_phone(written) == "+628123456789"


@pytest.mark.parametrize(
    ("why", "written", "e164"),
    [
        ("a landline", "0370-621234", "+62370621234"),
        ("abroad", "+1 415 555 0123", "+14155550123"),
        ("too short", "0812", None),
        ("too long", "081234567890123", None),
        ("no such prefix", "+62999999999999", None),
        ("an emergency number", "112", None),
        ("a listing number", "10023", None),
        ("letters on the keypad", "0800-FLOWERS", None),
        ("with words", "hp 08123456789", None),
        ("two numbers", "08123456789, 08123456780", None),
        ("hidden digits", "0812xxx789", None),
        ("nothing", "", None),
        ("only a plus", "+", None),
        ("a lone surrogate", "\ud800", None),
        ("5,000 digits", "0" * 5000, None),
    ],
)
def test_parse_phone(why: str, written: str, e164: str | None) -> None:
    assert parse_phone(written) == e164, why


def test_a_national_number_belongs_to_the_region() -> None:
    assert parse_phone("0712345678", "KE") == "+254712345678"
    assert parse_phone("08123456789", "nowhere") is None
    assert parse_phone("+628123456789", "nowhere") == "+628123456789"


@pytest.mark.parametrize(
    ("why", "sender", "e164"),
    [
        ("E.164", "+628123456789", "+628123456789"),
        ("a sandbox number that no plan knows", "+254000000001", "+254000000001"),
        ("a plus that a form made a space", " 628123456789", "+628123456789"),
        ("without plus", "628123456789", "+628123456789"),
        ("without plus, in no plan", "62999999999999", None),
        ("without plus, abroad", "254712345678", None),
        ("national", "08123456789", None),
        ("8 digits", "+12345678", "+12345678"),
        ("7 digits", "+1234567", None),
        ("15 digits", "+123456789012345", "+123456789012345"),
        ("16 digits", "+1234567890123456", None),
        ("spaces inside", "+62 8123456789", None),
        ("digits of another script", "+٦٢٨١٢٣٤٥٦٧٨٩", None),
        ("a name", "TELKOMSEL", None),
        ("a short code", "22345", None),
        ("nothing", "", None),
    ],
)
def test_from_provider(why: str, sender: str, e164: str | None) -> None:
    assert from_provider(sender) == e164, why


def test_without_plus_the_region_decides() -> None:
    assert from_provider("254712345678", "KE") == "+254712345678"
    assert from_provider("254712345678", "nowhere") is None


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+628123456789", "+62812****789"),
        ("+6281234567890", "+62812****890"),
        ("+254000000001", "+25400****001"),
        ("+25312345678", "+2531****678"),
        ("+12345678", "+1****678"),
        ("112", "****"),
        ("", "****"),
    ],
)
def test_masked(e164: str, shown: str) -> None:
    assert masked(e164) == shown


@given(st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True))
def test_a_mask_hides_four_digits_at_least(e164: str) -> None:
    assert len(masked(e164).replace("*", "")) <= len(e164) - 4


@given(st.integers(811_0000_000, 813_9999_999).map(str))
def test_all_notations_of_a_mobile_number_are_one(national: str) -> None:
    assert parse_phone("0" + national) == parse_phone("62" + national) == f"+62{national}"
    assert from_provider("62" + national) == from_provider(f"+62{national}") == f"+62{national}"


@given(
    ANYTHING | st.text("+0123456789 -()/.", max_size=60), st.sampled_from(["ID", "KE", "", "??"])
)
def test_nothing_raises_and_only_e164_comes_back(text: str, region: str) -> None:
    for number in (parse_phone(text, region), from_provider(text, region)):
        assert number is None or re.fullmatch(r"\+[0-9]{5,15}", number)
    masked(text)
