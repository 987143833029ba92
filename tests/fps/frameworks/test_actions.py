from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fps import northwest
from fps.actions.frameworks.change_lots import Lots, Terms, add_lot, change_lot, end_lot, replace_lot
from fps.actions.frameworks.change_members import Membership, add_member, add_user, end_member, end_user
from fps.actions.frameworks.change_term import NewEnd, add_option, correct_end, take_extension
from fps.actions.frameworks.edit_framework import Facts, edit_framework
from fps.actions.frameworks.open_framework import OpenFramework, open_framework
from fps.model import DocumentKind, NewLot, SettingKind, Status
from fps.queries import framework, frameworks_of, lot, lots, status_history, status_on
from fps.queries.frameworks import all_lots
from fps.tables import ExtensionOptionRow, FrameworkChangeRow, FrameworkUserRow
from kernel.audit import verify
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.work import Ground, Work
from people.model import Role
from tests.fps.world import World, build_world, member

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)
WHY = "The board decided it."
SCHOOL = SettingKind.INDEPENDENT_SPECIAL
DAY_LOT = NewLot(1, "day, 0 to 18", (DocumentKind.INSURANCE,), (SCHOOL,))


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)


def edition(ground: Ground, world: World) -> int:
    with ground.read() as session:
        return framework(session, world.framework_id).edition


def of(ground: Ground, world: World, reason: str = WHY) -> Lots:
    return Lots(world.framework_id, edition(ground, world), reason)


def test_each_change_stands_in_the_history_with_who_and_why_and_in_the_log(ground: Ground, world: World) -> None:
    end = NewEnd(world.framework_id, edition(ground, world), date(2031, 2, 28), WHY)
    with ground.work() as work:
        correct_end(work, world.lead, end)
    with ground.read() as session:
        rows = session.scalars(select(FrameworkChangeRow).order_by(FrameworkChangeRow.number)).all()
        assert [row.what for row in rows] == ["opened", "end_corrected"]
        assert (rows[1].reason, rows[1].actor_id, rows[1].recorded_at) == (WHY, world.lead.id, ground.clock.now())
        assert rows[1].details == {"before": "2030-02-28", "after": "2031-02-28"}
        assert framework(session, world.framework_id).ends_on == date(2031, 2, 28)
        assert verify(session).broken_at is None


def test_C7_the_end_moves_only_by_taking_an_option_and_each_option_once(ground: Ground, world: World) -> None:
    with ground.work() as work:
        add_option(work, world.lead, world.framework_id, edition(ground, world), 24, "by agreement")
    with ground.read() as session:
        option = session.scalars(select(ExtensionOptionRow)).one()
        assert framework(session, world.framework_id).ends_on == northwest.ENDS_ON, "an option alone moves nothing"
    to = date(2031, 12, 31)  # not the 24 months that arithmetic would give: the parties settle the day
    with ground.work() as work:
        take_extension(work, world.lead, option.id, NewEnd(world.framework_id, edition(ground, world), to, WHY))
    with ground.read() as session:
        assert framework(session, world.framework_id).ends_on == to
        assert session.scalars(select(ExtensionOptionRow.taken_on)).one() == TODAY
    again = NewEnd(world.framework_id, edition(ground, world), date(2033, 1, 1), WHY)
    with pytest.raises(ConflictError, match="taken on 23 November 2026"), ground.work() as work:
        take_extension(work, world.lead, option.id, again)


def test_two_lead_users_at_once_never_overwrite_each_other(ground: Ground, world: World) -> None:
    seen = edition(ground, world)
    with ground.work() as work:
        edit_framework(work, world.lead, world.framework_id, seen, Facts("A new name"))
    with pytest.raises(ConflictError, match="Somebody has changed this framework"), ground.work() as work:
        edit_framework(work, world.lead, world.framework_id, seen, Facts("Another name"))
    with ground.read() as session:
        assert framework(session, world.framework_id).name == "A new name"


Change = Callable[[Work, World, int], Any]
CHANGES: list[Change] = [
    lambda work, world, seen: edit_framework(work, world.lead, world.framework_id, seen, Facts("X")),
    lambda work, world, seen: add_option(work, world.lead, world.framework_id, seen, 12, ""),
    lambda work, world, seen: add_user(work, world.lead, world.framework_id, seen, "Virtual School", TODAY),
    lambda work, world, seen: correct_end(work, world.lead, NewEnd(world.framework_id, seen, TODAY, WHY)),
    lambda work, world, seen: add_member(
        work, world.lead, Membership(world.framework_id, seen, world.lead.roles[0].organisation_id, TODAY)
    ),
    lambda work, world, seen: end_lot(work, world.lead, Lots(world.framework_id, seen, WHY), world.lots[0].id, TODAY),
    lambda work, world, seen: add_lot(
        work, world.lead, Lots(world.framework_id, seen, WHY), replace(DAY_LOT, number=8)
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_another_lead_authority_finds_nothing_to_change(ground: Ground, world: World, change: Change) -> None:
    with ground.work() as work:
        stranger = member(work, "Sam Stranger", Role.LEAD_AUTHORITY, world.council_id)
    with pytest.raises(NotFoundError), ground.work() as work:
        change(work, replace(world, lead=stranger), edition(ground, world))
    with ground.work() as work:
        change(work, world, edition(ground, world))


def test_facts_are_kept_without_blanks_and_a_name_stands_once(ground: Ground, world: World) -> None:
    facts = Facts("  A  list ", "DN1", " ocds-1 ", ("1-2025", " ", "1-2025"), " SEN  Panel ")
    with ground.work() as work:
        edit_framework(work, world.lead, world.framework_id, edition(ground, world), facts)
        other = OpenFramework("Other", northwest.REGIME, world.lead.roles[0].organisation_id, TODAY, TOMORROW, (), ())
        open_framework(work, world.lead, other)
    with ground.read() as session:
        card = framework(session, world.framework_id)
    assert (card.name, card.contract, card.ocid, card.notices) == ("A list", "DN1", "ocds-1", ("1-2025",))
    assert card.approval_panel == "SEN Panel"
    with pytest.raises(InvalidInputError, match="There is a framework of this name"), ground.work() as work:
        edit_framework(work, world.lead, world.framework_id, edition(ground, world), Facts("OTHER"))


def test_a_lot_is_added_and_its_number_is_taken_while_it_lives(ground: Ground, world: World) -> None:
    with ground.work() as work:
        added = add_lot(work, world.lead, of(ground, world), replace(DAY_LOT, number=8, since=TOMORROW))
    with ground.read() as session:
        assert added not in {one.id for one in lots(session, [world.framework_id], TODAY)}
        assert added in {one.id for one in lots(session, [world.framework_id], TOMORROW)}
        assert lot(session, added, TOMORROW).kinds == (SCHOOL,)
    with pytest.raises(InvalidInputError, match="Choose another number"), ground.work() as work:
        add_lot(work, world.lead, of(ground, world), DAY_LOT)


def test_a_change_of_kinds_and_evidence_leaves_every_earlier_day_as_it_was(ground: Ground, world: World) -> None:
    lot_id = world.lots[0].id
    before = world.lots[0]
    terms = Terms([SCHOOL, SettingKind.FE_COLLEGE], [DocumentKind.POLICIES], " Band  2 ")
    with ground.work() as work:
        change_lot(work, world.lead, of(ground, world), lot_id, terms, TOMORROW)
    with ground.read() as session:
        today, later = lot(session, lot_id, TODAY), lot(session, lot_id, TOMORROW)
    assert (today.kinds, today.required_documents) == (before.kinds, before.required_documents)
    assert set(later.kinds) == {SCHOOL, SettingKind.FE_COLLEGE}
    assert later.required_documents == (DocumentKind.POLICIES,)
    assert later.price_band == "Band 2"
    with pytest.raises(InvalidInputError), ground.work() as work:
        change_lot(work, world.lead, of(ground, world), lot_id, terms, TODAY - timedelta(days=1))
    with ground.work() as work:  # the plan is given up again
        change_lot(work, world.lead, of(ground, world), lot_id, Terms(before.kinds, before.required_documents), TODAY)
    with ground.read() as session:
        assert set(lot(session, lot_id, TOMORROW).kinds) == set(before.kinds)


def test_a_lot_ends_only_when_nobody_stands_on_it(ground: Ground, world: World) -> None:
    with ground.work() as work:
        world.active_setting(work, 1)
    with pytest.raises(ConflictError, match="1 setting still stands"), ground.work() as work:
        end_lot(work, world.lead, of(ground, world), world.lots[0].id, TODAY)
    with ground.work() as work:
        end_lot(work, world.lead, of(ground, world), world.lots[1].id, TODAY)
    with ground.read() as session:
        assert [one.number for one in lots(session, [world.framework_id], TOMORROW)] == [1, 3, 4, 5, 6, 7]
    with pytest.raises(InvalidInputError, match="Say why"), ground.work() as work:
        end_lot(work, world.lead, of(ground, world, " "), world.lots[2].id, TODAY)


def test_nobody_joins_a_lot_that_is_not_open(ground: Ground, world: World) -> None:
    with ground.work() as work:
        setting_id = world.active_setting(work, 1)
        end_lot(work, world.lead, of(ground, world), world.lots[1].id, TODAY)
    with pytest.raises(ConflictError, match="is not open on"), ground.work() as work:
        world.step(work, setting_id, Status.APPLIED, lot=1, effective_on=northwest.SEVEN_LOTS_SINCE - timedelta(days=1))
    with pytest.raises(ConflictError, match="takes nobody new"), ground.work() as work:
        world.step(work, setting_id, Status.APPLIED, lot=1)


def test_who_stands_on_a_lot_moves_to_the_one_that_takes_its_place(ground: Ground, world: World) -> None:
    with ground.work() as work:
        active, paused = world.active_setting(work, 1), world.active_setting(work, 2)
        world.step(work, paused, Status.SELF_PAUSED)
    old = world.lots[0]
    with ground.work() as work:
        new_id = replace_lot(work, world.lead, of(ground, world), old.id, DAY_LOT)
    with ground.read() as session:
        new = lot(session, new_id, TODAY)
        assert (new.since, new.replaces_id, lot(session, old.id).until) == (TODAY, old.id, TODAY - timedelta(days=1))
        for setting_id, status in ((active, Status.ACTIVE), (paused, Status.SELF_PAUSED)):
            assert status_on(session, setting_id, new_id, TODAY) is status
            assert status_on(session, setting_id, old.id, TODAY) is Status.EXITED
            assert status_on(session, setting_id, old.id, TODAY - timedelta(days=1)) is status
        assert status_history(session, active, new_id)[0].reason == f"Moved from {old.title}."
        assert [one.number for one in lots(session, [world.framework_id], TODAY)] == [1, 2, 3, 4, 5, 6, 7]
        assert [one.number for one in all_lots(session, world.framework_id)][:2] == [1, 1]


def test_no_lot_takes_the_place_of_another_while_somebody_cannot_move(ground: Ground, world: World) -> None:
    with ground.work() as work:
        setting_id = world.active_setting(work, 1)
    narrow = replace(DAY_LOT, kinds=(SettingKind.NMSS,))
    with pytest.raises(InvalidInputError, match="School 1"), ground.work() as work:
        replace_lot(work, world.lead, of(ground, world), world.lots[0].id, narrow)
    with ground.work() as work:
        world.step(work, setting_id, Status.SUSPENDED)
    with pytest.raises(ConflictError, match=r"School 1 is suspended\. Finish that first"), ground.work() as work:
        replace_lot(work, world.lead, of(ground, world), world.lots[0].id, DAY_LOT)
    with ground.read() as session:
        assert lot(session, world.lots[0].id).until is None


def test_a_council_joins_leaves_and_joins_again(ground: Ground, world: World) -> None:
    council = world.council_id
    since = northwest.STARTS_ON
    with ground.work() as work:
        last = Membership(world.framework_id, edition(ground, world), council, since, TODAY)
        end_member(work, world.lead, last)
    with ground.read() as session:
        assert frameworks_of(session, council, TODAY)
        assert not frameworks_of(session, council, TOMORROW)
    with pytest.raises(InvalidInputError, match="a member on some of these days"), ground.work() as work:
        add_member(work, world.lead, Membership(world.framework_id, edition(ground, world), council, TODAY))
    with ground.work() as work:
        add_member(work, world.lead, Membership(world.framework_id, edition(ground, world), council, TOMORROW))
    with ground.read() as session:
        assert frameworks_of(session, council, TOMORROW)
    with pytest.raises(ConflictError, match="last day already"), ground.work() as work:
        end_member(work, world.lead, replace(last, edition=edition(ground, world)))
    with pytest.raises(NotFoundError), ground.work() as work:
        add_member(
            work,
            world.lead,
            Membership(world.framework_id, edition(ground, world), world.providers[0][0], TODAY),
        )


def test_others_than_councils_may_use_a_framework_from_day_to_day(ground: Ground, world: World) -> None:
    with ground.work() as work:
        add_user(work, world.lead, world.framework_id, edition(ground, world), " Virtual  School ", TODAY)
    with ground.read() as session:
        user = session.scalars(select(FrameworkUserRow)).one()
    assert user.name == "Virtual School"
    with pytest.raises(InvalidInputError, match="may use the framework already"), ground.work() as work:
        add_user(work, world.lead, world.framework_id, edition(ground, world), "virtual school", TOMORROW)
    with ground.work() as work:
        end_user(work, world.lead, world.framework_id, edition(ground, world), user.id, TOMORROW)
    with pytest.raises(ConflictError), ground.work() as work:
        end_user(work, world.lead, world.framework_id, edition(ground, world), user.id, TOMORROW)
