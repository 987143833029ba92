"""A referral is drafted for a lot that is open, and judged by what the lot asks for on its day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fps.actions.frameworks.change_lots import Lots, Terms, change_lot, end_lot
from fps.model import DocumentKind
from fps.queries import framework
from kernel.clock import FixedClock
from kernel.errors import InvalidInputError
from kernel.work import Ground, Work
from people.model import Role
from referrals.actions.draft_referral import Draft, draft_referral
from referrals.queries.drafts import lots_of
from referrals.queries.previews import draft_preview
from tests.fps.world import World, build_world, member
from tests.referrals.sample import need

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)


def _of(work: Work, world: World) -> Lots:
    return Lots(world.framework_id, framework(work.session, world.framework_id).edition, "Why.")


def test_a_lot_that_has_ended_is_not_offered_and_takes_no_draft(ground: Ground, clock: FixedClock) -> None:
    world = build_world(ground)
    ended = world.lots[6].id
    with ground.work() as work:
        commissioner = member(work, "Colin Baker", Role.COMMISSIONER, world.council_id)
        end_lot(work, world.lead, _of(work, world), ended, TODAY)
    with ground.read() as session:
        assert ended in {lot.id for lot in lots_of(session, world.council_id, TODAY)}
        assert ended not in {lot.id for lot in lots_of(session, world.council_id, TOMORROW)}
    clock.move(timedelta(days=1))
    with pytest.raises(InvalidInputError, match="cannot buy through this lot today"), ground.work() as work:
        draft_referral(work, commissioner, Draft(world.council_id, ended, need()))


def test_R3_what_a_lot_asks_for_from_tomorrow_excludes_nobody_today(ground: Ground) -> None:
    world = build_world(ground)
    lot = world.lots[0]
    with ground.work() as work:
        commissioner = member(work, "Colin Baker", Role.COMMISSIONER, world.council_id)
        world.active_setting(work, 1)
        terms = Terms(lot.kinds, [*lot.required_documents, DocumentKind.FINANCIAL_CHECK])
        change_lot(work, world.lead, _of(work, world), lot.id, terms, TOMORROW)
        referral_id = draft_referral(work, commissioner, Draft(world.council_id, lot.id, need()))
    now = ground.clock.now()
    with ground.read() as session:
        today = draft_preview(session, commissioner, referral_id, now).selection
        tomorrow = draft_preview(session, commissioner, referral_id, now + timedelta(days=1)).selection
    assert (len(today.recipients), len(tomorrow.recipients)) == (1, 0)
    assert "financial check" in tomorrow.excluded[0].reasons[0].words
