"""Whatever is written, answered, reported or lost: the rules of the messages out hold.

Here it is a short game; the twins in `tests/faults` show that it sees what it is for.
"""

from tests.support import outbox_model


def test_whatever_happens_the_rules_of_the_messages_out_hold() -> None:
    outbox_model.play(40)
