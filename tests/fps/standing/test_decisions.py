"""Who is told of a decision, who may take it, and what it brings about."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.tables import MessageRow
from fps.actions.evidence.record_document import RecordDocument, record_document
from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.actions.standing.end_suspension import lift_suspension
from fps.actions.standing.leave import BeginLeaving, begin_leaving
from fps.actions.standing.pause_placements import (
    PausePlacements,
    keep_pause,
    pause_placements,
    reply_to_pause,
    resume_placements,
)
from fps.actions.standing.reply_to_decision import reply_to_suspension
from fps.actions.standing.suspend_setting import SuspendSetting, put_suspension_in_force, suspend_setting
from fps.jobs import remind_of_reviews
from fps.model import DocumentKind, Status
from fps.queries import candidates, status_history, status_on
from fps.queries.decisions import paused_by_how_many, pauses_by, pauses_told
from kernel.audit import SYSTEM
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.tables import AuditRow, EventRow
from kernel.work import Ground
from tests.fps.standing.conftest import Corner

TODAY, REVIEW_ON = date(2026, 11, 23), date(2026, 12, 18)


def told(session: Session) -> set[tuple[str, str]]:
    """Return who was told what."""
    return {(row.person_id or "", row.key) for row in session.scalars(select(MessageRow))}


def suspend(ground: Ground, corner: Corner, *, is_urgent: bool = True) -> str:
    command = SuspendSetting(corner.setting_id, (corner.lot_id,), "Danger.", is_urgent, REVIEW_ON)
    with ground.work() as work:
        return suspend_setting(work, corner.lead, command)


def test_a_suspension_counts_at_once_and_all_member_councils_and_the_provider_are_told(
    ground: Ground, corner: Corner
) -> None:
    """L5: all councils told within a working day; no message holds the reasons."""
    suspend(ground, corner)
    with ground.read() as session:
        assert status_on(session, corner.setting_id, corner.lot_id, TODAY) is Status.SUSPENDED
        assert told(session) == {
            (corner.user.id, "fps.standing_suspended"),
            (corner.commissioner.id, "fps.standing_told_suspended"),
            (corner.other.id, "fps.standing_told_suspended"),
        }
        assert all("Danger" not in str(row.values) for row in session.scalars(select(MessageRow)))
        assert "fps.setting_suspended" in session.scalars(select(EventRow.name)).all()
        actions = session.scalars(select(AuditRow.action)).all()
        assert "fps.suspend_setting" in actions


def test_a_notice_changes_nothing_and_only_the_provider_is_told(ground: Ground, corner: Corner) -> None:
    """L5"""
    suspension_id = suspend(ground, corner, is_urgent=False)
    with ground.read() as session:
        assert status_on(session, corner.setting_id, corner.lot_id, TODAY) is Status.ACTIVE
        assert told(session) == {(corner.user.id, "fps.standing_notice")}
    with ground.work() as work:
        lift_suspension(work, corner.lead, suspension_id, "It was a mistake.")
    with ground.read() as session:
        assert (corner.commissioner.id, "fps.standing_told_lifted") not in told(session)


def test_a_notice_comes_into_force_the_day_after_the_time_to_reply(
    ground: Ground, corner: Corner, clock: FixedClock
) -> None:
    suspension_id = suspend(ground, corner, is_urgent=False)
    clock.set(datetime(2026, 11, 30, 22, tzinfo=UTC))
    with pytest.raises(ConflictError), ground.work() as work:
        put_suspension_in_force(work, corner.lead, suspension_id, REVIEW_ON)
    clock.set(datetime(2026, 12, 1, 0, 1, tzinfo=UTC))
    with ground.work() as work:
        put_suspension_in_force(work, corner.lead, suspension_id, REVIEW_ON)
    with pytest.raises(ConflictError), ground.work() as work:
        put_suspension_in_force(work, corner.lead, suspension_id, REVIEW_ON)


def test_lifting_leads_to_a_hold_where_a_document_lapsed_meanwhile(ground: Ground, corner: Corner) -> None:
    suspension_id = suspend(ground, corner)
    with ground.work() as work:
        record_document(
            work, corner.lead, RecordDocument(corner.setting_id, DocumentKind.INSURANCE, date(2026, 11, 20))
        )
        lift_suspension(work, corner.lead, suspension_id, "All is well.")
    with ground.read() as session:
        assert status_on(session, corner.setting_id, corner.lot_id, TODAY) is Status.COMPLIANCE_HOLD
        assert (corner.other.id, "fps.standing_told_lifted") in told(session)


def test_a_hold_that_follows_from_lifting_ends_by_itself_when_the_document_comes(
    ground: Ground, corner: Corner
) -> None:
    suspension_id = suspend(ground, corner)
    with ground.work() as work:
        ended = RecordDocument(corner.setting_id, DocumentKind.INSURANCE, date(2026, 11, 20))
        document_id = record_document(work, corner.lead, ended)
        lift_suspension(work, corner.lead, suspension_id, "All is well.")
    with ground.read() as session:
        last = status_history(session, corner.setting_id, corner.lot_id)[-1]
        assert (last.actor_id, last.document_id) == (SYSTEM, document_id)
        assert "the insurance certificate ended on 20 November 2026" in last.reason
    with ground.work() as work:
        record_document(work, corner.lead, RecordDocument(corner.setting_id, DocumentKind.INSURANCE, None))
    with ground.read() as session:
        assert status_on(session, corner.setting_id, corner.lot_id, TODAY) is Status.ACTIVE


def test_a_hold_by_a_person_outlives_a_suspension(ground: Ground, corner: Corner) -> None:
    hold = ChangeStatus(corner.setting_id, corner.lot_id, Status.COMPLIANCE_HOLD, "The registration is void.")
    with ground.work() as work:
        change_status(work, corner.lead, hold)
    for _ in range(2):
        suspension_id = suspend(ground, corner)
        with ground.work() as work:
            lift_suspension(work, corner.lead, suspension_id, "The complaint was not upheld.")
    with ground.work() as work:
        record_document(work, corner.lead, RecordDocument(corner.setting_id, DocumentKind.INSURANCE, None))
    with ground.read() as session:
        last = status_history(session, corner.setting_id, corner.lot_id)[-1]
    assert (last.to_status, last.actor_id) == (Status.COMPLIANCE_HOLD, corner.lead.id)


def test_nobody_else_decides_and_no_step_goes_round_a_decision(ground: Ground, corner: Corner) -> None:
    command = SuspendSetting(corner.setting_id, (corner.lot_id,), "Why.", is_urgent=True, review_on=REVIEW_ON)
    for actor in (corner.commissioner, corner.user, corner.rival):
        with pytest.raises(NotFoundError), ground.work() as work:
            suspend_setting(work, actor, command)
    suspension_id = suspend(ground, corner)
    with pytest.raises(ConflictError), ground.work() as work:
        suspend_setting(work, corner.lead, command)
    with pytest.raises(ConflictError), ground.work() as work:
        change_status(work, corner.lead, ChangeStatus(corner.setting_id, corner.lot_id, Status.ACTIVE, "Why."))
    with pytest.raises(NotFoundError), ground.work() as work:
        reply_to_suspension(work, corner.rival, suspension_id, "Mine.")
    with ground.work() as work:
        begin_leaving(work, corner.lead, BeginLeaving(suspension_id, "Not fit.", date(2027, 3, 31)))
    with pytest.raises(ConflictError), ground.work() as work:
        change_status(work, corner.lead, ChangeStatus(corner.setting_id, corner.lot_id, Status.EXITED, "Why."))


def test_a_pause_binds_its_council_alone_and_others_hear_of_it_without_the_reason(
    ground: Ground, corner: Corner, clock: FixedClock
) -> None:
    """L4"""
    council_id = corner.world.council_id
    with ground.work() as work:
        pause_id = pause_placements(
            work,
            corner.commissioner,
            PausePlacements(council_id, corner.setting_id, corner.lot_id, "Complaints.", REVIEW_ON),
        )
        reply_to_pause(work, corner.user, pause_id, "We have answered them.")
    with ground.read() as session:
        for asking, paused in ((council_id, True), (corner.world.other_council_id, False), (None, False)):
            (one,) = candidates(session, corner.lot_id, TODAY, asking)
            assert one.paused_by_council is paused
        assert not candidates(session, corner.world.lots[1].id, TODAY, council_id)[0].paused_by_council
        assert not candidates(session, corner.lot_id, date(2026, 11, 22), council_id)[0].paused_by_council
        assert paused_by_how_many(session, corner.setting_id, TODAY) == 1
        assert pauses_by(session, corner.setting_id, [corner.world.other_council_id]) == []
        assert (corner.other.id, "fps.standing_told_paused") in told(session)
        assert (corner.commissioner.id, "fps.standing_replied") in told(session)
        assert all("Complaints" not in str(row.values) for row in session.scalars(select(MessageRow)))
    with pytest.raises(NotFoundError), ground.work() as work:
        resume_placements(work, corner.other, pause_id)
    clock.set(datetime(2026, 11, 25, 10, tzinfo=UTC))
    for _ in range(2):
        with ground.work() as work:
            resume_placements(work, corner.commissioner, pause_id)
    with ground.read() as session:
        ended = [row.name for row in session.scalars(select(EventRow)) if row.name == "fps.council_resumed"]
        assert len(ended) == 1
        assert candidates(session, corner.lot_id, date(2026, 11, 24), council_id)[0].paused_by_council


def test_a_provider_is_told_of_a_pause_only_where_the_council_wants_it(ground: Ground, corner: Corner) -> None:
    quiet = PausePlacements(
        corner.world.council_id, corner.setting_id, None, "A visit first.", REVIEW_ON, tells_provider=False
    )
    with ground.work() as work:
        pause_id = pause_placements(work, corner.commissioner, quiet)
    with ground.read() as session:
        assert corner.user.id not in {person_id for person_id, _ in told(session)}
    with pytest.raises(NotFoundError), ground.work() as work:
        reply_to_pause(work, corner.user, pause_id, "What?")


def test_a_pause_needs_ones_own_council_a_reason_and_a_review(ground: Ground, corner: Corner) -> None:
    mine = corner.world.council_id
    for command, error in (
        (PausePlacements(corner.world.other_council_id, corner.setting_id, None, "Why.", REVIEW_ON), NotFoundError),
        (PausePlacements(mine, corner.setting_id, None, " ", REVIEW_ON), InvalidInputError),
        (PausePlacements(mine, corner.setting_id, None, "Why.", TODAY), InvalidInputError),
        (PausePlacements(mine, corner.setting_id, corner.world.lots[4].id, "Why.", REVIEW_ON), InvalidInputError),
    ):
        with pytest.raises(error), ground.work() as work:
            pause_placements(work, corner.commissioner, command)


def test_reviews_are_chased_two_working_days_ahead_and_from_the_day_on_once_a_day(
    ground: Ground, corner: Corner
) -> None:
    suspend(ground, corner)

    def reminders(day: date) -> int:
        remind_of_reviews(ground, datetime.combine(day, time(8, 45), UTC))
        with ground.read() as session:
            keys = session.scalars(select(MessageRow.key).where(MessageRow.person_id == corner.lead.id)).all()
            return keys.count("fps.standing_review_due")

    days = ((15, 0), (16, 1), (16, 1), (17, 1), (18, 2), (19, 2), (21, 3))
    found = [reminders(date(2026, 12, day)) for day, _ in days]
    assert found == [count for _, count in days], "once a day, and neither on the 17th nor on Saturday the 19th"


def test_a_council_reviews_its_own_pause_and_keeps_it(ground: Ground, corner: Corner, clock: FixedClock) -> None:
    """L4: a review within 20 working days, with a named decision-maker and reasons."""
    mine = PausePlacements(corner.world.council_id, corner.setting_id, None, "Complaints.", date(2026, 11, 30))
    next_on = date(2026, 12, 18)
    with ground.work() as work:
        pause_id = pause_placements(work, corner.commissioner, mine)
    clock.set(datetime(2026, 11, 30, 9, tzinfo=UTC))
    for actor, reasons, day, error in (
        (corner.other, "Still.", next_on, NotFoundError),
        (corner.lead, "Still.", next_on, NotFoundError),
        (corner.commissioner, " ", next_on, InvalidInputError),
        (corner.commissioner, "Still.", date(2026, 12, 31), InvalidInputError),
    ):
        with pytest.raises(error), ground.work() as work:
            keep_pause(work, actor, pause_id, reasons, day)
    for reasons, day in (("Not answered yet.", date(2026, 12, 18)), ("Still not.", date(2026, 12, 21))):
        with ground.work() as work:
            keep_pause(work, corner.commissioner, pause_id, reasons, day)
    remind_of_reviews(ground, datetime(2026, 12, 14, 8, 45, tzinfo=UTC))
    with ground.read() as session:
        (pause,) = pauses_by(session, corner.setting_id, [corner.world.council_id])
        assert pause.review_on == date(2026, 12, 21)
        assert [(each.reasons, each.reviewed_by) for each in pause.reviews] == [
            ("Not answered yet.", corner.commissioner.id),
            ("Still not.", corner.commissioner.id),
        ]
        assert pauses_told(session, corner.setting_id)[0].reviews == ()
        assert (corner.commissioner.id, "fps.standing_review_due") not in told(session)
    with ground.work() as work:
        resume_placements(work, corner.commissioner, pause_id)
    with pytest.raises(ConflictError), ground.work() as work:
        keep_pause(work, corner.commissioner, pause_id, "Too late.", date(2026, 12, 18))
