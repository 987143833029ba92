from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fps.actions.standing.end_suspension import end
from fps.actions.standing.find_decision import find_plan, find_suspension, record_decision, suspended_lots, terms_of
from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.actions.standing.tell import member_councils, tell_councils, tell_provider
from fps.events import SettingLeaving, SettingLeft
from fps.messages.standing import COUNCILS_LEAVING, LEAVING
from fps.model import Status
from fps.model.standing import LeavingAnswer, Outcome
from fps.queries import setting
from fps.rules.standing import check_may_leave, check_words, reply_day
from fps.tables import LeavingAnswerRow, LeavingPlanRow
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor


@dataclass(frozen=True)
class BeginLeaving:
    """A decision that a suspended setting leaves, on the lots on which it is suspended, planned for a day."""

    suspension_id: str
    reasons: str
    leaves_on: date


def begin_leaving(work: Work, actor: Actor, command: BeginLeaving) -> str:
    """Decide that a suspended setting leaves, ask every member council for its learners, and return the plan's id (L6).

    Raises NotFoundError for another lead authority's suspension, ConflictError where it is not in force,
    InvalidInputError for reasons or day.
    """
    row = find_suspension(work, actor, command.suspension_id)
    if row.ended_at is not None or row.effective_on is None:
        raise ConflictError("Only a setting that is suspended can be decommissioned. Suspend it first.")
    reasons, today = check_words("reasons", command.reasons), london_date(work.now)
    if command.leaves_on <= today:
        raise InvalidInputError("leaves_on", "Choose a day after today by which the setting leaves.")
    lot_ids = [each.lot_id for each in suspended_lots(work, row.id)]
    plan = LeavingPlanRow(
        id=new_id(),
        council_id=row.council_id,
        setting_id=row.setting_id,
        suspension_id=row.id,
        decided_by=actor.id,
        recorded_at=work.now,
        reasons=reasons,
        leaves_on=command.leaves_on,
        reply_by=reply_day(today, terms_of(work, lot_ids)),
    )
    _write(work, plan, lot_ids)
    for lot_id in lot_ids:
        take_step(work, actor.id, Step(row.setting_id, lot_id, Status.DECOMMISSIONING, reasons))
    end(work, actor, row, Outcome.LEAVING, reasons)
    record_decision(work, actor, plan, "fps.begin_leaving", lots=lot_ids, leaves_on=plan.leaves_on.isoformat())
    publish(work, SettingLeaving(plan.id, plan.setting_id, plan.leaves_on.isoformat()))
    card = setting(work.session, plan.setting_id)
    tell_provider(work, card, LEAVING, day=plan.reply_by.isoformat())
    tell_councils(work, card, COUNCILS_LEAVING, lot_ids, day=plan.leaves_on.isoformat())
    return plan.id


def finish_leaving(work: Work, actor: Actor, plan_id: str, without: str | None = None) -> None:
    """Let a setting leave: every council has answered and for every learner all is done (L6).

    `without` says why it goes without the councils that have not answered, which it may from the planned day on; it
    stands in the setting's history. Raises NotFoundError for another lead authority's plan, ConflictError before that
    or where it has left, InvalidInputError for too many words.
    """
    plan = find_plan(work, actor, plan_id)
    if plan.ended_at is not None:
        raise ConflictError("The setting has left already.")
    rows = work.session.scalars(select(LeavingAnswerRow).where(LeavingAnswerRow.plan_id == plan.id).with_for_update())
    answers = [LeavingAnswer(each.council_id, each.learners, each.done, each.answered_at) for each in rows]
    silent = check_may_leave(answers, plan.leaves_on, london_date(work.now), goes_without=bool(without))
    reasons = check_words("without", without) if silent and without else plan.reasons
    for each in suspended_lots(work, plan.suspension_id):
        if standing_of(work, plan.setting_id, each.lot_id) is Status.DECOMMISSIONING:
            take_step(work, actor.id, Step(plan.setting_id, each.lot_id, Status.EXITED, reasons))
    plan.ended_at, plan.ended_by = work.now, actor.id
    record_decision(work, actor, plan, "fps.finish_leaving", councils_without_answer=silent)
    publish(work, SettingLeft(plan.id, plan.setting_id))


def _write(work: Work, plan: LeavingPlanRow, lot_ids: list[str]) -> None:
    try:
        with work.session.begin_nested():
            work.session.add(plan)
    except IntegrityError:
        raise ConflictError("There is a plan for this setting already. Go on with that one.") from None
    work.session.add_all(
        LeavingAnswerRow(plan_id=plan.id, council_id=council_id, learners=0, done=0)
        for council_id in member_councils(work, lot_ids)
    )
    work.session.flush()
