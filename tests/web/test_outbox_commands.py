"""`flask --app app outbox`: links, dead letters and costs, without what is secret."""

import json

import pytest

from store import codes
from store.outbox import links
from store.shop import Shop
from tests.support.clock import TurnableClock
from tests.support.market import BUDI, SRI
from tests.support.post_office import PostOffice
from tests.web.conftest import Run


@pytest.fixture
def office(shop: Shop, clock: TurnableClock) -> PostOffice:
    return PostOffice(shop, clock)


def found(run: Run, *words: object) -> list[dict]:
    result = run("outbox", *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_nothing_yet(shop: Shop, run: Run) -> None:
    assert run("outbox", "dead").output == "no dead letters\n"
    assert run("outbox", "cost").output == "nothing was sent\n"
    assert run("outbox", "links").output.splitlines()[1].split() == [
        "simulator",
        "in",
        "use",
        "-",
        "0",
    ]
    assert found(run, "links") == [
        {"provider": "simulator", "state": "in use", "until_at": None, "why": "", "waiting": 0}
    ]


def test_a_link_that_is_left_alone_says_why_and_until_when(office: PostOffice, run: Run) -> None:
    office.write()
    with office.shop.write() as tx:
        for n in range(3):
            links.down(tx, "simulator", f"+6281250{n:05d}", "no answer in 20 s")
    [link] = found(run, "links")
    assert (link["state"], link["why"], link["waiting"]) == ("away", "no answer in 20 s", 1)
    head, line = run("outbox", "links").output.splitlines()
    assert head.split() == ["provider", "state", "until", "why", "waiting"]
    assert "2026-11-23 09:00:0" in line, "in the market's time"


def test_a_dead_letter_says_why_and_hides_what_is_secret(office: PostOffice, run: Run) -> None:
    message = office.write(SRI, f"Telepon {BUDI}, kode ", secret=True)
    office.play("send / failed")
    [letter] = found(run, "dead")
    assert letter == {
        "id": message,
        "at": "2026-11-23T01:00:00.000000Z",
        "msisdn": "+62812****001",
        "notice": "test",
        "state": "failed",
        "attempts": 1,
        "provider": "simulator",
        "reason": "was failed",
        "text": "Telepon +62812****002, kode *****",
    }
    code = codes.hand_over_code(office.shop.settings.pepper, 1001, "0af3")
    for words in ([], ["--json"], ["--unmask"], ["--unmask", "--json"]):
        output = run("outbox", "dead", *words).output
        assert ("0af3" in output, code in output, "\\u0002" in output) == (False, False, False)
        assert (SRI in output) == ("--unmask" in words)


def test_a_dead_letter_is_sent_again(office: PostOffice, run: Run) -> None:
    message = office.write()
    office.play("send / failed")
    result = run("outbox", "resend", message)
    assert (result.exit_code, result.output) == (0, f"{message}: queued again\n")
    assert found(run, "dead") == []
    assert office.claim().id == message


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("", "queued"),
        ("send / unknown / wait 1d / sweep", "may have arrived"),
        (None, "no "),
    ],
)
def test_what_cannot_be_sent_again_says_why(
    office: PostOffice, run: Run, steps: str | None, said: str
) -> None:
    message = "0660f1" if steps is None else office.write()
    office.play(steps or "")
    result = run("outbox", "resend", message)
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert result.output.startswith("Error: ")
    assert message in result.output
    assert said in result.output


def test_one_that_may_have_arrived_is_sent_again_when_that_is_meant(
    office: PostOffice, run: Run
) -> None:
    message = office.write()
    office.play("send / unknown / wait 1d / sweep")
    assert run("outbox", "resend", message, "--even-twice").exit_code == 0
    assert office.claim().id == message


def test_no_more_than_the_limit(office: PostOffice, run: Run) -> None:
    for _ in range(3):
        office.write(secret=True)
        office.play("send / failed")
    assert len(found(run, "dead", "--limit", 2)) == 2
    assert run("outbox", "dead", "--limit", 0).exit_code == 2


def test_costs_are_in_whole_money(office: PostOffice, run: Run) -> None:
    for cost in ("KES 0.8000", "KES 0.8000", None):
        office.write(secret=True)
        office.claim()
        office.answer("accepted", cost=cost)
    office.clock.turn(days=3)
    assert found(run, "cost") == [
        {"provider": "simulator", "currency": None, "attempts": 1, "segments": 1, "amount": None},
        {
            "provider": "simulator",
            "currency": "KES",
            "attempts": 2,
            "segments": 2,
            "amount": "1.6000",
        },
    ]
    assert found(run, "cost", "--days", 2) == []
    assert "1.6000" in run("outbox", "cost").output
    assert run("outbox", "cost", "--days", 0).exit_code == 2
