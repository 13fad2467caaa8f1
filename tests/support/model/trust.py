"""What people do about each other: vouch, report, freeze, appoint, erase."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from store import agents, erasure, trust
from tests.support import market
from tests.support.model.money import KEEPERS
from tests.support.model.play import WHO, Play, person, seldom
from tests.support.model.world import AGENTS, CAPS, EVERYBODY, FAR, NEAR

ANYBODY = st.integers(0, len(EVERYBODY) - 1).map(EVERYBODY.__getitem__)


def somebody_is_frozen(self: Play) -> bool:
    return any(row["frozen_at"] for row in self.seen.rows["person"].values())


class Trust(Play):
    """Agents, fraud, and people who leave."""

    @rule(agent=WHO, whom=ANYBODY, village=st.sampled_from([NEAR, FAR]))
    def vouch(self, agent: int, whom: str, village: str) -> None:
        keeper, code = KEEPERS[agent % 4], market.code_of(village)
        self.do("vouch", lambda tx: trust.vouch(tx, person(tx, keeper), whom, code))

    @precondition(seldom)
    @rule(who=ANYBODY, whom=ANYBODY)
    def report(self, who: str, whom: str) -> None:
        self.disturb("report", lambda tx: trust.report(tx, who, whom, "uang dibawa lari"))

    @precondition(seldom)
    @rule(agent=WHO, whom=ANYBODY, why=st.sampled_from(["menipu", "menipu", "menipu", "1"]))
    def freeze(self, agent: int, whom: str, why: str) -> None:
        keeper = KEEPERS[agent % 4]
        self.disturb("freeze", lambda tx: trust.freeze(tx, person(tx, keeper), whom, why))

    @precondition(somebody_is_frozen)
    @rule(which=WHO)
    def thaw(self, which: int) -> None:
        frozen = [row["msisdn"] for row in self.rows("person") if row["frozen_at"]]
        whom = frozen[which % len(frozen)]
        self.do("thaw", lambda tx: trust.thaw(tx, whom, "salah paham"))

    @precondition(seldom)
    @rule(whom=WHO, cap=st.sampled_from([*CAPS, -1]), above=st.integers(0, 3))
    def appoint(self, whom: int, cap: int, above: int) -> None:
        phone = self.someone(whom, AGENTS[whom % 3])
        role: agents.Role = "coordinator" if above == 3 else "agent"
        self.disturb(
            "appoint", lambda tx: agents.appoint(tx, "operator", person(tx, phone), role, cap)
        )

    @precondition(seldom)
    @rule(which=WHO)
    def dismiss(self, which: int) -> None:
        phone = KEEPERS[which % 4]
        self.disturb(
            "dismiss", lambda tx: agents.dismiss(tx, "operator", person(tx, phone), "pindah")
        )

    @precondition(seldom)
    @rule(whom=ANYBODY)
    def erase(self, whom: str) -> None:
        self.disturb("erase", lambda tx: erasure.erase(tx, person(tx, whom)))

    @precondition(seldom)
    @rule(which=WHO)
    def leave(self, which: int) -> None:
        """An agent is dismissed, and wants to be forgotten at once."""
        phone = KEEPERS[which % 4]
        self.disturb("dismiss", lambda tx: agents.dismiss(tx, "operator", person(tx, phone), "ok"))
        self.do("leave", lambda tx: erasure.erase(tx, person(tx, phone)))
