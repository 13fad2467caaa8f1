"""What the architecture page draws is what the code does."""

import re
from pathlib import Path

from store import orders

PAGE = (Path(__file__).parents[1] / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_the_order_machine_is_drawn_as_it_is() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+) : ([a-z ]+) \((\w+)\)$", PAGE, re.MULTILINE)
    assert {(source, target, action, who) for source, target, action, who in drawn} == {
        (t.source.replace(" ", "_"), t.target.replace(" ", "_"), t.action, t.who)
        for t in orders.MACHINE.transitions
    }
    final = set(re.findall(r"^    (\w+) --> \[\*\]$", PAGE, re.MULTILINE))
    assert final == {state.replace(" ", "_") for state in orders.MACHINE.final}
