"""The files of `store/data`: villages, words, PINs that are refused, goods to show."""

import csv
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"


def data_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file; lines that begin with `#` are notices."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))
