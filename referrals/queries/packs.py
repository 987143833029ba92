from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from channels.words import CHANNELS
from fps.queries import framework, lot
from kernel.keys import Keys
from people.model import Actor
from people.queries import organisation, persons
from referrals.model.awards import AwardCard
from referrals.model.criteria import Weights
from referrals.model.evaluation import OFFERS, Offer
from referrals.model.packs import (
    Facts,
    Pack,
    PackAnswer,
    PackApproval,
    PackAsked,
    PackDecision,
    PackJudging,
    PackLeftOut,
    PackQuestion,
    PackRank,
    PackScore,
    PackVersion,
)
from referrals.model.routes import Route
from referrals.queries import evaluations
from referrals.queries.approvals import approvals_of
from referrals.queries.awards import award_of
from referrals.queries.conflicts import check_free
from referrals.queries.councils import OpenedResponse, ReferralPage, opened_responses, own_referral, referral
from referrals.queries.placements import placement_of_referral
from referrals.queries.questions import answered_questions
from referrals.queries.route_facts import route_facts
from referrals.queries.versions import versions_of
from referrals.rules.issuing import Text
from referrals.rules.notices import note
from referrals.rules.ranking import rank


def pack(session: Session, actor: Actor, referral_id: str, keys: Keys, now: datetime) -> Pack:
    """Return the "why this placement" pack of an issued referral of the actor's council (R35).

    Raises NotFoundError for any other and for a draft, and ForbiddenError for whoever has declared a conflict of
    interest (R25). Answers, scores and prices are in it only once the answers may be read (R21, R22).
    """
    page = referral(session, actor, referral_id, now)
    row, standing = own_referral(session, actor, referral_id)
    check_free(session, actor, referral_id)
    card = lot(session, row.lot_id)
    under = framework(session, card.framework_id)
    return Pack(
        reference=page.text.reference,
        council=organisation(session, row.council_id).name,
        framework=under.name,
        lot=card.title,
        law=note(under.regime),
        route=Route(row.route).words,
        particulars=route_facts(session, actor, referral_id),
        phase=page.phase.words,
        drafted_at=now,
        need=_need(page.text),
        versions=_versions(session, actor, referral_id),
        approvals=_approvals(session, actor, referral_id),
        asked=_asked(page),
        left_out=tuple(PackLeftOut(line.setting_name, line.reasons) for line in page.exclusions),
        answered=page.counts.answered,
        late=page.late,
        questions=_questions(session, referral_id),
        unsealed_by=tuple((half.name, half.at) for half in page.halves),
        decision=_decision(session, referral_id),
        closed_reason=page.closed_reason,
        judging=_judging(session, row.id, evaluations.weights_of(standing), _opened(session, actor, page, keys)),
    )


def _opened(session: Session, actor: Actor, page: ReferralPage, keys: Keys) -> list[OpenedResponse]:
    return opened_responses(session, actor, page.id, keys) if page.is_unsealed else []


def _judging(session: Session, referral_id: str, weights: Weights, found: Sequence[OpenedResponse]) -> PackJudging:
    names = {one.recipient_id: one.setting_name for one in found}
    settled = evaluations.settled_scores(session, referral_id) if found else []
    return PackJudging(
        answers=tuple(map(_answer, found)),
        weights=tuple((criterion.words, points) for criterion, points in weights),
        evaluators=_evaluators(session, referral_id),
        scores=tuple(PackScore(names[s.recipient_id], s.criterion.words, s.score, s.reason) for s in settled),
        moderation=evaluations.moderation_of(session, referral_id),
        ranking=_ranking(session, referral_id, weights, found),
        family_view=_family_view(session, referral_id, names),
        preference=_preference(session, referral_id),
    )


def _need(text: Text) -> Facts:
    need = text.need
    return (
        ("Age band", need.age_band.words),
        ("Year group", need.year_group),
        ("Main area of need", need.need_area.words[0].upper() + need.need_area.words[1:]),
        ("Outcomes", need.outcomes),
        ("Risks", need.risk_wording or "None given"),
        ("Travel", need.travel_zone),
        ("Start", f"{need.starts_from:%d/%m/%Y} to {need.starts_until:%d/%m/%Y}"),
    )


def _versions(session: Session, actor: Actor, referral_id: str) -> tuple[PackVersion, ...]:
    return tuple(
        PackVersion(one.number, one.issued_at, one.issued_by, one.deadline_at, one.reason, one.hash, one.is_intact)
        for one in reversed(versions_of(session, actor, referral_id))
    )


def _approvals(session: Session, actor: Actor, referral_id: str) -> tuple[PackApproval, ...]:
    found = approvals_of(session, actor, referral_id)
    names = _names(session, {one.asked_by for one in found} | {one.decided_by for one in found if one.decided_by})
    return tuple(
        PackApproval(
            one.kind.words,
            names[one.asked_by],
            one.asked_at,
            one.reasons,
            names[one.decided_by] if one.decided_by else None,
            one.decided_at,
            one.outcome.words if one.outcome else None,
            one.words,
        )
        for one in found
    )


def _asked(page: ReferralPage) -> tuple[PackAsked, ...]:
    return tuple(
        PackAsked(
            line.setting_name,
            line.provider_name,
            CHANNELS.get(line.alert.channel, line.alert.channel) if line.alert else None,
            line.alert.status.value if line.alert else None,
            line.alert.handed_at if line.alert else None,
        )
        for line in page.recipients
    )


def _questions(session: Session, referral_id: str) -> tuple[PackQuestion, ...]:
    found = answered_questions(session, referral_id)
    return tuple(PackQuestion(one.number, one.question, one.answer, one.answered_at) for one in found)


def _answer(one: OpenedResponse) -> PackAnswer:
    said = one.response
    return PackAnswer(
        one.setting_name,
        one.received_at,
        one.checksum,
        said.kind.words,
        said.decline_code.words if said.decline_code else None,
        said.starts_on,
        said.yearly_cost,
        tuple((part.words, pounds) for part, pounds in said.costs if pounds) if said.costs else (),
        said.conditions,
        said.information_wanted,
        said.words,
    )


def _evaluators(session: Session, referral_id: str) -> tuple[tuple[str, str], ...]:
    words = {None: "No declaration yet", True: "Declared a conflict of interest", False: "Declared no conflict"}
    return tuple((one.name, words[one.has_conflict]) for one in evaluations.evaluators_of(session, referral_id))


def _ranking(
    session: Session, referral_id: str, weights: Weights, found: Sequence[OpenedResponse]
) -> tuple[PackRank, ...]:
    offers = [
        Offer(one.recipient_id, one.setting_name, one.response, one.checksum)
        for one in found
        if one.response.kind in OFFERS
    ]
    scores = evaluations.scores_to_rank(evaluations.settled_scores(session, referral_id), offers, weights)
    if scores is None:
        return ()
    names = {offer.recipient_id: offer.setting_name for offer in offers}
    preference = evaluations.preference_of(session, referral_id)
    ranked = rank(scores, weights, preference.recipient_id if preference else None)
    return tuple(
        PackRank(names[one.recipient_id], one.place, f"{float(one.points):g}", one.is_by_law) for one in ranked
    )


def _family_view(session: Session, referral_id: str, names: Mapping[str, str]) -> Facts:
    view = evaluations.family_view_of(session, referral_id)
    if view is None:
        return ()
    preferred = names.get(view.preferred_id or "")
    return (
        ("How it was given", view.way.words),
        ("Heard on", f"{view.heard_on:%d/%m/%Y}" if view.heard_on else "Not given"),
        ("What they say", view.words or "Nothing"),
        ("Would choose", preferred or "None of the offers named"),
        ("Recorded by", _names(session, {view.recorded_by})[view.recorded_by]),
    )


def _preference(session: Session, referral_id: str) -> Facts:
    found = evaluations.preference_of(session, referral_id)
    if found is None:
        return ()
    return (("What law says", found.kind.words), ("School", found.school), ("Grounds", found.words))


def _decision(session: Session, referral_id: str) -> PackDecision | None:
    award = award_of(session, referral_id)
    if award is None:
        return None
    names = _names(session, {award.decided_by, *([award.approved_by] if award.approved_by else [])})
    return PackDecision(
        award.outcome.words,
        award.supplier,
        award.reasons,
        names[award.decided_by],
        award.decided_at,
        names[award.approved_by] if award.approved_by else None,
        award.next_step.words if award.next_step else None,
        award.told_at,
        award.standstill_until,
        _placement(session, award),
    )


def _placement(session: Session, award: AwardCard) -> str | None:
    found = placement_of_referral(session, award.referral_id)
    return found.reference if found else None


def _names(session: Session, person_ids: Collection[str]) -> Mapping[str, str]:
    return {person_id: card.name for person_id, card in persons(session, person_ids).items()}
