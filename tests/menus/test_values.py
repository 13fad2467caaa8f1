"""Quantities, prices and shorthand, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus.commands.values import clean, expand, price_per_unit, rupiah, whole_number

ANYTHING = st.text(st.characters(), max_size=80)


@pytest.mark.parametrize(
    ("field", "number"),
    [
        ("2", 2),
        ("02", 2),
        (" 2 ", 2),
        ("2.", 2),
        ("2.000", 2000),
        ("2,000", 2000),
        ("1.234.567", 1_234_567),
        ("2kg", 2),
        ("2 bks", 2),
        ("2 Botol!", 2),
        ("50%", 50),
        ("dua", 2),
        ("Sepuluh", 10),
        ("dua botol", 2),
        ("three", 3),
        ("٢", 2),
        ("１２", 12),
        ("999999999999", 999_999_999_999),
        ("", None),
        ("0", None),
        ("00", None),
        ("-2", None),
        ("+2", None),
        ("1.5", None),
        ("1,50", None),
        ("2.00", None),
        ("2.000,5", None),
        ("1.000,000", None),
        ("1e3", None),
        ("½", None),
        ("²", None),
        ("2rb", None),  # money: two thousand, never two
        ("2 juta", None),
        ("sebelas", None),
        ("dua puluh tiga", None),
        ("2 3", None),
        ("1000000000000", None),
        ("1" * 5000, None),
        ("1" + ".000" * 1200, None),
    ],
)
def test_whole_number(field: str, number: int | None) -> None:
    assert whole_number(field) == number


@pytest.mark.parametrize(
    ("field", "amount"),
    [
        ("12000", 12_000),
        ("12.000", 12_000),
        ("12,000", 12_000),
        ("1.500", 1_500),
        ("1.500.000", 1_500_000),
        ("Rp12.000", 12_000),
        ("rp 12.000,-", 12_000),
        ("RP. 12000", 12_000),
        ("IDR 12000", 12_000),
        ("12000,-", 12_000),
        ("12.000.-", 12_000),
        ("12.000,00", 12_000),
        ("12.000.", 12_000),
        ("10rb", 10_000),
        ("10 ribu", 10_000),
        ("10RIBU", 10_000),
        ("10k", 10_000),
        ("2,5rb", 2_500),
        ("0,5jt", 500_000),
        ("1,5jt", 1_500_000),
        ("1.5jt", 1_500_000),
        ("1,75 juta", 1_750_000),
        ("1jt", 1_000_000),
        ("999.999.999", 999_999_999),
        ("١٢٠٠٠", 12_000),
        ("", None),
        ("0", None),
        ("Rp0", None),
        ("0rb", None),
        ("-5000", None),
        ("1,5", None),
        ("12.00", None),
        ("12.0000", None),
        ("1.500rb", None),  # 1,500 or 1.5 million?
        ("1.250jt", None),
        ("1.000,000", None),
        ("10 botol", None),
        ("rb", None),
        ("jt", None),
        ("Rp", None),
        ("1000000000", None),
        ("1000jt", None),
        ("0812345678", None),  # a telephone number in the wrong place
        ("012rb", None),
        ("sepuluh ribu", None),
        ("9" * 5000, None),
        ("1" + ".000" * 1200, None),
    ],
)
def test_rupiah(field: str, amount: int | None) -> None:
    assert rupiah(field) == amount


@pytest.mark.parametrize(
    ("field", "price"),
    [
        ("125rb/btl", (125_000, "botol")),
        ("125rb / BTL", (125_000, "botol")),
        ("125rb per btl", (125_000, "botol")),
        ("125rb btl", (125_000, "botol")),
        ("Rp 12.000,-/kg", (12_000, "kg")),
        ("12.500/ikat", (12_500, "ikat")),
        ("50rb/bungkus 200g", (50_000, "bungkus 200g")),
        ("50rb/100 gr", (50_000, "100 gr")),
        ("60rb/tray", (60_000, "tray")),  # written out it would be too long
        ("125rb", (125_000, "buah")),
        ("10 ribu", (10_000, "buah")),
        ("125rb/", (125_000, "buah")),
        ("125rb/!!", (125_000, "buah")),
        ("125rb/[kg]", (125_000, "(kg)")),
        ("125rb/kilogramkilogram", None),
        ("125rb/2", None),  # a half? for two?
        ("125rb 10", None),
        ("/kg", None),
        ("madu/kg", None),
        ("", None),
    ],
)
def test_price_per_unit(field: str, price: tuple[int, str] | None) -> None:
    assert price_per_unit(field) == price


@pytest.mark.parametrize(
    ("words", "full"),
    [
        ("brp hrg brg", "berapa harga barang"),
        ("BRP hrg?", "berapa harga?"),
        ("madu 1 btl, 2 bks", "madu 1 botol, 2 bungkus"),
        ("rbana gapura", "rbana gapura"),  # `rb` and `ga` inside words
        ("rb2", "rb2"),
        ("lotim", "Lombok Timur"),
        ("", ""),
    ],
)
def test_shorthand_is_written_out_in_whole_words_only(words: str, full: str) -> None:
    assert expand(words) == full


@given(st.integers(1, 999_999_999))
def test_an_amount_reads_the_same_in_every_notation(amount: int) -> None:
    dotted = f"{amount:,}".replace(",", ".")
    for field in (str(amount), dotted, f"{amount:,}", f"Rp{dotted}", f"Rp. {dotted},-"):
        assert rupiah(field) == amount


@given(st.integers(1, 999), st.integers(0, 99))
def test_a_decimal_of_a_million_is_exact(whole: int, hundredths: int) -> None:
    assert rupiah(f"{whole},{hundredths:02d}jt") == whole * 1_000_000 + hundredths * 10_000


@given(ANYTHING)
def test_nothing_raises(text: str) -> None:
    number, amount, price = whole_number(text), rupiah(text), price_per_unit(text)
    assert number is None or 0 < number < 10**12
    assert amount is None or 0 < amount <= 999_999_999
    assert price is None or (0 < price[0] <= 999_999_999 and 0 < len(price[1]) <= 12)
    expand(text)
    clean(text).encode()


@given(ANYTHING)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
