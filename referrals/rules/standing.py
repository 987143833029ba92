from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.errors import ConflictError, ForbiddenError, NotFoundError, TooLateError
from referrals.model import Phase, Terms
from referrals.model.routes import Route
from referrals.rules.deadlines import is_late


@dataclass(frozen=True)
class Course:
    """What has happened to a referral so far; times are None before the issue."""

    release_at: datetime | None
    deadline_at: datetime | None
    unsealers: frozenset[str]
    closed_at: datetime | None
    route: Route = Route.MINI_COMPETITION

    @property
    def is_competitive(self) -> bool:
        """Whether answers are sealed from the council until two people unseal them (R21, R22)."""
        return self.route.is_competitive

    @property
    def is_recalled(self) -> bool:
        """Whether it was withdrawn before anybody was told of it."""
        return self.closed_at is not None and self.release_at is not None and self.closed_at < self.release_at


def phase(course: Course, terms: Terms, now: datetime) -> Phase:
    """Return where a referral stands at `now`."""
    if course.closed_at is not None:
        return Phase.CLOSED
    if course.release_at is None or course.deadline_at is None:
        return Phase.DRAFT
    if now < course.release_at:
        return Phase.SCHEDULED
    if course.route.asks_provider and not is_late(now, course.deadline_at):
        return Phase.OPEN
    return Phase.UNSEALED if can_open(course, terms) else Phase.SEALED


def can_open(course: Course, terms: Terms) -> bool:
    """Tell whether the council may read answers: at once where nobody competes, else after the unsealing (R21, R22)."""
    return not course.is_competitive or is_unsealed(course.unsealers, terms)


def is_unsealed(unsealers: Collection[str], terms: Terms) -> bool:
    """Tell whether enough different people of the placing council have unsealed the responses (R22)."""
    return len(frozenset(unsealers)) >= terms.unseal_min


def check_unseal(course: Course, person_id: str, terms: Terms, now: datetime) -> None:
    """Raise unless this person may add their half of the unsealing: after the deadline, once each (R21, R22)."""
    current = phase(course, terms, now)
    if current in {Phase.DRAFT, Phase.SCHEDULED, Phase.OPEN}:
        raise ForbiddenError("Answers stay sealed until the deadline has passed.")
    if current is not Phase.SEALED:
        raise ConflictError("There is nothing left to unseal.")
    if person_id in course.unsealers:
        raise ConflictError("You have unsealed already. A second person of your council must do it too.")


def check_close(course: Course, terms: Terms, now: datetime) -> None:
    """Raise ConflictError unless the deadline has passed, or nobody competes, and the referral is not closed yet."""
    current = phase(course, terms, now)
    if current is Phase.CLOSED:
        raise ConflictError("This referral is closed already.")
    if current is Phase.OPEN and not course.is_competitive:
        return
    if current not in {Phase.SEALED, Phase.UNSEALED}:
        raise ConflictError("A referral can be closed once its deadline has passed.")


def check_withdraw(course: Course, terms: Terms, now: datetime) -> None:
    """Raise ConflictError unless the referral is out or on its way, and its deadline has not passed."""
    current = phase(course, terms, now)
    if current is Phase.CLOSED:
        raise ConflictError("This referral is closed already.")
    if current not in {Phase.SCHEDULED, Phase.OPEN} or course.unsealers:
        raise ConflictError("The deadline has passed, so this referral cannot be withdrawn any more. Close it instead.")


def can_read(course: Course, terms: Terms, now: datetime) -> bool:
    """Tell whether providers can open the referral: from release to the deadline and the days of grace (R9, R32).

    One that was withdrawn before its release never went out to anybody.
    """
    if course.release_at is None or course.deadline_at is None or course.is_recalled:
        return False
    return course.release_at <= now <= course.deadline_at + timedelta(days=terms.link_grace_d)


def check_readable(course: Course, terms: Terms, now: datetime) -> None:
    """Raise unless providers can open the referral: NotFoundError before the release, TooLateError after the end."""
    if can_read(course, terms, now):
        return
    if course.release_at is None or now < course.release_at or course.is_recalled:
        raise NotFoundError
    raise TooLateError("This referral is over. Its page has been closed.")


def check_not_ended(course: Course, at: datetime) -> None:
    """Raise TooLateError where the council decided, or withdrew, before the deadline: no answer is late then (R17)."""
    if course.closed_at is not None and course.deadline_at is not None and not is_late(at, course.deadline_at):
        raise TooLateError("The council has ended this referral before its deadline. No more answers are taken.")
