from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, true
from sqlalchemy.orm import Session, aliased

from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting
from referrals.queries.lists import is_readable
from referrals.tables import IssueRow, RecipientRow, ReferralRow, ResponseRow, UnsealRow


def drafts(session: Session, actor: Actor, _now: datetime) -> Waiting:
    """Count the councils' referrals that are written and not issued, since the first of them was."""
    is_issued = exists().where(IssueRow.referral_id == ReferralRow.id)
    return count_waiting(session, ReferralRow.created_at, *_own(actor), ~is_issued)


def open_referrals(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the councils' referrals that providers can answer now or soon; the first deadline."""
    return count_waiting(session, IssueRow.deadline_at, *_own_issued(actor), IssueRow.deadline_at >= now, coming=true())


def to_unseal(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the referrals whose answers are sealed still and wait for this person's half of the unsealing (R22)."""
    mine = exists().where(UnsealRow.referral_id == ReferralRow.id, UnsealRow.person_id == actor.id)
    return count_waiting(
        session,
        IssueRow.deadline_at,
        *_own_issued(actor),
        IssueRow.deadline_at < now,
        ~is_readable(),
        ~mine,
    )


def to_decide(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the unsealed referrals that nobody has closed with a decision, since the first deadline (R27, R29)."""
    return count_waiting(
        session,
        IssueRow.deadline_at,
        *_own_issued(actor),
        IssueRow.deadline_at < now,
        is_readable(),
    )


def to_answer(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the referrals that are open and that one of the actor's settings has not answered; the next deadline."""
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    is_answered = exists().where(ResponseRow.recipient_id == RecipientRow.id)
    waits = exists().where(
        RecipientRow.referral_id == IssueRow.referral_id, RecipientRow.provider_id.in_(providers), ~is_answered
    )
    return count_waiting(
        session,
        IssueRow.deadline_at,
        *_issued(),
        IssueRow.release_at <= now,
        IssueRow.deadline_at >= now,
        waits,
    )


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    councils: Sequence[str] = organisations_with(actor, Permission.REFERRALS_ISSUE)
    return (ReferralRow.council_id.in_(councils), ReferralRow.closed_at.is_(None))


def _issued() -> tuple[ColumnElement[bool], ...]:
    """Join the referrals that are not closed to their latest issue."""
    later = aliased(IssueRow)
    is_outdated = exists().where(later.referral_id == IssueRow.referral_id, later.version > IssueRow.version)
    return (ReferralRow.id == IssueRow.referral_id, ReferralRow.closed_at.is_(None), ~is_outdated)


def _own_issued(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (*_own(actor), *_issued())
