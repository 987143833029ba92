from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fps.model.applications import ApplicationState
from fps.model.rounds import RoundState
from fps.queries.round_enquiries import count_repliers
from fps.tables.applications import ApplicationRow
from fps.tables.rounds import RoundAnswerRow, RoundContactRow, RoundQuestionRow, RoundRow
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting


@dataclass(frozen=True)
class RoundCounts:
    """How many take part in a round and how. Of applications nothing but their number is known before it closes."""

    interested: int
    applications: int
    sent: int
    questions_waiting: int
    answered: int
    repliers: int


def counts_of(session: Session, round_id: str) -> RoundCounts:
    """Count who takes part in a round; for its lead authority."""
    contact, question, application = RoundContactRow, RoundQuestionRow, ApplicationRow
    interested = session.scalar(
        select(func.count())
        .select_from(contact)
        .where(contact.round_id == round_id, contact.confirmed_at.is_not(None), contact.interested_at.is_not(None))
    )
    started, sent = session.execute(
        select(func.count(), func.count().filter(application.submitted_at.is_not(None))).where(
            application.round_id == round_id, application.state != ApplicationState.WITHDRAWN
        )
    ).one()
    waiting = session.scalar(
        select(func.count())
        .select_from(question)
        .where(question.round_id == round_id, question.answer_id.is_(None), question.set_aside_at.is_(None))
    )
    answered = session.scalar(
        select(func.count()).select_from(RoundAnswerRow).where(RoundAnswerRow.round_id == round_id)
    )
    return RoundCounts(interested or 0, started, sent, waiting or 0, answered or 0, count_repliers(session, round_id))


def questions_waiting(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the questions about one's rounds that wait for an answer, since the first was asked."""
    question, over = RoundQuestionRow, RoundRow
    return count_waiting(
        session,
        question.asked_at,
        over.id == question.round_id,
        over.lead_id.in_(organisations_with(actor, Permission.ROUNDS_RUN)),
        over.state == RoundState.PUBLISHED,
        over.closes_at >= now,
        question.answer_id.is_(None),
        question.set_aside_at.is_(None),
    )


def rounds_under_way(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count one's rounds that are open, by their closing, and those that will open."""
    return count_waiting(
        session,
        RoundRow.closes_at,
        RoundRow.lead_id.in_(organisations_with(actor, Permission.ROUNDS_RUN)),
        RoundRow.state == RoundState.PUBLISHED,
        RoundRow.closes_at >= now,
        coming=RoundRow.closes_at >= now,
    )


def rounds_to_join(session: Session, _actor: Actor, now: datetime) -> Waiting:
    """Count the rounds that providers can join now, by their closing."""
    return count_waiting(
        session,
        RoundRow.closes_at,
        RoundRow.state == RoundState.PUBLISHED,
        RoundRow.opens_at <= now,
        RoundRow.closes_at >= now,
        coming=RoundRow.closes_at >= now,
    )
