"""Where a hop's time goes: the journey in this process, timed, counted and profiled."""

import cProfile
import io
import pstats
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask

from app import create_app
from bench.journey import STEPS
from bench.load import Caller
from bench.market import fill, settings_in
from store.shop import Shop

TOP = 45
"""Functions that are printed, for each order."""


def profile(journeys: int) -> str:
    """The tables: microseconds and SQL statements by hop, then the profiler's."""
    with TemporaryDirectory(prefix="pasar-bench-") as folder:
        settings, _ = settings_in(Path(folder))
        crowd = fill(settings, Random(1))
        app = create_app(settings)
        shop: Shop = app.extensions["shop"]
        player = _Player(app, f"/hooks/simulator/{settings.hook_tokens[0]}/ussd", crowd.shop())
        player.play(journeys // 10 + 1)  # fills the caches
        micros = player.play(journeys)
        statements = player.count(shop, journeys)
        profiler = cProfile.Profile()
        profiler.enable()
        player.play(journeys)
        profiler.disable()
        shop.database.close()
    lines = [f"{'hop':10} {'µs':>6} {'SQL':>6}"]
    for step, time_taken, count in zip(STEPS, micros, statements, strict=True):
        lines.append(f"{step:10} {time_taken:6.0f} {count:6.1f}")
    lines.append(f"{'all':10} {sum(micros):6.0f} {sum(statements):6.1f}")
    for order in ("cumulative", "tottime"):
        out = io.StringIO()
        pstats.Stats(profiler, stream=out).strip_dirs().sort_stats(order).print_stats(TOP)
        lines.append(out.getvalue().rstrip())
    return "\n".join(lines)


class _Player(Caller):
    """Plays journeys against the application itself, without a server."""

    def __init__(self, app: Flask, path: str, script: Any) -> None:
        super().__init__(script)
        self._app = app
        self._environ = {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def play(self, journeys: int) -> list[float]:
        """The median microseconds of each hop."""
        times: list[list[float]] = [[] for _ in STEPS]
        for _ in range(journeys * len(STEPS)):
            step, start = self.hop.step, time.perf_counter()
            text = self._post()
            times[step].append(time.perf_counter() - start)
            self.hear(text)
        return [sorted(taken)[len(taken) // 2] * 1e6 for taken in times if taken]

    def count(self, shop: Shop, journeys: int) -> list[float]:
        """The SQL statements of each hop, those of triggers too."""
        counts = [0] * len(STEPS)

        def counted(statement: str) -> None:
            counts[self.hop.step] += 1

        connection = shop.database.connection().raw
        connection.set_trace_callback(counted)
        self.play(journeys)
        connection.set_trace_callback(None)
        return [count / journeys for count in counts]

    def _post(self) -> str:
        form = self.hop.form
        environ = {
            **self._environ,
            "CONTENT_LENGTH": str(len(form)),
            "wsgi.input": io.BytesIO(form),
        }
        return b"".join(self._app(environ, _begin)).decode()


def _begin(status: str, headers: Any, error: Any = None) -> Any:
    if not status.startswith("200"):
        raise RuntimeError(status)
