"""Group sellers: who may join, what members may do and are told, and what they may not."""

from datetime import timedelta

import pytest

from store import groups, limits, orders, people, questions, trust
from store.catalogue import Listing
from store.errors import Refused
from store.people import Person
from store.shop import Shop
from tests.support import market
from tests.support.clock import TurnableClock
from tests.support.market import (
    BUDI,
    DEWI,
    SRI,
    code_of_order,
    events,
    look,
    notices_to,
    order,
    register,
    texts_to,
    trade,
)

ANI = "+6281234567004"


def join(shop: Shop, owner: Person, msisdn: str = DEWI, name: str = "Inaq Dewi") -> Person:
    """Somebody who is asked and says yes."""
    person = register(shop, msisdn, name)
    with shop.write() as tx:
        groups.invite(tx, owner, msisdn)
        groups.join(tx, person, owner.id)
    return person


@pytest.fixture
def group(shop: Shop) -> tuple[Person, Person, Person, Listing]:
    """Sri, who buys, Budi, who sells, Dewi, who answers for him, and what he sells."""
    sri, budi, rice = trade(shop)
    return sri, budi, join(shop, budi), rice


def names(shop: Shop, owner: Person) -> list[str]:
    with shop.read() as tx:
        return [person.name for person in groups.members(tx, owner.id)]


def test_who_is_asked_and_says_yes_is_a_member(shop: Shop) -> None:
    budi = register(shop, BUDI, "Amaq Budi")
    dewi = register(shop, DEWI, "Inaq Dewi")
    with shop.write() as tx:
        groups.invite(tx, budi, DEWI)
    assert names(shop, budi) == []
    (asked,) = texts_to(shop, DEWI)
    assert asked == f"group_asked name=Amaq Budi phone={BUDI}"
    with shop.write() as tx:
        assert groups.join(tx, dewi, budi.id) == budi
        assert questions.waiting(tx, DEWI) == []
        assert groups.owners_of(tx, dewi) == [budi]
    assert names(shop, budi) == ["Inaq Dewi"]
    assert texts_to(shop, BUDI) == [f"group_joined name=Inaq Dewi phone={DEWI}"]


def test_nobody_joins_who_was_not_asked(shop: Shop, clock: TurnableClock) -> None:
    budi, dewi = register(shop, BUDI), register(shop, DEWI)
    other = register(shop, ANI)
    with pytest.raises(Refused, match="not_invited"), shop.write() as tx:
        groups.join(tx, dewi, budi.id)
    with shop.write() as tx:
        groups.invite(tx, budi, DEWI)
    with pytest.raises(Refused, match="not_invited"), shop.write() as tx:
        groups.join(tx, dewi, other.id)
    clock.turn(seconds=int(groups.ASKED_FOR.total_seconds()))
    with pytest.raises(Refused, match="not_invited"), shop.write() as tx:
        groups.join(tx, dewi, budi.id)
    assert names(shop, budi) == []


def test_who_may_not_be_asked(shop: Shop) -> None:
    budi, dewi = register(shop, BUDI), register(shop, DEWI)
    for msisdn, reason in ((BUDI, "own_number"), (SRI, "nobody")):
        with pytest.raises(Refused, match=reason), shop.write() as tx:
            groups.invite(tx, budi, msisdn)
    with shop.write() as tx:
        trust.freeze_by_operator(tx, DEWI, "tipu")
    with pytest.raises(Refused, match="is_frozen"), shop.write() as tx:
        groups.invite(tx, budi, DEWI)
    with shop.read() as tx:
        frozen = people.by_id(tx, dewi.id)
    with pytest.raises(Refused, match="frozen"), shop.write() as tx:
        groups.invite(tx, frozen, BUDI)


def test_who_was_frozen_meanwhile_does_not_join(shop: Shop) -> None:
    budi, dewi = register(shop, BUDI), register(shop, DEWI)
    with shop.write() as tx:
        groups.invite(tx, budi, DEWI)
        trust.freeze_by_operator(tx, DEWI, "tipu")
        dewi = people.by_id(tx, dewi.id)
    with pytest.raises(Refused, match="frozen"), shop.write() as tx:
        groups.join(tx, dewi, budi.id)


def test_nobody_joins_somebody_who_is_frozen(shop: Shop) -> None:
    budi, dewi = register(shop, BUDI), register(shop, DEWI)
    with shop.write() as tx:
        groups.invite(tx, budi, DEWI)
        trust.freeze_by_operator(tx, BUDI, "tipu")
    with pytest.raises(Refused, match="is_frozen"), shop.write() as tx:
        groups.join(tx, dewi, budi.id)


def test_a_group_has_its_limit_also_when_more_were_asked(shop: Shop, clock: TurnableClock) -> None:
    budi = register(shop, BUDI)
    late = register(shop, DEWI)
    with shop.write() as tx:
        groups.invite(tx, budi, DEWI)
    clock.turn(hours=2)
    for n in range(limits.MEMBERS):
        join(shop, budi, f"+62812345671{n:02d}", f"Anggota {'abcde'[n]}")
    with pytest.raises(Refused, match="group_full") as refusal, shop.write() as tx:
        groups.join(tx, late, budi.id)
    assert refusal.value.values["most"] == limits.MEMBERS
    clock.turn(hours=2)
    with pytest.raises(Refused, match="group_full"), shop.write() as tx:
        groups.invite(tx, budi, DEWI)
    assert len(names(shop, budi)) == limits.MEMBERS


def test_invitations_have_a_limit_too(shop: Shop, clock: TurnableClock) -> None:
    budi = register(shop, BUDI)
    register(shop, DEWI)
    for _ in range(groups.INVITATIONS_AN_HOUR):
        with shop.write() as tx:
            groups.invite(tx, budi, DEWI)
    with pytest.raises(Refused, match="asked_too_often"), shop.write() as tx:
        groups.invite(tx, budi, DEWI)
    clock.turn(minutes=61)
    with shop.write() as tx:
        groups.invite(tx, budi, DEWI)


def test_a_member_is_not_asked_again(shop: Shop) -> None:
    budi = register(shop, BUDI)
    join(shop, budi)
    with pytest.raises(Refused, match="is_member"), shop.write() as tx:
        groups.invite(tx, budi, DEWI)


def test_leaving_and_removing_end_it_and_are_told(shop: Shop) -> None:
    sri, budi, rice = trade(shop)
    dewi, ani = join(shop, budi), join(shop, budi, ANI, "Inaq Ani")
    placed = order(shop, sri, rice)
    with shop.write() as tx:
        assert groups.leave(tx, dewi) == [budi]
        assert groups.remove(tx, budi, ANI) == ani
    assert names(shop, budi) == []
    assert notices_to(shop, BUDI)[-1] == "group_left"
    assert notices_to(shop, ANI)[-1] == "group_removed"
    for gone in (dewi, ani):
        with pytest.raises(Refused, match="no_order"), shop.write() as tx:
            orders.accept(tx, gone, placed.number)
    with pytest.raises(Refused, match="no_group"), shop.write() as tx:
        groups.leave(tx, dewi)
    with pytest.raises(Refused, match="not_member"), shop.write() as tx:
        groups.remove(tx, budi, ANI)
    with pytest.raises(Refused, match="nobody"), shop.write() as tx:
        groups.remove(tx, budi, "+6281234567999")


def test_a_member_does_what_the_seller_may_and_is_named(
    shop: Shop, group: tuple[Person, Person, Person, Listing]
) -> None:
    sri, budi, dewi, rice = group
    placed = order(shop, sri, rice)
    before = len(events(shop))
    with shop.write() as tx:
        assert [each.id for each in orders.waiting_for(tx, dewi)] == [placed.id]
        assert [each.id for each in orders.of_person(tx, dewi)] == [placed.id]
        orders.accept(tx, dewi, placed.number)
        orders.send(tx, dewi, placed.number)
    code = code_of_order(shop, placed)
    with shop.write() as tx:
        orders.hand_over(tx, dewi, placed.number, code)
    assert events(shop)[before:] == [
        (DEWI, "order.accept"), (DEWI, "order.send"), (DEWI, "order.hand_over"),
    ]  # fmt: skip
    refused = order(shop, sri, rice, 3)
    with shop.write() as tx:
        assert orders.reject(tx, dewi, refused.number).state == "rejected"
    assert budi.id == look(shop, placed).seller_id


def test_of_two_answers_the_first_counts_and_the_second_is_told(
    shop: Shop, group: tuple[Person, Person, Person, Listing]
) -> None:
    sri, budi, dewi, rice = group
    placed = order(shop, sri, rice)
    with shop.write() as tx:
        orders.accept(tx, dewi, placed.number)
    with pytest.raises(Refused, match="not_now") as refusal, shop.write() as tx:
        orders.reject(tx, budi, placed.number)
    assert refusal.value.values["state"] == "accepted"
    assert notices_to(shop, SRI) == ["order_accepted"]


def test_all_phones_of_the_seller_are_told_what_the_seller_is_told(
    shop: Shop, clock: TurnableClock, group: tuple[Person, Person, Person, Listing]
) -> None:
    sri, _, _, rice = group
    with shop.write() as tx:
        people.choose_language(tx, DEWI, "en")
    order(shop, sri, rice)
    clock.turn(hours=25)
    market.run_timers(shop)
    cancelled = order(shop, sri, rice)
    with shop.write() as tx:
        orders.cancel(tx, sri, cancelled.number)
    told = ["order_new", "order_reminder", "order_missed", "order_new", "order_cancelled"]
    assert notices_to(shop, DEWI)[1:] == told
    assert notices_to(shop, BUDI)[1:] == told
    assert notices_to(shop, SRI) == ["order_expired"]


def test_a_seller_alone_costs_no_more_than_before(shop: Shop) -> None:
    sri, _, rice = trade(shop)
    order(shop, sri, rice)
    assert notices_to(shop, BUDI) == ["order_new"]
    with shop.read() as tx:
        assert tx.value("SELECT COUNT(*) FROM outbox") == 1


def test_a_member_may_not_buy_from_the_group(
    shop: Shop, group: tuple[Person, Person, Person, Listing]
) -> None:
    _, _, dewi, rice = group
    with pytest.raises(Refused, match="own_listing"):
        order(shop, dewi, rice)


def test_nobody_answers_for_an_order_that_they_placed_before(shop: Shop) -> None:
    _, budi, rice = trade(shop)
    dewi = register(shop, DEWI, "Inaq Dewi")
    placed = order(shop, dewi, rice)
    join(shop, budi)
    with shop.read() as tx:
        assert not orders.may_answer(tx, dewi, placed)
        assert orders.sides.phones(tx, placed)["seller"] == (BUDI,)
        assert orders.waiting_for(tx, dewi) == []
        assert [each.id for each in orders.of_person(tx, dewi)] == [placed.id]
    with pytest.raises(Refused, match="no_order"), shop.write() as tx:
        orders.accept(tx, dewi, placed.number)
    with shop.write() as tx:
        assert orders.cancel(tx, dewi, placed.number).state == "cancelled"


def test_a_frozen_member_is_told_nothing_and_takes_no_order(
    shop: Shop, group: tuple[Person, Person, Person, Listing]
) -> None:
    sri, _, dewi, rice = group
    with shop.write() as tx:
        trust.freeze_by_operator(tx, DEWI, "tipu")
        dewi = people.by_id(tx, dewi.id)
    placed = order(shop, sri, rice)
    assert "order_new" not in notices_to(shop, DEWI)
    with pytest.raises(Refused, match="frozen"), shop.write() as tx:
        orders.accept(tx, dewi, placed.number)


@pytest.mark.parametrize("action", ["accept", "send"])
def test_a_member_does_not_go_on_for_a_frozen_owner(
    action: str, shop: Shop, group: tuple[Person, Person, Person, Listing]
) -> None:
    sri, budi, dewi, rice = group
    placed = order(shop, sri, rice)
    with shop.write() as tx:
        if action == "send":
            orders.accept(tx, budi, placed.number)
        trust.freeze_by_operator(tx, BUDI, "tipu")
    before = market.everything(shop)
    with pytest.raises(Refused, match="is_frozen"), shop.write() as tx:
        getattr(orders, action)(tx, dewi, placed.number)
    assert market.everything(shop) == before


def test_others_and_members_of_others_stay_strangers(
    shop: Shop, group: tuple[Person, Person, Person, Listing]
) -> None:
    sri, _, _, rice = group
    ani = join(shop, register(shop, "+6281234567005", "Amaq Lain"), ANI, "Inaq Ani")
    placed = order(shop, sri, rice)
    with pytest.raises(Refused, match="no_order"), shop.write() as tx:
        orders.accept(tx, ani, placed.number)
    with pytest.raises(Refused, match="no_order"), shop.read() as tx:
        orders.find(tx, ani, placed.number)


def test_an_invitation_waits_for_three_days(shop: Shop, clock: TurnableClock) -> None:
    budi, dewi = register(shop, BUDI), register(shop, DEWI)
    with shop.write() as tx:
        groups.invite(tx, budi, DEWI)
    clock.turn(seconds=int((groups.ASKED_FOR - timedelta(seconds=1)).total_seconds()))
    with shop.write() as tx:
        groups.join(tx, dewi, budi.id)
    assert names(shop, budi) == ["Inaq Sri"]
