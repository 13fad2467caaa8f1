"""Ten thousand SMS through a provider that loses answers, fails, hangs and reports twice, early and
late, while the worker is killed every two seconds: none is lost, none with a one-time code is sent
twice, and of the others none more often than its unknown outcomes explain.

The twins take away what this rests on (see tests.support.without).
"""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from store import codes, outbox
from tests.support.at_faults import Faults, chance
from tests.support.at_server import AfricasTalkingServer, Sms
from tests.support.pieces import Pieces

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.timeout(600)]

Kinds = Sequence[Sequence[str]]

KINDS: Kinds = (
    ("security", "reply", "order", "reply", "reply"),
    ("order", "security", "order", "reply", "order"),
    ("reply", "reminder", "security", "reminder", "reply"),
    ("broadcast", "reply", "reply", "security", "broadcast"),
)
"""What one phone is sent, and the next, and so on."""

SETTINGS = {
    "PASAR_SEND_AT_ONCE": "48",
    "PASAR_LEASE": "8s",
    "PASAR_REPORT_WITHIN": "3s",
    "PASAR_SWEEP_EVERY": "1s",
    "PASAR_MERGE_WITHIN": "1s",
    "PASAR_SMS_DAILY_BUDGET": "100000000",
}

KILL_EVERY = 2.0
"""Seconds from one kill of the worker to the next."""

PATIENCE = 500.0
"""Seconds in which all must have been sent; a tenth of it is enough on two idle cores."""


def faults() -> Faults:
    """A bad day at the provider."""
    draw = random.Random(7)
    return Faults(
        lost_answer=chance(0.10, draw),
        error_500=chance(0.05, draw),
        hang=chance(0.02, draw),
        hang_seconds=2.0,
        reports="twice",
        report_delay=0.2,
        reports_early=chance(0.2, draw),
        reports_shuffled=chance(0.2, draw),
        minimal_reports=chance(0.3, draw),  # of which nobody can tell what they are about
    )


@dataclass
class Put:
    """A message, and the mark in its text."""

    id: str
    msisdn: str
    kind: str
    mark: str


def put_all(pieces: Pieces, phones: int, kinds: Kinds) -> list[Put]:
    """Five messages to each phone."""
    found = []
    for first in range(0, phones, 200):
        with pieces.shop.write() as tx:
            for m in range(5):
                for n in range(first, min(first + 200, phones)):
                    kind, msisdn = kinds[n % len(kinds)][m], f"+62812345{n:05d}"
                    mark = f"[{n}-{m}]"
                    code = codes.placeholder(n, codes.new_nonce(tx.chance))
                    text = f"Kode {code} {mark}" if kind == "security" else f"Kabar {kind} {mark}"
                    put = outbox.put(tx, msisdn, text, notice="news", kind=kind)
                    found.append(Put(put, msisdn, kind, mark))
    return found


@contextmanager
def sent_out(
    data_dir: Path, *, phones: int, kinds: Kinds = KINDS, without: str = ""
) -> Iterator[tuple[Pieces, list[Put], AfricasTalkingServer]]:
    """The messages to so many phones; the worker is killed until nothing is left to be done."""
    with AfricasTalkingServer() as at, Pieces(data_dir, at, **SETTINGS) as pieces:
        at.faults = faults()
        put = put_all(pieces, phones, kinds)
        pieces.open(without=without)
        began, kills = time.monotonic(), 0
        while left := pieces.left():
            assert time.monotonic() - began < PATIENCE, f"{left} left after {kills} kills"
            time.sleep(KILL_EVERY)
            assert pieces.workers[0].ended() is None, "the worker ended by itself"
            pieces.workers[0].kill()
            pieces.workers[0].spawn()
            kills += 1
        print(f"{len(put)} messages in {time.monotonic() - began:.0f} s, {kills} kills")
        yield pieces, put, at


def check(pieces: Pieces, put: list[Put], at: AfricasTalkingServer) -> None:
    sent = at.sent
    arrived = arrivals(sent)
    with pieces.shop.read() as tx:
        rows = {row["id"]: row for row in tx.rows("SELECT id, state, resend FROM outbox")}
        accepted = {
            row["external_id"]
            for row in tx.rows("SELECT external_id FROM attempts WHERE outcome = 'accepted'")
        }
        unknown = Counter({row["msisdn"]: row["times"] for row in tx.rows(_UNKNOWN)})
    missing = [sms for sms in put if not arrived[sms.mark]]
    said = (
        f"{len(put)} messages, {len(sent)} SMS arrived, {unknown.total()} unknown outcomes,"
        f" {dict(Counter(len(arrived[sms.mark]) for sms in put))} messages so often;"
        f" {len(missing)} codes that may not be sent again did not arrive"
    )
    print(said)

    lost = [sms for sms in missing if rows[sms.id]["resend"] or rows[sms.id]["state"] != "unknown"]
    assert not lost, f"{len(lost)} were lost: {lost[:3]}; {said}"

    codes_twice = [s for s in put if s.kind == "security" and len(arrived[s.mark]) > 1]
    assert not codes_twice, f"{len(codes_twice)} codes were sent twice; {said}"

    # An SMS that the worker was told of is the only one with its message that it was told of. The
    # others to its phone are of attempts whose outcome it does not know.
    told = Counter(
        mark
        for mark, places in arrived.items()
        for place in places
        if sent[place].message_id in accepted
    )
    untold = Counter(sms.to for sms in sent if sms.message_id not in accepted)
    too_often = [mark for mark, times in told.items() if times > 1]
    too_often += [msisdn for msisdn, times in untold.items() if times > unknown[msisdn]]
    assert not too_often, f"sent too often: {too_often[:5]}; {said}"
    check_order(put, arrived)


_UNKNOWN = """
SELECT msisdn, COUNT(*) AS times FROM attempts JOIN outbox ON outbox.id = attempts.message_id
WHERE outcome IS NULL OR outcome = 'unknown' GROUP BY msisdn
"""


def arrivals(sent: Sequence[Sms]) -> dict[str, list[int]]:
    """Mark -> the places in which SMS with it arrived; a merged one has several marks."""
    found = defaultdict(list)
    for place, sms in enumerate(sent):
        for part in sms.text.split("[")[1:]:
            found["[" + part.partition("]")[0] + "]"].append(place)
    return found


def check_order(put: list[Put], arrived: dict[str, list[int]]) -> None:
    firsts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for sms in put:
        if arrived[sms.mark]:
            firsts[sms.msisdn, sms.kind].append(arrived[sms.mark][0])
    wrong = [whose for whose, places in firsts.items() if places != sorted(places)]
    assert not wrong, f"{len(wrong)} phones got theirs in disorder: {wrong[:3]}"


def test_ten_thousand_messages_on_a_bad_day(tmp_path: Path) -> None:
    with sent_out(tmp_path / "var", phones=2000) as (pieces, put, at):
        check(pieces, put, at)


CODES_ONLY: Kinds = (("security",) * 5,)
REPLIES_ONLY: Kinds = (("reply",) * 5,)


@pytest.mark.parametrize(
    ("safeguard", "kinds", "seen"),
    [
        ("the_word_that_it_is_being_sent", CODES_ONLY, "codes were sent twice"),
        ("care_with_codes", CODES_ONLY, "codes were sent twice"),
        ("sending_again", KINDS, "were lost"),
        ("waiting_for_earlier_ones", REPLIES_ONLY, "in disorder"),
    ],
)
def test_twin_on_a_bad_day(tmp_path: Path, safeguard: str, kinds: Kinds, seen: str) -> None:
    with (
        sent_out(tmp_path / "var", phones=300, kinds=kinds, without=safeguard) as (pieces, put, at),
        pytest.raises(AssertionError, match=seen),
    ):
        check(pieces, put, at)
