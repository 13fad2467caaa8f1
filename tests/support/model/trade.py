"""What buyers and sellers do: goods on shelves, orders, and the time that passes between."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from store import catalogue, closing, codes, orders, people, ratings
from store.clock import from_text
from store.database import Row
from tests.support import market
from tests.support.model.play import WHICH, WHO, Play, any_in, person, seldom
from tests.support.model.world import EVERYBODY, FAR, NEAR

PREPARING, COMING = ("accepted", "held"), ("sent", "at agent")
SHORT = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=7))
LONG = (timedelta(hours=13), *map(timedelta, (1, 2, 4, 9)))


def hand_over_code(play: Play, order: Row) -> str:
    """The code that the buyer of an order was shown; some code, before there is one."""
    nonce = order["code_nonce"] or ""
    return codes.hand_over_code(play.shop.settings.pepper, order["id"], nonce)


def another(code: str) -> str:
    """A code that is well formed and wrong."""
    return "00000" if code != "00000" else "13570"


def is_carried(self: Play) -> bool:
    """Whether a courier has anything."""
    return any(row["courier_id"] for row in self.rows("order", "sent"))


class Trade(Play):
    """Goods, services and orders."""

    @precondition(seldom)
    @rule(who=st.integers(0, len(EVERYBODY) - 1), village=st.sampled_from([NEAR, FAR]))
    def register(self, who: int, village: str) -> None:
        phone = EVERYBODY[who]
        code = market.code_of(village)
        self.disturb("register", lambda tx: people.register(tx, phone, f"Warga {who}", code))

    @precondition(seldom)
    @rule(who=WHO, stock=st.integers(0, 4), price=st.sampled_from([0, 900, 45_000, 400_000]))
    def sell_goods(self, who: int, stock: int, price: int) -> None:
        seller = EVERYBODY[who % len(EVERYBODY)]
        self.disturb(
            "sell_goods",
            lambda tx: catalogue.sell(
                tx, person(tx, seller), title="Madu", price=price, unit="kg", stock=stock
            ),
        )

    @precondition(seldom)
    @rule(who=WHO, slots=st.integers(1, 3), deposit=st.sampled_from([0, 30, 100]))
    def sell_service(self, who: int, slots: int, deposit: int) -> None:
        seller = EVERYBODY[who % len(EVERYBODY)]
        self.disturb(
            "sell_service",
            lambda tx: catalogue.sell(
                tx, person(tx, seller), title="Sablon", price=70_000, unit="kaos", stock=slots,
                kind="service", lead_days=2, deposit=deposit,
            ),
        )  # fmt: skip

    @rule(which=WHICH, who=WHO, quantity=st.integers(1, 6), again=st.booleans())
    def place(self, which: int, who: int, quantity: int, again: bool) -> None:
        self._place("place", which, who, quantity, again)

    @rule(which=WHICH, who=WHO, quantity=st.integers(1, 6), again=st.booleans())
    def place_by_agent(self, which: int, who: int, quantity: int, again: bool) -> None:
        self._place("place_by_agent", which, who, quantity, again, by_agent=True)

    @rule(
        which=WHICH,
        who=WHO,
        quantity=st.integers(1, 3),
        spec=st.sampled_from(["ayat kursi", "nama anak", "x"]),
    )
    def place_service(self, which: int, who: int, quantity: int, spec: str) -> None:
        self._place("place_service", which, who, quantity, True, spec=spec)

    def _place(
        self,
        name: str,
        which: int,
        who: int,
        quantity: int,
        again: bool,
        *,
        by_agent: bool = False,
        spec: str = "",
    ) -> None:
        kind = "service" if spec else "goods"
        listings = [row for row in self.rows("listing") if row["kind"] == kind]
        number, buyer = listings[which % len(listings)]["number"], EVERYBODY[who % len(EVERYBODY)]
        self.do(
            name,
            lambda tx: orders.place(
                tx, person(tx, buyer), catalogue.find(tx, number), quantity,
                again=again, by_agent=by_agent, spec=spec,
            ),
        )  # fmt: skip

    @precondition(any_in("order", "waiting"))
    @rule(which=WHICH, who=WHO, days=st.sampled_from([None, 0, 1, 3, 31]))
    def accept(self, which: int, who: int, days: int | None) -> None:
        order = self.pick(which, "order", "waiting")
        seller = self.someone(who, order["seller_id"])
        self.do("accept", lambda tx: orders.accept(tx, person(tx, seller), order["number"], days))

    @precondition(any_in("order", "waiting"))
    @rule(which=WHICH, who=WHO, why=st.sampled_from(["", "habis"]))
    def reject(self, which: int, who: int, why: str) -> None:
        order = self.pick(which, "order", "waiting")
        seller = self.someone(who, order["seller_id"])
        self.do("reject", lambda tx: orders.reject(tx, person(tx, seller), order["number"], why))

    @precondition(any_in("order", *PREPARING))
    @rule(which=WHICH, who=WHO, why=st.sampled_from(["", "sakit"]))
    def give_up(self, which: int, who: int, why: str) -> None:
        order = self.pick(which, "order", *PREPARING)
        seller = self.someone(who, order["seller_id"])
        self.do("give_up", lambda tx: orders.give_up(tx, person(tx, seller), order["number"], why))

    @precondition(any_in("order", *PREPARING))
    @rule(which=WHICH, who=WHO)
    def send(self, which: int, who: int) -> None:
        order = self.pick(which, "order", *PREPARING)
        seller = self.someone(who, order["seller_id"])
        self.do("send", lambda tx: orders.send(tx, person(tx, seller), order["number"]))

    @precondition(any_in("order", "held"))
    @rule(which=WHICH, who=WHO, courier=WHO, fee=st.sampled_from([0, 1, 9_000, 300_000]))
    def send_with_courier(self, which: int, who: int, courier: int, fee: int) -> None:
        order = self.pick(which, "order", "held")
        seller = self.someone(who, order["seller_id"])
        carrier = EVERYBODY[courier % len(EVERYBODY)]
        self.do(
            "send_with_courier",
            lambda tx: orders.send(
                tx, person(tx, seller), order["number"], person(tx, carrier), fee
            ),
        )

    @precondition(any_in("order", *COMING))
    @rule(which=WHICH, who=WHO)
    def hand_over(self, which: int, who: int) -> None:
        order = self.pick(which, "order", *COMING)
        seller, code = self.someone(who, order["seller_id"]), hand_over_code(self, order)
        self.do(
            "hand_over", lambda tx: orders.hand_over(tx, person(tx, seller), order["number"], code)
        )

    @precondition(any_in("order", "at agent"))
    @rule(which=WHICH, who=WHO)
    def hand_over_at_agent(self, which: int, who: int) -> None:
        order = self.pick(which, "order", "at agent")
        agent, code = self.someone(who, order["kiosk_id"]), hand_over_code(self, order)
        self.do(
            "hand_over_at_agent",
            lambda tx: orders.hand_over(tx, person(tx, agent), order["number"], code),
        )

    @precondition(is_carried)
    @rule(which=WHICH, who=WHO)
    def hand_over_by_courier(self, which: int, who: int) -> None:
        carried = [row for row in self.rows("order", "sent") if row["courier_id"]]
        order = self.chosen or carried[which % len(carried)]
        courier, code = self.someone(who, order["courier_id"]), hand_over_code(self, order)
        self.do(
            "hand_over_by_courier",
            lambda tx: orders.hand_over(tx, person(tx, courier), order["number"], code),
        )

    @precondition(any_in("order", *COMING))
    @rule(which=WHICH, who=WHO, slip=st.booleans())
    def hand_over_wrongly(self, which: int, who: int, slip: bool) -> None:
        order = self.pick(which, "order", *COMING)
        seller = self.someone(who, order["seller_id"])
        code = "1234" if slip else another(hand_over_code(self, order))
        self.refuse(
            "hand_over_wrongly",
            lambda tx: orders.hand_over(tx, person(tx, seller), order["number"], code),
            "bad_code" if slip else "wrong_code",
        )

    @precondition(any_in("order", *PREPARING, *COMING, "handed over"))
    @rule(which=WHICH, who=WHO)
    def receive(self, which: int, who: int) -> None:
        order = self.pick(which, "order", *PREPARING, *COMING, "handed over")
        buyer = self.someone(who, order["buyer_id"])
        self.do("receive", lambda tx: orders.receive(tx, person(tx, buyer), order["number"]))

    @precondition(any_in("order", "waiting", *PREPARING))
    @rule(which=WHICH, who=WHO)
    def cancel(self, which: int, who: int) -> None:
        order = self.pick(which, "order", "waiting", *PREPARING)
        buyer = self.someone(who, order["buyer_id"])
        self.do("cancel", lambda tx: orders.cancel(tx, person(tx, buyer), order["number"]))

    @precondition(any_in("order", *PREPARING))
    @rule(which=WHICH)
    def cancel_late(self, which: int) -> None:
        """The promised time passes, and the buyer has had enough."""
        order = self.pick(which, "order", *PREPARING)
        if order["promised_by"]:
            self.clock.turn(max(timedelta(), from_text(order["promised_by"]) - self.clock.now()))
            self.run_timers()
        buyer = self.phone(order["buyer_id"])
        self.do("cancel_late", lambda tx: orders.cancel(tx, person(tx, buyer), order["number"]))

    @precondition(any_in("order", "handed over", "done", "settled"))
    @rule(which=WHICH, who=WHO, stars=st.integers(0, 5))
    def rate(self, which: int, who: int, stars: int) -> None:
        order = self.pick(which, "order", "handed over", "done", "settled")
        buyer = self.someone(who, order["buyer_id"])
        self.do("rate", lambda tx: ratings.rate(tx, person(tx, buyer), order["number"], stars))

    @precondition(seldom)
    @rule(which=WHICH, who=WHO, stock=st.integers(-1, 6))
    def set_stock(self, which: int, who: int, stock: int) -> None:
        listing = self.pick(which, "listing")
        seller = self.someone(who, listing["seller_id"])
        self.disturb(
            "set_stock",
            lambda tx: catalogue.set_stock(tx, person(tx, seller), listing["number"], stock),
        )

    @precondition(seldom)
    @rule(which=WHICH, who=WHO, price=st.sampled_from([0, 1, 20_000, 260_000]))
    def set_price(self, which: int, who: int, price: int) -> None:
        listing = self.pick(which, "listing")
        seller = self.someone(who, listing["seller_id"])
        self.disturb(
            "set_price",
            lambda tx: catalogue.set_price(tx, person(tx, seller), listing["number"], price),
        )

    @precondition(seldom)
    @rule(which=WHICH, days=st.integers(0, 2))
    def close_shop(self, which: int, days: int) -> None:
        seller = self.someone(0, self.pick(which, "listing")["seller_id"])
        self.disturb("close_shop", lambda tx: closing.close(tx, person(tx, seller), days))

    @precondition(seldom)
    @rule(which=WHICH)
    def open_shop(self, which: int) -> None:
        seller = self.someone(0, self.pick(which, "listing")["seller_id"])
        self.disturb("open_shop", lambda tx: closing.open_again(tx, person(tx, seller)))

    @rule(span=st.sampled_from(SHORT))
    def wait(self, span: timedelta) -> None:
        self._wait("wait", span)

    @precondition(seldom)
    @rule(span=st.sampled_from(LONG))
    def wait_long(self, span: timedelta) -> None:
        self.disturbed += 1
        self._wait("wait_long", span)

    def _wait(self, name: str, span: timedelta) -> None:
        self.clock.turn(span)
        self.done[name] += 1
        self.run_timers()
