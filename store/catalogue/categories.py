"""The shelves of the market."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Category:
    """A shelf of the market; `words` of a title put a listing there when its seller chose none."""

    code: str
    perishable: bool
    words: frozenset[str]


def _category(code: str, words: str = "", *, perishable: bool = False) -> Category:
    return Category(code, perishable, frozenset(words.split()))


CATEGORIES = (
    _category(
        "produce",
        "sayur cabai cabe tomat kangkung bayam terong kol wortel kentang mangga pisang pepaya"
        " nanas durian semangka buah jahe kunyit sereh kelapa bawang daun",
        perishable=True,
    ),
    _category(
        "staples",
        "beras gula minyak garam tepung jagung kedelai kacang kopi teh ketan mie",
    ),
    _category(
        "animal",
        "telur ayam bebek daging sapi kambing ikan udang cumi lele nila bandeng susu kerbau",
        perishable=True,
    ),
    _category(
        "prepared",
        "dodol madu keripik kue sambal abon kerupuk jajan taliwang nasi sate rumput",
    ),
    _category(
        "crafts",
        "kain songket tenun gerabah anyaman bambu mutiara gelang tikar ketak tembe asbak"
        " cukli topeng batik",
    ),
    _category(
        "services",
        "jasa kaligrafi sablon jahit ojek servis pijat tukang cukur les sewa cuci antar",
    ),
    _category("other"),
)
BY_CODE = {category.code: category for category in CATEGORIES}


def category_of(title: str) -> str:
    """The category that a title's words suggest; "other" when none does."""
    words = set(re.findall(r"[a-z]+", title.lower()))
    best = max(CATEGORIES, key=lambda category: len(category.words & words))
    return best.code if best.words & words else CATEGORIES[-1].code
