"""The states of a message: every move that there is happens here, and no other can."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import outbox
from store.outbox import states
from store.shop import Shop
from tests.support import moves
from tests.support.clock import TurnableClock
from tests.support.market import SRI
from tests.support.post_office import PostOffice

AGAIN = "send / unknown / wait 2m / another"
"""It is queued again while the answer to its first attempt may still come."""

STORIES = {
    ("queued", "sending"): "send",
    ("queued", "expired"): "wait 1d / sweep",
    ("queued", "merged"): "second / send",
    ("merged", "queued"): "second / send / refused",
    ("queued", "withdrawn"): "withdraw",
    ("queued", "accepted"): f"{AGAIN} / accepted a",
    ("queued", "failed"): f"{AGAIN} / failed",
    ("queued", "delivered"): "send / unknown a / wait 2m / another / report a delivered",
    ("sending", "accepted"): "send / accepted a",
    ("sending", "queued"): "send / refused",
    ("sending", "failed"): "send / failed",
    ("sending", "expired"): "send / wait 1d / refused",
    ("sending", "unknown"): "send / unknown",
    ("sending", "delivered"): "send / unknown a / wait 2m / send / report a delivered",
    ("unknown", "accepted"): "send / wait 30s / sweep / accepted a",
    ("unknown", "queued"): "send / unknown / refused",
    ("unknown", "failed"): "send / unknown / failed",
    ("unknown", "expired"): "send / unknown / wait 1d / refused",
    ("unknown", "unknown"): "send / wait 1d / sweep / wait 2m / sweep",
    ("unknown", "undelivered"): "send / unknown / report a undelivered",
    ("unknown", "delivered"): "send / unknown / report a delivered",
    ("accepted", "undelivered"): "send / accepted a / report a undelivered",
    ("accepted", "delivered"): "send / accepted a / report a delivered",
    ("undelivered", "delivered"): ("send / accepted a / report a undelivered / report a delivered"),
    ("failed", "delivered"): "send / failed a / report a delivered",
    ("expired", "accepted"): f"{AGAIN} / wait 1d / sweep / accepted a",
    ("expired", "delivered"): "send / refused a / wait 1d / sweep / report a delivered",
    ("withdrawn", "accepted"): f"{AGAIN} / withdraw / accepted a",
    ("withdrawn", "delivered"): "send / refused a / withdraw / report a delivered",
    ("undelivered", "queued"): "send / accepted a / report a undelivered / resend",
    ("failed", "queued"): "send / failed / resend",
    ("expired", "queued"): "wait 1d / sweep / resend",
    ("blocked", "queued"): "resend",
}
"""Move -> what makes it."""


@pytest.fixture
def office(shop: Shop, clock: TurnableClock) -> PostOffice:
    moves.watch(shop)
    return PostOffice(shop, clock)


def play(office: PostOffice, message: str, steps: str) -> None:
    for step in steps.split(" / "):
        match step:
            case "second":
                office.write(text="and this")
            case "another":
                assert not office.turn("another").messages, "it sends only its own"
            case "withdraw":
                with office.shop.write() as tx:
                    outbox.withdraw(tx, "order:1")
            case "resend":
                with office.shop.write() as tx:
                    outbox.send_again(tx, message)
            case _:
                office.play(step)


@pytest.mark.parametrize(
    ("move", "steps"), STORIES.items(), ids=[" to ".join(move) for move in STORIES]
)
def test_how_a_message_comes_there(office: PostOffice, move: moves.Move, steps: str) -> None:
    to = "+19005550100" if move[0] == "blocked" else SRI
    message = office.write(to, about="order:1")
    play(office, message, steps)
    assert move in moves.seen(office.shop)
    assert moves.seen(office.shop) <= set(outbox.MOVES)
    if "merged" not in move:  # which becomes of the second
        assert office.state(message) == move[1]


def test_there_is_a_story_of_every_move() -> None:
    assert set(STORIES) == set(outbox.MOVES)


def every_pair() -> Iterator[moves.Move]:
    return ((source, target) for source in outbox.STATES for target in outbox.STATES)


@pytest.mark.parametrize("target", outbox.STATES)
def test_no_other_can_be(office: PostOffice, target: str) -> None:
    message = office.write()
    for source in outbox.STATES:
        with office.shop.write() as tx:
            tx.execute("UPDATE outbox SET state = ? WHERE id = ?", (source, message))
            possible = (source, target) in outbox.MOVES
            if states.sources(target):
                assert states.change(tx, message, target) == possible
            else:
                assert not possible
        assert office.state(message) == (target if possible else source)


@pytest.mark.parametrize("outcome", ["delivered", "undelivered", "passing"])
@pytest.mark.parametrize("source", outbox.STATES)
def test_nor_by_a_report(office: PostOffice, source: str, outcome: str) -> None:
    message = office.write()
    office.play("send / accepted a")
    with office.shop.write() as tx:
        tx.execute("UPDATE outbox SET state = ? WHERE id = ?", (source, message))
        tx.execute("DELETE FROM moves")
    office.report("a", outcome)
    assert moves.seen(office.shop) <= set(outbox.MOVES)


SET_STATE = re.compile(r"UPDATE outbox SET (?:(?!WHERE).)*\bstate = ", re.DOTALL)

BY_NAME = {
    "store/outbox/states.py: _change": 1,
    "store/outbox/reports.py: _APPLY": 3,
    "store/outbox/settling.py: give_up_old": 1,
    "store/outbox/writing.py: withdraw": 1,
    "store/outbox/writing.py: stop": 1,
}
"""Where a statement may set the state of a message, and how many do."""

ROOT = Path(__file__).parents[2]


def setting_state() -> dict[str, int]:
    """What sets the state of a message: file and function or table, and how many statements."""
    found: dict[str, int] = {}
    for room in ("store", "menus", "gateway", "web"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                count = len(SET_STATE.findall("\n".join(texts(node))))
                if count:
                    found[f"{path.relative_to(ROOT)}: {name_of(node)}"] = count
    return found


def name_of(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return str(getattr(node, "name", ""))


def texts(node: ast.AST) -> Iterator[str]:
    """All texts in it, also the fixed parts of those that values are put into."""
    for child in ast.walk(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value


def test_whoever_changes_a_state_is_known_by_name() -> None:
    assert setting_state() == BY_NAME


def test_only_what_is_over_is_never_looked_at_again(office: PostOffice) -> None:
    """A message that waits has a time for it."""
    message = office.write()
    office.play("send / refused")
    assert office.row(message)["next_at"] < states.NEVER
    office.play("wait 1d / sweep")
    assert office.row(message)["next_at"] == states.NEVER
