"""Hand-over codes, and what may be seen of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import codes, orders
from store.shop import Shop
from tests.support.market import code_of_order, everything, look, order, texts_to, trade

PEPPER = "p" * 32
CODES = st.builds(
    codes.hand_over_code,
    st.just(PEPPER),
    st.integers(1, 10**6),
    st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}"),
)


@given(CODES)
def test_a_code_is_five_digits_that_fit(code: str) -> None:
    assert codes.well_formed(code)


@given(CODES, st.integers(0, 4), st.integers(1, 9))
def test_a_wrong_digit_is_found(code: str, place: int, by: int) -> None:
    wrong = str((int(code[place]) + by) % 10)
    assert not codes.well_formed(code[:place] + wrong + code[place + 1 :])


@given(CODES, st.integers(0, 3))
def test_two_digits_that_changed_places_are_found(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or not codes.well_formed(swapped)


@pytest.mark.parametrize("typed", ["", "1234", "123456", "abcde", "٣٤٥٦٧", "1 234", "-1234"])
def test_what_is_not_five_digits_is_no_code(typed: str) -> None:
    assert not codes.well_formed(typed)


def test_a_code_belongs_to_one_order_one_nonce_and_one_pepper() -> None:
    made = {
        codes.hand_over_code(pepper, order_id, nonce)
        for pepper in (PEPPER, "q" * 32)
        for order_id in (1, 2)
        for nonce in ("a", "b")
    }
    assert len(made) == 8


@pytest.mark.parametrize("pepper", [None, ""])
def test_without_a_pepper_there_is_no_code(pepper: str | None) -> None:
    with pytest.raises(RuntimeError, match="PASAR_PEPPER"):
        codes.hand_over_code(pepper, 1, "ab")
    with pytest.raises(RuntimeError, match="PASAR_PEPPER"):
        codes.reveal(codes.placeholder(1, "ab"), pepper)


def test_a_text_without_code_needs_no_pepper() -> None:
    assert codes.reveal("Pesanan 10019", None) == "Pesanan 10019"


def test_a_placeholder_becomes_the_code_or_stars_of_the_same_length() -> None:
    text = f"Kode {codes.placeholder(12, '0af3')}."
    code = codes.hand_over_code(PEPPER, 12, "0af3")
    assert codes.reveal(text, PEPPER) == f"Kode {code}."
    assert codes.masked(text) == "Kode *****."
    assert codes.has_secret(text)


def test_what_was_typed_is_quoted_for_its_reader_only() -> None:
    text = f"Pesanan {codes.quoted(PEPPER, '48217')} tidak ditemukan"
    assert codes.reveal(text, PEPPER) == "Pesanan 48217 tidak ditemukan"
    assert codes.masked(text) == "Pesanan ***** tidak ditemukan"
    assert "48217" not in text
    assert not codes.has_secret(text), "it may be sent again"


def test_digits_are_no_secret() -> None:
    assert not codes.has_secret("Kode 12345")
    assert codes.masked("Kode 12345") == "Kode 12345"


def test_the_code_of_an_order_is_nowhere_in_the_database(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    placed = order(shop, sri, rice)
    with shop.write() as tx:
        orders.accept(tx, budi, placed.number)
    with shop.write() as tx:
        orders.send(tx, budi, placed.number)
    code = code_of_order(shop, placed)
    assert code in codes.reveal(texts_to(shop, sri.msisdn)[-1], shop.settings.pepper)
    for table, rows in everything(shop).items():
        assert table.startswith("_") or code not in str(rows), table


def test_neither_code_nor_nonce_is_in_the_events(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    placed = order(shop, sri, rice)
    for action in (orders.accept, orders.send):
        with shop.write() as tx:
            action(tx, budi, placed.number)
    code, nonce = code_of_order(shop, placed), look(shop, placed).code_nonce
    with shop.write() as tx:
        orders.hand_over(tx, budi, placed.number, code)
    with shop.read() as tx:
        said = " ".join(row["details"] for row in tx.rows("SELECT details FROM events"))
    assert nonce not in said
    assert code not in said
