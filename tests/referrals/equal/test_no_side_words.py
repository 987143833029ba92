"""Nobody of a council writes to one of many who were asked (R13)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from channels.tables import QueueItemRow
from hub.actions.answer_question import answer_question
from kernel.clock import FixedClock
from kernel.errors import ConflictError, NotFoundError
from referrals.actions.close_referral import close_referral
from referrals.queries.competing import live_competitions
from referrals.queries.councils import referral
from tests.referrals.world import World

AFTER = datetime(2026, 12, 1, 13, tzinfo=UTC)


def test_whoever_was_asked_gets_no_word_alone_until_it_is_over(world: World, clock: FixedClock) -> None:
    """R13"""
    referral_id = world.issued()
    now = clock.now()
    with world.ground.read() as session:
        reference = referral(session, world.commissioner, referral_id, now).text.reference
        assert live_competitions(session, world.commissioner, world.user(0).id, now) == [reference]
        assert live_competitions(session, world.colleague, world.user(2).id, AFTER) == [reference]
        assert live_competitions(session, world.commissioner, world.user(3).id, now) == []
        assert live_competitions(session, world.stranger, world.user(0).id, now) == []
    with pytest.raises(ConflictError, match=reference), world.ground.work() as work:
        answer_question(work, world.commissioner, "no matter", world.user(0).id, "Offer us less.")
    clock.set(AFTER)
    with world.ground.work() as work:
        close_referral(work, world.commissioner, referral_id, "The family has moved away.")
    with world.ground.read() as session:
        assert live_competitions(session, world.commissioner, world.user(0).id, AFTER) == []
        assert session.scalars(select(QueueItemRow)).all() == []


def test_others_are_answered_as_before(world: World) -> None:
    """R13: a provider that was not asked, whose text is not there"""
    world.issued()
    with pytest.raises(NotFoundError), world.ground.work() as work:
        answer_question(work, world.commissioner, "not there", world.user(3).id, "Yes, on Monday.")
