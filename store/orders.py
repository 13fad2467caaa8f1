"""Orders: the machine, and the actions of buyer, seller and clock upon it.

An order changes only along TRANSITIONS, by a guarded update, in one transaction with its event,
the notices it causes and its timers. Paid in cash when the code is given, so no agent is needed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from settings import Settings
from store import catalogue, codes, drafts, limits, numbers, outbox, timers
from store.catalogue import Listing
from store.clock import add_working_time, end_of_day, from_text, to_text
from store.errors import Refused
from store.people import Person
from store.shop import Transaction


@dataclass(frozen=True)
class Transition:
    """`action` takes an order from `source` to `target` when `who` does it."""

    action: str
    source: str
    target: str
    who: str


TRANSITIONS = (
    Transition("accept", "waiting", "accepted", "seller"),
    Transition("reject", "waiting", "rejected", "seller"),
    Transition("expire", "waiting", "expired", "clock"),
    Transition("cancel", "waiting", "cancelled", "buyer"),
    Transition("send", "accepted", "sent", "seller"),
    Transition("cancel", "accepted", "cancelled", "buyer"),  # only once it is late
    Transition("hand over", "sent", "handed over", "seller"),
    Transition("receive", "accepted", "handed over", "buyer"),
    Transition("receive", "sent", "handed over", "buyer"),
    Transition("receive", "handed over", "done", "buyer"),
    Transition("finish", "handed over", "done", "clock"),
)

STATES = ("waiting", "accepted", "sent", "handed over", "done", "rejected", "expired", "cancelled")
"""Every state; the last four are final."""

MOST_LISTED = 40
"""Orders that one person is shown at a time."""

SAME_WITHIN = timedelta(days=1)
"""The same listing and quantity again within this time is asked about first."""


@dataclass(frozen=True)
class Order:
    """An order with the names and phones of its two sides; money in rupiah."""

    id: int
    number: str
    listing_id: int
    listing: str
    title: str
    unit: str
    quantity: int
    price: int
    total: int
    state: str
    placed_at: str
    answer_by: str
    promised_by: str | None
    code_nonce: str | None
    code_tries: int
    buyer_id: int
    buyer: str
    buyer_msisdn: str
    village: str
    seller_id: int
    seller: str
    seller_msisdn: str

    @property
    def subject(self) -> str:
        """How events name it; timers know it by its id."""
        return f"order:{self.id}"


_SELECT = """
SELECT orders.id, orders.number, orders.listing_id, listings.number AS listing, orders.title,
       orders.unit, orders.quantity, orders.price, orders.total, orders.state, orders.placed_at,
       orders.answer_by, orders.promised_by, orders.code_nonce, orders.code_tries,
       orders.buyer_id, buyers.name AS buyer, buyers.msisdn AS buyer_msisdn,
       villages.name AS village,
       orders.seller_id, sellers.name AS seller, sellers.msisdn AS seller_msisdn
FROM orders
JOIN listings ON listings.id = orders.listing_id
JOIN people AS buyers ON buyers.id = orders.buyer_id
JOIN villages ON villages.code = buyers.village_code
JOIN people AS sellers ON sellers.id = orders.seller_id
"""


def by_id(tx: Transaction, order_id: int) -> Order:
    """The order of this id, which must exist."""
    row = tx.row(_SELECT + "WHERE orders.id = ?", (order_id,))
    if row is None:
        raise LookupError(f"no order {order_id}")
    return Order(**row)


def find(tx: Transaction, person: Person, number: str, *, role: str | None = None) -> Order:
    """A person's own order, as "buyer", as "seller", or either.

    Raises Refused("no_order"): somebody else's order is told no differently from one that is not.
    """
    row = tx.row(_SELECT + "WHERE orders.number = ?", (number,))
    order = Order(**row) if row else None
    mine = order and {"buyer": order.buyer_id, "seller": order.seller_id}
    if not order or not mine or person.id not in ([mine[role]] if role else mine.values()):
        raise Refused("no_order", number=number)
    return order


def of_person(tx: Transaction, person: Person) -> list[Order]:
    """A person's orders on both sides, newest first, at most MOST_LISTED."""
    rows = tx.rows(
        _SELECT + "WHERE orders.id IN (SELECT id FROM ("
        "   SELECT id FROM orders WHERE buyer_id = :me ORDER BY id DESC LIMIT :most) AS bought)"
        " OR orders.id IN (SELECT id FROM ("
        "   SELECT id FROM orders WHERE seller_id = :me ORDER BY id DESC LIMIT :most) AS sold)"
        " ORDER BY orders.id DESC LIMIT :most",
        {"me": person.id, "most": MOST_LISTED},
    )
    return [Order(**row) for row in rows]


def waiting_for(tx: Transaction, seller: Person) -> list[Order]:
    """The orders that wait for this seller's answer, oldest first, at most MOST_LISTED."""
    rows = tx.rows(
        _SELECT + "WHERE orders.seller_id = ? AND orders.state = 'waiting'"
        " ORDER BY orders.id LIMIT ?",
        (seller.id, MOST_LISTED),
    )
    return [Order(**row) for row in rows]


def last_bought(tx: Transaction, buyer: Person) -> Order | None:
    """The buyer's latest order whose listing still has as many."""
    row = tx.row(
        _SELECT + "WHERE orders.buyer_id = ? AND listings.stock >= orders.quantity"
        " AND orders.state NOT IN ('rejected', 'expired')"
        " ORDER BY orders.id DESC LIMIT 1",
        (buyer.id,),
    )
    return Order(**row) if row else None


def check(tx: Transaction, buyer: Person, listing: Listing, quantity: int) -> None:
    """Whether the buyer may order this.

    Raises Refused("own_listing" | "bad_quantity" | "sold_out" | "short_stock" | "over_cap" |
    "too_far").
    """
    if listing.seller_id == buyer.id:
        raise Refused("own_listing", listing=listing.number)
    if not 1 <= quantity <= limits.QUANTITY:
        raise Refused("bad_quantity", most=limits.QUANTITY)
    if listing.stock == 0:
        raise Refused("sold_out", listing=listing.number)
    if listing.stock < quantity:
        raise Refused("short_stock", listing=listing.number, stock=listing.stock)
    cap = tx.settings.cap_vouched if buyer.vouched else tx.settings.cap_new
    if listing.price * quantity > cap:
        raise Refused("over_cap", cap=cap)
    if not _is_near(tx.settings, buyer, listing):
        raise Refused("too_far", listing=listing.number)


def _is_near(settings: Settings, buyer: Person, listing: Listing) -> bool:
    digits = {"district": 8, "regency": 5, "province": 2}[settings.cod_area]
    return buyer.village_code[:digits] == listing.village_code[:digits]


def same_lately(tx: Transaction, buyer: Person, listing: Listing, quantity: int) -> Order | None:
    """The buyer's order of the same within a day, unless it came to nothing."""
    row = tx.row(
        _SELECT + "WHERE orders.buyer_id = :buyer AND orders.listing_id = :listing"
        " AND orders.quantity = :quantity AND orders.placed_at > :since"
        " AND orders.state NOT IN ('rejected', 'expired', 'cancelled')"
        " ORDER BY orders.id DESC LIMIT 1",
        {
            "buyer": buyer.id,
            "listing": listing.id,
            "quantity": quantity,
            "since": tx.later(-SAME_WITHIN),
        },
    )
    return Order(**row) if row else None


def place(
    tx: Transaction, buyer: Person, listing: Listing, quantity: int, *, again: bool = False
) -> Order:
    """Places an order, reserves its goods and asks the seller.

    Raises Refused as `check` does, and Refused("same_order") unless `again`.
    """
    check(tx, buyer, listing, quantity)
    same = None if again else same_lately(tx, buyer, listing, quantity)
    if same:
        raise Refused("same_order", number=same.number, listing=listing.number, quantity=quantity)
    catalogue.reserve(tx, listing, quantity)
    order_id, number = numbers.new(tx, "order")
    wait = tx.settings.seller_answer_perishable if listing.perishable else tx.settings.seller_answer
    tx.execute(
        "INSERT INTO orders (id, number, listing_id, buyer_id, seller_id, title, unit, quantity,"
        " price, total, state, placed_at, answer_by, changed_at)"
        " VALUES (:id, :number, :listing, :buyer, :seller, :title, :unit, :quantity,"
        " :price, :total, 'waiting', :now, :answer_by, :now)",
        {
            "id": order_id,
            "number": number,
            "listing": listing.id,
            "buyer": buyer.id,
            "seller": listing.seller_id,
            "title": listing.title,
            "unit": listing.unit,
            "quantity": quantity,
            "price": listing.price,
            "total": listing.price * quantity,
            "now": tx.moment,
            "answer_by": tx.later(wait),
        },
    )
    order = by_id(tx, order_id)
    tx.event(buyer.msisdn, "order.place", order.subject, number=number, listing=listing.number)
    drafts.drop(tx, buyer.msisdn)
    timers.set_timer(tx, "remind_seller", str(order_id), tx.later(wait / 2))
    timers.set_timer(tx, "expire_order", str(order_id), order.answer_by)
    _tell(tx, order.seller_msisdn, "order_new", order)
    return order


def accept(tx: Transaction, seller: Person, number: str, days: int | None = None) -> Order:
    """The seller takes the order and promises it within `days` days (0: today)."""
    order = find(tx, seller, number, role="seller")
    if days is not None and not 0 <= days <= limits.PROMISED_DAYS:
        raise Refused("bad_days", number=number)
    if days is None:
        promised_by = tx.later(tx.settings.ship_within)
    else:
        today = tx.now.astimezone(tx.settings.zone).date()
        promised_by = to_text(end_of_day(today + timedelta(days=days), tx.settings.zone))
    order = _change(tx, order, "accept", seller.msisdn, promised_by=promised_by)
    timers.cancel(tx, str(order.id), "remind_seller", "expire_order")
    timers.set_timer(tx, "order_late", str(order.id), promised_by)
    _tell(tx, order.buyer_msisdn, "order_accepted", order)
    return order


def reject(tx: Transaction, seller: Person, number: str, why: str = "") -> Order:
    """The seller does not take the order; `why` is told to the buyer."""
    order = find(tx, seller, number, role="seller")
    order = _change(tx, order, "reject", seller.msisdn, why=why)
    _close(tx, order)
    _tell(tx, order.buyer_msisdn, "order_rejected_why" if why else "order_rejected", order, why=why)
    return order


def send(tx: Transaction, seller: Person, number: str) -> Order:
    """The goods are on their way; the buyer is shown the code to give for them."""
    order = find(tx, seller, number, role="seller")
    nonce = codes.new_nonce(tx.chance)
    order = _change(tx, order, "send", seller.msisdn, code_nonce=nonce)
    timers.cancel(tx, str(order.id), "order_late")
    _tell(tx, order.buyer_msisdn, "order_sent", order, code=codes.placeholder(order.id, nonce))
    return order


def hand_over(tx: Transaction, seller: Person, number: str, code: str) -> Order:
    """The seller proves the hand-over with the buyer's code.

    Raises Refused("bad_code") for a slip that the check digit finds, which costs no try,
    Refused("wrong_code") for a wrong code, which does, and Refused("no_tries") after the last.
    """
    order = find(tx, seller, number, role="seller")
    _transition(order, "hand over")
    if not codes.well_formed(code):
        raise Refused("bad_code", number=number)
    if order.code_tries >= limits.CODE_TRIES:
        raise Refused("no_tries", number=number)
    if code != codes.hand_over_code(tx.settings.pepper, order.id, order.code_nonce or ""):
        tx.execute("UPDATE orders SET code_tries = code_tries + 1 WHERE id = ?", (order.id,))
        tries = order.code_tries + 1
        tx.event(seller.msisdn, "order.wrong_code", order.subject, tries=tries)
        left = limits.CODE_TRIES - tries
        raise Refused("wrong_code" if left else "no_tries", number=number, left=left)
    return _handed_over(tx, order, "hand over", seller.msisdn)


def receive(tx: Transaction, buyer: Person, number: str) -> Order:
    """The buyer has the goods: handed over, or, when they were already, content and done."""
    order = find(tx, buyer, number, role="buyer")
    if order.state == "handed over":
        order = _change(tx, order, "receive", buyer.msisdn)
        timers.cancel(tx, str(order.id), "finish_order")
        return order
    order = _handed_over(tx, order, "receive", buyer.msisdn)
    _tell(tx, order.seller_msisdn, "order_received", order)
    return order


def cancel(tx: Transaction, buyer: Person, number: str) -> Order:
    """The buyer calls it off: while it waits, or when it was not sent by the promised time."""
    order = find(tx, buyer, number, role="buyer")
    if order.state == "accepted" and not is_late(tx, order):
        raise Refused("not_late", number=number, day=last_moment(order))
    order = _change(tx, order, "cancel", buyer.msisdn)
    _close(tx, order)
    _tell(tx, order.seller_msisdn, "order_cancelled", order)
    return order


def last_moment(order: Order) -> datetime | None:
    """The last moment of the promised time: a promise for today ends at midnight, not tomorrow."""
    return from_text(order.promised_by) - timedelta(microseconds=1) if order.promised_by else None


def is_late(tx: Transaction, order: Order) -> bool:
    """Whether the promised time has passed without the goods being sent."""
    return order.state == "accepted" and (order.promised_by or "") <= tx.moment


def code_for(order: Order, person: Person) -> str | None:
    """The placeholder of the hand-over code, for its buyer only, while it is of use."""
    if order.state == "sent" and order.code_nonce and person.id == order.buyer_id:
        return codes.placeholder(order.id, order.code_nonce)
    return None


@timers.handler("remind_seller")
def _remind(tx: Transaction, subject: str) -> None:
    order = by_id(tx, int(subject))
    if order.state == "waiting":
        _tell(tx, order.seller_msisdn, "order_reminder", order, kind="reminder")


@timers.handler("expire_order")
def _expire(tx: Transaction, subject: str) -> None:
    order = by_id(tx, int(subject))
    if order.state == "waiting":
        order = _change(tx, order, "expire", "clock")
        _close(tx, order)
        _tell(tx, order.buyer_msisdn, "order_expired", order)
        _tell(tx, order.seller_msisdn, "order_missed", order)


@timers.handler("order_late")
def _late(tx: Transaction, subject: str) -> None:
    order = by_id(tx, int(subject))
    if order.state == "accepted":
        tx.event("clock", "order.late", order.subject)
        _tell(tx, order.buyer_msisdn, "order_late", order)


@timers.handler("finish_order")
def _finish(tx: Transaction, subject: str) -> None:
    order = by_id(tx, int(subject))
    if order.state == "handed over":
        _change(tx, order, "finish", "clock")


def _handed_over(tx: Transaction, order: Order, action: str, actor: str) -> Order:
    order = _change(tx, order, action, actor)
    catalogue.hand_out(tx, order.listing_id, order.quantity)
    timers.cancel(tx, str(order.id), "order_late")
    done_at = add_working_time(tx.now, tx.settings.complaint_window, tx.settings.zone)
    timers.set_timer(tx, "finish_order", str(order.id), to_text(done_at))
    return order


def _close(tx: Transaction, order: Order) -> None:
    """The order came to nothing: its goods can be sold to others."""
    catalogue.release(tx, order.listing_id, order.quantity)
    timers.cancel(tx, str(order.id), "remind_seller", "expire_order", "order_late")


def _transition(order: Order, action: str) -> Transition:
    for transition in TRANSITIONS:
        if (transition.action, transition.source) == (action, order.state):
            return transition
    raise Refused("not_now", number=order.number, state=order.state)


def _change(tx: Transaction, order: Order, action: str, actor: str, **details: Any) -> Order:
    """Moves the order along its transition, guarded, with the one event of the action.

    Of `details`, the columns `promised_by` and `code_nonce` are kept with the order; the nonce,
    from which a code is made, stays out of the event.
    """
    transition = _transition(order, action)
    changed = tx.execute(
        "UPDATE orders SET state = :target, changed_at = :now,"
        " promised_by = COALESCE(:promised_by, promised_by),"
        " code_nonce = COALESCE(:code_nonce, code_nonce)"
        " WHERE id = :id AND state = :source",
        {
            "target": transition.target,
            "now": tx.moment,
            "promised_by": details.get("promised_by"),
            "code_nonce": details.pop("code_nonce", None),
            "id": order.id,
            "source": transition.source,
        },
    )
    if not changed:
        raise Refused("not_now", number=order.number, state=by_id(tx, order.id).state)
    tx.event(actor, f"order.{action.replace(' ', '_')}", order.subject, **details)
    return by_id(tx, order.id)


def _tell(
    tx: Transaction, msisdn: str, notice: str, order: Order, *, kind: str = "order", **more: Any
) -> None:
    outbox.notify(tx, msisdn, notice, kind=kind, **describe(order), **more)


def describe(order: Order) -> dict[str, Any]:
    """The order as the values of a sentence."""
    return {
        "number": order.number,
        "quantity": order.quantity,
        "unit": order.unit,
        "title": order.title,
        "total": order.total,
        "state": order.state,
        "buyer": order.buyer,
        "buyer_phone": order.buyer_msisdn,
        "seller": order.seller,
        "seller_phone": order.seller_msisdn,
        "village": order.village,
        "day": last_moment(order),
    }
