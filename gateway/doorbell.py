"""The doorbell: tells a worker, through rq on Redis, that something waits in the database.

A ring that is lost costs a few seconds until a worker looks by itself, and nothing else, so Redis
is given a fifth of a second at most, and is left alone for a while after it did not answer. A job
names nothing but a bell: only `ring` may be run, whatever the job says.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.exceptions import DuplicateJobError
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty

from gateway.trouble import Trouble

QUEUE = "pasar"


class Bell:
    """Wakes everybody in this process who listens for one kind of work."""

    def __init__(self) -> None:
        self._ears: list[threading.Event] = []

    def ear(self) -> threading.Event:
        """A new listener's own event, which it clears before it looks."""
        ear = threading.Event()
        self._ears.append(ear)
        return ear

    def ring(self) -> None:
        for ear in self._ears:
            ear.set()


BELLS = {"inbox": Bell(), "outbox": Bell()}
"""What waits -> the bell that this process's workers of it hear."""

TOGETHER = 0.05
"""Seconds within which several rings are one; a worker looks again after them."""

MOST_WAITING = 100
"""Rings kept for a worker that is away: one would do, and the list must not grow without end."""

_LEAVE_ALONE = 5.0
_LISTEN_AGAIN = 2.0
_log = logging.getLogger(__name__)


def connect(url: str) -> Redis:
    """A connection that never holds up a request: no retry, short time-outs."""
    return Redis.from_url(
        url,
        socket_timeout=0.2,
        socket_connect_timeout=0.2,
        retry=Retry(NoBackoff(), 0),
    )


class Doorbell:
    """The ringing side, safe between threads; connects at the first ring."""

    def __init__(self, url: str) -> None:
        self._queue = Queue(QUEUE, connection=connect(url), serializer=JSONSerializer)
        self._silent_until = 0.0
        self._rung: dict[str, int] = {}
        self._trouble = Trouble(_log, "Redis is back")

    def __call__(self, kinds: Iterable[str]) -> None:
        """Rings for each kind of work; never raises."""
        if time.monotonic() < self._silent_until:
            return
        try:
            moment = int(time.time() / TOGETHER)
            kinds = [kind for kind in kinds if self._rung.get(kind) != moment]
            for kind in kinds:
                self._ring(kind, moment)
            if kinds:
                self._queue.connection.ltrim(self._queue.key, -MOST_WAITING, -1)
                self._trouble.is_over()
        except Exception as error:  # whatever it is, the work is safe in the database
            self._silent_until = time.monotonic() + _LEAVE_ALONE
            self._trouble.met("Redis is away; workers look by themselves", type(error).__name__)

    def _ring(self, kind: str, moment: int) -> None:
        try:
            self._queue.enqueue(
                ring,
                kind,
                job_id=f"{kind}-{moment}",
                unique=True,
                ttl=30,
                result_ttl=0,
                failure_ttl=60,
            )
        except DuplicateJobError:
            pass  # another process's ring of the same moment is on its way
        self._rung[kind] = moment


def ring(kind: str) -> None:
    """The one job: wakes this process's workers."""
    BELLS[kind].ring()


def ring_here(kinds: Iterable[str]) -> None:
    """What a worker does with work that it made itself: Redis is not needed."""
    for kind in kinds:
        ring(kind)


class RingJob(Job):
    """A job that can name no function but `ring`, no callback and no address to call.

    rq would otherwise import whatever dotted name it finds in Redis.
    """

    @property
    def func(self) -> Callable[..., Any]:
        if self.func_name != f"{__name__}.{ring.__name__}":
            _log.warning("job %.80r in Redis names %.80r; not run", self.id, self.func_name)
            raise PermissionError(f"job {self.id} may not be run")
        return ring

    success_callback = failure_callback = stopped_callback = property(lambda self: None)

    def send_webhooks(self, *args: Any, **kwargs: Any) -> None:
        """None is sent: this process calls nobody whom Redis names."""


class _NoTimeLimit(BaseDeathPenalty):
    """A ring takes no time, and rq's alarm signal works in the main thread only."""

    def setup_death_penalty(self) -> None:
        pass

    def cancel_death_penalty(self) -> None:
        pass


class Listener(SimpleWorker):
    """rq's worker for any thread: it leaves the signals alone and takes no commands from Redis."""

    death_penalty_class = _NoTimeLimit
    max_connection_wait_time = _LISTEN_AGAIN

    def __init__(self, url: str) -> None:
        connection = Redis.from_url(
            url, socket_connect_timeout=_LISTEN_AGAIN, retry=Retry(NoBackoff(), 0)
        )
        super().__init__(
            [QUEUE],
            connection=connection,
            serializer=JSONSerializer,
            job_class=RingJob,
            worker_ttl=45,  # looks every 30 s whether the connection still is one
        )

    def _install_signal_handlers(self) -> None:
        pass

    def subscribe(self) -> None:
        """To no commands: one of them ends the process."""


def listen(url: str) -> None:
    """Runs rq's worker, Redis up or down, for as long as the process lives: for a daemon thread."""
    trouble = Trouble(_log, "Redis is back")
    while True:
        try:
            listener = Listener(url)
            trouble.is_over()
            listener.work(logging_level="CRITICAL")
        except Exception as error:  # a listener that ended for good would go unnoticed
            trouble.met("Redis is away; looking without it", type(error).__name__)
        time.sleep(_LISTEN_AGAIN)
