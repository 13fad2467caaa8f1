"""The market's pieces, each a real process in the test's own hands: Redis, a web server and as many
workers as it likes, which it may kill and start again at once."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import settings as configuration
from deploy.child import Child
from deploy.redis_server import RedisServer
from deploy.run import web_command
from gateway.doorbell import Doorbell
from menus.opening import open_shop
from store.outbox.states import NEVER
from tests.support.at_server import AfricasTalkingServer
from tests.support.processes import NO_PROXY, free_port, wait_until

_OPEN = (
    "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending')"
    f" OR state = 'unknown' AND next_at < '{NEVER}'"
)


class Pieces:
    """The schema is there at once, for messages to be written; `open` starts the processes."""

    def __init__(self, data_dir: Path, at: AfricasTalkingServer, **settings: str) -> None:
        self.environ = {
            "PASAR_DATA_DIR": str(data_dir),
            "PASAR_PORT": str(free_port()),
            "PASAR_SMS_PROVIDER": "africastalking",
            "PASAR_AT_USERNAME": "sandbox",
            "PASAR_AT_API_KEY": "test-key",
            "PASAR_AT_BASE_URL": at.base_url,
            "PASAR_SIMULATOR": "0",
            "PASAR_QUIET_HOURS": "none",
            "PASAR_LOG_LEVEL": "error",
            **settings,
        }
        self.settings = configuration.load(self.environ)
        self.shop = open_shop(self.settings)[0]
        self.shop.migrate()
        self.redis = RedisServer(data_dir)
        self.environ["PASAR_REDIS_URL"] = self.redis.url
        self.shop.on_commit = Doorbell(self.redis.url)
        self._address = f"http://127.0.0.1:{self.settings.port}"
        hooks = f"{self._address}/hooks/africastalking/{self.settings.hook_tokens[0]}"
        at.report_url = f"{hooks}/delivery"
        self.web = Child("web", web_command(self.settings), self._env())
        self.workers: list[Child] = []

    def open(self, workers: int = 1, without: str = "") -> Self:
        """Starts everything; the workers lack this safeguard (see tests.support.without)."""
        self.redis.start()
        self.web.spawn()
        wait_until(self._answers)
        words = ["-m", "tests.support.without", "worker.py"] if without else ["worker.py"]
        for n in range(workers):
            env = self._env({"WITHOUT": without} if without else {})
            self.workers.append(Child(f"work {n + 1}", [sys.executable, *words], env))
            self.workers[-1].spawn()
        return self

    def left(self) -> int:
        """How many messages something may still become of."""
        with self.shop.read() as tx:
            return int(tx.value(_OPEN))

    def close(self) -> None:
        for child in (*self.workers, self.web, self.redis):
            child.kill()
        self.redis.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _env(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PASAR_")}
        return kept | self.environ | dict(more or {})

    def _answers(self) -> bool:
        try:
            with NO_PROXY.open(f"{self._address}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
