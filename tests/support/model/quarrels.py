"""What people do about a complaint: open it, answer it, rule on it, bring money back."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from store import disputes
from tests.support.model import roles
from tests.support.model.money import KEEPERS
from tests.support.model.play import WHICH, WHO, Play, any_in, person
from tests.support.model.trade import COMING

TO_COMPLAIN_ABOUT = (*COMING, "handed over", "done")
OPEN = ("opened", "with agent", "proposed", "with coordinator")
JUDGED = ("with agent", "proposed", "with coordinator")

COMPLAINT = st.sampled_from(disputes.COMPLAINTS)


class Quarrels(Play):
    """Complaints from both sides and from agents, and what becomes of them."""

    @precondition(any_in("order", *TO_COMPLAIN_ABOUT))
    @rule(which=WHICH, who=WHO, complaint=COMPLAINT)
    def complain(self, which: int, who: int, complaint: str) -> None:
        order = self.pick(which, "order", *TO_COMPLAIN_ABOUT)
        buyer = self.someone(who, order["buyer_id"])
        self.do(
            "complain",
            lambda tx: disputes.open_(tx, person(tx, buyer), order["number"], complaint, "basah"),
        )

    @precondition(any_in("order", *COMING))
    @rule(which=WHICH)
    def complain_as_seller(self, which: int) -> None:
        order = self.pick(which, "order", *COMING)
        seller = self.phone(order["seller_id"])
        self.do(
            "complain_as_seller",
            lambda tx: disputes.open_(tx, person(tx, seller), order["number"], "other"),
        )

    @precondition(any_in("order", "sent"))
    @rule(which=WHICH, agent=WHO, complaint=COMPLAINT)
    def find_fault(self, which: int, agent: int, complaint: str) -> None:
        order, keeper = self.pick(which, "order", "sent"), KEEPERS[agent % 4]
        self.do(
            "find_fault",
            lambda tx: disputes.inspect(tx, person(tx, keeper), order["number"], complaint),
        )

    @precondition(any_in("dispute", "opened"))
    @rule(which=WHICH, who=WHO)
    def answer(self, which: int, who: int) -> None:
        dispute = self.pick(which, "dispute", "opened")
        number = self.order_of(dispute)["number"]
        (accused,) = roles.phones(self.seen, "dispute", dispute, "accused")
        phone = self.someone(who, accused)
        self.do("answer", lambda tx: disputes.answer(tx, person(tx, phone), number, "baik"))

    @precondition(any_in("dispute", *OPEN))
    @rule(which=WHICH, who=WHO)
    def concede(self, which: int, who: int) -> None:
        dispute = self.pick(which, "dispute", *OPEN)
        number = self.order_of(dispute)["number"]
        (accused,) = roles.phones(self.seen, "dispute", dispute, "accused")
        phone = self.someone(who, accused)
        self.do("concede", lambda tx: disputes.concede(tx, person(tx, phone), number))

    @precondition(any_in("dispute", *OPEN))
    @rule(which=WHICH, who=WHO)
    def withdraw(self, which: int, who: int) -> None:
        dispute = self.pick(which, "dispute", *OPEN)
        number = self.order_of(dispute)["number"]
        (opener,) = roles.phones(self.seen, "dispute", dispute, "opener")
        phone = self.someone(who, opener)
        self.do("withdraw", lambda tx: disputes.withdraw(tx, person(tx, phone), number))

    @precondition(any_in("dispute", *JUDGED))
    @rule(which=WHICH, who=WHO, percent=st.sampled_from([100, 0, 33, 101]))
    def rule_on(self, which: int, who: int, percent: int) -> None:
        """The judge rules, proposes to a second one, agrees, or differs."""
        dispute = self.pick(which, "dispute", *JUDGED)
        number = self.order_of(dispute)["number"]
        judge = self.someone(who, self._judge_of(dispute))
        name = f"rule_on: {dispute['state']}"
        self.do(name, lambda tx: disputes.rule(tx, person(tx, judge), number, percent))

    @precondition(any_in("dispute", "proposed"))
    @rule(which=WHICH, agree=st.booleans())
    def second(self, which: int, agree: bool) -> None:
        """The second agent has the same in mind, or something else."""
        dispute = self.pick(which, "dispute", "proposed")
        if dispute["state"] != "proposed" or dispute["agent_id"] is None:
            return
        number, judge = self.order_of(dispute)["number"], self.phone(dispute["agent_id"])
        percent = dispute["percent"] if agree else 100 - dispute["percent"] // 2
        self.do(
            f"second: {'agree' if agree else 'differ'}",
            lambda tx: disputes.rule(tx, person(tx, judge), number, percent),
        )

    @precondition(any_in("dispute", "with coordinator"))
    @rule(which=WHICH, percent=st.sampled_from([100, 0, 50]))
    def rule_by_operator(self, which: int, percent: int) -> None:
        number = self.order_of(self.pick(which, "dispute", "with coordinator"))["number"]
        self.do(
            "rule_by_operator",
            lambda tx: disputes.rule_by_operator(tx, number, percent, "tidak ada petugas"),
        )

    @precondition(any_in("dispute", "owing"))
    @rule(which=WHICH, agent=WHO, more=st.sampled_from([0, 0, 0, 1]))
    def repay(self, which: int, agent: int, more: int) -> None:
        dispute = self.pick(which, "dispute", "owing")
        number, amount = self.order_of(dispute)["number"], dispute["owed"] + more
        keeper = KEEPERS[agent % 4]
        self.do(
            "repay",
            lambda tx: disputes.repay(tx, person(tx, keeper), number, amount),
        )

    def _judge_of(self, dispute: dict) -> int | None:
        if dispute["state"] == "with coordinator":
            return next(iter(roles.acting(self.seen, "coordinator")), None)
        return dispute["agent_id"]
