from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from kernel.keys import Keys
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model.awards import NextStep, Outcome
from referrals.model.criteria import Criterion, Weights
from referrals.model.evaluation import OFFERS
from referrals.queries.answers import current_answers
from referrals.queries.courses import is_opened, standings
from referrals.queries.evaluations import weights_of
from referrals.rules.issuing import thaw
from referrals.rules.opening import open_response
from referrals.rules.ranking import points_of
from referrals.tables import AwardRow, RecipientRow, ReferralRow, SettledScoreRow


@dataclass(frozen=True)
class Feedback:
    """What the council agreed on for one criterion of one's own offer."""

    criterion: Criterion
    weight: int
    score: int
    reason: str


@dataclass(frozen=True)
class OwnOffer:
    """One's own setting that was asked, and its scores; none where it made no offer or nobody scored it."""

    setting_name: str
    feedback: tuple[Feedback, ...]
    points: float | None
    is_winner: bool
    recipient_id: str


@dataclass(frozen=True)
class OutcomePage:
    """The outcome of a referral as a provider that was asked reads it: who won, its own scores, nobody else's (R27).

    `was_sealed`: others competed, so that nobody read an answer before the deadline (R21).
    """

    referral_id: str
    reference: str
    council_name: str
    lot_title: str
    told_at: datetime
    outcome: Outcome
    is_withdrawn: bool
    was_sealed: bool
    winner: str
    standstill_until: datetime | None
    weights: Weights
    own: tuple[OwnOffer, ...]


@dataclass(frozen=True)
class OutcomeLine:
    """An outcome in a provider's list."""

    referral_id: str
    reference: str
    told_at: datetime
    outcome: Outcome
    is_withdrawn: bool
    winner: str


def count_outcomes(session: Session, actor: Actor) -> int:
    """Count the outcomes of which the actor's providers were told."""
    return session.scalar(select(func.count()).select_from(AwardRow).where(*_told(actor))) or 0


def outcomes_of(session: Session, actor: Actor, *, offset: int, limit: int) -> list[OutcomeLine]:
    """Return a page of the outcomes of which the actor's providers were told, the newest first."""
    rows = session.execute(
        select(AwardRow, ReferralRow.reference)
        .join(ReferralRow, ReferralRow.id == AwardRow.referral_id)
        .where(*_told(actor))
        .order_by(AwardRow.told_at.desc(), AwardRow.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [
        OutcomeLine(
            award.referral_id, reference, award.told_at, Outcome(award.outcome), _is_withdrawn(award), award.supplier
        )
        for award, reference in rows
        if award.told_at is not None
    ]


def outcome(session: Session, actor: Actor, referral_id: str) -> OutcomePage:
    """Return the outcome of a referral that the actor's provider was asked about, once it was told (R27).

    It stays readable after the referral's own page has closed: nothing of the learner is in it. Raises NotFoundError
    for any other.
    """
    row = session.get(ReferralRow, referral_id)
    award = session.scalars(select(AwardRow).where(AwardRow.referral_id == referral_id, *_told(actor))).first()
    if row is None or award is None or award.told_at is None:
        raise NotFoundError
    known = standings(session, [row])[row.id]
    if known.issue is None:
        raise NotFoundError
    text, weights = thaw(known.issue.text), weights_of(known)
    return OutcomePage(
        referral_id=row.id,
        reference=row.reference,
        council_name=text.council_name,
        lot_title=text.lot_title,
        told_at=award.told_at,
        outcome=Outcome(award.outcome),
        is_withdrawn=_is_withdrawn(award),
        was_sealed=known.course.is_competitive,
        winner=award.supplier,
        standstill_until=award.standstill_until,
        weights=weights,
        own=tuple(_own(session, actor, award, weights)),
    )


def own_offers(session: Session, page: OutcomePage, keys: Keys) -> Collection[str] | None:
    """Return which of one's own settings offered a place, once it was awarded; None where answers may stay sealed.

    Nobody else's answer is opened (R21, R27).
    """
    if page.outcome is not Outcome.AWARD or not is_opened(session, page.referral_id):
        return None
    mine = {own.recipient_id for own in page.own}
    answers = [one.kept for one in current_answers(session, [page.referral_id]) if one.kept.recipient_id in mine]
    return {kept.recipient_id for kept in answers if open_response(kept, keys).kind in OFFERS}


def _is_withdrawn(award: AwardRow) -> bool:
    return award.next_step == NextStep.WITHDRAWN


def _told(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    mine = select(RecipientRow.referral_id).where(RecipientRow.provider_id.in_(providers))
    return (AwardRow.told_at.is_not(None), AwardRow.referral_id.in_(mine))


def _own(session: Session, actor: Actor, award: AwardRow, weights: Weights) -> list[OwnOffer]:
    providers = organisations_with(actor, Permission.REFERRALS_ANSWER)
    asked = session.scalars(
        select(RecipientRow)
        .where(RecipientRow.referral_id == award.referral_id, RecipientRow.provider_id.in_(providers))
        .order_by(RecipientRow.setting_name, RecipientRow.id)
    ).all()
    ids = [one.id for one in asked]
    scores = session.scalars(select(SettledScoreRow).where(SettledScoreRow.recipient_id.in_(ids))).all()
    return [_offer(one, award, weights, [score for score in scores if score.recipient_id == one.id]) for one in asked]


def _offer(asked: RecipientRow, award: AwardRow, weights: Weights, rows: Sequence[SettledScoreRow]) -> OwnOffer:
    known = {Criterion(row.criterion): row for row in rows}
    feedback = tuple(
        Feedback(criterion, weight, known[criterion].score, known[criterion].reason)
        for criterion, weight in weights
        if criterion in known
    )
    is_whole = bool(feedback) and len(feedback) == len(weights.used)
    points = points_of({one.criterion: one.score for one in feedback}, weights.fractions) if is_whole else None
    is_winner = asked.id == award.recipient_id
    return OwnOffer(asked.setting_name, feedback, float(points) if points is not None else None, is_winner, asked.id)
