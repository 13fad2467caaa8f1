"""Pages of any choices and any words: nothing lost, nothing too long, and an end to them."""

from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from menus.page import BUDGET, MOST_CHOICES, Page, choices_page, text_page, width
from store import codes

FOOT = ["0. Kembali", "00. Menu"]
MORE = "9. Lagi"
CODE = codes.placeholder(123456, "f" * 16)

LETTERS = st.characters(codec="ascii", exclude_characters=" `", exclude_categories=["Cc"])
ANYTHING = st.text(st.characters(), max_size=400)
LINE = st.text(LETTERS, min_size=1, max_size=20)
HEAD = st.text(LETTERS, max_size=30)
"""Even when every character takes two septets, a head, a line and the foot go on one page."""
FEET = st.sampled_from([[], FOOT])


def read(page_from: Callable[[int], Page]) -> list[Page]:
    """All pages, as 9 shows them."""
    pages = [page_from(0)]
    while pages[-1].next:
        assert pages[-1].next > pages[-1].start, "9 leads back"
        pages.append(page_from(pages[-1].next))
    return pages


@given(HEAD, st.lists(LINE, min_size=1, max_size=40), FEET)
def test_no_choice_is_lost(head: str, labels: list[str], foot: list[str]) -> None:
    pages = read(lambda start: choices_page(head, labels, start, foot, MORE))
    shown = []
    for page in pages:
        assert width(page.text) <= BUDGET
        assert 1 <= page.choices <= MOST_CHOICES
        some = labels[page.start : page.start + page.choices]
        shown += some
        lines = [f"{number}. {label}" for number, label in enumerate(some, start=1)]
        rest = [MORE] if page.next else []
        assert page.text == "\n".join([head] * bool(head) + lines + rest + foot)
    assert shown == labels


@given(HEAD, st.lists(LINE, min_size=1, max_size=200), FEET)
def test_no_word_is_lost(head: str, words: list[str], foot: list[str]) -> None:
    pages = read(lambda start: text_page(head, " ".join(words), start, foot, MORE))
    shown = []
    for page in pages:
        assert width(page.text) <= BUDGET
        rest = [MORE] if page.next else []
        below = "".join(f"\n{line}" for line in [*rest, *foot])
        said = page.text.removeprefix(f"{head}\n" if head else "")
        assert said.endswith(below)
        shown += said.removesuffix(below).split(" ")
    assert shown == words


@given(ANYTHING, st.lists(ANYTHING, min_size=1, max_size=12), FEET)
@example("", ["W" * 5000], FOOT)
@example("W" * 5000, ["W" * 5000, "x"], FOOT)
@example("", ["€" * 200], FOOT)
@example("", ["W" * 150 + CODE], FOOT)
@example("", ["W" * 140 + CODE], [])
def test_whatever_the_choices_are_a_page_fits(
    head: str, labels: list[str], foot: list[str]
) -> None:
    pages = read(lambda start: choices_page(head, labels, start, foot, MORE))
    for page in pages:
        assert width(page.text) <= BUDGET
        assert page.text.endswith("\n".join(foot))
    assert sum(page.choices for page in pages) == len(labels)


@given(ANYTHING, ANYTHING, FEET)
@example("", "W" * 5000, FOOT)
@example("W" * 5000, "W" * 5000 + " x", FOOT)
@example("蜂" * 5, "蜂 x", FOOT)
@example("", "", FOOT)
def test_whatever_the_text_is_a_page_fits(head: str, text: str, foot: list[str]) -> None:
    for page in read(lambda start: text_page(head, text, start, foot, MORE)):
        assert width(page.text) <= BUDGET
        assert page.text.endswith("\n".join(foot))


def test_a_page_is_one_message_of_the_network_and_leaves_9_for_more() -> None:
    assert (BUDGET, MOST_CHOICES) == (160, 8)
    assert choices_page("", ["x"] * 9, 0, FOOT, MORE).choices == 8
    assert len(choices_page("", ["x" * 80, "x" * 53], 0, FOOT, MORE).text) == 160
    assert choices_page("", ["x" * 80, "x" * 54], 0, FOOT, MORE).choices == 1


def test_what_is_too_long_for_a_page_is_cut_the_head_first() -> None:
    page = choices_page("H" * 200, ["L" * 50], 0, FOOT, MORE)
    assert width(page.text) == BUDGET
    assert f"\n1. {'L' * 50}\n" in page.text
    assert page.text.startswith("HHH")
    page = choices_page("Pilih:", ["L" * 200, "dua"], 0, FOOT, MORE)
    assert width(page.text) == BUDGET
    assert page.text.startswith("Pilih:\n1. LLL")
    assert page.next == 1


def test_a_page_that_is_no_more_is_the_first_one() -> None:
    assert choices_page("Pilih:", ["satu"], 8, FOOT, MORE).start == 0
    assert "1. satu" in choices_page("Pilih:", ["satu"], 8, FOOT, MORE).text
    assert text_page("", "satu dua", 8, FOOT, MORE) == text_page("", "satu dua", 0, FOOT, MORE)


def test_a_code_is_as_wide_as_its_digits_and_never_cut_in_two() -> None:
    assert width(f"Kode {CODE}") == 10
    for letters in range(130, 160):
        text = choices_page("", ["W" * letters + CODE], 0, [], MORE).text
        assert codes.masked(text).strip("W1. ") in ("", "*****")


def test_a_hint_stands_above_every_page_of_a_text() -> None:
    text = " ".join(["kata"] * 60)
    start = text_page("", text, 0, FOOT, MORE).next
    plain, hinted = text_page("", text, start, FOOT, MORE), text_page("Oh", text, start, FOOT, MORE)
    assert hinted.text.startswith("Oh\nkata")
    assert hinted.start == plain.start
