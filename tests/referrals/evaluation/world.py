"""A referral whose answers are unsealed, and evaluators who have scored it, for tests of evaluation and award."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kernel.clock import FixedClock
from people.model import Actor
from referrals.actions.evaluation.award import AwardReferral, award_referral
from referrals.actions.evaluation.name_evaluators import name_evaluators
from referrals.actions.evaluation.record_views import RecordView, record_family_view
from referrals.actions.evaluation.score import SaveScores, declare_interest, hand_in_scores, save_scores
from referrals.actions.evaluation.settle import SettleScores, settle_scores, write_moderation
from referrals.actions.unseal_responses import unseal_responses
from referrals.model.awards import AwardCard
from referrals.model.criteria import DEFAULT_WEIGHTS
from referrals.model.evaluation import Offer, Score, ViewWay
from referrals.queries.evaluations import offers_of
from referrals.rules.awarding import offers_mark
from tests.referrals.world import World

REASON = "It meets the need, and the visit last term found it so."
USED = DEFAULT_WEIGHTS.used
AFTER = datetime(2026, 12, 2, 10, tzinfo=UTC)
"""The morning after the deadline."""


def at(world: World, moment: datetime) -> None:
    """Set the world's clock."""
    clock = world.ground.clock
    assert isinstance(clock, FixedClock)
    clock.set(moment)


def unsealed(world: World, answering: tuple[int, ...] = (0, 1)) -> str:
    """Issue a referral, let providers offer a place, and unseal after the deadline."""
    referral_id = world.issued()
    for number in answering:
        world.respond(referral_id, number)
    at(world, AFTER)
    for person in (world.commissioner, world.colleague):
        with world.ground.work() as work:
            unseal_responses(work, person, referral_id)
    return referral_id


def offers(world: World, referral_id: str) -> tuple[Offer, ...]:
    """Return what was offered."""
    with world.ground.read() as session:
        return offers_of(session, world.commissioner, referral_id, world.ground.keys)


def named(world: World, referral_id: str, *, declared: bool = True) -> None:
    """Name both commissioners, who declare to have no conflict of interest."""
    with world.ground.work() as work:
        name_evaluators(work, world.commissioner, referral_id, [world.commissioner.id, world.colleague.id])
    for person in (world.commissioner, world.colleague) if declared else ():
        with world.ground.work() as work:
            declare_interest(work, person, referral_id, conflict=False)


def scores(recipient_id: str, given: int) -> tuple[Score, ...]:
    """Return the same score for every criterion."""
    return tuple(Score(recipient_id, criterion, given, REASON) for criterion in USED)


def score_all(world: World, referral_id: str, person: Actor, given: tuple[int, ...] = (4, 2)) -> None:
    """Let one evaluator score the offers and hand in."""
    for offer, each in zip(offers(world, referral_id), given, strict=True):
        with world.ground.work() as work:
            save_scores(work, person, SaveScores(referral_id, offer.recipient_id, scores(offer.recipient_id, each)))
    with world.ground.work() as work:
        hand_in_scores(work, person, referral_id)


def scored(world: World) -> str:
    """Return a referral with two offers, of which all have handed in their scores."""
    referral_id = unsealed(world)
    named(world, referral_id)
    for person in (world.commissioner, world.colleague):
        score_all(world, referral_id, person)
    return referral_id


def settled(world: World, given: tuple[int, ...] = (4, 2)) -> str:
    """Return a referral with two offers that is ready for the decision."""
    referral_id = scored(world)
    agree(world, referral_id, given)
    return referral_id


def agree(world: World, referral_id: str, given: tuple[int, ...]) -> None:
    """Settle the scores of the offers, write how it came to that, and hear the family."""
    for offer, each in zip(offers(world, referral_id), given, strict=True):
        with world.ground.work() as work:
            wanted = SettleScores(referral_id, offer.recipient_id, scores(offer.recipient_id, each))
            settle_scores(work, world.commissioner, wanted)
    with world.ground.work() as work:
        write_moderation(work, world.commissioner, referral_id, "We went through each score and found no difference.")
    with world.ground.work() as work:
        view = RecordView(referral_id, ViewWay.PHONE, date(2026, 12, 1), "They like both, and would travel to either.")
        record_family_view(work, world.commissioner, view)


def award(world: World, referral_id: str, number: int = 0, person: Actor | None = None) -> AwardCard:
    """Award the referral to one of the offers."""
    command = to_award(world, referral_id, number)
    with world.ground.work() as work:
        return award_referral(work, person or world.commissioner, command)


def to_award(world: World, referral_id: str, number: int = 0) -> AwardReferral:
    """Return the award of one of the offers as they stand now."""
    found = offers(world, referral_id)
    reasons = "It ranks first, and it can start in January."
    return AwardReferral(referral_id, found[number].recipient_id, reasons, offers_mark(found))
