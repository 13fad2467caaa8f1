"""What buyer and seller do with an order."""

from typing import Any

from settings import Settings
from store import (
    agents,
    catalogue,
    closing,
    codes,
    drafts,
    groups,
    limits,
    numbers,
    outbox,
    people,
    services,
)
from store.calendar import last_moment
from store.catalogue import Listing
from store.errors import Refused
from store.orders import promise
from store.orders.finding import find, same_lately
from store.orders.machine import AGENT, BUYER, COURIER, MACHINE, SELLER, content_by
from store.orders.order import Order, by_id, by_number, describe
from store.orders.sides import parties, seller_must_trade
from store.people import Person
from store.shop import Transaction


def check(
    tx: Transaction, buyer: Person, listing: Listing, quantity: int, *, by_agent: bool = False
) -> None:
    """Whether the buyer may order this; `by_agent`, once an agent holds all of its price.

    Raises Refused("frozen" | "own_listing" | "not_offered" | "closed" | "bad_quantity" |
    "sold_out" | "short_stock" | "over_cap" | "too_far" | "no_agents").
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
    deposit = services.deposit(listing, quantity, by_agent=by_agent)
    cap = tx.settings.cap_vouched if buyer.vouched else tx.settings.cap_new
    if listing.price * quantity - deposit > cap:
        raise Refused("over_cap", cap=cap, listing=listing.number, quantity=quantity)
    if listing.price * quantity > limits.RUPIAH:
        raise Refused("bad_quantity", most=limits.RUPIAH // listing.price)
    if not deposit and not _is_near(tx.settings, buyer, listing):
        raise Refused("too_far", listing=listing.number, quantity=quantity)
    if deposit:
        _custodian(tx, buyer.id, listing.seller_id)


def _custodian(tx: Transaction, buyer_id: int, seller_id: int) -> Person:
    """The agent to whom the buyer of something is sent with the money. Raises
    Refused("no_agents")."""
    found = agents.nearest(tx, buyer_id, {buyer_id, seller_id})
    if found is None:
        raise Refused("no_agents")
    return people.by_id(tx, found)


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
    by_agent: bool = False,
    spec: str = "",
) -> Order:
    """Places an order, reserves its goods and asks the seller; a service needs a `spec`.

    `by_agent`: an agent is to hold all of its price before the seller sends it.

    Raises Refused as `check` does, Refused("no_spec" | "fully_booked") for a service, and
    Refused("same_order") unless `again`.
    """
    check(tx, buyer, listing, quantity, by_agent=by_agent)
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
            "deposit": services.deposit(listing, quantity, by_agent=by_agent),
        },
    )
    order = by_id(tx, order_id)
    details = {
        "number": number,
        "listing": listing.number,
        "buyer_id": buyer.id,
        "seller_id": listing.seller_id,
        "quantity": quantity,
        "price": listing.price,
        "total": order.total,
        "deposit": order.deposit,
        "answer_by": order.answer_by,
    }
    MACHINE.begin(tx, order, "place", buyer.msisdn, tells={"seller": "order_new"}, details=details)
    drafts.drop(tx, buyer.msisdn)
    return order


def accept(tx: Transaction, seller: Person, number: str, days: int | None = None) -> Order:
    """The seller takes the order and promises it within `days` days (0: today).

    Raises Refused("frozen" | "no_order" | "is_frozen" | "bad_days" | "no_agents" | "not_now").
    """
    people.must_trade(seller)
    order = find(tx, seller, number, role="seller")
    seller_must_trade(tx, seller, order)
    if days is not None and not 0 <= days <= limits.PROMISED_DAYS:
        raise Refused("bad_days", number=number)
    promised = {"promised_by": promise.within(tx, order, days)}
    return MACHINE.move(
        tx, order, "accept", SELLER, seller.msisdn, keep=promised, details=promised,
        values=_where_to_deposit(tx, order),
    )  # fmt: skip


def _where_to_deposit(tx: Transaction, order: Order) -> dict[str, Any]:
    """Where the buyer brings the money, and by when, where the order needs any first."""
    if not order.unpaid_deposit:
        return {}
    agent = _custodian(tx, order.buyer_id, order.seller_id)
    by = tx.later(tx.settings.deposit_within)
    return {"agent": agent.name, "agent_phone": agent.msisdn, "day": last_moment(by)}


def reject(tx: Transaction, seller: Person, number: str, why: str = "") -> Order:
    """The seller does not take the order; the buyer is told `why`."""
    return _refuse(tx, seller, number, "reject", why)


def give_up(tx: Transaction, seller: Person, number: str, why: str = "") -> Order:
    """The seller cannot keep their word; the buyer is told `why`."""
    return _refuse(tx, seller, number, "give up", why)


def _refuse(tx: Transaction, seller: Person, number: str, action: str, why: str) -> Order:
    order = find(tx, seller, number, role="seller")
    reason = {"why": why} if why else {}
    return MACHINE.move(tx, order, action, SELLER, seller.msisdn, details=reason, values=reason)


def send(
    tx: Transaction,
    seller: Person,
    number: str,
    courier: Person | None = None,
    fee: int = 0,
) -> Order:
    """The goods are on their way; the buyer is shown the code to give for them.

    A `courier` gets their `fee` out of what an agent holds for the seller, once that is the
    seller's. Raises Refused("frozen" | "is_frozen" | "bad_courier" | "bad_fee"), and as the machine
    does.
    """
    people.must_trade(seller)
    order = find(tx, seller, number, role="seller")
    seller_must_trade(tx, seller, order)
    MACHINE.transition(order, "send", SELLER)
    keep: dict[str, Any] = {"code_nonce": codes.new_nonce(tx.chance)}
    details: dict[str, Any] = {}
    if courier:
        if courier.id in (*parties(tx, order), order.agent_id):
            raise Refused("bad_courier", number=number)
        if courier.frozen:
            raise Refused("is_frozen", name=courier.name)
        if not 1 <= fee <= order.held:
            raise Refused("bad_fee", number=number, held=order.held)
        details = {"courier_id": courier.id, "courier_fee": fee}
        keep |= details
    values = {"code": codes.placeholder(order.id, keep["code_nonce"])}
    if courier:
        values |= {"name": courier.name, "phone": courier.msisdn}
    sent = MACHINE.move(
        tx, order, "send", SELLER, seller.msisdn, keep=keep, details=details, values=values
    )
    if courier:
        outbox.notify(tx, courier.msisdn, "order_courier", **{**describe(sent), "amount": fee})
    return sent


def hand_over(tx: Transaction, person: Person, number: str, code: str) -> Order:
    """The seller, their courier, or the agent at whose place the goods are, proves the hand-over
    with the buyer's code.

    Raises Refused("bad_code") for a slip that the check digit finds, which costs no try,
    Refused("wrong_code") for a wrong code, which does, and Refused("no_tries") after the last.
    """
    order, who = _handing_over(tx, person, number)
    MACHINE.transition(order, "hand over", who)
    if not codes.well_formed(code):
        raise Refused("bad_code", number=number)
    if order.code_tries >= limits.CODE_TRIES:
        raise Refused("no_tries", number=number)
    if code != codes.hand_over_code(tx.settings.pepper, order.id, order.code_nonce or ""):
        tx.execute("UPDATE orders SET code_tries = code_tries + 1 WHERE id = ?", (order.id,))
        tries = order.code_tries + 1
        tx.event(person.msisdn, "order.wrong_code", order.subject, tries=tries)
        left = limits.CODE_TRIES - tries
        raise Refused("wrong_code" if left else "no_tries", number=number, left=left)
    now = {"handed_at": tx.moment}
    handed = MACHINE.move(tx, order, "hand over", who, person.msisdn, keep=now)
    if handed.held:  # who paid in cash gave their last word with it
        by = {"day": last_moment(content_by(tx, handed))}
        outbox.notify(tx, handed.buyer_msisdn, "order_handed", **{**describe(handed), **by})
    return handed


def _handing_over(tx: Transaction, person: Person, number: str) -> tuple[Order, str]:
    """The order that somebody hands over, and as what they do it. Raises Refused("no_order")."""
    order = by_number(tx, number)
    if order.state == "at agent" and order.kiosk_id == person.id:
        agents.required(tx, person)
        return order, AGENT
    if order.state == "sent" and order.courier_id == person.id:
        return order, COURIER
    return find(tx, person, number, role="seller"), SELLER


def receive(tx: Transaction, buyer: Person, number: str) -> Order:
    """The buyer has the goods: handed over, or, when they were already, content and done."""
    order = find(tx, buyer, number, role="buyer")
    now = {} if order.state == "handed over" else {"handed_at": tx.moment}
    return MACHINE.move(tx, order, "receive", BUYER, buyer.msisdn, keep=now)


def cancel(tx: Transaction, buyer: Person, number: str) -> Order:
    """The buyer calls it off: while it waits, or when it was not sent by the promised time."""
    order = find(tx, buyer, number, role="buyer")
    return MACHINE.move(tx, order, "cancel", BUYER, buyer.msisdn)
