from __future__ import annotations

from datetime import date
from itertools import islice
from typing import NoReturn

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError
from kernel.work import Work
from qa_visits.model import VisitState, VisitType
from qa_visits.queries import day_question
from qa_visits.rules.days import DayQuestion, Obstacle, free_days, may_visit_on
from qa_visits.rules.states import may_move
from qa_visits.tables import OfficerDayRow, VisitRow


class DayTakenError(ConflictError):
    """The officer has another visit on that day."""


def question_of(work: Work, row: VisitRow) -> DayQuestion:
    """Gather all that decides on which days this visit may take place, told from today on."""
    return day_question(
        work.session,
        visit_type=VisitType(row.visit_type),
        is_unannounced=row.is_unannounced,
        setting_id=row.setting_id,
        officer_id=row.officer_id,
        today=london_date(work.now),
        but_visit_id=row.id,
    )


def other_days(work: Work, row: VisitRow) -> list[date]:
    """Return the next days that would fit the visit too; none for a visit that can no longer move."""
    if not may_move(VisitState(row.state)):
        return []
    question = question_of(work, row)
    fitting = (day for day in free_days(question) if day != row.day)
    return list(islice(fitting, question.settings.offered_days))


def check_day(work: Work, row: VisitRow, day: date) -> None:
    """Make sure that the visit may take place on the day (Q1, notice, the officer's own diary).

    Raises DayTakenError where the officer already has a visit, InvalidInputError for every other obstacle.
    """
    obstacles = may_visit_on(day, question_of(work, row))
    if Obstacle.OFFICER_BUSY in obstacles:
        _refuse_busy()
    if obstacles:
        raise InvalidInputError("day", " ".join(obstacles))


def take_day(work: Work, row: VisitRow, day: date) -> None:
    """Give the visit its officer's day, letting go the one that it had.

    Raises DayTakenError if another visit has the day, even one that came in the same instant.
    """
    release_day(work, row)
    try:
        with work.session.begin_nested():
            work.session.add(OfficerDayRow(officer_id=row.officer_id, day=day, visit_id=row.id))
    except IntegrityError:
        _refuse_busy()
    row.day = day


def release_day(work: Work, row: VisitRow) -> None:
    """Let the officer's day go."""
    work.session.execute(delete(OfficerDayRow).where(OfficerDayRow.visit_id == row.id))


def _refuse_busy() -> NoReturn:
    raise DayTakenError(Obstacle.OFFICER_BUSY.value)
