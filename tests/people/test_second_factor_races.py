"""Two at once: a code, a recovery code or a challenge still counts for one of them alone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pyotp
import pytest

from kernel.errors import ForbiddenError, TooLateError
from kernel.work import Ground, Work
from people.actions.enrol_authenticator import confirm_authenticator, offer_authenticator
from people.actions.hold_ceremony import begin_ceremony, end_ceremony
from people.actions.keep_passkey import NewPasskey, add_passkey, use_passkey
from people.actions.prove_second_factor import prove_by_app, prove_by_recovery_code
from people.actions.register_person import NewPerson, register_person
from people.actions.renew_recovery_codes import renew_recovery_codes
from people.rules.factors import step_at

AT_ONCE = 4


@pytest.fixture
def person(ground: Ground) -> str:
    with ground.work() as work:
        return register_person(work, NewPerson("Ada Millward"))


def _together(ground: Ground, act: Callable[[Work], bool]) -> list[bool]:
    gate = Barrier(AT_ONCE)

    def one(_number: int) -> bool:
        gate.wait()
        with ground.work() as work:
            return act(work)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(one, range(AT_ONCE)))


def test_a_code_counts_for_one(ground: Ground, person: str) -> None:
    with ground.work() as work:
        secret = offer_authenticator(work, person)
        totp, here = pyotp.TOTP(secret), step_at(work.now)
        confirm_authenticator(work, person, totp.generate_otp(here))
    code = totp.generate_otp(here + 1)
    assert _together(ground, lambda work: prove_by_app(work, person, code)) == [False, False, False, True]


def test_a_recovery_code_counts_for_one(ground: Ground, person: str) -> None:
    with ground.work() as work:
        code = renew_recovery_codes(work, person)[0]
    assert _together(ground, lambda work: prove_by_recovery_code(work, person, code)) == [False, False, False, True]


def test_a_challenge_counts_for_one(ground: Ground, person: str) -> None:
    with ground.work() as work:
        begin_ceremony(work, "tests", "challenge", person)

    def end(work: Work) -> bool:
        try:
            end_ceremony(work, "tests", "challenge", person)
        except TooLateError:
            return False
        return True

    assert _together(ground, end) == [False, False, False, True]


def test_two_answers_of_one_passkey_are_one_too_many(ground: Ground, person: str) -> None:
    with ground.work() as work:
        passkey = add_passkey(work, person, NewPasskey("Laptop", "credential", "key", 1))

    def use(work: Work) -> bool:
        try:
            use_passkey(work, passkey, 1, 2)
        except ForbiddenError:
            return False
        return True

    assert _together(ground, use) == [False, False, False, True]


@pytest.mark.parametrize(("purpose", "whose"), [("other", True), ("tests", False)])
def test_a_challenge_is_for_its_purpose_and_person(ground: Ground, person: str, purpose: str, whose: bool) -> None:
    with ground.work() as work:
        other = register_person(work, NewPerson("Nils Ash"))
        begin_ceremony(work, "tests", "challenge", person)
    with pytest.raises(TooLateError), ground.work() as work:
        end_ceremony(work, purpose, "challenge", person if whose else other)
    with pytest.raises(TooLateError), ground.work() as work:
        end_ceremony(work, "tests", "challenge")
    with ground.work() as work:
        end_ceremony(work, "tests", "challenge", person)
