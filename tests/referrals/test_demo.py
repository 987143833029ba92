from __future__ import annotations

import hub.demo.fps
import hub.demo.referrals
from hub.demo.cast import seed_cast
from kernel.work import Ground
from people.queries import person
from referrals.model import Phase
from referrals.queries.councils import referral
from referrals.queries.drafts import draft
from referrals.queries.lists import referrals_of


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
