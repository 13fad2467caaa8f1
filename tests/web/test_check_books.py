"""`flask --app app db check`: what was changed in events, postings and balances is named."""

from pathlib import Path

import pytest

from store import chain, check, heads, ledger
from store.chain import CHAINS
from store.shop import Shop
from tests.support import market
from tests.support.clock import TurnableClock
from tests.support.money import Stage
from tests.support.tampering import tamper


@pytest.fixture
def trusted(stage: Stage) -> Shop:
    """A shop whose agent keeps money for an order, pays it out, and did not, and then does."""
    stage.place(by_agent=True).do("accept", "hold", "send", "hand over", "receive")
    return stage.do("pay seller", "unpay: operator", "pay seller").shop


def faults_after(shop: Shop, *statements: str) -> list[str]:
    tamper(shop, *statements)
    with shop.read() as tx:
        return list(check.faults(tx))


def test_books_and_chains_that_were_not_touched_have_no_fault(trusted: Shop, run) -> None:
    assert check.first_fault(trusted) is None
    assert run("db", "check").output.endswith(", 5 postings\n")


OTHER = {
    "seq": "999",
    "id": "'0'",
    "order_id": "NULL",
    "undoes": "'escrow:1:held'",
    "amount": "amount - 1",
    "debit": "'agent:9:cash'",
    "credit": "'agent:9:cash'",
}
"""What a column is changed to, where not to another text."""

COLUMNS = [(table, column) for table in CHAINS for column in (*CHAINS[table], "hash")]


@pytest.mark.parametrize("seq", [4, 5])
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_it_names_a_row_with_another(table: str, column: str, seq: int, trusted: Shop) -> None:
    """Of the postings one is a correction and one is the last."""
    other = OTHER.get(column, f"{column} || 'x'")
    found = faults_after(trusted, f"UPDATE {table} SET {column} = {other} WHERE seq = {seq}")
    with trusted.read() as tx:
        event_id = tx.value("SELECT id FROM events WHERE seq = ?", (seq,))
    if column == "seq":
        told = f"{table}: number {seq} is missing before |{table}: {seq} to 998 are missing before "
    elif table == "events":
        told = f"event {event_id}: is not what was written as number {seq}"
    else:
        told = f"posting {seq}: is not what was written as number {seq}"
    assert any(fault.startswith(tuple(told.split("|"))) for fault in found), found


@pytest.mark.parametrize("table", CHAINS)
def test_it_names_a_row_that_was_taken_out(table: str, trusted: Shop) -> None:
    found = faults_after(trusted, f"DELETE FROM {table} WHERE seq IN (2, 3)")
    assert any(fault.startswith(f"{table}: 2 to 3 are missing before ") for fault in found), found


@pytest.mark.parametrize("table", CHAINS)
def test_it_names_rows_that_were_cut_off(table: str, trusted: Shop) -> None:
    """The chain itself looks whole; the heads outside know better."""
    with trusted.read() as tx:
        end = chain.last(tx, table).seq
    tamper(trusted, f"DELETE FROM {table} WHERE seq = {end}")
    assert head_faults(trusted) == [
        f"{table}: number {end} is missing at the end (the heads kept outside know {end})"
    ]


def head_faults(shop: Shop) -> list[str]:
    kept = heads.read(shop.settings.heads_path)
    with shop.read() as tx:
        return list(check.chains.head_faults(tx, kept))


def rewrite(shop: Shop, change: str) -> None:
    """Changes an event, and makes all later hashes anew."""
    tamper(shop, change)
    with shop.read() as tx:
        rows = tx.rows(f"SELECT {', '.join(CHAINS['events'])} FROM events ORDER BY seq")
    before, changes = chain.NOTHING.hash, []
    for row in rows:
        before = chain.link(before, row)
        changes.append(f"UPDATE events SET hash = '{before}' WHERE seq = {row['seq']}")
    tamper(shop, *changes)


REWRITTEN = "UPDATE events SET actor = '+6281999' WHERE action = 'order.place'"


def test_it_names_a_chain_that_was_written_anew(busy: Shop, run) -> None:
    rewrite(busy, REWRITTEN)
    result = run("db", "check")
    assert result.exit_code == 1
    assert "is not the one that the heads kept outside know" in result.output


def test_twin_without_the_heads_that_is_not_seen(busy: Shop) -> None:
    rewrite(busy, REWRITTEN)
    busy.settings.heads_path.unlink()
    assert check.first_fault(busy) is None


def test_heads_that_were_kept_elsewhere_tell_it_too(
    busy: Shop, run, tmp_path: Path, clock: TurnableClock
) -> None:
    elsewhere = tmp_path / "heads of last week"
    elsewhere.write_bytes(busy.settings.heads_path.read_bytes())
    clock.turn(days=7)
    market.run_timers(busy)
    assert run("db", "check", "--heads", elsewhere).exit_code == 0
    rewrite(busy, REWRITTEN)
    busy.settings.heads_path.unlink()
    assert run("db", "check").exit_code == 0
    result = run("db", "check", "--heads", elsewhere)
    assert result.exit_code == 1
    assert "is not the one that the heads kept outside know" in result.output
    missing = run("db", "check", "--heads", tmp_path / "none")
    assert missing.exit_code == 1
    assert "no such file" in missing.output


ACCOUNTS = [ledger.cash(6), ledger.held(1001), ledger.due("seller", 2)]


@pytest.mark.parametrize("account", ACCOUNTS)
def test_it_names_a_balance_that_its_postings_do_not_make(account: str, trusted: Shop, run) -> None:
    with trusted.read() as tx:
        made = ledger.balance(tx, account)
    tamper(trusted, f"UPDATE balances SET balance = balance + 1 WHERE account = '{account}'")
    told = f"balance of {account}: is {made + 1}, its postings make {made}\n"
    assert run("db", "check").output == told
    tamper(trusted, f"DELETE FROM balances WHERE account = '{account}'")
    told = f"balance of {account}: is missing, its postings make {made}\n"
    assert run("db", "check").output == told


def test_it_names_a_balance_of_no_posting(trusted: Shop, run) -> None:
    found = faults_after(trusted, "INSERT INTO balances VALUES ('courier:3:due', 500)")
    assert found == [
        "balance of courier:3:due: is 500, there is no posting",
        "balances: the cash is 0, what is held and due is 500",
        "account courier:3:due: is 500, what is held and owed makes 0",
    ]


def test_more_rows_than_are_read_at_a_time(trusted: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check.chains, "_AT_A_TIME", 2)
    assert check.first_fault(trusted) is None
    found = faults_after(trusted, "UPDATE postings SET reason = 'x' WHERE seq > 2")
    assert [fault.split(":")[0] for fault in found] == ["posting 3", "posting 4", "posting 5"]
