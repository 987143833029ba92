"""R17, R25: an offer that was let in late is scored by everybody, and counts wherever one in time does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.errors import ConflictError
from people.model import Role
from referrals.actions.answers.admit_late import AskAdmission, DecideAdmission, ask_admission, decide_admission
from referrals.actions.answers.record_fault import RecordFault, record_fault
from referrals.actions.evaluation.record_views import RecordView, record_family_view
from referrals.actions.evaluation.score import SaveScores, hand_in_scores, save_scores
from referrals.actions.evaluation.settle import SettleScores, settle_scores, write_moderation
from referrals.actions.unseal_responses import unseal_responses
from referrals.model.approvals import ApprovalOutcome
from referrals.model.evaluation import ViewWay
from referrals.model.late import LateGround
from referrals.model.statistics import Quarter
from referrals.queries.answers import late_answers
from referrals.queries.notice_drafts import awards_to_tell
from referrals.queries.scoring import colleagues_scores
from referrals.queries.statistics import asked_in
from referrals.tables.placements import PlacementPartRow, PlacementRow
from tests.fps import world as register
from tests.referrals.browsing import browser, words
from tests.referrals.evaluation.world import AFTER, REASON, at, award, named, offers, score_all, scores
from tests.referrals.world import OFFER, World

LATE = AFTER + timedelta(hours=1)
"""When the late answer is let in."""


def test_R25_one_let_in_after_all_handed_in_is_scored_by_all_before_it_counts(world: World) -> None:
    referral_id = scored_before(world, 0)
    settle(world, referral_id, 4)
    let_in(world, referral_id)
    first, second = (offer.recipient_id for offer in offers(world, referral_id))
    with world.ground.read() as session, pytest.raises(ConflictError, match="stay closed"):
        colleagues_scores(session, world.commissioner, referral_id)
    with pytest.raises(ConflictError, match="stay closed"), world.ground.work() as work:
        settle_scores(work, world.commissioner, SettleScores(referral_id, second, scores(second, 5)))
    with pytest.raises(ConflictError):
        award(world, referral_id)
    for person in (world.commissioner, world.colleague):
        with pytest.raises(ConflictError, match="of this offer"), world.ground.work() as work:
            save_scores(work, person, SaveScores(referral_id, first, scores(first, 0)))
        with world.ground.work() as work:
            save_scores(work, person, SaveScores(referral_id, second, scores(second, 5)))
        with world.ground.work() as work:
            hand_in_scores(work, person, referral_id)
    with world.ground.work() as work:
        settle_scores(work, world.commissioner, SettleScores(referral_id, second, scores(second, 5)))
    with pytest.raises(ConflictError):
        award(world, referral_id, 1)  # how they came to agree was written before the late offer
    moderate(world, referral_id)
    assert award(world, referral_id, 1).supplier == "School 1"


def test_R25_the_page_keeps_what_was_handed_in_and_asks_for_the_rest(world: World, app: Flask) -> None:
    referral_id = scored_before(world, 0)
    let_in(world, referral_id)
    page = words(browser(app, world.commissioner).get(f"/commissioning/referrals/{referral_id}/evaluation"))
    assert "Score the offer of School 1" in page
    assert "Change the offer of School 0" not in page
    assert "You still have 1 offer to score." in page


def test_R17_one_let_in_late_that_wins_counts_wherever_one_in_time_does(world: World) -> None:
    """It begins its placement as it was offered, and is told and counted as an offer."""
    referral_id = scored_before(world)
    let_in(world, referral_id, LateGround.NO_TIMELY_ANSWER)
    named(world, referral_id)
    for person in (world.commissioner, world.colleague):
        score_all(world, referral_id, person, (4,))
    settle(world, referral_id, 4)
    won = award(world, referral_id)
    with world.ground.read() as session:
        placement, part = session.scalars(select(PlacementRow)).one(), session.scalars(select(PlacementPartRow)).one()
        assert OFFER.costs is not None
        assert (placement.starts_on, part.education) == (OFFER.starts_on, OFFER.costs.education)
        (told,) = awards_to_tell(session, [won.id], world.ground.keys)
        assert told.tenders == 1
        lots, quarter = [world.register.lots[0].id], Quarter(date(2026, 10, 1))
        (asked,) = asked_in(session, lots, quarter, world.ground.keys)
        assert asked.answered == {won.setting_id}


def scored_before(world: World, *in_time: int) -> str:
    """Return an unsealed referral with these offers in time, all of them scored and handed in, and a late one."""
    referral_id = world.issued()
    for number in in_time:
        world.respond(referral_id, number)
    at(world, AFTER)
    world.respond(referral_id, 1)
    for person in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, person, referral_id)
    if in_time:
        named(world, referral_id)
        for person in (world.commissioner, world.colleague):
            score_all(world, referral_id, person, (4,) * len(in_time))
    return referral_id


def settle(world: World, referral_id: str, given: int) -> None:
    """Agree on the same score for every offer, and record moderation and the family's view."""
    for offer in offers(world, referral_id):
        with world.ground.work() as work:
            wanted = SettleScores(referral_id, offer.recipient_id, scores(offer.recipient_id, given))
            settle_scores(work, world.commissioner, wanted)
    moderate(world, referral_id)
    with world.ground.work() as work:
        view = RecordView(referral_id, ViewWay.PHONE, date(2026, 12, 1), "They like both, and would travel to either.")
        record_family_view(work, world.commissioner, view)


def moderate(world: World, referral_id: str) -> None:
    with world.ground.work() as work:
        write_moderation(work, world.commissioner, referral_id, REASON)


def let_in(world: World, referral_id: str, why: LateGround = LateGround.HUB_FAULT) -> None:
    """Let the late answer in, an hour later."""
    at(world, LATE)
    ended = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
    with world.ground.work() as work:
        recorder = register.member(work, "Ina Indigo", Role.ADMINISTRATOR, world.register.other_council_id)
        fault = RecordFault(ended - timedelta(hours=1), ended, "No page was served.")
        fault_id = record_fault(work, recorder, fault)
    with world.ground.read() as session:
        (late,) = late_answers(session, world.commissioner, referral_id)
    with world.ground.work() as work:
        ask_admission(work, world.commissioner, AskAdmission(late.id, why, fault_id, "The hub was down."))
    with world.ground.work() as work:
        decide_admission(work, world.colleague, DecideAdmission(late.id, ApprovalOutcome.APPROVED, ""))
