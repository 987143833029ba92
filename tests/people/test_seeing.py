"""Who may see whom (DOMAIN.md 1.3, A1 to A3): the rule, and that the database answers as the rule does."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import NotFoundError
from kernel.work import Ground
from people.model import OrganisationKind, PersonCard, Role, RoleIn
from people.queries import persons_with_role
from people.queries.directory import Wanted, directory, profile
from people.queries.merging import places_of
from people.rules.seeing import FAMILY_ROLES, Place, may_see_contacts, roles_seen, sees_role, sight_of
from tests.people.town import Town, actor_of

PLACES = {
    place.id: place
    for place in (
        Place("a", OrganisationKind.COUNCIL),
        Place("b", OrganisationKind.COUNCIL),
        Place("af", OrganisationKind.FORUM, "a"),
        Place("bf", OrganisationKind.FORUM, "b"),
        Place("p", OrganisationKind.PROVIDER),
        Place("q", OrganisationKind.PROVIDER),
    )
}
HELD = st.builds(RoleIn, st.sampled_from(Role), st.sampled_from(sorted(PLACES)))
ROLES = st.lists(HELD, max_size=3).map(tuple)


def _actor(*roles: tuple[Role, str]) -> PersonCard:
    return PersonCard("me", "Me", "en", tuple(RoleIn(role, place) for role, place in roles))


@pytest.mark.parametrize(
    ("reader", "whom", "is_seen"),
    [
        ((Role.ADMINISTRATOR, "a"), (Role.QA_OFFICER, "a"), True),
        ((Role.ADMINISTRATOR, "a"), (Role.QA_OFFICER, "b"), False),
        ((Role.ADMINISTRATOR, "a"), (Role.FAMILY, "af"), True),
        ((Role.ADMINISTRATOR, "a"), (Role.FAMILY, "bf"), False),
        ((Role.COMMISSIONER, "a"), (Role.FORUM_COORDINATOR, "af"), True),
        ((Role.COMMISSIONER, "a"), (Role.PROVIDER_USER, "p"), True),
        ((Role.LEAD_AUTHORITY, "a"), (Role.PROVIDER_USER, "p"), True),
        ((Role.LEAD_AUTHORITY, "a"), (Role.COMMISSIONER, "b"), True),
        ((Role.LEAD_AUTHORITY, "a"), (Role.FAMILY, "af"), False),
        ((Role.LEAD_AUTHORITY, "a"), (Role.FAMILY, "a"), False),
        ((Role.PROVIDER_USER, "p"), (Role.PROVIDER_USER, "p"), True),
        ((Role.PROVIDER_USER, "p"), (Role.PROVIDER_USER, "q"), False),
        ((Role.PROVIDER_USER, "p"), (Role.COMMISSIONER, "a"), False),
        ((Role.FORUM_COORDINATOR, "af"), (Role.FAMILY, "af"), False),
        ((Role.QA_OFFICER, "a"), (Role.QA_OFFICER, "a"), False),
        ((Role.SAFEGUARDING_DUTY, "a"), (Role.FAMILY, "af"), False),
    ],
)
def test_who_is_seen_by_whom(reader: tuple[Role, str], whom: tuple[Role, str], is_seen: bool) -> None:
    role, place = whom
    assert sees_role(sight_of(_actor(reader)), role, PLACES[place]) is is_seen


@given(st.lists(HELD, max_size=3).map(tuple), HELD)
def test_A3_families_are_never_seen_from_another_council(reader: tuple[RoleIn, ...], whom: RoleIn) -> None:
    sight = sight_of(PersonCard("me", "Me", "en", reader))
    if whom.role in FAMILY_ROLES and sees_role(sight, whom.role, PLACES[whom.organisation_id]):
        place = PLACES[whom.organisation_id]
        own = {held.organisation_id for held in reader}
        assert place.area in own or place.id in sight.colleagues or place.kind is OrganisationKind.PROVIDER


@given(ROLES, ROLES)
def test_how_a_family_is_reached_is_never_seen_by_those_who_do_not_manage_there(
    reader: tuple[RoleIn, ...], roles: tuple[RoleIn, ...]
) -> None:
    sight = sight_of(PersonCard("me", "Me", "en", reader))
    homes = {PLACES[held.organisation_id].area for held in roles if held.role in FAMILY_ROLES}
    trusted = {held.organisation_id for held in reader if held.role in {Role.ADMINISTRATOR, Role.AUDITOR}}
    if homes and may_see_contacts(sight, "them", roles, PLACES):
        assert homes & trusted


def test_everybody_sees_how_they_are_reached_themselves() -> None:
    sight = sight_of(_actor((Role.QA_OFFICER, "a")))
    assert may_see_contacts(sight, "me", [RoleIn(Role.QA_OFFICER, "a")], PLACES)
    assert not may_see_contacts(sight, "other", [RoleIn(Role.QA_OFFICER, "a")], PLACES)


def test_a_parents_number_stays_a_parents_number_at_work() -> None:
    both = [RoleIn(Role.FAMILY, "bf"), RoleIn(Role.PROVIDER_USER, "p")]
    sight = sight_of(_actor((Role.ADMINISTRATOR, "a")))
    assert roles_seen(sight, both, PLACES) == (RoleIn(Role.PROVIDER_USER, "p"),)
    assert not may_see_contacts(sight, "them", both, PLACES)


def test_the_directory_answers_as_the_rule_does(ground: Ground, town: Town) -> None:
    everybody = [getattr(town, name) for name in vars(town)]
    with ground.read() as session:
        cards = {card.id: card for role in Role for card in persons_with_role(session, role)}
        places = places_of(session, everybody)
        for reader, other in product(cards.values(), cards.values()):
            sight = sight_of(reader)
            found, total = directory(session, sight, Wanted(), limit=100)
            assert total == len(found)
            listed = {line.id: {(tie.role, tie.organisation_id) for tie in line.ties} for line in found}
            seen = roles_seen(sight, other.roles, places)
            assert listed.get(other.id, set()) == {(held.role, held.organisation_id) for held in seen}


def test_whom_one_does_not_see_is_not_there_by_their_id_either(ground: Ground, town: Town) -> None:
    with ground.read() as session:
        for reader, whom in ((town.admin, town.far_mum), (town.lead, town.mum), (town.priya, town.owen)):
            sight = sight_of(actor_of(ground, reader))
            with pytest.raises(NotFoundError):
                profile(session, sight, whom)


def test_families_contact_details_are_for_those_who_manage_people_there(ground: Ground, town: Town) -> None:
    with ground.read() as session:

        def points(reader: str, whom: str) -> bool:
            return profile(session, sight_of(actor_of(ground, reader)), whom).points is not None

        assert points(town.admin, town.mum)
        assert points(town.auditor, town.mum)
        assert not points(town.commissioner, town.mum)
        assert points(town.commissioner, town.priya), "councils must be able to reach providers"
        assert points(town.lead, town.officer)
        assert points(town.priya, town.pavel)
