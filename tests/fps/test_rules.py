from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fps.model import DocumentKind, SettingKind, Status
from fps.rules import (
    ALLOWED,
    check_ages,
    check_effective_date,
    check_transition,
    check_urn,
    document_faults,
    is_providers_own,
)
from kernel.errors import ConflictError, InvalidInputError

TODAY = date(2026, 11, 23)
INSURANCE = DocumentKind.INSURANCE


def test_the_whole_life_of_a_setting_on_a_lot_is_allowed() -> None:
    life = [
        Status.APPLIED,
        Status.ADMITTED,
        Status.ACTIVE,
        Status.SELF_PAUSED,
        Status.ACTIVE,
        Status.COMPLIANCE_HOLD,
        Status.ACTIVE,
        Status.SUSPENDED,
        Status.ACTIVE,
        Status.SUSPENDED,
        Status.DECOMMISSIONING,
        Status.EXITED,
    ]
    before: Status | None = None
    for after in life:
        check_transition(before, after)
        before = after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, Status.ACTIVE),
        (Status.APPLIED, Status.ACTIVE),
        (Status.ADMITTED, Status.SUSPENDED),
        (Status.ACTIVE, Status.EXITED),
        (Status.SELF_PAUSED, Status.COMPLIANCE_HOLD),
        (Status.DECOMMISSIONING, Status.ACTIVE),
        (Status.EXITED, Status.ACTIVE),
        (Status.APPLIED, Status.SUSPENDED),
    ],
)
def test_a_step_that_the_machine_does_not_know_is_refused(before: Status | None, after: Status) -> None:
    with pytest.raises(ConflictError) as refused:
        check_transition(before, after)
    assert str(refused.value)


def test_every_status_can_be_reached_and_from_each_a_setting_can_get_back_to_active() -> None:
    reached = {after for steps in ALLOWED.values() for after in steps}
    assert reached == set(Status)
    for status in Status:
        found = {status}
        for _ in Status:
            found |= {after for each in found for after in ALLOWED[each]}
        assert Status.ACTIVE in found


def test_who_has_left_can_only_apply_again() -> None:
    """[own]: refused, withdrawn or decommissioned is not for ever; the next joining round is open to them."""
    assert ALLOWED[Status.EXITED] == {Status.APPLIED}


def test_a_provider_may_itself_only_pause_and_resume() -> None:
    own = {(before, after) for before, steps in ALLOWED.items() for after in steps if is_providers_own(before, after)}
    assert own == {(Status.ACTIVE, Status.SELF_PAUSED), (Status.SELF_PAUSED, Status.ACTIVE)}


def test_a_step_counts_from_today_or_from_a_day_since_the_last_step() -> None:
    check_effective_date(TODAY, TODAY, None)
    check_effective_date(TODAY - timedelta(days=3), TODAY, TODAY - timedelta(days=3))
    with pytest.raises(InvalidInputError):
        check_effective_date(TODAY + timedelta(days=1), TODAY, None)
    with pytest.raises(InvalidInputError) as refused:
        check_effective_date(TODAY - timedelta(days=4), TODAY, TODAY - timedelta(days=3))
    assert "20 November 2026" in str(refused.value)


def test_a_document_holds_to_the_end_of_its_last_day() -> None:
    assert document_faults([INSURANCE], {INSURANCE: TODAY}, TODAY) == ()
    assert document_faults([INSURANCE], {INSURANCE: None}, TODAY) == ()
    assert document_faults([INSURANCE], {INSURANCE: TODAY}, TODAY + timedelta(days=1)) == (
        "the insurance certificate ended on 23 November 2026",
    )
    assert document_faults([INSURANCE], {}, TODAY) == ("no insurance certificate is on record",)


@given(
    held=st.dictionaries(st.sampled_from(DocumentKind), st.none() | st.dates()),
    required=st.lists(st.sampled_from(DocumentKind), unique=True),
    on=st.dates(),
)
def test_only_required_documents_are_ever_at_fault(
    held: dict[DocumentKind, date | None], required: list[DocumentKind], on: date
) -> None:
    faults = document_faults(required, held, on)
    good = [kind for kind in required if kind in held and (held[kind] or date.max) >= on]
    assert len(faults) == len(required) - len(good)


def test_ages_run_from_nought_to_twenty_five_in_order() -> None:
    check_ages(0, 25)
    for ages in ((-1, 5), (11, 7), (16, 26)):
        with pytest.raises(InvalidInputError):
            check_ages(*ages)


def test_a_school_needs_its_urn_and_unregistered_provision_has_none() -> None:
    check_urn(SettingKind.INDEPENDENT_SPECIAL, "999001")
    check_urn(SettingKind.AP_UNREGISTERED, None)
    for kind, urn in ((SettingKind.NMSS, None), (SettingKind.NMSS, "12345"), (SettingKind.AP_UNREGISTERED, "X")):
        with pytest.raises(InvalidInputError):
            check_urn(kind, urn)
