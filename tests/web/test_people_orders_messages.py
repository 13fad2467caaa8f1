"""`flask --app app people|orders|messages`: what an operator asks, without what is secret."""

import json
from itertools import count

import pytest

from menus.commands.answer import without_secrets
from menus.commands.grammar import Keywords, parse
from settings import Settings
from store import inbox, orders, outbox
from store.inbox import Received
from store.outbox import Outcome
from store.shop import Shop, Transaction
from tests.support import market
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI
from tests.support.sending import answer_next, claim, settle
from tests.web.conftest import Run, shell_of

IDS = count()


@pytest.fixture
def traded(shop: Shop, clock: TurnableClock) -> str:
    """The number of an order that was sent, after one wrong code."""
    sri, budi, rice = market.trade(shop)
    market.register(shop, market.DEWI, "Dewi 100%", "Puyung, Jonggat")
    number = market.order(shop, sri, rice).number
    clock.turn(minutes=5)
    receive(shop, BUDI, f"YA {number}")
    with shop.write() as tx:
        orders.accept(tx, budi, number)
    clock.turn(minutes=5)
    with shop.write() as tx:
        orders.send(tx, budi, number)
    clock.turn(minutes=5)
    receive(shop, BUDI, f"serah {number} 58213")
    return number


def receive(shop: Shop, msisdn: str, text: str) -> None:
    """An SMS that came and was answered; only what is kept of it matters here."""

    def answer(tx: Transaction, received: Received) -> str:
        return without_secrets(received.text, parse(received.text, Keywords.load()), done=True)

    with shop.write() as tx:
        inbox.keep(tx, Received("simulator", f"id {next(IDS)}", msisdn, text))
    assert answer_next(shop, answer, answer)


def found(run: Run, *words: object) -> list[dict]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_people_are_listed_newest_first_with_what_they_have(traded: str, run: Run) -> None:
    people = found(run, "people")
    assert [person["name"] for person in people] == ["Dewi 100%", "Amaq Budi", "Inaq Sri"]
    budi = people[1]
    assert budi == {
        "name": "Amaq Budi",
        "phone": "+62812****002",
        "village": "Sukarara",
        "district": "Jonggat",
        "registered_at": "2026-11-23T01:00:00.000000Z",
        "listings": 1,
        "bought": 0,
        "sold": 1,
        "kind": "-",
    }
    assert people[2]["bought"] == 1


@pytest.mark.parametrize("typed", ["+6281234567002", "081234567002", "62 812-3456-7002"])
def test_a_person_is_found_by_phone(typed: str, traded: str, run: Run) -> None:
    assert [person["name"] for person in found(run, "people", typed)] == ["Amaq Budi"]


@pytest.mark.parametrize(
    ("typed", "names"),
    [("aq", ["Amaq Budi", "Inaq Sri"]), ("100%", ["Dewi 100%"]), ("%", ["Dewi 100%"]), ("_", [])],
)
def test_people_are_found_by_part_of_their_name(
    typed: str, names: list[str], traded: str, run: Run
) -> None:
    assert [person["name"] for person in found(run, "people", typed)] == names


def test_whole_numbers_are_shown_only_when_asked_for(traded: str, run: Run) -> None:
    for words in (["people"], ["orders"], ["orders", traded], ["messages"]):
        assert "81234567" not in run(*words).output
        assert "81234567" not in run(*words, "--json").output
    for words in (["people"], ["orders", traded], ["messages"]):
        assert SRI in run(*words, "--unmask").output


def test_tables_are_aligned_and_in_the_markets_time(traded: str, run: Run) -> None:
    lines = run("people").output.splitlines()
    assert lines[0].split() == [
        *("name", "phone", "village", "district", "registered"),
        *("listings", "bought", "sold", "kind"),
    ]
    assert all(line.index("+62812") == lines[0].index("phone") for line in lines[1:])
    assert "2026-11-23 09:00:00" in lines[1]


def test_no_more_than_the_limit(traded: str, run: Run) -> None:
    assert len(found(run, "people", "--limit", 2)) == 2
    assert len(found(run, "messages", "--limit", 3)) == 3
    assert [each["text"] for each in found(run, "messages", "--limit", 1)] == [
        f"SERAH {traded} *****"
    ], "the newest are kept"
    assert run("people", "--limit", 0).exit_code == 2


def test_nobody_and_nothing(shop: Shop, run: Run) -> None:
    assert run("people").output == "nobody is registered\n"
    assert run("people", "Sri").output == "nobody is registered as Sri\n"
    assert run("orders").output == "no orders\n"
    assert run("messages").output == "no messages\n"
    assert found(run, "orders") == []


def test_orders_are_listed_newest_first(shop: Shop, traded: str, run: Run) -> None:
    listed = found(run, "orders")
    assert [order["number"] for order in listed] == [traded]
    line = run("orders").output.splitlines()[1]
    for part in (traded, "sent", "2026-11-23 09:00:00", "24000", "Inaq Sri", "2 kg Beras medium"):
        assert part in line


def test_an_order_comes_with_its_events_and_messages(traded: str, run: Run) -> None:
    result = run("orders", traded, "--json")
    order = json.loads(result.output)
    assert order["state"] == "sent"
    assert [event["action"] for event in order["events"]] == [
        *("order.place", "order.accept", "order.send")
    ]
    assert [(message["way"], message["text"].split()[0]) for message in order["messages"]] == [
        *(("out", "order_new"), ("in", "YA"), ("out", "order_accepted")),
        *(("out", "order_sent"), ("in", "SERAH")),
    ]
    told = run("orders", traded).output
    assert "order.accept\n    subject=order:1001  promised_by=2026-11-26 09:05:00" in told
    assert "state         sent" in told


def test_an_order_that_is_not_there(traded: str, run: Run) -> None:
    result = run("orders", "99999")
    assert result.exit_code == 1
    assert result.output == "Error: there is no order 99999\n"


def test_messages_of_another_order_are_not_told(shop: Shop, traded: str, run: Run) -> None:
    receive(shop, SRI, f"CEK 9{traded}")
    receive(shop, SRI, f"CEK {traded}")
    texts = [
        each["text"] for each in json.loads(run("orders", traded, "--json").output)["messages"]
    ]
    assert f"CEK {traded}" in texts
    assert f"CEK 9{traded}" not in texts


def test_a_code_is_never_shown(shop: Shop, traded: str, run: Run) -> None:
    with shop.read() as tx:
        order = orders.of_person(tx, market.people.of_phone(tx, SRI))[0]
    code = market.code_of_order(shop, order)
    receive(shop, BUDI, f"SERAH {traded} {code}")
    receive(shop, BUDI, f"srah#{traded}#{code}")
    receive(shop, BUDI, f"kodenya {code} ya")
    for words in (["messages"], ["messages", BUDI], ["messages", SRI], ["orders", traded]):
        for more in ([], ["--json"], ["--unmask"]):
            output = run(*words, *more).output
            assert code not in output
            assert "58213" not in output
            assert "\x02" not in output
            assert order.code_nonce not in output
    sent = next(each for each in found(run, "messages", SRI) if "order_sent" in each["text"])
    assert "code=*****" in sent["text"]


def test_a_message_tells_what_became_of_it(shop: Shop, run: Run) -> None:
    with shop.write() as tx:
        outbox.put(tx, SRI, "Terima kasih", notice="reply", kind="reply")
    message = claim(shop)
    settle(shop, message, Outcome("refused", reason="InsufficientBalance"))
    (told,) = found(run, "messages", "081234567001")
    assert told == {
        "at": "2026-11-23T01:00:00.000000Z",
        "way": "out",
        "phone": "+62812****001",
        "state": "queued",
        "attempts": 1,
        "provider": "simulator",
        "external_id": None,
        "reason": "InsufficientBalance",
        "text": "Terima kasih",
    }


def test_what_waits_to_be_answered_is_sealed(shop: Shop, run: Run) -> None:
    with shop.write() as tx:
        inbox.keep(tx, Received("simulator", "1", SRI, "SERAH 10019 58213"))
    (told,) = found(run, "messages")
    assert told["text"] == "(sealed until it is answered)"


def test_messages_of_what_is_no_phone(run: Run) -> None:
    result = run("messages", "Sri")
    assert result.exit_code == 1
    assert result.output == "Error: Sri is not a phone number\n"


@pytest.mark.parametrize("words", [["people"], ["orders"], ["orders", "10019"], ["messages"]])
def test_a_database_that_cannot_be_used_is_one_line(settings: Settings, words: list[str]) -> None:
    run = shell_of(Shop(settings, market.plain))
    result = run(*words)
    assert result.exit_code == 1
    assert "run `flask --app app db migrate`" in result.output
    assert result.output.count("\n") == 1
    Shop(settings, market.plain)
    settings.database_path.write_bytes(b"not a database" * 99)
    result = shell_of(Shop(settings, market.plain))(*words)
    assert result.exit_code == 1
    assert result.output == "Error: the database cannot be used: file is not a database\n"
