"""What providers read of their scores tells no rival and no price (R27)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kernel.errors import InvalidInputError
from referrals.actions.evaluation.settle import SettleScores, settle_scores
from referrals.rules.awarding import check_feedback
from tests.referrals.evaluation.world import offers, scored, scores
from tests.referrals.world import World

FIELD = "reason-quality"
RIVALS = ("School 1", "Provider 1")


@pytest.mark.parametrize(
    "reason",
    [
        "The other offer costs 41,500 pounds a year, so yours is dearer by far.",
        "The other offer costs 41500 a year, so that yours is dearer by far.",
        "The other offer costs £9 an hour, so that yours is dearer by far.",
        "The other offer costs 41 500 a year, so that yours is dearer by far.",
        "The other offer costs 41.5k a year, so that yours is dearer by far.",
        "The other offer costs 900 GBP a week, so that yours is dearer by far.",
        "Provider 1 has a stronger offer for this need than you have made here.",
        "School  1 has a stronger offer for this need than you have made here.",
        "SCHOOL-1 has a stronger offer for this need than you have made here.",
    ],
)
def test_a_reason_with_a_rival_or_a_price_is_refused(reason: str) -> None:
    """R27"""
    with pytest.raises(InvalidInputError) as refused:
        check_feedback(FIELD, reason, RIVALS)
    assert refused.value.field == FIELD


def test_years_hours_and_counts_stay() -> None:
    """R27: an inspection has a year, and a week has its hours."""
    check_feedback(FIELD, "Inspected in 2025 as good, with 25 hours a week in groups of 6 learners.", RIVALS)


def test_the_agreed_reasons_name_no_provider_that_was_asked_but_ones_own(world: World) -> None:
    """R27"""
    referral_id = scored(world)
    mine = offers(world, referral_id)[0].recipient_id
    for number, is_refused in ((0, False), (1, True), (2, True)):
        reason = f"Provider {number} was visited last term, and it meets the need."
        wanted = tuple(replace(one, reason=reason) for one in scores(mine, 4))
        with world.ground.work() as work:
            if not is_refused:
                settle_scores(work, world.commissioner, SettleScores(referral_id, mine, wanted))
                continue
            with pytest.raises(InvalidInputError, match="name of the other setting"):
                settle_scores(work, world.commissioner, SettleScores(referral_id, mine, wanted))
