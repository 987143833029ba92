from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from kernel.errors import ConflictError, InvalidInputError
from referrals.model.clocks import ClockKind, ConsultBasis, Due, SchoolType, Step

LONGEST_CODE = 40
LONGEST_SCHOOL = 200
LONGEST_REASON = 500
REMIND_BEFORE_DAYS = (5, 1)
"""How many days before its last day the owner of a step is reminded; once more the day after."""
_OLDEST_DAYS = 366
_LAST = timedelta(days=1)


@dataclass(frozen=True)
class Law:
    """How many days after its start each step of a clock falls due, by the law as it stood from `since` on.

    `since` is compared with the clock's own start, so that a clock keeps the periods under which it began (C9).
    """

    version: str
    since: date
    days: Mapping[ClockKind, Mapping[Step, int]]


LAWS = (
    Law(
        "2014",
        date(2014, 9, 1),
        MappingProxyType(
            {
                # SEND Regs 13(1)(a): at least 15 days beginning with the day of service
                ClockKind.DRAFT_PLAN: {Step.FAMILY_REPLY: 14},
                # Code of Practice 9.83: within 15 days of being sent
                ClockKind.CONSULTATION: {Step.SCHOOL_REPLY: 15},
                ClockKind.FINAL_PLAN: {Step.FINAL_PLAN: 20 * 7},
                ClockKind.ANNUAL_REVIEW: {Step.REPORT: 2 * 7, Step.DECISION: 4 * 7, Step.AMENDED_PLAN: 12 * 7},
            }
        ),
    ),
)
"""Versions of the periods, the oldest first: a new law is a new line here, and changes no clock that runs."""

_SECTION_38 = frozenset(SchoolType) - {SchoolType.INDEPENDENT}
_MAY_BE_APPROVED = ("independent", "post 16 institution")
_TYPE_MARKS = (
    ("non-maintained", SchoolType.NMSS),
    ("academ", SchoolType.ACADEMY),
    ("free school", SchoolType.ACADEMY),
    ("further education", SchoolType.FE),
    ("sixth form", SchoolType.FE),
    ("online provider", SchoolType.INDEPENDENT),
    ("community", SchoolType.MAINTAINED),
    ("foundation", SchoolType.MAINTAINED),
    ("voluntary", SchoolType.MAINTAINED),
    ("local authority", SchoolType.MAINTAINED),
    ("pupil referral", SchoolType.MAINTAINED),
)
"""By which part of its name in GIAS a type is known, the first that fits."""


def law_on(day: date) -> Law:
    """Return the periods for a clock that starts on a day; raises InvalidInputError before the first of them."""
    found = [law for law in LAWS if law.since <= day]
    if not found:
        raise InvalidInputError("started_on", "Enter a day from 1 September 2014 on.")
    return found[-1]


def dues(kind: ClockKind, started_on: date) -> tuple[Due, ...]:
    """Return each step of a clock with its last day, in order (R19): days run through weekends and holidays."""
    periods = law_on(started_on).days[kind]
    return tuple(Due(step, started_on + timedelta(days=days)) for step, days in periods.items())


def basis_of(school_type: SchoolType) -> ConsultBasis:
    """Return on what footing a school of a type is asked (R20)."""
    return ConsultBasis.SECTION_38 if school_type in _SECTION_38 else ConsultBasis.INDEPENDENT


def school_type(type_name: str, section41: str) -> SchoolType | None:
    """Return the type of a school from what GIAS says of it: the name of its type, and of its section 41 approval.

    None where the name of the type does not tell, so that a person must say.
    """
    name = type_name.lower()
    if any(mark in name for mark in _MAY_BE_APPROVED):
        return SchoolType.SECTION_41 if section41.strip().lower() == "approved" else SchoolType.INDEPENDENT
    return next((found for mark, found in _TYPE_MARKS if mark in name), None)


def check_start(kind: ClockKind, started_on: date, learner_code: str, today: date) -> None:
    """Raise InvalidInputError unless a clock may start so: on a day that has come, not more than a year ago."""
    if not learner_code.strip():
        raise InvalidInputError("learner_code", "Enter your council's own code for the learner. Never a name.")
    if len(learner_code.strip()) > LONGEST_CODE:
        raise InvalidInputError("learner_code", "Use at most {most} characters.", most=LONGEST_CODE)
    if started_on > today:
        raise InvalidInputError("started_on", "Enter a day that has come: a clock starts when it has happened.")
    if (today - started_on).days > _OLDEST_DAYS:
        raise InvalidInputError("started_on", "That is more than a year ago. Check the year.")
    dues(kind, started_on)


def check_done(due: Due, started_on: date, done_on: date, today: date) -> None:
    """Raise ConflictError where a step is done already, InvalidInputError for a day before its clock or to come."""
    if due.done_on is not None:
        raise ConflictError("This step is recorded as done already.")
    if not started_on <= done_on <= today:
        raise InvalidInputError("done_on", "Enter a day from the start of the clock until today.")


def reminder_stage(due_on: date, today: date) -> int:
    """Return how many of the reminders of a step have come due: 0 before the first, 3 from the day after its last."""
    before = sum(today >= due_on - timedelta(days=days) for days in REMIND_BEFORE_DAYS)
    return before + (today >= due_on + _LAST)
