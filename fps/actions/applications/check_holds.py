from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from fps.queries import lot, setting
from fps.queries.application_holds import holds
from fps.queries.rounds import joining_round
from fps.tables import ApplicationRow, SettingRow
from kernel.errors import ConflictError
from kernel.work import Work


def check_asked_once(work: Work, row: ApplicationRow, content: Mapping[str, Any]) -> None:
    """Raise ConflictError where another open application of the provider asks for one of its settings on the same lot.

    The settings are held until the end of the work, so that of two who send at once one comes first.
    """
    wanted = [
        (str(one["setting"]), str(lot_id)) for one in content["settings"] if one["setting"] for lot_id in one["lots"]
    ]
    ids = {setting_id for setting_id, _ in wanted}
    work.session.execute(select(SettingRow.id).where(SettingRow.id.in_(ids)).order_by(SettingRow.id).with_for_update())
    held = holds(work.session, ids)
    for setting_id, lot_id in wanted:
        others = [hold for hold in held.get((setting_id, lot_id), ()) if hold.application_id != row.id]
        if others:
            raise ConflictError(
                "{setting} applies for the lot “{lot}” in {round} already. Take the lot out here, or withdraw that "
                "application first.",
                setting=setting(work.session, setting_id).name,
                lot=lot(work.session, lot_id).title,
                round=joining_round(work.session, others[0].round_id).title,
            )
