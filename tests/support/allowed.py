"""Who may do what: the five machines once more, written by hand, and what is done in which moment.

The code's own tables are held against these, and everything that is not here must be refused.
"""

TABLES = {
    "orders": """
        waiting     | accept    | seller   | accepted
        waiting     | reject    | seller   | rejected
        waiting     | expire    | clock    | expired
        waiting     | cancel    | buyer    | cancelled
        accepted    | hold      | agent    | held
        accepted    | send      | seller   | sent
        accepted    | cancel    | buyer    | cancelled
        accepted    | give up   | seller   | cancelled
        accepted    | lapse     | clock    | cancelled
        accepted    | receive   | buyer    | handed over
        held        | send      | seller   | sent
        held        | cancel    | buyer    | cancelled
        held        | give up   | seller   | cancelled
        held        | receive   | buyer    | handed over
        held        | unhold    | operator | accepted
        sent        | hand over | seller   | handed over
        sent        | hand over | courier  | handed over
        sent        | receive   | buyer    | handed over
        sent        | inspect   | agent    | at agent
        sent        | complain  | buyer    | disputed
        sent        | complain  | seller   | disputed
        sent        | complain  | agent    | disputed
        at agent    | hand over | seller   | handed over
        at agent    | hand over | agent    | handed over
        at agent    | receive   | buyer    | handed over
        at agent    | complain  | buyer    | disputed
        at agent    | complain  | seller   | disputed
        handed over | receive   | buyer    | done
        handed over | finish    | clock    | done
        handed over | complain  | buyer    | disputed
        done        | complain  | buyer    | disputed
        disputed    | settle    | dispute  | settled
        disputed    | withdraw  | dispute  | done
    """,
    "escrows": """
        held     | release | order    | released
        held     | refund  | order    | refunded
        held     | void    | operator | void
        held     | freeze  | dispute  | frozen
        frozen   | release | dispute  | released
        frozen   | refund  | dispute  | refunded
        frozen   | split   | dispute  | split
        released | reopen  | dispute  | frozen
    """,
    "payouts": """
        due  | pay       | agent    | paid
        due  | take back | dispute  | taken back
        paid | unpay     | operator | due
    """,
    "disputes": """
        opened           | answer   | accused     | with agent
        opened           | hear     | clock       | with agent
        opened           | concede  | accused     | ruled
        opened           | withdraw | opener      | withdrawn
        with agent       | rule     | agent       | ruled
        with agent       | propose  | agent       | proposed
        with agent       | escalate | clock       | with coordinator
        with agent       | concede  | accused     | ruled
        with agent       | withdraw | opener      | withdrawn
        proposed         | second   | agent       | ruled
        proposed         | differ   | agent       | with coordinator
        proposed         | escalate | clock       | with coordinator
        proposed         | concede  | accused     | ruled
        proposed         | withdraw | opener      | withdrawn
        with coordinator | rule     | coordinator | ruled
        with coordinator | rule     | operator    | ruled
        with coordinator | concede  | accused     | ruled
        with coordinator | withdraw | opener      | withdrawn
        ruled            | demand   | dispute     | owing
        owing            | repay    | agent       | ruled
    """,
    "remittances": """
        offered | take      | taker | taken
        offered | take      | operator | taken
        offered | refuse    | taker | refused
        offered | call back | giver | called back
        offered | call back | operator | called back
        offered | lapse     | clock | lapsed
    """,
}
"""State, action, role, and the state after it."""

_WAITING = "waiting / waiting, seller frozen / unpaid, waiting"
_ACCEPTED = "accepted / accepted, late"
_UNPAID = "unpaid / unpaid, no agent has room / unpaid, seller frozen / held, deposit undone"
_HELD = (
    "held / held, custodian frozen / held by the judge / held, handed on / offered"
    " / offered, no agent has room / refused / called back / cash lapsed"
)
_SENT = "sent / sent, no tries left / sent, overdue"
_SENT_HELD = "held, sent / held, sent by courier"
_OPENED = "opened / opened for the buyer / opened when due"
_HEARD = "with agent / with agent, who got the money / with agent, large"
_PROPOSED = "proposed / proposed, judge promoted"
_UP = "with coordinator / with coordinator, who proposed"
_DUE = "due / due, payee frozen / due, fee fetched / due, no tries left"
_OFFERED = (
    "offered / offered when due / offered, no agent has room / offered, paid meanwhile"
    " / called back"
)

_AGENTS = "judge, second, custodian, agent, coordinator"
_ALL_AGENTS = f"{_AGENTS}, courier"
_RULED = "buyer order_ruled, seller order_ruled"
_SPLIT = "order.settle escrow.split payout.owe payout.owe"
_BOTH_DUE = f"{_RULED}, buyer order_payout_buyer, seller order_payout_seller"

DONE = (
    # An order until it is sent.
    ("accept", "seller", "waiting", "order.accept", "buyer order_accepted"),
    ("accept", "seller", "unpaid, waiting", "order.accept", "buyer order_accepted_deposit"),
    ("reject", "seller", _WAITING, "order.reject", "buyer order_rejected_why"),
    ("order.remind", "clock", _WAITING, "order.remind", "seller order_reminder"),
    ("order.expire", "clock", _WAITING, "order.expire",
     "buyer order_expired, seller order_missed"),
    ("cancel", "buyer", f"{_WAITING} / accepted, late / {_UNPAID}", "order.cancel",
     "seller order_cancelled"),
    ("give up", "seller", f"{_ACCEPTED} / {_UNPAID}", "order.give_up",
     "buyer order_given_up_why"),
    ("order.lapse", "clock", _UNPAID, "order.lapse",
     "buyer order_lapsed, seller order_not_deposited"),
    ("hold", _ALL_AGENTS, f"{_ACCEPTED} / unpaid / held, deposit undone",
     "escrow.hold order.hold", "buyer order_receipt, seller order_held"),
    ("unhold", "operator",
     "held / held, late / held, seller frozen / held, custodian frozen / held by the judge"
     " / offered / offered, no agent has room / refused / called back / cash lapsed",
     "escrow.void order.unhold", "buyer order_unheld, seller order_unheld"),
    ("order.late", "clock", f"accepted / {_HELD} / held, seller frozen", "order.late",
     "buyer order_late"),
    ("cancel", "buyer", "held, late / held, seller frozen",
     "order.cancel escrow.refund payout.owe",
     "seller order_cancelled, buyer order_payout_buyer"),
    ("give up", "seller", f"{_HELD} / held, late / held, seller frozen",
     "order.give_up escrow.refund payout.owe",
     "buyer order_given_up_why, buyer order_payout_buyer"),
    ("send", "seller", _ACCEPTED, "order.send", "buyer order_sent"),
    ("send", "seller", f"{_HELD} / held, late", "order.send", "buyer order_sent_paid"),
    # Goods on their way.
    ("inspect", _AGENTS, f"{_SENT} / {_SENT_HELD}", "order.inspect",
     "buyer order_inspected, seller order_approved"),
    ("inspect", "courier", f"{_SENT} / held, sent", "order.inspect",
     "buyer order_inspected, seller order_approved"),
    ("order.overdue", "clock", "sent / sent, no tries left", "order.overdue",
     "buyer order_overdue"),
    ("order.overdue", "clock", f"at agent / {_SENT_HELD} / held, at agent", "order.overdue",
     "buyer order_overdue, custodian order_overdue_agent"),
    ("hand over", "seller", "sent / sent, overdue / at agent", "order.hand_over", ""),
    ("hand over", "seller", f"{_SENT_HELD} / held, at agent", "order.hand_over",
     "buyer order_handed"),
    ("hand over", "custodian", "at agent", "order.hand_over", "seller order_received"),
    ("hand over", "custodian", "held, at agent", "order.hand_over",
     "seller order_received, buyer order_handed"),
    ("hand over", "courier", "held, sent by courier", "order.hand_over",
     "seller order_received, buyer order_handed"),
    ("receive", "buyer",
     f"{_ACCEPTED} / {_HELD} / held, late / held, seller frozen / {_SENT} / at agent"
     f" / {_SENT_HELD} / held, at agent",
     "order.receive", "seller order_received"),
    ("receive", "buyer", "handed over", "order.receive", ""),
    ("receive", "buyer", "held, handed over", "order.receive escrow.release payout.owe",
     "seller order_payout_seller"),
    ("order.finish", "clock", "handed over", "order.finish", ""),
    ("order.finish", "clock", "held, handed over", "order.finish escrow.release payout.owe",
     "seller order_payout_seller"),
    # Complaints.
    ("complain", "buyer", f"{_SENT} / at agent", "order.complain dispute.open",
     "seller order_complaint_unpaid"),
    ("complain", "buyer", "handed over / done / paid / paid, custodian frozen"
     " / offered, paid meanwhile", "order.complain dispute.open", "seller order_complaint"),
    ("complain", "buyer", f"{_SENT_HELD} / held, at agent / held, handed over",
     "order.complain escrow.freeze dispute.open", "seller order_complaint"),
    ("complain", "buyer", f"{_DUE} / offered when due / taken",
     "order.complain escrow.reopen payout.take_back dispute.open", "seller order_complaint"),
    ("complain", "seller", f"{_SENT} / at agent", "order.complain dispute.open",
     "buyer order_no_code"),
    ("complain", "seller", f"{_SENT_HELD} / held, at agent",
     "order.complain escrow.freeze dispute.open", "buyer order_no_code"),
    ("find bad", _ALL_AGENTS, _SENT, "order.complain dispute.open",
     "buyer order_found_bad, seller order_complaint_unpaid"),
    ("find bad", _AGENTS, _SENT_HELD, "order.complain escrow.freeze dispute.open",
     "buyer order_found_bad, seller order_complaint"),
    ("find bad", "courier", "held, sent", "order.complain escrow.freeze dispute.open",
     "buyer order_found_bad, seller order_complaint"),
    ("answer", "seller", f"disputed / {_OPENED} / opened, fee fetched", "dispute.answer",
     "judge order_to_rule"),
    ("answer", "buyer", "opened by the seller", "dispute.answer", "judge order_to_rule"),
    ("dispute.hear", "clock",
     f"disputed / {_OPENED} / opened, fee fetched / opened by the seller", "dispute.hear",
     "judge order_to_rule"),
    ("withdraw", "buyer", "disputed / to be ruled on", "dispute.withdraw order.withdraw",
     "seller order_withdrawn"),
    ("withdraw", "buyer", f"{_OPENED} / opened, fee fetched / {_HEARD} / {_PROPOSED} / {_UP}",
     "dispute.withdraw order.withdraw escrow.release payout.owe",
     "seller order_withdrawn, seller order_payout_seller"),
    ("concede", "seller", "disputed / to be ruled on",
     "dispute.concede order.settle dispute.demand", "buyer order_ruled, seller order_owing"),
    ("concede", "seller", f"{_OPENED} / {_HEARD} / {_PROPOSED} / {_UP}",
     "dispute.concede order.settle escrow.refund payout.owe",
     "buyer order_ruled, buyer order_payout_buyer"),
    ("concede", "seller", "opened, fee fetched",
     "dispute.concede order.settle escrow.refund payout.owe dispute.demand",
     "buyer order_ruled, buyer order_payout_buyer, seller order_owing"),
    ("concede", "buyer", "opened by the seller / with agent, by the seller",
     "dispute.concede order.settle escrow.release payout.owe",
     "seller order_ruled, seller order_payout_seller"),
    # Rulings, of half to the buyer or otherwise of less.
    ("rule / rule otherwise", "judge, coordinator", "to be ruled on",
     "dispute.rule order.settle dispute.demand", f"{_RULED}, seller order_owing"),
    ("rule / rule otherwise", "judge", "with agent / with agent, by the seller",
     f"dispute.rule {_SPLIT}", _BOTH_DUE),
    ("rule / rule otherwise", "coordinator",
     f"with agent / with agent, by the seller / with agent, who got the money / {_UP}",
     f"dispute.rule {_SPLIT}", _BOTH_DUE),
    ("rule", "operator", _UP, f"dispute.rule {_SPLIT}", _BOTH_DUE),
    ("rule / rule otherwise", "judge", "with agent, large", "dispute.propose",
     "second order_to_second"),
    ("rule", "second, coordinator", _PROPOSED, f"dispute.second {_SPLIT}", _BOTH_DUE),
    ("rule otherwise", "second, coordinator", _PROPOSED, "dispute.differ",
     "coordinator order_to_rule"),
    ("dispute.escalate", "clock",
     f"to be ruled on / {_HEARD} / with agent, by the seller / {_PROPOSED}",
     "dispute.escalate", "coordinator order_to_rule"),
    ("dispute.overdue", "clock", _UP, "dispute.overdue", "coordinator order_to_rule"),
    ("repay", _ALL_AGENTS, "owing / owing for cash", "payout.owe dispute.repay",
     "buyer order_payout_buyer, seller order_repaid"),
    ("dispute.unpaid", "clock", "owing / owing, no agent has room / owing for cash",
     "dispute.unpaid", "seller order_owing, coordinator order_unpaid"),
    # Money that is fetched, and corrections of that.
    ("pay seller", "custodian",
     "due / due, fee fetched / due long ago / ruled / ruled, half fetched / withdrawn"
     " / offered when due", "payout.pay", "seller order_paid"),
    ("pay seller", "agent", "taken", "payout.pay", "seller order_paid"),
    ("pay buyer", "custodian", "refund due / ruled / repaid", "payout.pay", "buyer order_paid"),
    ("unpay", "operator", "paid / owing / owing, no agent has room / repaid"
     " / offered, paid meanwhile", "payout.unpay", "seller order_payout_seller"),
    ("unpay", "operator", "refunded / ruled, half fetched", "payout.unpay",
     "buyer order_payout_buyer"),
    ("unpay", "operator", "due, fee fetched / opened, fee fetched", "payout.unpay",
     "courier order_payout_courier"),
    # Cash that is handed on.
    ("offer", "custodian",
     f"held / held, late / held, seller frozen / {_SENT_HELD} / held, at agent"
     f" / held, handed over / {_DUE} / due long ago / refund due / {_OPENED}"
     " / opened, fee fetched / opened by the seller / with agent / with agent, by the seller"
     f" / with agent, large / {_PROPOSED} / {_UP} / ruled / ruled, half fetched / withdrawn"
     " / repaid / refused / cash lapsed",
     "remittance.offer question.asked", "agent cash_offered"),
    ("offer", "custodian", "offered / offered when due / called back",
     "remittance.call_back remittance.offer question.asked", "agent cash_offered"),
    ("offer", "judge", "held by the judge / with agent, who got the money",
     "remittance.offer question.asked", "agent cash_offered"),
    ("take", "agent", "offered / called back", "remittance.take escrow.hand_on",
     "custodian cash_taken, buyer order_kept"),
    ("take", "agent", "offered when due", "remittance.take escrow.hand_on payout.hand_on",
     "custodian cash_taken, seller order_moved"),
    ("take over", "operator",
     f"held / held, late / held, seller frozen / held, custodian frozen / {_SENT_HELD}"
     f" / held, at agent / held, handed over / {_OPENED} / opened, fee fetched"
     " / opened by the seller / with agent / with agent, by the seller / with agent, large"
     f" / {_PROPOSED} / {_UP} / refused / cash lapsed",
     "remittance.offer remittance.take escrow.hand_on",
     "custodian cash_taken, agent cash_yours, buyer order_kept"),
    ("take over", "operator",
     f"{_DUE} / due long ago / ruled, half fetched / withdrawn",
     "remittance.offer remittance.take escrow.hand_on payout.hand_on",
     "custodian cash_taken, agent cash_yours, seller order_moved"),
    ("take over", "operator", "refund due / repaid",
     "remittance.offer remittance.take escrow.hand_on payout.hand_on",
     "custodian cash_taken, agent cash_yours, buyer order_moved"),
    ("take over", "operator", "ruled",
     "remittance.offer remittance.take escrow.hand_on payout.hand_on payout.hand_on",
     "custodian cash_taken, agent cash_yours, buyer order_moved, seller order_moved"),
    ("take over", "operator", "offered / called back",
     "remittance.call_back remittance.offer remittance.take escrow.hand_on",
     "custodian cash_taken, agent cash_yours, buyer order_kept"),
    ("take over", "operator", "offered when due",
     "remittance.call_back remittance.offer remittance.take escrow.hand_on payout.hand_on",
     "custodian cash_taken, agent cash_yours, seller order_moved"),
    ("refuse", "agent", _OFFERED, "remittance.refuse", "custodian cash_refused"),
    ("remittance.lapse", "clock", _OFFERED, "remittance.lapse", "custodian cash_refused"),
)  # fmt: skip
"""What is done, by whom, in which moments; all that happens then, and who is told what."""

REFUSED = (
    # The moment is not the one for it.
    ("waiting, seller frozen", "accept", "seller", "frozen"),
    ("accepted", "cancel", "buyer", "not_late"),
    ("held", "cancel", "buyer", "not_late"),
    ("unpaid", "send", "seller", "no_deposit"),
    ("unpaid", "receive", "buyer", "no_deposit"),
    ("held, seller frozen", "send", "seller", "frozen"),
    ("sent, no tries left", "hand over", "seller", "no_tries"),
    ("done long ago", "complain", "buyer", "too_late"),
    ("due long ago", "complain", "buyer", "too_late"),
    ("withdrawn", "complain", "buyer", "complained"),
    ("ruled", "rule", "judge", "not_now"),
    ("opened", "rule", "judge", "not_now"),
    # The money is not there, or not theirs to give.
    ("unpaid, no agent has room", "hold", "custodian", "over_agent_cap"),
    ("unpaid, seller frozen", "hold", "custodian", "is_frozen"),
    ("owing, no agent has room", "repay", "agent", "over_agent_cap"),
    ("offered, no agent has room", "take", "agent", "over_agent_cap"),
    ("offered, paid meanwhile", "take", "agent", "cash_changed"),
    ("held, handed on", "unhold", "operator", "handed_on"),
    ("due", "pay seller", "agent", "other_agent"),
    ("due, payee frozen", "pay seller", "custodian", "payee_frozen"),
    ("due, no tries left", "pay seller", "custodian", "no_payout_tries"),
    ("held, custodian frozen", "offer", "custodian", "not_agent"),
    ("paid, custodian frozen", "unpay", "operator", "not_agent"),
    # Somebody who gains or loses by it, or who has the money, does not decide.
    ("unpaid", "hold", "buyer", "conflict"),
    ("unpaid", "hold", "seller", "conflict"),
    ("sent", "inspect", "seller", "conflict"),
    ("held, sent by courier", "inspect", "courier", "conflict"),
    ("held, sent by courier", "find bad", "courier", "conflict"),
    ("due", "pay seller", "seller", "other_agent"),
    ("owing", "repay", "seller", "conflict"),
    ("with agent", "rule", "buyer", "conflict"),
    ("with agent", "rule", "seller", "conflict"),
    ("opened, fee fetched", "rule", "courier", "conflict"),
    ("with agent", "rule", "custodian", "custodian"),
    ("with agent, who got the money", "rule", "judge", "custodian"),
    ("with agent", "rule", "agent", "other_judge"),
    ("with agent, large", "rule", "coordinator", "other_judge"),
    ("with coordinator", "rule", "judge", "other_judge"),
    ("proposed", "rule", "judge", "same_agent"),
    ("with coordinator, who proposed", "rule", "judge", "same_agent"),
    ("opened", "withdraw", "seller", "not_opener"),
    ("opened", "concede", "buyer", "not_accused"),
    ("opened by the seller", "withdraw", "seller", "no_withdrawal"),
    ("with agent, by the seller", "withdraw", "seller", "no_withdrawal"),
    ("offered", "take", "second", "no_remittance"),
    ("offered", "take", "custodian", "no_remittance"),
    # A stranger is told nothing, also not that there is such an order.
    ("waiting", "accept", "stranger", "no_order"),
    ("waiting", "cancel", "seller", "no_order"),
    ("sent", "receive", "stranger", "no_order"),
    ("unpaid", "hold", "stranger", "not_agent"),
    ("with agent", "rule", "stranger", "not_agent"),
    ("held", "offer", "stranger", "not_agent"),
)
"""Why not, in moments and for people where that matters."""
