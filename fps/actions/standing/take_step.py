from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from fps.actions.frameworks.check_lot_open import check_lot_open
from fps.events import SettingStatusChanged
from fps.model import LotCard, SettingCard, Status
from fps.queries import held_by, lot, setting
from fps.rules import check_effective_date, check_transition, document_faults
from fps.tables import SettingOnLotRow, StatusChangeRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError
from kernel.events import insert_ignore, publish
from kernel.ids import new_id
from kernel.work import Work

_JOINS = frozenset({Status.APPLIED, Status.ADMITTED, Status.ACTIVE})
"""What nobody becomes on a lot that is not open."""


@dataclass(frozen=True)
class Step:
    """A step for a setting on a lot; it counts from `effective_on`, today where that is left out.

    `document_id` names the document of the register that is the evidence for it.
    """

    setting_id: str
    lot_id: str
    to_status: Status
    reason: str
    effective_on: date | None = None
    document_id: str | None = None


def take_step(work: Work, by: str, step: Step) -> None:
    """Take a setting one step along the status machine of a lot, whoever `by` is: a person's id or "system".

    For actions that have looked already who acts; people's own steps go through change_status. The step before it
    ends on the day from which this one counts, so that spans of statuses touch and never overlap. Raises
    ConflictError for a step that the machine does not know or for activating without the required documents,
    InvalidInputError for a missing reason or a date that cannot be, NotFoundError for an unknown setting or lot.
    """
    effective_on = step.effective_on or london_date(work.now)
    card, on_lot = setting(work.session, step.setting_id), lot(work.session, step.lot_id, effective_on)
    row_id = _locked(work, card, on_lot)
    if step.to_status in _JOINS:
        check_lot_open(work, on_lot.id, effective_on)
    last = _last(work, row_id)
    before = Status(last.to_status) if last else None
    _check(work, step, last, effective_on)
    if step.to_status is Status.ACTIVE:
        check_documents(work, card, on_lot, effective_on)
    if last is not None:
        last.until = effective_on
        work.session.flush()
    work.session.add(
        StatusChangeRow(
            setting_on_lot_id=row_id,
            number=last.number + 1 if last else 1,
            setting_id=card.id,
            lot_id=on_lot.id,
            from_status=before,
            to_status=step.to_status,
            effective_on=effective_on,
            recorded_at=work.now,
            actor_id=by,
            reason=step.reason.strip(),
            document_id=step.document_id,
        )
    )
    work.session.flush()
    _tell(work, by, step, before, effective_on)


def standing_of(work: Work, setting_id: str, lot_id: str) -> Status | None:
    """Return where a setting stands on a lot after its last step, and hold the two until the end of the work.

    Whoever decides by what it finds cannot be overtaken by another step.
    """
    card, on_lot = setting(work.session, setting_id), lot(work.session, lot_id)
    held = select(SettingOnLotRow.id).where(SettingOnLotRow.setting_id == card.id, SettingOnLotRow.lot_id == on_lot.id)
    row_id = work.session.scalar(held.with_for_update())
    last = _last(work, row_id) if row_id else None
    return Status(last.to_status) if last else None


def check_documents(work: Work, card: SettingCard, on_lot: LotCard, on: date) -> None:
    """Raise ConflictError where a document that the lot requires does not hold on the day."""
    faults = document_faults(on_lot.required_documents, held_by(work.session, card.id), on)
    if faults:
        raise ConflictError("The setting cannot be active: {faults}.", faults="; ".join(faults))


def _locked(work: Work, card: SettingCard, on_lot: LotCard) -> str:
    """Hold the setting on the lot until the end of the work; of two who put it there at once, one makes the row."""
    insert_ignore(work.session, SettingOnLotRow, [{"id": new_id(), "setting_id": card.id, "lot_id": on_lot.id}])
    found = select(SettingOnLotRow.id).where(SettingOnLotRow.setting_id == card.id, SettingOnLotRow.lot_id == on_lot.id)
    return work.session.scalars(found.with_for_update()).one()


def _last(work: Work, row_id: str) -> StatusChangeRow | None:
    changes = select(StatusChangeRow).where(StatusChangeRow.setting_on_lot_id == row_id)
    return work.session.scalars(changes.order_by(StatusChangeRow.number.desc()).limit(1)).first()


def _check(work: Work, step: Step, last: StatusChangeRow | None, effective_on: date) -> None:
    check_transition(Status(last.to_status) if last else None, step.to_status)
    check_effective_date(effective_on, london_date(work.now), last.effective_on if last else None)
    if not step.reason.strip():
        raise InvalidInputError("reason", "Say why.")


def _tell(work: Work, by: str, step: Step, before: Status | None, effective_on: date) -> None:
    audit.record(
        work,
        actor=by,
        action="fps.change_status",
        subject=("setting", step.setting_id),
        details={
            "lot_id": step.lot_id,
            "from": before,
            "to": step.to_status,
            "effective_on": effective_on.isoformat(),
            "document_id": step.document_id,
        },
    )
    publish(
        work,
        SettingStatusChanged(step.setting_id, step.lot_id, before, step.to_status, effective_on.isoformat()),
    )
