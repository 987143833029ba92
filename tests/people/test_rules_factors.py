from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.model import PersonCard, Role, RoleIn
from people.rules.factors import (
    RECOVERY_CODES,
    in_groups,
    matching_step,
    needs_second_factor,
    new_recovery_codes,
    new_secret,
    recovery_digest,
    setup_uri,
    step_at,
)

# the secret and the codes of RFC 6238, appendix B, for SHA-1; six digits are the last six of its eight
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")]
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def _code(steps: int = 0) -> str:
    return pyotp.TOTP(SECRET).generate_otp(step_at(NOW) + steps)


@pytest.mark.parametrize(("seconds", "code"), RFC)
def test_takes_the_codes_of_the_standard(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert matching_step(SECRET, code, now, None) == step_at(now)


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_forgives_a_clock_that_is_one_step_off(steps: int, is_right: bool) -> None:
    assert (matching_step(SECRET, _code(steps), NOW, None) is not None) is is_right


def test_a_code_works_once_and_so_does_every_one_before_it() -> None:
    here = step_at(NOW)
    assert matching_step(SECRET, _code(), NOW, here) is None
    assert matching_step(SECRET, _code(-1), NOW, here) is None
    assert matching_step(SECRET, _code(1), NOW, here) == here + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345", "12345６"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert matching_step(SECRET, typed, NOW, None) is None


def test_a_code_may_be_typed_in_two_groups() -> None:
    assert matching_step(SECRET, f" {_code()[:3]} {_code()[3:]} ", NOW, None) == step_at(NOW)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)), st.integers(-5, 5))  # noqa: DTZ001 - hypothesis wants bounds without a zone
def test_never_takes_a_step_that_is_not_later_than_the_last_one(now: datetime, ahead: int) -> None:
    last = step_at(now) + ahead
    for steps in (-1, 0, 1):
        code = pyotp.TOTP(SECRET).generate_otp(step_at(now) + steps)
        found = matching_step(SECRET, code, now, last)
        assert found is None or found > last


def test_secrets_are_160_bits_and_never_the_same() -> None:
    secrets = {new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert all(len(secret) == 32 for secret in secrets)
    assert in_groups(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    uri = setup_uri(SECRET, "Nadia Forster", "Co-production Hub")
    assert uri.startswith("otpauth://totp/Co-production%20Hub:Nadia%20Forster?secret=" + SECRET)


def test_recovery_codes_are_ten_and_one_may_be_typed_as_it_is_read() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == RECOVERY_CODES == 10
    assert all(len(code) == 19 for code in codes)
    assert recovery_digest("p", "0101-0abc-defg-hjkm") == recovery_digest("p", " oIol OABC defghjkm ")


def test_the_same_recovery_code_is_another_persons_only_by_chance() -> None:
    code = new_recovery_codes()[0]
    assert recovery_digest("one", code) != recovery_digest("other", code)


@pytest.mark.parametrize(
    ("role", "needs"),
    [
        (Role.FAMILY, False),
        (Role.YOUNG_PERSON, False),
        (Role.PROVIDER_USER, True),
        (Role.COMMISSIONER, True),
        (Role.SAFEGUARDING_DUTY, True),
        (Role.ADMINISTRATOR, True),
    ],
)
def test_roles_that_see_referrals_worries_or_personal_data_need_one(role: Role, needs: bool) -> None:
    assert needs_second_factor(PersonCard("p", "Somebody", "en", (RoleIn(role, "o"),))) is needs


def test_a_step_lasts_30_seconds() -> None:
    assert step_at(NOW + timedelta(seconds=30)) == step_at(NOW) + 1
    assert step_at(NOW + timedelta(seconds=29)) == step_at(NOW)
