"""Orders with money, complaints and agents, for tests: one of each person, and an order that is
taken to where a test begins by the names of what people do.

Everybody but the stranger is an agent too, so that being one is never enough.
"""

import random
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import settings as configuration
from store import (
    agents,
    catalogue,
    codes,
    disputes,
    escrow,
    ledger,
    limits,
    orders,
    payouts,
    people,
    remittances,
    timers,
    trust,
)
from store.clock import from_text
from store.errors import Refused
from store.machine import Machine
from store.orders import Order, kiosk
from store.people import Person
from store.shop import Shop, Transaction
from tests.support import market
from tests.support.clock import TurnableClock

NAMES = {
    "buyer": "Inaq Sri",
    "seller": "Amaq Budi",
    "stranger": "Dewi",
    "judge": "Juli",
    "second": "Wati",
    "custodian": "Kamar",
    "agent": "Agus",
    "coordinator": "Koko",
    "courier": "Jaya",
}
"""Who they are; of agents the first ones are asked to rule, and the custodian has the money."""

PHONES = {role: f"+62812345670{index:02}" for index, role in enumerate(NAMES, 1)}
ROLES = {phone: role for role, phone in PHONES.items()}

PRICE = 1_000
"""Of one piece; two are above the limit from which on it takes two agents."""

CAP = 1_000_000


def appoint(
    shop: Shop, person: Person, role: agents.Role = "agent", cap: int = CAP
) -> agents.Agent:
    """Makes somebody an agent."""
    with shop.write() as tx:
        return agents.appoint(tx, "operator", person, role, cap)


Act = Callable[[Transaction, Person, Order], object]


def _hand_over(tx: Transaction, me: Person, order: Order) -> object:
    code = codes.hand_over_code(tx.settings.pepper, order.id, order.code_nonce or "")
    return orders.hand_over(tx, me, order.number, code)


def payout_code(tx: Transaction, order: Order, role: str) -> str:
    """The code that the payee of this role gives for the latest money that was theirs."""
    mine = [each for each in payouts.of_order(tx, order.id) if each.role == role]
    return codes.reveal(mine[-1].code, tx.settings.pepper) if mine else "00000"


def _pay(role: payouts.Role) -> Act:
    return lambda tx, me, order: payouts.pay(
        tx, me, order.number, (role,), payout_code(tx, order, role)
    )


def _unpay(tx: Transaction, order: Order) -> object:
    every = sorted(payouts.of_order(tx, order.id), key=lambda each: each.state == "paid")
    if not every:
        raise Refused("no_payout", number=order.number)
    return payouts.unpay(tx, every[-1].id, "keliru")


def _repay(tx: Transaction, me: Person, order: Order) -> object:
    dispute = disputes.of_order(tx, order.id)
    return disputes.repay(tx, me, order.number, dispute.owed if dispute else PRICE)


def _offer(tx: Transaction, me: Person, order: Order) -> object:
    mine = ledger.balance(tx, ledger.cash(me.id))
    return remittances.offer(tx, me, PHONES["agent"], mine or PRICE)


def _take_over(tx: Transaction, order: Order) -> object:
    giver, taker = (people.of_phone(tx, PHONES[each]) for each in ("custodian", "agent"))
    assert giver
    assert taker
    return remittances.take_over(tx, giver, taker, "sakit")


def _latest_offer(tx: Transaction) -> int:
    return int(tx.value("SELECT MAX(id) FROM remittances") or 0)


BY_PEOPLE: dict[str, Act] = {
    "accept": lambda tx, me, order: orders.accept(tx, me, order.number),
    "reject": lambda tx, me, order: orders.reject(tx, me, order.number, "habis"),
    "give up": lambda tx, me, order: orders.give_up(tx, me, order.number, "habis"),
    "cancel": lambda tx, me, order: orders.cancel(tx, me, order.number),
    "hold": lambda tx, me, order: kiosk.deposit(tx, me, order.number, order.total),
    "send": lambda tx, me, order: orders.send(tx, me, order.number),
    "inspect": lambda tx, me, order: disputes.inspect(tx, me, order.number, None),
    "find bad": lambda tx, me, order: disputes.inspect(tx, me, order.number, "broken"),
    "hand over": _hand_over,
    "receive": lambda tx, me, order: orders.receive(tx, me, order.number),
    "complain": lambda tx, me, order: disputes.open_(tx, me, order.number, "broken", "pecah"),
    "answer": lambda tx, me, order: disputes.answer(tx, me, order.number, "tidak benar"),
    "concede": lambda tx, me, order: disputes.concede(tx, me, order.number),
    "withdraw": lambda tx, me, order: disputes.withdraw(tx, me, order.number),
    "rule": lambda tx, me, order: disputes.rule(tx, me, order.number, 50),
    "rule otherwise": lambda tx, me, order: disputes.rule(tx, me, order.number, 30),
    "repay": _repay,
    "pay seller": _pay("seller"),
    "pay buyer": _pay("buyer"),
    "pay courier": _pay("courier"),
    "offer": _offer,
    "take": lambda tx, me, order: remittances.take(tx, me, _latest_offer(tx)),
    "refuse": lambda tx, me, order: remittances.refuse(tx, me, _latest_offer(tx)),
}
"""What people do, each to the one order or to the latest cash that was offered."""

BY_OPERATOR: dict[str, Callable[[Transaction, Order], object]] = {
    "unhold": lambda tx, order: kiosk.undo_deposit(tx, order.number, "keliru"),
    "unpay": _unpay,
    "rule": lambda tx, order: disputes.rule_by_operator(tx, order.number, 50, "tidak ada lain"),
    "take over": _take_over,
}

MACHINES: tuple[Machine[Any], ...] = (
    orders.MACHINE, escrow.MACHINE, payouts.MACHINE, disputes.MACHINE, remittances.MACHINE,
)  # fmt: skip

BY_CLOCK = {
    machine.name_of(timeout.name): machine.table
    for machine in MACHINES
    for timeout in machine.timeouts
}
"""What happens when nobody does anything, and to what."""

USUAL = {
    "accept": "seller",
    "reject": "seller",
    "give up": "seller",
    "send": "seller",
    "hand over": "seller",
    "answer": "seller",
    "concede": "seller",
    "rule": "judge",
    "rule otherwise": "second",
    "take": "agent",
    "refuse": "agent",
    "cancel": "buyer",
    "receive": "buyer",
    "complain": "buyer",
    "withdraw": "buyer",
}
"""Who does what, where a step does not say it; everything else is the custodian's."""


class Stage:
    """A shop with one of each person and one order."""

    cast: dict[str, Person]
    goods: catalogue.Listing
    order: Order

    def __init__(self, shop: Shop, clock: TurnableClock) -> None:
        self.shop, self.clock = shop, clock

    @classmethod
    def empty(cls, folder: Path) -> "Stage":
        """A stage of its own in this folder, with everybody on it."""
        clock = TurnableClock()
        shop = _shop(folder, clock)
        shop.migrate()
        return cls(shop, clock).open()

    def open(self) -> "Stage":
        """Registers everybody who is not, and puts something up for sale."""
        self.cast = {}
        for role, name in NAMES.items():
            person = market.register(self.shop, PHONES[role], name)
            self.cast[role] = person
            if role != "stranger":
                appoint(self.shop, person, "coordinator" if role == "coordinator" else "agent")
        self.goods = market.sell(self.shop, self.cast["seller"], price=PRICE)
        return self

    def place(self, *, by_agent: bool = False, large: bool = False) -> "Stage":
        """The buyer orders one piece, or two; `by_agent`: the money goes to an agent first."""
        with self.shop.write() as tx:
            listing = catalogue.by_id(tx, self.goods.id)
            self.order = orders.place(
                tx, self.cast["buyer"], listing, 2 if large else 1, again=True, by_agent=by_agent
            )
        return self

    def do(self, *steps: str) -> "Stage":
        """What people do, one after the other: `send`, `send by courier`, `complain: seller`, a
        time-out such as `order.finish`, or `3 days`."""
        for step in steps:
            name, _, role = step.partition(": ")
            if name.endswith(" days"):
                self.clock.turn(days=int(name.split()[0]))
            elif name in BY_CLOCK:
                self.run_timer(name)
            elif role == "operator":
                with self.shop.write() as tx:
                    BY_OPERATOR[name](tx, self.now(tx))
            else:
                with self.shop.write() as tx:
                    self.act(tx, name, role or USUAL.get(name, "custodian"))
        return self

    def act(self, tx: Transaction, name: str, role: str) -> object:
        """Somebody does something."""
        if name in self._BESIDE:
            return self._BESIDE[name](self, tx)
        return BY_PEOPLE[name](tx, self.person(tx, role), self.now(tx))

    def _send_by_courier(self, tx: Transaction) -> object:
        seller, courier = self.person(tx, "seller"), self.person(tx, "courier")
        return orders.send(tx, seller, self.order.number, courier, 100)

    def _fill_all_agents(self, tx: Transaction) -> object:
        """None may hold more than they have already."""
        full = [self.person(tx, role) for role in NAMES if role != "stranger"]
        return [
            agents.appoint(tx, "operator", each, agents.required(tx, each).role, 0) for each in full
        ]

    def _to_judge(self, tx: Transaction) -> object:
        """The custodian hands the cash on to who is to rule."""
        custodian, judge = self.person(tx, "custodian"), self.person(tx, "judge")
        offer = remittances.offer(tx, custodian, judge.msisdn, self.order.total)
        return remittances.take(tx, judge, offer.id)

    def _use_up_the_tries(self, tx: Transaction) -> None:
        """As many wrong codes as it takes, for the goods and for money."""
        for table in ("orders", "payouts"):
            tx.execute(f"UPDATE {table} SET code_tries = {limits.CODE_TRIES}")

    _BESIDE: ClassVar[dict[str, Callable[["Stage", Transaction], object]]] = {
        "send by courier": _send_by_courier,
        "fill all agents": _fill_all_agents,
        "to judge": _to_judge,
        "use up the tries": _use_up_the_tries,
        "promote the judge": lambda self, tx: agents.appoint(
            tx, "operator", self.person(tx, "judge"), "coordinator", CAP
        ),
        "freeze the seller": lambda self, tx: trust.freeze_by_operator(
            tx, PHONES["seller"], "tipu"
        ),
        "freeze the custodian": lambda self, tx: trust.freeze_by_operator(
            tx, PHONES["custodian"], "tipu"
        ),
    }

    def now(self, tx: Transaction) -> Order:
        """The order as it is now."""
        return orders.by_id(tx, self.order.id)

    def person(self, tx: Transaction, role: str) -> Person:
        """Somebody as they are now: the menus read them in each message."""
        return people.by_id(tx, self.cast[role].id)

    def subject(self, tx: Transaction, table: str) -> int | None:
        """The id of the order, of its complaint or of the latest cash that was offered."""
        if table == "orders":
            return self.order.id
        if table == "disputes":
            dispute = disputes.of_order(tx, self.order.id)
            return dispute.id if dispute else None
        return _latest_offer(tx) or None

    def due_at(self, tx: Transaction, timer: str) -> str | None:
        """When a time-out comes up, if it is waited for."""
        found = tx.value(
            "SELECT due_at FROM timers WHERE kind = ? AND subject = ?",
            (timer, str(self.subject(tx, BY_CLOCK[timer]))),
        )
        return str(found) if found else None

    def run_timer(self, timer: str) -> None:
        """Turns the clock to when this time-out comes up, and only this one comes up."""
        with self.shop.read() as tx:
            due = self.due_at(tx, timer)
        assert due, f"{timer} is not waited for"
        self.clock.turn(max(from_text(due), self.clock.now()) - self.clock.now())
        with self.shop.write() as tx:
            subject = str(self.subject(tx, BY_CLOCK[timer]))
            timers.cancel(tx, subject, timer)
            timers.HANDLERS[timer](tx, subject)

    def photo(self, folder: Path) -> "Stage":
        """The same once more, in another folder; this one goes on by itself."""
        self.shop.database.close()
        clock = TurnableClock(self.clock.now())
        copy = Stage(_shop(folder, clock, self.shop.settings.database_path), clock)
        known = vars(self)
        vars(copy).update(
            {name: known[name] for name in ("cast", "goods", "order") if name in known}
        )
        return copy


_seeds = count()


def _shop(folder: Path, clock: TurnableClock, copied: Path | None = None) -> Shop:
    """A shop in this folder, empty or with what is in a database that nobody has open."""
    folder.mkdir(parents=True, exist_ok=True)
    given = {
        "PASAR_DATA_DIR": str(folder),
        "PASAR_PEPPER": "p" * 32,
        "PASAR_TWO_AGENTS_ABOVE": str(PRICE),
    }
    rules = configuration.load(given)
    if copied:
        shutil.copy(copied, rules.database_path)
    return Shop(rules, market.plain, clock=clock, chance=random.Random(next(_seeds)))
