"""The words that begin an SMS command: `store/data/commands.csv`, which the docs print as well."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import OSA

NEVER_GUESSED = frozenset(
    {"YA", "TIDAK", "BATAL", "HAPUS", "STOP", "BAYAR", "KEMBALI", "PUTUS", "BEKU", "SETOR", "TITIP"}
)
"""Keywords that settle something or move money: nearly written, they are asked back.

YA is one of them because it accepts whatever is waiting.
"""
EVERYDAY = frozenset(
    {"APA", "SIAPA", "CARA", "DARI", "HARI", "YANG", "UANG", "HILANG", "BERI", "BERITA", "BATU"}
    | {"BATA", "BATAS", "BANTAL", "HARUS", "LAPAR", "MERAH", "CERAH", "RATA", "TITIK", "TES"}
    | {"BUKAN", "BUKU", "NILA"}
)
"""Words of their own that are one letter from a keyword, and no misspelling of it."""

LONGEST_WORD = 20


@dataclass(frozen=True)
class Keywords:
    """Every word that begins a command, with the canonical keyword it stands for."""

    meaning: Mapping[str, str]

    @staticmethod
    def load() -> "Keywords":
        """The table that the documentation prints, `store/data/commands.csv`."""
        return _load()

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str]]) -> "Keywords":
        """Of two claims to a word a keyword beats a synonym, that an English alias, then the first.

        >>> row = {"keyword": "BELI", "synonyms": "PESAN PSN", "english": "BUY"}
        >>> Keywords.of([row]).words_of("BELI")
        ('BELI', 'PESAN', 'PSN', 'BUY')
        """
        meaning: dict[str, str] = {}
        table = list(rows)
        for column in ("keyword", "synonyms", "english"):
            for row in table:
                for word in row[column].split():
                    meaning.setdefault(word, row["keyword"])
        return cls(meaning)

    def words_of(self, keyword: str) -> tuple[str, ...]:
        """All words that mean this keyword, itself first."""
        return tuple(word for word, canonical in self.meaning.items() if canonical == keyword)

    def nearest(self, word: str) -> tuple[str, ...]:
        """The keywords within one slip of the thumb (two, from six letters), the nearest only.

        >>> Keywords.load().nearest("BLEI"), Keywords.load().nearest("XYLOPHONE")
        (('BELI',), ())
        """
        if not 3 <= len(word) <= LONGEST_WORD or word in EVERYDAY:
            return ()
        limit = 1 if len(word) <= 5 else 2
        near: dict[int, dict[str, None]] = {}
        for known, keyword in self.meaning.items():
            distance = OSA.distance(word, known, score_cutoff=limit)
            if len(known) > 1 and distance <= limit:
                near.setdefault(distance, {})[keyword] = None
        return tuple(near[min(near)]) if near else ()


@cache
def _load() -> Keywords:
    with files("store").joinpath("data/commands.csv").open(encoding="utf-8") as lines:
        return Keywords.of(csv.DictReader(lines))
