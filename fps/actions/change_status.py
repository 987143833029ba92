from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fps.events import SettingStatusChanged
from fps.model import LotCard, SettingCard, Status
from fps.queries import framework, lot, newest_documents, setting
from fps.rules import (
    check_effective_date,
    check_transition,
    document_faults,
    is_providers_own,
)
from fps.tables import SettingOnLotRow, StatusChangeRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor, Role


@dataclass(frozen=True)
class ChangeStatus:
    """A step for a setting on a lot; it counts from `effective_on`, today where that is left out."""

    setting_id: str
    lot_id: str
    to_status: Status
    reason: str
    effective_on: date | None = None


def change_status(work: Work, actor: Actor, command: ChangeStatus) -> None:
    """Take a setting one step along the status machine of a lot (DOMAIN.md 2).

    The lead authority of the framework may take every step, a provider its own. Raises ConflictError for a step
    that the machine does not know or for activating without the required documents, InvalidInputError for a
    missing reason or a date that cannot be, ForbiddenError for anybody else.
    """
    card, on_lot = setting(work.session, command.setting_id), lot(work.session, command.lot_id)
    row = _locked(work, card, on_lot)
    last = _last(work, row)
    before = Status(last.to_status) if last else None
    effective_on = command.effective_on or london_date(work.now)
    _check_actor(work, actor, card, on_lot, (before, command.to_status))
    _check_step(work, command, last, effective_on)
    if command.to_status is Status.ACTIVE:
        _check_documents(work, card, on_lot, effective_on)
    work.session.add(
        StatusChangeRow(
            setting_on_lot_id=row.id,
            number=last.number + 1 if last else 1,
            from_status=before,
            to_status=command.to_status,
            effective_on=effective_on,
            recorded_at=work.now,
            actor_id=actor.id,
            reason=command.reason.strip(),
        )
    )
    work.session.flush()
    _tell(work, actor, command, before, effective_on)


def _locked(work: Work, card: SettingCard, on_lot: LotCard) -> SettingOnLotRow:
    found = select(SettingOnLotRow).where(SettingOnLotRow.setting_id == card.id, SettingOnLotRow.lot_id == on_lot.id)
    row = work.session.scalars(found.with_for_update()).first()
    if row is None:
        row = SettingOnLotRow(id=new_id(), setting_id=card.id, lot_id=on_lot.id)
        work.session.add(row)
        work.session.flush()
    return row


def _last(work: Work, row: SettingOnLotRow) -> StatusChangeRow | None:
    changes = select(StatusChangeRow).where(StatusChangeRow.setting_on_lot_id == row.id)
    return work.session.scalars(changes.order_by(StatusChangeRow.number.desc()).limit(1)).first()


def _check_actor(
    work: Work, actor: Actor, card: SettingCard, on_lot: LotCard, step: tuple[Status | None, Status]
) -> None:
    lead_id = framework(work.session, on_lot.framework_id).lead_id
    is_own = actor.has(Role.PROVIDER_USER, card.provider_id) and is_providers_own(*step)
    if not is_own and not actor.has(Role.LEAD_AUTHORITY, lead_id):
        raise ForbiddenError


def _check_step(work: Work, command: ChangeStatus, last: StatusChangeRow | None, effective_on: date) -> None:
    check_transition(Status(last.to_status) if last else None, command.to_status)
    check_effective_date(effective_on, london_date(work.now), last.effective_on if last else None)
    if not command.reason.strip():
        raise InvalidInputError("reason", "Say why.")


def _check_documents(work: Work, card: SettingCard, on_lot: LotCard, on: date) -> None:
    faults = document_faults(on_lot.required_documents, newest_documents(work.session, card.id), on)
    if faults:
        raise ConflictError("The setting cannot be active: {faults}.", faults="; ".join(faults))


def _tell(work: Work, actor: Actor, command: ChangeStatus, before: Status | None, effective_on: date) -> None:
    details = {
        "lot_id": command.lot_id,
        "from": before,
        "to": command.to_status,
        "effective_on": effective_on.isoformat(),
        "reason": command.reason.strip(),
    }
    audit.record(
        work,
        actor=actor.id,
        action="fps.change_status",
        subject=("setting", command.setting_id),
        details=details,
    )
    publish(
        work,
        SettingStatusChanged(command.setting_id, command.lot_id, before, command.to_status, effective_on.isoformat()),
    )
