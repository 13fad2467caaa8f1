"""A market to measure: people and listings made by the shop itself, and the servers as run."""

import os
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import settings as configuration
from bench import bare
from bench.journey import Buyer, Crowd
from bench.load import Broken, Target
from deploy.child import Child
from deploy.redis_server import NoRedis, RedisServer
from deploy.run import web_command
from menus.opening import open_shop
from settings import Settings
from store import catalogue, limits, people
from store.data_files import data_rows
from store.shop import Shop

BUYERS, SELLERS, LISTINGS = 3_000, 500, 4_000
START_WITHIN = 30.0
"""Seconds for a server to start in."""


def settings_in(folder: Path, **more: str) -> tuple[Settings, dict[str, str]]:
    """Settings that let a buyer order a lot, with their secrets, and the environment for them."""
    given = {
        "PASAR_DATA_DIR": str(folder),
        "PASAR_PORT": str(_free_port()),
        "PASAR_CAP_NEW": str(limits.RUPIAH),
        **more,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PASAR_")}
    return configuration.load(given), inherited | given


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fill(settings: Settings, chance: Random) -> Crowd:
    """People in all villages, sellers with the goods of the province, and the crowd that buys."""
    shop, _ = open_shop(settings)
    shop.migrate()
    villages = [row["code"] for row in data_rows("ntb_villages.csv")]
    goods = list(data_rows("goods.csv"))
    buyers = [f"+62812{n:07d}" for n in range(BUYERS)]
    with shop.write() as tx:
        for n, msisdn in enumerate(buyers):
            people.register(tx, msisdn, f"Inaq {n}", chance.choice(villages))
        sellers = [
            people.register(tx, f"+62813{n:07d}", f"Amaq {n}", chance.choice(villages))
            for n in range(SELLERS)
        ]
        for _ in range(LISTINGS):
            good = chance.choice(goods)
            price = chance.randint(int(good["price_low"]), int(good["price_high"]))
            catalogue.sell(
                tx,
                chance.choice(sellers),
                title=good["name"][: limits.TITLE],
                price=round(price, -2) or 100,
                unit=good["unit"],
                stock=limits.QUANTITY,
            )
    shop.database.close()
    chance.shuffle(buyers)
    queries = sorted({good["name"].split()[0].lower() for good in goods})
    return Crowd(deque(map(Buyer, buyers)), queries, chance)


def orders(settings: Settings) -> set[str]:
    """The numbers of all orders that are in the database."""
    shop: Shop = open_shop(settings)[0]
    with shop.read() as tx:
        numbers = {row["number"] for row in tx.rows("SELECT number FROM orders")}
    shop.database.close()
    return numbers


@dataclass(frozen=True)
class Servers:
    """Both servers, ready; `redis` says whether there is one."""

    market: Target
    bare: Target
    redis: bool
    command: str


@contextmanager
def open_servers(settings: Settings, env: dict[str, str]) -> Iterator[Servers]:
    """Redis if there is one, the market's web server, and the bare page on another such server.

    There is no worker: what it would do is not part of a hop.
    """
    with ExitStack() as closing:
        redis = None
        try:
            redis = closing.enter_context(RedisServer(settings.data_dir))
            env = env | {"PASAR_REDIS_URL": redis.url}
        except NoRedis as missing:
            print(f"without Redis: {missing}", file=sys.stderr)
        other = settings.model_copy(update={"port": _free_port()})
        factory = f"{bare.__name__}:{bare.create_app.__name__}"
        command = web_command(settings)
        commands = {
            settings.port: command,
            other.port: [
                factory if word == "app:create_app" else word for word in web_command(other)
            ],
        }
        for port, words in commands.items():
            child = Child("web", words, env)
            child.spawn()
            closing.callback(child.stop)
            wait_for(child, port)
        hook = f"/hooks/simulator/{settings.hook_tokens[0]}/ussd"
        yield Servers(
            Target(settings.port, hook),
            Target(other.port, bare.PATH),
            redis is not None,
            " ".join(command[2:]),
        )


def wait_for(child: Child, port: int) -> None:
    """Until it listens. Raises Broken."""
    until = time.monotonic() + START_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if child.ended() is not None or time.monotonic() > until:
                raise Broken("the server did not start; the lines above say why") from None
            time.sleep(0.05)
