from __future__ import annotations

from sqlalchemy import select

import hub.demo.evaluation
import hub.demo.fps
import hub.demo.referrals
from hub.demo.cast import seed_cast
from kernel.work import Ground
from people.queries import person
from referrals.model import Phase
from referrals.model.awards import NextStep, Outcome
from referrals.queries.answers import late_answers
from referrals.queries.councils import referral
from referrals.queries.drafts import draft
from referrals.queries.lists import referrals_of
from referrals.tables import AwardRow, LateResponseRow, RecipientRow


def test_the_demo_shows_somebody_left_out_for_every_reason_and_a_draft_to_check(ground: Ground) -> None:
    """R3, R31"""
    with ground.work() as work:
        cast = seed_cast(work)
        hub.demo.fps.seed(work, cast)
        hub.demo.referrals.seed(work, cast)
    now = ground.clock.now()
    with ground.read() as session:
        commissioner = person(session, cast.commissioner_id)
        lines = {line.phase: line for line in referrals_of(session, commissioner, now)}
        page = referral(session, commissioner, lines[Phase.OPEN].id, now)
        unchecked = draft(session, commissioner, lines[Phase.DRAFT].id).unconfirmed
    assert [line.setting_name for line in page.recipients] == [
        "Alder Grove School",
        "Beacon Lane School",
        "Coppice Day School",
        "Dove Meadow School",
    ]
    assert sorted({line.alert.channel for line in page.recipients if line.alert}) == ["email", "slack", "sms"]
    assert len(page.exclusions) == 8
    said = " ".join(words for line in page.exclusions for words in line.reasons)
    for reason in ("not on Lot 1", "suspended", "paused", "ended on", "ages 12 to 16", "boys only", "not active yet"):
        assert reason in said
    assert page.counts.answered == 1
    assert [one.text for one in unchecked] == ["Bolton"]


def test_the_demo_shows_an_answer_that_came_too_late_and_a_referral_that_was_withdrawn(ground: Ground) -> None:
    """R17, R29"""
    with ground.work() as work:
        cast = seed_cast(work)
        hub.demo.fps.seed(work, cast)
        hub.demo.evaluation.seed(work, cast)
    with ground.read() as session:
        commissioner = person(session, cast.commissioner_id)
        (late,) = session.scalars(select(LateResponseRow))
        recipient = session.get_one(RecipientRow, late.recipient_id)
        assert [one.id for one in late_answers(session, commissioner, recipient.referral_id)] == [late.id]
        steps = session.scalars(select(AwardRow.next_step).where(AwardRow.outcome == Outcome.NO_AWARD)).all()
        assert sorted(str(step) for step in steps) == [NextStep.RE_RUN, NextStep.WITHDRAWN]
