from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from fps.tables import (
    AdmissionRow,
    ApplicationFileRow,
    ApplicationPartRow,
    ApplicationRow,
    ApplicationSettingRow,
    ClarificationRow,
    ContractRow,
    EvaluatorRow,
    MarkRow,
    ModerationRow,
    RoundRow,
    SubmissionRow,
)
from people.retention import Cut, Sweeper

_HANGING = (
    MarkRow,
    EvaluatorRow,
    ModerationRow,
    AdmissionRow,
    ClarificationRow,
    SubmissionRow,
    ApplicationFileRow,
    ApplicationPartRow,
    ApplicationSettingRow,
)
"""What hangs on an application, so listed that each goes before what it refers to."""


def _old(cut: Cut, *conditions: ColumnElement[bool]) -> Select[Any]:
    closed = select(RoundRow.id).where(RoundRow.closes_at < cut.before)
    return select(ApplicationRow.id).where(
        ApplicationRow.round_id.in_(closed),
        ApplicationRow.created_by.not_in(cut.held),
        func.coalesce(ApplicationRow.submitted_by, "").not_in(cut.held),
        *conditions,
    )


def _without_contract(cut: Cut) -> Select[Any]:
    """Applications of long ago that led to no contract; where one was signed it is the framework's record (R36)."""
    return _old(cut, ApplicationRow.id.not_in(select(ContractRow.application_id)))


def _unsent(cut: Cut) -> Select[Any]:
    """Applications that were never sent to a round that closed long ago."""
    return _old(cut, ApplicationRow.id.not_in(select(SubmissionRow.application_id)))


def _remove(session: Session, ids: Sequence[Any]) -> None:
    for table in _HANGING:
        session.execute(delete(table).where(table.application_id.in_(ids)))
    session.execute(delete(ApplicationRow).where(ApplicationRow.id.in_(ids)))


SWEEPERS: Mapping[str, Sweeper] = {
    "fps.applications": Sweeper(_without_contract, _remove),
    "fps.unsent_applications": Sweeper(_unsent, _remove),
}
