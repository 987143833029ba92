from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from kernel.audit import SYSTEM
from kernel.timetable import Every, Job
from kernel.work import Ground
from surveys.actions.close_survey import close
from surveys.model import SurveyStatus
from surveys.tables import SurveyRow


def close_due_surveys(ground: Ground, slot: datetime) -> None:
    """Close every open survey whose last moment has come by the slot, one transaction each."""
    while True:
        with ground.work() as work:
            due = (
                select(SurveyRow)
                .where(SurveyRow.status == SurveyStatus.OPEN, SurveyRow.closes_at <= slot)
                .order_by(SurveyRow.closes_at, SurveyRow.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            row = work.session.scalars(due).first()
            if row is None:
                return
            close(work, row, SYSTEM)


JOBS: tuple[Job, ...] = (Job(name="surveys.close_due", when=Every(minutes=15), run=close_due_surveys),)
