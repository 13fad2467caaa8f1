"""What buyer and seller do with an order."""

from datetime import timedelta

from settings import Settings
from store import catalogue, closing, codes, drafts, groups, limits, numbers, people, services
from store.calendar import end_of_day, last_moment
from store.catalogue import Listing
from store.clock import to_text
from store.errors import Refused
from store.orders.machine import MACHINE
from store.orders.order import Order, by_id, find, same_lately
from store.people import Person
from store.shop import Transaction


def check(tx: Transaction, buyer: Person, listing: Listing, quantity: int) -> None:
    """Whether the buyer may order this.

    Raises Refused("frozen" | "own_listing" | "not_offered" | "closed" | "bad_quantity" |
    "sold_out" | "short_stock" | "over_cap" | "too_far").
    """
    people.must_trade(buyer)
    if listing.seller_id == buyer.id or groups.is_member(tx, listing.seller_id, buyer):
        raise Refused("own_listing", listing=listing.number)
    if listing.frozen_at:
        raise Refused("not_offered", listing=listing.number)
    if closing.is_closed(tx, listing.closed_until):
        day = last_moment(listing.closed_until)
        raise Refused("closed", listing=listing.number, day=day)
    if not 1 <= quantity <= limits.QUANTITY:
        raise Refused("bad_quantity", most=limits.QUANTITY)
    if listing.stock == 0:
        raise Refused("sold_out", listing=listing.number)
    if listing.stock < quantity:
        raise Refused("short_stock", listing=listing.number, stock=listing.stock)
    held = services.deposit(listing, quantity) > 0  # then neither cap nor distance of cash counts
    cap = tx.settings.cap_vouched if buyer.vouched else tx.settings.cap_new
    cap = limits.RUPIAH if held else cap
    if listing.price * quantity > cap:
        raise Refused("over_cap", cap=cap)
    if not held and not _is_near(tx.settings, buyer, listing):
        raise Refused("too_far", listing=listing.number)


def _is_near(settings: Settings, buyer: Person, listing: Listing) -> bool:
    digits = {"district": 8, "regency": 5, "province": 2}[settings.cod_area]
    return buyer.village_code[:digits] == listing.village_code[:digits]


def place(
    tx: Transaction,
    buyer: Person,
    listing: Listing,
    quantity: int,
    *,
    again: bool = False,
    spec: str = "",
) -> Order:
    """Places an order, reserves its goods and asks the seller; a service needs a `spec`.

    Raises Refused as `check` does, Refused("no_spec" | "fully_booked") for a service, and
    Refused("same_order") unless `again`.
    """
    check(tx, buyer, listing, quantity)
    wish = services.clean_spec(spec) if listing.kind == "service" else ""
    if wish is None:
        raise Refused("no_spec", listing=listing.number, quantity=quantity)
    same = None if again else same_lately(tx, buyer, listing, quantity, wish)
    if same:
        raise Refused("same_order", number=same.number, listing=listing.number, quantity=quantity)
    slot = catalogue.reserve(tx, listing, quantity)
    order_id, number = numbers.new(tx, "order")
    wait = tx.settings.seller_answer_perishable if listing.perishable else tx.settings.seller_answer
    tx.execute(
        "INSERT INTO orders (id, number, listing_id, buyer_id, seller_id, title, unit, quantity,"
        " price, total, state, placed_at, answer_by, changed_at, spec, slot, deposit)"
        " VALUES (:id, :number, :listing, :buyer, :seller, :title, :unit, :quantity,"
        " :price, :total, 'waiting', :now, :answer_by, :now, :spec, :slot, :deposit)",
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
            "spec": wish,
            "slot": slot,
            "deposit": services.deposit(listing, quantity),
        },
    )
    order = by_id(tx, order_id)
    details = {"number": number, "listing": listing.number}
    MACHINE.begin(tx, order, "place", buyer.msisdn, tells={"seller": "order_new"}, details=details)
    drafts.drop(tx, buyer.msisdn)
    return order


def accept(tx: Transaction, seller: Person, number: str, days: int | None = None) -> Order:
    """The seller takes the order and promises it within `days` days (0: today)."""
    people.must_trade(seller)
    order = find(tx, seller, number, role="seller")
    groups.must_trade(tx, seller, order)
    if days is not None and not 0 <= days <= limits.PROMISED_DAYS:
        raise Refused("bad_days", number=number)
    if days is None and order.kind == "service":
        promised_by = services.promised_by(tx, order)
    elif days is None:
        promised_by = tx.later(tx.settings.ship_within)
    else:
        today = tx.now.astimezone(tx.settings.zone).date()
        promised_by = to_text(end_of_day(today + timedelta(days=days), tx.settings.zone))
    promise = {"promised_by": promised_by}
    return MACHINE.move(tx, order, "accept", seller.msisdn, keep=promise, details=promise)


def reject(tx: Transaction, seller: Person, number: str, why: str = "") -> Order:
    """The seller does not take the order; `why` is told to the buyer."""
    order = find(tx, seller, number, role="seller")
    reason = {"why": why} if why else {}
    return MACHINE.move(tx, order, "reject", seller.msisdn, details=reason, values=reason)


def send(tx: Transaction, seller: Person, number: str) -> Order:
    """The goods are on their way; the buyer is shown the code to give for them."""
    people.must_trade(seller)
    order = find(tx, seller, number, role="seller")
    groups.must_trade(tx, seller, order)
    nonce = codes.new_nonce(tx.chance)
    code = codes.placeholder(order.id, nonce)
    keep, values = {"code_nonce": nonce}, {"code": code}
    return MACHINE.move(tx, order, "send", seller.msisdn, keep=keep, values=values)


def hand_over(tx: Transaction, seller: Person, number: str, code: str) -> Order:
    """The seller proves the hand-over with the buyer's code.

    Raises Refused("bad_code") for a slip that the check digit finds, which costs no try,
    Refused("wrong_code") for a wrong code, which does, and Refused("no_tries") after the last.
    """
    order = find(tx, seller, number, role="seller")
    MACHINE.transition(order, "hand over")
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
    return MACHINE.move(tx, order, "hand over", seller.msisdn)


def receive(tx: Transaction, buyer: Person, number: str) -> Order:
    """The buyer has the goods: handed over, or, when they were already, content and done."""
    order = find(tx, buyer, number, role="buyer")
    return MACHINE.move(tx, order, "receive", buyer.msisdn)


def cancel(tx: Transaction, buyer: Person, number: str) -> Order:
    """The buyer calls it off: while it waits, or when it was not sent by the promised time."""
    order = find(tx, buyer, number, role="buyer")
    return MACHINE.move(tx, order, "cancel", buyer.msisdn)
