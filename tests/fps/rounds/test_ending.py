"""How a round ends without a decision: cancelled with its applications, or without one to decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from fps.actions.applications.cancel_round import cancel_round
from fps.actions.applications.evaluate import declare_interest
from fps.actions.applications.name_evaluators import NameEvaluators, name_evaluators
from fps.actions.applications.start_application import start_application
from fps.actions.applications.withdraw_application import withdraw_application
from fps.actions.rounds.close_round import close_round
from fps.model.applications import ApplicationState
from fps.model.rounds import RoundCard, RoundState
from fps.queries.rounds import joining_round
from fps.tables import ApplicationRow, StatusChangeRow
from kernel.clock import FixedClock
from kernel.errors import ConflictError, NotFoundError
from kernel.work import Ground
from people.model import Actor, Role
from tests.fps.applications.filled import filled, send, started
from tests.fps.rounds.conftest import Browse
from tests.fps.rounds.guests import join, sent
from tests.fps.rounds.test_applicants import signed_in
from tests.fps.rounds_world import open_round
from tests.fps.world import World, member

WHY = "The budget changed."


def applied(ground: Ground, world: World) -> tuple[RoundCard, str]:
    """Open a round and send one application."""
    with ground.work() as work:
        card = open_round(work, world)
        application_id = filled(work, world, card, 0)
        send(work, world.providers[0][1], application_id)
    return card, application_id


def closed(ground: Ground, world: World, clock: FixedClock) -> tuple[RoundCard, str, Actor]:
    """Close a round with one application and name who evaluates it."""
    card, application_id = applied(ground, world)
    clock.set(card.closes_at + timedelta(hours=2))
    with ground.work() as work:
        people = [
            member(work, name, Role.COMMISSIONER, council, ("email", f"{name.lower()}@example.org"))
            for name, council in (("Eve", world.council_id), ("Evan", world.other_council_id))
        ]
        name_evaluators(work, world.lead, NameEvaluators(card.id, tuple(each.id for each in people)))
    return card, application_id, people[0]


def state_of(ground: Ground, application_id: str) -> str:
    with ground.read() as session:
        return session.get_one(ApplicationRow, application_id).state


@pytest.mark.parametrize("is_opened", [False, True])
def test_with_a_cancelled_round_its_applications_end_and_all_who_applied_are_told_why(
    ground: Ground, world: World, clock: FixedClock, *, is_opened: bool
) -> None:
    if is_opened:
        card, application_id, _ = closed(ground, world, clock)
    else:
        card, application_id = applied(ground, world)
    with ground.work() as work:
        colleague = member(work, "Colleague", Role.PROVIDER_USER, world.providers[0][0], ("email", "c@example.org"))
    with signed_in(world.lead), ground.work() as work:
        cancel_round(work, world.lead, card.id, WHY)
    assert state_of(ground, application_id) == ApplicationState.CANCELLED
    with ground.read() as session:
        steps = session.scalars(select(StatusChangeRow.to_status).order_by(StatusChangeRow.number)).all()
    assert steps == (["applied", "exited"] if is_opened else [])
    told = sent(ground, "fps.round_cancelled")
    assert {row.person_id for row in told} == {world.providers[0][1].id, colleague.id}
    assert len(told) == len({row.person_id for row in told})
    assert {row.values["reason"] for row in told} == {WHY}


def test_what_was_withdrawn_stays_so_and_a_draft_ends_too(ground: Ground, world: World) -> None:
    card, application_id = applied(ground, world)
    with ground.work() as work:
        draft_id = started(work, card, world.providers[1])
        withdraw_application(work, world.providers[0][1], application_id)
    join(ground, world, card.id, 2)
    with ground.work() as work:
        cancel_round(work, world.lead, card.id, WHY)
    assert (state_of(ground, application_id), state_of(ground, draft_id)) == ("withdrawn", "cancelled")
    assert world.providers[2][1].id in {row.person_id for row in sent(ground, "fps.round_cancelled")}
    with pytest.raises(ConflictError), ground.work() as work:
        start_application(work, world.providers[1][1], card.id, world.providers[1][0], work.now)
    with ground.work() as work:
        withdraw_application(work, world.providers[1][1], draft_id)
    assert state_of(ground, draft_id) == "cancelled"


def test_nobody_evaluates_an_application_of_a_cancelled_round(ground: Ground, world: World, clock: FixedClock) -> None:
    card, application_id, evaluator = closed(ground, world, clock)
    with ground.work() as work:
        cancel_round(work, world.lead, card.id, WHY)
    with pytest.raises(ConflictError), ground.work() as work:
        declare_interest(work, evaluator, application_id, has_conflict=False)


def test_the_applicant_reads_that_the_round_was_cancelled_and_why(ground: Ground, world: World, browse: Browse) -> None:
    card, application_id = applied(ground, world)
    with ground.work() as work:
        cancel_round(work, world.lead, card.id, WHY)
    client = browse(world.providers[0][1])
    shown = client.get(f"/my-applications/{application_id}").text
    assert "The round was cancelled, and with it this application" in shown
    assert "Withdraw the application" not in shown
    assert "Check and send" not in shown
    assert "Round cancelled" in client.get("/my-applications").text
    assert WHY in client.get(f"/joining/{card.id}").text


def test_a_round_whose_applications_were_all_withdrawn_is_ended_from_its_page(
    ground: Ground, world: World, clock: FixedClock, browse: Browse
) -> None:
    card, application_id, _ = closed(ground, world, clock)
    lead, at = browse(world.lead), f"/register/rounds/{card.id}"
    assert "End the round" not in lead.get(at).text
    with pytest.raises(ConflictError), ground.work() as work:
        close_round(work, world.lead, card.id)
    with ground.work() as work:
        withdraw_application(work, world.providers[0][1], application_id)
    waiting = lead.get(f"/register/applications/rounds/{card.id}").text
    assert "Every application was withdrawn" in waiting
    assert "Send all decision letters" not in waiting
    assert "End the round" in lead.get(at).text
    for _ in range(2):
        assert lead.post(f"{at}/close").status_code == 303
    with ground.read() as session:
        assert joining_round(session, card.id).state is RoundState.DECIDED
    over = lead.get(f"/register/applications/rounds/{card.id}").text
    assert "There was no application to decide" in over
    assert "Publish the list" not in over


def test_a_round_to_which_nobody_applied_ends_once_it_has_closed(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    with ground.work() as work:
        card = open_round(work, world)
        started(work, card, world.providers[0])
    with pytest.raises(ConflictError), ground.work() as work:
        close_round(work, world.lead, card.id)
    clock.set(card.closes_at + timedelta(seconds=1))
    with ground.work() as work:
        stranger = member(work, "Stranger", Role.LEAD_AUTHORITY, world.council_id, ("email", "s@example.org"))
    with pytest.raises(NotFoundError), ground.work() as work:
        close_round(work, stranger, card.id)
    with signed_in(world.lead), ground.work() as work:
        close_round(work, world.lead, card.id)
    with ground.read() as session:
        assert joining_round(session, card.id).state is RoundState.DECIDED
