"""The three frameworks of DOMAIN.md 2, as data."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fps import northwest
from fps.actions.frameworks.open_bury import open_bury
from fps.actions.frameworks.open_independent_education import open_independent_education
from fps.actions.frameworks.open_north_west import open_north_west
from fps.model import Regime, SettingKind
from fps.queries import framework, frameworks_of, lots
from fps.queries.framework_pages import members_of, options_of, users_of
from fps.queries.frameworks import all_lots
from fps.rules.frameworks import check_kind
from hub.demo import frameworks as demo
from hub.demo.cast import seed_cast
from kernel.errors import ConflictError, ForbiddenError
from kernel.work import Ground
from people.actions.register_councils import register_councils
from people.councils import LEAD_AUTHORITY
from people.model import Role
from tests.fps.world import member

TODAY = date(2026, 11, 23)
FIRST, LAST = date(2024, 9, 1), date(2027, 8, 31)
BURY = "E08000002"


def test_C3_the_north_west_has_seven_lots_today_and_its_early_three_in_its_history(ground: Ground) -> None:
    with ground.work() as work:
        councils = register_councils(work)
        framework_id = open_north_west(work, member(work, "Lee", Role.LEAD_AUTHORITY, councils[LEAD_AUTHORITY]))
    with ground.read() as session:
        assert [lot.number for lot in lots(session, [framework_id], TODAY)] == [1, 2, 3, 4, 5, 6, 7]
        early = lots(session, [framework_id], northwest.STARTS_ON)
        assert [(lot.number, lot.until) for lot in early] == [(n, northwest.THREE_LOTS_UNTIL) for n in (1, 2, 3)]
        by_id = {lot.id: lot for lot in all_lots(session, framework_id)}
        replaced = {lot.title: by_id[lot.replaces_id].title for lot in by_id.values() if lot.replaces_id}
        assert replaced["Lot 4: day, 16 and over"] == "Lot 1: day"
        assert len(replaced) == 5
        assert framework(session, framework_id).ocid == "ocds-h6vhtk-0547f9"
        sixteen_day = lots(session, [framework_id], TODAY)[3]
        check_kind(sixteen_day, SettingKind.FE_COLLEGE, TODAY)
        with pytest.raises(ConflictError):
            check_kind(early[0], SettingKind.FE_COLLEGE, northwest.STARTS_ON)


def test_C2_cumbria_was_a_member_to_its_last_day_and_its_two_successors_are_since(ground: Ground) -> None:
    with ground.work() as work:
        councils = register_councils(work)
        framework_id = open_north_west(work, member(work, "Lee", Role.LEAD_AUTHORITY, councils[LEAD_AUTHORITY]))
    with ground.read() as session:
        days = {one.council_id: one.days for one in members_of(session, framework_id)}
    assert days[councils["E10000006"]].until == date(2023, 3, 31)
    assert {days[councils[gss]].since for gss in ("E06000063", "E06000064")} == {date(2023, 4, 1)}


def test_bury_has_six_lots_a_panel_schools_as_users_and_options_that_move_no_day(ground: Ground) -> None:
    """C5, C7"""
    with ground.work() as work:
        councils = register_councils(work)
        framework_id = open_bury(work, member(work, "Lee", Role.LEAD_AUTHORITY, councils[BURY]), FIRST, LAST)
    with ground.read() as session:
        card = framework(session, framework_id)
        assert (card.regime, card.approval_panel, card.ends_on) == (Regime.PCR_DPS, "SEN Resource Panel", LAST)
        assert [lot.number for lot in lots(session, [framework_id], TODAY)] == [1, 2, 3, 4, 5, 6]
        assert "All schools in Bury" in {user.name for user in users_of(session, framework_id)}
        assert [(one.months, one.taken_on) for one in options_of(session, framework_id)] == [(24, None), (12, None)]
        assert [one.id for one in frameworks_of(session, councils[BURY], TODAY)] == [framework_id]
        assert not frameworks_of(session, councils[BURY], LAST + timedelta(days=1))


def test_only_its_own_lead_opens_a_councils_framework(ground: Ground) -> None:
    with ground.work() as work:
        councils = register_councils(work)
        lead = member(work, "Lee", Role.LEAD_AUTHORITY, councils[LEAD_AUTHORITY])
    with pytest.raises(ForbiddenError), ground.work() as work:
        open_bury(work, lead, FIRST, LAST)
    with pytest.raises(ForbiddenError), ground.work() as work:
        open_independent_education(work, lead, councils[BURY], FIRST, LAST)


def test_the_demo_has_a_framework_of_bury_and_one_for_independent_education(ground: Ground) -> None:
    with ground.work() as work:
        cast = seed_cast(work)
        demo.seed(work, cast)
        assert not frameworks_of(work.session, cast.council_id, TODAY), "they are of one council each"
    with ground.work() as work:
        bury = register_councils(work)[BURY]
        assert len(frameworks_of(work.session, bury, TODAY)) == 1
