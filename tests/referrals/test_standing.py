from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import ConflictError, ForbiddenError, NotFoundError, TooLateError
from referrals.model import Gender, Phase, Terms
from referrals.rules.issuing import Text, frozen_text, gender_to_show, issue_hash
from referrals.rules.standing import Course, check_close, check_readable, check_unseal, is_unsealed, phase
from tests.referrals.sample import need

TERMS = Terms()
RELEASE = datetime(2026, 11, 23, 14, tzinfo=UTC)
DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ISSUED = Course(RELEASE, DEADLINE, frozenset(), None)
BOTH = frozenset({"one", "two"})


@pytest.mark.parametrize(
    ("course", "now", "expected"),
    [
        (Course(None, None, frozenset(), None), DEADLINE, Phase.DRAFT),
        (ISSUED, RELEASE - SECOND, Phase.SCHEDULED),
        (ISSUED, RELEASE, Phase.OPEN),
        (ISSUED, DEADLINE, Phase.OPEN),
        (ISSUED, DEADLINE + SECOND, Phase.SEALED),
        (replace(ISSUED, unsealers=frozenset({"one"})), DEADLINE + SECOND, Phase.SEALED),
        (replace(ISSUED, unsealers=BOTH), DEADLINE + SECOND, Phase.UNSEALED),
        (replace(ISSUED, unsealers=BOTH, closed_at=DEADLINE), DEADLINE + SECOND, Phase.CLOSED),
    ],
)
def test_where_a_referral_stands_follows_from_what_happened_and_the_time(
    course: Course, now: datetime, expected: Phase
) -> None:
    assert phase(course, TERMS, now) is expected
    assert expected.words


def test_two_different_people_unseal_after_the_deadline() -> None:
    """R22"""
    after = DEADLINE + SECOND
    check_unseal(ISSUED, "one", TERMS, after)
    halfway = replace(ISSUED, unsealers=frozenset({"one"}))
    with pytest.raises(ConflictError):
        check_unseal(halfway, "one", TERMS, after)
    check_unseal(halfway, "two", TERMS, after)
    with pytest.raises(ConflictError):
        check_unseal(replace(ISSUED, unsealers=BOTH), "three", TERMS, after)
    assert is_unsealed({"one"}, replace(TERMS, unseal_min=1))


@given(st.integers(-30 * 86_400, 0), st.frozensets(st.sampled_from(["one", "two", "three"])))
def test_nobody_ever_unseals_before_the_deadline(seconds: int, unsealers: frozenset[str]) -> None:
    """R21, R22"""
    now = DEADLINE + timedelta(seconds=seconds)
    with pytest.raises(ForbiddenError):
        check_unseal(replace(ISSUED, unsealers=unsealers), "four", TERMS, now)
    assert phase(replace(ISSUED, unsealers=unsealers), TERMS, now) is not Phase.UNSEALED


def test_a_referral_is_closed_once_and_after_its_deadline() -> None:
    check_close(ISSUED, TERMS, DEADLINE + SECOND)
    with pytest.raises(ConflictError):
        check_close(ISSUED, TERMS, DEADLINE)
    with pytest.raises(ConflictError):
        check_close(replace(ISSUED, closed_at=DEADLINE), TERMS, DEADLINE + SECOND)


def test_providers_read_from_the_release_to_the_end_of_the_days_of_grace() -> None:
    """R9, R32"""
    end = DEADLINE + timedelta(days=14)
    for now in (RELEASE, DEADLINE, end):
        check_readable(ISSUED, TERMS, now)
    with pytest.raises(NotFoundError):
        check_readable(ISSUED, TERMS, RELEASE - SECOND)
    with pytest.raises(NotFoundError):
        check_readable(Course(None, None, frozenset(), None), TERMS, RELEASE)
    with pytest.raises(TooLateError):
        check_readable(ISSUED, TERMS, end + SECOND)


def test_the_hash_covers_text_times_and_recipients_and_not_their_order() -> None:
    """R9"""
    text = frozen_text(Text("R-ABC234", "Sefton", 1, "Lot 1: day 0-16", need()))
    issued = issue_hash(text, RELEASE, DEADLINE, ["a", "b"])
    assert issued == issue_hash(dict(reversed(text.items())), RELEASE, DEADLINE, ["b", "a"])
    others = {issue_hash({**text, field: "something else"}, RELEASE, DEADLINE, ["a", "b"]) for field in text} | {
        issue_hash(text, RELEASE + SECOND, DEADLINE, ["a", "b"]),
        issue_hash(text, RELEASE, DEADLINE + SECOND, ["a", "b"]),
        issue_hash(text, RELEASE, DEADLINE, ["a"]),
    }
    assert issued not in others
    assert len(others) == len(text) + 3


def test_gender_is_left_out_of_the_text_unless_a_registration_asks_for_it() -> None:
    """R31"""
    assert gender_to_show(Gender.FEMALE, registration_asks=False) is None
    assert gender_to_show(Gender.FEMALE, registration_asks=True) is Gender.FEMALE
