"""Evaluation in the demo: a competition awarded, one to award, one being scored, one without an award, one withdrawn.

In the one that is being scored an answer came too late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from fps.queries import frameworks_of, lots
from hub.demo.cast import Cast
from hub.demo.referrals import approve
from kernel.calendar import at_london, london_date
from kernel.work import Work
from people.model import Actor
from people.queries import person
from referrals.actions.close_referral import close_referral
from referrals.actions.draft_referral import Draft, draft_referral
from referrals.actions.evaluation.award import AwardReferral, award_referral
from referrals.actions.evaluation.name_evaluators import name_evaluators
from referrals.actions.evaluation.record_views import RecordView, record_family_view
from referrals.actions.evaluation.score import SaveScores, declare_interest, hand_in_scores, save_scores
from referrals.actions.evaluation.settle import SettleScores, settle_scores, write_moderation
from referrals.actions.issue_referral import IssueReferral, issue_referral
from referrals.actions.record_response import RecordResponse, record_response
from referrals.actions.unseal_responses import unseal_responses
from referrals.actions.withdraw_referral import withdraw_referral
from referrals.model import AgeBand, Costs, Need, NeedArea, Response, ResponseKind
from referrals.model.awards import NextStep
from referrals.model.criteria import DEFAULT_WEIGHTS, Criterion
from referrals.model.evaluation import Score, ViewWay
from referrals.queries.evaluations import offers_of
from referrals.queries.previews import draft_preview
from referrals.queries.providers import invitation
from referrals.rules.awarding import offers_mark
from referrals.rules.ranking import Scores

_REASONS = {
    4: "The offer says in detail how each outcome is reached, and with whom.",
    3: "The offer covers the need, and leaves open who works on it each day.",
    2: "The offer names the need, but not how the outcomes are reached.",
}
_GIVEN: tuple[tuple[int, ...], ...] = ((4, 3, 4, 2, 3), (3, 4, 2, 4, 3))
_HEARD = "They visited both places. The learner liked the small class and the garden."


def seed(work: Work, cast: Cast) -> None:
    """Award a competition of last month, leave one to award and one half scored, end one, and withdraw one."""
    awarded = _unsealed(work, cast, timedelta(days=40), "Writes for ten minutes a day.")
    now = replace(work, now=work.now - timedelta(days=20))
    _score(now, cast, awarded, people=2)
    _settle(now, cast, awarded)
    _award(now, cast, awarded)
    ready = _unsealed(work, cast, timedelta(days=28), "Speaks up once in each lesson.")
    _score(work, cast, ready, people=2)
    _settle(work, cast, ready)
    half = _unsealed(work, cast, timedelta(days=25), "Joins a small group for a lesson.", is_one_late=True)
    _score(work, cast, half, people=1)
    ended = _unsealed(work, cast, timedelta(days=33), "Learns to travel to school with one adult.", answers=0)
    close_referral(now, person(work.session, cast.commissioner_id), ended, "Nobody offered a place.", NextStep.RE_RUN)
    issued = _issued(work, cast, timedelta(days=3), "Eats lunch with two other learners.").referral_id
    yesterday = replace(work, now=work.now - timedelta(days=1))
    withdraw_referral(yesterday, person(work.session, cast.commissioner_id), issued, "The family has moved away.")


def _unsealed(
    work: Work, cast: Cast, ago: timedelta, outcomes: str, *, answers: int = 2, is_one_late: bool = False
) -> str:
    """Issue a competition so long ago, let providers offer, perhaps one more too late, and unseal it."""
    command = _issued(work, cast, ago, outcomes)
    then, referral_id = replace(work, now=work.now - ago), command.referral_id
    for number in range(answers):
        _offer(then, person(work.session, cast.providers[number][1]), referral_id, number)
    if is_one_late:
        late = replace(work, now=at_london(command.deadline_on, time(12, 4)))
        _offer(late, person(work.session, cast.providers[answers][1]), referral_id, answers)
    after = replace(work, now=then.now + timedelta(days=12))
    for each in _people(work, cast):
        unseal_responses(after, each, referral_id)
    return referral_id


def _issued(work: Work, cast: Cast, ago: timedelta, outcomes: str) -> IssueReferral:
    """Issue a competition so long ago, and return how."""
    then = replace(work, now=work.now - ago)
    commissioner, _colleague = _people(work, cast)
    today = london_date(then.now)
    framework = frameworks_of(work.session, cast.council_id, today)[0]
    lot_id = lots(work.session, [framework.id], today)[0].id
    referral_id = draft_referral(then, commissioner, Draft(cast.council_id, lot_id, _need(then.now, outcomes)))
    shown = draft_preview(work.session, commissioner, referral_id, then.now)
    command = IssueReferral(referral_id, shown.earliest_deadline_on, None, shown.fingerprint)
    approve(then, cast, command)
    issue_referral(then, commissioner, command)
    return command


def _people(work: Work, cast: Cast) -> tuple[Actor, Actor]:
    return person(work.session, cast.commissioner_id), person(work.session, cast.second_commissioner_id)


def _need(now: datetime, outcomes: str) -> Need:
    today = london_date(now)
    return Need(
        age_band=AgeBand.FROM_8,
        year_group="Year 4",
        gender=None,
        need_area=NeedArea.SEMH,
        outcomes=outcomes,
        risk_wording="",
        travel_zone="Within 40 minutes by taxi",
        starts_from=today + timedelta(days=60),
        starts_until=today + timedelta(days=120),
    )


def _offer(work: Work, user: Actor, referral_id: str, number: int) -> None:
    setting = invitation(work.session, user, referral_id, work.now).settings[0]
    costs = Costs(education=46_000 + 4_000 * number, therapy=5_000, transport=6_000)
    starts_on = london_date(work.now) + timedelta(days=70)
    offer = Response(ResponseKind.OFFER, starts_on=starts_on, costs=costs, words="We can show you round any day.")
    record_response(work, user, RecordResponse(setting.recipient_id, offer, work.now))


def _score(work: Work, cast: Cast, referral_id: str, *, people: int) -> None:
    """Name both commissioners, and let so many of them score all offers and hand in."""
    both = _people(work, cast)
    name_evaluators(work, both[0], referral_id, [each.id for each in both])
    for each in both[:people]:
        declare_interest(work, each, referral_id, conflict=False)
        for recipient_id, given in _scores(work, both[0], referral_id).items():
            save_scores(work, each, SaveScores(referral_id, recipient_id, _written(recipient_id, given)))
        hand_in_scores(work, each, referral_id)


def _scores(work: Work, actor: Actor, referral_id: str) -> Scores:
    offers = offers_of(work.session, actor, referral_id, work.keys)
    used = DEFAULT_WEIGHTS.used
    return {
        offer.recipient_id: dict(zip(used, given, strict=True)) for offer, given in zip(offers, _GIVEN, strict=True)
    }


def _written(recipient_id: str, given: Mapping[Criterion, int]) -> tuple[Score, ...]:
    return tuple(Score(recipient_id, criterion, score, _REASONS[score]) for criterion, score in given.items())


def _settle(work: Work, cast: Cast, referral_id: str) -> None:
    commissioner, _colleague = _people(work, cast)
    for recipient_id, given in _scores(work, commissioner, referral_id).items():
        settle_scores(work, commissioner, SettleScores(referral_id, recipient_id, _written(recipient_id, given)))
    write_moderation(work, commissioner, referral_id, "Both evaluators met and found that they had scored alike.")
    view = RecordView(referral_id, ViewWay.MEETING, london_date(work.now) - timedelta(days=1), _HEARD)
    record_family_view(work, commissioner, view)


def _award(work: Work, cast: Cast, referral_id: str) -> None:
    commissioner, _colleague = _people(work, cast)
    offers = offers_of(work.session, commissioner, referral_id, work.keys)
    reasons = "It ranks first and can start in time."
    command = AwardReferral(referral_id, offers[0].recipient_id, reasons, offers_mark(offers))
    award_referral(work, commissioner, command)
