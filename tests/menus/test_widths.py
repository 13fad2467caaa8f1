"""Every screen and SMS fits with the longest values that the schema allows, in every language.

The declarations are walked, so a new screen, notice or command is measured without being named.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from types import FunctionType, SimpleNamespace
from typing import Any

import pytest

import store.orders
from menus import engine
from menus.actions.orders import codes_of
from menus.commands import account, answer, buying, help, look, money, yes_no
from menus.commands.grammar import Command
from menus.commands.keywords import Keywords
from menus.commands.registry import HANDLERS, Handle
from menus.notices import NOTICES, REFUSALS
from menus.page import BUDGET, Page, width
from menus.screen import SCREENS, Screen
from menus.screens import account as account_screens
from menus.screens import listing as listing_screens
from menus.screens import pin
from menus.screens import services as service_screens
from menus.talk import Talk
from menus.wording import WIDEST, languages, placeholders
from settings import Settings
from store import (
    catalogue,
    codes,
    disputes,
    drafts,
    gazetteer,
    limits,
    payouts,
    people,
    questions,
    ratings,
    remittances,
)
from store.clock import from_text
from store.disputes import Dispute
from store.gazetteer import Village
from store.orders import MACHINE, Order
from store.orders import machine as orders_machine
from store.orders.order import PREPARING
from store.remittances import Remittance
from tests.support import widest
from tests.support.widest import marked, say, talk, values

LANGUAGES = languages()
FIRST = ("home", "welcome")
LINES = {"order": "W" * limits.NAME, "rule": "W" * limits.REASON}
"""What stands for {lines} on a screen, at its longest; an order's codes are measured apart."""


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
    found = {**values(lang, *texts), "lines": LINES.get(screen.name, ""), **given}
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
            screen = at_widest(SCREENS[name], lang, told=say(lang, told))
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


def test_home_pages_itself_under_the_longest_thing_that_is_said_above_it(lang: str) -> None:
    """An agent's, with something to order again: what everybody has stays on its first page."""
    home, hint = at_widest(SCREENS["home"], lang), say(lang, pin.CHOSEN)
    found = pages(home, lang, hint)
    check_choices(found, home, lang, hint)
    assert len(found) == 2
    assert found[0].choices >= 6


ASIDES = {
    "listing": (listing_screens.RATING, "Beli"),
    "service": (service_screens.FROM, "Beli"),
    "quantity": (listing_screens.RATING, ""),
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
    line = say(lang, listing_screens.RATING)
    screen = replace(at_widest(SCREENS["quantity"], lang), aside=lambda _: line)
    (page,) = pages(screen, lang)
    assert line in page.text


OWED = {"cancelled": ("buyer",), "done": ("seller",), "settled": ("buyer", "seller")}
"""Who can have money to fetch from an agent, by the state of the order."""
SIDES = {1: "buyer", 2: "seller"}


def complaints_about(state: str) -> list[Dispute | None]:
    """All that may be known of a complaint about an order in this state."""
    if state == "disputed":
        found = product(("opened", "with agent", "with coordinator"), ("buyer", "seller", "agent"))
        return [widest.dispute(*each) for each in found]
    return [widest.dispute("ruled")] if state == "settled" else [None]


STANDS = [
    (state, side, late, dispute, kind)
    for state, side, kind in product(MACHINE.states, SIDES, ("goods", "service"))
    for late in ((False, True) if state in PREPARING else (False,))
    for dispute in complaints_about(state)
]
"""Every way in which an order can stand for one of its sides."""


@pytest.fixture
def standing(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, settings: Settings, lang: str
) -> tuple[Talk, Order]:
    """Somebody who looks at the largest order, as it stands for them; with money to fetch where
    that can be."""
    state, side, late, dispute, kind = request.param
    order, reader = widest.order(state, kind=kind), talk(lang, side)
    now = from_text(order.changed_at)
    reader.tx = SimpleNamespace(  # type: ignore[assignment]
        settings=settings, now=now, moment=order.changed_at, row=lambda *_: None, rows=lambda *_: []
    )
    due = [widest.payout(SIDES[side], side)] if SIDES[side] in OWED.get(state, ()) else []  # type: ignore[arg-type]
    monkeypatch.setattr(orders_machine, "is_late", lambda *_: late)
    monkeypatch.setattr(people, "by_id", lambda _, person_id: widest.person(person_id))
    monkeypatch.setattr(store.orders, "find", lambda *_: order)
    monkeypatch.setattr(disputes, "of_order", lambda *_: dispute)
    monkeypatch.setattr(disputes, "by_number", lambda *_: dispute)
    monkeypatch.setattr(payouts, "of_order", lambda *_: due)
    monkeypatch.setattr(payouts, "code_for", lambda _, payout: payout.code)
    monkeypatch.setattr(ratings, "of_order", lambda *_: None)
    reader.data = {"order": order.number}
    return reader, order


def id_of(stand: tuple[str, int, bool, Dispute | None, str]) -> str:
    state, side, late, dispute, kind = stand
    about = f"{dispute.side} {dispute.state}" if dispute else ""
    return " ".join([kind, state, SIDES[side], "late" if late else "", about]).strip()


@pytest.mark.parametrize("standing", STANDS, indirect=True, ids=map(id_of, STANDS))
def test_an_order_and_all_that_can_be_done_are_seen_at_once(
    standing: tuple[Talk, Order], lang: str
) -> None:
    """With the real values and choices, for buyer and seller."""
    reader, _ = standing
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
        text = reply(help.help_, lang, "BANTU", word)
        assert text == say(lang, HANDLERS[keyword].how)
        assert width(text) <= BUDGET


@pytest.mark.parametrize("standing", STANDS, indirect=True, ids=map(id_of, STANDS))
def test_the_details_of_an_order_are_one_sms(standing: tuple[Talk, Order], lang: str) -> None:
    """With the code that its reader gives for the goods, or for money, where there is one."""
    reader, order = standing
    text = look.look(reader, Command("CEK", (order.number,), order.number))
    assert width(text) <= BUDGET, text
    assert ("*****" in codes.masked(text)) == bool(codes_of(reader, order))


def test_lists_are_one_sms_with_one_entry_at_least(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = max(MACHINE.states, key=lambda state: len(say(lang, "{state}", state=state)))
    monkeypatch.setattr(store.orders, "of_person", lambda *_: [widest.order(longest)] * 12)
    text = reply(look.look, lang, "CEK")
    assert widest.order(longest).number in text
    assert width(text) <= BUDGET, text
    monkeypatch.setattr(catalogue, "search", lambda *_: [widest.listing()] * 12)
    text = reply(buying.search, lang, "CARI", "beras")
    assert widest.listing().number in text
    assert width(text) <= BUDGET, text


@pytest.mark.parametrize("first", ["orders", "complaints", "questions"])
@pytest.mark.parametrize("word", ["YA", "TIDAK"])
def test_all_that_waits_is_named_in_one_sms(
    first: str, word: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Orders, then complaints, then what agents and the shop ask; as many as there is room for."""
    order, dispute = widest.order("waiting"), widest.dispute("opened")
    asked = [questions.Question(kind, {}) for kind in ("proxy", "consent", "draft")]
    waiting = {"orders": [order] * 12, "complaints": [dispute] * 12, "questions": asked}
    kinds = list(waiting)[list(waiting).index(first) :]
    found = {kind: waiting[kind] if kind in kinds else [] for kind in waiting}
    monkeypatch.setattr(store.orders, "waiting_for", lambda *_: found["orders"])
    monkeypatch.setattr(disputes, "waiting_for", lambda *_: found["complaints"])
    monkeypatch.setattr(questions, "waiting", lambda *_: found["questions"])
    monkeypatch.setattr(drafts, "find", lambda *_: object())
    monkeypatch.setattr(remittances, "offered_to", lambda *_: [])
    text = reply(yes_no.yes if word == "YA" else yes_no.no, lang, word)
    named = "WAKIL" if lang == "id" else "PROXY"
    assert (named if first == "questions" else order.number) in text
    assert width(text) <= BUDGET, text


@pytest.mark.parametrize("offered", [[], [widest.remittance()]])
def test_the_cash_of_an_agent_and_what_to_do_with_it_is_one_sms(
    offered: list[Remittance], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = (limits.RUPIAH, limits.RUPIAH, limits.QUANTITY)
    monkeypatch.setattr(remittances, "cash", lambda *_: held)
    monkeypatch.setattr(remittances, "offered_to", lambda *_: offered)
    monkeypatch.setattr(remittances, "holdings", lambda *_: [object()])
    text = reply(money.cash, lang, "KAS")
    assert say(lang, "{amount}") in text
    assert width(text) <= BUDGET, text


def said_by(function: Callable[..., Any]) -> set[str]:
    """The sentences that a function of the commands can say, itself or by way of another."""
    found = set()
    for name in function.__code__.co_names:
        named = function.__globals__.get(name)
        if isinstance(named, str):
            found.add(named)
        elif isinstance(named, FunctionType) and named.__module__.startswith("menus.commands."):
            found |= said_by(named)
    return found & marked("commands")


@pytest.mark.parametrize("keyword", [each for each in HANDLERS if HANDLERS[each].confirm])
def test_what_is_asked_back_and_how_to_confirm_it_is_one_sms(keyword: str, lang: str) -> None:
    confirm = HANDLERS[keyword].confirm
    assert confirm
    said = said_by(confirm)
    assert said
    for sentence in said:
        text = f"{say(lang, sentence)} {say(lang, answer.CONFIRM)}"
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
