from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.keys import Keys
from people.model import Actor
from people.queries import persons
from referrals.model.criteria import Criterion, Weights
from referrals.model.evaluation import OFFERS, Evaluator, FamilyView, Offer, Preference, PreferenceKind, Score, ViewWay
from referrals.queries.councils import opened_responses
from referrals.queries.courses import Standing
from referrals.rules.evaluating import missing
from referrals.rules.ranking import Scores
from referrals.tables.answers import LateAdmissionRow
from referrals.tables.evaluations import (
    EvaluatorRow,
    FamilyViewRow,
    ModerationRow,
    PreferenceRow,
    ScoreRow,
    SettledScoreRow,
)


def weights_of(standing: Standing) -> Weights:
    """Return the weights that were fixed in the latest issue (R24)."""
    return Weights.of(standing.issue.text.get("weights") if standing.issue else None)


def offers_of(session: Session, actor: Actor, referral_id: str, keys: Keys) -> tuple[Offer, ...]:
    """Return the places that were offered, by setting; raises as opened_responses does (R21, R22)."""
    opened = opened_responses(session, actor, referral_id, keys)
    return tuple(
        Offer(one.recipient_id, one.setting_name, one.response, one.checksum)
        for one in opened
        if one.response.kind in OFFERS
    )


def evaluators_of(session: Session, referral_id: str) -> list[Evaluator]:
    """Return whoever was named to score a referral's offers, in the order in which they were named."""
    rows = session.scalars(
        select(EvaluatorRow)
        .where(EvaluatorRow.referral_id == referral_id)
        .order_by(EvaluatorRow.named_at, EvaluatorRow.person_id)
    ).all()
    names = persons(session, {row.person_id for row in rows})
    return [
        Evaluator(row.person_id, names[row.person_id].name, row.has_conflict, row.finished_at, row.released_at)
        for row in rows
    ]


def own_scores(session: Session, referral_id: str, person_id: str) -> list[Score]:
    """Return what one evaluator has given so far."""
    rows = select(ScoreRow).where(ScoreRow.referral_id == referral_id, ScoreRow.person_id == person_id)
    return [Score(row.recipient_id, Criterion(row.criterion), row.score, row.reason) for row in session.scalars(rows)]


def kept_offers(session: Session, referral_id: str, person_id: str) -> frozenset[str]:
    """Return the offers whose scores an evaluator handed in before a late answer was let in: those stay (R25)."""
    rows = select(ScoreRow.recipient_id).join(
        EvaluatorRow,
        (EvaluatorRow.referral_id == ScoreRow.referral_id) & (EvaluatorRow.person_id == ScoreRow.person_id),
    )
    mine = rows.where(ScoreRow.referral_id == referral_id, ScoreRow.person_id == person_id)
    return frozenset(session.scalars(mine.where(ScoreRow.saved_at < EvaluatorRow.reopened_at)))


def scores_by_person(
    session: Session, referral_id: str, evaluators: Sequence[Evaluator]
) -> Mapping[str, Sequence[Score]]:
    """Return what these evaluators gave, by person; ask only once all are in (R25)."""
    found: dict[str, list[Score]] = defaultdict(list)
    wanted = [each.person_id for each in evaluators]
    rows = select(ScoreRow).where(ScoreRow.referral_id == referral_id, ScoreRow.person_id.in_(wanted))
    for row in session.scalars(rows):
        found[row.person_id].append(Score(row.recipient_id, Criterion(row.criterion), row.score, row.reason))
    return found


def settled_scores(session: Session, referral_id: str) -> list[Score]:
    """Return the scores on which the evaluators have agreed."""
    rows = select(SettledScoreRow).where(SettledScoreRow.referral_id == referral_id)
    return [Score(row.recipient_id, Criterion(row.criterion), row.score, row.reason) for row in session.scalars(rows)]


def scores_to_rank(settled: Sequence[Score], offers: Sequence[Offer], weights: Weights) -> Scores | None:
    """Return the settled scores offer by offer; None while one is missing, or where nothing was offered."""
    ids = [offer.recipient_id for offer in offers]
    if not ids or missing(ids, weights.used, settled):
        return None
    found: dict[str, dict[Criterion, int]] = {recipient_id: {} for recipient_id in ids}
    for score in settled:
        if score.recipient_id in found:
            found[score.recipient_id][score.criterion] = score.score
    return found


def moderation_of(session: Session, referral_id: str) -> str | None:
    """Return how the evaluators came to agree; None while nobody has written it down, or not since a late answer."""
    row = session.get(ModerationRow, referral_id)
    admitted = select(func.max(LateAdmissionRow.admitted_at)).where(LateAdmissionRow.referral_id == referral_id)
    let_in = session.scalar(admitted) if row else None
    return row.words if row and (let_in is None or let_in <= row.written_at) else None


def family_view_of(session: Session, referral_id: str) -> FamilyView | None:
    """Return what the family and the learner say, as it was last recorded."""
    rows = select(FamilyViewRow).where(FamilyViewRow.referral_id == referral_id)
    row = session.scalars(rows.order_by(FamilyViewRow.recorded_at.desc(), FamilyViewRow.id.desc())).first()
    if row is None:
        return None
    return FamilyView(ViewWay(row.way), row.heard_on, row.words, row.preferred_id, row.recorded_by, row.recorded_at)


def preference_of(session: Session, referral_id: str) -> Preference | None:
    """Return what law puts first in a referral, None where it says nothing (R26)."""
    rows = select(PreferenceRow).where(PreferenceRow.referral_id == referral_id, PreferenceRow.withdrawn_at.is_(None))
    row = session.scalars(rows).first()
    if row is None:
        return None
    kind = PreferenceKind(row.kind)
    return Preference(row.id, kind, row.recipient_id, row.school, row.words, row.recorded_by, row.recorded_at)
