from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from kernel.calendar import london_date
from people.retention import Cut, Sweeper
from qa_visits.model import ActionState, VisitState
from qa_visits.tables import ActionRow, EvidenceRow, OfficerDayRow, StepRow, VisitRow

_OVER = (VisitState.DONE, VisitState.CANCELLED)


def _visits(cut: Cut) -> Select[Any]:
    """Visits of long ago that are over, with no action that is still to be verified."""
    under_way = select(ActionRow.visit_id).where(ActionRow.state != ActionState.VERIFIED)
    return select(VisitRow.id).where(
        VisitRow.day < london_date(cut.before),
        VisitRow.state.in_(_OVER),
        VisitRow.id.not_in(under_way),
        VisitRow.officer_id.not_in(cut.held),
    )


def _remove(session: Session, ids: Sequence[Any]) -> None:
    actions = list(session.scalars(select(ActionRow.id).where(ActionRow.visit_id.in_(ids))))
    session.execute(delete(EvidenceRow).where(EvidenceRow.action_id.in_(actions)))
    session.execute(delete(StepRow).where(StepRow.subject_id.in_([*ids, *actions])))
    session.execute(delete(ActionRow).where(ActionRow.id.in_(actions)))
    session.execute(delete(OfficerDayRow).where(OfficerDayRow.visit_id.in_(ids)))
    session.execute(delete(VisitRow).where(VisitRow.id.in_(ids)))


SWEEPERS: Mapping[str, Sweeper] = {"qa_visits.visits": Sweeper(_visits, _remove)}
