"""The books balance whatever is posted, nothing is paid twice, and nothing is taken back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlite_utils.utils import sqlite3

import settings as configuration
from store import check, ledger, limits
from store.database import Connection
from store.ledger import KeyReused, NoPosting, Overdrawn, Posting, cash, due, held
from store.shop import Shop, Transaction
from tests.support import market
from tests.support.clock import TurnableClock
from tests.support.market import open_shop, order, trade

AGENT, SELLER, BUYER = 5, 7, 8


def post(shop: Shop, key: str, debit: str, credit: str, amount: int, **more: Any) -> Posting:
    with shop.write() as tx:
        return ledger.post(tx, key, debit, credit, amount, **more)


def undo(shop: Shop, key: str, reason: str = "typed wrongly") -> Posting:
    with shop.write() as tx:
        return ledger.undo(tx, key, reason)


def balance(shop: Shop, account: str) -> int:
    with shop.read() as tx:
        return ledger.balance(tx, account)


def deposit(shop: Shop, amount: int = 24_000, **more: Any) -> Posting:
    return post(shop, "deposit:1", cash(AGENT), held(1), amount, **more)


def faults(shop: Shop) -> list[str]:
    """Those of the books; what agents hold here is for no order."""
    with shop.read() as tx:
        return [*check.books.faults(tx), *check.chains.faults(tx)]


def test_accounts_are_called_as_the_books_call_them() -> None:
    assert cash(5) == "agent:5:cash"
    assert held(1001) == "order:1001:held"
    assert [due(role, 7) for role in ("seller", "buyer", "courier")] == [
        "seller:7:due",
        "buyer:7:due",
        "courier:7:due",
    ]


STEPS = [
    ("deposit", cash(AGENT), held(1), 24_000, {cash(AGENT): 24_000, held(1): 24_000}),
    ("refund", held(1), due("buyer", BUYER), 4_000, {held(1): 20_000, due("buyer", BUYER): 4_000}),
    ("release", held(1), due("seller", SELLER), 20_000, {held(1): 0}),
    ("hand on", cash(6), cash(AGENT), 9_000, {cash(6): 9_000, cash(AGENT): 15_000}),
    ("buyer paid", due("buyer", BUYER), cash(AGENT), 4_000, {cash(AGENT): 11_000}),
    ("seller paid", due("seller", SELLER), cash(AGENT), 11_000, {due("seller", SELLER): 9_000}),
    ("the rest", due("seller", SELLER), cash(6), 9_000, {due("seller", SELLER): 0, cash(6): 0}),
]


def test_the_money_of_an_order_from_hand_to_hand(shop: Shop) -> None:
    for key, debit, credit, amount, after in STEPS:
        post(shop, key, debit, credit, amount)
        assert {account: balance(shop, account) for account in after} == after, key
        assert faults(shop) == [], key


def test_a_posting_is_found_by_its_key_and_its_order(shop: Shop, clock: TurnableClock) -> None:
    sri, _, rice = trade(shop)
    placed, other = order(shop, sri, rice), order(shop, sri, rice, again=True)
    first = deposit(shop, order_id=placed.id)
    post(shop, "another", cash(AGENT), held(2), 5, order_id=other.id)
    second = post(shop, "release", held(1), due("seller", SELLER), 5, order_id=placed.id)
    with shop.read() as tx:
        assert ledger.find(tx, "deposit:1") == first
        assert ledger.find(tx, "never") is None
        assert ledger.of_order(tx, placed.id) == [first, second]
        assert first == Posting(
            1, tx.moment, "deposit:1", cash(AGENT), held(1), 24_000, placed.id, "", None
        )


def test_an_account_without_postings_is_empty(shop: Shop) -> None:
    assert balance(shop, cash(99)) == 0


def test_an_order_must_exist(shop: Shop) -> None:
    before = market.everything(shop)
    with pytest.raises(sqlite3.IntegrityError):
        deposit(shop, order_id=1001)
    assert market.everything(shop) == before


@pytest.mark.parametrize(
    ("debit", "credit", "amount"),
    [
        (cash(1), held(1), 0),
        (cash(1), held(1), -5),
        (cash(1), held(1), limits.RUPIAH + 1),
        (cash(1), cash(1), 5),
    ],
)
def test_what_is_no_posting(shop: Shop, debit: str, credit: str, amount: int) -> None:
    before = market.everything(shop)
    with pytest.raises((sqlite3.IntegrityError, Overdrawn)):
        post(shop, "wrong", debit, credit, amount)
    assert market.everything(shop) == before


def test_the_largest_amount(shop: Shop) -> None:
    deposit(shop, limits.RUPIAH)
    post(shop, "more", cash(AGENT), held(1), limits.RUPIAH)
    assert balance(shop, held(1)) == 2 * limits.RUPIAH
    assert faults(shop) == []


def test_a_posting_must_be_on_the_disk(shop: Shop) -> None:
    before = market.everything(shop)
    with pytest.raises(RuntimeError, match="durable"), shop.write(durable=False) as tx:
        ledger.post(tx, "deposit", cash(1), held(1), 5)
    assert market.everything(shop) == before


# A posting that is made twice has one effect.


def check_one_effect(shop: Shop) -> None:
    first = deposit(shop)
    after = market.everything(shop)
    assert deposit(shop) == first
    assert market.everything(shop) == after


def test_the_same_posting_again_changes_nothing(shop: Shop, clock: TurnableClock) -> None:
    check_one_effect(shop)
    clock.turn(days=1)
    assert deposit(shop).seq == 1


def test_twin_a_key_that_is_not_looked_up_is_seen(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "find", lambda *_: None)
    with pytest.raises(sqlite3.IntegrityError, match="only added to"):  # the schema's own guard
        check_one_effect(shop)


@pytest.mark.parametrize(
    "other",
    [
        {"debit": cash(6)},
        {"credit": held(2)},
        {"amount": 23_999},
        {"reason": "another"},
        {"order_id": 1001},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_key_says_one_thing_only(shop: Shop, other: dict[str, Any]) -> None:
    sri, _, rice = trade(shop)
    order(shop, sri, rice)
    deposit(shop)
    before = market.everything(shop)
    body = {"debit": cash(AGENT), "credit": held(1), "amount": 24_000, **other}
    with pytest.raises(KeyReused, match="deposit:1"):
        post(shop, "deposit:1", **body)
    assert market.everything(shop) == before


# Nothing is taken from where it is not.

OVERDRAWN = [
    (held(1), due("seller", SELLER), 24_001),
    (held(2), due("seller", SELLER), 1),
    (due("seller", SELLER), cash(AGENT), 1),
    (cash(6), cash(AGENT), 24_001),
]


def check_no_balance_is_negative(shop: Shop, debit: str, credit: str, amount: int) -> None:
    deposit(shop)
    before = market.everything(shop)
    with pytest.raises(Overdrawn, match="would be -"), shop.write() as tx:
        ledger.post(tx, "too much", debit, credit, amount)
    assert market.everything(shop) == before


@pytest.mark.parametrize(("debit", "credit", "amount"), OVERDRAWN)
def test_no_balance_is_negative(shop: Shop, debit: str, credit: str, amount: int) -> None:
    check_no_balance_is_negative(shop, debit, credit, amount)


@pytest.mark.parametrize(("debit", "credit", "amount"), OVERDRAWN)
def test_twin_a_balance_that_is_not_looked_at_is_seen(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, debit: str, credit: str, amount: int
) -> None:
    monkeypatch.setattr(ledger, "balance", lambda *_: Unlimited(0))
    with pytest.raises((sqlite3.IntegrityError, pytest.fail.Exception)):
        check_no_balance_is_negative(shop, debit, credit, amount)


class Unlimited(int):
    """A balance that is never seen to be negative."""

    def __add__(self, other: int) -> "Unlimited":
        return Unlimited(int(self) + other)

    def __lt__(self, other: object) -> bool:
        return False


def test_a_refused_posting_may_be_caught_and_the_rest_committed(shop: Shop) -> None:
    deposit(shop)
    with shop.write() as tx:
        with pytest.raises(Overdrawn):
            ledger.post(tx, "too much", held(1), due("seller", SELLER), 24_001)
        ledger.post(tx, "release", held(1), due("seller", SELLER), 24_000)
    assert balance(shop, held(1)) == 0
    assert faults(shop) == []


# A wrong posting is corrected by its opposite.


def test_a_correction_is_the_opposite_posting(shop: Shop) -> None:
    sri, _, rice = trade(shop)
    placed = order(shop, sri, rice)
    wrong = deposit(shop, order_id=placed.id)
    opposite = undo(shop, "deposit:1")
    assert (opposite.key, opposite.undoes) == ("undo:deposit:1", "deposit:1")
    assert (opposite.debit, opposite.credit) == (wrong.credit, wrong.debit)
    assert (opposite.amount, opposite.order_id) == (wrong.amount, wrong.order_id)
    assert opposite.reason == "typed wrongly"
    assert balance(shop, cash(AGENT)) == balance(shop, held(1)) == 0
    assert faults(shop) == []


def test_a_correction_is_made_once(shop: Shop) -> None:
    deposit(shop)
    opposite = undo(shop, "deposit:1")
    before = market.everything(shop)
    assert undo(shop, "deposit:1") == opposite
    with pytest.raises(KeyReused):
        undo(shop, "deposit:1", "another reason")
    assert market.everything(shop) == before


def test_a_correction_can_be_corrected(shop: Shop) -> None:
    deposit(shop)
    undo(shop, "deposit:1")
    assert undo(shop, "undo:deposit:1", "was right").key == "undo:undo:deposit:1"
    assert balance(shop, held(1)) == 24_000
    assert faults(shop) == []


def test_what_was_passed_on_cannot_be_taken_back(shop: Shop) -> None:
    deposit(shop)
    post(shop, "release", held(1), due("seller", SELLER), 1)
    before = market.everything(shop)
    with pytest.raises(Overdrawn):
        undo(shop, "deposit:1")
    assert market.everything(shop) == before


def test_a_correction_needs_a_posting_and_a_reason(shop: Shop) -> None:
    with pytest.raises(NoPosting, match="never"):
        undo(shop, "never")
    deposit(shop)
    with pytest.raises(ValueError, match="reason"):
        undo(shop, "deposit:1", "")


# Whatever is posted, the books balance.


@pytest.fixture(scope="module")
def one_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = str(tmp_path_factory.mktemp("ledger"))
    return open_shop(configuration.load({"PASAR_DATA_DIR": folder}), TurnableClock())


ACCOUNTS = [cash(1), cash(2), held(1), held(2), due("seller", 1), due("buyer", 1)]
KEYS = [f"key {n}" for n in range(8)]
STEP = st.one_of(
    st.tuples(
        st.sampled_from(KEYS),
        st.sampled_from(ACCOUNTS),
        st.sampled_from(ACCOUNTS),
        st.integers(-1, 6) | st.just(limits.RUPIAH) | st.just(limits.RUPIAH + 1),
    ),
    st.tuples(st.sampled_from(KEYS + [f"undo:{key}" for key in KEYS]), st.sampled_from("ab")),
)
REFUSALS = (KeyReused, Overdrawn, NoPosting, sqlite3.IntegrityError)


class Over(Exception):
    """Takes an example back, so that the next begins with empty books."""


def play(shop: Shop, steps: list[Any]) -> None:
    with shop.write() as tx:
        for step in steps:
            before = books(tx)
            try:
                (ledger.post if len(step) == 4 else ledger.undo)(tx, *step)
            except REFUSALS:
                assert books(tx) == before
        sums = dict.fromkeys(ACCOUNTS, 0)
        for row in tx.rows("SELECT debit, credit, amount FROM postings"):
            sums[row["debit"]] += row["amount"]
            sums[row["credit"]] -= row["amount"]
        assert sum(sums.values()) == 0
        for account, debits in sums.items():
            left = debits if ledger.is_cash(account) else -debits
            assert ledger.balance(tx, account) == left >= 0
        assert [*check.books.faults(tx), *check.chains.faults(tx)] == []
        raise Over


def books(tx: Transaction) -> list[Any]:
    return [tx.rows(f"SELECT * FROM {table}") for table in ("postings", "balances")]


@given(st.lists(STEP, max_size=20))
@hypothesis_settings(max_examples=80, deadline=None)
def test_whatever_is_posted_the_books_balance(one_shop: Shop, steps: list[Any]) -> None:
    with pytest.raises(Over):
        play(one_shop, steps)


def test_twin_a_balance_that_is_not_kept_is_seen(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute = Connection.execute

    def forget(self: Connection, sql: str, values: Any = ()) -> int:
        return 0 if "INTO balances" in sql else execute(self, sql, values)

    monkeypatch.setattr(Connection, "execute", forget)
    with pytest.raises(AssertionError):
        play(shop, [("deposit", cash(1), held(1), 5)])
