"""People and their phones."""

import pytest

from store import people
from store.errors import Refused
from store.shop import Shop
from tests.support.market import BUDI, SRI, code_of, events, register


def test_a_person_is_known_by_their_phone(shop: Shop) -> None:
    register(shop, SRI, "Inaq Sri", "Kopang Rembiga, Kopang")
    with shop.read() as tx:
        sri = people.of_phone(tx, SRI)
        assert people.of_phone(tx, BUDI) is None
    assert (sri.name, sri.village, sri.district) == ("Inaq Sri", "Kopang Rembiga", "Kopang")
    assert (sri.district_code, sri.regency_code) == ("52.02.09", "52.02")
    assert not sri.vouched
    assert events(shop) == [(SRI, "person.registered")]


def test_registering_again_changes_name_and_village(shop: Shop) -> None:
    before = register(shop, SRI, "Inaq Sri")
    after = register(shop, SRI, "Inaq Sri Ayu", "Kopang Rembiga, Kopang")
    assert (after.id, after.name, after.village) == (before.id, "Inaq Sri Ayu", "Kopang Rembiga")
    assert events(shop) == [(SRI, "person.registered"), (SRI, "person.changed")]


def test_nobody_is_registered_without_a_name(shop: Shop) -> None:
    with pytest.raises(Refused, match="bad_name"):
        register(shop, SRI, "#1")
    with shop.read() as tx:
        assert people.of_phone(tx, SRI) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Inaq   Sri ", "Inaq Sri"),
        ("Ni'mah", "Ni'mah"),
        ("Çelik {x}", "Çelik (x)"),
        ("H. Ahmad, S.Pd.", "H. Ahmad, S.Pd"),
        ("#Sri*", "Sri"),
        ("x" * 24, "x" * 24),
        ("x" * 25, None),
        ("S", None),
        ("12", None),
        ("🐔", None),
        ("\x02123:ab\x03", "123:ab"),
        ("", None),
    ],
)
def test_names_are_kept_as_any_phone_can_show_them(typed: str, kept: str | None) -> None:
    assert people.clean_name(typed) == kept


def test_somebody_of_no_id_is_a_mistake(shop: Shop) -> None:
    with pytest.raises(LookupError), shop.read() as tx:
        people.by_id(tx, 99)


def test_a_phone_reads_the_default_language_until_it_chooses(shop: Shop) -> None:
    with shop.write() as tx:
        assert people.language(tx, SRI) == "id"
        people.choose_language(tx, SRI, "en")
        assert people.language(tx, SRI) == "en"
        people.choose_language(tx, SRI, "id")
        assert people.language(tx, SRI) == "id"


def test_a_village_code_is_that_of_a_village(shop: Shop) -> None:
    assert code_of("Sukarara, Jonggat") == "52.02.02.2010"
