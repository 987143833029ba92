"""Acting for somebody who is away: the rules, by property, and what it opens while it runs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.messages import WORRY_ALERT
from channels.model import Channel
from hub.messages import SECOND_FACTOR_CHANGED
from kernel.clock import FixedClock
from kernel.errors import InvalidInputError, NotFoundError
from kernel.work import Ground
from people.actions.change_roles import end_role
from people.actions.delegate import Delegate, delegate, end_delegation
from people.model import Role, RoleIn
from people.permissions import PERMISSIONS, Permission, may
from people.queries.delegation import acting
from people.rules.delegation import (
    LONGEST,
    NEVER_DELEGATED,
    Handover,
    Span,
    acting_for,
    check_handover,
    handed_over,
)
from tests.people.town import Town, actor_of, post_of

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HELD = st.builds(RoleIn, st.sampled_from(Role), st.sampled_from("ab"), st.none() | st.just("third"))
ROLES = st.lists(HELD, max_size=4).map(tuple)


@given(ROLES, ROLES, st.sampled_from("ab"))
def test_a_delegate_never_holds_more_than_the_absent_person(
    roles: tuple[RoleIn, ...], mine: tuple[RoleIn, ...], place: str
) -> None:
    own = {(held.role, held.organisation_id) for held in roles if held.on_behalf_of is None}
    for held in handed_over(roles, mine, place, "absent"):
        assert (held.role, held.organisation_id) in own
        assert held.organisation_id == place
        assert held.on_behalf_of == "absent"
        assert held.role not in NEVER_DELEGATED


@given(ROLES, ROLES, ROLES)
def test_there_are_never_chains(
    first: tuple[RoleIn, ...], second: tuple[RoleIn, ...], third: tuple[RoleIn, ...]
) -> None:
    taken_on = handed_over(first, second, "a", "first")
    assert set(handed_over((*second, *taken_on), third, "a", "second")) == set(
        handed_over(second, third, "a", "second")
    )


@given(ROLES, ROLES)
def test_whoever_does_not_work_there_never_takes_anything_on(
    roles: tuple[RoleIn, ...], mine: tuple[RoleIn, ...]
) -> None:
    elsewhere = tuple(held for held in mine if held.organisation_id != "a" or held.role is Role.FAMILY)
    assert handed_over(roles, elsewhere, "a", "absent") == ()


def test_the_duty_officers_and_the_auditors_roles_can_be_handed_over_and_the_administrators_never() -> None:
    mine = (RoleIn(Role.QA_OFFICER, "a"),)
    for role in Role:
        taken_on = handed_over((RoleIn(role, "a"),), mine, "a", "absent")
        assert bool(taken_on) is (role not in {Role.ADMINISTRATOR, Role.FAMILY, Role.YOUNG_PERSON})


@given(ROLES, st.sampled_from(Permission))
def test_one_acts_for_others_only_where_ones_own_role_does_not_carry_it(
    roles: tuple[RoleIn, ...], permission: Permission
) -> None:
    own = {held.organisation_id for held in roles if held.on_behalf_of is None and permission in PERMISSIONS[held.role]}
    needed = {
        held.on_behalf_of
        for held in roles
        if held.on_behalf_of and permission in PERMISSIONS[held.role] and held.organisation_id not in own
    }
    assert set(acting_for(roles, permission)) == needed


def _handover(**changed: object) -> Handover:
    facts: dict[str, object] = {
        "organisation_id": "a",
        "span": Span(NOW, NOW + timedelta(days=5)),
        "person_id": "me",
        "delegate_id": "them",
        "roles": (RoleIn(Role.QA_OFFICER, "a"),),
        "delegate_roles": (RoleIn(Role.COMMISSIONER, "a"),),
    }
    return Handover(**(facts | changed))  # type: ignore[arg-type]  # a table of cases


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"delegate_id": "me"}, "delegate"),
        ({"delegate_roles": (RoleIn(Role.COMMISSIONER, "b"),)}, "delegate"),
        ({"delegate_roles": (RoleIn(Role.FAMILY, "a"),)}, "delegate"),
        ({"roles": (RoleIn(Role.ADMINISTRATOR, "a"),)}, "delegate"),
        ({"roles": (RoleIn(Role.QA_OFFICER, "b"),)}, "delegate"),
        ({"span": Span(NOW, NOW)}, "ends_on"),
        ({"span": Span(NOW - timedelta(days=5), NOW)}, "ends_on"),
        ({"span": Span(NOW, NOW + LONGEST + timedelta(days=1))}, "ends_on"),
        ({"own_spans": (Span(NOW + timedelta(days=4), NOW + timedelta(days=9)),)}, "starts_on"),
        ({"delegate_away": (Span(NOW, NOW + timedelta(days=1)),)}, "delegate"),
    ],
)
def test_what_is_no_delegation_is_refused_at_its_field(changed: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_handover(_handover(**changed), NOW)
    assert refused.value.field == field
    check_handover(_handover(), NOW)


def _delegate(ground: Ground, absent: str, colleague: str, place: str, *, starts: int = 0, ends: int = 2) -> str:
    days = Delegate(colleague, place, TODAY + timedelta(days=starts), TODAY + timedelta(days=ends))
    with ground.work() as work:
        return delegate(work, actor_of(ground, absent), days)


def _may(ground: Ground, person_id: str, permission: Permission) -> bool:
    card = actor_of(ground, person_id)
    with ground.read() as session:
        return may(acting(session, card, ground.clock.now()), permission)


def test_it_begins_and_ends_by_itself(ground: Ground, town: Town, clock: FixedClock) -> None:
    _delegate(ground, town.duty, town.officer, town.council, starts=1, ends=2)
    found = []
    for _ in range(4):
        found.append(_may(ground, town.officer, Permission.WORRIES_READ))
        clock.move(timedelta(days=1))
    assert found == [False, True, True, False]


def test_it_follows_the_roles_of_both(ground: Ground, town: Town) -> None:
    _delegate(ground, town.duty, town.officer, town.council)
    assert _may(ground, town.officer, Permission.WORRIES_READ)
    with ground.work() as work:
        end_role(work, actor_of(ground, town.admin), town.duty, Role.SAFEGUARDING_DUTY, town.council)
    assert not _may(ground, town.officer, Permission.WORRIES_READ)


def test_either_side_ends_it_and_nobody_else(ground: Ground, town: Town) -> None:
    delegation = _delegate(ground, town.duty, town.officer, town.council)
    with ground.work() as work, pytest.raises(NotFoundError):
        end_delegation(work, actor_of(ground, town.commissioner), delegation)
    for _ in range(2):
        with ground.work() as work:
            end_delegation(work, actor_of(ground, town.officer), delegation)
    assert not _may(ground, town.officer, Permission.WORRIES_READ)


def test_an_alert_to_the_absent_duty_officer_goes_to_both(ground: Ground, town: Town) -> None:
    _delegate(ground, town.duty, town.officer, town.council)
    alert = NewMessage(WORRY_ALERT, {"link": "/worries"}, person_id=town.duty, dedupe_key="worry:1")
    own = NewMessage(SECOND_FACTOR_CHANGED, {"name": "Maureen"}, person_id=town.duty)
    for _ in range(2):
        with ground.work() as work:
            queue_messages(work, [alert])
    with ground.work() as work:
        queue_messages(work, [own])
    post = post_of(ground)
    post.deliver()
    assert len(post.arrived(Channel.EMAIL, "maureen.tatlock@example.org")) == 2
    (alone,) = post.arrived(Channel.EMAIL, "quentin.abbott@example.org")
    assert "risk" in alone
