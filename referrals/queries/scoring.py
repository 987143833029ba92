from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from kernel.keys import Keys
from people.model import Actor
from people.queries import persons
from referrals.model import Phase
from referrals.model.approvals import ApprovalCard, ApprovalKind
from referrals.model.awards import AwardCard
from referrals.model.criteria import Weights
from referrals.model.evaluation import Evaluator, FamilyView, Offer, Preference, Score
from referrals.model.particulars import Particulars
from referrals.model.routes import Route
from referrals.queries.approvals import approval
from referrals.queries.awards import award_mark, award_of, evaluated, panel_of
from referrals.queries.conflicts import check_free, has_conflict
from referrals.queries.councils import own_referral
from referrals.queries.courses import Standing
from referrals.queries.evaluations import (
    evaluators_of,
    family_view_of,
    kept_offers,
    moderation_of,
    offers_of,
    own_scores,
    preference_of,
    scores_by_person,
    scores_to_rank,
    settled_scores,
    weights_of,
)
from referrals.rules.awarding import awardable
from referrals.rules.evaluating import are_all_in, check_all_in, missing, standing
from referrals.rules.ranking import Ranked, Sensitivity, sensitivity
from referrals.rules.standing import can_open
from referrals.tables import PlacementRow, RecipientRow, ReferralRow


@dataclass(frozen=True)
class Judged:
    """How far one offer is: whether one has scored it wholly oneself, and whether its scores are agreed.

    `is_kept`: one handed in its scores before a late answer was let in, so they stay.
    """

    offer: Offer
    is_scored: bool
    is_settled: bool
    is_kept: bool


@dataclass(frozen=True)
class EvaluationPage:
    """The evaluation of an issued referral as its council sees it.

    Nothing of what was offered is in it before the unsealing, or for whoever has a conflict of interest. `ranked` and
    `sensitivity` are there once all scores are agreed and the moderation is recorded. `candidates` are the offers that
    may be awarded as things stand, `seen` the mark of all that are shown; `approvals` what the panel was
    asked of them. `may_begin`: the award's standstill is over, and its placement waits for somebody to begin it.
    `names` are those of the people whom the rest names by id.
    """

    id: str
    reference: str
    phase: Phase
    route: Route
    is_open: bool
    has_conflict: bool
    weights: Weights
    least: int
    evaluators: Sequence[Evaluator]
    mine: Evaluator | None
    offers: Sequence[Judged]
    is_all_in: bool
    moderation: str | None
    view: FamilyView | None
    preference: Preference | None
    ranked: Sequence[Ranked]
    sensitivity: Sensitivity | None
    candidates: Sequence[str]
    seen: str
    settings: Mapping[str, str]
    panel: str | None
    approvals: Mapping[str, ApprovalCard]
    supplier: str
    award: AwardCard | None
    may_begin: bool
    placement_id: str | None
    follows_id: str | None
    followed_by: str | None
    names: Mapping[str, str]

    @property
    def is_decided(self) -> bool:
        """Whether nothing can be changed any more."""
        return self.award is not None or self.phase is Phase.CLOSED

    @property
    def scores_left(self) -> int:
        """How many offers one has not scored wholly oneself."""
        return sum(not judged.is_scored for judged in self.offers)


@dataclass(frozen=True)
class _Found:
    """What is read only once the answers may be."""

    offers: Sequence[Judged] = ()
    ranked: Sequence[Ranked] = ()
    sensitivity: Sensitivity | None = None
    candidates: Sequence[str] = ()
    seen: str = ""


def colleagues_scores(session: Session, actor: Actor, referral_id: str) -> Mapping[str, Sequence[Score]]:
    """Return what each evaluator gave, by person, once all are in (R25).

    Raises NotFoundError for another council's referral, ForbiddenError for whoever has a conflict of interest,
    ConflictError until then.
    """
    _row, known = own_referral(session, actor, referral_id)
    check_free(session, actor, referral_id)
    evaluators = evaluators_of(session, referral_id)
    check_all_in(evaluators, known.terms.evaluators)
    return scores_by_person(session, referral_id, standing(evaluators))


def evaluation(session: Session, actor: Actor, referral_id: str, keys: Keys, now: datetime) -> EvaluationPage:
    """Return the evaluation of an issued referral of the actor's council; raises NotFoundError for any other."""
    row, known = own_referral(session, actor, referral_id)
    if known.issue is None:
        raise NotFoundError
    conflict = has_conflict(session, actor.id, referral_id)
    is_open = can_open(known.course, known.terms) and known.phase(now) is not Phase.SCHEDULED and not conflict
    evaluators = evaluators_of(session, referral_id)
    found = _found(session, actor, row, known, keys) if is_open else _Found()
    view, preference = _views(session, row.id) if not conflict else (None, None)
    award = award_of(session, row.id)
    return EvaluationPage(
        id=row.id,
        reference=row.reference,
        phase=known.phase(now),
        route=known.route,
        is_open=is_open,
        has_conflict=conflict,
        weights=weights_of(known),
        least=known.terms.evaluators,
        evaluators=evaluators,
        mine=next((one for one in evaluators if one.person_id == actor.id and one.released_at is None), None),
        is_all_in=are_all_in(evaluators, known.terms.evaluators),
        moderation=None if conflict else moderation_of(session, row.id),
        view=view,
        preference=preference,
        settings=_settings(session, row.id),
        panel=panel_of(session, row),
        approvals=_approvals(session, row.id, found),
        supplier=Particulars.of(row.particulars).supplier_words,
        award=award,
        may_begin=award is not None and award.may_begin(now),
        placement_id=session.scalar(select(PlacementRow.id).where(PlacementRow.referral_id == row.id)),
        follows_id=row.follows_id,
        followed_by=session.scalar(select(func.max(ReferralRow.id)).where(ReferralRow.follows_id == row.id)),
        names=_names(session, view, preference, award),
        **vars(found),
    )


def _views(session: Session, referral_id: str) -> tuple[FamilyView | None, Preference | None]:
    return family_view_of(session, referral_id), preference_of(session, referral_id)


def _approvals(session: Session, referral_id: str, found: _Found) -> dict[str, ApprovalCard]:
    """Return what the panel was last asked of each offer that may be awarded."""
    marks = {one: award_mark(session, referral_id, one, found.seen) for one in found.candidates}
    cards = {one: approval(session, referral_id, ApprovalKind.AWARD, mark) for one, mark in marks.items()}
    return {one: card for one, card in cards.items() if card is not None}


def _found(session: Session, actor: Actor, row: ReferralRow, known: Standing, keys: Keys) -> _Found:
    offers, weights = offers_of(session, actor, row.id, keys), weights_of(known)
    mine, agreed = own_scores(session, row.id, actor.id), settled_scores(session, row.id)
    judged = evaluated(session, actor, row.id, known, keys)
    kept, scores = kept_offers(session, row.id, actor.id), scores_to_rank(agreed, offers, weights)
    return _Found(
        [
            Judged(
                offer,
                not missing([offer.recipient_id], weights.used, mine),
                not missing([offer.recipient_id], weights.used, agreed),
                offer.recipient_id in kept,
            )
            for offer in offers
        ],
        judged.ranked,
        sensitivity(scores, weights) if scores and judged.ranked else None,
        awardable(judged, is_competitive=known.route.is_competitive),
        judged.seen,
    )


def _settings(session: Session, referral_id: str) -> dict[str, str]:
    rows = select(RecipientRow.id, RecipientRow.setting_name).where(RecipientRow.referral_id == referral_id)
    return {row.id: row.setting_name for row in session.execute(rows.order_by(RecipientRow.setting_name))}


def _names(
    session: Session, view: FamilyView | None, preference: Preference | None, award: AwardCard | None
) -> dict[str, str]:
    ids = {one.recorded_by for one in (view, preference) if one}
    ids |= {each for each in (award.decided_by, award.approved_by) if each} if award else set()
    return {person_id: card.name for person_id, card in persons(session, ids).items()}
