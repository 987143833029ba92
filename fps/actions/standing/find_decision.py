from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from fps.model import SettingCard
from fps.model.standing import StandingTerms
from fps.queries import framework, framework_id_of, setting
from fps.tables import FrameworkRow, LeavingPlanRow, LotRow, SuspendedLotRow, SuspensionRow
from kernel import audit
from kernel.errors import InvalidInputError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with

Decision = SuspensionRow | LeavingPlanRow


def find_suspension(work: Work, actor: Actor, suspension_id: str) -> SuspensionRow:
    """Return a suspension of the actor's lead authority, held to the end of the work; raises NotFoundError."""
    row = work.session.get(SuspensionRow, suspension_id, with_for_update=True)
    if row is None or row.council_id not in organisations_with(actor, Permission.REGISTER_MANAGE):
        raise NotFoundError
    return row


def find_plan(work: Work, actor: Actor, plan_id: str) -> LeavingPlanRow:
    """Return a plan of the actor's lead authority, held to the end of the work; raises NotFoundError."""
    row = work.session.get(LeavingPlanRow, plan_id, with_for_update=True)
    if row is None or row.council_id not in organisations_with(actor, Permission.REGISTER_MANAGE):
        raise NotFoundError
    return row


def find_for_provider(work: Work, actor: Actor, row: Decision | None) -> SettingCard:
    """Return the setting that a decision is about, where it is the actor's own; raises NotFoundError."""
    if row is None:
        raise NotFoundError
    card = setting(work.session, row.setting_id)
    if card.provider_id not in organisations_with(actor, Permission.SETTINGS_OWN):
        raise NotFoundError
    return card


def lead_of(work: Work, actor: Actor, lot_ids: Iterable[str]) -> str:
    """Return the lead authority of the lots, which the actor must be; raises InvalidInputError and NotFoundError."""
    wanted = set(lot_ids)
    if not wanted:
        raise InvalidInputError("lots", "Choose at least one lot.")
    found = work.session.execute(
        select(LotRow.id, FrameworkRow.lead_id)
        .join(FrameworkRow, FrameworkRow.id == LotRow.framework_id)
        .where(LotRow.id.in_(wanted))
    ).all()
    leads = {lead_id for _, lead_id in found}
    if len(found) != len(wanted) or not leads <= set(organisations_with(actor, Permission.REGISTER_MANAGE)):
        raise NotFoundError
    if len(leads) > 1:
        raise InvalidInputError("lots", "Choose lots of one lead authority. The others decide for themselves.")
    return leads.pop()


def suspended_lots(work: Work, suspension_id: str) -> list[SuspendedLotRow]:
    """Return the lots of a suspension, in one order always, so that two who lock them never wait for each other."""
    rows = select(SuspendedLotRow).where(SuspendedLotRow.suspension_id == suspension_id)
    return list(work.session.scalars(rows.order_by(SuspendedLotRow.lot_id)))


def terms_of(work: Work, lot_ids: Iterable[str]) -> StandingTerms:
    """Return the figures of the framework of the first of the lots."""
    framework_id = framework_id_of(work.session, min(lot_ids))
    return StandingTerms.of(framework(work.session, framework_id).terms)


def record_decision(work: Work, actor: Actor, row: Decision, action: str, **facts: object) -> None:
    """Write a step of a decision into the log: ids and facts, no words."""
    audit.record(
        work,
        actor=actor.id,
        action=action,
        subject=("setting", row.setting_id),
        details={"decision_id": row.id, **facts},
    )
