from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fps.model import Candidate, Intake, SettingKind, Status
from referrals.model import AgeBand, Gender, Need
from referrals.rules.eligibility import HardFilter, needs_gender, reasons_against, select_recipients
from tests.referrals.sample import INSURANCE, LOT, TODAY, candidate, need

candidates = st.builds(
    candidate,
    st.integers(1, 999),
    status=st.none() | st.sampled_from(Status),
    ages=st.tuples(st.integers(0, 25), st.integers(0, 25)).map(lambda pair: (min(pair), max(pair))),
    intake=st.sampled_from(Intake),
    documents=st.dictionaries(st.just(INSURANCE), st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))),
)
needs = st.builds(need, st.sampled_from(AgeBand), st.none() | st.sampled_from(Gender))


def is_out(one: Candidate, wanted: Need) -> bool:
    """Say in the words of R3 whether a setting is out; written apart from the rule on purpose."""
    valid_until = one.documents.get(INSURANCE, date.min) or date.max
    wrong_gender = {Gender.FEMALE: Intake.BOYS, Gender.MALE: Intake.GIRLS}
    return (
        one.status is not Status.ACTIVE
        or valid_until < TODAY
        or one.setting.age_to < min(wanted.age_band.ages)
        or one.setting.age_from > max(wanted.age_band.ages)
        or (wanted.gender is not None and one.setting.intake is wrong_gender[wanted.gender])
    )


@given(st.lists(candidates, max_size=12), needs)
def test_every_setting_that_passes_is_asked_and_nobody_ineligible_ever_is(found: list[Candidate], wanted: Need) -> None:
    """R2, R3"""
    selection = select_recipients(found, LOT, wanted, TODAY)
    assert list(selection.recipients) == [one for one in found if not is_out(one, wanted)]
    assert [out.candidate for out in selection.excluded] == [one for one in found if is_out(one, wanted)]


@given(st.lists(candidates, max_size=12), needs)
def test_every_exclusion_always_has_its_reason_in_words(found: list[Candidate], wanted: Need) -> None:
    """R3"""
    for out in select_recipients(found, LOT, wanted, TODAY).excluded:
        assert out.reasons
        assert all(reason.words.endswith(".") for reason in out.reasons)


@given(candidates, needs, st.text(), st.sampled_from(SettingKind))
def test_place_name_and_kind_never_exclude(one: Candidate, wanted: Need, words: str, kind: SettingKind) -> None:
    """R4"""
    other = replace(one, setting=replace(one.setting, district=words, name=words, kind=kind))
    assert reasons_against(one, LOT, wanted, TODAY) == reasons_against(other, LOT, wanted, TODAY)


@given(candidates, needs, st.text(max_size=50))
def test_what_the_referral_says_of_the_need_never_excludes(one: Candidate, wanted: Need, words: str) -> None:
    """R4"""
    other = replace(wanted, outcomes=words, risk_wording=words, travel_zone=words)
    assert reasons_against(one, LOT, wanted, TODAY) == reasons_against(one, LOT, other, TODAY)


@pytest.mark.parametrize(
    ("status", "hard_filter", "words"),
    [
        (None, HardFilter.WRONG_LOT, "It is not on Lot 1: day 0-16."),
        (Status.APPLIED, HardFilter.NOT_ACTIVE, "It has applied and is not admitted yet."),
        (Status.ADMITTED, HardFilter.NOT_ACTIVE, "It is admitted and not active yet."),
        (Status.SELF_PAUSED, HardFilter.SELF_PAUSED, "It has paused new referrals itself."),
        (Status.COMPLIANCE_HOLD, HardFilter.NOT_ACTIVE, "It is on hold because a document lapsed."),
        (Status.SUSPENDED, HardFilter.NOT_ACTIVE, "It is suspended."),
        (Status.DECOMMISSIONING, HardFilter.NOT_ACTIVE, "It is being decommissioned."),
        (Status.EXITED, HardFilter.NOT_ACTIVE, "It has left the lot."),
    ],
)
def test_a_setting_that_is_not_active_on_the_lot_is_out(
    status: Status | None, hard_filter: HardFilter, words: str
) -> None:
    """R3"""
    (reason,) = reasons_against(candidate(status=status), LOT, need(), TODAY)
    assert (reason.filter, reason.words) == (hard_filter, words)


def test_the_asking_councils_own_pause_leaves_a_setting_out_and_says_so() -> None:
    """R3, L4"""
    (reason,) = reasons_against(replace(candidate(), paused_by_council=True), LOT, need(), TODAY)
    assert (reason.filter, reason.words) == (
        HardFilter.COUNCIL_PAUSED,
        "Your council has paused new placements there.",
    )


def test_every_reason_is_kept_not_only_the_first() -> None:
    """R3"""
    out = candidate(
        status=Status.SUSPENDED, ages=(12, 19), intake=Intake.BOYS, documents={INSURANCE: date(2026, 11, 22)}
    )
    reasons = reasons_against(out, LOT, need(gender=Gender.FEMALE), TODAY)
    assert [(reason.filter, reason.words) for reason in reasons] == [
        (HardFilter.NOT_ACTIVE, "It is suspended."),
        (HardFilter.DOCUMENT_LAPSED, "The insurance certificate ended on 22 November 2026."),
        (HardFilter.AGE, "It is registered for ages 12 to 19."),
        (HardFilter.GENDER, "It is registered for boys only."),
    ]


def test_a_document_that_ends_on_the_day_of_issue_still_holds() -> None:
    """R3"""
    assert not reasons_against(candidate(documents={INSURANCE: TODAY}), LOT, need(), TODAY)


def test_one_shared_age_is_enough_because_only_the_band_is_known() -> None:
    """R3"""
    assert not reasons_against(candidate(ages=(11, 16)), LOT, need(AgeBand.FROM_8), TODAY)
    assert reasons_against(candidate(ages=(12, 16)), LOT, need(AgeBand.FROM_8), TODAY)


def test_gender_is_said_only_where_a_registration_on_the_lot_is_for_one_gender() -> None:
    """R31"""
    assert not needs_gender([candidate(1), candidate(2, status=None, intake=Intake.GIRLS)])
    assert needs_gender([candidate(1), candidate(2, status=Status.SUSPENDED, intake=Intake.GIRLS)])
