"""Whoever can write to Redis can ring, and can have the worker do nothing else."""

import http.server
import json
import threading
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis
from rq import Callback, Queue
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer, PickleSerializer
from rq.webhook import Webhook

from deploy.redis_server import RedisServer
from gateway import doorbell
from gateway.doorbell import QUEUE, Doorbell, Listener, ring
from tests.support import intruder
from tests.support.rings import listen_once, rung

pytestmark = pytest.mark.processes


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker as rq has it."""
    monkeypatch.setattr(doorbell, "RingJob", Job)


@pytest.fixture
def queue(redis: Redis) -> Queue:
    """What somebody writes to who can reach Redis and knows rq."""
    intruder.ran.clear()
    return Queue(QUEUE, connection=redis, serializer=JSONSerializer)


def a_function(queue: Queue) -> Job:
    return queue.enqueue("tests.support.intruder.function", job_id="j")


def a_method(queue: Queue) -> Job:
    job = queue.enqueue(ring, "outbox", job_id="j")
    data = json.dumps(["upper", "abc", [], {}]).encode()
    queue.connection.hset(job.key, "data", zlib.compress(data))
    return job


def a_success_callback(queue: Queue) -> Job:
    name = Callback("tests.support.intruder.callback")
    return queue.enqueue(ring, "outbox", job_id="j", on_success=name)


def a_failure_callback(queue: Queue) -> Job:
    name = Callback("tests.support.intruder.callback")
    return queue.enqueue(ring, "no such bell", job_id="j", on_failure=name)


def an_abandoned_job(queue: Queue) -> Job:
    """As a worker leaves one that was killed; the next worker cleans up after it."""
    job = a_failure_callback(queue)
    queue.empty()
    job.set_status(JobStatus.STARTED)
    job.save()
    queue.connection.zadd(queue.started_job_registry.key, {f"{job.id}:execution": 1})
    return job


INTRUSIONS = {
    "a function": (a_function, ["function"]),
    "a success callback": (a_success_callback, ["callback"]),
    "a failure callback": (a_failure_callback, ["callback"]),
    "a failure callback of an abandoned job": (an_abandoned_job, ["callback"]),
}


@pytest.mark.parametrize("name", INTRUSIONS)
def test_what_is_no_ring_is_not_run(server: RedisServer, queue: Queue, name: str) -> None:
    INTRUSIONS[name][0](queue)
    listen_once(server)
    assert intruder.ran == []


@pytest.mark.parametrize("name", INTRUSIONS)
def test_twin_rq_itself_would_run_it(
    server: RedisServer, queue: Queue, plain: None, name: str
) -> None:
    intrude, runs = INTRUSIONS[name]
    intrude(queue)
    listen_once(server)
    assert intruder.ran == runs


def test_a_function_that_is_not_run_is_told(
    server: RedisServer, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    queue.enqueue("os.system", "true\n" * 1000, job_id="j")
    listen_once(server)
    assert [record.message for record in caplog.records] == [
        "job 'j' in Redis names 'os.system'; not run"
    ]


def test_a_method_of_a_thing_in_the_job_is_not_called(server: RedisServer, queue: Queue) -> None:
    job = a_method(queue)
    listen_once(server)
    assert job.is_failed


def test_twin_rq_itself_would_call_it(server: RedisServer, queue: Queue, plain: None) -> None:
    job = a_method(queue)
    listen_once(server)
    assert job.return_value() == "ABC"


def pickled(redis: Redis) -> None:
    plain_queue = Queue(QUEUE, connection=redis, serializer=PickleSerializer)
    plain_queue.enqueue(ring, intruder.Unpickled(), job_id="j", meta={"m": intruder.Unpickled()})


def test_nothing_is_unpickled(server: RedisServer, queue: Queue) -> None:
    pickled(queue.connection)
    listen_once(server)
    assert intruder.ran == []


def test_twin_with_rq_s_own_serializer_it_would_be(
    server: RedisServer, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "JSONSerializer", PickleSerializer)
    pickled(queue.connection)
    listen_once(server)
    assert "function" in intruder.ran


@pytest.fixture
def called() -> Iterator[list[str]]:
    """Where a job would have the worker call: the paths asked for, after its address."""
    asked: list[str] = []

    class Ear(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=site.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    asked.append(f"http://127.0.0.1:{site.server_port}/metadata")
    yield asked
    site.shutdown()
    site.server_close()
    thread.join()


def test_no_address_of_a_job_is_called(
    server: RedisServer, queue: Queue, called: list[str]
) -> None:
    queue.enqueue(ring, "outbox", webhooks=[Webhook(called[0], "finished")])
    queue.enqueue(ring, "no bell", webhooks=[Webhook(called[0], "failed")])
    listen_once(server)
    assert called[1:] == []


def test_twin_rq_itself_would_call_the_address(
    server: RedisServer, queue: Queue, called: list[str], plain: None
) -> None:
    queue.enqueue(ring, "outbox", webhooks=[Webhook(called[0], "finished")])
    listen_once(server)
    assert called[1:] == ["/metadata"]


@pytest.mark.parametrize(
    "args", [(), ("no such bell",), (["outbox"],), ("outbox", "inbox"), (None,)]
)
def test_a_ring_for_no_bell_harms_nobody(
    server: RedisServer, queue: Queue, args: tuple[Any, ...]
) -> None:
    queue.enqueue(ring, *args)
    Doorbell(server.url)(["inbox"])
    listen_once(server)
    assert rung() == {"inbox"}


def test_the_worker_takes_no_commands_from_redis(server: RedisServer, redis: Redis) -> None:
    listener = Listener(server.url)
    listener.bootstrap("CRITICAL")
    channel = f"rq:pubsub:{listener.name}"
    assert redis.publish(channel, json.dumps({"command": "none"})) == 0, "nobody listens"
