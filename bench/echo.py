"""Messages in, a command, messages out: ours beside Kannel, whose user acknowledges first and sends
later.

Ours are on the disk before they are acknowledged and once more before they are sent, and the
command is a real one (BANTU); Kannel's user keeps nothing and sends back what came. Both have the
same web server, and as many messages from as many phones.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from bench import kannel, market
from bench.journey import Hop, Script
from bench.kannel import Kannel
from bench.load import Broken, Target, pour
from deploy.child import Child
from deploy.redis_server import NoRedis, RedisServer
from deploy.run import web_command
from menus.opening import open_shop
from settings import Settings

MESSAGES, PHONES = 10_000, 2_000
CONNECTIONS = 32
WITHIN = 180.0
"""Seconds in which all answers must have come."""


def phone(number: int) -> str:
    """The phone that sends the message of this number."""
    return f"+62812{number % PHONES:07d}"


def measure(folder: Path, messages: int = MESSAGES) -> dict[str, Any]:
    """Messages a second from the first in to the last out, ours and Kannel's, and the ratio.

    Raises Broken when a message is missing at the end.
    """
    found: dict[str, Any] = {
        "messages": messages,
        "ours_per_s": round(_ours(folder / "ours", messages)),
    }
    if missing := kannel.missing():
        print(f"without Kannel: {', '.join(missing)} not installed", file=sys.stderr)
        return found
    found["kannel_per_s"] = round(_kannel(folder / "kannel", messages))
    found["ratio"] = round(found["ours_per_s"] / found["kannel_per_s"], 3)
    return found


def _ours(folder: Path, messages: int) -> float:
    began = ended = 0.0
    with ExitStack() as closing:
        sink = closing.enter_context(_server("bench.echo_app:create_sink", folder / "sink", {}))
        settings, env = market.settings_in(
            folder,
            PASAR_SMS_PROVIDER="http",
            PASAR_HTTP_URL=f"http://127.0.0.1:{sink.port}/send",
            PASAR_HTTP_USERNAME="pasar",
            PASAR_HTTP_PASSWORD="bench",
            PASAR_PUBLIC_URL="http://127.0.0.1:1",
            PASAR_SMS_DAILY_BUDGET="1000000",
        )
        shop, _ = open_shop(settings)
        shop.migrate()
        try:
            redis = closing.enter_context(RedisServer(settings.data_dir))
            env = env | {"PASAR_REDIS_URL": redis.url}
        except NoRedis as missing:
            print(f"without Redis: {missing}", file=sys.stderr)
        for name, command in (
            ("worker", [sys.executable, "worker.py"]),
            ("web", web_command(settings)),
        ):
            child = Child(name, command, env)
            child.spawn()
            closing.callback(child.stop)
        market.wait_for(child, settings.port)
        hook = Target(settings.port, f"/hooks/http/{settings.hook_tokens[0]}/sms")
        began = time.monotonic()
        pour(hook, _connections(messages))

        def sent() -> int:
            with shop.read() as tx:
                return int(tx.value("SELECT COUNT(*) FROM outbox WHERE state = 'accepted'"))

        ended = _wait_for(messages, sent)
        shop.database.close()
    return messages / (ended - began)


def _connections(messages: int) -> list[Script]:
    """Scripts that bring the messages between them, each when the one before is acknowledged."""
    numbers = iter(range(messages))

    def script() -> Script:
        for number in numbers:
            fields = f"id={number}&from={quote_plus(phone(number))}&text=BANTU&coding=0"
            yield Hop(0, fields.encode())

    return [script() for _ in range(CONNECTIONS)]


def _kannel(folder: Path, messages: int) -> float:
    with Kannel(folder) as gateway:
        echo = {
            "ECHO_URL": gateway.url,
            "ECHO_USERNAME": kannel.USERNAME,
            "ECHO_PASSWORD": kannel.PASSWORD,
        }
        with _server("bench.echo_app:create_app", folder, echo) as app:
            gateway.start(f"http://127.0.0.1:{app.port}")
            began = time.monotonic()
            for number in range(messages):
                gateway.phones.send(phone(number), "BANTU")
            ended = _wait_for(messages, lambda: gateway.phones.count)
    return messages / (ended - began)


def _wait_for(messages: int, arrived: Any) -> float:
    """The moment at which all had arrived."""
    until = time.monotonic() + WITHIN
    while arrived() < messages:
        if time.monotonic() > until:
            raise Broken(f"{arrived()} of {messages} messages arrived in {WITHIN:g} seconds")
        time.sleep(0.02)
    return time.monotonic()


@contextmanager
def _server(factory: str, folder: Path, more: dict[str, str]) -> Iterator[Settings]:
    """An application on such a web server as the market's; its settings tell the port."""
    settings, env = market.settings_in(folder)
    words = [factory if word == "app:create_app" else word for word in web_command(settings)]
    child = Child("web", words, env | more)
    child.spawn()
    try:
        market.wait_for(child, settings.port)
        yield settings
    finally:
        child.stop()
