from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kernel.clock import FixedClock, ShiftedClock, SystemClock
from kernel.doorbell import LocalDoorbell
from kernel.errors import ForbiddenError, HubError, InvalidInputError, NotFoundError, TooLateError, TooManyError
from kernel.keys import Keys
from kernel.translation import LOCALES, Translations, is_rtl, say

LOCALES_DIR = Path(__file__).resolve().parents[2] / "locales"


def test_bell_wakes_every_listener_and_is_heard_by_one_that_comes_late() -> None:
    bell, heard = LocalDoorbell(), []
    threads = [threading.Thread(target=lambda: heard.append(bell.wait("work", 0, 10))) for _ in range(3)]
    for thread in threads:
        thread.start()
    bell.ring("work")
    for thread in threads:
        thread.join()
    assert heard == [1, 1, 1]
    assert bell.wait("work", 0, 0) == 1
    assert bell.wait("work", 1, 0) == 1
    assert bell.wait("other", 0, 0) == 0


def test_clocks() -> None:
    fixed = FixedClock(datetime(2026, 11, 23, 10, tzinfo=UTC))
    shifted = ShiftedClock(fixed)
    shifted.move(timedelta(days=1))
    fixed.move(timedelta(hours=1))
    assert shifted.now() == datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert shifted.shift == timedelta(days=1)
    assert SystemClock().now().tzinfo is UTC


def test_errors_have_one_root_a_status_each_and_speak_with_their_values() -> None:
    error = InvalidInputError("age", say("test.age", "Enter an age up to {most}."), most=25)
    assert str(error) == "Enter an age up to 25."
    assert (error.field, error.status) == ("age", 422)
    family: dict[type[HubError], int] = {NotFoundError: 404, ForbiddenError: 403, TooLateError: 410, TooManyError: 429}
    assert {kind.status for kind in family} == set(family.values())
    assert all(issubclass(kind, HubError) for kind in family)


def test_keys_of_two_purposes_differ_and_are_not_shown() -> None:
    keys = Keys("secret")
    assert keys.derive("a") != keys.derive("b")
    assert keys.token("a", "x") != keys.token("b", "x")
    assert keys.token("a", "x") == Keys("secret").token("a", "x") != Keys("other").token("a", "x")
    assert "secret" not in repr(keys)


def test_translation_falls_back_to_english_and_refuses_a_missing_value() -> None:
    words = Translations(LOCALES_DIR)
    unknown = say("test.unknown", "Hello {name}")
    assert all(words.phrase(unknown, locale, name="Ewa") == "Hello Ewa" for locale in (*LOCALES, "xx"))
    with pytest.raises(KeyError):
        words.phrase(unknown, "en")
    assert [is_rtl(locale) for locale in LOCALES] == [False, False, True]
