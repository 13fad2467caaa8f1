"""The villages of Nusa Tenggara Barat, found by what people type.

40 names are shared by 88 villages, so a village is shown with its district, and a name is only sure
when a single village is left.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from store.places import Places
from store.spelling import near, plain, words

_MOST_WORDS = 10
_BREAK = re.compile(r"[,;#()\n]|\bkec(?:amatan)?\b")
_VILLAGE_WORDS = ("desa", "ds", "kel", "kelurahan")
_DESA = rf"\b(?:{'|'.join(_VILLAGE_WORDS)})\b"
_VILLAGE_WORD = re.compile(rf"{_DESA}(?=[ ._-]*[a-z0-9])")
_HAMLET = re.compile(rf"\b(?:dusun|dsn|lingkungan|rt|rw|jln?|jalan)\b[^,]*?(?=,|{_DESA}|$)")


_Address = tuple[list[str], list[str]]


@dataclass(frozen=True)
class Village:
    """A village by its Kemendagri code; its regency without "Kabupaten" ("Lombok Tengah")."""

    code: str
    name: str
    district: str
    regency: str

    @property
    def label(self) -> str:
        """What tells it from its namesakes: "Sukarara, Jonggat"."""
        return f"{self.name}, {self.district}"


class Gazetteer:
    """Looks villages up, despite capitals, spaces, punctuation and slips of the thumb.

    Lists are in order of name, then district, within each kind of match.
    """

    def __init__(self, villages: Iterable[Village], shorthand: Iterable[tuple[str, str]]) -> None:
        """`shorthand` are (short, full) names of regencies; other words in it are ignored."""
        self._villages = sorted(villages, key=_order)
        self._by_code = {village.code: village for village in self._villages}
        self._words = {village.code: words(village.name) for village in self._villages}
        self._by_key: dict[str, list[Village]] = {}
        for village in self._villages:
            self._by_key.setdefault("".join(self._words[village.code]), []).append(village)
        self._places = Places(((v.district, v.regency) for v in self._villages), shorthand)

    def by_code(self, code: str) -> Village | None:
        """The village with this code ("52.02.09.2005")."""
        return self._by_code.get(code)

    def starting(self, letters: str, limit: int = 64) -> list[Village]:
        """The villages that may be meant by the first letters of a name, the likeliest first.

        Names that start so, names with a word that does, names that contain it; letters of a
        district or regency behind them narrow. Failing these, the villages of the district or
        regency of that name, or the nearest spellings.

        >>> [village.label for village in load().starting("sukarara jong")]
        ['Sukarara, Jonggat']
        """
        for head, tail in self._read(letters):
            for key, hints in _readings(head, tail):
                if found := self._beginning(key, "".join(hints)):
                    return found[:limit]
        key = "".join(head)
        if key in self._places:
            return self._lying_in({key}, self._villages)[:limit]
        return (self.named(letters) or self._misspelt_beginning(key))[:limit]

    def named(self, text: str) -> list[Village]:
        """The villages of this name: one is sure, of several the person must say which.

        Failing the name as written, the nearest within one slip, or two from nine letters. A
        district or regency behind the name chooses, the district first; where no such village lies
        there, it is overlooked if the name is right to the letter.

        >>> [village.label for village in load().named("desa Sukarare kec. Jonggat")]
        ['Sukarara, Jonggat']
        """
        elsewhere: list[Village] = []
        after_desa, whole = self._read(text)
        for key, hints in (*_readings(*whole), *_readings(*after_desa)):
            namesakes = self._by_key.get(key, [])
            if namesakes and (places := self._places.named_by(hints)) is not None:
                if found := self._lying_in(places, namesakes):
                    return found
                elsewhere = elsewhere or namesakes
        return self._misspelt(*after_desa) or elsewhere

    def _read(self, text: str) -> tuple[_Address, _Address]:
        """The words that begin with the name, and those that can only be places behind it.

        First with what stands after "desa" as the name; then as if that were a part of a name, as
        it is in Desa Beru and Bao Desa.
        """
        whole = _HAMLET.sub("", _BREAK.sub(",", plain(text)))
        before, name = "", whole
        if found := _VILLAGE_WORD.search(whole):
            before, name = whole[: found.start()], whole[found.end() :]
        return self._parted(name, before), self._parted(whole, "")

    def _parted(self, name: str, before: str) -> _Address:
        head, _, behind = name.strip(" ,.").partition(",")
        tail = self._places.spelled_out(f"{behind} {before}")
        return self._places.spelled_out(head)[:_MOST_WORDS], tail[:_MOST_WORDS]

    def _beginning(self, key: str, hint: str) -> list[Village]:
        """The names with these letters in a place that begins with the hint, the best fit first."""
        fits: tuple[list[Village], list[Village], list[Village]] = ([], [], [])
        for village in self._villages:
            parts = self._words[village.code]
            name = "".join(parts)
            if key in name and self._places.begins(hint, village.district, village.regency):
                starts = [i for i in range(len(parts)) if "".join(parts[i:]).startswith(key)]
                fits[0 if name.startswith(key) else 1 if starts else 2].append(village)
        return [village for fit in fits for village in fit]

    def _lying_in(self, places: set[str], villages: Sequence[Village]) -> list[Village]:
        """Those that lie in the most of the places; none if in none; all if no place is named."""
        ranks = [self._places.agreement(places, v.district, v.regency) for v in villages]
        best = max(ranks, default=0)
        if places and not best:
            return []
        return [village for village, rank in zip(villages, ranks, strict=True) if rank == best]

    def _misspelt(self, head: list[str], tail: list[str]) -> list[Village]:
        slips: dict[Village, int] = {}
        for key, hints in _readings(head, tail):
            places = self._places.named_by(hints)
            if places is None or key in self._places or key in _VILLAGE_WORDS:
                continue
            for known, distance in near(key, self._by_key).items():
                for village in self._lying_in(places, self._by_key[known]):
                    slips[village] = min(distance, slips.get(village, distance))
        return _nearest(slips)

    def _misspelt_beginning(self, key: str) -> list[Village]:
        found = near(key, {name[: len(key)] for name in self._by_key})
        slips = {name: found.get(name[: len(key)]) for name in self._by_key}
        return _nearest({v: n for name, n in slips.items() if n for v in self._by_key[name]})


@cache
def load() -> Gazetteer:
    """The gazetteer of `store/data/ntb_*.csv`."""
    regencies = {row["code"]: row["name"] for row in _rows("ntb_regencies")}
    districts = {row["code"]: row for row in _rows("ntb_districts")}
    villages = (
        Village(
            code=row["code"],
            name=row["name"],
            district=(district := districts[row["district_code"]])["name"],
            regency=regencies[district["regency_code"]].removeprefix("Kabupaten "),
        )
        for row in _rows("ntb_villages")
    )
    return Gazetteer(villages, ((row["short"], row["full"]) for row in _rows("abbreviations")))


def _rows(name: str) -> list[dict[str, str]]:
    with files("store").joinpath(f"data/{name}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _order(village: Village) -> tuple[str, str, str]:
    return village.name.casefold(), village.district, village.code


def _readings(head: list[str], tail: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each way to part the name from the places behind it, the longest name first."""
    for end in range(len(head), 0, -1):
        yield "".join(head[:end]), head[end:] + tail


def _nearest(slips: dict[Village, int]) -> list[Village]:
    best = min(slips.values(), default=0)
    return sorted((village for village, n in slips.items() if n == best), key=_order)
