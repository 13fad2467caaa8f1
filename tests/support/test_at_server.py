"""The pretend provider, met by the real SDK and plain requests: a behaviour or fault each."""

from __future__ import annotations

import http.server
import json
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from africastalking.Service import AfricasTalkingException
from africastalking.SMS import SMSService

from tests.support.at_server import (
    AfricasTalkingServer,
    Fault,
    Faults,
    always,
    chance,
    every,
    first,
    never,
    pattern,
)

SITI, BUDI = "+6281200000001", "+6281200000002"


class Hook(http.server.ThreadingHTTPServer):
    """Our side: takes delivery reports, answering with the statuses it is told, then with 200."""

    def __init__(self, port: int = 0) -> None:
        self.reports: list[dict[str, str]] = []
        self.statuses: list[int] = []
        self.pause = 0.0  # seconds before it answers
        super().__init__(("127.0.0.1", port), HookHandler)
        self.url = f"http://127.0.0.1:{self.server_port}/hooks/africastalking/t/delivery"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def names(self) -> list[str]:
        return [report["status"] for report in self.reports]

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class HookHandler(http.server.BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.reports.append(dict(parse_qsl(body)))
        time.sleep(self.server.pause)
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


class Sms(SMSService):
    def __init__(self, at: AfricasTalkingServer, api_key: str = "k") -> None:
        self.url = at.base_url + "/version1"
        super().__init__("sandbox", api_key)

    def _init_service(self) -> None:
        super()._init_service()
        self._baseUrl = self._contentUrl = self.url


@pytest.fixture
def at() -> Iterator[AfricasTalkingServer]:
    with AfricasTalkingServer(api_key="k") as server:
        yield server


@pytest.fixture
def hook(at: AfricasTalkingServer) -> Iterator[Hook]:
    hook = Hook()
    at.report_url = hook.url
    yield hook
    hook.close()


def send(
    at: AfricasTalkingServer, text: str = "hi", to: str = SITI, timeout: float = 5, **form: str
) -> requests.Response:
    return requests.post(
        at.base_url + "/version1/messaging",
        headers={"apiKey": "k"},
        data={"username": "sandbox", "to": to, "message": text, "bulkSMSMode": "1", **form},
        timeout=timeout,
    )


def asked(fault: Fault, times: int) -> list[bool]:
    return [fault() for _ in range(times)]


# Sending


def test_the_sdk_sends_and_reads_the_answer(at: AfricasTalkingServer) -> None:
    answer = Sms(at).send("Halo", [SITI], sender_id="PASAR", enqueue=True)

    [sms] = at.sent
    assert (sms.to, sms.text, sms.sender, sms.answered) == (SITI, "Halo", "PASAR", True)
    assert re.fullmatch("ATXid_[0-9a-f]{32}", sms.message_id)
    assert answer["SMSMessageData"] == {
        "Message": "Sent to 1/1 Total Cost: USD 0.0079 Message parts: 1",
        "Recipients": [
            {
                "cost": "KES 0.8000",
                "messageId": sms.message_id,
                "number": SITI,
                "status": "Success",
                "statusCode": 102,
            }
        ],
    }


def test_a_good_answer_looks_as_recorded(at: AfricasTalkingServer) -> None:
    answer = send(at, to="+254700072929")

    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Length"] == "235"
    assert list(answer.headers) == [
        "Server",
        "Date",
        "Content-Type",
        "Content-Length",
        "Connection",
    ]
    recorded = (
        '{"SMSMessageData":{"Message":"Sent to 1/1 Total Cost: USD 0.0079 Message parts: 1",'
        '"Recipients":[{"cost":"KES 0.8000","messageId":"ID","number":"+254700072929",'
        '"status":"Success","statusCode":102}]}}'
    )
    assert answer.text.replace(at.sent[0].message_id, "ID") == recorded


def test_recipients_get_a_row_each(at: AfricasTalkingServer) -> None:
    answer = Sms(at).send("Pasar buka", [SITI, BUDI])

    rows = answer["SMSMessageData"]["Recipients"]
    assert [row["messageId"] for row in rows] == [sms.message_id for sms in at.sent]
    assert answer["SMSMessageData"]["Message"].startswith("Sent to 2/2 ")
    assert at.to(BUDI) == ["Pasar buka"]


@pytest.mark.parametrize(
    ("text", "parts"), [("a" * 160, 1), ("a" * 161, 2), ("é" * 70, 1), ("é" * 71, 2)]
)
def test_the_answer_counts_parts(at: AfricasTalkingServer, text: str, parts: int) -> None:
    assert f"Message parts: {parts}" in send(at, text).text


def test_a_wrong_key_is_refused_as_plain_text(at: AfricasTalkingServer) -> None:
    with pytest.raises(AfricasTalkingException, match="The supplied authentication is invalid"):
        Sms(at, api_key="wrong").send("Halo", [SITI])
    answer = requests.get(at.base_url + "/version1/messaging?username=sandbox", timeout=5)

    assert (answer.status_code, answer.headers["Content-Length"]) == (401, "38")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert at.sent == []


def test_a_wrong_username_is_refused(at: AfricasTalkingServer) -> None:
    assert send(at, username="someone").status_code == 401


def test_an_empty_field_is_refused_by_name(at: AfricasTalkingServer) -> None:
    for answer, name in [(send(at, to=""), "'to'"), (send(at, text=""), "'message'")]:
        assert (answer.status_code, name in answer.text) == (400, True)


def test_another_path_is_not_found(at: AfricasTalkingServer) -> None:
    assert requests.get(at.base_url + "/version1/airtime/send", timeout=5).status_code == 404


def test_it_keeps_requests_as_they_came(at: AfricasTalkingServer) -> None:
    send(at, "Ya & tidak – ñ")

    [request] = at.requests
    assert (request.method, request.path) == ("POST", "/version1/messaging")
    assert request.headers["apiKey"] == "k"
    assert request.form["message"] == "Ya & tidak – ñ"


def test_answers_do_not_stall_on_a_kept_connection(at: AfricasTalkingServer) -> None:
    session = requests.Session()
    form = {"username": "sandbox", "to": SITI, "message": "hi"}
    started = time.monotonic()
    for _ in range(50):
        session.post(at.base_url + "/version1/messaging", form, headers={"apiKey": "k"}, timeout=5)
    assert time.monotonic() - started < 50 * 0.040
    assert len(at.sent) == 50


# Faults


def test_lost_answer_accepts_without_telling(at: AfricasTalkingServer) -> None:
    at.faults = Faults(lost_answer=first(1))
    with pytest.raises(requests.ConnectionError):
        Sms(at).send("satu", [SITI])
    Sms(at).send("dua", [SITI])

    assert [(sms.text, sms.answered) for sms in at.sent] == [("satu", False), ("dua", True)]


@pytest.mark.parametrize(
    ("faults", "status"),
    [(Faults(error_500=first(1)), 500), (Faults(throttled_429=first(1)), 429)],
    ids=["error_500", "throttled_429"],
)
def test_a_refused_send_reaches_nobody(
    at: AfricasTalkingServer, faults: Faults, status: int
) -> None:
    at.faults = faults
    assert send(at, "satu").status_code == status
    assert send(at, "dua").status_code == 201
    assert at.to(SITI) == ["dua"]


@pytest.mark.parametrize(("hang_accepts", "reached"), [(False, []), (True, [("hi", False)])])
def test_hang_lets_the_caller_time_out(
    at: AfricasTalkingServer, hang_accepts: bool, reached: list[tuple[str, bool]]
) -> None:
    at.faults = Faults(hang=always, hang_accepts=hang_accepts)
    with pytest.raises(requests.ReadTimeout):
        send(at, timeout=0.2)
    at.settle(quiet=0.1, timeout=5)  # long before hang_seconds: it sees that the caller left
    assert [(sms.text, sms.answered) for sms in at.sent] == reached


def test_hang_ends_in_a_closed_connection(at: AfricasTalkingServer) -> None:
    at.faults = Faults(hang=always, hang_seconds=0.2)
    started = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        send(at)
    assert time.monotonic() - started >= 0.2


def test_slow_answers_late(at: AfricasTalkingServer) -> None:
    at.faults = Faults(slow=always, slow_seconds=0.3)
    started = time.monotonic()
    assert send(at).status_code == 201
    assert time.monotonic() - started >= 0.3
    assert at.sent[0].answered


def test_slow_accepts_for_a_caller_that_left(at: AfricasTalkingServer) -> None:
    at.faults = Faults(slow=always, slow_seconds=5)
    with pytest.raises(requests.ReadTimeout):
        send(at, timeout=0.2)
    at.settle(quiet=0.1, timeout=4)
    assert [sms.answered for sms in at.sent] == [False]


def test_bad_sender_is_a_201_for_nobody(at: AfricasTalkingServer) -> None:
    at.faults = Faults(bad_sender=always)
    answer = send(at)
    assert answer.status_code == 201
    assert answer.json() == {"SMSMessageData": {"Message": "InvalidSenderId", "Recipients": []}}
    assert at.sent == []


def test_blacklisted_numbers_are_refused_one_by_one(at: AfricasTalkingServer) -> None:
    at.faults = Faults(blacklisted={SITI})
    data = Sms(at).send("Halo", [SITI, BUDI])["SMSMessageData"]

    assert data["Message"].startswith("Sent to 1/2 ")
    assert json.dumps(data["Recipients"][0]) == json.dumps(
        {
            "cost": "0",
            "messageId": "None",
            "number": SITI,
            "status": "UserInBlacklist",
            "statusCode": 406,
        }
    )
    assert [sms.to for sms in at.sent] == [BUDI]
    assert send(at).json()["SMSMessageData"]["Message"] == "Sent to 0/1 Total Cost: 0"


def test_faults_strike_as_often_as_told() -> None:
    assert asked(never, 2) == [False, False]
    assert asked(always, 2) == [True, True]
    assert asked(first(2), 4) == [True, True, False, False]
    assert asked(every(2), 4) == [False, True, False, True]
    assert asked(pattern(False, True), 4) == [False, True, False, False]
    assert asked(chance(0, random.Random(1)), 50) == [False] * 50
    assert asked(chance(1, random.Random(1)), 50) == [True] * 50


def test_chance_repeats_with_its_seed() -> None:
    draws = asked(chance(0.3, random.Random(7)), 1000)
    assert draws == asked(chance(0.3, random.Random(7)), 1000)
    assert 250 < sum(draws) < 350


def test_later_faults_are_not_asked_about_a_refused_send(at: AfricasTalkingServer) -> None:
    at.faults = Faults(error_500=first(1), lost_answer=first(1))
    assert send(at).status_code == 500
    with pytest.raises(requests.ConnectionError):
        send(at)


def test_a_fault_that_cannot_be_asked_is_refused() -> None:
    with pytest.raises(TypeError, match="slow is a fault: give it always"):
        Faults(slow=True)  # type: ignore[arg-type]


# Delivery reports


def test_one_report_follows_each_message(at: AfricasTalkingServer, hook: Hook) -> None:
    send(at, to=f"{SITI},{BUDI}")
    at.settle(quiet=0.1)

    expected = [
        {
            "id": sms.message_id,
            "status": "Success",
            "phoneNumber": sms.to,
            "networkCode": "99999",
        }
        for sms in at.sent
    ]
    assert hook.reports == expected
    assert [(report.fields, report.status) for report in at.reports] == [
        (fields, 200) for fields in expected
    ]


def test_a_message_whose_answer_was_lost_is_reported(at: AfricasTalkingServer, hook: Hook) -> None:
    at.faults = Faults(lost_answer=always)
    with pytest.raises(requests.ConnectionError):
        send(at)
    at.settle(quiet=0.1)
    assert [report["id"] for report in hook.reports] == [at.sent[0].message_id]


def test_blacklisted_numbers_get_no_report(at: AfricasTalkingServer, hook: Hook) -> None:
    at.faults = Faults(blacklisted={SITI})
    send(at, to=f"{SITI},{BUDI}")
    at.settle(quiet=0.1)
    assert [report["phoneNumber"] for report in hook.reports] == [BUDI]


@pytest.mark.parametrize(
    ("faults", "names"),
    [
        (Faults(reports="none"), []),
        (Faults(reports="twice"), ["Success", "Success"]),
        (Faults(report_status="AbsentSubscriber"), ["AbsentSubscriber"]),
        (Faults(reports_shuffled=always), ["Success", "Sent"]),
        (Faults(reports_shuffled=always, reports="twice"), ["Success", "Success", "Sent"]),
        (Faults(reports_shuffled=always, reports="none"), []),
    ],
    ids=["none", "twice", "status", "shuffled", "shuffled-twice", "shuffled-none"],
)
def test_reports_come_as_told(
    at: AfricasTalkingServer, hook: Hook, faults: Faults, names: list[str]
) -> None:
    at.faults = faults
    send(at)
    at.settle(quiet=0.1)
    assert hook.names == names


@pytest.mark.parametrize(
    ("status", "reason"), [("Failed", "UserDoesNotExist"), ("Rejected", "UserInBlackList")]
)
def test_a_failure_says_why(at: AfricasTalkingServer, hook: Hook, status: str, reason: str) -> None:
    at.faults = Faults(report_status=status)
    send(at)
    at.settle(quiet=0.1)
    assert hook.reports[0]["failureReason"] == reason


def test_a_minimal_report_has_only_id_and_status(at: AfricasTalkingServer, hook: Hook) -> None:
    at.faults = Faults(minimal_reports=first(1), report_status="Failed")
    send(at, to=f"{SITI},{BUDI}")
    at.settle(quiet=0.1)
    assert [len(report) for report in hook.reports] == [2, 5]


def test_a_report_waits_for_its_delay(at: AfricasTalkingServer, hook: Hook) -> None:
    at.faults = Faults(report_delay=0.4)
    send(at)
    answered = time.monotonic()
    assert hook.reports == []
    at.settle(quiet=0)
    assert len(hook.reports) == 1
    assert time.monotonic() - answered >= 0.35


def test_an_early_report_comes_before_the_answer(at: AfricasTalkingServer, hook: Hook) -> None:
    at.faults = Faults(reports_early=always, report_delay=60, slow=always, slow_seconds=0.3)
    caller = threading.Thread(target=send, args=(at,))
    caller.start()
    sms = at.wait_for(SITI)
    while not hook.reports and not sms.answered:
        [sms] = at.sent
    assert (hook.names, sms.answered) == (["Success"], False)
    caller.join()
    at.settle(quiet=0.1)
    assert hook.names == ["Success"]


def test_the_answer_waits_for_an_early_report(at: AfricasTalkingServer, hook: Hook) -> None:
    at.faults = Faults(reports_early=always)
    hook.pause = 0.3
    send(at)
    assert [report.status for report in at.reports] == [200]


def test_a_report_does_not_overtake_the_answer_otherwise(
    at: AfricasTalkingServer, hook: Hook
) -> None:
    at.faults = Faults(slow=always, slow_seconds=0.3)
    caller = threading.Thread(target=send, args=(at,))
    caller.start()
    at.wait_for(SITI)
    time.sleep(0.15)
    assert (hook.reports, at.sent[0].answered) == ([], False)
    caller.join()


def test_reports_wait_in_order_until_our_side_is_up(at: AfricasTalkingServer) -> None:
    down = Hook()
    down.close()
    at.report_url = down.url
    send(at, "satu")
    send(at, "dua")
    time.sleep(0.3)
    up = Hook(down.server_port)
    at.settle(quiet=0.1)
    up.close()
    assert [report["id"] for report in up.reports] == [sms.message_id for sms in at.sent]


def test_a_repeated_report_is_not_overtaken(at: AfricasTalkingServer, hook: Hook) -> None:
    hook.statuses = [503]
    send(at, to=f"{SITI},{BUDI}")
    at.settle(quiet=0.1)
    assert [report["phoneNumber"] for report in hook.reports] == [SITI, SITI, BUDI]


@pytest.mark.parametrize(("status", "posts"), [(503, 2), (404, 1)])
def test_only_a_report_that_was_not_taken_is_repeated(
    at: AfricasTalkingServer, hook: Hook, status: int, posts: int
) -> None:
    hook.statuses = [status]
    send(at)
    at.settle(quiet=0.1)
    assert len(hook.reports) == posts


def test_without_a_report_url_nothing_is_posted(at: AfricasTalkingServer) -> None:
    send(at)
    at.settle(quiet=0)
    assert at.reports == []


# Incoming messages


def test_the_sdk_fetches_what_phones_sent(at: AfricasTalkingServer) -> None:
    number = at.receive(SITI, "BELI 3", date=datetime(2018, 3, 19, 8, 34, 18, 445000, UTC))
    [message] = Sms(at).fetch_messages()["SMSMessageData"]["Messages"]
    assert message.pop("linkId")
    assert message == {
        "text": "BELI 3",
        "to": "22345",
        "id": number,
        "date": "2018-03-19T08:34:18.445Z",
        "from": SITI,
    }


def test_fetching_pages_by_the_last_id(at: AfricasTalkingServer) -> None:
    ids = [at.receive(SITI, f"pesan {n}") for n in range(150)]
    service, pages, last = Sms(at), [], 0
    while page := service.fetch_messages(last_received_id=last)["SMSMessageData"]["Messages"]:
        pages.append([message["id"] for message in page])
        last = page[-1]["id"]
    assert [len(page) for page in pages] == [100, 50]
    assert [number for page in pages for number in page] == ids


def test_a_last_id_that_is_no_number_is_refused(at: AfricasTalkingServer) -> None:
    with pytest.raises(AfricasTalkingException, match="malformed"):
        Sms(at).fetch_messages(last_received_id="ATXid_1")


# Waiting


def test_wait_for_sees_what_comes_later(at: AfricasTalkingServer) -> None:
    timer = threading.Timer(0.2, send, (at, "Pesanan 7 siap"))
    timer.start()
    assert at.wait_for(SITI, containing="Pesanan").text == "Pesanan 7 siap"
    timer.join()


def test_wait_for_says_what_came_instead(at: AfricasTalkingServer) -> None:
    send(at, "Halo", to=BUDI)
    with pytest.raises(AssertionError, match=r"no SMS to \+6281200000001(.|\n)*0002: 'Halo'"):
        at.wait_for(SITI, timeout=0.1)


def test_settle_waits_for_quiet(at: AfricasTalkingServer) -> None:
    timers = [threading.Timer(wait, send, (at,)) for wait in (0.1, 0.3, 0.5)]
    for timer in timers:
        timer.start()
    at.settle(quiet=0.6)
    assert len(at.sent) == 3


def test_settle_says_what_is_left(at: AfricasTalkingServer) -> None:
    at.report_url = "http://127.0.0.1:1/"
    send(at)
    with pytest.raises(AssertionError, match=r"1 reports not posted to http://127.0.0.1:1/"):
        at.settle(timeout=0.3)


def test_clear_forgets_all_that_came(at: AfricasTalkingServer) -> None:
    at.report_url = "http://127.0.0.1:1/"
    at.receive(SITI, "BELI 3")
    send(at)
    time.sleep(0.05)
    at.clear()
    at.settle(quiet=0.2, timeout=2)
    assert (at.sent, at.requests, at.reports) == ([], [], [])
    assert Sms(at).fetch_messages()["SMSMessageData"]["Messages"] == []


def test_an_outage_cuts_connections_and_ends_on_the_same_port(at: AfricasTalkingServer) -> None:
    session = requests.Session()
    url = at.base_url + "/version1/messaging?username=sandbox"
    assert session.get(url, headers={"apiKey": "k"}, timeout=5).ok
    at.stop()
    with pytest.raises(requests.ConnectionError):
        session.get(url, headers={"apiKey": "k"}, timeout=5)
    at.start()
    assert session.get(url, headers={"apiKey": "k"}, timeout=5).ok
    assert len(at.requests) == 2


def test_many_callers_at_once_lose_nothing(at: AfricasTalkingServer, hook: Hook) -> None:
    at.faults = Faults(error_500=every(7))
    good: list[str] = []

    def caller(name: int) -> None:
        for n in range(20):
            text = f"{name}-{n}"
            if send(at, text).ok:
                good.append(text)

    callers = [threading.Thread(target=caller, args=(name,)) for name in range(8)]
    for thread in callers:
        thread.start()
    for thread in callers:
        thread.join()
    at.settle(quiet=0.1)
    assert len(good) == 160 - 160 // 7
    assert sorted(sms.text for sms in at.sent) == sorted(good)
    assert {report["id"] for report in hook.reports} == {sms.message_id for sms in at.sent}


def test_it_runs_for_people() -> None:
    command = [sys.executable, "-m", "tests.support.at_server", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = re.search(r"http\S+", process.stdout.readline())
        assert found
        form = {"username": "sandbox", "to": SITI, "message": "Halo"}
        requests.post(found[0].rstrip(","), form, headers={"apiKey": "test-key"}, timeout=5)
        assert "'message': 'Halo'" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
    assert process.returncode == 0
