"""Every screen and SMS fits with the longest values that the schema allows, in every language.

The declarations are walked, so a new screen, notice or command is measured without being named.
"""

import sys
from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import pytest

import store.orders
from menus import engine
from menus.commands import account, buying, orders
from menus.commands.grammar import Command
from menus.commands.keywords import Keywords
from menus.commands.registry import HANDLERS, Handle
from menus.notices import NOTICES, REFUSALS
from menus.page import BUDGET, Page, width
from menus.screen import SCREENS, Screen
from menus.screens import account as account_screens
from menus.screens import buying as buying_screens
from menus.screens import orders as order_screens
from menus.screens import services as service_screens
from menus.wording import WIDEST, languages, placeholders
from store import catalogue, gazetteer, questions, ratings
from store.gazetteer import Village
from store.orders import MACHINE
from store.orders.machine import SELLING
from tests.support import widest
from tests.support.widest import marked, say, talk, values

LANGUAGES = languages()
FIRST = ("home", "welcome")


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def at_widest(screen: Screen, lang: str, **given: str) -> Screen:
    """The screen with all its choices, and the widest values instead of the shop's."""
    texts = [screen.text, *(choice.label for choice in screen.choices)]
    rows = screen.rows
    if rows:
        texts.append(rows.empty)
        row = values(lang, rows.label)
        rows = replace(rows, load=lambda _: [(str(number), row) for number in range(12)])
    found = {**values(lang, *texts), **given}
    choices = tuple(replace(choice, when=None) for choice in screen.choices)
    return replace(screen, values=lambda _: found, choices=choices, rows=rows, aside=None)


def hints(name: str, lang: str) -> list[str]:
    """All that can stand above a screen."""
    screen = SCREENS[name]
    above = {
        "home": [account_screens.CHANGED],
        "quantity": [account_screens.WELCOME],
        "account": [account_screens.STOPPED, account_screens.STARTED],
    }
    asked = [screen.ask.hint] if screen.ask else [engine._WRONG_KEY]
    return ["", *(say(lang, hint) for hint in [*asked, *above.get(name, [])])]


def pages(screen: Screen, lang: str, hint: str = "") -> list[Page]:
    """The pages of a screen, as `9` shows them."""
    found: list[Page] = []
    start = 0
    while not found or start:
        page, _ = engine.lay_out(talk(lang), screen, start, hint, nested=screen.name not in FIRST)
        assert page.start == start
        assert len(found) < 40, "the pages come to no end"
        found.append(page)
        start = page.next
    return found


def check_choices(found: list[Page], screen: Screen, lang: str, hint: str) -> None:
    """Every page has its whole text and a choice at least, and all choices are somewhere."""
    given = screen.values(talk(lang)) if screen.values else {}
    said = widest.WORDING.say(lang, screen.text, **given)
    labels = [widest.WORDING.say(lang, choice.label, **given) for choice in screen.choices]
    if screen.rows:
        rows = screen.rows.load(talk(lang))
        labels += [widest.WORDING.say(lang, screen.rows.label, **row) for _, row in rows]
    for page in found:
        assert width(page.text) <= BUDGET, page.text
        assert page.choices
        assert page.text.startswith(f"{hint}\n{said}\n" if hint else f"{said}\n"), page.text
        for number, label in enumerate(labels[page.start : page.start + page.choices], start=1):
            assert f"\n{number}. {label}" in page.text
    assert sum(page.choices for page in found) == len(labels)


def check_words(found: list[Page], screen: Screen, lang: str, hint: str) -> None:
    """No page is too long or empty, and together they are the text."""
    given = screen.values(talk(lang)) if screen.values else {}
    foot = f"\n{say(lang, engine._BACK)}\n{say(lang, engine._HOME)}"
    more = "\n" + say(lang, engine._MORE)
    read = []
    for page in found:
        assert width(page.text) <= BUDGET, page.text
        assert page.text.startswith(hint)
        text = page.text.removeprefix(hint).strip("\n").removesuffix(foot).removesuffix(more)
        assert text
        read.append(text)
    assert " ".join(read) == widest.WORDING.say(lang, screen.text, **given)


@pytest.mark.parametrize("name", SCREENS)
def test_every_page_of_a_screen_fits(name: str, lang: str) -> None:
    for hint in hints(name, lang):
        for told in REFUSALS.values() if name == "told" else ("",):
            screen = at_widest(SCREENS[name], lang, told=say(lang, told), lines="W" * 24)
            check = check_choices if screen.choices or screen.rows else check_words
            check(pages(screen, lang, hint), screen, lang, hint)


AT_ONCE = [
    name
    for name, screen in SCREENS.items()
    if screen.ask or (screen.choices and not screen.rows and name != "order")
]


@pytest.mark.parametrize("name", AT_ONCE)
def test_a_question_and_its_answers_are_seen_at_once(name: str, lang: str) -> None:
    """On a screen that asks, 9 is an answer; on one that confirms, Ya must be in sight."""
    for hint in hints(name, lang):
        found = pages(at_widest(SCREENS[name], lang), lang, hint)
        assert len(found) == 1, (hint, found)


def test_what_is_said_when_there_is_nothing_is_seen_at_once(lang: str) -> None:
    """Also to somebody who was on the second page when the last of it sold out."""
    for name, screen in SCREENS.items():
        if screen.rows and screen.rows.empty:
            gone = replace(screen.rows, load=lambda _: [])
            empty = replace(at_widest(screen, lang), choices=(), rows=gone)
            for hint in hints(name, lang):
                (page,) = pages(empty, lang, hint)
                assert width(page.text) <= BUDGET, page.text
                assert say(lang, screen.rows.empty) in page.text
                assert page == engine.lay_out(talk(lang), empty, 8, hint, nested=True)[0]


def test_a_newcomer_is_welcomed_on_one_page(lang: str) -> None:
    """Nobody who has just registered can order something again."""
    home = SCREENS["home"]
    fresh = replace(home, choices=tuple(each for each in home.choices if each.when is None))
    assert len(pages(at_widest(fresh, lang), lang, say(lang, account_screens.WELCOME))) == 1


ASIDES = {
    "listing": (buying_screens.RATING, "Beli"),
    "service": (service_screens.FROM, "Beli"),
    "quantity": (buying_screens.RATING, ""),
}
"""What screens say in passing, and a choice that must be in sight meanwhile."""
NAMES = ("title", "unit", "seller", "village")
"""Values that people make as long as they like."""


def saying(screen: Screen, given: dict[str, object]) -> Screen:
    """The screen with these values."""
    return replace(screen, values=lambda _: given)


def test_every_screen_that_says_something_in_passing_is_measured() -> None:
    """The order's wish is, with the order, below."""
    assert {name for name, screen in SCREENS.items() if screen.aside} == {*ASIDES, "order"}


@pytest.mark.parametrize("name", ASIDES)
def test_what_is_said_in_passing_takes_nobodys_place(name: str, lang: str) -> None:
    """It is there exactly where it fits, and all else stays as it was."""
    sentence, choice = ASIDES[name]
    line = say(lang, sentence)
    without = at_widest(SCREENS[name], lang)
    given = without.values(talk(lang)) if without.values else {}
    seen = set()
    for length, hint in product(range(1, 25), hints(name, lang)):
        cut = {name: str(value)[:length] for name, value in given.items() if name in NAMES}
        plain = saying(without, {**given, **cut})
        (before,) = pages(plain, lang, hint)
        (after,) = pages(replace(plain, aside=lambda _: line), lang, hint)
        seen.add(line in after.text)
        assert width(after.text) <= BUDGET, after.text
        assert after.text.replace(f"\n{line}", "") == before.text
        assert say(lang, choice) in after.text
        assert (line in after.text) == (width(before.text) + width(line) < BUDGET)
    assert True in seen


def test_the_sellers_rating_is_seen_before_the_longest_order_too(lang: str) -> None:
    """Where the listing's own screen has no room for it, the next one has."""
    line = say(lang, buying_screens.RATING)
    screen = replace(at_widest(SCREENS["quantity"], lang), aside=lambda _: line)
    (page,) = pages(screen, lang)
    assert line in page.text


KINDS = ("goods", "service")


@pytest.mark.parametrize(
    ("state", "side", "late", "kind"), list(product(MACHINE.states, (1, 2), (False, True), KINDS))
)
def test_an_order_and_all_that_can_be_done_are_seen_at_once(
    state: str, side: int, late: bool, kind: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the real values and choices, for buyer and seller."""
    monkeypatch.setattr(order_screens, "_order", lambda _: widest.order(state, kind=kind))
    monkeypatch.setattr(store.orders, "is_late", lambda *_: late and state == "accepted")
    monkeypatch.setattr(ratings, "can_rate", lambda _, order: order.state in SELLING)
    reader = talk(lang, side)
    for hint in hints("order", lang):
        page, keys = engine.lay_out(reader, SCREENS["order"], 0, hint, nested=True)
        assert width(page.text) <= BUDGET, page.text
        assert (page.choices, page.next) == (len(keys), 0), page.text


def test_every_notice_is_one_sms(lang: str) -> None:
    for name, sentence in NOTICES.items():
        assert width(say(lang, sentence)) <= BUDGET, name


def test_every_refusal_is_one_sms(lang: str) -> None:
    for name, sentence in REFUSALS.items():
        assert width(say(lang, sentence)) <= BUDGET, name


def test_every_sentence_of_a_command_is_one_sms(lang: str) -> None:
    """Those that are put together are measured whole below."""
    for sentence in marked("commands"):
        if "lines" not in placeholders(sentence):
            assert width(say(lang, sentence)) <= BUDGET, sentence


def test_every_last_text_of_a_session_fits(lang: str) -> None:
    """Also an SMS: the commands say the same. They are the constants of the screens' modules."""
    ends = {engine._CLOSED, engine._SORRY}
    for name, module in list(sys.modules.items()):
        if name.startswith("menus.screens."):
            ends |= {text for text in vars(module).values() if isinstance(text, str)}
    for sentence in ends & {*marked("screens"), engine._CLOSED, engine._SORRY}:
        assert width(say(lang, sentence)) <= BUDGET, sentence


def reply(handle: Handle, lang: str, keyword: str, *args: str, side: int = 1) -> str:
    text = handle(talk(lang, side), Command(keyword, args, " ".join(args)))
    assert text is not None
    return text


@pytest.mark.parametrize("keyword", HANDLERS)
def test_how_a_command_is_typed_is_one_sms(keyword: str, lang: str) -> None:
    for word in Keywords.load().words_of(keyword):
        text = reply(account.help_, lang, "BANTU", word)
        assert text == say(lang, HANDLERS[keyword].how)
        assert width(text) <= BUDGET


@pytest.mark.parametrize(("state", "side", "kind"), list(product(MACHINE.states, (1, 2), KINDS)))
def test_the_details_of_an_order_are_one_sms(
    state: str, side: int, kind: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratings, "of_order", lambda *_: None)
    monkeypatch.setattr(store.orders, "find", lambda *_: widest.order(state, kind=kind))
    text = reply(orders.look, lang, "CEK", "10013", side=side)
    assert width(text) <= BUDGET, text


def test_lists_are_one_sms_with_one_entry_at_least(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = max(MACHINE.states, key=lambda state: len(say(lang, "{state}", state=state)))
    found = [widest.order(longest)] * 12
    monkeypatch.setattr(store.orders, "of_person", lambda *_: found)
    monkeypatch.setattr(store.orders, "waiting_for", lambda *_: found)
    monkeypatch.setattr(catalogue, "search", lambda *_: [widest.listing()] * 12)
    monkeypatch.setattr(questions, "waiting", lambda *_: [])
    for handler, keyword, entry in (
        (orders.look, "CEK", widest.order("done").number),
        (orders.yes, "YA", widest.order("done").number),
        (orders.no, "TIDAK", widest.order("done").number),
    ):
        text = reply(handler, lang, keyword)
        assert entry in text
        assert width(text) <= BUDGET, text
    text = reply(buying.search, lang, "CARI", "beras")
    assert widest.listing().number in text
    assert width(text) <= BUDGET, text


def test_which_of_several_villages_is_asked_in_one_sms(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = WIDEST["village"]
    namesakes = [
        Village(f"52.02.0{n}.2001", village, f"{n}{WIDEST['district'][1:]}", "Sumbawa")
        for n in range(3)
    ]
    monkeypatch.setattr(gazetteer, "load", lambda: SimpleNamespace(named=lambda _: namesakes))
    text = reply(account.register, lang, "DAFTAR", WIDEST["name"], village)
    assert namesakes[1].label in text
    assert width(text) <= BUDGET, text
