"""The figures of a whole run: medians of its rounds, as a table and as JSON."""

import os
import platform
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any

from bench.journey import STEPS
from bench.load import Round
from store.database import sqlite_version


@dataclass
class Level:
    """The rounds with one number of connections; each has one of both kinds."""

    connections: int
    bare: list[Round] = field(default_factory=list)
    journey: list[Round] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Medians; the ratio is the median of the rounds' ratios, so that both had one machine."""
        ratios = [
            journey.per_second / bare.per_second
            for bare, journey in zip(self.bare, self.journey, strict=True)
        ]
        return {
            "connections": self.connections,
            "bare_per_s": round(_median(self.bare, lambda taken: taken.per_second)),
            "hops_per_s": round(_median(self.journey, lambda taken: taken.per_second)),
            "ratio": round(median(ratios), 3),
            "ratios": [round(ratio, 3) for ratio in ratios],
            "bare_p99_ms": _milliseconds(self.bare, 0.99),
            "hop_p99_ms": _milliseconds(self.journey, 0.99),
            "p50_ms_by_hop": {
                name: _milliseconds(self.journey, 0.5, step) for step, name in enumerate(STEPS)
            },
        }


def _median(rounds: Sequence[Round], figure: Any) -> float:
    return float(median(figure(taken) for taken in rounds))


def _milliseconds(rounds: Sequence[Round], share: float, step: int | None = None) -> float:
    return round(_median(rounds, lambda taken: taken.percentile(share, step)) * 1000, 2)


def machine() -> dict[str, Any]:
    """What the figures depend on besides the program."""
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite_version(),
        "fsync_ms": fsync_milliseconds(),
    }


def fsync_milliseconds() -> float:
    """What it takes to have 4 KiB on the disk of the temporary folder; next to 0 in memory."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - start)
    return round(median(taken) * 1000, 3)


_COLUMNS = {
    "connections": "connections",
    "bare_per_s": "bare requests/s",
    "hops_per_s": "journey hops/s",
    "ratio": "ratio",
    "bare_p99_ms": "bare p99 ms",
    "hop_p99_ms": "hop p99 ms",
}


def table(levels: Sequence[Mapping[str, Any]]) -> str:
    """The figures for people."""
    lines = ["  ".join(_COLUMNS.values())]
    for level in levels:
        lines.append("  ".join(f"{level[name]:>{len(title)}}" for name, title in _COLUMNS.items()))
    return "\n".join(lines)


def echo(figures: Mapping[str, Any]) -> str:
    """What SMS in and out did, for people."""
    ours = f"{figures['messages']} SMS in, a command each, and out: {figures['ours_per_s']}/s"
    if "ratio" not in figures:
        return ours
    return f"{ours}; Kannel {figures['kannel_per_s']}/s; ratio {figures['ratio']}"
