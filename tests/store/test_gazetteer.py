"""Villages, found by what people type."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.gazetteer import Village, load
from store.spelling import LONGEST_TEXT, key

GAZETTEER = load()
ALL = [
    village for name in "abcdefghijklmnopqrstuvwxyz" for village in GAZETTEER.starting(name, 9999)
]
VILLAGES = sorted({village.code: village for village in ALL}.values(), key=lambda v: v.code)
KEYS = {key(village.name) for village in VILLAGES}
ANYTHING = st.text(st.characters(), max_size=60)


def labels(villages: list[Village]) -> list[str]:
    return [village.label for village in villages]


def test_the_whole_province_is_there() -> None:
    assert len(VILLAGES) == 1166
    assert len({(v.district, v.regency) for v in VILLAGES}) == 117
    assert {v.regency for v in VILLAGES} == {
        *("Lombok Barat", "Lombok Tengah", "Lombok Timur", "Lombok Utara", "Kota Mataram"),
        *("Sumbawa", "Sumbawa Barat", "Dompu", "Bima", "Kota Bima"),
    }


def test_40_names_are_shared_by_88_villages_and_no_label_by_two() -> None:
    shared = [count for count in Counter(v.name.casefold() for v in VILLAGES).values() if count > 1]
    assert (len(shared), sum(shared)) == (40, 88)
    assert len({village.label for village in VILLAGES}) == 1166


def test_by_code() -> None:
    village = GAZETTEER.by_code("52.02.09.2005")
    assert village == Village("52.02.09.2005", "Kopang Rembiga", "Kopang", "Lombok Tengah")
    assert village.label == "Kopang Rembiga, Kopang"
    assert GAZETTEER.by_code("52") is None
    assert GAZETTEER.by_code("") is None


def test_it_is_loaded_once() -> None:
    assert load() is GAZETTEER


BOTH_SUKARARA = ["Sukarara, Jonggat", "Sukarara, Sakra Barat"]
JONGGAT = ["Sukarara, Jonggat"]


@pytest.mark.parametrize(
    ("why", "text", "found"),
    [
        ("a shared name is asked", "Sukarara", BOTH_SUKARARA),
        ("in capitals", "SUKARARA", BOTH_SUKARARA),
        ("spaces do not count", "suka rara", BOTH_SUKARARA),
        ("nor do they when missing", "Kopangrembiga", ["Kopang Rembiga, Kopang"]),
        ("desa", "desa sukarara", BOTH_SUKARARA),
        ("ds.", "Ds. Sukarara", BOTH_SUKARARA),
        ("kel.", "kel. Monjok", ["Monjok, Selaparang"]),
        ("kelurahan", "Kelurahan Monjok", ["Monjok, Selaparang"]),
        ("a village called Desa Beru", "Desa Beru", ["Desa Beru, Brang Rea"]),
        ("a village called Bao Desa", "desa Bao Desa Batu Lanteh", ["Bao Desa, Batu Lanteh"]),
        ("an apostrophe", "O'o donggo", ["O'o, Donggo"]),
        ("a typographic one", "O’o donggo", ["O'o, Donggo"]),
        ("none", "oo donggo", ["O'o, Donggo"]),
        ("a hyphen", "bug bug", ["Bug-Bug, Lingsar"]),
        ("a number", "UPT Prode SP 2", ["UPT. Prode SP II, Plampang"]),
        ("the district decides", "Sukarara Jonggat", JONGGAT),
        ("after a comma", "Sukarara, Jonggat", JONGGAT),
        ("in brackets", "Sukarara (Jonggat)", JONGGAT),
        ("after kec", "Sukarara kec Jonggat", JONGGAT),
        ("after kec.", "desa Sukarara kec. Jonggat", JONGGAT),
        ("misspelt", "Sukarara Jongat", JONGGAT),
        ("a district of two words", "sukarara sakra barat", ["Sukarara, Sakra Barat"]),
        ("the regency decides", "Sukarara Lombok Tengah", JONGGAT),
        ("in short", "Sukarara loteng", JONGGAT),
        ("lotim", "Sukarara lotim", ["Sukarara, Sakra Barat"]),
        ("lobar", "Gapuk lobar", ["Gapuk, Gerung"]),
        ("klu", "Tanjung KLU", ["Tanjung, Tanjung"]),
        ("ksb", "Batu Putih ksb", ["Batu Putih, Taliwang"]),
        ("district and regency", "Sukarara Jonggat Lombok Tengah NTB", JONGGAT),
        ("the district outweighs the regency", "Sukarara kec Jonggat lotim", JONGGAT),
        ("two regencies of one name are asked", "rite bima", ["Rite, Ambalawi", "Rite, Raba"]),
        ("the town", "rite kota bima", ["Rite, Raba"]),
        ("the country", "rite kab. bima", ["Rite, Ambalawi"]),
        ("a regency that does not decide", "kuta bima", ["Kuta, Lambitu", "Kuta, Parado"]),
        ("a wrong district is overlooked", "Banyumulek Gerung", ["Banyumulek, Kediri"]),
        ("and does not decide", "Sukarara Praya", BOTH_SUKARARA),
        ("a hamlet in front", "dusun Belet desa Sukarara kec Jonggat", JONGGAT),
        ("a hamlet behind", "Sukarara dusun Belet rt 3, kec. Jonggat", JONGGAT),
        ("a whole address", "Dsn. Belet, Ds. Sukarara, Kec. Jonggat, Kab. Lombok Tengah", JONGGAT),
        ("upside down", "kec jonggat desa sukarara", JONGGAT),
        ("a wrong letter", "Sukarare", BOTH_SUKARARA),
        ("and the district", "sukarare jonggat", JONGGAT),
        ("in a long name", "Kopang rembige", ["Kopang Rembiga, Kopang"]),
        ("two wrong letters in a long name", "kopan rembige", ["Kopang Rembiga, Kopang"]),
        ("a missing h", "Labuan Haji", ["Labuhan Haji, Labuhan Haji"]),
        ("a right name beats a near one", "labuhan aji",
         ["Labuhan Aji, Labuhan Badas", "Labuhan Aji, Tarano"]),
        ("unless it lies elsewhere", "labuhan aji lotim", ["Labuhan Haji, Labuhan Haji"]),
        ("written apart or together", "mekarsari",
         ["Mekar Sari, Gunungsari", "Mekar Sari, Praya Barat", "Mekar Sari, Suwela",
          "Mekarsari, Narmada"]),
        ("nearest to two names", "sukarala",
         ["Sukaraja, Jerowaru", "Sukaraja, Praya Timur", *BOTH_SUKARARA]),
        ("a district is no misspelt village", "Gerung", []),
        ("nor is a regency", "Lombok Timur", []),
        ("a village outside", "Denpasar", []),
        ("short and wrong", "xyz", []),
        ("unknown words behind", "Sukarara merah jambu", []),
        ("only a prefix", "desa", []),
        ("only a hamlet", "dusun Belet", []),
        ("punctuation", " #,. ", []),
        ("nothing", "", []),
        ("a lone surrogate", "\ud800", []),
    ],
)  # fmt: skip
def test_named(why: str, text: str, found: list[str]) -> None:
    assert labels(GAZETTEER.named(text)) == found, why


@pytest.mark.parametrize(
    ("why", "letters", "first"),
    [
        ("the name starts so, by name then district", "sukara", [
            "Sukaraja, Jerowaru", "Sukaraja, Praya Timur", *BOTH_SUKARARA]),
        ("then another word of it, then the letters inside", "remb", [
            "Rembiga, Selaparang", "Rembitan, Pujut", "Kopang Rembiga, Kopang",
            "Selebung Rembiga, Janapria", "Kerembong, Janapria", "Merembu, Labuapi"]),
        ("the district narrows", "sukarara jonggat", JONGGAT),
        ("after a comma", "sukarara, jonggat", JONGGAT),
        ("its first letters do", "sukarara j", JONGGAT),
        ("the regency narrows", "sukarara lombok te", JONGGAT),
        ("in short", "sukarara lotim", ["Sukarara, Sakra Barat"]),
        ("a district with its regency", "sukarara jonggat lombok t", JONGGAT),
        ("letters of both", "suk jong", ["Sukarara, Jonggat"]),
        ("capitals, spaces, marks", " KOPANG-REMB.", ["Kopang Rembiga, Kopang"]),
        ("desa", "desa banyumu", ["Banyumulek, Kediri"]),
        ("a district lists its villages", "jonggat", ["Barejulat, Jonggat", "Batu Tulis, Jonggat"]),
        ("a regency too", "lotim", ["Aik Dewa, Pringgasela"]),
        ("a near spelling", "sukarare", BOTH_SUKARARA),
        ("a near beginning", "kopeng", ["Kopang Rembiga, Kopang"]),
        ("a wrong district", "sukarara gerung", BOTH_SUKARARA),
        ("nothing like it", "xyzzy", []),
        ("nothing", "", []),
        ("no letters", " ?! ", []),
        ("a lone surrogate", "\udfff", []),
    ],
)  # fmt: skip
def test_starting(why: str, letters: str, first: list[str]) -> None:
    found = GAZETTEER.starting(letters)
    assert labels(found)[: len(first)] == first, why
    assert bool(found) == bool(first)


def test_starting_keeps_to_the_limit() -> None:
    assert len(GAZETTEER.starting("s")) == 64
    assert len(GAZETTEER.starting("s", limit=7)) == 7
    assert GAZETTEER.starting("s", limit=7) == GAZETTEER.starting("s")[:7]


def test_every_village_is_found_by_its_name_and_is_sure_with_its_district() -> None:
    for village in VILLAGES:
        assert village in GAZETTEER.named(village.name)
        assert GAZETTEER.named(village.label) == [village]
        assert GAZETTEER.named(f"{village.name} {village.district} {village.regency}") == [village]
        assert village in GAZETTEER.starting(village.name)


def slips(name: str) -> Iterator[str]:
    """The name with each letter missing, doubled, wrong, or swapped with the next."""
    for i in range(len(name)):
        yield name[:i] + name[i + 1 :]
        yield name[: i + 1] + name[i:]
        yield name[:i] + "q" + name[i + 1 :]
        yield name[:i] + name[i : i + 2][::-1] + name[i + 2 :]


def test_one_slip_never_makes_a_wrong_village_sure_and_nearly_always_finds_the_right_one() -> None:
    tried = found = 0
    for name in sorted(KEYS)[::7]:
        for slip in slips(name):
            if slip in KEYS:
                continue
            near = {key(village.name) for village in GAZETTEER.named(slip)}
            tried += 1
            found += name in near
            assert not near or name in near, (name, slip, near)
    assert found / tried > 0.97


PIECES = (
    "desa kec kab kota , lotim dusun rt 1 sukarara jonggat praya barat bima kuta labuan aji o'o "
    "sumbawa mekarsari"
)
TEXTS = st.lists(st.sampled_from(PIECES.split()), max_size=14).map(" ".join)


@given(TEXTS | ANYTHING)
def test_nothing_raises_and_no_village_is_listed_twice(text: str) -> None:
    for found in (GAZETTEER.named(text), GAZETTEER.starting(text)):
        assert len(found) == len(set(found))
        assert all(GAZETTEER.by_code(village.code) is village for village in found)
    GAZETTEER.by_code(text)


ENDLESS = {
    "one long word": "a" * 5000,
    "a village": "sukarara " * 600,
    "nearly a place": "pray " * 1000,
    "one letter that is many": "ﷺ" * 5000,
    "desa": "desa," * 1000,
    "hamlets": "dusun " * 1000,
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_of_a_text_without_an_end_only_the_beginning_is_looked_at(text: str) -> None:
    beginning = text[:LONGEST_TEXT]
    assert GAZETTEER.named(text) == GAZETTEER.named(beginning)
    assert GAZETTEER.starting(text) == GAZETTEER.starting(beginning)
