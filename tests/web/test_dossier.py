"""`flask --app app orders NUMBER`: all there is about an order, to be printed and held up later."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from store import agents, codes, disputes, erasure, inbox, orders
from store.inbox import Received
from store.shop import Shop
from tests.support.market import register, run_timers
from tests.support.moments import bring
from tests.support.money import PHONES, Stage
from tests.support.sending import answer_next
from tests.support.tampering import tamper
from tests.web.conftest import Run

Moments = dict[str, orders.Order]

SUBJECTS = {
    "escrow": "SELECT order_id FROM escrows WHERE id = ?",
    "payout": "SELECT order_id FROM payouts WHERE id = ?",
    "dispute": "SELECT order_id FROM disputes WHERE id = ?",
}


def drawn(run: Run, number: str, *more: object) -> dict[str, Any]:
    result = run("orders", number, "--json", *more)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def roles(found: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["role"] for each in found["people"]}


def test_it_has_every_event_posting_and_message_in_order(
    moments: Moments, shop: Shop, run: Run
) -> None:
    for order in moments.values():
        found = drawn(run, order.number, "--unmask")
        with shop.read() as tx:
            events = [
                row["seq"]
                for row in tx.rows("SELECT seq, subject FROM events ORDER BY seq")
                if belongs(tx, row["subject"], order.id)
            ]
            postings = tx.rows("SELECT seq FROM postings WHERE order_id = ?", (order.id,))
            texts = [
                codes.masked(row["text"])
                for row in tx.rows("SELECT text FROM outbox ORDER BY id")
                if re.search(rf"\bnumber={order.number}\b", row["text"])
            ]
        own = [each["seq"] for each in found["events"] if "remittance" not in each["subject"]]
        assert own == events
        own = [each["seq"] for each in found["postings"] if "remittance" not in each["key"]]
        assert own == sorted(row["seq"] for row in postings)
        told = [each["text"] for each in found["messages"]]
        missing = [text for text in texts if text not in told]
        assert all("state=with coordinator" in text for text in missing), "they took no part yet"
        assert told == [text for text in texts if text not in missing]
        for section in ("events", "postings"):
            seqs = [each["seq"] for each in found[section]]
            assert seqs == sorted(seqs)


def belongs(tx: Any, subject: str, order_id: int) -> bool:
    kind, _, name = subject.partition(":")
    if kind == "order":
        return name == str(order_id)
    return kind in SUBJECTS and tx.value(SUBJECTS[kind], (int(name),)) == order_id


def test_nothing_is_cut_unless_it_is_asked_for(stage: Stage, run: Run) -> None:
    number = bring(stage, "repaid").order.number
    for _ in range(30):
        receive(stage.shop, PHONES["buyer"], f"CEK {number}")
        stage.clock.turn(minutes=1)
    whole, cut = drawn(run, number), drawn(run, number, "--limit", 2)
    assert len(whole["messages"]) > 40
    for name in ("events", "messages", "postings"):
        assert cut[name] == whole[name][-2:]
    assert run("orders", number).output.count(f"CEK {number}") == 30


def receive(shop: Shop, phone: str, text: str) -> None:
    with shop.write() as tx:
        inbox.keep(tx, Received("simulator", tx.new_id(), phone, text))
    assert answer_next(shop, lambda tx, each: each.text, lambda tx, each: each.text)


def test_it_names_everybody_with_who_vouched_for_them(stage: Stage, run: Run) -> None:
    number = bring(stage, "held, sent by courier").order.number
    stage.do("complain", "answer", "rule: judge")
    with stage.shop.write() as tx:
        agent, buyer = stage.cast["agent"], stage.cast["buyer"]
        tx.execute("UPDATE people SET vouched_by = ? WHERE id = ?", (agent.id, buyer.id))
    found = drawn(run, number)
    assert roles(found) == {
        "Inaq Sri": "buyer",
        "Amaq Budi": "seller",
        "Jaya": "courier",
        "Kamar": "money with",
        "Juli": "judge",
    }
    buyer = found["people"][0]
    assert (buyer["vouched_by"], buyer["agents_village"]) == ("Agus", "Sukarara")
    assert (buyer["phone"], buyer["agents_phone"]) == ("+62812****001", "+62812****007")
    assert buyer["village"] == "Sukarara"
    assert "vouched by=Agus" in run("orders", number).output


def test_a_coordinator_who_ruled_is_one_of_them_with_their_messages(stage: Stage, run: Run) -> None:
    number = bring(stage, "with coordinator").order.number
    assert "Koko" not in roles(drawn(run, number))
    stage.do("rule: coordinator")
    found = drawn(run, number)
    assert roles(found)["Koko"] == "took part"
    mine = [each["text"] for each in found["messages"] if each["phone"] == "+62812****008"]
    assert [text.split()[0] for text in mine] == ["order_to_rule"]


def test_who_took_part_is_known_by_the_phone_of_that_time(stage: Stage, run: Run) -> None:
    number = bring(stage, "with coordinator").order.number
    stage.do("rule: coordinator")
    with stage.shop.write() as tx:
        coordinator = stage.person(tx, "coordinator")
        agents.dismiss(tx, "operator", coordinator, "pindah")
        erasure.erase(tx, coordinator)
    stage.clock.turn(days=1)
    register(stage.shop, PHONES["coordinator"], "Orang Baru")
    found = roles(drawn(run, number))
    assert found["Terhapus"] == "took part"
    assert "Orang Baru" not in found


def test_cash_that_was_handed_on_is_told_with_both_agents(stage: Stage, run: Run) -> None:
    number = bring(stage, "held, handed on").order.number
    found = drawn(run, number)
    assert roles(found)["Kamar"] == "handed cash on"
    assert roles(found)["Agus"] == "money with"
    actions = [each["action"] for each in found["events"]]
    assert actions[-3:] == ["remittance.offer", "remittance.take", "escrow.hand_on"]
    assert [each["key"] for each in found["postings"]] == ["escrow:1:held", "remittance:1"]


def test_phones_are_masked_also_in_events(moments: Moments, shop: Shop, run: Run) -> None:
    for order in moments.values():
        for more in ([], ["--json"]):
            assert "81234567" not in run("orders", order.number, *more).output
        assert PHONES["buyer"] in run("orders", order.number, "--unmask").output


@pytest.mark.parametrize("name", ["courier", "taker"])
def test_a_phone_in_the_details_of_an_event_is_masked(name: str, stage: Stage, run: Run) -> None:
    order = bring(stage, "held").order
    with stage.shop.write() as tx:
        tx.event("clock", "order.late", f"order:{order.id}", **{name: PHONES["courier"]})
        tx.event("clock", "order.late", f"order:{order.id}", all=[{name: PHONES["courier"]}])
    for more in ([], ["--json"]):
        assert "81234567" not in run("orders", order.number, *more).output
        assert PHONES["courier"] in run("orders", order.number, *more, "--unmask").output


def test_no_code_can_be_read(moments: Moments, shop: Shop, run: Run) -> None:
    with shop.read() as tx:
        texts = [row["text"] for row in tx.rows("SELECT text FROM outbox")]
    pepper = shop.settings.pepper
    marks = {mark for text in texts for mark in re.findall("\x02[^\x03]*\x03", text)}
    secrets = {codes.reveal(mark, pepper) for mark in marks}
    assert len(secrets) > 20
    numbers = {order.number for order in moments.values()}
    known = re.compile("|".join(rf"(?<![0-9a-f]){each}(?![0-9a-f])" for each in secrets - numbers))
    for order in moments.values():
        for more in ([], ["--json"], ["--unmask"]):
            shown = run("orders", order.number, *more).output
            assert not known.search(shown)
            assert "\x02" not in shown
            assert "\\u0002" not in shown


def test_what_others_write_about_its_number_is_not_in_it(stage: Stage, run: Run) -> None:
    number = bring(stage, "held").order.number
    receive(stage.shop, PHONES["stranger"], f"CEK {number} orang lain")
    receive(stage.shop, PHONES["buyer"], f"CEK 9{number}")
    receive(stage.shop, PHONES["buyer"], f"CEK {number} punya saya")
    texts = [each["text"] for each in drawn(run, number)["messages"] if each["way"] == "in"]
    assert texts == [f"CEK {number} punya saya"]


def test_somebody_who_was_erased_shows_as_such(stage: Stage, run: Run) -> None:
    number = bring(stage, "done").order.number
    stage.clock.turn(days=30)
    run_timers(stage.shop)
    with stage.shop.write() as tx:
        for role in ("buyer", "seller"):
            tx.execute("DELETE FROM agents WHERE person_id = ?", (stage.cast[role].id,))
            erasure.erase(tx, stage.person(tx, role))
    register(stage.shop, PHONES["buyer"], "Orang Baru")
    found = drawn(run, number, "--unmask")
    assert [(each["name"], each["role"]) for each in found["people"]] == [
        ("Terhapus", "buyer"), ("Terhapus", "seller"),
    ]  # fmt: skip
    assert found["messages"] == []
    assert found["buyer_phone"].startswith("erased-")
    printed = run("orders", number).output
    assert "buyer  Terhapus  erased-" in printed
    assert "Inaq Sri" not in printed
    assert "Orang Baru" not in printed


@pytest.mark.parametrize("more", [(), ("--unmask",)])
def test_it_fits_a_terminal_and_paper(more: tuple[str, ...], moments: Moments, run: Run) -> None:
    for order in moments.values():
        printed = run("orders", order.number, *more, color=True).output
        assert max(map(len, printed.splitlines())) <= 80
        assert printed.isascii()
        assert all(line.isprintable() for line in printed.splitlines())


def test_paper_says_what_the_json_says(moments: Moments, run: Run) -> None:
    for order in moments.values():
        found = drawn(run, order.number)
        printed = " ".join(run("orders", order.number).output.split())
        for message in found["messages"]:
            assert " ".join(message["text"].split()) in printed
        for event in found["events"]:
            assert f" {event['seq']} 2026-" in printed
            assert event["action"] in printed
        for posting in found["postings"]:
            for name in ("key", "debit", "credit"):
                assert f"{name}={posting[name]}" in printed


def paper_heads(printed: str) -> str:
    """The two heads as somebody types them from paper."""
    end = printed[printed.index("the chains end with") :].splitlines()[1:]
    return "".join(
        f"{number.strip()} {link.strip()}\n"
        for number, link in zip(end[::2], end[1::2], strict=True)
    )


def test_paper_can_be_held_against_the_database(stage: Stage, run: Run, tmp_path: Path) -> None:
    printed = run("orders", bring(stage, "paid").order.number).output
    bring(stage, "repaid")
    heads = tmp_path / "typed"
    heads.write_text(paper_heads(printed))
    assert run("db", "check", "--heads", heads).output.startswith("ok:")
    heads.write_text(paper_heads(printed).replace("9", "8"))
    assert run("db", "check", "--heads", heads).exit_code == 1


def test_its_hashes_are_those_of_the_chains(stage: Stage, run: Run) -> None:
    number = bring(stage, "paid").order.number
    found = drawn(run, number)
    for table in ("events", "postings"):
        assert found["heads"][table] == {
            name: found[table][-1][name] for name in ("seq", "hash")
        }, "nothing happened since"
    tamper(
        stage.shop, "UPDATE events SET hash = 'f' || substr(hash, 2) WHERE action = 'order.send'"
    )
    assert drawn(run, number)["events"] != found["events"]


def test_a_complaint_by_the_seller_comes_with_both_words(stage: Stage, run: Run) -> None:
    number = bring(stage, "opened by the seller").order.number
    with stage.shop.write() as tx:
        disputes.answer(tx, stage.person(tx, "buyer"), number, "belum saya terima")
    complaint = drawn(run, number)["complaint"]
    assert complaint["side"] == "seller"
    assert complaint["complaint"] == "no code"
    assert complaint["reply"] == "belum saya terima"
    assert "reply=belum saya terima" in run("orders", number).output
