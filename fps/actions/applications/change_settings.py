from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from fps.actions.applications.find_application import find_writable
from fps.queries import settings_of
from fps.rules.applications import MOST_SETTINGS
from fps.tables import ApplicationSettingRow
from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor

_NEW = "A new setting"


def add_setting(work: Work, actor: Actor, application_id: str, setting_id: str | None, at: datetime) -> str:
    """Add a setting of the provider to its application, or a new one where no id is given; return the entry's id.

    One that is there already is found again. Raises NotFoundError for another provider's setting.
    """
    row, _joined = find_writable(work, actor, application_id, at)
    name = _NEW
    if setting_id is not None:
        own = {card.id: card.name for card in settings_of(work.session, [row.provider_id])}
        if setting_id not in own:
            raise NotFoundError
        name = own[setting_id]
        there = work.session.scalars(
            select(ApplicationSettingRow).where(
                ApplicationSettingRow.application_id == row.id, ApplicationSettingRow.setting_id == setting_id
            )
        ).first()
        if there is not None:
            there.removed_at = None
            return there.id
    _check_room(work, row.id)
    entry = ApplicationSettingRow(
        id=new_id(),
        application_id=row.id,
        setting_id=setting_id,
        is_new=setting_id is None,
        name=name,
        added_at=work.now,
    )
    work.session.add(entry)
    work.session.flush()
    details = {"entry_id": entry.id, "setting_id": setting_id}
    audit.record(
        work, actor=actor.id, action="fps.add_application_setting", subject=("application", row.id), details=details
    )
    return entry.id


def _check_room(work: Work, application_id: str) -> None:
    rows = select(func.count()).where(
        ApplicationSettingRow.application_id == application_id, ApplicationSettingRow.removed_at.is_(None)
    )
    if (work.session.scalar(rows) or 0) >= MOST_SETTINGS:
        raise ConflictError("An application takes up to {most} settings.", most=MOST_SETTINGS)


def remove_setting(work: Work, actor: Actor, application_id: str, entry_id: str, at: datetime) -> None:
    """Take a setting out of an application; what was entered for it comes back if it is added again."""
    row, _joined = find_writable(work, actor, application_id, at)
    entry = work.session.get(ApplicationSettingRow, entry_id)
    if entry is None or entry.application_id != row.id:
        raise NotFoundError
    if entry.removed_at is not None:
        return
    entry.removed_at = work.now
    audit.record(
        work,
        actor=actor.id,
        action="fps.remove_application_setting",
        subject=("application", row.id),
        details={"entry_id": entry_id},
    )
