"""What the architecture page draws is what the code does."""

import re
from pathlib import Path
from typing import Any

import pytest

from docs.reference import MACHINES
from store.machine import Machine

PAGE = (Path(__file__).parents[1] / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")

ALL = pytest.mark.parametrize("machine", MACHINES.values(), ids=lambda machine: machine.table)


def diagram(machine: Machine[Any]) -> str:
    """What is drawn of it."""
    found = re.search(rf"<!-- {machine.table} machine -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert found, f"{machine.table} is not drawn"
    return found[1]


def drawn(state: str) -> str:
    return state.replace(" ", "_")


@ALL
def test_a_machine_is_drawn_as_it_is(machine: Machine[Any]) -> None:
    arrows = re.findall(r"^    (\w+) --> (\w+) : ([a-z ]+) \((\w+)\)$", diagram(machine), re.M)
    assert sorted(arrows) == sorted(
        (drawn(each.source), drawn(each.target), each.action, each.who)
        for each in machine.transitions
    )


@ALL
def test_it_begins_and_ends_where_it_does(machine: Machine[Any]) -> None:
    begins = re.findall(r"^    \[\*\] --> (\w+)$", diagram(machine), re.M)
    ends = re.findall(r"^    (\w+) --> \[\*\]$", diagram(machine), re.M)
    assert begins == [drawn(machine.states[0])]
    assert sorted(ends) == sorted(map(drawn, machine.over))
