"""What the real processes leave behind: database, WAL, Redis' keys and files, heads, and all that
they said at the log level debug, with failures provoked in a command and on a screen."""

import os
import re
from pathlib import Path

import pytest

from deploy.redis_server import RedisServer
from gateway.doorbell import connect
from tests.support.at_server import AfricasTalkingServer
from tests.support.canaries import CODE, NEW, PIN, WRONG, found, places
from tests.support.market import BUDI, SRI
from tests.support.processes import wait_until
from tests.support.worlds import RealWorld

FAILING = f"""
import store.orders, store.pins

def with_all(check):
    def checked(*given, **named):
        if {WRONG!r} in given or {CODE!r} in given:
            raise ValueError(f"not right: {{given[2:]!r}}")
        return check(*given, **named)
    return checked

store.pins.must_be_good = with_all(store.pins.must_be_good)
store.pins.check = with_all(store.pins.check)
store.orders.hand_over = with_all(store.orders.hand_over)
"""
"""What every process begins with: these canaries fail wherever they are looked at, and are told."""


def trade(world: RealWorld) -> str:
    """Two people, and the number of an order that is on its way."""
    for phone, name in ((SRI, "Inaq Sri"), (BUDI, "Amaq Budi")):
        said(world, phone, f"DAFTAR {name}#Durian", "Setuju?")
        said(world, phone, "YA", "sudah terdaftar")
    listing = said(world, BUDI, "JUAL beras medium#12rb/kg#50", r"Barang (\d+) dijual")
    number = said(world, SRI, f"BELI {listing} 2", r"Pesanan (\d+)")
    said(world, BUDI, f"YA {number}", "jadi")
    world.send(BUDI, f"KIRIM {number}")
    return number


def said(world: RealWorld, phone: str, text: str, answered: str) -> str:
    """Sends an SMS; what the answer says."""
    before = len(world.at.to(phone))
    world.send(phone, text)
    wait_until(lambda: any(re.search(answered, each) for each in world.at.to(phone)[before:]))
    found = [re.search(answered, each) for each in world.at.to(phone)[before:]]
    return next(each[each.re.groups] for each in found if each)


def type_canaries(world: RealWorld, number: str) -> str:
    """Right and wrong, by SMS and on screens; the true code of the order."""
    true = said(world, SRI, f"CEK {number}", r"\b(\d{5})\b(?!.*\b\d{5}\b)")
    asked = said(world, SRI, f"PIN {PIN}", r"YA (\d{5})$")
    said(world, SRI, f"YA {asked}", "PIN sudah disimpan")
    said(world, SRI, f"CEK {CODE}", "tidak ditemukan")
    for phone, text in ((SRI, f"PIN {WRONG}"), (BUDI, f"SERAH {number} {CODE}")):
        world.send(phone, text)
    for session, phone, keys in (
        ("s1", SRI, ("", "5", "4", WRONG)),
        ("s2", SRI, ("", "5", "4", PIN, NEW, NEW)),
        ("s3", BUDI, ("", "3", "1", "1", CODE)),
        ("s4", BUDI, ("", "3", "1", "1", true)),
    ):
        typed = ""
        for key in keys:
            typed = f"{typed}*{key}" if typed else key
            reply = world.hop(phone, session, "*123*45#", typed)
        assert (WRONG in keys or CODE in keys) == ("ada gangguan" in reply), reply
    return true


def redis_keys(url: str) -> str:
    """Every key, and what is in it."""
    redis = connect(url)
    redis.save()
    return repr([(key, redis.dump(key)) for key in redis.scan_iter()])


def left_behind(folder: Path, begin: str) -> tuple[dict[str, bytes], str]:
    """All that a market leaves in which canaries were typed, by name, and the true code; every
    process begins with `begin`."""
    (folder / "sitecustomize.py").write_text(begin)
    paths = os.pathsep.join([str(folder), os.getcwd()])
    data = folder / "var"
    with RedisServer(data) as redis, AfricasTalkingServer() as at:
        more = {"PYTHONPATH": paths, "PASAR_LOG_LEVEL": "debug", "PASAR_REDIS_URL": redis.url}
        world = RealWorld(data, at, **more)
        try:
            true = type_canaries(world, trade(world))
            wait_until(lambda: world.market.said("could not be answered"))
            wait_until(lambda: world.market.said("hop not answered"))
            kept = places(data, keys=redis_keys(redis.url))
        finally:
            world.close()
    log = "\n".join(world.market.lines)
    assert "not right: (" in log
    return {**kept, **places(data, log=log)}, true


@pytest.mark.processes
def test_no_secret_is_in_what_the_processes_leave_behind(tmp_path: Path) -> None:
    kept, true = left_behind(tmp_path, FAILING)
    assert {"heads", "pasar.db", "pasar.db-wal", "dump.rdb"} <= {Path(name).name for name in kept}
    assert found(kept, [CODE, PIN, NEW, WRONG, true]) == []


@pytest.mark.processes
def test_twin_processes_that_mask_no_numbers(tmp_path: Path) -> None:
    unmasked = "import store.sealing\nstore.sealing.without_numbers = lambda text: text\n"
    kept, _ = left_behind(tmp_path, unmasked + FAILING)
    assert any("in log" in place for place in found(kept, [CODE, WRONG]))
