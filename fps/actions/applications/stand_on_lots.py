from __future__ import annotations

from fps.actions.frameworks.check_lot_open import check_lot_open
from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.model import Status
from fps.model.rounds import RoundCard
from fps.queries.applications import entry_names, last_submission
from fps.tables import ApplicationRow
from kernel.calendar import london_date
from kernel.errors import ConflictError
from kernel.work import Work


def apply_on_lots(work: Work, by: str, row: ApplicationRow, joined: RoundCard) -> None:
    """Let the settings of an application apply for the lots that it asks for.

    A setting that is on one of its lots already stays there as it stands, and a lot that takes nobody any more is left
    out: the round is opened all the same, and the setting cannot be admitted there.
    """
    for setting_id, lot_id in asked_for(work, row):
        if standing_of(work, setting_id, lot_id) in (None, Status.EXITED) and _takes(work, lot_id):
            take_step(work, by, Step(setting_id, lot_id, Status.APPLIED, f"Applied in {joined.title}."))


def asked_for(work: Work, row: ApplicationRow) -> list[tuple[str, str]]:
    """Return the settings and lots of what was last sent, as far as the settings are on the register.

    Always in the same order, so that two who work on the same wait for each other.
    """
    sent, names = last_submission(work.session, row.id), entry_names(work.session, [row.id])
    asked = [
        (names[one["entry"]][1], str(lot)) for one in (sent.content["settings"] if sent else ()) for lot in one["lots"]
    ]
    return sorted((setting_id, lot_id) for setting_id, lot_id in asked if setting_id)


def _takes(work: Work, lot_id: str) -> bool:
    try:
        check_lot_open(work, lot_id, london_date(work.now))
    except ConflictError:
        return False
    return True
