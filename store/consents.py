"""What each phone's owner has agreed to be sent, for each purpose, and when they said so.

Every change is an event, so the chain of events is the log of consent.
"""

from store import outbox
from store.shop import Transaction

PURPOSES = {
    "news": "news of the market",
    "reminders": "reminders of one's own orders",
}
"""What a person can refuse. Messages about their own orders and answers always come."""

PURPOSE_OF = {"broadcast": "news", "reminder": "reminders"}
"""Kind of message -> the purpose that it needs."""


def given(tx: Transaction, msisdn: str, purpose: str) -> bool:
    """Whether this phone may be sent that; nobody has said no."""
    said = tx.value(
        "SELECT given FROM consents WHERE msisdn = ? AND purpose = ?", (msisdn, purpose)
    )
    return said is None or bool(said)


def say(tx: Transaction, msisdn: str, purpose: str, *, yes: bool, way: str) -> None:
    """Its owner agrees, or does not any more; `way` is how they said so (sms, ussd, provider).
    What waits to be sent is not sent, either."""
    tx.execute(
        "INSERT INTO consents (msisdn, purpose, given, at)"
        " VALUES (:msisdn, :purpose, :given, :now)"
        " ON CONFLICT (msisdn, purpose) DO UPDATE SET given = excluded.given, at = excluded.at",
        {"msisdn": msisdn, "purpose": purpose, "given": int(yes), "now": tx.moment},
    )
    if not yes:
        for kind in (kind for kind, needs in PURPOSE_OF.items() if needs == purpose):
            outbox.stop(tx, msisdn, kind)
    action = "consent.given" if yes else "consent.withdrawn"
    tx.event(msisdn, action, f"phone:{msisdn}", purpose=purpose, way=way)
