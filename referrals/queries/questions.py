from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.queries import organisations_by_id
from referrals.queries.courses import standings
from referrals.rules.changing import questions_close_at
from referrals.rules.standing import check_readable
from referrals.tables import QuestionAskerRow, QuestionRow, RecipientRow, ReferralRow


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question and its answer as everybody who was asked reads them."""

    number: int
    question: str
    answer: str
    answered_at: datetime


@dataclass(frozen=True)
class WaitingQuestion:
    """A question that nobody has answered yet; who asked it is not in it (R11)."""

    id: str
    words: str
    asked_at: datetime


@dataclass(frozen=True)
class CouncilQuestions:
    """The questions about a referral as its council sees them."""

    reference: str
    deadline_at: datetime
    closes_at: datetime
    waiting: tuple[WaitingQuestion, ...]
    answered: tuple[AnsweredQuestion, ...]


@dataclass(frozen=True)
class ProviderQuestions:
    """The questions about a referral as a provider sees them: what all read, and what they themselves wait for."""

    reference: str
    council_name: str
    deadline_at: datetime
    closes_at: datetime
    is_open: bool
    own: tuple[WaitingQuestion, ...]
    answered: tuple[AnsweredQuestion, ...]


def council_questions(session: Session, actor: Actor, referral_id: str) -> CouncilQuestions:
    """Return the questions about a referral of the actor's council; raises NotFoundError for any other or a draft."""
    row = session.get(ReferralRow, referral_id)
    if row is None or row.council_id not in organisations_with(actor, Permission.REFERRALS_READ):
        raise NotFoundError
    standing = standings(session, [row])[row.id]
    if standing.issue is None:
        raise NotFoundError
    return CouncilQuestions(
        row.reference,
        standing.issue.deadline_at,
        questions_close_at(standing.issue.deadline_at, standing.terms),
        _waiting(session, row.id, None),
        answered_questions(session, row.id),
    )


def provider_questions(session: Session, actor: Actor, referral_id: str, now: datetime) -> ProviderQuestions:
    """Return the questions about a referral about which the actor's provider was asked.

    Raises NotFoundError for any other and before the release, TooLateError after the days of grace (R32).
    """
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    row = session.get(ReferralRow, referral_id)
    asked = exists().where(RecipientRow.referral_id == referral_id, RecipientRow.provider_id.in_(providers))
    if row is None or not session.scalar(select(asked)):
        raise NotFoundError
    standing = standings(session, [row])[row.id]
    check_readable(standing.course, standing.terms, now)
    issue = standing.issue
    if issue is None:
        raise NotFoundError
    closes_at = questions_close_at(issue.deadline_at, standing.terms)
    return ProviderQuestions(
        row.reference,
        issue.text["council"],
        issue.deadline_at,
        closes_at,
        now <= closes_at and row.closed_at is None,
        _waiting(session, row.id, providers),
        answered_questions(session, row.id),
    )


def waiting_question(session: Session, actor: Actor, referral_id: str, question_id: str) -> WaitingQuestion:
    """Return a question of the actor's council that waits for its answer; raises NotFoundError for any other."""
    row = session.get(QuestionRow, question_id)
    mine = organisations_with(actor, Permission.REFERRALS_ISSUE)
    if row is None or row.council_id not in mine or row.referral_id != referral_id or row.answered_at is not None:
        raise NotFoundError
    return WaitingQuestion(row.id, row.words, row.asked_at)


def answered_questions(session: Session, referral_id: str) -> tuple[AnsweredQuestion, ...]:
    """Return what all who were asked read of questions and answers, in the order of the answers."""
    rows = select(QuestionRow).where(QuestionRow.referral_id == referral_id, QuestionRow.answered_at.is_not(None))
    return tuple(
        AnsweredQuestion(row.number, row.shown, row.answer, row.answered_at)
        for row in session.scalars(rows.order_by(QuestionRow.number))
        if row.number is not None and row.shown is not None and row.answer is not None and row.answered_at is not None
    )


def count_waiting_questions(session: Session, referral_id: str) -> int:
    """Count the questions about a referral that nobody has answered."""
    waiting = (QuestionRow.referral_id == referral_id, QuestionRow.answered_at.is_(None))
    return session.scalar(select(func.count()).select_from(QuestionRow).where(*waiting)) or 0


def names_asked(session: Session, referral_id: str) -> tuple[str, ...]:
    """Return the names of all settings and providers that were asked: no question or answer may hold one (R11)."""
    asked = select(RecipientRow.setting_name, RecipientRow.provider_id).where(RecipientRow.referral_id == referral_id)
    rows = session.execute(asked).all()
    providers = organisations_by_id(session, {provider_id for _, provider_id in rows})
    return (*(name for name, _ in rows), *(card.name for card in providers.values()))


def _waiting(session: Session, referral_id: str, providers: Collection[str] | None) -> tuple[WaitingQuestion, ...]:
    rows = select(QuestionRow).where(QuestionRow.referral_id == referral_id, QuestionRow.answered_at.is_(None))
    if providers is not None:
        own = exists().where(
            QuestionAskerRow.question_id == QuestionRow.id, QuestionAskerRow.provider_id.in_(providers)
        )
        rows = rows.where(own)
    found: Sequence[QuestionRow] = session.scalars(rows.order_by(QuestionRow.asked_at, QuestionRow.id)).all()
    return tuple(WaitingQuestion(row.id, row.words, row.asked_at) for row in found)
