from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import true
from sqlalchemy.orm import Session

from kernel.calendar import london_date
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting
from qa_visits.model import ActionState, Verdict, VisitState
from qa_visits.tables import ActionRow, EvidenceRow, VisitRow

SOON_D = 14
"""Calendar days within which an action of a provider counts as coming up."""

_OWED = (ActionState.OPEN, ActionState.IN_PROGRESS)


def proposed(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the proposed visits that wait for this officer's answer; late once their day has come."""
    return count_waiting(
        session,
        VisitRow.day,
        VisitRow.officer_id == actor.id,
        VisitRow.state == VisitState.PROPOSED,
        late=VisitRow.day <= london_date(now),
    )


def to_record(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count this officer's visits whose day has passed and that have no outcome yet, and those still to come."""
    return count_waiting(
        session,
        VisitRow.day,
        VisitRow.officer_id == actor.id,
        VisitRow.state == VisitState.BOOKED,
        coming=VisitRow.day >= london_date(now),
    )


def ahead(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the visits of the actor's councils that other people make from today on."""
    return count_waiting(
        session,
        VisitRow.day,
        VisitRow.council_id.in_(organisations_with(actor, Permission.VISITS_READ)),
        VisitRow.state == VisitState.BOOKED,
        VisitRow.day >= london_date(now),
        VisitRow.officer_id != actor.id,
        coming=true(),
    )


def evidence_to_check(session: Session, actor: Actor, _now: datetime) -> Waiting:
    """Count the actions of this officer's visits whose evidence waits to be checked, since the first was sent."""
    return count_waiting(
        session,
        EvidenceRow.sent_at,
        ActionRow.officer_id == actor.id,
        ActionRow.state == ActionState.EVIDENCE_IN,
        EvidenceRow.action_id == ActionRow.id,
        EvidenceRow.verdict == Verdict.WAITING,
    )


def owed_to_councils(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the actions of the actor's councils that providers owe: overdue, or due soon."""
    today = london_date(now)
    return count_waiting(
        session,
        ActionRow.due_on,
        ActionRow.council_id.in_(organisations_with(actor, Permission.VISITS_READ)),
        ActionRow.state.in_(_OWED),
        ActionRow.due_on <= today + timedelta(days=SOON_D),
        late=ActionRow.due_on < today,
        coming=ActionRow.due_on >= today,
    )


def own_actions(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the actions that wait for something from this person's provider; late after their day."""
    return count_waiting(
        session,
        ActionRow.due_on,
        ActionRow.provider_id.in_(organisations_with(actor, Permission.PLANS_ANSWER)),
        ActionRow.state.in_(_OWED),
        late=ActionRow.due_on < london_date(now),
    )
