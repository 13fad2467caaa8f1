"""The Redis that the run command and the tests start."""

import socket
import time

import psutil
import pytest
import redis

from deploy.redis_server import NoRedis, RedisInUse, RedisServer, find_redis_server

pytestmark = pytest.mark.processes


@pytest.fixture
def server(tmp_path):
    with RedisServer(tmp_path) as server:
        yield server


@pytest.fixture
def client(server):
    with redis.Redis.from_url(server.url, socket_timeout=0.3, retry=None) as client:
        yield client


def test_it_answers_on_its_socket_and_on_no_port(server, client):
    assert client.ping()
    listening = psutil.Process(server.pid).net_connections(kind="inet")
    assert listening == []
    assert server.socket.stat().st_mode & 0o077 == 0


def test_what_was_written_a_second_ago_survives_a_kill(server, client):
    client.set("rung", "yes")
    time.sleep(1.5)  # appendfsync everysec

    server.kill()
    with pytest.raises(redis.ConnectionError):
        client.ping()
    server.start()

    assert client.get("rung") == b"yes"


def test_a_clean_stop_keeps_everything(server, client):
    client.set("rung", "yes")
    server.stop()
    server.start()
    assert client.get("rung") == b"yes"


def test_a_frozen_one_takes_the_connection_and_says_nothing(server, client):
    server.freeze()
    with pytest.raises(redis.TimeoutError):
        client.ping()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(server.socket))

    server.thaw()
    assert client.ping()


def test_a_frozen_one_can_be_stopped(server):
    process = psutil.Process(server.pid)
    server.freeze()
    server.stop()
    assert not process.is_running()


def test_a_long_folder_gets_a_short_socket(tmp_path):
    folder = tmp_path / ("village " * 12)
    folder.mkdir()
    with RedisServer(folder) as server, redis.Redis.from_url(server.url) as client:
        assert client.ping()
        assert server.socket.parent.stat().st_mode & 0o077 == 0
    assert not server.socket.parent.exists()
    assert (folder / "redis" / "redis.log").exists()


def test_an_odd_folder_name_is_quoted_in_the_address(tmp_path):
    folder = tmp_path / "a b#c?d%20"
    folder.mkdir()
    with RedisServer(folder) as server, redis.Redis.from_url(server.url) as client:
        assert client.ping()


def test_a_second_one_on_the_same_folder_is_refused_and_harms_nothing(server, client, tmp_path):
    with pytest.raises(RedisInUse, match="another Redis"):
        RedisServer(tmp_path).start()
    assert client.ping()


def test_the_folder_is_free_again_after_a_kill(server, tmp_path):
    server.kill()
    with RedisServer(tmp_path) as second:
        assert second.answers()


def test_a_redis_server_of_the_system_is_preferred(tmp_path, monkeypatch):
    program = tmp_path / "redis-server"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_redis_server() == str(program)


def test_without_any_redis_the_error_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NoRedis, match="PASAR_REDIS_URL"):
        RedisServer(tmp_path)
