"""`pins`: an operator's help for whoever is locked out."""

import pytest

from store import pins
from store.errors import Refused
from store.shop import Shop
from tests.support.market import SRI, events, register
from tests.web.conftest import Run


def test_a_locked_pin_is_unlocked_and_a_forgotten_one_taken_away(shop: Shop, run: Run) -> None:
    sri = register(shop, SRI)
    with shop.write() as tx:
        pins.choose(tx, sri, "9517")
        for _ in range(pins.TRIES):
            with pytest.raises(Refused):
                pins.check(tx, sri, "6284")
    assert run("pins", "unlock", "081234567001").output == "Inaq Sri may try again\n"
    with shop.write() as tx:
        pins.check(tx, sri, "9517")
    assert run("pins", "forget", SRI).output == "Inaq Sri has no PIN and may choose one\n"
    with shop.read() as tx:
        assert not pins.has(tx, sri)
    assert events(shop)[-2:] == [("operator", "pin.unlocked"), ("operator", "pin.forgotten")]


@pytest.mark.parametrize("command", ["unlock", "forget"])
def test_whoever_has_no_pin_needs_no_help(shop: Shop, run: Run, command: str) -> None:
    register(shop, SRI)
    result = run("pins", command, SRI)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert "no PIN yet" in result.output
    assert result.output.count("\n") == 1
