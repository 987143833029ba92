"""A new setting's URN: it stands on the register from the day on which the setting is admitted."""

from __future__ import annotations

from sqlalchemy import select

from fps.queries.urns import admitted_with, standing_with
from fps.tables import ApplicationSettingRow, SettingRow
from kernel import audit
from kernel.errors import ConflictError
from kernel.work import Work


def urn_faults(work: Work, entry_id: str) -> tuple[str, ...]:
    """Say who keeps a setting from having the URN with which it applies: nobody, mostly."""
    entry = work.session.get_one(ApplicationSettingRow, entry_id)
    if entry.urn is None:
        return ()
    standing = standing_with(work.session, entry.urn, entry.setting_id)
    others = admitted_with(work.session, entry.urn, entry.application_id)
    return (
        *(f"the URN {entry.urn} stands on the register for {name}" for name in standing),
        *(f"{name} is admitted with the URN {entry.urn}" for name in others),
    )


def give_urn(work: Work, by: str, entry_id: str) -> None:
    """Write the URN of a setting that is admitted on the register; a setting that stands on no lot gives it up.

    Raises ConflictError where another setting that stands on a lot has it.
    """
    entry = work.session.get_one(ApplicationSettingRow, entry_id)
    if entry.urn is None or entry.setting_id is None:
        return
    held = select(SettingRow).where(SettingRow.id.in_([entry.setting_id]) | (SettingRow.urn == entry.urn))
    rows = {row.id: row for row in work.session.scalars(held.order_by(SettingRow.id).with_for_update())}
    if rows[entry.setting_id].urn is not None:
        return
    for name in standing_with(work.session, entry.urn, entry.setting_id):
        raise ConflictError("The URN {urn} stands on the register for {setting}.", urn=entry.urn, setting=name)
    before = [row for row in rows.values() if row.urn == entry.urn]
    for row in before:
        row.urn = None
    work.session.flush()
    rows[entry.setting_id].urn = entry.urn
    work.session.flush()
    details = {"urn": entry.urn, "taken_from": [row.id for row in before]}
    audit.record(work, actor=by, action="fps.give_urn", subject=("setting", entry.setting_id), details=details)
