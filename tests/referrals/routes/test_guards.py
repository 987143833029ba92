from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.tables import MessageRow
from fps.model import SettingKind
from fps.tables import SettingRow
from kernel.clock import FixedClock
from kernel.errors import ConflictError, InvalidInputError
from kernel.ids import new_id
from kernel.work import Work
from referrals.actions.draft_referral import Draft, draft_referral, edit_draft
from referrals.actions.evaluation.follow_up import follow_up
from referrals.actions.preparing.override_guard import override_guard
from referrals.model import YEAR_GROUPS, AgeBand, Need, NeedArea, Terms
from referrals.model.approvals import ApprovalKind
from referrals.model.particulars import Particulars
from referrals.model.routes import Route
from referrals.queries.alike import count_alike
from referrals.rules.drafting import ages_in, check_need, fits
from referrals.rules.rare import area_to_show
from referrals.rules.routes import is_guarded
from referrals.tables import IssueRow, ReferralRow
from tests.referrals.routes.steps import approve_and_issue, ask, looks, plan
from tests.referrals.sample import need
from tests.referrals.world import World

UNREGISTERED = frozenset({SettingKind.AP_UNREGISTERED})
_COMPETITION = Route.MINI_COMPETITION
WHY = "The placement is for six weeks while a registered place is found."
_GIVEN = Particulars(is_protected=True)


@pytest.mark.parametrize(
    ("hours", "is_protected", "kinds", "expected"),
    [
        (18, True, UNREGISTERED, True),
        (17, True, UNREGISTERED, False),
        (None, True, UNREGISTERED, True),
        (25, False, UNREGISTERED, False),
        (25, True, frozenset({SettingKind.INDEPENDENT_SPECIAL}), False),
        (25, True, frozenset(), False),
    ],
)
def test_full_time_hours_for_a_protected_learner_in_unregistered_provision_are_guarded(
    hours: int | None, is_protected: bool, kinds: frozenset[SettingKind], expected: bool
) -> None:
    """R40: 18 hours a week count as full-time, and so do hours that nobody gave."""
    wanted = replace(need(), weekly_hours=hours)
    given = Particulars(is_protected=is_protected)
    assert is_guarded(Route.MINI_COMPETITION, kinds, wanted, given, Terms()) is expected


@pytest.mark.parametrize(("number", "expected"), [("123456", False), ("10012345", True), ("", True)])
def test_a_supplier_off_the_framework_is_registered_only_with_a_urn(number: str, expected: bool) -> None:
    """R7, R40"""
    given = replace(_GIVEN, supplier_number=number)
    assert is_guarded(Route.OFF_FRAMEWORK_SPOT, frozenset(), need(), given, Terms()) is expected


def test_an_officer_overrides_the_guard_with_a_reason_that_a_colleague_approves(world: World) -> None:
    """R40"""
    with world.ground.work() as work:
        work.session.get_one(SettingRow, world.settings[0]).kind = SettingKind.AP_UNREGISTERED
    referral_id = world.drafted()
    wanted = replace(need(), weekly_hours=20)
    with world.ground.work() as work:
        draft = Draft(world.register.council_id, world.register.lots[0].id, wanted, is_protected=True)
        edit_draft(work, world.commissioner, referral_id, draft)
    plan(world, referral_id)
    with pytest.raises(ConflictError, match="not registered as a school"):
        ask(world, referral_id)
    with pytest.raises(InvalidInputError), world.ground.work() as work:
        override_guard(work, world.commissioner, referral_id, "It is fine.")
    with world.ground.work() as work:
        override_guard(work, world.commissioner, referral_id, WHY)
    assert [line.kind for line in looks(world, referral_id).lines] == [ApprovalKind.ISSUE, ApprovalKind.AP_OVERRIDE]
    approve_and_issue(world, referral_id)


def test_the_alert_names_no_council_while_few_learners_are_alike(world: World) -> None:
    """R33: of the same lot, age band, need and council; the fifth is one of five."""
    for _ in range(3):
        world.issued()
    other = replace(need(), need_area=NeedArea.SEMH)
    world.issued(other)
    assert _councils(world) == {"A North West council"}
    world.issued()
    assert _councils(world) == {"A North West council"}
    world.issued()
    assert _councils(world) == {"A North West council", "Placeborough"}


@pytest.mark.parametrize(("alike", "area"), [(4, "A North West council"), (5, None)])
def test_fewer_than_five_are_rare(alike: int, area: str | None) -> None:
    """R33"""
    assert area_to_show(alike, Terms()) == area
    assert area_to_show(1, Terms(rare_below=0)) is None


def test_referrals_that_follow_one_another_are_one_learner(world: World, clock: FixedClock) -> None:
    """R33, R29: neither a re-run nor another learner's chain makes a learner less rare."""
    chain = [world.issued()]
    clock.move(timedelta(days=20))
    for _ in range(2):
        with world.ground.work() as work:
            draft_id = follow_up(work, world.commissioner, work.session.get_one(ReferralRow, chain[-1]), _COMPETITION)
            chain.append(draft_id)
            work.session.add(_gone_out(work, draft_id))
    lonely = world.drafted()
    with world.ground.read() as session:
        counted = [count_alike(session, session.get_one(ReferralRow, each)) for each in (*chain, lonely)]
    assert counted == [1, 1, 1, 2]


def test_what_follows_a_referral_stays_guarded(world: World) -> None:
    """R40, R29: the learner is protected by whatever route the place is bought next, and no old override holds."""
    wanted = replace(need(), weekly_hours=20)
    with world.ground.work() as work:
        draft = Draft(world.register.council_id, world.register.lots[0].id, wanted, is_protected=True)
        referral_id = draft_referral(work, world.commissioner, draft)
        override_guard(work, world.commissioner, referral_id, WHY)
        row = work.session.get_one(ReferralRow, referral_id)
        for route in (Route.MINI_COMPETITION, Route.DIRECT_AWARD, Route.OFF_FRAMEWORK_SPOT):
            following = work.session.get_one(ReferralRow, follow_up(work, world.commissioner, row, route))
            assert (following.weekly_hours, Particulars.of(following.particulars)) == (20, _GIVEN)


def _gone_out(work: Work, referral_id: str) -> IssueRow:
    """An issue like that of any referral."""
    first = work.session.scalars(select(IssueRow).limit(1)).one()
    kept = {name: getattr(first, name) for name in ("version", "issued_at", "release_at", "deadline_at", "zone")}
    return IssueRow(id=new_id(), referral_id=referral_id, terms=first.terms, text=first.text, hash=first.hash, **kept)


def _councils(world: World) -> set[str]:
    with world.ground.read() as session:
        return {
            str(values["council"])
            for values in session.scalars(select(MessageRow.values).where(MessageRow.key == "referrals.alert"))
        }


@pytest.mark.parametrize(
    ("year", "band", "expected"),
    [
        ("Reception", AgeBand.UNDER_5, True),
        ("Reception", AgeBand.FROM_8, False),
        ("Year 5", AgeBand.FROM_8, True),
        ("Year 5", AgeBand.FROM_12, False),
        ("Year 7", AgeBand.FROM_8, True),
        ("Year 11", AgeBand.FROM_17, True),
        ("After Year 14", AgeBand.FROM_15, False),
        ("After Year 14", AgeBand.FROM_20, True),
    ],
)
def test_age_band_and_year_group_must_fit(year: str, band: AgeBand, expected: bool) -> None:
    """R31: one year up or down is taught, more is a slip of the hand."""
    assert fits(band, year) is expected
    wanted = replace(need(), age_band=band, year_group=year)
    if expected:
        check_need(wanted)
    else:
        with pytest.raises(InvalidInputError, match="Check the year group and the age band"):
            check_need(wanted)


def test_every_year_group_has_ages_and_a_band() -> None:
    """R31"""
    for year in YEAR_GROUPS:
        assert len(ages_in(year)) >= 2
        assert any(fits(band, year) for band in AgeBand)


@pytest.mark.parametrize("hours", [0, -1, 41])
def test_hours_a_week_are_possible_ones(hours: int) -> None:
    """R40"""
    with pytest.raises(InvalidInputError) as caught:
        check_need(replace(need(), weekly_hours=hours))
    assert caught.value.field == "weekly_hours"


def test_who_is_protected_is_never_in_what_providers_read(world: World) -> None:
    """R30, R31: looked-after status and plans stay with the council."""
    wanted: Need = need()
    with world.ground.work() as work:
        draft = Draft(world.register.council_id, world.register.lots[0].id, wanted, is_protected=True)
        referral_id = draft_referral(work, world.commissioner, draft)
    plan(world, referral_id)
    text = looks(world, referral_id).shown.text
    assert not {"is_protected", "particulars"} & set(text)
    assert "protected" not in str(text)
