"""R34: the proof finds every decision, and everything a decision rests on, that was changed behind its back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from hub.cli_referral import referral_group
from hub.wiring import House
from kernel.database import Base
from kernel.work import Work
from people.tables import PersonRow
from referrals import tables
from referrals.actions.close_referral import close_referral
from referrals.actions.evaluation.record_views import RecordPreference, record_preference, withdraw_preference
from referrals.actions.evaluation.score import SaveScores, hand_in_scores, save_scores
from referrals.actions.unseal_responses import unseal_responses
from referrals.actions.withdraw_referral import withdraw_referral
from referrals.model.evaluation import PreferenceKind
from referrals.model.particulars import Particulars
from referrals.model.proof import Proof
from referrals.queries.proof import proof_by_reference, proof_for
from tests.referrals.browsing import browser, words
from tests.referrals.equal.steps import change
from tests.referrals.evaluation.test_late_offers import let_in, settle
from tests.referrals.evaluation.world import AFTER, REASON, at, award, named, offers, score_all, scores, unsealed
from tests.referrals.world import World

OTHER_DAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
Forgery = tuple[str, type[Base], str, Any]
OTHER = object()
"""Stands for somebody else of the council."""

FORGERIES: tuple[Forgery, ...] = (
    ("Award", tables.AwardRow, "outcome", "no_award"),
    ("Award", tables.AwardRow, "supplier", "Somebody else"),
    ("Award", tables.AwardRow, "recipient_id", None),
    ("Award", tables.AwardRow, "reasons", "It was the cheapest of all, and nothing else."),
    ("Award", tables.AwardRow, "decided_by", OTHER),
    ("Award", tables.AwardRow, "approved_by", OTHER),
    ("Award", tables.AwardRow, "decided_at", OTHER_DAY),
    ("Award", tables.AwardRow, "standstill_until", OTHER_DAY),
    ("Award", tables.ReferralRow, "closed_reason", "Another reason."),
    ("Telling of the outcome", tables.AwardRow, "told_at", OTHER_DAY),
    ("Beginning of the placement", tables.AwardRow, "confirmed_at", OTHER_DAY),
    ("Agreed scores", tables.SettledScoreRow, "score", 0),
    ("Award", tables.SettledScoreRow, "score", 0),
    ("Agreed scores", tables.SettledScoreRow, "reason", "Something else that nobody agreed on."),
    ("Agreed scores", tables.SettledScoreRow, "settled_by", OTHER),
    ("Record of the moderation", tables.ModerationRow, "words", "Nobody ever talked about any of it."),
    ("Award", tables.ModerationRow, "words", "Nobody ever talked about any of it."),
    ("Family's view", tables.FamilyViewRow, "words", "They want the other one."),
    ("What law puts first", tables.PreferenceRow, "withdrawn_at", None),
    ("What law puts first", tables.PreferenceRow, "school", "Another school"),
    ("Scores of each evaluator", tables.ScoreRow, "score", 0),
    ("Scores of each evaluator", tables.ScoreRow, "reason", "Something else that nobody wrote of it."),
    ("Evaluators and their declarations", tables.EvaluatorRow, "has_conflict", True),
    ("Evaluators and their declarations", tables.EvaluatorRow, "finished_at", OTHER_DAY),
    ("Late answers let in", tables.LateAdmissionRow, "ground", "no_timely_answer"),
    ("Late answers let in", tables.LateAdmissionRow, "admitted_by", OTHER),
    ("Late answers let in", tables.LateAdmissionRow, "shown", "Nobody knows why."),
    ("Late answers let in", tables.LateNoteRow, "shown", "Nobody knows why."),
    ("Approvals by a colleague", tables.ApprovalRow, "asked_by", OTHER),
    ("Approvals by a colleague", tables.ApprovalRow, "outcome", "refused"),
    ("Approvals by a colleague", tables.ApprovalRow, "reasons", "Other reasons."),
    ("Approvals by a colleague", tables.ApprovalRow, "decided_by", OTHER),
    ("Reasons and terms of each version", tables.IssueRow, "reason", "Something that nobody read."),
    ("Reasons and terms of each version", tables.IssueRow, "terms", {"evaluators": 1}),
    ("Route and what it demands", tables.ReferralRow, "particulars", Particulars(reasons="Another reason").plain()),
    ("Unsealing", tables.UnsealRow, "at", AFTER + timedelta(days=1)),
)

REMOVALS: tuple[tuple[str, type[Base]], ...] = (
    ("Agreed scores", tables.SettledScoreRow),
    ("Record of the moderation", tables.ModerationRow),
    ("Family's view", tables.FamilyViewRow),
    ("What law puts first", tables.PreferenceRow),
    ("Scores of each evaluator", tables.ScoreRow),
    ("Evaluators and their declarations", tables.EvaluatorRow),
    ("Late answers let in", tables.LateAdmissionRow),
    ("Approvals by a colleague", tables.ApprovalRow),
)


def whole(world: World) -> str:
    """Lead a referral through everything: a change, two answers, one let in late, a duty withdrawn, and an award."""
    referral_id = world.issued()
    change(world, referral_id)
    world.respond(referral_id, 0)
    at(world, AFTER)
    world.respond(referral_id, 1)
    for person in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, person, referral_id)
    named(world, referral_id)
    for person in (world.commissioner, world.colleague):
        score_all(world, referral_id, person, (4,))
    let_in(world, referral_id)
    late = offers(world, referral_id)[1].recipient_id
    for person in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            save_scores(work, person, SaveScores(referral_id, late, scores(late, 2)))
        with world.ground.work() as work:
            hand_in_scores(work, person, referral_id)
    wanted = RecordPreference(referral_id, PreferenceKind.NAMING_DUTY, None, "Elm Park School", REASON)
    with world.ground.work() as work:
        record_preference(work, world.commissioner, wanted)
    with world.ground.work() as work:
        withdraw_preference(work, world.colleague, referral_id, REASON)
    settle(world, referral_id, 4)
    award(world, referral_id)
    return referral_id


def test_every_forged_value_is_found_by_the_command_and_shown_on_the_page(world: World, app: Flask) -> None:
    referral_id = whole(world)
    council = browser(app, world.commissioner)
    assert (faults(world, referral_id), exit_code(world, referral_id), says(council, referral_id)) == (set(), 0, True)
    for name, row, column, value in FORGERIES:
        undo = forge(world, row, column, world.stranger.id if value is OTHER else value)
        assert name in faults(world, referral_id), (row.__tablename__, column)
        assert exit_code(world, referral_id) == 1, (row.__tablename__, column)
        assert not says(council, referral_id), (row.__tablename__, column)
        undo()
    assert faults(world, referral_id) == set()


def test_what_was_removed_is_found(world: World, app: Flask) -> None:
    referral_id = whole(world)
    council = browser(app, world.commissioner)
    for name, row in REMOVALS:
        with world.ground.work() as work:
            work.session.execute(delete(row))
        assert name in faults(world, referral_id), row.__tablename__
    assert exit_code(world, referral_id) == 1
    assert "of the log are not stored" in words(council.get(f"/commissioning/referrals/{referral_id}/proof"))


@pytest.mark.parametrize("how", ["award", "close", "withdraw"])
def test_a_decision_that_was_deleted_is_found(world: World, app: Flask, how: str) -> None:
    """A line without its record is a fault, for an award, an end without one and a withdrawal."""
    referral_id = _decided(world, how)
    assert faults(world, referral_id) == set()
    with world.ground.work() as work:
        for row in (tables.PlacementPartRow, tables.PlacementReviewRow, tables.PlacementRow, tables.AwardRow):
            work.session.execute(delete(row))
    assert {"Award", "Telling of the outcome"} <= faults(world, referral_id)
    assert exit_code(world, referral_id) == 1
    assert not says(browser(app, world.commissioner), referral_id)


def test_a_decision_that_nobody_took_is_found(world: World) -> None:
    """A record without its line is a fault."""
    other = world.issued()
    referral_id = _decided(world, "close")
    with world.ground.work() as work:
        values = update(tables.AwardRow).where(tables.AwardRow.referral_id == referral_id)
        work.session.execute(values.values(referral_id=other))
    assert "Award" in faults(world, other)
    assert "Award" in faults(world, referral_id)


def test_scores_are_compared_on_the_page_once_all_are_in(world: World) -> None:
    """R25: the database shows nobody a colleague's scores before; the command sees them all."""
    referral_id = unsealed(world)
    named(world, referral_id)
    score_all(world, referral_id, world.commissioner)
    assert "Scores of each evaluator" not in faults(world, referral_id)
    with world.ground.work() as work:
        work.session.execute(update(tables.ScoreRow).values(score=0))
    assert "Scores of each evaluator" in faults(world, referral_id)
    with world.ground.read() as session:
        proof = proof_for(session, world.colleague, referral_id, world.ground.clock.now())
    found = {check.name: check.found for check in proof.checks}
    assert found["Scores of each evaluator"] == "Compared once all scores are in"


def test_two_accounts_of_one_person_that_were_merged_name_nobody_else(world: World) -> None:
    """A merge writes the other account's id over the records; the log keeps the first."""
    referral_id = whole(world)
    kept_id, gone_id = world.stranger.id, world.commissioner.id
    with world.ground.work() as work:
        work.session.get_one(PersonRow, gone_id).merged_into_id = kept_id
        for row, column in (
            (tables.AwardRow, "decided_by"),
            (tables.UnsealRow, "person_id"),
            (tables.ScoreRow, "person_id"),
        ):
            mine = update(row).where(getattr(row, column) == gone_id)
            work.session.execute(mine.values({column: kept_id}))
    assert faults(world, referral_id) == set()


def proved(world: World, referral_id: str) -> Proof:
    """Prove a referral as whoever runs the hub does."""
    with world.ground.read() as session:
        reference = session.get_one(tables.ReferralRow, referral_id).reference
        return proof_by_reference(session, reference, world.ground.clock.now())


def faults(world: World, referral_id: str) -> set[str]:
    """Return what does not agree."""
    return {check.name for check in proved(world, referral_id).checks if not check.holds}


def exit_code(world: World, referral_id: str) -> int:
    """Return what `hub referral prove` ends with."""
    house = cast("House", SimpleNamespace(ground=world.ground, close=lambda: None))
    reference = proved(world, referral_id).reference
    return CliRunner().invoke(referral_group(lambda: house), ["prove", reference]).exit_code


def says(council: FlaskClient, referral_id: str) -> bool:
    """Tell whether the page says that everything agrees."""
    page = words(council.get(f"/commissioning/referrals/{referral_id}/proof"))
    assert ("Everything agrees" in page) != ("Something does not agree" in page)
    return "Everything agrees" in page


def forge(world: World, row: type[Base], column: str, value: object) -> Callable[[], None]:
    """Write a value into a column of every row; return what puts back what was there."""
    with world.ground.work() as work:
        before = [(work.session.identity_key(instance=one)[1], getattr(one, column)) for one in _all(work, row)]
        for one in _all(work, row):
            setattr(one, column, value)

    def undo() -> None:
        with world.ground.work() as work:
            for key, was in before:
                setattr(work.session.get_one(row, tuple(key)), column, was)

    assert before
    return undo


def _all(work: Work, row: type[Base]) -> list[Any]:
    return list(work.session.scalars(select(row)))


def _decided(world: World, how: str) -> str:
    if how == "award":
        return whole(world)
    referral_id = world.issued()
    if how == "withdraw":
        with world.ground.work() as work:
            withdraw_referral(work, world.commissioner, referral_id, "The learner has moved.")
        return referral_id
    at(world, AFTER)
    with world.ground.work() as work:
        close_referral(work, world.commissioner, referral_id, "Nobody offered a place.")
    return referral_id
