"""The districts and regencies that people write behind the name of their village."""

from collections.abc import Iterable, Sequence

from store.spelling import key, near, words

_IDLE_WORDS = frozenset({"kab", "kabupaten", "kota", "lombok", "ntb"})
_MOST_WORDS_OF_A_PLACE = 4


class Places:
    """Recognises the districts and regencies of the gazetteer."""

    def __init__(
        self, pairs: Iterable[tuple[str, str]], shorthand: Iterable[tuple[str, str]]
    ) -> None:
        """`pairs` are (district, regency); `shorthand` are (short, full), other words ignored."""
        within = dict(pairs)
        self._districts = {district: key(district) for district in within}
        self._regencies = {regency: _ways_to_write(regency) for regency in within.values()}
        self._keys = {*self._districts.values()}.union(*self._regencies.values())
        self._shorthand = {short: words(full) for short, full in shorthand if key(full) in self}

    def __contains__(self, place: object) -> bool:
        """Whether the key is that of a district or regency."""
        return place in self._keys

    def spelled_out(self, text: str) -> list[str]:
        """The words of a text, the shorthand of regencies written out (lotim, ksb)."""
        return [full for word in words(text) for full in self._shorthand.get(word, [word])]

    def named_by(self, hints: Sequence[str]) -> set[str] | None:
        """The keys of the places that the words name; None if some word belongs to none."""
        places = set()
        start = 0
        while start < len(hints):
            end, place = self._place_at(hints, start)
            if place:
                places.add(place)
            elif hints[start] not in _IDLE_WORDS:
                return None
            start = end
        return places

    def _place_at(self, hints: Sequence[str], start: int) -> tuple[int, str | None]:
        """Where the place that begins here ends, and its key; as written rather than nearly so."""
        ends = range(min(len(hints), start + _MOST_WORDS_OF_A_PLACE), start, -1)
        spans = {end: "".join(hints[start:end]) for end in ends}
        for end, written in spans.items():
            if written in self._keys:
                return end, written
        for end, written in spans.items():
            if hints[start] not in _IDLE_WORDS and (found := near(written, self._keys)):
                return end, min(found, key=lambda place: (found[place], place))
        return start + 1, None

    def agreement(self, places: set[str], district: str, regency: str) -> int:
        """How well the places named fit a village's; its district counts more than its regency."""
        return 2 * (self._districts[district] in places) + any(
            way in places for way in self._regencies[regency]
        )

    def begins(self, letters: str, district: str, regency: str) -> bool:
        """Whether the letters begin the district, the regency, or the one followed by the other."""
        ways = self._regencies[regency]
        whole = self._districts[district] + ways[0]
        return whole.startswith(letters) or any(way.startswith(letters) for way in ways)


def _ways_to_write(regency: str) -> tuple[str, ...]:
    """Bima may be either regency; Kab. Bima and Kota Bima are one each."""
    if regency.startswith("Kota "):
        return key(regency.removeprefix("Kota ")), key(regency)
    return tuple(kind + key(regency) for kind in ("", "kab", "kabupaten"))
