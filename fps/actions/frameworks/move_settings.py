from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update

from fps.actions.frameworks.move_fees import move_fees
from fps.events import SettingStatusChanged
from fps.model import STATUS_WORDS, LotCard, SettingKind, Status
from fps.tables import CouncilPauseRow, SettingOnLotRow, SettingRow, StatusChangeRow, VacancyRow
from kernel import audit, scope
from kernel.calendar import london_date
from kernel.errors import ConflictError
from kernel.events import publish
from kernel.ids import new_id
from kernel.work import Work

_STAYS = frozenset({Status.ADMITTED, Status.ACTIVE, Status.SELF_PAUSED, Status.COMPLIANCE_HOLD})
"""Who moves with a lot; an application, a suspension and a decommissioning each belong to the lot they began on."""
_PAUSE = (
    "council_id",
    "setting_id",
    "review_on",
    "reason",
    "actor_id",
    "recorded_at",
    "tells_provider",
    "reply_by",
    "reply",
    "replied_at",
    "replied_by",
)


@dataclass(frozen=True)
class Standing:
    """A setting as it stands on a lot after its last step, `number` counting its steps there."""

    row_id: str
    setting_id: str
    name: str
    kind: SettingKind
    status: Status
    number: int


def count_standing(work: Work, lot_id: str) -> int:
    """Count who has not left a lot, and hold them where they stand until the end of the work."""
    return len(_hold(work, lot_id))


def hold_standing(work: Work, lot: LotCard) -> list[Standing]:
    """Return who stands on a lot, by name, and hold them there until the end of the work.

    Raises ConflictError where one cannot move as it stands.
    """
    found = _hold(work, lot.id)
    for one in found:
        if one.status not in _STAYS:
            raise ConflictError(
                "{setting} {status}. Finish that first, then replace {lot}.",
                setting=one.name,
                status=STATUS_WORDS[one.status],
                lot=lot.title,
            )
    return found


def move_settings(work: Work, by: str, moving: Sequence[Standing], old: LotCard, new: LotCard) -> None:
    """Let settings stand on the new lot from today as they stood on the old one.

    With them go the councils' own pauses, their prices and their free places: none of these is the lead authority's.
    The machine of DOMAIN.md 2 is not asked: where they stand does not change.
    """
    today = london_date(work.now)
    ids = [one.row_id for one in moving]
    last = update(StatusChangeRow).where(StatusChangeRow.until.is_(None), StatusChangeRow.setting_on_lot_id.in_(ids))
    work.session.execute(last.values(until=today))
    new_rows = {one.setting_id: new_id() for one in moving}
    work.session.add_all(
        SettingOnLotRow(id=row_id, setting_id=setting_id, lot_id=new.id) for setting_id, row_id in new_rows.items()
    )
    work.session.flush()
    for one in moving:
        left = {"setting_on_lot_id": one.row_id, "number": one.number + 1, "from_status": one.status, "lot_id": old.id}
        came = {"setting_on_lot_id": new_rows[one.setting_id], "number": 1, "from_status": None, "lot_id": new.id}
        told = {"setting_id": one.setting_id, "effective_on": today, "recorded_at": work.now, "actor_id": by}
        work.session.add_all(
            [
                StatusChangeRow(**left, to_status=Status.EXITED, reason=f"Moved to {new.title}.", **told),
                StatusChangeRow(**came, to_status=one.status, reason=f"Moved from {old.title}.", **told),
            ]
        )
        _tell(work, by, one, old, new)
    _move_places(work, moving, old, new)
    with scope.system("a lot that is replaced takes along what councils and providers have said of it", work.session):
        _move_pauses(work, old, new)
        move_fees(work, [one.setting_id for one in moving], old.id, new.id)
    work.session.flush()


def _hold(work: Work, lot_id: str) -> list[Standing]:
    on_lot, change = SettingOnLotRow, StatusChangeRow
    work.session.execute(select(on_lot.id).where(on_lot.lot_id == lot_id).with_for_update()).all()
    rows = (
        select(on_lot.id, on_lot.setting_id, SettingRow.name, SettingRow.kind, change.to_status, change.number)
        .join(change, change.setting_on_lot_id == on_lot.id)
        .join(SettingRow, SettingRow.id == on_lot.setting_id)
        .where(on_lot.lot_id == lot_id, change.until.is_(None), change.to_status != Status.EXITED)
        .order_by(func.lower(SettingRow.name), SettingRow.id)
    )
    return [
        Standing(row_id, setting_id, name, SettingKind(kind), Status(status), number)
        for row_id, setting_id, name, kind, status, number in work.session.execute(rows)
    ]


def _tell(work: Work, by: str, one: Standing, old: LotCard, new: LotCard) -> None:
    details = {"from_lot_id": old.id, "lot_id": new.id, "status": one.status}
    audit.record(work, actor=by, action="fps.move_setting", subject=("setting", one.setting_id), details=details)
    today = london_date(work.now).isoformat()
    publish(work, SettingStatusChanged(one.setting_id, old.id, one.status, Status.EXITED, today))
    publish(work, SettingStatusChanged(one.setting_id, new.id, None, one.status, today))


def _move_places(work: Work, moving: Sequence[Standing], old: LotCard, new: LotCard) -> None:
    """Let bands and what was told of them go on under the new lot: they are as they were, and asked for as before."""
    ids = [one.setting_id for one in moving]
    bands = update(VacancyRow).where(VacancyRow.lot_id == old.id, VacancyRow.setting_id.in_(ids))
    work.session.execute(bands.values(lot_id=new.id))


def _move_pauses(work: Work, old: LotCard, new: LotCard) -> None:
    """End the councils' own pauses on the old lot and begin them on the new one, word for word."""
    today = london_date(work.now)
    held = select(CouncilPauseRow).where(CouncilPauseRow.lot_id == old.id, CouncilPauseRow.until.is_(None))
    for pause in work.session.scalars(held).all():
        pause.until = today
        kept = {name: getattr(pause, name) for name in _PAUSE}
        work.session.add(CouncilPauseRow(id=new_id(), lot_id=new.id, since=today, **kept))
