"""Whoever applies takes part in the round, under the rules of the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import delete, select

from fps.actions.applications.withdraw_application import withdraw_application
from fps.actions.rounds.clarify import ask_question
from fps.actions.rounds.find_contact import Door
from fps.actions.rounds.invite_contact import invite_contact
from fps.actions.rounds.take_part import ask_to_take_part, confirm, register_interest, withdraw_interest
from fps.actions.rounds.write_round import change_round
from fps.queries.round_contacts import own_contact
from fps.queries.round_counts import counts_of
from fps.queries.rounds import joining_round
from fps.tables.rounds import RoundContactRow
from hub.web.row_scope import scope_of
from kernel import scope
from kernel.calendar import at_london
from kernel.work import Ground
from people.actions.accept_invitation import accept_invitation
from people.actions.change_roles import grant_role
from people.actions.issue_grant import token_of
from people.model import Actor, Role
from people.queries import person
from people.tables import InvitationRow, RoleRow
from tests.fps.applications.filled import filled, send, started
from tests.fps.rounds.conftest import Browse
from tests.fps.rounds.guests import WHO, join, link_of, sent
from tests.fps.rounds_world import open_round
from tests.fps.world import World


@contextmanager
def signed_in(actor: Actor) -> Iterator[None]:
    """Let the database hold whoever acts to their own rows, as a request does."""
    scope.enter(scope_of(actor))
    try:
        yield
    finally:
        scope.enter(None)


def later(ground: Ground, world: World, round_id: str, day: date) -> None:
    with ground.work() as work:
        card = joining_round(work.session, round_id)
        terms = replace(card.terms, closes_at=at_london(day, time(12)))
        change_round(work, world.lead, round_id, terms, card.version)


def told_of_change(ground: Ground) -> list[str]:
    return [row.person_id for row in sent(ground, "fps.round_changed") if row.person_id]


def test_R10_whoever_applies_without_a_word_of_interest_is_told_what_all_are_told(ground: Ground, world: World) -> None:
    provider, (_, other) = world.providers[0], world.providers[1]
    with ground.work() as work:
        card = open_round(work, world)
    with signed_in(provider[1]), ground.work() as work:
        application_id = started(work, card, provider)
    join(ground, world, card.id, 1)
    later(ground, world, card.id, date(2026, 12, 21))
    assert sorted(told_of_change(ground)) == sorted([provider[1].id, other.id])
    with signed_in(provider[1]), ground.work() as work:
        withdraw_application(work, provider[1], application_id)
        withdraw_interest(work, Door(card.id, actor=provider[1]))
    later(ground, world, card.id, date(2026, 12, 22))
    assert told_of_change(ground).count(provider[1].id) == 1


def test_a_colleague_who_sends_what_another_began_is_told_too_and_the_provider_counts_once(
    ground: Ground, world: World
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        card = open_round(work, world)
        application_id = filled(work, world, card, 0)
        grant_role(work, world.providers[1][1].id, Role.PROVIDER_USER, provider_id)
        started(work, card, world.providers[2])
    with ground.work() as work:
        colleague = person(work.session, world.providers[1][1].id)
        send(work, colleague, application_id)
    with signed_in(world.lead), ground.read() as session:
        counts = counts_of(session, card.id)
    assert (counts.applications, counts.sent, counts.interested) == (2, 1, 0)
    later(ground, world, card.id, date(2026, 12, 21))
    assert {user.id, colleague.id} <= set(told_of_change(ground))


def test_a_newcomer_takes_part_for_the_provider_once_invited(ground: Ground, world: World) -> None:
    with ground.work() as work:
        card = open_round(work, world)
        ask_to_take_part(work, card.id, WHO)
    with ground.work() as work:
        confirm(work, link_of(ground))
        contact_id = work.session.scalars(select(RoundContactRow.id)).one()
        provider_id = invite_contact(work, world.lead, contact_id, None, "Shoreline Learning Ltd")
    with ground.work() as work:
        invitation = work.session.scalars(select(InvitationRow)).one()
        accept_invitation(work, token_of(ground.keys, invitation.grant_id))
        user = person(work.session, invitation.person_id)
    door = Door(card.id, actor=user)
    with signed_in(user):
        for step in (register_interest, withdraw_interest, register_interest):
            with ground.work() as work:
                step(work, door)
        with ground.work() as work:
            started(work, card, (provider_id, user))
    with ground.read() as session:
        row = session.scalars(select(RoundContactRow)).one()
        assert (row.id, row.provider_id, row.organisation_name) == (contact_id, provider_id, "Shoreline Learning Ltd")
        assert row.started_at == ground.clock.now()
        assert counts_of(session, card.id).applications == 1


def test_whoever_moves_to_another_provider_takes_part_anew_and_leaves_what_the_first_one_said(
    ground: Ground, world: World
) -> None:
    (first_id, user), (second_id, _) = world.providers[:2]
    with ground.work() as work:
        card = open_round(work, world)
    join(ground, world, card.id, 0)
    with ground.work() as work:
        work.session.execute(delete(RoleRow).where(RoleRow.person_id == user.id))
        work.session.expire_all()
        grant_role(work, user.id, Role.PROVIDER_USER, second_id)
    with ground.read() as session:
        moved = person(session, user.id)
    with signed_in(moved):
        with ground.read() as session:
            assert own_contact(session, card.id, moved) is None
        with ground.work() as work:
            register_interest(work, Door(card.id, actor=moved))
        with ground.read() as session:
            contact = own_contact(session, card.id, moved)
            assert contact is not None
            assert (contact.provider_id, contact.organisation_name) == (second_id, "Provider 1")
    with ground.read() as session:
        assert set(session.scalars(select(RoundContactRow.provider_id))) == {first_id, second_id}
    later(ground, world, card.id, date(2026, 12, 21))
    assert told_of_change(ground) == [user.id]


@pytest.mark.parametrize("page", ["interest", "questions"])
def test_R11_the_lead_reads_the_day_and_not_the_minute(ground: Ground, world: World, browse: Browse, page: str) -> None:
    with ground.work() as work:
        card = open_round(work, world)
        door = Door(card.id, actor=world.providers[0][1])
        register_interest(work, door)
        ask_question(work, door, "Who pays for transport?")
    shown = browse(world.lead).get(f"/register/rounds/{card.id}/{page}").text
    assert "Monday 23 November 2026" in shown
    assert "10am" not in shown
