from __future__ import annotations

from collections.abc import Callable

import pytest

from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from kernel.work import Work
from referrals.actions.evaluation.name_evaluators import name_evaluators, release_evaluator
from referrals.actions.evaluation.score import SaveScores, declare_interest, hand_in_scores, save_scores
from referrals.actions.evaluation.settle import SettleScores, settle_scores, write_moderation
from referrals.model.criteria import Criterion
from referrals.model.evaluation import Score
from referrals.queries.evaluations import evaluators_of, settled_scores
from referrals.queries.scoring import colleagues_scores
from tests.referrals.evaluation.world import REASON, named, offers, score_all, scored, scores, unsealed
from tests.referrals.world import World


def test_nobody_scores_before_the_answers_are_unsealed(world: World) -> None:
    """R21, R25"""
    referral_id = world.issued()
    world.respond(referral_id)
    named(world, referral_id)
    with pytest.raises(ConflictError, match="unsealed"), world.ground.work() as work:
        hand_in_scores(work, world.commissioner, referral_id)


def test_only_commissioners_of_the_council_are_named(world: World) -> None:
    """R25"""
    referral_id = unsealed(world)
    with pytest.raises(InvalidInputError), world.ground.work() as work:
        name_evaluators(work, world.commissioner, referral_id, [world.stranger.id, world.user(0).id])
    with pytest.raises(NotFoundError), world.ground.work() as work:
        name_evaluators(work, world.stranger, referral_id, [world.stranger.id])


def test_an_evaluator_declares_before_scoring(world: World) -> None:
    """R25"""
    referral_id = unsealed(world)
    named(world, referral_id, declared=False)
    recipient_id = offers(world, referral_id)[0].recipient_id
    command = SaveScores(referral_id, recipient_id, scores(recipient_id, 3))
    with pytest.raises(ConflictError, match="conflict of interest"), world.ground.work() as work:
        save_scores(work, world.commissioner, command)


def test_who_has_a_conflict_reads_no_offer_and_takes_no_part(world: World) -> None:
    """R25"""
    referral_id = unsealed(world)
    named(world, referral_id)
    with world.ground.work() as work:
        declare_interest(work, world.colleague, referral_id, conflict=True)
    forbidden: tuple[Callable[[Work], None], ...] = (
        lambda work: declare_interest(work, world.colleague, referral_id, conflict=False),
        lambda work: hand_in_scores(work, world.colleague, referral_id),
        lambda work: name_evaluators(work, world.colleague, referral_id, [world.commissioner.id]),
        lambda work: write_moderation(work, world.colleague, referral_id, REASON),
    )
    for act in forbidden:
        with pytest.raises(ForbiddenError), world.ground.work() as work:
            act(work)
    with world.ground.read() as session:
        assert [each.words for each in evaluators_of(session, referral_id)].count("Conflict of interest") == 1


@pytest.mark.parametrize(
    ("score", "field"),
    [
        (Score("", Criterion.QUALITY, 6, REASON), "score-quality"),
        (Score("", Criterion.QUALITY, -1, REASON), "score-quality"),
        (Score("", Criterion.QUALITY, 3, "Good."), "reason-quality"),
        (Score("", Criterion.INNOVATION, 3, REASON), "score-innovation"),
    ],
)
def test_a_score_is_from_0_to_5_with_a_reason_of_30_characters(world: World, score: Score, field: str) -> None:
    """R25"""
    referral_id = unsealed(world)
    named(world, referral_id)
    command = SaveScores(referral_id, offers(world, referral_id)[0].recipient_id, (score,))
    with pytest.raises(InvalidInputError) as refused, world.ground.work() as work:
        save_scores(work, world.commissioner, command)
    assert refused.value.field == field


def test_scores_are_handed_in_complete_and_then_stay(world: World) -> None:
    """R25"""
    referral_id = unsealed(world)
    named(world, referral_id)
    first, second = offers(world, referral_id)
    with world.ground.work() as work:
        save_scores(
            work, world.commissioner, SaveScores(referral_id, first.recipient_id, scores(first.recipient_id, 4))
        )
    with pytest.raises(InvalidInputError, match="5 scores are missing"), world.ground.work() as work:
        hand_in_scores(work, world.commissioner, referral_id)
    score_all(world, referral_id, world.commissioner)
    command = SaveScores(referral_id, second.recipient_id, scores(second.recipient_id, 5))
    with pytest.raises(ConflictError, match="handed in"), world.ground.work() as work:
        save_scores(work, world.commissioner, command)


def test_nobody_sees_the_scores_of_others_before_all_are_in(world: World) -> None:
    """R25"""
    referral_id = unsealed(world)
    named(world, referral_id)
    score_all(world, referral_id, world.commissioner)
    with world.ground.read() as session, pytest.raises(ConflictError, match="stay closed"):
        colleagues_scores(session, world.colleague, referral_id)
    recipient_id = offers(world, referral_id)[0].recipient_id
    with pytest.raises(ConflictError, match="stay closed"), world.ground.work() as work:
        settle_scores(work, world.colleague, SettleScores(referral_id, recipient_id, scores(recipient_id, 4)))
    score_all(world, referral_id, world.colleague)
    with world.ground.read() as session:
        found = colleagues_scores(session, world.colleague, referral_id)
    assert {person: len(given) for person, given in found.items()} == {
        world.commissioner.id: 10,
        world.colleague.id: 10,
    }


def test_one_evaluator_is_not_enough(world: World) -> None:
    """R25: at least two score, whoever was released not counted."""
    referral_id = unsealed(world)
    named(world, referral_id)
    score_all(world, referral_id, world.commissioner)
    with world.ground.work() as work:
        release_evaluator(work, world.commissioner, referral_id, world.colleague.id)
    with world.ground.read() as session, pytest.raises(ConflictError, match="stay closed"):
        colleagues_scores(session, world.commissioner, referral_id)
    with pytest.raises(ConflictError, match="handed in"), world.ground.work() as work:
        release_evaluator(work, world.colleague, referral_id, world.commissioner.id)
    with world.ground.work() as work:
        name_evaluators(work, world.commissioner, referral_id, [world.colleague.id])
    score_all(world, referral_id, world.colleague)
    with pytest.raises(ConflictError, match="All scores are in"), world.ground.work() as work:
        name_evaluators(work, world.commissioner, referral_id, [world.colleague.id])


def test_what_was_agreed_is_complete_and_recorded(world: World) -> None:
    """R25"""
    referral_id = scored(world)
    first, second = (offer.recipient_id for offer in offers(world, referral_id))
    with pytest.raises(InvalidInputError, match="every offer"), world.ground.work() as work:
        write_moderation(work, world.commissioner, referral_id, REASON)
    with pytest.raises(InvalidInputError) as refused, world.ground.work() as work:
        settle_scores(work, world.commissioner, SettleScores(referral_id, first, scores(first, 4)[1:]))
    assert refused.value.field == "score-specific_needs"
    for recipient_id in (first, second):
        with world.ground.work() as work:
            settle_scores(work, world.commissioner, SettleScores(referral_id, recipient_id, scores(recipient_id, 3)))
    with pytest.raises(InvalidInputError), world.ground.work() as work:
        write_moderation(work, world.commissioner, referral_id, "All agreed.")
    with world.ground.work() as work:
        write_moderation(work, world.commissioner, referral_id, "We met and went through each of the scores.")
    with world.ground.read() as session:
        assert len(settled_scores(session, referral_id)) == 10


@pytest.mark.parametrize(
    "reason",
    [
        "It costs less than the others, which ask for £61,500.",
        "It is much nearer than School 1, where nobody can go.",
        "Ring the head about it on 07700 900123 before the visit.",
    ],
)
def test_what_a_provider_will_read_names_no_rival_no_price_and_nobody(world: World, reason: str) -> None:
    """R27"""
    referral_id = scored(world)
    mine = next(offer for offer in offers(world, referral_id) if offer.setting_name != "School 1").recipient_id
    wrong = tuple(Score(mine, each.criterion, each.score, reason) for each in scores(mine, 3))
    with pytest.raises(InvalidInputError, match="The provider reads this"), world.ground.work() as work:
        settle_scores(work, world.commissioner, SettleScores(referral_id, mine, wrong))


def test_only_offers_are_scored(world: World) -> None:
    """R23, R25"""
    referral_id = unsealed(world, answering=(0,))
    named(world, referral_id)
    with pytest.raises(NotFoundError), world.ground.work() as work:
        save_scores(work, world.commissioner, SaveScores(referral_id, "nothing", scores("nothing", 3)))
