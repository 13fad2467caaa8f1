"""`agents`, `freeze` and `thaw`: an operator's part in who trusts whom."""

import json

import pytest

from store.shop import Shop
from tests.support.market import BUDI, SRI, notices_to, register
from tests.web.conftest import Run


def test_an_agent_is_appointed_listed_and_dismissed(shop: Shop, run: Run) -> None:
    assert run("agents").output == "there are no agents\n"
    register(shop, SRI)
    assert run("agents", "appoint", "081234567001").output == "Inaq Sri is agent now\n"
    (listed,) = json.loads(run("agents", "--json").output)
    assert (listed["role"], listed["cap"], listed["msisdn"]) == ("agent", 2000000, "+62812****001")
    assert SRI in run("agents", "--unmask").output
    assert run("agents", "dismiss", SRI, "pindah").output == "Inaq Sri is no agent any more\n"
    again = run("agents", "dismiss", SRI, "pindah")
    assert (again.exit_code, again.output) == (1, "Error: Inaq Sri is no agent\n")


def test_somebody_is_frozen_and_thawed(shop: Shop, run: Run) -> None:
    register(shop, BUDI, "Amaq Budi")
    assert run("freeze", BUDI, "tipu").output == "Amaq Budi may not trade any more\n"
    assert run("thaw", BUDI, "salah paham").output == "Amaq Budi may trade again\n"
    assert notices_to(shop, BUDI) == ["frozen", "thawed"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("freeze", SRI, "tipu"), f"Error: Sorry, {SRI} is not registered."),
        (("thaw", BUDI, "tipu"), "Error: The account of Amaq Budi is not frozen.\n"),
        (("freeze", BUDI, "123"), "Error: Please write the reason"),
        (("freeze", "Budi", "tipu"), "Error: Budi is not a phone number\n"),
        (("agents", "appoint", SRI), f"Error: Sorry, {SRI} is not registered."),
    ],
)
def test_a_refusal_is_one_line(shop: Shop, run: Run, words: tuple[str, ...], told: str) -> None:
    register(shop, BUDI, "Amaq Budi")
    result = run(*words)
    assert result.exit_code == 1
    assert result.output.startswith(told)
    assert result.output.count("\n") == 1
