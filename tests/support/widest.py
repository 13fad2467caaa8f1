"""The longest that the shop can say: sentences with the widest values that the schema allows."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.messages.extract import extract_from_dir

from menus.notices import NOTICES
from menus.screens.listing import CATEGORY_LABELS
from menus.talk import Talk
from menus.wording import (
    CATALOGUES,
    COMPLAINTS,
    MONEY,
    STATES,
    WIDEST,
    Wording,
    placeholders,
    translate,
)
from store import codes, limits
from store.catalogue import CATEGORIES, Listing
from store.disputes import Dispute
from store.orders import Order
from store.payouts import Payout, Role
from store.people import Person
from store.remittances import Remittance

WORDING = Wording(ZoneInfo("Asia/Makassar"), NOTICES)
CODE = codes.placeholder(limits.RUPIAH, "f" * 16)
YEAR = [datetime(2028, 1, 1, 4, tzinfo=UTC) + timedelta(days=day) for day in range(366)]


def marked(folder: str = "") -> set[str]:
    """The sentences that a folder of the conversation's room marks for the catalogues."""
    found = extract_from_dir(CATALOGUES.parent / folder, keywords={"N_": None})
    return {str(sentence) for _, _, sentence, _, _ in found}


def widest(name: str, lang: str) -> Any:
    """What the shop gives for a placeholder, so that what is said of it is as wide as can be."""
    match name:
        case _ if name in MONEY:
            return limits.RUPIAH
        case "complaint":
            return max(COMPLAINTS, key=lambda each: len(translate(lang, COMPLAINTS[each])))
        case "advance" | "percent":
            return 100
        case "stock" | "count":
            return limits.QUANTITY
        case "average":
            return 5.0
        case "code":
            return CODE
        case "day":
            return max(YEAR, key=lambda day: len(WORDING.say(lang, "{day}", day=day)))
        case "time":
            return YEAR[0]
        case "state":
            return max(STATES, key=lambda state: len(translate(lang, STATES[state])))
        case "category":
            return max((translate(lang, label) for label in CATEGORY_LABELS.values()), key=len)
    return WIDEST[name]


def values(lang: str, *sentences: str) -> dict[str, Any]:
    """The widest values of all placeholders of the sentences."""
    return {name: widest(name, lang) for text in sentences for name in placeholders(text)}


def say(lang: str, sentence: str, **given: Any) -> str:
    """The sentence at its widest."""
    return WORDING.say(lang, sentence, **{**values(lang, sentence), **given})


def talk(lang: str, person_id: int = 1) -> Talk:
    """A registered person who reads `lang`, at the other end of no market at all."""
    found = Talk(None, WORDING, WIDEST["phone"])
    found.lang = lang
    found.person = person(person_id)
    return found


def person(person_id: int) -> Person:
    """Somebody with the longest name."""
    village, district = WIDEST["village"], WIDEST["district"]
    return Person(
        person_id,
        WIDEST["phone"],
        WIDEST["name"],
        "52.02.02.2010",
        village,
        district,
        vouched=False,
        frozen=False,
    )


def listing() -> Listing:
    """Something with the longest title, for the highest price."""
    return Listing(
        id=1,
        number=WIDEST["listing"],
        seller_id=2,
        category=CATEGORIES[0].code,
        title=WIDEST["title"],
        unit=WIDEST["unit"],
        price=limits.RUPIAH,
        stock=limits.QUANTITY,
        seller=WIDEST["seller"],
        seller_msisdn=WIDEST["phone"],
        village=WIDEST["village"],
        village_code="52.02.02.2010",
    )


def order(
    state: str, promised_by: str | None = "2028-12-30T04:00:00.000000Z", kind: str = "goods"
) -> Order:
    """The largest order, from person 1 to person 2, in a state."""
    return Order(
        id=limits.RUPIAH,
        number=WIDEST["number"],
        listing_id=1,
        listing=WIDEST["listing"],
        title=WIDEST["title"],
        unit=WIDEST["unit"],
        quantity=limits.QUANTITY,
        price=limits.RUPIAH,
        total=limits.RUPIAH,
        state=state,
        placed_at="2028-12-28T04:00:00.000000Z",
        answer_by="2028-12-29T04:00:00.000000Z",
        promised_by=promised_by,
        code_nonce="f" * 16,
        code_tries=0,
        buyer_id=1,
        buyer=WIDEST["buyer"],
        buyer_msisdn=WIDEST["phone"],
        village=WIDEST["village"],
        seller_id=2,
        seller=WIDEST["seller"],
        seller_msisdn=WIDEST["phone"],
        kind=kind,
        spec=WIDEST["spec"] if kind == "service" else "",
        slot=None,
        deposit=limits.RUPIAH,
        changed_at="2028-12-28T04:00:00.000000Z",
        kiosk_id=3,
        courier_id=None,
        courier_fee=0,
        held=limits.RUPIAH,
        agent_id=3,
        agent=WIDEST["agent"],
        agent_msisdn=WIDEST["phone"],
    )


def dispute(state: str, side: str = "buyer") -> Dispute:
    """The longest complaint about that order, by one side of it, in a state."""
    return Dispute(
        id=limits.RUPIAH,
        order_id=limits.RUPIAH,
        number=WIDEST["number"],
        side=side,  # type: ignore[arg-type]
        complaint="not arrived",
        told="W" * limits.REASON,
        reply="W" * limits.REASON,
        paid=limits.RUPIAH,
        state=state,
        agent_id=4,
        first_id=None,
        percent=100,
        owed=limits.RUPIAH,
        changed_at="2028-12-28T04:00:00.000000Z",
        buyer_id=1,
        buyer=WIDEST["buyer"],
        buyer_msisdn=WIDEST["phone"],
        seller_id=2,
        seller=WIDEST["seller"],
        seller_msisdn=WIDEST["phone"],
    )


def payout(role: Role, person_id: int) -> Payout:
    """The most that an agent can owe somebody for that order."""
    return Payout(
        id=limits.RUPIAH,
        order_id=limits.RUPIAH,
        number=WIDEST["number"],
        role=role,
        person_id=person_id,
        person=WIDEST["name"],
        msisdn=WIDEST["phone"],
        agent_id=3,
        agent=WIDEST["agent"],
        agent_msisdn=WIDEST["phone"],
        amount=limits.RUPIAH,
        state="due",
        code_nonce="f" * 16,
        code_tries=0,
    )


def remittance() -> Remittance:
    """The most that one agent can hand to another, for the thousandth time."""
    return Remittance(
        id=limits.RUPIAH,
        giver_id=3,
        giver=WIDEST["agent"],
        giver_msisdn=WIDEST["phone"],
        taker_id=4,
        taker=WIDEST["name"],
        taker_msisdn=WIDEST["phone"],
        amount=limits.RUPIAH,
        state="offered",
    )
