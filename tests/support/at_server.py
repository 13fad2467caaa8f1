"""Africa's Talking's SMS API on a local port, as it behaves on the wire, with faults to switch on.

    with AfricasTalkingServer(api_key="k") as at:
        at.report_url = "http://127.0.0.1:8000/hooks/africastalking/<token>/delivery"
        at.faults = Faults(lost_answer=every(10), reports="twice")
        ...                                        # let the gateway send to at.base_url
        sms = at.wait_for("+6281200000001", containing="Pesanan")
        at.settle()

What must stay true here: a message in `sent` is one that a real phone would have received, whatever
the caller was told about it.

For people: python -m tests.support.at_server --port 9999 --report-url URL
"""

from __future__ import annotations

import argparse
import contextlib
import heapq
import itertools
import threading
import time
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self

from tests.support.at_faults import Fault, Faults, always, chance, every, first, never, pattern
from tests.support.at_wire import Handler, Http, Report, Request, Sms, post_form

__all__ = [
    "AfricasTalkingServer",
    "Fault",
    "Faults",
    "Report",
    "Request",
    "Sms",
    "always",
    "chance",
    "every",
    "first",
    "never",
    "pattern",
]

FETCH_PAGE = 100  # messages in one answer to GET /messaging
REPORT_TRIES, REPORT_PAUSE = 300, 0.1  # 30 s of restarts before a report is given up
FAILURE_REASONS = {"Failed": "UserDoesNotExist", "Rejected": "UserInBlackList"}


@dataclass(order=True)
class _Job:
    due: float
    number: int
    fields: dict[str, str] = field(compare=False)
    tries: int = field(default=0, compare=False)
    done: threading.Event = field(default_factory=threading.Event, compare=False)


class AfricasTalkingServer:
    """The provider. Safe to use from any thread; `stop` and `start` make an outage on one port."""

    def __init__(
        self,
        api_key: str = "test-key",
        username: str = "sandbox",
        port: int = 0,
        log: Callable[[str], None] | None = None,
    ) -> None:
        self.api_key, self.username, self.port = api_key, username, port
        self.report_url: str | None = None
        self.faults = Faults()
        self._log = log or (lambda line: None)
        self._changed = threading.Condition()  # guards all that follows
        self._sent: list[Sms] = []
        self._requests: list[Request] = []
        self._reports: list[Report] = []
        self._incoming: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)
        self._jobs: list[_Job] = []  # heap of reports to post
        self._posting: _Job | None = None
        self._busy = 0  # requests being worked on
        self._last_event = time.monotonic()
        self._running = False
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        self._http = Http(("127.0.0.1", self.port), Handler)
        self._http.at = self
        self.port = self._http.server_address[1]
        self._running = True
        serve = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        post = threading.Thread(target=self._post_reports, daemon=True)
        self._threads = [serve, post]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Refuses connections and cuts the open ones. Reports not yet posted wait for start."""
        with self._changed:
            self._running = False
            self._changed.notify_all()
        self._http.shutdown()
        self._http.server_close()
        self._http.cut_connections()
        for thread in self._threads:
            thread.join()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sent(self) -> list[Sms]:
        """Every accepted message, in order, one row a recipient (copies)."""
        with self._changed:
            return [replace(sms) for sms in self._sent]

    @property
    def requests(self) -> list[Request]:
        with self._changed:
            return list(self._requests)

    @property
    def reports(self) -> list[Report]:
        """Reports posted so far, in order, with what our side answered."""
        with self._changed:
            return list(self._reports)

    def to(self, number: str) -> list[str]:
        """Texts accepted for this number, in order."""
        return [sms.text for sms in self.sent if sms.to == number]

    def wait_for(self, number: str, containing: str = "", timeout: float = 15.0) -> Sms:
        """The first message to this number that contains the text, now or within `timeout` s."""

        def found() -> Sms | None:
            hits = (s for s in self._sent if s.to == number and containing in s.text)
            return next(hits, None)

        with self._changed:
            sms = self._changed.wait_for(found, timeout)
            if sms is not None:
                return replace(sms)
            arrived = "".join(f"\n  {s.to}: {s.text!r}" for s in self._sent[-20:])
        raise AssertionError(
            f"no SMS to {number} containing {containing!r} in {timeout} s; "
            f"what arrived: {arrived or 'nothing'}"
        )

    def settle(self, quiet: float = 0.5, timeout: float = 15.0) -> None:
        """Waits until no request is open, no report is left, and `quiet` s passed with neither."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                pending = len(self._jobs) + (self._posting is not None)
                now = time.monotonic()
                calm_at = self._last_event + quiet
                if not self._busy and not pending and now >= calm_at:
                    return
                if now >= deadline:
                    raise AssertionError(
                        f"not settled in {timeout} s: {self._busy} requests open, "
                        f"{pending} reports not posted to {self.report_url}, "
                        f"last event {now - self._last_event:.2f} s ago"
                    )
                step = deadline if self._busy or pending else min(deadline, calm_at)
                self._changed.wait(step - now)

    def wait_until_no_more(self, enough: int, quiet: float) -> None:
        """Waits until so many messages have arrived, and then for one more second; or until none
        has for `quiet` s."""
        with self._changed:
            while self._changed.wait_for(partial(self._longer_than, len(self._sent)), quiet):
                if len(self._sent) >= enough:
                    quiet = min(quiet, 1.0)

    def _longer_than(self, before: int) -> bool:
        return len(self._sent) > before

    def clear(self) -> None:
        """Forgets what arrived and drops reports not yet posted; keeps faults and report_url."""
        with self._changed:
            for job in self._jobs:
                job.done.set()
            for rows in (self._sent, self._requests, self._reports, self._incoming, self._jobs):
                rows.clear()
            self._posting = None
            self._changed.notify_all()

    def receive(
        self, from_: str, text: str, to: str = "22345", date: datetime | None = None
    ) -> int:
        """An SMS from a phone, for GET /version1/messaging to return; gives its id."""
        when = (date or datetime.now(UTC)).astimezone(UTC)
        with self._changed:
            number = next(self._numbers)
            message = {"linkId": str(uuid.uuid4()), "text": text, "to": to, "id": number}
            message["date"] = when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            self._incoming.append({**message, "from": from_})
        return number

    # What the request handler calls.

    def _arrived(self, request: Request) -> None:
        self._log(f"{request.method} {request.path} {request.form}")
        with self._changed:
            self._requests.append(request)
            self._busy += 1
            self._event()

    def _left(self) -> None:
        with self._changed:
            self._busy -= 1
            self._event()

    def _event(self) -> None:
        self._last_event = time.monotonic()
        self._changed.notify_all()

    def _asked(self, fault: Fault) -> bool:
        with self._changed:
            return fault()

    def _fetch(self, last_id: int) -> dict[str, Any]:
        with self._changed:
            newer = [message for message in self._incoming if message["id"] > last_id]
        return {"SMSMessageData": {"Messages": newer[:FETCH_PAGE]}}

    def _accept(self, form: dict[str, str], blacklisted: Collection[str]) -> list[Sms | str]:
        """Takes a send; one entry a recipient in order, the bare number where it was refused."""
        entries: list[Sms | str] = []
        with self._changed:
            for number in form["to"].split(","):
                if number in blacklisted:
                    entries.append(number)
                    continue
                message_id = f"ATXid_{uuid.uuid4().hex}"
                now = time.monotonic()
                sms = Sms(number, form["message"], form.get("from"), message_id, now)
                entries.append(sms)
                self._sent.append(sms)
            self._event()
        return entries

    def _report(self, batch: list[Sms], faults: Faults, delay: float) -> list[_Job]:
        """Plans the delivery reports of one send."""
        times = {"none": 0, "once": 1, "twice": 2}[faults.reports]
        if self.report_url is None or not times:
            return []
        jobs = []
        with self._changed:
            statuses = [faults.report_status] * times
            statuses += ["Sent"] * faults.reports_shuffled()
            for sms in batch:
                minimal = faults.minimal_reports()
                for status in statuses:
                    fields = {"id": sms.message_id, "status": status}
                    if not minimal:
                        fields |= {"phoneNumber": sms.to, "networkCode": "99999"}
                        if status in FAILURE_REASONS:
                            fields["failureReason"] = FAILURE_REASONS[status]
                    jobs.append(_Job(time.monotonic() + delay, next(self._numbers), fields))
            for job in jobs:
                heapq.heappush(self._jobs, job)
            self._changed.notify_all()
        return jobs

    def _post_reports(self) -> None:
        """The posting thread: one report at a time, so that they keep their order."""
        while True:
            with self._changed:
                while self._running and not (self._jobs and self._jobs[0].due <= time.monotonic()):
                    next_due = self._jobs[0].due - time.monotonic() if self._jobs else None
                    self._changed.wait(next_due)
                if not self._running:
                    return
                job = self._posting = heapq.heappop(self._jobs)
            url = self.report_url
            status = post_form(url, job.fields) if url else None
            taken = status is not None and status < 500
            with self._changed:
                job.tries += 1
                again = url and not taken and job.tries < REPORT_TRIES and self._posting is job
                if again:  # its due time is kept, so nothing overtakes it
                    heapq.heappush(self._jobs, job)
                else:
                    if url and self._posting is job:
                        self._reports.append(Report(job.fields, status))
                        self._log(f"report {job.fields} answered {status}")
                    job.done.set()
                    self._event()
                self._posting = None
            if again:
                time.sleep(REPORT_PAUSE)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=9999)
    parser.add_argument("--report-url", help="where delivery reports are posted")
    parser.add_argument("--api-key", default="test-key")
    parser.add_argument("--username", default="sandbox")
    args = parser.parse_args()

    def show(line: str) -> None:
        print(line, flush=True)

    server = AfricasTalkingServer(args.api_key, args.username, args.port, log=show)
    server.report_url = args.report_url
    with server, contextlib.suppress(KeyboardInterrupt):
        show(f"listening on {server.base_url}/version1/messaging, apiKey {args.api_key}")
        threading.Event().wait()


if __name__ == "__main__":
    main()
