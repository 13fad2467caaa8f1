"""The benchmark runs, and what it reports belongs together. How fast is for people to read."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.processes, pytest.mark.slow]


def test_a_quick_round_is_measured_and_written(tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--output", str(result)],
        capture_output=True,
        text=True,
        timeout=110,
        env={**os.environ, "PYTHONWARNINGS": "error::ResourceWarning"},
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(result.read_text())
    assert [level["connections"] for level in report["levels"]] == [1, 16, 128]
    assert report["orders"] > 0
    assert report["echo"]["ours_per_s"] > 0
    assert f"{report['echo']['ours_per_s']}/s" in done.stdout
    for level in report["levels"]:
        assert level["ratio"] == pytest.approx(level["hops_per_s"] / level["bare_per_s"], rel=0.05)
        assert str(level["hops_per_s"]) in done.stdout


def test_the_profile_names_every_hop() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--profile", "2"],
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    for step in ("dial", "query", "Ya", "all"):
        assert f"\n{step:10}" in f"\n{done.stdout}"
