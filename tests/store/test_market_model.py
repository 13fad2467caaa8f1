"""The whole market as a game that hypothesis plays: people buy, sell, deposit, complain, rule,
leave and come back in any order, and after every step the books must be right, the messages must
be those that the tables promise, and nothing may have happened that no event tells.

Here it is a short game; `make model RUNS=2000` plays a long one.
"""

import pytest

from tests.support.model.runs import play

FEW = 40


@pytest.mark.slow
def test_whatever_people_do_the_books_are_right() -> None:
    play(FEW)
