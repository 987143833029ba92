from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from fps.actions.applications.withdraw_application import leave_lots
from fps.model.applications import ApplicationState
from fps.tables import ApplicationRow
from kernel import audit
from kernel.work import Work

_UNDER_WAY = (ApplicationState.DRAFT, ApplicationState.SUBMITTED)


def hold_applications(work: Work, round_id: str) -> None:
    """Hold a round's applications until the end of the work: before the round itself, as whoever sends one does."""
    _locked(work, round_id)


def end_applications_of_round(work: Work, by: str, round_id: str) -> list[str]:
    """End the applications of a round that is cancelled; their settings leave the lots. Return whose they were.

    What was withdrawn or decided stays as it is, so that twice does no harm.
    """
    ended = [row for row in _locked(work, round_id) if row.state in _UNDER_WAY]
    for row in ended:
        leave_lots(work, by, row)
        row.state = ApplicationState.CANCELLED
        audit.record(work, actor=by, action="fps.end_application", subject=("application", row.id))
    work.session.flush()
    return [row.provider_id for row in ended]


def _locked(work: Work, round_id: str) -> Sequence[ApplicationRow]:
    rows = select(ApplicationRow).where(ApplicationRow.round_id == round_id).order_by(ApplicationRow.id)
    return work.session.scalars(rows.with_for_update().execution_options(populate_existing=True)).all()
