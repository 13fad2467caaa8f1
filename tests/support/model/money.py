"""What agents do with money: take it for orders, pay it out, hand it on, and an operator's
corrections."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from store import codes, payouts, remittances
from store.database import Row
from store.orders import kiosk
from tests.support.model.play import WHICH, WHO, Action, Play, any_in, person
from tests.support.model.trade import another
from tests.support.model.world import AGENTS, COORDINATOR

KEEPERS = (*AGENTS, COORDINATOR)
EARNERS: tuple[payouts.Role, ...] = ("seller", "courier")


def payout_code(play: Play, payout: Row) -> str:
    """The code that a payee was sent."""
    pepper = play.shop.settings.pepper
    return codes.one_time_code(pepper, payouts.PURPOSE, payout["id"], payout["code_nonce"])


def has_cash(self: Play) -> bool:
    """Whether some agent has money of others."""
    return bool(holders(self))


def holders(self: Play) -> list[int]:
    """The agents who have money of others."""
    return [
        int(account.split(":")[1])
        for account, row in sorted(self.seen.rows["balance"].items())
        if row["balance"] and account.endswith(":cash")
    ]


class Money(Play):
    """Deposits, payouts, cash handed on."""

    @precondition(any_in("order", "accepted"))
    @rule(which=WHICH, agent=WHO, all_of_it=st.booleans())
    def deposit(self, which: int, agent: int, all_of_it: bool) -> None:
        order = self.pick(which, "order", "accepted")
        amount = order["total"] if all_of_it else max(1, order["deposit"])
        keeper = self.someone(agent, KEEPERS[agent % 4])
        self.do(
            "deposit", lambda tx: kiosk.deposit(tx, person(tx, keeper), order["number"], amount)
        )

    @precondition(any_in("order", "accepted"))
    @rule(which=WHICH, agent=WHO, off=st.sampled_from([-1, 1, 0]))
    def deposit_amiss(self, which: int, agent: int, off: int) -> None:
        order = self.pick(which, "order", "accepted")
        amount = {-1: order["deposit"] - 1, 0: 0, 1: order["total"] + 1}[off]
        keeper = KEEPERS[agent % 4]
        self.refuse(
            "deposit_amiss",
            lambda tx: kiosk.deposit(tx, person(tx, keeper), order["number"], amount),
            "bad_amount",
        )

    @precondition(any_in("payout", "due"))
    @rule(which=WHICH, agent=WHO)
    def pay_out(self, which: int, agent: int) -> None:
        payout = self.pick(which, "payout", "due")
        pay = self._pays(payout, agent, payout_code(self, payout))
        self.do(f"pay_out: {payout['role']}", pay)

    @precondition(any_in("payout", "due"))
    @rule(which=WHICH, agent=WHO)
    def pay_out_wrongly(self, which: int, agent: int) -> None:
        payout = self.pick(which, "payout", "due")
        code = another(payout_code(self, payout))
        self.refuse("pay_out_wrongly", self._pays(payout, agent, code), "wrong_payout_code")

    def _pays(self, payout: Row, agent: int, code: str) -> Action:
        keeper = self.someone(agent, payout["agent_id"])
        number = self.order_of(payout)["number"]
        of = EARNERS if payout["role"] in EARNERS else (payout["role"],)
        return lambda tx: payouts.pay(tx, person(tx, keeper), number, of, code)

    @precondition(any_in("payout", "due"))
    @rule(which=WHICH)
    def ask_for_code(self, which: int) -> None:
        payout = self.pick(which, "payout", "due")
        if payout["state"] == "due":
            self.do(
                "ask_for_code",
                lambda tx: payouts.code_for(tx, payouts.by_id(tx, payout["id"])),
            )

    @precondition(any_in("order", "held"))
    @rule(which=WHICH)
    def undo_deposit(self, which: int) -> None:
        order = self.pick(which, "order", "held")
        self.do("undo_deposit", lambda tx: kiosk.undo_deposit(tx, order["number"], "salah"))

    @precondition(any_in("payout", "paid"))
    @rule(which=WHICH)
    def unpay(self, which: int) -> None:
        payout = self.pick(which, "payout", "paid")
        self.do("unpay", lambda tx: payouts.unpay(tx, payout["id"], "belum dibayar"))

    @precondition(has_cash)
    @rule(giver=WHO, taker=WHO, share=st.integers(0, 7))
    def hand_on(self, giver: int, taker: int, share: int) -> None:
        """All of an agent's cash, or that of one order, or an amount that no orders make."""
        having = holders(self)
        holder = having[giver % len(having)]
        parts = self._held_by(holder)
        amount = [sum(parts), *parts, sum(parts) + 1][share % (len(parts) + 2)]
        giving, taking = self.someone(giver, holder), KEEPERS[taker % 4]
        self.do(
            "hand_on",
            lambda tx: remittances.offer(tx, person(tx, giving), taking, amount),
        )

    def _held_by(self, agent_id: int) -> list[int]:
        held = [
            row["amount"]
            for kind, states in (("escrow", ("held", "frozen")), ("payout", ("due",)))
            for row in self.rows(kind, *states)
            if row["agent_id"] == agent_id
        ]
        return held or [1]

    @precondition(any_in("remittance", "offered"))
    @rule(which=WHICH, who=WHO)
    def take_cash(self, which: int, who: int) -> None:
        offered = self.pick(which, "remittance", "offered")
        taker = self.someone(who, offered["taker_id"])
        self.do("take_cash", lambda tx: remittances.take(tx, person(tx, taker), offered["id"]))

    @precondition(any_in("remittance", "offered"))
    @rule(which=WHICH, who=WHO)
    def refuse_cash(self, which: int, who: int) -> None:
        offered = self.pick(which, "remittance", "offered")
        taker = self.someone(who, offered["taker_id"])
        self.do("refuse_cash", lambda tx: remittances.refuse(tx, person(tx, taker), offered["id"]))

    @precondition(has_cash)
    @rule(giver=WHO, taker=WHO)
    def take_over(self, giver: int, taker: int) -> None:
        having = holders(self)
        giving, taking = self.phone(having[giver % len(having)]), KEEPERS[taker % 4]
        self.do(
            "take_over",
            lambda tx: remittances.take_over(tx, person(tx, giving), person(tx, taking), "sakit"),
        )

    @precondition(any_in("order", "sent"))
    @rule(which=WHICH, agent=WHO)
    def inspect(self, which: int, agent: int) -> None:
        order, keeper = self.pick(which, "order", "sent"), KEEPERS[agent % 4]
        self.do(
            "inspect",
            lambda tx: kiosk.approve(tx, person(tx, keeper), order["number"]),
        )
