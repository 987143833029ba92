"""A referral that is stopped before its deadline: whoever was told hears of it, and nobody else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from channels.model import Status
from channels.tables import MessageRow
from hub.reactions import REACTIONS
from kernel.audit import lines_about
from kernel.clock import FixedClock
from kernel.errors import ConflictError, HubError, InvalidInputError, NotFoundError, TooLateError
from kernel.events import deliver_events
from kernel.timetable import run_due_jobs
from kernel.work import Ground
from referrals.actions.close_referral import close_referral
from referrals.actions.unseal_responses import unseal_responses
from referrals.actions.withdraw_referral import withdraw_referral
from referrals.jobs import JOBS
from referrals.messages import ALERT
from referrals.messages.asking import RECEIPT
from referrals.messages.outcomes import OUTCOME, WITHDRAWN
from referrals.model import Phase
from referrals.model.awards import NextStep, Outcome
from referrals.model.proof import Proof
from referrals.queries.awards import award_of
from referrals.queries.councils import opened_responses, referral
from referrals.queries.outcomes import count_outcomes, outcome, outcomes_of
from referrals.queries.proof import proof_for
from referrals.queries.providers import Shown, count_invitations, invitation, invitations_of
from referrals.tables import LateResponseRow, ResponseRow, UnsealRow, WebhookEventRow
from tests.referrals.browsing import browser, recipient_id, words
from tests.referrals.equal.steps import change, sent
from tests.referrals.world import World, build_world

WHY = "It was issued by mistake."
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
AFTER = datetime(2026, 12, 1, 12, 0, 1, tzinfo=UTC)


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)


def withdraw(world: World, referral_id: str, reason: str = WHY) -> None:
    """Withdraw a referral."""
    with world.ground.work() as work:
        withdraw_referral(work, world.commissioner, referral_id, reason)


def stands(world: World, referral_id: str) -> tuple[Phase, NextStep | None, Outcome]:
    """Return how a referral stands, and its decision."""
    with world.ground.read() as session:
        page = referral(session, world.commissioner, referral_id, world.ground.clock.now())
        decided = award_of(session, referral_id)
        assert decided is not None
        assert (page.closed_reason, decided.reasons) == (WHY, WHY)
        return page.phase, decided.next_step, decided.outcome


def _proved(session: Session, world: World, referral_id: str) -> Proof:
    return proof_for(session, world.commissioner, referral_id, world.ground.clock.now())


def test_before_the_release_nobody_hears_and_nobody_ever_finds_it(world: World, clock: FixedClock) -> None:
    """R9, R29: the alerts are cancelled, also those of a later version, and the release time opens nothing."""
    referral_id = world.issued(release_at=NOW + timedelta(hours=3))
    change(world, referral_id)
    withdraw(world, referral_id)
    assert stands(world, referral_id) == (Phase.CLOSED, NextStep.WITHDRAWN, Outcome.NO_AWARD)
    with world.ground.read() as session:
        assert [check for check in _proved(session, world, referral_id).checks if not check.holds] == []
    assert {(row.status, row.sent_at) for row in sent(world, ALERT.key)} == {(Status.CANCELLED, None)}
    clock.move(timedelta(hours=4))
    run_due_jobs(world.ground, JOBS)
    with world.ground.read() as session:
        told = {OUTCOME.key, WITHDRAWN.key}
        assert not session.scalars(select(MessageRow.id).where(MessageRow.key.in_(told))).all()
        for show in Shown:
            assert count_invitations(session, world.user(0), clock.now(), show) == 0
        assert invitations_of(session, world.user(0), clock.now()) == []
        assert count_outcomes(session, world.user(0)) == 0
        with pytest.raises(NotFoundError):
            invitation(session, world.user(0), referral_id, clock.now())
        with pytest.raises(NotFoundError):
            outcome(session, world.user(0), referral_id)


def test_once_it_is_out_all_who_were_asked_hear_at_once_in_the_same_words(world: World, clock: FixedClock) -> None:
    """R9, R27: also who has answered, and what waited of the alerts goes out no more. The reason is told to nobody."""
    referral_id = world.issued()
    world.respond(referral_id)
    withdraw(world, referral_id)
    told = sent(world, WITHDRAWN.key)
    assert {row.person_id for row in told} == {world.user(number).id for number in range(3)}
    assert len({str(sorted(row.values.items())) for row in told}) == 1
    assert {row.due_at for row in told} == {clock.now()}
    assert "mistake" not in str([row.values for row in told])
    assert {row.status for row in sent(world, ALERT.key)} == {Status.CANCELLED}
    assert Status.CANCELLED not in {row.status for row in sent(world, RECEIPT.key)}
    assert sent(world, OUTCOME.key) == []
    assert stands(world, referral_id) == (Phase.CLOSED, NextStep.WITHDRAWN, Outcome.NO_AWARD)
    with world.ground.read() as session:
        assert [check for check in _proved(session, world, referral_id).checks if not check.holds] == []
        page = outcome(session, world.user(2), referral_id)
        (line,) = outcomes_of(session, world.user(2), offset=0, limit=10)
        (shown,) = invitations_of(session, world.user(2), clock.now())
    assert (page.is_withdrawn, line.is_withdrawn, shown.is_open) == (True, True, False)


def test_what_was_answered_is_never_opened_and_nothing_more_is_taken(world: World, clock: FixedClock) -> None:
    """R21, R22: neither the deadline nor two people open it, and no statistics count what nobody unsealed (R39)."""
    referral_id = world.issued()
    world.respond(referral_id)
    withdraw(world, referral_id)
    with pytest.raises(HubError):
        change(world, referral_id)
    with pytest.raises(TooLateError, match="before its deadline"):
        world.respond(referral_id, 1)
    clock.set(AFTER)
    run_due_jobs(world.ground, JOBS)
    for person in (world.commissioner, world.colleague):
        with pytest.raises(ConflictError), world.ground.work() as work:
            unseal_responses(work, person, referral_id)
    with world.ground.read() as session:
        assert session.scalar(select(func.count()).select_from(UnsealRow)) == 0
        assert session.scalar(select(func.count()).select_from(ResponseRow)) == 1
        assert session.scalar(select(func.count()).select_from(LateResponseRow)) == 0
        with pytest.raises(HubError):
            opened_responses(session, world.commissioner, referral_id, world.ground.keys)


def test_it_is_on_record_and_systems_are_told(world: World) -> None:
    """R29"""
    referral_id = world.issued()
    withdraw(world, referral_id)
    deliver_events(world.ground, REACTIONS)
    with world.ground.read() as session:
        (line,) = (each for each in lines_about(session, ("referral", referral_id)) if each.action.endswith("withdraw"))
        types = set(session.scalars(select(WebhookEventRow.type)))
    assert (line.actor, '"cancelled":3' in line.details, "mistake" in line.details) == (
        world.commissioner.id,
        True,
        False,
    )
    assert {"referral.closed", "referral.decided", "referral.outcome_told"} <= types


def test_only_its_council_may_once_with_a_reason_and_before_the_deadline(world: World, clock: FixedClock) -> None:
    """R29"""
    referral_id, other = world.issued(), world.issued()
    with pytest.raises(NotFoundError), world.ground.work() as work:
        withdraw_referral(work, world.stranger, referral_id, WHY)
    with pytest.raises(InvalidInputError):
        withdraw(world, referral_id, " ")
    with pytest.raises(ConflictError):
        withdraw(world, world.drafted())
    withdraw(world, referral_id)
    with pytest.raises(ConflictError, match="closed already"):
        withdraw(world, referral_id)
    clock.set(AFTER)
    with pytest.raises(ConflictError, match="deadline has passed"):
        withdraw(world, other)
    with pytest.raises(ConflictError, match="closed already"), world.ground.work() as work:
        close_referral(work, world.commissioner, referral_id, WHY)


def test_the_pages_say_it_to_both_sides(app: Flask, world: World) -> None:
    """R27, R29"""
    referral_id = world.issued()
    council, provider = browser(app, world.commissioner), browser(app, world.user(0))
    here = f"/commissioning/referrals/{referral_id}"
    assert "Withdraw this referral" in words(council.get(here))
    assert "told at once" in words(council.get(f"{here}/withdraw"))
    assert council.post(f"{here}/withdraw", data={"reason": ""}).status_code == 422
    done = council.post(f"{here}/withdraw", data={"reason": WHY})
    assert (done.status_code, done.headers["Location"]) == (303, here)
    shown = words(council.get(here))
    assert WHY in shown
    assert "nobody reads them" in shown
    assert "Withdraw this referral" not in shown
    assert council.get(f"{here}/withdraw").status_code == 303
    assert browser(app, world.stranger).get(f"{here}/withdraw").status_code == 404
    assert "Withdrawn by the council" in words(provider.get(f"/referrals/{referral_id}/outcome"))
    assert "Withdrawn by the council" in words(provider.get("/referrals/outcomes"))
    assert "withdrawn" in words(provider.get(f"/referrals/{referral_id}"))
    answering = provider.get(f"/referrals/{referral_id}/answers/{recipient_id(world, 0)}")
    assert "The council has withdrawn" in words(answering)
    assert "deadline of referral" not in words(answering)
    entry = _calendar(app, provider)
    assert ("STATUS:CANCELLED" in entry, "SEQUENCE:1" in entry) == (True, True)


def _calendar(app: Flask, reader: FlaskClient) -> str:
    reader.post("/referrals/calendar/make")
    page = reader.get("/referrals/calendar").text
    found = re.search(r"/calendars/referrals/[^\"<\s]+\.ics", page)
    assert found is not None
    return app.test_client().get(found.group()).text
