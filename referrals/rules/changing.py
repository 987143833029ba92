from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from kernel.calendar import LONDON, add_working_days, at_london, is_working_day, london_date, next_working_day
from kernel.errors import ConflictError, InvalidInputError
from referrals.model import Need, Phase, Terms
from referrals.rules.deadlines import deadline_on
from referrals.rules.standing import Course, phase

LONGEST_REASON = 1000
_SHORTEST_REASON = 10


def earliest_after_change(now: datetime, terms: Terms) -> datetime:
    """Return the earliest deadline that a change made now may have: that many whole working days from now (R10)."""
    start = london_date(now)
    first_full = next_working_day(start)
    day = add_working_days(first_full, terms.after_change_wd)
    changed_late = first_full == start and now > deadline_on(start, terms)
    return deadline_on(add_working_days(day, 1) if changed_late else day, terms)


def questions_close_at(deadline_at: datetime, terms: Terms) -> datetime:
    """Return the last moment at which a provider may ask: that many working days before the deadline (R11)."""
    day = add_working_days(london_date(deadline_at), -terms.clarify_close_wd)
    return at_london(day, deadline_at.astimezone(LONDON).time())


def answer_by(deadline_at: datetime) -> datetime:
    """Return the last moment at which an answer leaves everybody a working day before the deadline (R11)."""
    return at_london(add_working_days(london_date(deadline_at), -1), deadline_at.astimezone(LONDON).time())


def check_changeable(course: Course, terms: Terms, now: datetime) -> None:
    """Raise ConflictError unless the referral is out or on its way and its deadline has not passed (R10)."""
    if phase(course, terms, now) not in {Phase.SCHEDULED, Phase.OPEN} or course.unsealers:
        raise ConflictError("The deadline has passed, so this referral cannot be changed any more.")


def check_moved(deadline_at: datetime, course: Course, terms: Terms, now: datetime) -> None:
    """Raise InvalidInputError where a changed referral may not have this deadline (R10, R14).

    A change may keep the deadline or make it later, never earlier: whoever relied on it must not lose time.
    """
    if not is_working_day(london_date(deadline_at)) or deadline_at.astimezone(LONDON).time() != time(
        terms.deadline_hour
    ):
        raise InvalidInputError("deadline", "The deadline must be a working day. Choose another day.")
    earliest = max(earliest_after_change(max(now, course.release_at or now), terms), course.deadline_at or now)
    if deadline_at < earliest:
        raise InvalidInputError(
            "deadline",
            "Everybody must have time for the change. The earliest deadline is {earliest}.",
            earliest=f"{london_date(earliest).day} {london_date(earliest):%B %Y}",
        )


def check_reason(reason: str) -> str:
    """Return the reason for a change, trimmed; raises InvalidInputError for too short or too long a one."""
    written = reason.strip()
    if len(written) < _SHORTEST_REASON:
        raise InvalidInputError("reason", "Say what has changed and why, in a sentence that all who were asked read.")
    if len(written) > LONGEST_REASON:
        raise InvalidInputError("reason", "Keep the reason to {most} characters.", most=LONGEST_REASON)
    return written


def changed_text(text: Mapping[str, Any], need: Need) -> dict[str, Any]:
    """Return an issue's text with what may change after the issue; what decides who is asked stays as it was."""
    return {
        **text,
        "outcomes": need.outcomes.strip(),
        "risk_wording": need.risk_wording.strip(),
        "travel_zone": need.travel_zone.strip(),
        "starts_from": need.starts_from.isoformat(),
        "starts_until": need.starts_until.isoformat(),
    }
