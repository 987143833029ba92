"""What waits for somebody about applications: counted by the database, one statement each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from fps.model.applications import ApplicationState
from fps.model.rounds import RoundState
from fps.rules.applications import LEAST_EVALUATORS
from fps.tables import AdmissionRow, ApplicationRow, ClarificationRow, EvaluatorRow, RoundRow
from kernel.calendar import london_date
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting


def to_finish(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the drafts of the actor's providers in rounds that are open, by the round's end."""
    return count_waiting(
        session,
        RoundRow.closes_at,
        ApplicationRow.round_id == RoundRow.id,
        ApplicationRow.provider_id.in_(organisations_with(actor, Permission.SETTINGS_OWN)),
        ApplicationRow.state == ApplicationState.DRAFT,
        RoundRow.state == RoundState.PUBLISHED,
        RoundRow.closes_at >= now,
    )


def to_answer(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the questions of councils that the actor's providers can still answer, by their last day."""
    return count_waiting(
        session,
        ClarificationRow.due_on,
        ClarificationRow.application_id == ApplicationRow.id,
        ApplicationRow.provider_id.in_(organisations_with(actor, Permission.SETTINGS_OWN)),
        ApplicationRow.state == ApplicationState.SUBMITTED,
        ClarificationRow.answered_at.is_(None),
        ClarificationRow.due_on >= london_date(now),
    )


def to_evaluate(session: Session, actor: Actor, _now: datetime) -> Waiting:
    """Count the applications that the actor was named to evaluate and has not handed in."""
    return count_waiting(
        session,
        EvaluatorRow.named_at,
        EvaluatorRow.application_id == ApplicationRow.id,
        EvaluatorRow.person_id == actor.id,
        EvaluatorRow.council_id.in_(organisations_with(actor, Permission.APPLICATIONS_EVALUATE)),
        EvaluatorRow.finished_at.is_(None),
        func.coalesce(EvaluatorRow.has_conflict, False).is_(False),
        ApplicationRow.state == ApplicationState.SUBMITTED,
    )


def to_open(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the rounds of the actor's authority that have closed with applications and no evaluators, since then."""
    has_sent = exists().where(
        ApplicationRow.round_id == RoundRow.id, ApplicationRow.state == ApplicationState.SUBMITTED
    )
    return count_waiting(
        session,
        RoundRow.closes_at,
        RoundRow.lead_id.in_(organisations_with(actor, Permission.ROUNDS_RUN)),
        RoundRow.state == RoundState.PUBLISHED,
        RoundRow.closes_at < now,
        has_sent,
    )


def to_decide(session: Session, actor: Actor, _now: datetime) -> Waiting:
    """Count the applications whose evaluations are all in and that the actor's authority has not decided."""
    free = func.coalesce(EvaluatorRow.has_conflict, False).is_(False)
    named = select(func.count()).where(EvaluatorRow.application_id == ApplicationRow.id, free).scalar_subquery()
    unfinished = exists().where(
        EvaluatorRow.application_id == ApplicationRow.id, free, EvaluatorRow.finished_at.is_(None)
    )
    return count_waiting(
        session,
        ApplicationRow.opened_at,
        ApplicationRow.lead_id.in_(organisations_with(actor, Permission.ROUNDS_RUN)),
        ApplicationRow.state == ApplicationState.SUBMITTED,
        ApplicationRow.opened_at.is_not(None),
        named >= LEAST_EVALUATORS,
        ~unfinished,
        ~exists().where(AdmissionRow.application_id == ApplicationRow.id),
    )
