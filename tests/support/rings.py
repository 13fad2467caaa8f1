"""What the tests of the doorbell ask: who was woken, and what waits in Redis."""

from redis import Redis

from deploy.redis_server import RedisServer
from gateway.doorbell import BELLS, QUEUE, Listener

EARS = {kind: bell.ear() for kind, bell in BELLS.items()}


def listen_once(server: RedisServer) -> None:
    """What a worker does with all the jobs that are there."""
    Listener(server.url).work(burst=True, logging_level="CRITICAL")


def rung() -> set[str]:
    """The bells of this process that were rung."""
    return {kind for kind, ear in EARS.items() if ear.is_set()}


def silence() -> None:
    """No bell was rung."""
    for ear in EARS.values():
        ear.clear()


def waiting(redis: Redis) -> int:
    """Jobs that wait for a worker."""
    return int(redis.llen(f"rq:queue:{QUEUE}"))
