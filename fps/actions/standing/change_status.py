from __future__ import annotations

from sqlalchemy import and_, or_, select

from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.model import Status
from fps.queries import framework, lot, setting
from fps.queries.application_holds import binding, holds
from fps.queries.rounds import joining_round
from fps.rules import check_transition, is_providers_own
from fps.tables import LeavingPlanRow, SuspendedLotRow, SuspensionRow
from kernel.errors import ConflictError, ForbiddenError
from kernel.work import Work
from people.model import Actor, Role

ChangeStatus = Step


def change_status(work: Work, actor: Actor, command: Step) -> None:
    """Take a setting one step along the status machine of a lot (DOMAIN.md 2).

    The lead authority of the framework may take every step, a provider its own. Raises ForbiddenError for anybody
    else, ConflictError where a suspension or a plan is in force there or a joining round decides, and what take_step
    raises.
    """
    before = standing_of(work, command.setting_id, command.lot_id)
    _check_no_decision(work, command)
    _check_actor(work, actor, command, (before, command.to_status))
    _check_no_application(work, command, before)
    take_step(work, actor.id, command)


def _check_actor(work: Work, actor: Actor, command: Step, step: tuple[Status | None, Status]) -> None:
    card, on_lot = setting(work.session, command.setting_id), lot(work.session, command.lot_id)
    lead_id = framework(work.session, on_lot.framework_id).lead_id
    is_own = actor.has(Role.PROVIDER_USER, card.provider_id)
    if is_own and not is_providers_own(*step):
        check_transition(*step)  # a colleague was first: that is no matter of permission
        is_own = False
    if not is_own and not actor.has(Role.LEAD_AUTHORITY, lead_id):
        raise ForbiddenError


def _check_no_decision(work: Work, command: Step) -> None:
    """Leave to a decision what follows from it: lifting a suspension, leaving by a plan."""
    in_force = (
        select(SuspensionRow.id)
        .join(SuspendedLotRow, SuspendedLotRow.suspension_id == SuspensionRow.id)
        .outerjoin(LeavingPlanRow, LeavingPlanRow.suspension_id == SuspensionRow.id)
        .where(
            SuspensionRow.setting_id == command.setting_id,
            SuspendedLotRow.lot_id == command.lot_id,
            SuspensionRow.effective_on.is_not(None),
            or_(
                SuspensionRow.ended_at.is_(None),
                and_(LeavingPlanRow.id.is_not(None), LeavingPlanRow.ended_at.is_(None)),
            ),
        )
    )
    if work.session.scalar(in_force):
        raise ConflictError("A decision of the lead authority is in force there. Review or end that decision first.")


def _check_no_application(work: Work, command: Step, before: Status | None) -> None:
    """Leave to a joining round who joins by it."""
    held = holds(work.session, [command.setting_id]).get((command.setting_id, command.lot_id), ())
    hold = binding(held, before, command.to_status)
    if hold is not None:
        raise ConflictError(
            "An application in {round} is open there. Decide it there, and record the contract.",
            round=joining_round(work.session, hold.round_id).title,
        )
