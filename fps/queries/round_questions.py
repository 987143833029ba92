from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fps.model.rounds import Answered, Asked
from fps.tables.rounds import RoundAnswerRow, RoundQuestionRow
from kernel.errors import NotFoundError

_WAITS = (RoundQuestionRow.answer_id.is_(None), RoundQuestionRow.set_aside_at.is_(None))


def answers(session: Session, round_id: str) -> list[Answered]:
    """Return the questions of a round with their answers, the latest first."""
    rows = select(RoundAnswerRow).where(RoundAnswerRow.round_id == round_id).order_by(RoundAnswerRow.number.desc())
    return [Answered(row.number, row.question, row.answer, row.published_at) for row in session.scalars(rows)]


def waiting_questions(session: Session, round_id: str, *, offset: int, limit: int) -> tuple[list[Asked], int]:
    """Return a page of the questions that wait for an answer, the oldest first, and how many there are."""
    wanted = (RoundQuestionRow.round_id == round_id, *_WAITS)
    total = session.scalar(select(func.count()).select_from(RoundQuestionRow).where(*wanted)) or 0
    rows = select(RoundQuestionRow).where(*wanted).order_by(RoundQuestionRow.asked_at, RoundQuestionRow.id)
    return [_asked(row) for row in session.scalars(rows.offset(offset).limit(limit))], total


def waiting_question(session: Session, round_id: str, question_id: str) -> Asked:
    """Return a question that waits for its answer; raises NotFoundError."""
    row = session.get(RoundQuestionRow, question_id)
    if row is None or row.round_id != round_id or row.answer_id is not None or row.set_aside_at is not None:
        raise NotFoundError
    return _asked(row)


def own_questions(session: Session, contact_id: str) -> list[tuple[str, int | None, str | None]]:
    """Return what somebody asked, the latest first: their words, the number of its answer, why it was set aside."""
    rows = (
        select(RoundQuestionRow, RoundAnswerRow.number)
        .outerjoin(RoundAnswerRow, RoundAnswerRow.id == RoundQuestionRow.answer_id)
        .where(RoundQuestionRow.contact_id == contact_id)
        .order_by(RoundQuestionRow.asked_at.desc())
    )
    return [(row.words, number, row.set_aside_reason) for row, number in session.execute(rows)]


def _asked(row: RoundQuestionRow) -> Asked:
    return Asked(row.id, row.round_id, row.words, row.asked_at)
