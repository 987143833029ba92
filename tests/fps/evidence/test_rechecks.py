from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from unittest.mock import ANY

import pytest

from fps.actions.evidence.answer_recheck import confirm_documents
from fps.actions.evidence.chase_rechecks import chase_rechecks
from fps.actions.evidence.close_recheck import close_recheck
from fps.actions.evidence.judge_document import accept_document, refuse_document
from fps.actions.evidence.start_recheck import StartRecheck, start_recheck
from fps.model import DocumentKind, Status
from fps.model.evidence import RecheckAnswer
from fps.queries.rechecks import (
    all_items,
    count_silent_providers,
    items_of_provider,
    recheck,
    rechecks,
    silent_providers,
)
from fps.rules.evidence import RECHECKED
from fps.waiting import documents_to_confirm
from kernel.calendar import add_working_days, at_london
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Ground
from people.model import Actor, Role
from tests.fps.evidence.papers import offer, told
from tests.fps.world import World, member

DUE = date(2027, 1, 15)
ASKED = 3
"""Of a setting on lot 1: both registrations and the insurance."""


def start(ground: Ground, world: World) -> str:
    with ground.work() as work:
        return start_recheck(work, world.lead, StartRecheck(world.framework_id, DUE))


def test_every_setting_that_stands_on_a_lot_is_asked_for_registrations_and_insurance(
    ground: Ground, world: World
) -> None:
    with ground.work() as work:
        world.active_setting(work, 0)
        gone = world.active_setting(work, 3)
        world.step(work, gone, Status.SUSPENDED, Status.DECOMMISSIONING, Status.EXITED)
        paused = world.active_setting(work, 1)
        world.step(work, paused, Status.SELF_PAUSED)
    recheck_id = start(ground, world)
    with ground.read() as session:
        card = recheck(session, world.lead, recheck_id)
        items = list(all_items(session, recheck_id))
        assert documents_to_confirm(session, world.providers[0][1], ground.clock.now()).count == ASKED
    assert (card.asked, card.answered) == (2 * ASKED, 0)
    assert {item.kind for item in items} <= set(RECHECKED)
    assert gone not in {item.setting_id for item in items}
    assert sorted(told(ground, "fps.recheck_started")) == sorted(user.id for _, user in world.providers[:2])


def test_what_a_provider_holds_for_all_its_settings_is_asked_once(ground: Ground, world: World) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        world.active_setting(work, 0)
        later = world.active_setting(work, 3)
        kind = DocumentKind.CHILDRENS_HOME_REGISTRATION
        accept_document(work, world.lead, offer(work, user, provider_id, None, kind))
        for each in (DocumentKind.INSURANCE,):
            accept_document(work, world.lead, offer(work, user, provider_id, None, each))
    recheck_id = start(ground, world)
    with ground.read() as session:
        items = [item for item in all_items(session, recheck_id) if item.kind is DocumentKind.INSURANCE]
    assert later in {item.setting_id for item in items}, "its own counts beside the provider's"
    assert len(items) == 2


def test_one_press_confirms_what_still_holds_and_twice_changes_nothing(ground: Ground, world: World) -> None:
    user, rival = world.providers[0][1], world.providers[1][1]
    with ground.work() as work:
        world.active_setting(work, 0)
    recheck_id = start(ground, world)
    with ground.read() as session:
        ids = [item.id for item in items_of_provider(session, user)]
        assert items_of_provider(session, rival) == []
    with ground.work() as work:
        assert confirm_documents(work, rival, ids) == 0
        assert confirm_documents(work, user, ids) == ASKED
        assert confirm_documents(work, user, ids) == 0
    with ground.read() as session:
        card = recheck(session, world.lead, recheck_id)
        assert count_silent_providers(session, recheck_id) == 0
    assert (card.confirmed, card.uploaded) == (ASKED, 0)


def test_a_document_that_has_ended_cannot_be_confirmed_only_uploaded(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
    clock.set(datetime(2027, 4, 2, 12, tzinfo=UTC))
    with ground.work() as work:
        recheck_id = start_recheck(work, world.lead, StartRecheck(world.framework_id, date(2027, 5, 5)))
    with ground.read() as session:
        ids = [item.id for item in items_of_provider(session, user)]
    with ground.work() as work:
        assert confirm_documents(work, user, ids) == 0
        offered = offer(work, user, provider_id, setting_id)
    with ground.read() as session:
        assert recheck(session, world.lead, recheck_id).uploaded == 1
    with ground.work() as work:
        refuse_document(work, world.lead, offered, "It is last year's.")
    with ground.read() as session:
        assert recheck(session, world.lead, recheck_id).answered == 0, "a refused upload answers nothing"


def test_a_document_of_the_whole_provider_answers_for_settings_without_one_of_their_own_that_holds(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        lapsed, fresh = world.active_setting(work, 0), world.active_setting(work, 3)
    clock.set(datetime(2027, 4, 2, 12, tzinfo=UTC))
    with ground.work() as work:
        accept_document(work, world.lead, offer(work, user, provider_id, fresh))
        start_recheck(work, world.lead, StartRecheck(world.framework_id, date(2027, 5, 5)))
    with ground.work() as work:
        offered = offer(work, user, provider_id, None)
    assert insurance(ground, user) == {lapsed: (RecheckAnswer.UPLOADED, offered), fresh: (None, ANY)}
    with ground.work() as work:
        refuse_document(work, world.lead, offered, "It is last year's.")
    assert insurance(ground, user)[lapsed][0] is None


def test_what_the_provider_holds_for_all_is_confirmed_for_a_setting_whose_own_has_ended(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    provider_id, user = world.providers[0]
    with ground.work() as work:
        setting_id = world.active_setting(work, 0)
    clock.set(datetime(2027, 4, 2, 12, tzinfo=UTC))
    with ground.work() as work:
        of_all = offer(work, user, provider_id, None)
        accept_document(work, world.lead, of_all)
        start_recheck(work, world.lead, StartRecheck(world.framework_id, date(2027, 5, 5)))
    assert insurance(ground, user) == {setting_id: (None, of_all)}, "it is shown which one counts"
    with ground.read() as session:
        ids = [item.id for item in items_of_provider(session, user) if item.kind is DocumentKind.INSURANCE]
    with ground.work() as work:
        assert confirm_documents(work, user, ids) == 1
    assert insurance(ground, user) == {setting_id: (RecheckAnswer.CONFIRMED, of_all)}


def insurance(ground: Ground, user: Actor) -> dict[str | None, tuple[RecheckAnswer | None, str | None]]:
    """Return by setting how the question about insurance was answered, and with which document."""
    with ground.read() as session:
        return {
            item.setting_id: (item.answer, item.document_id)
            for item in items_of_provider(session, user)
            if item.kind is DocumentKind.INSURANCE
        }


def test_chasers_go_out_10_and_3_working_days_before_on_the_day_and_5_after(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    with ground.work() as work:
        world.active_setting(work, 0)
        world.active_setting(work, 1)
    start(ground, world)
    with ground.read() as session:
        ids = [item.id for item in items_of_provider(session, world.providers[1][1])]
    with ground.work() as work:
        confirm_documents(work, world.providers[1][1], ids)
    chased = []
    day = date(2026, 12, 20)
    while day < date(2027, 2, 10):
        clock.set(at_london(day, time(9, 15)))
        before = len(told(ground, "fps.recheck_chaser"))
        chase_rechecks(ground, clock.now())
        chase_rechecks(ground, clock.now())
        chased += [day] * (len(told(ground, "fps.recheck_chaser")) - before)
        day += timedelta(days=1)
    assert chased == [add_working_days(DUE, offset) for offset in (-10, -3, 0, 5)]
    assert set(told(ground, "fps.recheck_chaser")) == {world.providers[0][1].id}


def test_of_missed_chasers_only_the_latest_goes_out(ground: Ground, world: World, clock: FixedClock) -> None:
    with ground.work() as work:
        world.active_setting(work, 0)
    start(ground, world)
    clock.set(at_london(DUE, time(12)))
    chase_rechecks(ground, clock.now())
    assert len(told(ground, "fps.recheck_chaser")) == 1


def test_one_check_of_a_framework_is_open_at_a_time_and_closing_ends_it(
    ground: Ground, world: World, clock: FixedClock
) -> None:
    with ground.work() as work:
        world.active_setting(work, 0)
    recheck_id = start(ground, world)
    with pytest.raises(ConflictError):
        start(ground, world)
    with ground.work() as work:
        close_recheck(work, world.lead, recheck_id)
    with ground.work() as work, pytest.raises(ConflictError):
        close_recheck(work, world.lead, recheck_id)
    with ground.read() as session:
        assert items_of_provider(session, world.providers[0][1]) == []
        assert [each.owed for each in silent_providers(session, recheck_id)] == [ASKED]
    clock.set(at_london(DUE, time(12)))
    chase_rechecks(ground, clock.now())
    assert told(ground, "fps.recheck_chaser") == []
    clock.set(at_london(date(2026, 11, 30), time(12)))
    assert start(ground, world) != recheck_id


def test_only_the_lead_authority_starts_and_reads_and_only_for_a_day_to_come(ground: Ground, world: World) -> None:
    with ground.work() as work:
        world.active_setting(work, 0)
        other = member(work, "Lou Lead", Role.LEAD_AUTHORITY, world.other_council_id)
    with ground.work() as work, pytest.raises(NotFoundError):
        start_recheck(work, other, StartRecheck(world.framework_id, DUE))
    for day in (date(2026, 11, 23), date(2028, 1, 1)):
        with ground.work() as work, pytest.raises(InvalidInputError):
            start_recheck(work, world.lead, StartRecheck(world.framework_id, day))
    recheck_id = start(ground, world)
    with ground.read() as session:
        assert rechecks(session, other) == []
        with pytest.raises(NotFoundError):
            recheck(session, other, recheck_id)
    with ground.read() as session:
        [item, *_] = all_items(session, recheck_id)
        assert item.answer is not RecheckAnswer.CONFIRMED


def test_nobody_to_ask_is_said_and_nothing_is_started(ground: Ground, world: World) -> None:
    with pytest.raises(ConflictError, match="No setting"):
        start(ground, world)
    with ground.read() as session:
        assert rechecks(session, world.lead) == []
