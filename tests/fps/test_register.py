from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Connection

from fps import northwest
from fps.actions.evidence.record_document import RecordDocument, record_document
from fps.actions.frameworks.open_framework import OpenFramework, open_framework
from fps.actions.standing.change_status import ChangeStatus, change_status
from fps.actions.standing.register_setting import register_setting
from fps.model import DocumentKind, Status
from fps.queries import (
    candidates,
    framework,
    frameworks_of,
    held_by,
    setting,
    settings_of,
    status_history,
    status_on,
)
from fps.tables import DocumentRow
from kernel.audit import verify
from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.tables import EventRow
from kernel.work import Ground
from tests.fps.world import LAPSES, SINCE, World, build_world

TODAY = date(2026, 11, 23)


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)


def test_the_north_west_framework_has_seven_lots_under_light_touch_law(ground: Ground, world: World) -> None:
    """C3, C5"""
    assert [lot.number for lot in world.lots] == [1, 2, 3, 4, 5, 6, 7]
    assert DocumentKind.CHILDRENS_HOME_REGISTRATION in world.lots[2].required_documents
    with ground.read() as session:
        assert framework(session, world.framework_id).regime == "pcr_light_touch"


def test_a_council_buys_only_while_it_is_a_member_and_the_framework_runs(ground: Ground, world: World) -> None:
    """C2"""
    with ground.read() as session:
        assert [card.id for card in frameworks_of(session, world.council_id, TODAY)] == [world.framework_id]
        assert not frameworks_of(session, world.lead.roles[0].organisation_id, TODAY)
        assert not frameworks_of(session, world.council_id, northwest.STARTS_ON - timedelta(days=1))
        assert not frameworks_of(session, world.council_id, northwest.ENDS_ON + timedelta(days=1))


def test_only_the_lead_authority_opens_a_framework(ground: Ground, world: World) -> None:
    wanted = OpenFramework(
        "Another", northwest.REGIME, world.council_id, northwest.STARTS_ON, northwest.ENDS_ON, (), ()
    )
    with pytest.raises(ForbiddenError), ground.work() as work:
        open_framework(work, world.lead, wanted)


def test_each_step_is_kept_with_who_when_why_and_from_which_day(ground: Ground, world: World) -> None:
    with ground.work() as work:
        setting_id = world.active_setting(work, 1)
    lot_id = world.lots[0].id
    user = world.providers[1][1]
    with ground.work() as work:
        change_status(work, user, ChangeStatus(setting_id, lot_id, Status.SELF_PAUSED, "A head is leaving."))
    with ground.read() as session:
        steps = status_history(session, setting_id, lot_id)
        assert [step.to_status for step in steps] == ["applied", "admitted", "active", "self_paused"]
        last = steps[-1]
        assert (last.from_status, last.actor_id, last.reason) == (Status.ACTIVE, user.id, "A head is leaving.")
        assert (last.effective_on, last.recorded_at) == (TODAY, ground.clock.now())
        assert status_on(session, setting_id, lot_id, TODAY - timedelta(days=1)) is Status.ACTIVE
        assert status_on(session, setting_id, lot_id, TODAY) is Status.SELF_PAUSED
        assert status_on(session, setting_id, lot_id, SINCE - timedelta(days=1)) is None
        names = session.scalars(select(EventRow.name).order_by(EventRow.seq)).all()
        assert names == ["fps.setting_registered", *["fps.setting_status_changed"] * 4]
        assert verify(session).broken_at is None


def test_a_provider_cannot_take_the_lead_authoritys_steps_nor_a_rivals(ground: Ground, world: World) -> None:
    with ground.work() as work:
        setting_id = world.active_setting(work, 1)
    own, rival = world.providers[1][1], world.providers[0][1]
    for actor, status in ((own, Status.SUSPENDED), (rival, Status.SELF_PAUSED)):
        with pytest.raises(ForbiddenError), ground.work() as work:
            change_status(work, actor, ChangeStatus(setting_id, world.lots[0].id, status, "Because."))


def test_a_step_needs_a_reason_a_day_and_the_machines_leave(ground: Ground, world: World) -> None:
    with ground.work() as work:
        setting_id = world.active_setting(work, 1)
    lot_id = world.lots[0].id
    for command, error in (
        (ChangeStatus(setting_id, lot_id, Status.SUSPENDED, "  "), InvalidInputError),
        (
            ChangeStatus(setting_id, lot_id, Status.SUSPENDED, "Why.", TODAY + timedelta(days=1)),
            InvalidInputError,
        ),
        (ChangeStatus(setting_id, lot_id, Status.EXITED, "Why."), ConflictError),
    ):
        with pytest.raises(error), ground.work() as work:
            change_status(work, world.lead, command)


def test_a_setting_becomes_active_only_with_every_document_in_date(ground: Ground, world: World) -> None:
    with ground.work() as work:
        setting_id = register_setting(work, world.lead, world.new_setting(1))
        world.step(work, setting_id, Status.APPLIED, Status.ADMITTED)
    with pytest.raises(ConflictError) as refused, ground.work() as work:
        world.step(work, setting_id, Status.ACTIVE)
    assert "no insurance certificate is on record" in str(refused.value)


def test_registering_refuses_a_stranger_as_contact_a_second_urn_and_another_providers_user(
    ground: Ground, world: World
) -> None:
    with ground.work() as work:
        register_setting(work, world.lead, world.new_setting(1))
    with pytest.raises(ConflictError), ground.work() as work:
        register_setting(work, world.lead, replace(world.new_setting(2), urn="999001"))
    with pytest.raises(InvalidInputError), ground.work() as work:
        register_setting(work, world.lead, replace(world.new_setting(2), referral_contact_id=world.lead.id))
    with pytest.raises(ForbiddenError), ground.work() as work:
        register_setting(work, world.providers[0][1], world.new_setting(1))


def test_candidates_are_all_settings_of_the_framework_as_they_stand_that_day(ground: Ground, world: World) -> None:
    with ground.work() as work:
        active = world.active_setting(work, 1)
        paused = world.active_setting(work, 2)
        other_lot = world.active_setting(work, 3, lot=3)
        nowhere = register_setting(work, world.lead, world.new_setting(4))
        world.step(work, paused, Status.SELF_PAUSED, effective_on=TODAY)
        record_document(work, world.lead, RecordDocument(active, DocumentKind.INSURANCE, None))
    with ground.read() as session:
        found = {one.setting.id: one for one in candidates(session, world.lots[0].id, TODAY)}
        before = {one.setting.id: one for one in candidates(session, world.lots[0].id, TODAY - timedelta(days=1))}
    assert nowhere not in found
    assert {key: one.status for key, one in found.items()} == {
        active: Status.ACTIVE,
        paused: Status.SELF_PAUSED,
        other_lot: None,
    }
    assert before[paused].status is Status.ACTIVE
    assert set(found[active].documents) == set(world.lots[0].required_documents)
    assert found[active].documents[DocumentKind.INSURANCE] is None
    assert found[paused].documents[DocumentKind.INSURANCE] == LAPSES


def test_of_a_settings_own_and_its_providers_document_that_one_counts_which_holds_longer(
    ground: Ground, world: World
) -> None:
    with ground.work() as work:
        found = world.active_setting(work, 1)
        provider_id = setting(work.session, found).provider_id
        rows = (
            (DocumentKind.INSURANCE, LAPSES + timedelta(days=9)),
            (DocumentKind.STATEMENT_OF_PURPOSE, LAPSES - timedelta(days=9)),
            (DocumentKind.DFE_REGISTRATION, None),
        )
        work.session.add_all(
            DocumentRow(
                id=new_id(),
                provider_id=provider_id,
                kind=kind,
                state="accepted",
                is_current=True,
                valid_until=until,
                recorded_at=work.now,
                recorded_by=world.lead.id,
            )
            for kind, until in rows
        )
    with ground.read() as session:
        (one,) = candidates(session, world.lots[0].id, TODAY)
        assert one.documents == held_by(session, found)
    assert one.documents[DocumentKind.INSURANCE] == LAPSES + timedelta(days=9)
    assert one.documents[DocumentKind.STATEMENT_OF_PURPOSE] == LAPSES
    assert one.documents[DocumentKind.DFE_REGISTRATION] is None


def test_candidates_cost_the_same_number_of_queries_however_many_there_are(ground: Ground, world: World) -> None:
    counted: list[str] = []

    def count(*seen: object) -> None:
        counted.extend(str(seen[2]).split()[:1])

    event.listen(Connection, "before_cursor_execute", count)
    figures = []
    for number in range(1, 4):
        with ground.work() as work:
            world.active_setting(work, number)
        counted.clear()
        with ground.read() as session:
            candidates(session, world.lots[0].id, TODAY)
        figures.append(counted.count("SELECT"))
    event.remove(Connection, "before_cursor_execute", count)
    assert figures == [4, 4, 4]


def test_what_is_not_there_is_not_found(ground: Ground, world: World) -> None:
    with ground.read() as session:
        for ask in (setting, framework):
            with pytest.raises(NotFoundError):
                ask(session, "nothing")
        with pytest.raises(NotFoundError):
            candidates(session, "nothing", TODAY)
        assert settings_of(session, [world.providers[0][0]]) == []
