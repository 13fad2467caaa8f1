"""`make run`: the whole market on one machine, until Ctrl-C.

Migrates the database, then keeps Redis, the web server and the worker running together. Whatever
dies by itself comes back; when this process ends, however it ends, nothing of it stays behind.
"""

import contextlib
import os
import signal
import socket
import sys
import threading
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from types import FrameType

from deploy.child import Child, Keeper, end_with_parent, say
from deploy.redis_server import NoRedis, RedisDidNotStart, RedisInUse, RedisServer
from settings import Settings, load

LOOK_EVERY = 0.2  # seconds
# Seconds to end in, of the ten that a person waits after Ctrl-C; in this order.
TIME_TO_STOP = {"web": 3.0, "worker": 3.0, "redis": 2.0}


class CannotRun(Exception):
    """Said in one line; the start ends there."""


def web_command(settings: Settings) -> list[str]:
    """The web server: two processes of 16 threads each, which share the port."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "app:create_app"),
        *("--host", settings.host, "--port", str(settings.port)),
        *("--workers", "2", "--blocking-threads", "16"),
        # Backpressure counts connections, idle ones too, until the read timeout (milliseconds).
        *("--backlog", "1024", "--backpressure", "512", "--http1-header-read-timeout", "10000"),
        *("--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "2"),
        *("--no-ws", "--no-access-log", "--log-level", "error"),
    ]


def base_url(settings: Settings) -> str:
    """Where this machine reaches the web server."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def check_port(settings: Settings) -> None:
    """Raises CannotRun when nobody could listen there."""
    try:
        address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(address[0], address[1]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address[4])
    except OSError as error:
        raise CannotRun(
            f"PASAR_PORT: was {settings.port}; cannot listen there on PASAR_HOST"
            f" {settings.host} ({error.strerror}); choose another port"
        ) from None


def prepare(settings: Settings, env: dict[str, str], stopping: threading.Event) -> None:
    """The schema, and demonstration data when only the simulator carries messages."""
    steps = [["db", "migrate"]]
    if settings.sms_provider == ("simulator",):
        steps.append(["demo", "load", "--if-empty"])
    for step in steps:
        child = Child("setup", [sys.executable, "-m", "flask", "--app", "app", *step], env)
        child.spawn()
        while child.ended() is None and not stopping.wait(0.05):
            pass
        child.stop()
        if not stopping.is_set() and child.ended():
            raise CannotRun(f"`flask --app app {' '.join(step)}` failed; the lines above say why")


def keep(children: list[Child], stopping: threading.Event, opened: Callable[[], bool]) -> None:
    """Start the children in order and keep them running; asked to stop, end the last one first."""
    keepers = [Keeper(child) for child in children]
    has_terminal = os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()
    is_open = False
    try:
        for child in children:
            if child.ended() is not None:
                child.spawn()
        while not stopping.wait(LOOK_EVERY):
            for keeper in keepers:
                keeper.look()
            is_open = is_open or opened()
            if has_terminal and not os.isatty(0):
                break  # its window was closed: make may be told of that and then waits for us
    finally:
        for child in reversed(children):
            child.stop(TIME_TO_STOP[child.name])


def announce(settings: Settings) -> bool:
    """Print the addresses once the web server answers; whether it did."""
    url = base_url(settings)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{url}/healthz", timeout=1.0):
            pass
    except (OSError, HTTPException):
        return False
    hook = f"{url}/hooks/{settings.sms_provider[0]}/{settings.hook_tokens[0]}"
    flask = os.path.relpath(Path(sys.executable).parent / "flask")
    for line in (
        "The market is open. Ctrl-C closes it.",
        f"health     {url}/readyz",
        f"hooks      {hook}/ussd (and /sms, /delivery, /session)",
        f"a phone    {flask} --app app phone +6281234567890",
    ):
        say("pasar", line)
    return True


def run(settings: Settings, stopping: threading.Event) -> None:
    """Everything, until `stopping` is set. Raises CannotRun."""
    check_port(settings)
    env = dict(os.environ, PYTHONUNBUFFERED="1")
    children: list[Child] = []
    with contextlib.ExitStack() as closing:
        if settings.redis_url is None:
            try:
                redis = RedisServer(settings.data_dir)
                closing.callback(redis.close)
                redis.start()
            except (NoRedis, RedisInUse) as error:
                raise CannotRun(str(error)) from None
            except RedisDidNotStart as error:
                say("redis", f"{error}; the market opens without it")
            env["PASAR_REDIS_URL"] = redis.url
            children.append(redis)
        prepare(settings, env, stopping)
        children.append(Child("worker", [sys.executable, "worker.py"], env))
        children.append(Child("web", web_command(settings), env))
        keep(children, stopping, lambda: announce(settings))


def main() -> int:
    """The exit code."""
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup leaves it
        signal.signal(signal.SIGHUP, stop)
    if "MAKELEVEL" in os.environ:
        end_with_parent()
    try:
        run(load(), stopping)
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
