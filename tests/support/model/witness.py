"""Somebody who looks at the shop after every step, remembers what they saw, and says what cannot
be: states that no event explains, messages that nobody should get, money that is not there.

Only what changed is looked at, so a step costs little however long the run.
"""

import json
from collections import Counter
from typing import Any

from menus.notices import NOTICES
from store import check
from store.check.histories import KINDS
from store.database import Row
from store.errors import Refused
from store.machine import Transition
from store.shop import Transaction
from tests.support.model import roles, told, truths
from tests.support.model.told import MACHINES

BEGINS = {kind.prefix: kind.begins for kind in KINDS}
BESIDE = {kind.prefix: kind.beside for kind in KINDS}

COUNTED = {
    "wrong_code": "order.wrong_code",
    "no_tries": "order.wrong_code",
    "wrong_payout_code": "payout.wrong_code",
    "no_payout_tries": "payout.wrong_code",
}
"""Refusals of a try that counts, and its event; the last try of all is refused without."""

_READ = {
    "order": "SELECT id, number, state, listing_id, buyer_id, seller_id, quantity, total, deposit,"
    " slot, courier_id, courier_fee, kiosk_id, code_nonce, code_tries, handed_at, promised_by"
    " FROM orders",
    "escrow": "SELECT id, order_id, agent_id, amount, state FROM escrows",
    "payout": "SELECT id, order_id, role, person_id, agent_id, amount, state, code_nonce,"
    " code_tries FROM payouts",
    "dispute": "SELECT id, order_id, side, paid, state, agent_id, first_id, percent, owed"
    " FROM disputes",
    "remittance": "SELECT id, giver_id, taker_id, amount, state FROM remittances",
    "listing": "SELECT id, number, seller_id, kind, stock, reserved, sold, price FROM listings",
    "person": "SELECT id, msisdn, frozen_at, vouched_by, closed_until FROM people",
    "agent": "SELECT person_id AS id, role, cap, dismissed_at FROM agents",
    "slot": "SELECT listing_id || ' ' || week AS id, listing_id, week, taken FROM slots",
    "balance": "SELECT account AS id, balance FROM balances",
}


class Witness:
    """`rows` is the shop as it was seen last, by kind and id, `before` as it was the time before.

    `states` is what the events make of each subject, `past` all that they made of it, `accounts`
    what the postings make, `paid_in` what agents got for each order, `shelves` what the sellers
    put there, `moves` how often each transition happened.
    """

    def __init__(self) -> None:
        self.rows: dict[str, dict[Any, Row]] = {kind: {} for kind in _READ}
        self.before = self.rows
        self.states: dict[str, str] = {}
        self.past: dict[str, list[str]] = {}
        self.accounts: Counter[str] = Counter()
        self.paid_in: Counter[str] = Counter()
        self.shelves: dict[int, int] = {}
        self.events: list[Row] = []
        self.postings: list[Row] = []
        self.moves: Counter[str] = Counter()
        self.moment = ""
        self._event = self._posting = self._message = 0

    def look(self, tx: Transaction) -> None:
        """Looks at what is new. Raises AssertionError."""
        self.before, self.moment = self.rows, tx.moment
        self.rows = {kind: {row["id"]: row for row in tx.rows(sql)} for kind, sql in _READ.items()}
        self._read_on(tx)
        expected: Counter[tuple[str, str]] = Counter()
        for event in self.events:
            transition = self._follow(event)
            truths.of_event(self, event)
            expected.update(told.because_of(tx, self, event, transition))
        self._states_are_explained()
        got = self._messages(tx)
        assert all(phone.startswith("+") for phone, _ in got), f"no phones: {dict(got)}"
        assert got == expected, f"told {dict(got - expected)}, untold {dict(expected - got)}"
        truths.of_now(self)

    def refused(self, tx: Transaction, refusal: Refused, changed: int) -> None:
        """What the shop refuses changed nothing, unless it was a wrong try."""
        if not changed:
            return
        assert refusal.reason in COUNTED, f"{refusal.reason} was refused, and changed something"
        before = {kind: self.rows[kind] for kind in ("order", "payout")}
        self.look(tx)
        actions = [event["action"] for event in self.events]
        assert actions == [COUNTED[refusal.reason]], actions
        tries = sum(
            row["code_tries"] - before[kind][key]["code_tries"]
            for kind in before
            for key, row in self.rows[kind].items()
        )
        assert changed == 1 + tries, f"{refusal.reason} changed {changed} rows"

    def look_at_all(self, tx: Transaction) -> None:
        """Nothing waits for ever, and the whole check that operators have finds nothing."""
        truths.of_the_end(self)
        found = list(check.faults(tx))
        assert not found, found

    def _read_on(self, tx: Transaction) -> None:
        """New events and postings; nothing was written to either in another order."""
        self.events = tx.rows(
            "SELECT seq, actor, action, subject, details FROM events WHERE seq > ? ORDER BY seq",
            (self._event,),
        )
        for event in self.events:
            event["details"] = json.loads(event["details"])
            self._event = event["seq"]
        self.postings = tx.rows(
            "SELECT seq, debit, credit, amount FROM postings WHERE seq > ? ORDER BY seq",
            (self._posting,),
        )
        for posting in self.postings:
            self._posting = posting["seq"]
            for side, sign in (("debit", 1), ("credit", -1)):
                account = posting[side]
                on_its_side = sign if account.endswith(":cash") else -sign
                self.accounts[account] += on_its_side * posting["amount"]
            if posting["debit"].endswith(":cash"):
                self.paid_in[posting["credit"]] += posting["amount"]
            elif posting["credit"].endswith(":cash"):
                self.paid_in[posting["debit"]] -= posting["amount"]

    def _messages(self, tx: Transaction) -> Counter[tuple[str, str]]:
        rows = tx.rows(
            "SELECT rowid, msisdn, notice, segments FROM outbox WHERE rowid > ?", (self._message,)
        )
        for row in rows:
            fits = row["segments"] == 1 or row["notice"] not in NOTICES
            assert fits, f"{row['notice']} takes {row['segments']} SMS"
        self._message = max((row["rowid"] for row in rows), default=self._message)
        return Counter((row["msisdn"], row["notice"]) for row in rows)

    def _follow(self, event: Row) -> Transition[Any] | None:
        """The transition that an event is, if it is one; who did it was allowed to."""
        kind, action = event["action"].split(".")
        machine, subject = MACHINES.get(kind), event["subject"]
        if machine is None:
            return None
        if action == BEGINS[kind]:
            assert subject not in self.states, f"{subject} began twice"
            self._enter(subject, machine.transitions[0].source)
            return None
        state = self.states[subject]
        known = [
            each
            for each in machine.transitions
            if (each.source, each.action.replace(" ", "_")) == (state, action)
        ]
        if not known:
            quiet = {each.name for each in machine.timeouts if not each.action} | BESIDE[kind]
            assert action in quiet, f"{event['action']} while {subject} was {state}"
            return None
        row = self.rows[kind][int(subject.split(":")[1])]
        actor = event["actor"]
        mine = [t for t in known if roles.is_in(self, kind, row, action, t.who, actor)]
        assert mine, f"{actor} may not {action} {subject}, which was {state}"
        self._enter(subject, known[0].target)
        self.moves[told.called(kind, mine[0])] += 1
        return mine[0]

    def _enter(self, subject: str, state: str) -> None:
        self.states[subject] = state
        self.past.setdefault(subject, []).append(state)

    def _states_are_explained(self) -> None:
        for kind in MACHINES:
            for key, row in self.rows[kind].items():
                explained = self.states.get(f"{kind}:{key}")
                assert row["state"] == explained, (
                    f"{kind} {key} is {row['state']}, its events make it {explained}"
                )
