"""A small disk that can be filled up: for tests of what happens then."""

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PIECE = 4096
"""Bytes that a file grows by on it."""


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of this size at the folder; where none can be mounted the test is skipped."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no mount(8) here")
    except subprocess.CalledProcessError as error:
        pytest.skip(f"a small disk cannot be mounted here: {error.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled_up(folder: Path) -> Iterator[None]:
    """While this runs, whatever becomes free on the disk of this folder is taken at once."""
    ballast = folder / "ballast"
    is_full, ending = threading.Event(), threading.Event()

    def fill() -> None:
        with open(ballast, "wb", buffering=0) as file:
            while not ending.is_set():
                try:
                    file.write(bytes(PIECE))
                    os.fsync(file.fileno())
                except OSError:
                    is_full.set()
                    ending.wait(0.001)

    filler = threading.Thread(target=fill, daemon=True)
    filler.start()
    try:
        assert is_full.wait(30)
        yield
    finally:
        ending.set()
        filler.join()
        ballast.unlink()
